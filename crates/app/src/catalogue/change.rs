//! Changing parts of a catalogue and sheets in one stroke: all of it is in force at the same instant,
//! or nothing was written.

use lintel_macros::boxed;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::Organisation;
use lintel_pricing::catalogue::Sheet;
use lintel_pricing::catalogue::diff::{SheetDiff, sheet_diff};
use lintel_pricing::codec::{Finding, Parts};
use lintel_store::catalogue::{self, CatalogueVersion, in_force_in, next_generation_in};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::product;
use lintel_store::sheet::StoredSheet;

use super::plan::{self, Checked, OldVersion, Plan};
use super::register::register_in;
use super::{Outcome, check_note};
use crate::context::App;
use crate::error::AppError;
use crate::pricing::{aside, sheet_of, swap_after_commit, texts_of};
use crate::sheet::{Replacing, SheetUpdated};

/// Plans made when others change the same catalogue meanwhile, or a public id that was drawn is
/// taken. Changes made on one node wait for one another and need one.
const ATTEMPTS: usize = 10;

/// A change of a catalogue and of sheets.
#[derive(Debug, Clone)]
pub struct Change {
    /// Parts that are replaced; the others stay as they are when the change takes effect.
    pub parts: Parts,
    /// Sheets that are replaced, by product code; the others stay.
    pub sheets: BTreeMap<String, Sheet>,
    /// When it takes effect; none, or a time that is over, means at once.
    pub effective_at: Option<Instant>,
    /// What for, in the writer's words.
    pub note: String,
    /// Who changes it.
    pub actor: String,
    /// Where the sheets come from, such as a file's name.
    pub source: String,
    /// Only say what would happen.
    pub is_dry_run: bool,
}

/// What a change came to.
#[derive(Debug, Clone)]
pub struct Changed {
    /// What became of the catalogue; none when no part of it was sent.
    pub outcome: Option<Outcome>,
    /// What became of the sheets, by product code.
    pub sheets: Vec<SheetChange>,
    /// What was noticed in the texts, nothing of it an error.
    pub warnings: Vec<Finding>,
}

/// What becomes of one sheet.
#[derive(Debug, Clone)]
pub struct SheetChange {
    /// The product's code.
    pub code: String,
    /// What changes against the sheet that would be in force.
    pub diff: SheetDiff,
    /// The product's public id; none on a dry run that would give it one.
    pub public_id: Option<PublicId>,
    /// The version in force then; none on a dry run.
    pub version: Option<i64>,
    /// Whether a version was, or would be, written.
    pub is_changed: bool,
}

/// Why nothing was changed.
#[derive(Debug)]
pub enum ChangeError {
    /// What is wrong with the catalogue's texts.
    Parts(Vec<Finding>),
    /// What is wrong with the sheets.
    Sheets(Vec<Finding>),
    /// Anything else.
    App(AppError),
}

impl<E: Into<AppError>> From<E> for ChangeError {
    fn from(error: E) -> Self {
        Self::App(error.into())
    }
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parts(findings) | Self::Sheets(findings) => {
                let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
            Self::App(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ChangeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Parts(_) | Self::Sheets(_) => None,
            Self::App(error) => Some(error),
        }
    }
}

/// What becomes of the parts that were not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Stays,
    /// They are empty from now on.
    Goes,
}

/// Replaces parts of a catalogue and sheets, all of it or nothing. The parts that are not sent are
/// those of the version in force when the change takes effect, whoever else changes some meanwhile.
///
/// # Errors
/// The findings when the whole is no catalogue that can be priced with, or a sheet is none; refused
/// for an unusable note; busy when other nodes keep changing the same catalogue.
#[boxed]
pub async fn change(app: &App, org: &Organisation, change: Change) -> Result<Changed, ChangeError> {
    run(app, org, change, Rest::Stays).await
}

pub(super) async fn run(
    app: &App,
    org: &Organisation,
    change: Change,
    rest: Rest,
) -> Result<Changed, ChangeError> {
    check_note(&change.note)?;
    check_note(&change.source)?;
    let turn = app.shelf().turn(&org.id, app.now());
    let _turn = turn.lock().await;
    let change = Arc::new(change);
    for _ in 0..ATTEMPTS {
        let base = base(app, org, change.effective_at).await?;
        let (asked, name) = (Arc::clone(&change), org.id.as_str().to_owned());
        let planned = app.heavy("checking a catalogue", move || {
            plan::make(&asked, rest, &name, base)
        });
        let plan = planned.await??;
        let Some(written) = attempt(app, org, &change, &plan).await? else {
            continue;
        };
        if written.is_committed {
            swap_after_commit(app, &org.id).await;
        }
        return told(&change, plan, written).await;
    }
    let fault = Fault::new(FaultKind::Busy, "other nodes keep changing this catalogue");
    Err(fault.into())
}

/// The version in force when the change takes effect.
async fn base(
    app: &App,
    org: &Organisation,
    effective_at: Option<Instant>,
) -> Result<Option<OldVersion>, Fault> {
    let head = catalogue::head(app.db(), &org.id).await?;
    let earliest = app.now().max(head.changed_at);
    let at = effective_at.map_or(earliest, |at| at.max(earliest));
    let found = catalogue::in_force(app.db(), &org.id, head.generation, at).await?;
    let Some(version) = found else {
        return Ok(None);
    };
    let stored = catalogue::parts(app.db(), &org.id, version.version).await?;
    let texts = texts_of(&org.id, version.version, stored)?;
    Ok(Some(OldVersion { version, texts }))
}

/// What an attempt wrote, or would have written.
struct Written {
    outcome: Option<Outcome>,
    sheets: Vec<(SheetUpdated, Option<StoredSheet>)>,
    is_committed: bool,
}

