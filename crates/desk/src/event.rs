//! Events of customer systems: each is carried out in full or not at all, and once.
//!
//! What was carried out is remembered by the id the system gave it, in the transaction that did it. An
//! event that failed is not: put right, it may come again under the same id.

mod act;
mod check;
mod draft;
mod part;

pub use draft::{
    ActionDraft, AlertDraft, AlertFor, EmailDraft, EventDraft, RecipientsDraft, SmsDraft, SmsFor,
    TaskDraft, TaskFor, ToldRole, WorkDraft,
};
use lintel_macros::boxed;
pub use part::{AlertPart, EmailPart, List, Mistake, Part, SmsPart, TaskPart, Wrong};

use lintel_app::auth::Principal;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_store::crm;

/// Most events of one call.
pub const EVENTS_MAX: usize = 500;
/// Most actions of one event.
pub const ACTIONS_MAX: usize = 100;

/// What came of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The id the customer system gave it, when there is one.
    pub id: Option<String>,
    /// The first thing that is wrong with it; nothing was done then. None when everything was done, now
    /// or before.
    pub mistake: Option<Mistake>,
    /// Whether it was done before.
    pub is_repeat: bool,
}

/// Carries an event out, unless it was before.
///
/// # Errors
/// Any fault of the database or the key ring; nothing was done then. What is wrong with the event is in
/// the answer.
#[boxed]
pub async fn carry_out(
    app: &App,
    principal: &Principal,
    draft: EventDraft,
) -> Result<Answer, AppError> {
    let EventDraft { id, actions } = draft;
    let id = match check::event_id(id) {
        Ok(id) => id,
        Err(mistake) => {
            return Ok(Answer {
                id: None,
                mistake: Some(mistake),
                is_repeat: false,
            });
        }
    };
    let answer = |id: String, mistake: Option<Mistake>, is_repeat: bool| Answer {
        id: Some(id),
        mistake,
        is_repeat,
    };
    if crm::is_known(app.db(), &principal.org.id, &id).await? {
        return Ok(answer(id, None, true));
    }
    // Mail may bring a lot of HTML to read.
    let checked = app
        .heavy("reading an event", move || check::actions(actions))
        .await?;
    let actions = match checked {
        Ok(actions) => actions,
        Err(mistake) => return Ok(answer(id, Some(mistake), false)),
    };
    match act::carry_out(app, principal, &id, &actions).await? {
        act::End::Done => Ok(answer(id, None, false)),
        act::End::Known => Ok(answer(id, None, true)),
        act::End::Wrong(mistake) => Ok(answer(id, Some(mistake), false)),
    }
}
