//! Making a book from what is stored. What an older book holds already is not read again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_pricing::book::Book;
use lintel_pricing::catalogue::{Catalogue, Sheet};
use lintel_pricing::codec::{self, Part, Parts};
use lintel_pricing::when::When;
use lintel_store::fault::Fault;
use lintel_store::sheet::StoredSheet;
use lintel_store::{catalogue, product, sheet};

use super::{HeldSheet, OrgBook};
use crate::context::App;

/// Sheets read one by one when only a few changed; beyond that all are read at once.
const FEW: usize = 16;
/// How far clocks of nodes may be apart before it is said.
const AHEAD_SECONDS: i64 = 300;

/// The newest book of an organisation.
pub(super) async fn newest(
    app: &App,
    org_id: &RowId,
    there: Option<&OrgBook>,
) -> Result<Arc<OrgBook>, Fault> {
    let head = catalogue::head(app.db(), org_id).await?;
    // A change that was made by a node whose clock is ahead is in force all the same; prices are
    // then those of its time, and somebody should know.
    if head.changed_at > app.now().plus_seconds(AHEAD_SECONDS) {
        let changed_at_s = head.changed_at.seconds();
        tracing::warn!(%org_id, changed_at_s, "prices were changed in what is the future here: look at the clocks");
    }
    let at = app.now().max(head.changed_at);
    self::at(app, org_id, head.generation, at, there).await
}

/// The book of a generation and an instant. Everything it reads was written once and for all, in
/// transactions that had ended before the generation could be seen: several statements see one
/// state.
pub(super) async fn at(
    app: &App,
    org_id: &RowId,
    generation: i64,
    at: Instant,
    there: Option<&OrgBook>,
) -> Result<Arc<OrgBook>, Fault> {
    let db = app.db();
    let version = catalogue::in_force(db, org_id, generation, at).await?;
    let version = version.map_or(0, |v| v.version);
    let sheets = load_sheets(app, org_id, (generation, at), there).await?;
    let due = catalogue::due_after(db, org_id, generation, at).await?;
    let same = there.filter(|book| book.catalogue_version == version);
    let (catalogue, zip_edges) = match same {
        Some(book) => (Arc::clone(&book.book.catalogue), book.zip_edges.clone()),
        None if version == 0 => (Arc::default(), Vec::new()),
        None => load_catalogue(app, org_id, version).await?,
    };
    let org_id = org_id.clone();
    // Which rule is for which product is worked out here, away from the threads that answer.
    let book = aside("making a price book", move || {
        let by_code: HashMap<String, Arc<Sheet>> = sheets
            .iter()
            .map(|(code, held)| (code.clone(), Arc::clone(&held.sheet)))
            .collect();
        let book = Book::new(catalogue, &by_code);
        let offers = book.sheets.iter().flatten().map(|s| note_rates(s)).sum();
        OrgBook {
            org_id,
            generation,
            as_of: at,
            due,
            catalogue_version: version,
            book,
            sheets,
            zip_edges,
            offers,
        }
    });
    Ok(Arc::new(book.await?))
}

/// Does work away from the threads that answer requests, without waiting for a processor as
/// [`App::heavy`] does: prices must be current in a second however much is being priced. At most
/// one book of an organisation is made at a time.
pub(crate) async fn aside<T: Send + 'static>(
    what: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Fault::internal(format!("{what} crashed")))
}

/// How many note rates a sheet has.
fn note_rates(sheet: &Sheet) -> usize {
    let mut rates: Vec<_> = sheet.rows.iter().map(|row| row.note_rate).collect();
    rates.sort_unstable();
    rates.dedup();
    rates.len()
}

async fn load_catalogue(
    app: &App,
    org_id: &RowId,
    version: i64,
) -> Result<(Arc<Catalogue>, Vec<u32>), Fault> {
    let ids: HashMap<String, PublicId> = product::list(app.db(), org_id)
        .await?
        .into_iter()
        .map(|p| (p.code, p.public_id))
        .collect();
    let mut read = read_catalogue(app, org_id, version).await?;
    for product in &mut read.products {
        product.public_id = ids.get(&product.code).cloned();
    }
    let edges = zip_edges(&read);
    Ok((Arc::new(read), edges))
}

