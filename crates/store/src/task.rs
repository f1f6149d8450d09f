//! Things somebody is to do.

mod list;

use lintel_macros::FromRow;
use lintel_macros::boxed;
pub use list::{Of, count, list, of_loan};

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::message::TaskState;

use crate::db::{Db, Tx, Val};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO task (org_id, id, public_id, lender_org_id, loan_id, lead_org_id, \
     lead_id, assignee_org_id, assignee_id, requested_by, crm_task_id, code, description, state, \
     created_at_us, created_by, done_at_us, done_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
     $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT DO NOTHING";
/// An update that changes nothing is a lock both databases have.
const LOCK: &str = "UPDATE task SET state = state WHERE org_id = $1 AND id = $2";
const SET_STATE: &str = "UPDATE task SET state = $3, done_at_us = $4, done_by = $5 \
     WHERE org_id = $1 AND id = $2";
const SET_ASSIGNEE: &str = "UPDATE task SET assignee_org_id = $3, assignee_id = $4 \
     WHERE org_id = $1 AND id = $2";

const COLUMNS: &str = "SELECT t.org_id, t.id, t.public_id, t.lender_org_id, t.loan_id, t.lead_org_id, \
     t.lead_id, t.assignee_org_id, t.assignee_id, t.requested_by, t.crm_task_id, t.code, \
     t.description, t.state, t.created_at_us, t.created_by, t.done_at_us, t.done_by, \
     s.public_id AS assignee_public_id, s.first_name AS assignee_first_name, \
     s.preferred_name AS assignee_preferred_name, s.last_name AS assignee_last_name, \
     l.public_id AS loan_public_id, l.org_id AS loan_org_id, d.uid AS lead_uid";
/// A task with whom it is for and what it is about.
const FROM: &str = "FROM task t \
     LEFT JOIN staff s ON s.org_id = t.assignee_org_id AND s.id = t.assignee_id \
     LEFT JOIN loan l ON l.lender_org_id = t.lender_org_id AND l.id = t.loan_id \
     LEFT JOIN lead d ON d.org_id = t.lead_org_id AND d.id = t.lead_id";
const ONE: &str = "t.public_id = $1 AND (t.assignee_id = $3 OR (t.org_id = $2 AND ($4 = '' \
     OR l.officer_id = $4 OR d.officer_id = $4 OR (t.loan_id IS NULL AND t.lead_id IS NULL))))";

/// A task as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTask {
    /// Whose task.
    pub org_id: RowId,
    /// Row id.
    pub id: RowId,
    /// The id partners see.
    pub public_id: PublicId,
    /// The lender of the family.
    pub lender_id: RowId,
    /// The loan it is about.
    pub loan_id: Option<RowId>,
    /// The lead it is about, as organisation and row id.
    pub lead: Option<(RowId, RowId)>,
    /// Who is to do it, as organisation and row id; without one it is the organisation's.
    pub assignee: Option<(RowId, RowId)>,
    /// Who wants it done: `staff:` and a public id, or a customer system's own text.
    pub requested_by: Option<String>,
    /// Its id in the customer system.
    pub crm_id: Option<String>,
    /// What kind of task it is there.
    pub code: Option<String>,
    /// What is to be done.
    pub description: String,
    /// How it stands.
    pub state: TaskState,
    /// When it was set.
    pub created_at: Instant,
    /// Who set it, as the audit log names actors.
    pub created_by: String,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// Who did it.
    pub done_by: Option<String>,
}

/// A task with the names that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// The task.
    pub task: StoredTask,
    /// Public id and name of who is to do it.
    pub assignee: Option<(PublicId, String)>,
    /// Organisation and public id of the loan it is about.
    pub loan: Option<(RowId, PublicId)>,
    /// Public id of the lead it is about.
    pub lead: Option<PublicId>,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    public_id: String,
    lender_org_id: String,
    loan_id: Option<String>,
    lead_org_id: Option<String>,
    lead_id: Option<String>,
    assignee_org_id: Option<String>,
    assignee_id: Option<String>,
    requested_by: Option<String>,
    crm_task_id: Option<String>,
    code: Option<String>,
    description: String,
    state: String,
    created_at_us: i64,
    created_by: String,
    done_at_us: Option<i64>,
    done_by: Option<String>,
    assignee_public_id: Option<String>,
    assignee_first_name: Option<String>,
    assignee_preferred_name: Option<String>,
    assignee_last_name: Option<String>,
    loan_public_id: Option<String>,
    loan_org_id: Option<String>,
    lead_uid: Option<String>,
}

