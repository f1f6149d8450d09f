//! How much of papers a process may keep, those out of sight included: what the bank once had stays, so
//! changing papers again and again would fill the store.

use lintel_app::error::AppError;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::process::PAPERS_AT_MOST;
use lintel_store::process::{HeldPapers, StoredProcess};

use crate::edit::refuse;

/// Most papers of a process that are kept, in sight or not.
const KEPT_AT_MOST: u64 = 1000;
/// Most plain bytes of them together.
const BYTES_AT_MOST: u64 = 4 << 30;

/// Refuses one paper more in sight than there may be.
///
/// # Errors
/// A finding about the content.
pub(super) fn in_sight(there: usize) -> Result<(), AppError> {
    let most = u64::try_from(PAPERS_AT_MOST).unwrap_or(u64::MAX);
    bounded(u64::try_from(there).unwrap_or(u64::MAX), 1, most)
}

/// Refuses so many bytes more than there may be. `instead_of` are the bytes of the paper they are for,
/// which go when the bank never had the process.
///
/// # Errors
/// A finding about the content.
pub(super) fn kept(
    head: &StoredProcess,
    held: HeldPapers,
    (more, instead_of): (u64, Option<u64>),
) -> Result<(), AppError> {
    let (count, bytes) = match instead_of {
        Some(old) if head.submitted_at.is_none() => (0, held.bytes.saturating_sub(old)),
        Some(_) | None => (1, held.bytes),
    };
    bounded(held.count, count, KEPT_AT_MOST)?;
    bounded(bytes, more, BYTES_AT_MOST)
}

fn bounded(there: u64, more: u64, most: u64) -> Result<(), AppError> {
    if there.saturating_add(more) <= most {
        return Ok(());
    }
    let rule = CreditRule::TooLong(Bound::Count(most));
    refuse(vec![Finding::new(CreditField::DocumentContent, rule)])
}
