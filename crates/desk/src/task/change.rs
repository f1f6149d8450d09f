//! Tasks set by hand, given to people, done and opened again.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::loan::{self, LoanCaller};
use lintel_app::people;
use lintel_app::session::SignedIn;
use lintel_domain::contact;
use lintel_domain::event::EventKind;
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::message::TaskState;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Denial, Field, Noun, Refusal, Rule};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::Fault;
use lintel_store::staff;
use lintel_store::task::{self, StoredTask};
use serde_json::json;

use super::DESCRIPTION_MAX_CHARS;
use super::line::{Assignee, is_mine, looking, may_edit};

/// Public ids collide once in a long while; then another is drawn.
const ATTEMPTS: usize = 5;
/// Most people a task can be given to that are offered.
const ASSIGNEES_MAX: u32 = 200;

/// A task somebody sets by hand.
#[derive(Debug, Clone, Default)]
pub struct NewTask {
    /// What is to be done, of several lines perhaps.
    pub description: String,
    /// Public id of who is to do it; blank or none: the organisation.
    pub assignee: Option<String>,
    /// Public id of the loan it is about.
    pub loan: Option<PublicId>,
}

/// Sets a task.
///
/// # Errors
/// Not permitted; a description that is missing or cannot be used; not found for a loan or a person that
/// is not the caller's to name.
#[boxed]
pub async fn create(app: &App, who: &SignedIn, new: NewTask) -> Result<PublicId, AppError> {
    who.require(Permission::EditTasks)?;
    if new.description.trim().is_empty() {
        let (field, rule) = (Field::TaskDescription, Rule::Missing);
        return Err(Refusal::Invalid { field, rule }.into());
    }
    let description = contact::prose(&new.description, DESCRIPTION_MAX_CHARS)
        .ok_or_else(|| Refusal::malformed(Field::TaskDescription))?;
    let assignee = named(app, who, new.assignee.as_deref()).await?;
    let loan_id = match &new.loan {
        Some(id) => {
            let head = loan::find(app, &LoanCaller::Person(who), id).await?;
            Some(head.line.id)
        }
        None => None,
    };
    let task = StoredTask {
        org_id: who.org.id.clone(),
        id: app.row_id()?,
        public_id: app.public_id()?,
        lender_id: who.org.lender_id().clone(),
        loan_id,
        lead: None,
        assignee,
        requested_by: None,
        crm_id: None,
        code: None,
        description,
        state: TaskState::Open,
        created_at: app.now(),
        created_by: who.actor(),
        done_at: None,
        done_by: None,
    };
    let mut tx = app.db().begin().await?;
    let task = insert_in(app, &mut tx, task).await?;
    note_in(app, &mut tx, who, &task, EventKind::TaskCreated).await?;
    tx.commit().await?;
    Ok(task.public_id)
}

/// Stores a task under a public id that is free.
pub(crate) async fn insert_in(
    app: &App,
    tx: &mut Tx,
    mut task: StoredTask,
) -> Result<StoredTask, Fault> {
    for _ in 0..ATTEMPTS {
        if task::insert_in(tx, &task).await? {
            return Ok(task);
        }
        task.public_id = app.public_id()?;
    }
    Err(Fault::internal("no free public id found"))
}

/// Somebody of the organisation who is switched on, as organisation and row id.
async fn named(
    app: &App,
    who: &SignedIn,
    text: Option<&str>,
) -> Result<Option<(RowId, RowId)>, AppError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let found = people::find(app, &who.org, text).await?;
    let person = found.filter(|person| person.is_active);
    let person = person.ok_or(Refusal::NotFound { what: Noun::Staff })?;
    Ok(Some((person.org_id, person.id)))
}

