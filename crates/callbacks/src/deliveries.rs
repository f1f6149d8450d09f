//! What was and is to be delivered, and delivering one once more.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::callback::{DeliveryState, NotificationType};
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::intermediary::Partner;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_store::callback;
use lintel_store::callback::attempt::{self, Attempt};
use lintel_store::callback::event;
use lintel_store::callback::line::{self, EventLine};
use lintel_store::event::{NewEvent, record_in};
use serde_json::json;

use crate::register::{not_found, whose};
use crate::tell::ask_in;

/// Attempts of one event, all in all, after which it is not delivered once more.
const MOST_ATTEMPTS: u32 = 200;

/// One delivery with its attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, which is its `webhook-id`.
    pub id: RowId,
    /// The process or simulation it is about.
    pub subject: RowId,
    /// How it stands.
    pub state: DeliveryState,
    /// When the event was written.
    pub created_at: Instant,
    /// When it is tried next, if it is.
    pub next_at: Option<Instant>,
    /// When it was over, if it is.
    pub closed_at: Option<Instant>,
    /// The attempts, in order.
    pub attempts: Vec<Attempt>,
}

impl Delivery {
    fn of(line: EventLine) -> Self {
        Self {
            id: line.id,
            subject: line.subject,
            state: line.state,
            created_at: line.created_at,
            next_at: line.next_at,
            closed_at: line.closed_at,
            attempts: Vec::new(),
        }
    }
}

/// A page of a type's deliveries, newest first, and how many there are. They outlive the registration
/// by thirty days.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn deliveries(
    app: &App,
    partner: &Partner,
    kind: NotificationType,
    offset: u32,
    limit: u32,
) -> Result<(Vec<Delivery>, u64), AppError> {
    let whose = whose(partner, kind);
    let (lines, count) = line::list(app.db(), &whose, offset, limit).await?;
    let ids: Vec<RowId> = lines.iter().map(|line| line.id.clone()).collect();
    let attempts = attempt::of(app.db(), &partner.org_id, &ids).await?;
    let mut list: Vec<Delivery> = lines.into_iter().map(Delivery::of).collect();
    for (id, attempt) in attempts {
        if let Some(delivery) = list.iter_mut().find(|delivery| delivery.id == id) {
            delivery.attempts.push(attempt);
        }
    }
    Ok((list, count))
}

/// Delivers one that is over once more: the same id and the same bytes, to where the type is told now,
/// with the schedule from its beginning. It holds up nothing of its subject, nor waits for anything.
/// Doing it twice before it went out is doing it once.
///
/// # Errors
/// Not found when there is none of the partner's, or no active registration; wrong state while it is
/// still to be delivered for the first time, or was tried some hundred times; any fault of the database.
#[boxed]
pub async fn replay(
    app: &App,
    partner: &Partner,
    kind: NotificationType,
    id: &RowId,
) -> Result<Delivery, AppError> {
    let org_id = &partner.org_id;
    let whose = whose(partner, kind);
    let mut tx = app.db().begin().await?;
    let known = event::load_in(&mut tx, org_id, id).await?;
    let known = known
        .filter(|event| event.intermediary_id == partner.intermediary_id && event.kind == kind);
    let Some(known) = known else {
        let what = Noun::CallbackDelivery;
        return Err(Refusal::NotFound { what }.into());
    };
    if known.attempts >= MOST_ATTEMPTS {
        let (what, is) = (Noun::CallbackDelivery, "worn out");
        return Err(Refusal::WrongState { what, is }.into());
    }
    // Before everything else: who changes it holds it, too, and takes log and queue in either order.
    callback::lock_subject_in(&mut tx, org_id, &known.subject).await?;
    let registration = callback::lock_in(&mut tx, &whose).await?;
    let registration = registration.ok_or_else(not_found)?;
    if !registration.is_active {
        let what = Noun::Callback;
        return Err(Refusal::WrongState { what, is: "off" }.into());
    }
    event::hold_in(&mut tx, org_id, &known.subject).await?;
    if event::replay_in(&mut tx, org_id, id, app.now()).await? {
        ask_in(app, &mut tx, org_id, id, app.now()).await?;
        let actor = partner.actor();
        let told = NewEvent {
            body: &json!({ "type": kind.as_str() }).to_string(),
            ..NewEvent::plain(
                org_id,
                app.now(),
                &actor,
                EventKind::CallbackReplayed,
                id.as_str(),
            )
        };
        record_in(&mut tx, &told).await?;
        tx.commit().await?;
    } else {
        // Nobody waits for these rows while this waits for a connection of its own.
        drop(tx);
        if known.state == DeliveryState::Waiting {
            let (what, is) = (Noun::CallbackDelivery, known.state.as_str());
            return Err(Refusal::WrongState { what, is }.into());
        }
    }
    let now = event::load(app.db(), org_id, id).await?.unwrap_or(known);
    let attempts = attempt::of(app.db(), org_id, std::slice::from_ref(id)).await?;
    Ok(Delivery {
        id: now.id,
        subject: now.subject,
        state: now.state,
        created_at: now.created_at,
        next_at: now.next_at,
        closed_at: now.closed_at,
        attempts: attempts.into_iter().map(|(_, attempt)| attempt).collect(),
    })
}
