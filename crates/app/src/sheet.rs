//! Rate sheets: replaced by the lender's own system over the API, or by an operator from a file.

mod check;
mod replace;

use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Field, Noun, Refusal, Rule};
use lintel_engine::rate::Pct;
use lintel_macros::boxed;
use lintel_pricing::catalogue::{Sheet, SheetRow};
use lintel_store::catalogue::next_generation_in;
use lintel_store::product;
use lintel_store::sheet::{self, StoredSheet};

use crate::auth::Principal;
use crate::catalogue::check_note;
use crate::context::App;
use crate::error::AppError;
use crate::pricing::{sheet_of, swap_after_commit};
use check::{Ready, check_all};
pub(crate) use replace::Replacing;

/// Products whose sheets may be replaced at once.
pub const MAX_PRODUCTS: usize = 1000;
/// Versions a history shows.
const HISTORY: u32 = 1000;
/// The source of sheets that came over the API.
const API: &str = "api";

/// A product's new sheet as handed in.
#[derive(Debug, Clone)]
pub struct SheetUpdate {
    /// The id partners see; blank counts as absent.
    pub public_id: Option<String>,
    /// The lender's own code; blank counts as absent. Needed without a public id; with one, the two
    /// must name the same product.
    pub code: Option<String>,
    /// Value of the product's index; none keeps that of the sheet in force.
    pub index: Option<Pct>,
    /// Margin over the index; none keeps that of the sheet in force.
    pub margin: Option<Pct>,
    /// The rows, in any order.
    pub rows: Vec<SheetRow>,
}

/// What became of a product's new sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetUpdated {
    /// The product's public id.
    pub public_id: PublicId,
    /// The product's code.
    pub code: String,
    /// The version in force now, or at the time asked for.
    pub version: i64,
    /// Value of the index, also when it was kept.
    pub index: Option<Pct>,
    /// Margin over the index, also when it was kept.
    pub margin: Option<Pct>,
    /// Whether a version was written; the same sheet again writes none.
    pub is_changed: bool,
}

/// Sheets an operator imports.
#[derive(Debug, Clone)]
pub struct SheetImport {
    /// The sheets, all or none.
    pub updates: Vec<SheetUpdate>,
    /// When they take effect; none, or a time that is over, means at once.
    pub effective_at: Option<Instant>,
    /// Who imports.
    pub actor: String,
    /// Where they come from, such as a file's name.
    pub source: String,
}

/// Replaces sheets as a lender's own system asks, at once, all or none.
///
/// `lender` names the organisation whose products these are. A retail lender may leave it out. The
/// sheets are their lender's: a broker cannot replace them.
///
/// # Errors
/// Refused with the place in the list of what cannot be used; nothing was changed then.
#[boxed]
pub async fn update_rates(
    app: &App,
    principal: &Principal,
    lender: Option<&str>,
    updates: Vec<SheetUpdate>,
) -> Result<Vec<SheetUpdated>, AppError> {
    check_lender(&principal.org, lender)?;
    let import = SheetImport {
        updates,
        effective_at: None,
        actor: principal.api_id.clone(),
        source: API.to_owned(),
    };
    self::import(app, &principal.org, import).await
}

/// Whether an organisation may replace the sheets of the lender named; a face that reads a long list
/// asks before it reads.
///
/// # Errors
/// Refused when the lender is missing and needed, or is not the organisation itself.
pub fn check_lender(org: &Organisation, lender: Option<&str>) -> Result<(), Refusal> {
    let field = Field::RatesLender;
    let named = lender.map(str::trim).filter(|text| !text.is_empty());
    match (org.kind, named) {
        (OrganisationKind::Broker | OrganisationKind::Vendor | OrganisationKind::Bank, _) => {
            Err(Refusal::malformed(field))
        }
        (OrganisationKind::Retail, None) => Ok(()),
        (OrganisationKind::Wholesale | OrganisationKind::Correspondent, None) => {
            let rule = Rule::Missing;
            Err(Refusal::Invalid { field, rule })
        }
        (
            OrganisationKind::Retail
            | OrganisationKind::Wholesale
            | OrganisationKind::Correspondent,
            Some(named),
        ) if named == org.public_id.as_str() => Ok(()),
        (
            OrganisationKind::Retail
            | OrganisationKind::Wholesale
            | OrganisationKind::Correspondent,
            Some(_),
        ) => Err(Refusal::malformed(field)),
    }
}

