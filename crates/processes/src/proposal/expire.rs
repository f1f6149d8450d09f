//! Proposals whose days are over. They read as expired at once; here it is written down and told.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::job::BoxFuture;
use lintel_domain::id::RowId;
use lintel_domain::proposal::{ProposalCommand, ProposalStatus};
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::process::{Whose, lock_in as lock_process_in};
use lintel_store::proposal::{due, find, lock_in};

use super::moves::{move_in, nobody};

/// Proposals looked for at once.
const BATCH: u32 = 200;
/// Batches of a run; the rest is for the next.
const BATCHES: usize = 100;

/// The sweep as the job that ends simulations takes it along.
#[must_use]
pub fn ending(app: &App) -> BoxFuture<'_, Result<u64, Fault>> {
    Box::pin(sweep(app))
}

/// Writes down which proposals are over, of all banks; how many. Each in a transaction of its own. May
/// be done twice.
///
/// # Errors
/// Any fault of the database; those before it are written down.
#[boxed]
pub async fn sweep(app: &App) -> Result<u64, Fault> {
    let mut ended = 0_u64;
    for _ in 0..BATCHES {
        let found = due(app.db(), app.now(), BATCH).await?;
        let before = ended;
        for (org_id, id) in &found {
            ended = ended.saturating_add(u64::from(end(app, org_id, id).await?));
        }
        let is_last = u32::try_from(found.len()).is_ok_and(|len| len < BATCH);
        if is_last || ended == before {
            break;
        }
    }
    Ok(ended)
}

async fn end(app: &App, org_id: &RowId, id: &RowId) -> Result<bool, Fault> {
    let whose = Whose {
        org_id,
        intermediary_id: None,
    };
    let Some(seen) = find(app.db(), whose, id).await? else {
        return Ok(false);
    };
    let mut tx = app.db().begin().await?;
    let Some(head) = lock_process_in(&mut tx, whose, &seen.process_id).await? else {
        return Err(Fault::corrupt("proposal", "process_id", id.as_str()));
    };
    let Some(mut proposal) = lock_in(&mut tx, whose, id).await? else {
        return Ok(false);
    };
    if proposal.status != ProposalStatus::Issued || app.now() < proposal.valid_until {
        return Ok(false);
    }
    let of = (&head, &mut proposal);
    match move_in(app, &mut tx, of, ProposalCommand::Expire, (&nobody(), None)).await {
        Ok(()) => tx.commit().await.map(|()| true),
        Err(AppError::Failed(fault)) => Err(fault),
        Err(AppError::Refused(_) | AppError::Document(_)) => Ok(false),
    }
}
