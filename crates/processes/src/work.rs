//! What a process comes to, worked out anew whenever something it depends on changed.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::Finding;
use lintel_domain::id::RowId;
use lintel_domain::lisbon;
use lintel_domain::refusal::Refusal;
use lintel_domain::simulation::{Request, VALID_DAYS};
use lintel_offer::Calculation;
use lintel_simulations::{book, search};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::process::{StoredProcess, set_answer_in};

use crate::process::json_of;

/// What working out came to: figures with the version of the offer they are from, or what stands in
/// their way.
pub(crate) type Worked = Result<(Calculation, RowId), Vec<Finding>>;

/// Works a request out with today's offer and index values.
///
/// # Errors
/// Any fault; findings are a result.
pub(crate) async fn work(
    app: &App,
    org_id: &RowId,
    request: Request,
    found: Vec<Finding>,
) -> Result<Worked, AppError> {
    match book::simulate(app, org_id, request, found).await {
        Ok((worked, shelf)) => Ok(Ok((worked, shelf.offer_id))),
        Err(AppError::Refused(Refusal::Findings(findings))) => Ok(Err(findings)),
        Err(error) => Err(error),
    }
}

/// Whether two calculations come to the same, whichever days they are of.
pub(crate) fn is_same(one: &Calculation, other: &Calculation) -> bool {
    let (mut one, mut other) = (one.clone(), other.clone());
    other.day = one.day;
    // The name of an edition costs nobody anything.
    one.edition.clone_from(&other.edition);
    one == other
}

/// Puts what was worked out into a head that is locked and will be saved. Figures that are the same
/// stand as they stood. Others stand for so many days from now, and their information sheet was not
/// given out yet. When nothing could be worked out, what was there stands no longer.
pub(crate) async fn settle_in(
    app: &App,
    tx: &mut Tx,
    head: &mut StoredProcess,
    (before, worked): (&Calculation, &Worked),
) -> Result<(), Fault> {
    let now = app.now();
    match worked {
        Ok((after, _)) if now < head.valid_until && is_same(before, after) => {}
        Ok((after, offer_id)) => {
            head.offer_id = offer_id.clone();
            head.fine_at = None;
            head.valid_until = end_of_validity(app)?;
            set_answer_in(tx, head, &json_of(after)?).await?;
        }
        Err(_) => {
            head.fine_at = None;
            head.valid_until = head.valid_until.min(now);
        }
    }
    Ok(())
}

/// The end of the last day that what is worked out now stands for.
fn end_of_validity(app: &App) -> Result<lintel_domain::id::Instant, Fault> {
    let days = i32::try_from(VALID_DAYS).unwrap_or(30);
    let last = lisbon::day_of(app.now()).add_days(days);
    let last = last.map_err(|_| Fault::internal("the calendar ends"))?;
    Ok(lisbon::end_of(last))
}

/// Writes the branch of a calculation's loan beside the terms it belongs to.
pub(crate) fn set_branch(head: &mut StoredProcess, terms: &Request, worked: &Worked) {
    head.branch_id = terms.branch;
    let branch = worked
        .as_ref()
        .ok()
        .and_then(|(after, _)| after.loan.branch.as_ref());
    head.branch_folded = branch.map_or_else(String::new, |branch| search::folded(&branch.pt));
}
