//! A lender's catalogue: imported as a whole, kept in versions, exported again.

mod register;

use std::fmt;

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, Noun, Refusal};
use lintel_pricing::catalogue::Catalogue;
use lintel_pricing::catalogue::diff::{Diff, diff};
use lintel_pricing::codec;
pub use lintel_pricing::codec::{Finding, Parts};
pub use lintel_store::catalogue::CatalogueVersion;
use lintel_store::catalogue::{self, in_force_in, next_generation_in};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::product;
pub use lintel_store::product::RegisteredProduct;
use ring::digest::{Context, SHA256};

use crate::context::App;
use crate::error::AppError;
use crate::pricing::{OrgBook, swap_after_commit};
use register::register_in;

/// Longest note kept with a version.
pub(crate) const NOTE_MAX_CHARS: usize = 500;
/// Versions a history shows.
const HISTORY: u32 = 1000;
/// Public ids collide once in a long while; then another is drawn.
const ATTEMPTS: usize = 5;

/// A catalogue about to be imported.
#[derive(Debug, Clone)]
pub struct NewCatalogue {
    /// Its parts as texts. A part that is missing is empty: an import replaces everything.
    pub parts: Parts,
    /// When it takes effect; none, or a time that is over, means at once.
    pub effective_at: Option<Instant>,
    /// What for, in the writer's words.
    pub note: String,
    /// Who imports: `operator`, `demo`.
    pub actor: String,
    /// Only say what would happen.
    pub is_dry_run: bool,
}

/// What an import came to.
#[derive(Debug, Clone)]
pub struct Imported {
    /// What happened.
    pub outcome: Outcome,
    /// What was noticed in the texts, nothing of it an error.
    pub warnings: Vec<Finding>,
}

/// The good ends of an import.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The same content is in force then already: nothing was written.
    Unchanged {
        /// The version with that content.
        version: i64,
    },
    /// A dry run: nothing was written.
    Planned {
        /// What would change.
        diff: Diff,
        /// Products that would get a public id.
        new_codes: Vec<String>,
    },
    /// A version was written.
    Stored {
        /// Its number.
        version: i64,
        /// When it takes effect.
        effective_at: Instant,
        /// What changed.
        diff: Diff,
        /// Products that were given a public id.
        new_products: Vec<(String, PublicId)>,
    },
}

/// Why a catalogue was not imported. Nothing was written.
#[derive(Debug)]
pub enum ImportError {
    /// What is wrong with its texts.
    Findings(Vec<Finding>),
    /// Anything else.
    App(AppError),
}

