//! Tasks as they are shown.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::loan::{DoneBy, LoanCaller, Names};
use lintel_app::session::SignedIn;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::message::TaskState;
use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::loan::read::LoanHead;
use lintel_store::task::{self, Looking, Of, StoredTask, TaskRow};

use crate::about::{Borrowers, LoanRef, sees};

/// Most tasks of one page.
const PAGE_MAX: u32 = 200;
/// Most tasks a list is counted to.
const TOTAL_MAX: u32 = 10_000;

/// Somebody a task can be given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignee {
    /// The id partners see.
    pub id: PublicId,
    /// The name.
    pub name: String,
}

/// A task as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskLine {
    /// The id partners see.
    pub id: PublicId,
    /// What is to be done: text, perhaps of several lines.
    pub description: String,
    /// How it stands.
    pub state: TaskState,
    /// The loan it is about, where the organisation of whoever looks sees it.
    pub loan: Option<LoanRef>,
    /// Public id of the lead it is about, alike.
    pub lead: Option<PublicId>,
    /// Who is to do it; nobody: the organisation.
    pub assignee: Option<Assignee>,
    /// Whether whoever looks is to do it.
    pub is_mine: bool,
    /// Whether whoever looks may mark it as done, and as open again.
    pub may_finish: bool,
    /// Whether whoever looks may give it to somebody else.
    pub may_edit: bool,
    /// Who wants it done: a name, or a customer system's own word for somebody.
    pub requested_by: Option<String>,
    /// Its id in the customer system.
    pub crm_id: Option<String>,
    /// What kind of task it is there.
    pub code: Option<String>,
    /// When it was set.
    pub created_at: Instant,
    /// Who set it.
    pub created_by: DoneBy,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// Who did it.
    pub done_by: Option<DoneBy>,
}

/// Whose tasks to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those the person is to do.
    Mine,
    /// Those of the person's organisation that the person may see.
    Organisation,
}

/// Which tasks to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskFilter {
    /// Whose.
    pub whose: Whose,
    /// How they stand.
    pub state: TaskState,
}

/// A page of tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskPage {
    /// How many there are on all pages, counted to ten thousand.
    pub total: u64,
    /// Those of this page: open ones oldest first, done ones newest first.
    pub lines: Vec<TaskLine>,
}

/// Lists tasks. Somebody who sees own loans only sees the organisation's tasks about those, and about no
/// loan at all. At most two hundred at a time.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(
    app: &App,
    who: &SignedIn,
    filter: &TaskFilter,
    limit: u32,
    offset: u32,
) -> Result<TaskPage, AppError> {
    let of = match filter.whose {
        Whose::Mine => Of::Assignee(&who.person.id),
        Whose::Organisation => Of::Organisation {
            id: &who.org.id,
            officer: (!sees_all(who)).then_some(&who.person.id),
        },
    };
    let total = task::count(app.db(), of, filter.state, TOTAL_MAX).await?;
    let limit = limit.min(PAGE_MAX);
    let rows = task::list(app.db(), of, filter.state, limit, offset).await?;
    let caller = LoanCaller::Person(who);
    Ok(TaskPage {
        total: u64::from(total),
        lines: lines(app, &caller, rows).await?,
    })
}

/// One task, own or of the organisation, as far as the person may see it.
///
/// # Errors
/// Not found, alike, for what is unknown, foreign or not the person's to see; any fault of the database.
#[boxed]
pub async fn one(app: &App, who: &SignedIn, id: &PublicId) -> Result<TaskLine, AppError> {
    let row = task::find(app.db(), looking(who), id).await?;
    let unknown = || AppError::from(Refusal::NotFound { what: Noun::Task });
    let rows = vec![row.ok_or_else(unknown)?];
    let mut found = lines(app, &LoanCaller::Person(who), rows).await?;
    found.pop().ok_or_else(unknown)
}

/// The person as one who looks for a task.
pub(super) fn looking(who: &SignedIn) -> Looking<'_> {
    Looking {
        org_id: &who.org.id,
        person_id: &who.person.id,
        sees_all: sees_all(who),
    }
}

/// The tasks about a loan the caller has found that are of the caller's organisation, or for the caller:
/// open ones first, two hundred at most.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_loan(
    app: &App,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
) -> Result<Vec<TaskLine>, Fault> {
    let loan = (&head.lender_id, &head.line.id);
    let org_id = &caller.org().id;
    let rows = task::of_loan(app.db(), loan, org_id, person(caller), PAGE_MAX).await?;
    lines(app, caller, rows).await
}

/// Whether a person sees all of the organisation's loans and leads.
fn sees_all(who: &SignedIn) -> bool {
    who.may(Permission::SeeAllLoans)
}

fn person<'a>(caller: &LoanCaller<'a>) -> Option<&'a RowId> {
    match caller {
        LoanCaller::Program(_) => None,
        LoanCaller::Person(who) => Some(&who.person.id),
    }
}

/// Whether a task is for whoever looks.
pub(super) fn is_mine(caller: &LoanCaller<'_>, task: &StoredTask) -> bool {
    let assignee = task.assignee.as_ref().map(|(_, id)| id);
    assignee.is_some() && assignee == person(caller)
}

/// Whether whoever looks may give a task that is seen to others.
pub(super) fn may_edit(caller: &LoanCaller<'_>, task: &StoredTask) -> bool {
    task.org_id == caller.org().id && caller.may(Permission::EditTasks)
}

async fn lines(
    app: &App,
    caller: &LoanCaller<'_>,
    rows: Vec<TaskRow>,
) -> Result<Vec<TaskLine>, Fault> {
    let org = caller.org();
    let loans = rows.iter().filter_map(|row| row.task.loan_id.as_ref());
    let borrowers = Borrowers::of(app, org.lender_id(), loans).await?;
    let mut names = Names::default();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let task = row.task;
        let (is_mine, may_edit) = (is_mine(caller, &task), may_edit(caller, &task));
        let done_by = match &task.done_by {
            Some(actor) => Some(names.of(app, org, actor).await?),
            None => None,
        };
        let sees_lead = task.lead.as_ref().is_some_and(|lead| sees(org, &lead.0));
        let assignee = row.assignee.map(|(id, name)| Assignee { id, name });
        lines.push(TaskLine {
            id: task.public_id,
            state: task.state,
            loan: borrowers.loan(org, task.loan_id.as_ref(), row.loan),
            lead: row.lead.filter(|_| sees_lead),
            assignee,
            is_mine,
            may_finish: is_mine || may_edit,
            may_edit,
            requested_by: requester(app, org, &mut names, task.requested_by).await?,
            crm_id: task.crm_id,
            code: task.code,
            description: task.description,
            created_at: task.created_at,
            created_by: names.of(app, org, &task.created_by).await?,
            done_at: task.done_at,
            done_by,
        });
    }
    Ok(lines)
}

/// The name of who wants a task done, or the text it was asked with.
async fn requester(
    app: &App,
    org: &Organisation,
    names: &mut Names,
    text: Option<String>,
) -> Result<Option<String>, Fault> {
    let Some(text) = text else { return Ok(None) };
    if !text.starts_with("staff:") {
        return Ok(Some(text));
    }
    Ok(match names.of(app, org, &text).await? {
        DoneBy::Person(name) => Some(name),
        DoneBy::Somebody | DoneBy::Program | DoneBy::Operator => None,
    })
}
