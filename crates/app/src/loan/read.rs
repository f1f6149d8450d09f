//! Opening one loan: everything about it, for somebody who is signed in; and the note that it was
//! opened.

use std::collections::HashMap;

use lintel_domain::application::Application;
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::loan::read::{self, Happened, LoanHead};

use super::application;
use crate::context::App;
use crate::error::AppError;
use crate::people;
use crate::session::SignedIn;

/// Events shown of each log.
const SHOWN: u32 = 100;
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

/// Something that happened to a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanEvent {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: EventKind,
    /// Who did it.
    pub by: DoneBy,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoneBy {
    /// A colleague, by name.
    Person(String),
    /// Somebody whose name is not to be had any more, or not for this organisation.
    Somebody,
    /// A program, through an API.
    Program,
    /// Whoever runs this installation.
    Operator,
}

/// Opens a loan and notes that it was opened. Somebody who may see own loans only sees those of
/// which the person is the officer.
///
/// # Errors
/// Not permitted for whoever may see no loans; not found for what is unknown, foreign or somebody
/// else's; any fault of the database.
pub async fn read(app: &App, who: &SignedIn, id: &PublicId) -> Result<LoanRecord, AppError> {
    let sees_all = who.may(Permission::SeeAllLoans);
    if !sees_all && !who.may(Permission::SeeOwnLoans) {
        return Err(Denial::NotPermitted.into());
    }
    let unknown = || AppError::from(Refusal::NotFound { what: Noun::Loan });
    let head = read::by_public_id(app.db(), &who.org.loan_scope(), id)
        .await?
        .ok_or_else(unknown)?;
    if !sees_all && head.officer_id.as_ref() != Some(&who.person.id) {
        return Err(unknown());
    }
    let application = application(app, &head.lender_id, &head.line.id)
        .await?
        .ok_or_else(|| Fault::corrupt("loan_application", "loan_id", head.line.id.as_str()))?;
    let own = read::history(app.db(), &who.org.id, &head.line.id, SHOWN).await?;
    note(app, who, &head, &own).await?;
    let history = history(app, who, &head, own).await?;
    Ok(LoanRecord {
        head,
        application,
        history,
    })
}

/// What the organisation's own log says about a loan, and of the log of whoever originated it what
/// is about the loan and not about who looked at it.
async fn history(
    app: &App,
    who: &SignedIn,
    head: &LoanHead,
    mut found: Vec<Happened>,
) -> Result<Vec<LoanEvent>, Fault> {
    if head.org_id != who.org.id {
        let theirs = read::history(app.db(), &head.org_id, &head.line.id, SHOWN).await?;
        found.extend(
            theirs
                .into_iter()
                .filter(|e| e.kind != EventKind::LoanViewed),
        );
        found.sort_by_key(|event| std::cmp::Reverse(event.at));
    }
    let mut names = HashMap::new();
    let mut history = Vec::with_capacity(found.len());
    for event in found {
        history.push(LoanEvent {
            at: event.at,
            kind: event.kind,
            by: done_by(app, &who.org, &event.actor, &mut names).await?,
        });
    }
    Ok(history)
}

/// Who an actor of the log is, as far as this organisation may know.
async fn done_by(
    app: &App,
    org: &Organisation,
    actor: &str,
    names: &mut HashMap<String, DoneBy>,
) -> Result<DoneBy, Fault> {
    if let Some(known) = names.get(actor) {
        return Ok(known.clone());
    }
    let by = match actor.strip_prefix("staff:").map(PublicId::parse) {
        Some(Some(id)) => {
            let person = people::find_visible(app, org, id.as_str()).await?;
            person.map_or(DoneBy::Somebody, |p| DoneBy::Person(p.display_name()))
        }
        Some(None) => DoneBy::Somebody,
        None if matches!(actor, "operator" | "demo") => DoneBy::Operator,
        None => DoneBy::Program,
    };
    names.insert(actor.to_owned(), by.clone());
    Ok(by)
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