/// Gives a task to somebody, or to the organisation; `false` when it was so already.
///
/// # Errors
/// Not permitted; not found for a task that is not the person's to see, or for nobody of the
/// organisation.
#[boxed]
pub async fn assign(
    app: &App,
    who: &SignedIn,
    id: &PublicId,
    assignee: Option<&str>,
) -> Result<bool, AppError> {
    who.require(Permission::EditTasks)?;
    let assignee = named(app, who, assignee).await?;
    let mut tx = app.db().begin().await?;
    let task = locked_in(&mut tx, who, id).await?;
    if !may_edit(&LoanCaller::Person(who), &task) {
        return Err(Denial::NotPermitted.into());
    }
    if task.assignee == assignee {
        return Ok(false);
    }
    let to = assignee.as_ref().map(|(org, id)| (org, id));
    task::set_assignee_in(&mut tx, &task, to).await?;
    note_in(app, &mut tx, who, &task, EventKind::TaskChanged).await?;
    tx.commit().await?;
    Ok(true)
}

/// Marks a task as done; `false` when it was already. One's own tasks anybody may finish.
///
/// # Errors
/// Not permitted; not found for a task that is not the person's to see.
#[boxed]
pub async fn finish(app: &App, who: &SignedIn, id: &PublicId) -> Result<bool, AppError> {
    set_state(app, who, id, TaskState::Done).await
}

/// Opens a task again; `false` when it was open.
///
/// # Errors
/// As [`finish`].
#[boxed]
pub async fn reopen(app: &App, who: &SignedIn, id: &PublicId) -> Result<bool, AppError> {
    set_state(app, who, id, TaskState::Open).await
}

async fn set_state(
    app: &App,
    who: &SignedIn,
    id: &PublicId,
    state: TaskState,
) -> Result<bool, AppError> {
    let mut tx = app.db().begin().await?;
    let task = locked_in(&mut tx, who, id).await?;
    let caller = LoanCaller::Person(who);
    if !is_mine(&caller, &task) && !may_edit(&caller, &task) {
        return Err(Denial::NotPermitted.into());
    }
    if task.state == state {
        return Ok(false);
    }
    let actor = who.actor();
    let done = match state {
        TaskState::Open => None,
        TaskState::Done => Some((app.now(), actor.as_str())),
    };
    task::set_state_in(&mut tx, &task, state, done).await?;
    note_in(app, &mut tx, who, &task, EventKind::TaskChanged).await?;
    tx.commit().await?;
    Ok(true)
}

async fn locked_in(tx: &mut Tx, who: &SignedIn, id: &PublicId) -> Result<StoredTask, AppError> {
    let found = task::lock_in(tx, looking(who), id).await?;
    let unknown = Refusal::NotFound { what: Noun::Task };
    Ok(found.ok_or(unknown)?.task)
}

/// Notes what was done to a task, with what it is about.
async fn note_in(
    app: &App,
    tx: &mut Tx,
    who: &SignedIn,
    task: &StoredTask,
    kind: EventKind,
) -> Result<(), Fault> {
    let about = task.loan_id.as_ref().unwrap_or(&task.id);
    let (actor, at) = (who.actor(), app.now());
    let body = json!({ "taskID": task.public_id.as_str() }).to_string();
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(&who.org.id, at, &actor, kind, about.as_str())
    };
    let seq = record_in(tx, &event).await?;
    announce_in(tx, &app.row_id()?, &who.org.id, seq, kind, at).await
}

/// Whom a task can be given to: the organisation's people who are switched on, by name, two hundred at
/// most.
///
/// # Errors
/// Not permitted; any fault of the database.
#[boxed]
pub async fn assignees(app: &App, who: &SignedIn) -> Result<Vec<Assignee>, AppError> {
    who.require(Permission::EditTasks)?;
    let people = staff::list(app.db(), &who.org.id, ASSIGNEES_MAX, 0).await?;
    let active = people.into_iter().filter(|person| person.is_active);
    Ok(active
        .map(|person| Assignee {
            name: person.display_name(),
            id: person.public_id,
        })
        .collect())
}
