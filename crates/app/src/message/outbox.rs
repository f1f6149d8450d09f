//! Messages that did not go out: tried again, or taken back.

use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::permission::Permission;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::message::{self, StoredMessage};

use super::handlers::ask_again_in;
use super::look::find;
use crate::context::App;
use crate::error::AppError;
use crate::session::SignedIn;

/// Has the deliveries of a message tried again that were given up or held back; how many those are.
/// An address that still is not written to is held back again.
///
/// # Errors
/// Denied without the permission; not found for what is unknown or foreign; any fault of the database.
#[boxed]
pub async fn retry(app: &App, who: &SignedIn, public_id: &str) -> Result<u32, AppError> {
    who.require(Permission::EditMessages)?;
    let stored = find(app, who, public_id).await?;
    let mut tx = app.db().begin().await?;
    let again = message::again_in(&mut tx, &who.org.id, &stored.id, app.now()).await?;
    for delivery in &again {
        ask_again_in(app, &mut tx, &who.org.id, stored.channel, delivery).await?;
    }
    noted(app, tx, who, &stored, (EventKind::MessageRetried, &again)).await
}

/// Takes the deliveries of a message back that have not gone out; how many those are. One that is
/// being handed over at this moment may go out all the same, and is then shown as sent.
///
/// # Errors
/// As [`retry`].
#[boxed]
pub async fn cancel(app: &App, who: &SignedIn, public_id: &str) -> Result<u32, AppError> {
    who.require(Permission::EditMessages)?;
    let stored = find(app, who, public_id).await?;
    let mut tx = app.db().begin().await?;
    let back = message::cancel_in(&mut tx, &who.org.id, &stored.id, app.now()).await?;
    noted(app, tx, who, &stored, (EventKind::MessageCancelled, &back)).await
}

/// Records what was done, and commits; nothing is recorded when nothing was.
async fn noted(
    app: &App,
    mut tx: Tx,
    who: &SignedIn,
    stored: &StoredMessage,
    (kind, deliveries): (EventKind, &[RowId]),
) -> Result<u32, AppError> {
    if deliveries.is_empty() {
        return Ok(0);
    }
    let count = u32::try_from(deliveries.len())
        .map_err(|_| Fault::internal("a message has too many deliveries"))?;
    let body = serde_json::json!({ "deliveries": count }).to_string();
    let actor = who.actor();
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(&who.org.id, app.now(), &actor, kind, stored.id.as_str())
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(count)
}
