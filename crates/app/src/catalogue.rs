//! A lender's catalogue: imported as a whole, kept in versions, exported again.

mod change;
mod plan;
mod register;

pub use change::{Change, ChangeError, Changed, SheetChange, change};
use lintel_macros::boxed;

use std::collections::BTreeMap;
use std::fmt;

use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, Noun, Refusal};
use lintel_pricing::catalogue::diff::Diff;
use lintel_pricing::codec;
pub use lintel_pricing::codec::{Finding, Parts};
use lintel_store::catalogue;
pub use lintel_store::catalogue::CatalogueVersion;
use lintel_store::fault::Fault;
use lintel_store::product;
pub use lintel_store::product::RegisteredProduct;

use crate::context::App;
use crate::error::AppError;
use crate::pricing::OrgBook;
use change::Rest;

/// Longest note kept with a version.
pub(crate) const NOTE_MAX_CHARS: usize = 500;
/// Versions a history shows.
const HISTORY: u32 = 1000;

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

/// Imports a catalogue: checks it, says what changes, and unless it is a dry run writes it as a new
/// version. Product codes never seen before are given public ids, or those the texts state.
///
/// # Errors
/// The findings when it is not a catalogue that can be priced with; refused for an unusable note.
#[boxed]
pub async fn import(
    app: &App,
    org: &Organisation,
    new: NewCatalogue,
) -> Result<Imported, ImportError> {
    let change = Change {
        parts: new.parts,
        sheets: BTreeMap::new(),
        effective_at: new.effective_at,
        note: new.note,
        actor: new.actor,
        source: String::new(),
        is_dry_run: new.is_dry_run,
    };
    let changed = change::run(app, org, change, Rest::Goes).await;
    let changed = changed.map_err(|error| match error {
        ChangeError::Parts(found) | ChangeError::Sheets(found) => ImportError::Findings(found),
        ChangeError::App(error) => ImportError::App(error),
    })?;
    let outcome = changed
        .outcome
        .ok_or_else(|| Fault::internal("a whole catalogue came to nothing"))?;
    Ok(Imported {
        outcome,
        warnings: changed.warnings,
    })
}

pub(crate) fn check_note(note: &str) -> Result<(), Refusal> {
    let is_good = note.chars().count() <= NOTE_MAX_CHARS && !note.chars().any(char::is_control);
    if is_good {
        Ok(())
    } else {
        Err(Refusal::malformed(Field::VersionNote))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
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
#[boxed]
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
#[boxed]
pub async fn history(app: &App, org: &Organisation) -> Result<Vec<CatalogueVersion>, AppError> {
    Ok(catalogue::list(app.db(), &org.id, HISTORY).await?)
}

/// Every product code a lender ever had, with its public id, by code.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn products(app: &App, org: &Organisation) -> Result<Vec<RegisteredProduct>, AppError> {
    Ok(product::list(app.db(), &org.id).await?)
}

/// The catalogue and sheets an organisation quotes with now.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn in_force(app: &App, org: &Organisation) -> Result<std::sync::Arc<OrgBook>, AppError> {
    let (book, _) = crate::pricing::book(app, org).await?;
    Ok(book)
}
