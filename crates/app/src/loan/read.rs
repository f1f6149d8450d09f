//! Opening one loan: everything about it, for somebody who is signed in; and the note that it was
//! opened.

use lintel_domain::application::Application;
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::loan::read::{Happened, LoanHead};

use super::caller::{LoanCaller, find};
use super::history::{self, LoanEvent};
use super::opened;
use crate::context::App;
use crate::error::AppError;
use crate::session::SignedIn;

/// Opening a loan again within so many seconds is the same look at it.
const SAME_LOOK_SECONDS: i64 = 60;

/// A loan with everything a person may see of it.
#[derive(Debug, Clone)]
pub struct LoanRecord {
    /// Its row.
    pub head: LoanHead,
    /// What was applied for.
    pub application: Application,
    /// What happened to it, newest first.
    pub history: Vec<LoanEvent>,
}

/// Opens a loan and notes that it was opened. Somebody who may see own loans only sees those of
/// which the person is the officer.
///
/// # Errors
/// Not permitted for whoever may see no loans; not found for what is unknown, foreign or somebody
/// else's; any fault of the database.
#[boxed]
pub async fn read(app: &App, who: &SignedIn, id: &PublicId) -> Result<LoanRecord, AppError> {
    let head = find(app, &LoanCaller::Person(who), id).await?;
    let application = opened(app, &head).await?;
    let own = history::own(app, &who.org, &head).await?;
    note(app, who, &head, &own).await?;
    let history = history::history(app, &who.org, &head, own).await?;
    Ok(LoanRecord {
        head,
        application,
        history,
    })
}

/// Notes that somebody opened a loan, once a minute at most. The log names people by id only.
async fn note(
    app: &App,
    who: &SignedIn,
    head: &LoanHead,
    latest: &[Happened],
) -> Result<(), Fault> {
    let now = app.now();
    let actor = who.actor();
    let is_same_look = latest.iter().any(|event| {
        event.kind == EventKind::LoanViewed
            && event.actor == actor
            && event.at > now.plus_seconds(-SAME_LOOK_SECONDS)
    });
    if is_same_look {
        return Ok(());
    }
    let body = serde_json::json!({ "userID": who.person.public_id.as_str() }).to_string();
    let mut tx = app.db().begin().await?;
    let event = NewEvent {
        org_id: &who.org.id,
        at: now,
        actor: &actor,
        kind: EventKind::LoanViewed,
        subject: head.line.id.as_str(),
        body: &body,
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await
}
