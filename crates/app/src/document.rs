//! A loan's papers: how their bytes are looked at, sealed, kept and handed out again.
//!
//! In: a [`Batch`] of [`Sheet`]s, one for each paper, written piece by piece into the blob store and
//! registered as belonging to nobody; then all are filed in one transaction, or none. Out: a
//! [`Download`] is a stream of pieces, each found genuine. Nothing holds a whole file.

mod batch;
mod download;
mod file;
mod line;
pub mod pdf;
mod remove;
mod retention;
pub mod rules;
pub mod sealed;
mod sheet;
mod sweep;
pub mod zip;

pub use batch::Batch;
pub(crate) use batch::LeftBehind;
pub use download::{
    DocumentStream, Download, of_condition, of_ids, of_types, one, zip, zip_length,
};
pub use file::{DocumentDraft, Filed};
pub use line::{DocumentLine, find, list, list_of};
pub use remove::remove;
pub use retention::recount_retention_in;
pub use sheet::{Sheet, Staged};
pub use sweep::{keep_sweeping, sweep};
