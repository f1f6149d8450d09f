//! The history of a status.

use lintel_app::context::App;
use lintel_domain::id::{Instant, RowId};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::status_change::{self, insert_in};

pub use lintel_store::status_change::{StatusChange, Subject};

/// Who writes down what nobody did.
pub const SYSTEM: &str = "system";

/// A change of a status, about to be noted.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// The bank.
    pub org_id: &'a RowId,
    /// What the status belongs to.
    pub subject: Subject,
    /// Row id of that.
    pub subject_id: &'a RowId,
    /// The status before; none when it came into being.
    pub from: Option<&'a str>,
    /// The status since.
    pub to: &'a str,
    /// Who did it, as events name them.
    pub actor: &'a str,
    /// The name shown.
    pub actor_name: &'a str,
    /// Why, when somebody said so; nothing personal.
    pub reason: Option<&'a str>,
    /// Since when.
    pub at: Instant,
}

/// Notes a change of a status in the transaction of the change.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn note_in(app: &App, tx: &mut Tx, step: &Step<'_>) -> Result<(), Fault> {
    let change = StatusChange {
        id: app.row_id()?,
        subject: step.subject,
        subject_id: step.subject_id.clone(),
        from: step.from.map(str::to_owned),
        to: step.to.to_owned(),
        actor: step.actor.to_owned(),
        actor_name: step.actor_name.to_owned(),
        reason: step.reason.map(str::to_owned),
        at: step.at,
    };
    insert_in(tx, step.org_id, &change).await
}

/// The changes of a subject's status, oldest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of(app: &App, org_id: &RowId, subject_id: &RowId) -> Result<Vec<StatusChange>, Fault> {
    status_change::of_subject(app.db(), org_id, subject_id).await
}
