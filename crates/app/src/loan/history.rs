//! What happened to a loan, who did it, and who looked at it.

use lintel_macros::boxed;
use std::collections::HashMap;

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::loan::{LoanView, Status};
use lintel_domain::organisation::Organisation;
use lintel_store::fault::Fault;
use lintel_store::loan::read::{self, Happened, LoanHead};
use serde_json::Value;

use crate::context::App;
use crate::people;

/// Events shown of each log.
const SHOWN: u32 = 100;
/// Looks shown at one loan, the newest.
const VIEWS_SHOWN: u32 = 500;

/// Something that happened to a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanEvent {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: EventKind,
    /// Who did it.
    pub by: DoneBy,
    /// The system's status before, of a change of status.
    pub from: Option<Status>,
    /// The system's status after, of a change of status.
    pub to: Option<Status>,
    /// Public id of the condition or document it is about.
    pub about: Option<PublicId>,
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

/// Names of the actors of one answer, looked up once each.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, DoneBy>);

impl Names {
    /// Who an actor of the log is, as far as an organisation may know.
    ///
    /// # Errors
    /// Any fault of the database.
    #[boxed]
    pub async fn of(
        &mut self,
        app: &App,
        org: &Organisation,
        actor: &str,
    ) -> Result<DoneBy, Fault> {
        if let Some(known) = self.0.get(actor) {
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
        self.0.insert(actor.to_owned(), by.clone());
        Ok(by)
    }
}

/// What an organisation's own log says about a loan, newest first.
pub(super) async fn own(
    app: &App,
    org: &Organisation,
    head: &LoanHead,
) -> Result<Vec<Happened>, Fault> {
    read::history(app.db(), &org.id, &head.line.id, SHOWN).await
}

/// What happened to a loan, newest first: what the organisation's own log says, and of the other
/// side's what is for both. A lender is told what its broker did and not who looked at the loan; a
/// broker what its lender did to the loan.
pub(super) async fn history(
    app: &App,
    org: &Organisation,
    head: &LoanHead,
    mut found: Vec<Happened>,
) -> Result<Vec<LoanEvent>, Fault> {
    let is_lender = org.id == head.lender_id;
    let other = if is_lender {
        &head.org_id
    } else {
        &head.lender_id
    };
    if *other != org.id {
        let theirs = read::history(app.db(), other, &head.line.id, SHOWN).await?;
        let is_told = |event: &Happened| {
            if is_lender {
                event.kind != EventKind::LoanViewed
            } else {
                is_for_broker(event.kind)
            }
        };
        found.extend(theirs.into_iter().filter(is_told));
        found.sort_by_key(|event| std::cmp::Reverse(event.at));
    }
    let mut names = Names::default();
    let mut history = Vec::with_capacity(found.len());
    for event in found {
        let body: Value = serde_json::from_str(&event.body)
            .map_err(|_| Fault::corrupt("event", "body", head.line.id.as_str()))?;
        history.push(LoanEvent {
            at: event.at,
            kind: event.kind,
            by: names.of(app, org, &event.actor).await?,
            from: status(&body, event.kind, "from"),
            to: status(&body, event.kind, "to"),
            about: about(&body),
        });
    }
    Ok(history)
}

/// What a broker is told of its lender's work on a loan: what the broker can see the end of anyway.
const fn is_for_broker(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::LoanStatusChanged
            | EventKind::ConditionAdded
            | EventKind::ConditionUpdated
            | EventKind::DocumentFiled
            | EventKind::DocumentRemoved
    )
}

fn status(body: &Value, kind: EventKind, side: &str) -> Option<Status> {
    let side = (kind == EventKind::LoanStatusChanged).then(|| body.get(side))??;
    let text = |part: &str| side.get(part)?.as_str().map(str::to_owned);
    Some(Status {
        main: text("main")?,
        sub: text("sub")?,
    })
}

fn about(body: &Value) -> Option<PublicId> {
    let one = ["docID", "conditionID", "document"];
    let id = one.iter().find_map(|member| body.get(*member));
    // Of papers handed out together nothing says which one is meant.
    let only = || match body.get("documents")?.as_array()?.as_slice() {
        [id] => Some(id),
        _ => None,
    };
    PublicId::parse(id.or_else(only)?.as_str()?)
}

/// Who of the organisation looked at a loan, oldest first.
pub(super) async fn views(
    app: &App,
    org: &Organisation,
    head: &LoanHead,
) -> Result<Vec<LoanView>, Fault> {
    let kind = EventKind::LoanViewed;
    let id = &head.line.id;
    let seen = read::history_of_kind(app.db(), &org.id, kind, id, VIEWS_SHOWN).await?;
    let seen = seen.into_iter().rev();
    super::list::named(app, seen.map(|event| (id.clone(), event.at, event.body))).await
}
