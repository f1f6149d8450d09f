//! How long papers are kept: the rule book's months, from the later of a paper's arrival and the end
//! of its loan.

use lintel_domain::document::{LoanDocType, retention_of};
use lintel_domain::id::Instant;
use lintel_engine::date::Date;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::document::write;
use lintel_store::fault::Fault;
use lintel_store::loan::read::LoanHead;

use crate::context::App;
use crate::quote::{day_of, not_in_force};

/// The last day a paper has to be kept that arrives at an instant, or whose loan ends then; `None`
/// stands for papers of conditions.
///
/// # Errors
/// When the rule book has no months for that day.
pub(super) fn keep_until(app: &App, kind: Option<LoanDocType>, at: Instant) -> Result<Date, Fault> {
    let day = day_of(at)?;
    let edition = app.rules().us.retention.on(day);
    let edition = edition.map_err(|missing| not_in_force(&missing))?;
    let beyond = || Fault::internal("papers would have to be kept beyond the calendar's end");
    edition
        .rows
        .until(retention_of(kind), day)
        .ok_or_else(beyond)
}

/// Counts anew how long the papers of a locked loan are kept, in the transaction in which it ends.
/// Nothing is ever kept shorter than was said before.
///
/// # Errors
/// Any fault of the database; when the rule book has no months for that day.
#[boxed]
pub async fn recount_retention_in(
    app: &App,
    tx: &mut Tx,
    loan: &LoanHead,
    ended_at: Instant,
) -> Result<(), Fault> {
    let row = (&loan.lender_id, &loan.line.id);
    for kind in write::kinds_in(tx, row).await? {
        write::keep_in(tx, row, kind, keep_until(app, kind, ended_at)?).await?;
    }
    Ok(())
}