/// One transaction; none when the plan is void or a public id that was drawn is taken.
async fn attempt(
    app: &App,
    org: &Organisation,
    change: &Change,
    plan: &Plan,
) -> Result<Option<Written>, ChangeError> {
    let mut tx = app.db().begin().await?;
    let head = next_generation_in(&mut tx, &org.id, app.now()).await?;
    let effective_at = change
        .effective_at
        .map_or(head.changed_at, |at| at.max(head.changed_at));
    let before = in_force_in(&mut tx, &org.id, head.generation, effective_at).await?;
    if before.map(|version| version.version) != plan.base {
        return Ok(None);
    }
    let replacing = Replacing {
        app,
        org,
        generation: head.generation,
        effective_at,
        actor: &change.actor,
        source: &change.source,
    };
    let mut outcome = None;
    if let Some(checked) = &plan.catalogue {
        let written = write_catalogue_in(&mut tx, &replacing, change, (plan.base, checked)).await?;
        let Some(written) = written else {
            return Ok(None);
        };
        outcome = Some(written);
    }
    let mut sheets = Vec::with_capacity(plan.sheets.len());
    for one in &plan.sheets {
        let known = product::load_in(&mut tx, &org.id, &one.code).await?;
        let known = known.ok_or_else(|| Fault::corrupt("product", "code", org.id.as_str()))?;
        let replaced = replacing.replace_in(&mut tx, &known, &one.sheet, &one.body);
        sheets.push(replaced.await?);
    }
    let is_recorded = replacing
        .record_in(&mut tx, sheets.iter().map(|(updated, _)| updated))
        .await?;
    // Nothing new: the number that was taken is given back with the transaction.
    let is_committed =
        !change.is_dry_run && (is_recorded || matches!(outcome, Some(Outcome::Stored { .. })));
    if is_committed {
        tx.commit().await?;
    }
    Ok(Some(Written {
        outcome,
        sheets,
        is_committed,
    }))
}

/// Writes a catalogue's version; none when a public id that was drawn is taken. On a dry run it is
/// written too: the transaction is not committed.
async fn write_catalogue_in(
    tx: &mut Tx,
    at: &Replacing<'_>,
    change: &Change,
    (base, checked): (Option<i64>, &Checked),
) -> Result<Option<Outcome>, ChangeError> {
    if let Some(version) = base.filter(|_| checked.is_same) {
        if checked.stated.iter().any(Option::is_some) {
            // An id that is not the product's is refused, not passed over.
            register_in(at.app, tx, at.org, checked).await?;
        }
        return Ok(Some(Outcome::Unchanged { version }));
    }
    let diff = checked.diff.clone();
    let Some(new_products) = register_in(at.app, tx, at.org, checked).await? else {
        return Ok(None);
    };
    let version = CatalogueVersion {
        version: at.generation,
        effective_at: at.effective_at,
        created_at: at.app.now(),
        actor: change.actor.clone(),
        note: change.note.clone(),
        digest: checked.digest.clone(),
    };
    let texts = checked.texts.iter();
    let texts: Vec<(&str, &str)> = texts.map(|(p, text)| (p.as_str(), text.as_str())).collect();
    catalogue::insert_in(tx, &at.org.id, &version, &texts).await?;
    record_version_in(tx, at.org, &version, checked.codes.len()).await?;
    if change.is_dry_run {
        let new_codes = new_products.into_iter().map(|(code, _)| code).collect();
        return Ok(Some(Outcome::Planned { diff, new_codes }));
    }
    Ok(Some(Outcome::Stored {
        version: version.version,
        effective_at: version.effective_at,
        diff,
        new_products,
    }))
}

async fn record_version_in(
    tx: &mut Tx,
    org: &Organisation,
    version: &CatalogueVersion,
    products: usize,
) -> Result<(), Fault> {
    let body = serde_json::json!({
        "version": version.version,
        "effectiveAtUs": version.effective_at.micros(),
        "digest": version.digest,
        "products": products,
    });
    let event = NewEvent {
        org_id: &org.id,
        at: version.created_at,
        actor: &version.actor,
        kind: EventKind::CatalogueImported,
        subject: org.id.as_str(),
        body: &body.to_string(),
    };
    record_in(tx, &event).await.map(|_| ())
}

/// Says what was written. Comparing sheets is done when the transaction is over.
async fn told(change: &Change, plan: Plan, written: Written) -> Result<Changed, ChangeError> {
    let is_dry_run = change.is_dry_run;
    let new_codes = match &written.outcome {
        Some(Outcome::Planned { new_codes, .. }) => new_codes.clone(),
        Some(Outcome::Stored { .. } | Outcome::Unchanged { .. }) | None => Vec::new(),
    };
    let compare = move || {
        let pairs = plan.sheets.into_iter().zip(written.sheets);
        let told = pairs.map(|(planned, (updated, before))| {
            // It is written by now: an old sheet that cannot be read is compared with as if there
            // were none.
            let before = before.as_ref().and_then(|stored| sheet_of(stored).ok());
            let sheet = Sheet {
                rows: planned.sheet.rows,
                index: updated.index,
                margin: updated.margin,
            };
            let is_known = !new_codes.contains(&updated.code);
            SheetChange {
                diff: sheet_diff(&updated.code, before.as_ref(), &sheet),
                public_id: is_known.then_some(updated.public_id),
                version: (!is_dry_run).then_some(updated.version),
                is_changed: updated.is_changed,
                code: updated.code,
            }
        });
        told.collect()
    };
    Ok(Changed {
        sheets: aside("comparing rate sheets", compare).await?,
        outcome: written.outcome,
        warnings: plan.warnings,
    })
}