impl Row {
    fn read(self) -> Result<TaskRow, Fault> {
        let place = At {
            table: "task",
            id: &self.id,
        };
        let id_of = |id: Option<String>| id.map(|id| place.public_id(&id)).transpose();
        let pair = |org: Option<String>, id: Option<String>| {
            org.zip(id).map(|(org, id)| (row_id(org), row_id(id)))
        };
        let name = self
            .assignee_preferred_name
            .or(self.assignee_first_name)
            .zip(self.assignee_last_name)
            .map(|(first, last)| format!("{first} {last}"));
        Ok(TaskRow {
            assignee: id_of(self.assignee_public_id)?.zip(name),
            loan: self
                .loan_org_id
                .map(row_id)
                .zip(id_of(self.loan_public_id)?),
            lead: id_of(self.lead_uid)?,
            task: StoredTask {
                public_id: place.public_id(&self.public_id)?,
                state: place.word("state", &self.state, TaskState::parse)?,
                org_id: row_id(self.org_id),
                lender_id: row_id(self.lender_org_id),
                loan_id: self.loan_id.map(row_id),
                lead: pair(self.lead_org_id, self.lead_id),
                assignee: pair(self.assignee_org_id, self.assignee_id),
                requested_by: self.requested_by,
                crm_id: self.crm_task_id,
                code: self.code,
                description: self.description,
                created_at: at(self.created_at_us),
                created_by: self.created_by,
                done_at: self.done_at_us.map(at),
                done_by: self.done_by,
                id: row_id(self.id),
            },
        })
    }
}

fn one_sql() -> String {
    format!("{COLUMNS} {FROM} WHERE {ONE}")
}

/// The statements of this file and its part, for the list of all of them.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("task.insert", INSERT.to_owned()),
        ("task.lock", LOCK.to_owned()),
        ("task.set_state", SET_STATE.to_owned()),
        ("task.set_assignee", SET_ASSIGNEE.to_owned()),
        ("task.one", one_sql()),
    ];
    all.extend(list::statements());
    all
}

/// Adds a task; `false` when its public id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, task: &StoredTask) -> Result<bool, Fault> {
    let text = |id: Option<&RowId>| id.map(|id| id.as_str().to_owned());
    let (lead, assignee) = (task.lead.as_ref(), task.assignee.as_ref());
    let args = vals![
        task.org_id.as_str(),
        task.id.as_str(),
        task.public_id.as_str(),
        task.lender_id.as_str(),
        text(task.loan_id.as_ref()),
        text(lead.map(|lead| &lead.0)),
        text(lead.map(|lead| &lead.1)),
        text(assignee.map(|person| &person.0)),
        text(assignee.map(|person| &person.1)),
        task.requested_by.clone(),
        task.crm_id.clone(),
        task.code.clone(),
        &task.description,
        task.state.as_str(),
        task.created_at.micros(),
        &task.created_by,
        task.done_at.map(Instant::micros),
        task.done_by.clone(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Who looks for a task.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'a> {
    /// The person's organisation.
    pub org_id: &'a RowId,
    /// The person.
    pub person_id: &'a RowId,
    /// Whether the person sees all of the organisation's loans and leads.
    pub sees_all: bool,
}

impl Looking<'_> {
    fn args(&self, id: &PublicId) -> Vec<Val> {
        let person = self.person_id.as_str();
        let officer = if self.sees_all { "" } else { person };
        vals![id.as_str(), self.org_id.as_str(), person, officer]
    }
}

/// A task somebody may see.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find(db: &Db, looking: Looking<'_>, id: &PublicId) -> Result<Option<TaskRow>, Fault> {
    let row: Option<Row> = db.maybe(&one_sql(), looking.args(id)).await?;
    row.map(Row::read).transpose()
}

/// A task somebody may see, held until the transaction ends.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_in(
    tx: &mut Tx,
    looking: Looking<'_>,
    id: &PublicId,
) -> Result<Option<TaskRow>, Fault> {
    let sql = one_sql();
    let seen: Option<Row> = tx.maybe(&sql, looking.args(id)).await?;
    let Some(seen) = seen else { return Ok(None) };
    tx.exec(LOCK, vals![seen.org_id.as_str(), seen.id.as_str()])
        .await?;
    // It may have been given to somebody else before it was held.
    let held: Option<Row> = tx.maybe(&sql, looking.args(id)).await?;
    held.map(Row::read).transpose()
}

/// Writes how a task stands.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_state_in(
    tx: &mut Tx,
    task: &StoredTask,
    state: TaskState,
    done: Option<(Instant, &str)>,
) -> Result<(), Fault> {
    let args = vals![
        task.org_id.as_str(),
        task.id.as_str(),
        state.as_str(),
        done.map(|(when, _)| when.micros()),
        done.map(|(_, who)| who)
    ];
    tx.exec(SET_STATE, args).await.map(|_| ())
}

/// Writes who is to do a task; nobody: the organisation.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_assignee_in(
    tx: &mut Tx,
    task: &StoredTask,
    assignee: Option<(&RowId, &RowId)>,
) -> Result<(), Fault> {
    let args = vals![
        task.org_id.as_str(),
        task.id.as_str(),
        assignee.map(|(org, _)| org.as_str()),
        assignee.map(|(_, id)| id.as_str())
    ];
    tx.exec(SET_ASSIGNEE, args).await.map(|_| ())
}
