//! The prices of every organisation as this node knows them: books held in memory, swapped whole.
//!
//! A request takes one book and never looks again, so no answer mixes two states of a lender's
//! prices. The node that commits a change swaps before it answers; the others look for changes four
//! times a second. A book also knows when the next version that was written ahead takes effect,
//! and is not given out beyond that instant.

mod load;
mod place;
mod shelf;
mod sweep;
mod watch;

use lintel_macros::boxed;
pub(crate) use load::{aside, read_catalogue, sheet_of, texts_of};
pub(crate) use place::facts_of;
pub use place::{place_facts, price_rules};
pub(crate) use shelf::Shelf;
pub use sweep::sweep;
pub use watch::{poll, watch};

use std::collections::BTreeMap;
use std::sync::Arc;

use lintel_domain::id::{Instant, RowId};
use lintel_domain::organisation::Organisation;
use lintel_places::Zip;
use lintel_pricing::book::Book;
use lintel_pricing::catalogue::Sheet;
use lintel_store::fault::Fault;

use crate::context::{App, within};

/// An organisation's prices in one state. Immutable.
#[derive(Debug)]
pub struct OrgBook {
    /// Whose prices.
    pub org_id: RowId,
    /// The newest change it knows.
    pub generation: i64,
    /// The first instant it is for.
    pub as_of: Instant,
    /// The first instant it is no longer for: something that was written ahead takes effect.
    pub due: Option<Instant>,
    /// Version of the catalogue in it; 0 when the organisation has none in force.
    pub catalogue_version: i64,
    /// Catalogue and sheets, ready to price; empty without a catalogue.
    pub book: Book,
    /// The sheets in force with their versions, by product code; also of products the catalogue does
    /// not have.
    pub(crate) sheets: BTreeMap<String, HeldSheet>,
    /// Where the ranges of ZIP codes in the catalogue's conditions begin and end.
    pub(crate) zip_edges: Vec<u32>,
    /// Product and note rate pairs that a search may have to price.
    pub(crate) offers: usize,
}

/// A sheet in force.
#[derive(Debug, Clone)]
pub(crate) struct HeldSheet {
    pub(crate) product_id: RowId,
    pub(crate) version: i64,
    pub(crate) sheet: Arc<Sheet>,
}

impl OrgBook {
    /// Whether it is the book for an instant.
    #[must_use]
    pub fn is_for(&self, at: Instant) -> bool {
        self.due.is_none_or(|due| at < due)
    }

    /// Version of the sheet in force of a product; none when it has no sheet.
    #[must_use]
    pub fn sheet_version(&self, code: &str) -> Option<i64> {
        self.sheets.get(code).map(|held| held.version)
    }

    /// Which of the catalogue's ranges of ZIP codes a place lies in: places of the same state and
    /// county that share it are the same to every rule.
    #[must_use]
    pub fn zip_band(&self, zip: Zip) -> usize {
        self.zip_edges.partition_point(|edge| *edge <= zip.get())
    }
}

/// The prices an organisation quotes with now, and the instant to quote for: those of its wholesale
/// lender for a broker, its own otherwise. Loaded when first asked for.
///
/// # Errors
/// Any fault of the database; a stored catalogue or sheet this version cannot read.
#[boxed]
pub async fn book(app: &App, org: &Organisation) -> Result<(Arc<OrgBook>, Instant), Fault> {
    book_of(app, org.lender_id()).await
}

/// As [`book`], of the lender with that row id.
///
/// # Errors
/// As [`book`].
#[boxed]
pub async fn book_of(app: &App, org_id: &RowId) -> Result<(Arc<OrgBook>, Instant), Fault> {
    let now = app.now();
    let book = app.shelf().book(app, org_id, now).await?;
    // A clock that went back, or another node's that is ahead, must not ask a book about a time
    // before it.
    let at = now.max(book.as_of);
    Ok((book, at))
}

/// The prices as they were at a generation and an instant: made again from what is stored, one at a
/// time.
///
/// # Errors
/// As [`book`].
#[boxed]
pub async fn book_at(
    app: &App,
    org_id: &RowId,
    generation: i64,
    at: Instant,
) -> Result<Arc<OrgBook>, Fault> {
    if let Some(current) = app.shelf().peek(org_id)
        && current.generation == generation
        && current.as_of <= at
        && current.is_for(at)
    {
        return Ok(current);
    }
    app.shelf().old(app, org_id, generation, at).await
}

/// Makes this node's book current, after a change of its own was committed. A failure is logged and
/// otherwise ignored: the change is made, and the next look for changes tries again.
pub(crate) async fn swap_after_commit(app: &App, org_id: &RowId) {
    let refreshing = app.shelf().refresh(app, org_id);
    if let Err(fault) = within(watch::LOAD_LONGEST, "loading prices", refreshing).await {
        tracing::warn!(%org_id, error = fault.chain(), "prices changed and could not be reloaded");
    }
}
