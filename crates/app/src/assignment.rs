//! Giving a new borrower to a loan officer.

use lintel_domain::assignment::{choose, stamp};
use lintel_domain::id::RowId;
use lintel_domain::license::StateCode;
use lintel_domain::organisation::Organisation;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::staff;

use crate::context::App;

/// Chooses whose turn it is among an organisation's officers and notes it; `None` when the rules
/// leave nobody. With a branch, its rule counts beside the company's; without a state, licences do
/// not count. To be called before the transaction records an event.
pub(crate) async fn choose_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    branch: Option<&RowId>,
    state: Option<StateCode>,
) -> Result<Option<RowId>, Fault> {
    // Two borrowers at the same moment are two turns.
    staff::lock_family_in(tx, org.lender_id()).await?;
    let candidates = staff::candidates_in(tx, &org.id, branch, state).await?;
    let Some(chosen) = choose(&candidates) else {
        return Ok(None);
    };
    let when = stamp(&candidates, app.now());
    staff::mark_assigned_in(tx, &org.id, &chosen.id, when).await?;
    Ok(Some(chosen.id.clone()))
}

#[cfg(test)]
mod tests;
