//! What operators load for the Portuguese market: the list of parishes, and the month averages a bank
//! prices with.

use lintel_macros::boxed;
use std::collections::BTreeMap;

use lintel_domain::event::EventKind;
use lintel_domain::organisation::Organisation;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::index_average::{self, Average};
use lintel_store::parish;

use crate::context::App;
use crate::error::AppError;

/// Of a hundred parishes that are there, how many a new list may retire before somebody has to say that this is
/// meant. A reform of the parishes retires fewer; half a file more.
const MAY_RETIRE_PERCENT: u64 = 10;

/// What a load of parishes came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParishLoad {
    /// It is in force, or would be.
    Done(parish::Changes),
    /// So many would be retired that the list looks like a part of one. Nothing was written.
    TooFew(parish::Changes),
}

/// Puts a whole list of parishes, code and name by code, in the place of the one that is there. The codes
/// have to be checked already.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn replace_parishes(
    app: &App,
    list: &BTreeMap<String, String>,
    may_shrink: bool,
    dry_run: bool,
) -> Result<ParishLoad, AppError> {
    let mut tx = app.db().begin().await?;
    let changes = parish::replace_in(&mut tx, list, app.now()).await?;
    let before = changes
        .kept
        .saturating_add(changes.changed)
        .saturating_add(changes.retired);
    let too_few = changes.retired.saturating_mul(100) > before.saturating_mul(MAY_RETIRE_PERCENT);
    if too_few && !may_shrink {
        return Ok(ParishLoad::TooFew(changes));
    }
    if !dry_run {
        tx.commit().await?;
    }
    Ok(ParishLoad::Done(changes))
}

/// Writes month averages of a bank; months that are not named stay. The event log notes it when anything
/// changed.
///
/// # Errors
/// Any fault of the database; a day that is not the first of its month.
#[boxed]
pub async fn put_averages(
    app: &App,
    bank: &Organisation,
    actor: &str,
    averages: &[Average],
    dry_run: bool,
) -> Result<index_average::Changes, AppError> {
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let changes = index_average::put_in(&mut tx, &bank.id, averages, now).await?;
    if changes.added > 0 || changes.changed > 0 {
        let body = format!(
            "{{\"added\":{},\"changed\":{}}}",
            changes.added, changes.changed
        );
        let event = NewEvent {
            body: &body,
            ..NewEvent::plain(
                &bank.id,
                now,
                actor,
                EventKind::IndexImported,
                bank.id.as_str(),
            )
        };
        record_in(&mut tx, &event).await?;
    }
    if !dry_run {
        tx.commit().await?;
    }
    Ok(changes)
}