/// Replaces sheets of a lender's products, all or none.
///
/// # Errors
/// As [`update_rates`].
#[boxed]
pub async fn import(
    app: &App,
    org: &Organisation,
    import: SheetImport,
) -> Result<Vec<SheetUpdated>, AppError> {
    check_note(&import.source)?;
    let count = import.updates.len();
    if count == 0 || count > MAX_PRODUCTS {
        let field = Field::RatesProducts;
        let rule = if count == 0 {
            Rule::Missing
        } else {
            Rule::Malformed
        };
        return Err(Refusal::Invalid { field, rule }.into());
    }
    let registry = product::list(app.db(), &org.id).await?;
    let (updates, import) = (
        import.updates,
        SheetImport {
            updates: Vec::new(),
            ..import
        },
    );
    let ready = app
        .heavy("checking rate sheets", move || {
            check_all(&registry, updates)
        })
        .await??;
    let updated = write(app, org, &import, &ready).await?;
    if updated.iter().any(|one| one.is_changed) {
        swap_after_commit(app, &org.id).await;
    }
    Ok(updated)
}

async fn write(
    app: &App,
    org: &Organisation,
    import: &SheetImport,
    ready: &[Ready],
) -> Result<Vec<SheetUpdated>, AppError> {
    let mut tx = app.db().begin().await?;
    let head = next_generation_in(&mut tx, &org.id, app.now()).await?;
    let effective_at = import
        .effective_at
        .map_or(head.changed_at, |at| at.max(head.changed_at));
    let replacing = Replacing {
        app,
        org,
        generation: head.generation,
        effective_at,
        actor: &import.actor,
        source: &import.source,
    };
    let mut updated = Vec::with_capacity(ready.len());
    for one in ready {
        let replaced = replacing.replace_in(&mut tx, &one.product, &one.sheet, &one.body);
        updated.push(replaced.await?.0);
    }
    // Nothing new: the number that was taken is given back with the transaction.
    if replacing.record_in(&mut tx, updated.iter()).await? {
        tx.commit().await?;
    }
    Ok(updated)
}

/// A version of a sheet, with its rows.
#[derive(Debug, Clone)]
pub struct SheetVersion {
    /// Number, times, who and from where; its body is what `sheet` was read from.
    pub stored: StoredSheet,
    /// The sheet.
    pub sheet: Sheet,
}

/// The sheets of a product, newest first, at most 1000.
///
/// # Errors
/// Not found when the lender never had such a product.
#[boxed]
pub async fn history(
    app: &App,
    org: &Organisation,
    code: &str,
) -> Result<Vec<SheetVersion>, AppError> {
    let missing = Refusal::NotFound {
        what: Noun::Product,
    };
    let product = product::load(app.db(), &org.id, code)
        .await?
        .ok_or(missing)?;
    let stored = sheet::history(app.db(), &org.id, &product.id, HISTORY).await?;
    app.heavy("reading rate sheets", move || read_all(stored))
        .await?
}

/// The sheets in force now, by product code.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn in_force(app: &App, org: &Organisation) -> Result<Vec<SheetVersion>, AppError> {
    let head = lintel_store::catalogue::head(app.db(), &org.id).await?;
    let at = app.now().max(head.changed_at);
    let stored = sheet::in_force(app.db(), &org.id, head.generation, at).await?;
    app.heavy("reading rate sheets", move || read_all(stored))
        .await?
}

fn read_all(stored: Vec<StoredSheet>) -> Result<Vec<SheetVersion>, AppError> {
    let read = |stored: StoredSheet| {
        let sheet = sheet_of(&stored)?;
        Ok(SheetVersion { stored, sheet })
    };
    stored.into_iter().map(read).collect()
}