impl<E: Into<AppError>> From<E> for ImportError {
    fn from(error: E) -> Self {
        Self::App(error.into())
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Findings(findings) => {
                let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
            Self::App(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Findings(_) => None,
            Self::App(error) => Some(error),
        }
    }
}

/// A catalogue that was read and found good.
struct Checked {
    catalogue: Catalogue,
    /// Public ids the texts state, by place of the product.
    stated: Vec<Option<PublicId>>,
    texts: Parts,
    digest: String,
    warnings: Vec<Finding>,
}

/// Imports a catalogue: checks it, says what changes, and unless it is a dry run writes it as a new
/// version. Product codes never seen before are given public ids, or those the texts state.
///
/// # Errors
/// The findings when it is not a catalogue that can be priced with; refused for an unusable note.
pub async fn import(
    app: &App,
    org: &Organisation,
    new: NewCatalogue,
) -> Result<Imported, ImportError> {
    check_note(&new.note)?;
    let parts = new.parts.clone();
    let checked = app
        .heavy("checking a catalogue", move || check(&parts))
        .await?;
    let checked = checked.map_err(ImportError::Findings)?;
    for _ in 0..ATTEMPTS {
        if let Some(outcome) = attempt(app, org, &new, &checked).await? {
            if matches!(outcome, Outcome::Stored { .. }) {
                swap_after_commit(app, &org.id).await;
            }
            let warnings = checked.warnings;
            return Ok(Imported { outcome, warnings });
        }
    }
    Err(Fault::internal("no free public id found").into())
}

pub(crate) fn check_note(note: &str) -> Result<(), Refusal> {
    let is_good = note.chars().count() <= NOTE_MAX_CHARS && !note.chars().any(char::is_control);
    if is_good {
        Ok(())
    } else {
        Err(Refusal::malformed(Field::VersionNote))
    }
}

fn check(parts: &Parts) -> Result<Checked, Vec<Finding>> {
    let loaded = codec::load(parts)?;
    let mut catalogue = loaded.catalogue;
    // Ids are the server's: they are not part of the content.
    let stated = catalogue.products.iter_mut().map(|p| p.public_id.take());
    let stated = stated.collect();
    let texts = codec::write(&catalogue);
    Ok(Checked {
        stated,
        digest: digest(&texts),
        texts,
        catalogue,
        warnings: loaded.warnings,
    })
}

/// SHA-256 of canonical texts, each with its length in front.
fn digest(texts: &Parts) -> String {
    let mut context = Context::new(&SHA256);
    for (part, text) in texts {
        for piece in [part.as_str(), text.as_str()] {
            context.update(&(piece.len() as u64).to_be_bytes());
            context.update(piece.as_bytes());
        }
    }
    hex(context.finish().as_ref())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// One transaction; none when a public id that was drawn is taken.
async fn attempt(
    app: &App,
    org: &Organisation,
    new: &NewCatalogue,
    checked: &Checked,
) -> Result<Option<Outcome>, ImportError> {
    let mut tx = app.db().begin().await?;
    let head = next_generation_in(&mut tx, &org.id, app.now()).await?;
    let effective_at = new
        .effective_at
        .map_or(head.changed_at, |at| at.max(head.changed_at));
    let before = in_force_in(&mut tx, &org.id, head.generation, effective_at).await?;
    if let Some(same) = before.as_ref().filter(|v| v.digest == checked.digest) {
        let version = same.version;
        return Ok(Some(Outcome::Unchanged { version }));
    }
    let old = match &before {
        Some(version) => read_in(&mut tx, &org.id, version.version).await?,
        None => Catalogue::default(),
    };
    let diff = diff(&old, &checked.catalogue);
    let Some(new_products) = register_in(app, &mut tx, org, checked).await? else {
        return Ok(None);
    };
    if new.is_dry_run {
        let new_codes = new_products.into_iter().map(|(code, _)| code).collect();
        return Ok(Some(Outcome::Planned { diff, new_codes }));
    }
    let version = CatalogueVersion {
        version: head.generation,
        effective_at,
        created_at: app.now(),
        actor: new.actor.clone(),
        note: new.note.clone(),
        digest: checked.digest.clone(),
    };
    let texts: Vec<(&str, &str)> = checked
        .texts
        .iter()
        .map(|(part, text)| (part.as_str(), text.as_str()))
        .collect();
    catalogue::insert_in(&mut tx, &org.id, &version, &texts).await?;
    record(&mut tx, org, &version, checked.catalogue.products.len()).await?;
    tx.commit().await?;
    Ok(Some(Outcome::Stored {
        version: version.version,
        effective_at,
        diff,
        new_products,
    }))
}

async fn record(
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

/// Reads a stored version within the transaction that may depend on it.
async fn read_in(tx: &mut Tx, org_id: &RowId, version: i64) -> Result<Catalogue, Fault> {
    let stored = catalogue::parts_in(tx, org_id, version).await?;
    crate::pricing::read_parts(org_id, version, stored).await
}

/// A catalogue as texts.
#[derive(Debug, Clone)]
pub struct Exported {
    /// Which version it is.
    pub version: CatalogueVersion,
    /// Its parts, products with their public ids.
    pub parts: Parts,
}

/// Writes out the version in force, or the one asked for.
///
/// # Errors
/// Not found when there is none.
pub async fn export(
    app: &App,
    org: &Organisation,
    version: Option<i64>,
) -> Result<Exported, AppError> {
    let missing = Refusal::NotFound {
        what: Noun::CatalogueVersion,
    };
    let found = match version {
        Some(version) => catalogue::load(app.db(), &org.id, version).await?,
        None => {
            let head = catalogue::head(app.db(), &org.id).await?;
            let at = app.now().max(head.changed_at);
            catalogue::in_force(app.db(), &org.id, head.generation, at).await?
        }
    };
    let version = found.ok_or(missing)?;
    let mut read = crate::pricing::read_catalogue(app, &org.id, version.version).await?;
    let registered = product::list(app.db(), &org.id).await?;
    for product in &mut read.products {
        let known = registered.iter().find(|r| r.code == product.code);
        product.public_id = known.map(|r| r.public_id.clone());
    }
    let parts = app
        .heavy("writing a catalogue", move || codec::write(&read))
        .await?;
    Ok(Exported { version, parts })
}

/// Every version written, newest first, at most 1000.
///
/// # Errors
/// Any fault of the database.
pub async fn history(app: &App, org: &Organisation) -> Result<Vec<CatalogueVersion>, AppError> {
    Ok(catalogue::list(app.db(), &org.id, HISTORY).await?)
}

/// Every product code a lender ever had, with its public id, by code.
///
/// # Errors
/// Any fault of the database.
pub async fn products(app: &App, org: &Organisation) -> Result<Vec<RegisteredProduct>, AppError> {
    Ok(product::list(app.db(), &org.id).await?)
}

/// The catalogue and sheets an organisation quotes with now.
///
/// # Errors
/// Any fault of the database.
pub async fn in_force(app: &App, org: &Organisation) -> Result<std::sync::Arc<OrgBook>, AppError> {
    let (book, _) = crate::pricing::book(app, org).await?;
    Ok(book)
}