/// Reads a stored version of the catalogue, without public ids.
pub(crate) async fn read_catalogue(
    app: &App,
    org_id: &RowId,
    version: i64,
) -> Result<Catalogue, Fault> {
    let stored = catalogue::parts(app.db(), org_id, version).await?;
    let texts = texts_of(org_id, version, stored)?;
    aside("reading a catalogue", move || codec::parse(&texts))
        .await?
        .map_err(|_| {
            let place = format!("{org_id}, version {version}");
            Fault::corrupt("catalogue_part", "body", &place)
        })
}

/// The texts of a stored version, from the names and bodies of its parts.
pub(crate) fn texts_of(
    org_id: &RowId,
    version: i64,
    stored: Vec<(String, String)>,
) -> Result<Parts, Fault> {
    let texts = stored.into_iter().map(|(name, body)| {
        let part = Part::parse(&name).ok_or_else(|| {
            let place = format!("{org_id}, version {version}");
            Fault::corrupt("catalogue_part", "part", &place)
        })?;
        Ok((part, body))
    });
    texts.collect()
}

async fn load_sheets(
    app: &App,
    org_id: &RowId,
    (generation, at): (i64, Instant),
    there: Option<&OrgBook>,
) -> Result<BTreeMap<String, HeldSheet>, Fault> {
    let Some(there) = there else {
        return all_sheets(app, org_id, generation, at).await;
    };
    let versions = sheet::versions_in_force(app.db(), org_id, generation, at).await?;
    let held: HashMap<(&RowId, i64), (&String, &HeldSheet)> = there
        .sheets
        .iter()
        .map(|(code, held)| ((&held.product_id, held.version), (code, held)))
        .collect();
    let (mut sheets, mut missing) = (BTreeMap::new(), Vec::new());
    for (product_id, version) in versions {
        match held.get(&(&product_id, version)) {
            Some((code, held)) => {
                sheets.insert((*code).clone(), (*held).clone());
            }
            None => missing.push((product_id, version)),
        }
    }
    if missing.len() > FEW {
        return all_sheets(app, org_id, generation, at).await;
    }
    for (product_id, version) in missing {
        let stored = sheet::load(app.db(), org_id, &product_id, version)
            .await?
            .ok_or_else(|| Fault::corrupt("rate_sheet", "version", product_id.as_str()))?;
        let (code, held) = hold(stored)?;
        sheets.insert(code, held);
    }
    Ok(sheets)
}

async fn all_sheets(
    app: &App,
    org_id: &RowId,
    generation: i64,
    at: Instant,
) -> Result<BTreeMap<String, HeldSheet>, Fault> {
    let stored = sheet::in_force(app.db(), org_id, generation, at).await?;
    aside("reading rate sheets", move || {
        stored.into_iter().map(hold).collect()
    })
    .await?
}

fn hold(stored: StoredSheet) -> Result<(String, HeldSheet), Fault> {
    let sheet = Arc::new(sheet_of(&stored)?);
    let held = HeldSheet {
        product_id: stored.product_id,
        version: stored.version,
        sheet,
    };
    Ok((stored.code, held))
}

/// Reads a stored sheet.
pub(crate) fn sheet_of(stored: &StoredSheet) -> Result<Sheet, Fault> {
    let rows = codec::sheet::unpack_rows(&stored.body)
        .ok_or_else(|| Fault::corrupt("rate_sheet", "body", stored.product_id.as_str()))?;
    Ok(Sheet {
        rows,
        index: stored.index,
        margin: stored.margin,
    })
}

/// Where the ranges of ZIP codes of a catalogue's conditions begin and end.
fn zip_edges(catalogue: &Catalogue) -> Vec<u32> {
    let mut edges = Vec::new();
    let mut note = |when: &When| {
        for (first, last) in &when.zips {
            edges.push(first.get());
            edges.push(last.get().saturating_add(1));
        }
    };
    for rule in &catalogue.eligibility {
        note(&rule.when);
        note(&rule.require);
    }
    catalogue.adjustments.iter().for_each(|a| note(&a.when));
    catalogue.caps.iter().for_each(|c| note(&c.when));
    catalogue.margins.iter().for_each(|m| note(&m.when));
    catalogue.fees.iter().for_each(|f| note(&f.when));
    for card in &catalogue.mi_cards {
        note(&card.when);
        card.adjusters.iter().for_each(|(when, _)| note(when));
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}
