//! Tasks as people look at them: their own, an organisation's, a loan's.

use lintel_domain::id::RowId;
use lintel_domain::message::TaskState;
use lintel_macros::boxed;

use super::{COLUMNS, FROM, Row, TaskRow};
use crate::db::Db;
use crate::fault::Fault;
use crate::vals;

const OF_ASSIGNEE: &str = "t.assignee_id = $1 AND t.state = $2";
/// With an officer: what is about that person's loans and leads, about none at all, or the person's own.
const OF_ORG: &str = "t.org_id = $1 AND t.state = $2 AND ($3 = '' OR t.assignee_id = $3 \
     OR l.officer_id = $3 OR d.officer_id = $3 OR (t.loan_id IS NULL AND t.lead_id IS NULL))";
const OF_LOAN: &str =
    "t.lender_org_id = $1 AND t.loan_id = $2 AND (t.org_id = $3 OR t.assignee_id = $4)";

/// Open ones are done in the order they came; of those done, the latest matter.
fn list_sql(condition: &str, is_newest_first: bool, places: [&str; 2]) -> String {
    let way = if is_newest_first { "DESC" } else { "ASC" };
    let [limit, offset] = places;
    format!(
        "{COLUMNS} {FROM} WHERE {condition} ORDER BY t.created_at_us {way}, t.id {way} \
         LIMIT {limit} OFFSET {offset}"
    )
}

fn of_loan_sql() -> String {
    format!(
        "{COLUMNS} {FROM} WHERE {OF_LOAN} \
         ORDER BY CASE WHEN t.state = 'open' THEN 0 ELSE 1 END, t.created_at_us, t.id LIMIT $5"
    )
}

/// How many there are, looked at up to a limit.
fn count_sql(condition: &str, limit: &str) -> String {
    format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one {FROM} WHERE {condition} \
         LIMIT {limit}) found"
    )
}

/// The statements of this file, for the list of all of them.
pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("task.mine", list_sql(OF_ASSIGNEE, false, ["$3", "$4"])),
        ("task.mine_done", list_sql(OF_ASSIGNEE, true, ["$3", "$4"])),
        ("task.of_org", list_sql(OF_ORG, false, ["$4", "$5"])),
        ("task.of_org_done", list_sql(OF_ORG, true, ["$4", "$5"])),
        ("task.of_loan", of_loan_sql()),
        ("task.count_mine", count_sql(OF_ASSIGNEE, "$3")),
        ("task.count_of_org", count_sql(OF_ORG, "$4")),
    ]
}

/// Whose tasks a list has.
#[derive(Debug, Clone, Copy)]
pub enum Of<'a> {
    /// Those one person is to do.
    Assignee(&'a RowId),
    /// An organisation's.
    Organisation {
        /// Which.
        id: &'a RowId,
        /// Only what is about this person's loans and leads, about none, or this person's own.
        officer: Option<&'a RowId>,
    },
}

/// A page of tasks: open ones oldest first, done ones newest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(
    db: &Db,
    of: Of<'_>,
    state: TaskState,
    limit: u32,
    offset: u32,
) -> Result<Vec<TaskRow>, Fault> {
    let is_newest_first = state == TaskState::Done;
    let (sql, args) = match of {
        Of::Assignee(id) => (
            list_sql(OF_ASSIGNEE, is_newest_first, ["$3", "$4"]),
            vals![id.as_str(), state.as_str(), limit, offset],
        ),
        Of::Organisation { id, officer } => (
            list_sql(OF_ORG, is_newest_first, ["$4", "$5"]),
            vals![
                id.as_str(),
                state.as_str(),
                officer.map_or("", RowId::as_str),
                limit,
                offset
            ],
        ),
    };
    let rows: Vec<Row> = db.all(&sql, args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// How many tasks [`list`] has, counted up to `most`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn count(db: &Db, of: Of<'_>, state: TaskState, most: u32) -> Result<u32, Fault> {
    let (sql, args) = match of {
        Of::Assignee(id) => (
            count_sql(OF_ASSIGNEE, "$3"),
            vals![id.as_str(), state.as_str(), most],
        ),
        Of::Organisation { id, officer } => (
            count_sql(OF_ORG, "$4"),
            vals![
                id.as_str(),
                state.as_str(),
                officer.map_or("", RowId::as_str),
                most
            ],
        ),
    };
    let row: Option<(i64,)> = db.maybe(&sql, args).await?;
    Ok(row.map_or(0, |(count,)| u32::try_from(count).unwrap_or(u32::MAX)))
}

/// The tasks about a loan that are an organisation's, or that one person is to do: open ones first, each
/// oldest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_loan(
    db: &Db,
    (lender_id, loan_id): (&RowId, &RowId),
    org_id: &RowId,
    person: Option<&RowId>,
    limit: u32,
) -> Result<Vec<TaskRow>, Fault> {
    let args = vals![
        lender_id.as_str(),
        loan_id.as_str(),
        org_id.as_str(),
        person.map_or("", RowId::as_str),
        limit
    ];
    let rows: Vec<Row> = db.all(&of_loan_sql(), args).await?;
    rows.into_iter().map(Row::read).collect()
}
