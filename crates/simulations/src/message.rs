//! Messages about a simulation.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::event::EventKind;
use lintel_domain::finding::Finding;
use lintel_domain::refusal::Refusal;
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use serde_json::json;

use crate::caller::Caller;
use crate::row::load;
use crate::thread::{self, Author, Subject, ThreadMessage, ThreadPage, Topic};

/// A page of the messages about a simulation, newest first.
///
/// # Errors
/// Not found; any fault of the database or the key ring.
#[boxed]
pub async fn messages(
    app: &App,
    caller: Caller<'_>,
    id: &str,
    (number, size): (u32, u32),
) -> Result<ThreadPage, AppError> {
    let simulation = load(app, caller, id).await?;
    let org_id = &caller.partner.org_id;
    Ok(thread::page(app, org_id, &simulation.id, number, size).await?)
}

/// Writes a message about a simulation, however it stands. `found` is what the caller found already.
///
/// # Errors
/// Not found; every finding at once; any fault of the database or the key ring.
#[boxed]
pub async fn write_message(
    app: &App,
    caller: Caller<'_>,
    id: &str,
    (subject, text): (Option<&str>, Option<&str>),
    found: Vec<Finding>,
) -> Result<ThreadMessage, AppError> {
    let simulation = load(app, caller, id).await?;
    let words = thread::checked(subject, text, found).map_err(Refusal::Findings)?;
    let partner = caller.partner;
    let topic = Topic {
        org_id: &partner.org_id,
        subject: Subject::Simulation,
        subject_id: &simulation.id,
    };
    let author = Author {
        from_bank: false,
        id: &partner.user_id,
        name: &partner.user_name,
    };
    let mut tx = app.db().begin().await?;
    let written = thread::write_in(app, &mut tx, topic, author, words).await?;
    let body = json!({ "message": written.id.as_str() }).to_string();
    let (actor, kind) = (partner.actor(), EventKind::PartnerMessageWritten);
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(
            &partner.org_id,
            app.now(),
            &actor,
            kind,
            simulation.id.as_str(),
        )
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(written)
}
