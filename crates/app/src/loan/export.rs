//! Taking the list of loans along.

use lintel_domain::event::EventKind;
use lintel_domain::permission::Permission;
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};

use crate::context::App;
use crate::error::AppError;
use crate::session::SignedIn;

/// Notes in the log that somebody takes so many loans along as a file. Before the file: whoever
/// breaks it off has read what came until then.
///
/// # Errors
/// Denied when the person's roles do not allow it; any fault of the database.
#[boxed]
pub async fn record_export(app: &App, who: &SignedIn, loans: u64) -> Result<(), AppError> {
    who.require(Permission::ExportLoans)?;
    let actor = who.actor();
    let user = who.person.public_id.as_str();
    let body = serde_json::json!({ "userID": user, "loans": loans }).to_string();
    let mut tx = app.db().begin().await?;
    let event = NewEvent {
        org_id: &who.org.id,
        at: app.now(),
        actor: &actor,
        kind: EventKind::LoansExported,
        subject: who.org.id.as_str(),
        body: &body,
    };
    record_in(&mut tx, &event).await?;
    Ok(tx.commit().await?)
}
