//! Lists of processes: an intermediary's, newest first, and the bank's queue, oldest first.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::process::ProcessStatus;
use lintel_macros::boxed;

use super::{COLUMNS, FROM, Row, StoredProcess};
use crate::db::{Db, Val};
use crate::fault::Fault;
use crate::stretch::{Step, Stretch, Ways};
use crate::vals;

/// What is looked for, for both directions and the count: $1 to $7.
const WHERE: &str = "WHERE p.org_id = $1 AND p.intermediary_id = $2 AND ($3 = '' OR p.status = $3) \
     AND p.status_at_us >= $4 AND p.status_at_us < $5 \
     AND ($6 = '' OR p.branch_folded LIKE $6 ESCAPE '!' OR EXISTS (SELECT 1 FROM process_borrower b \
     WHERE b.org_id = p.org_id AND b.process_id = p.id \
     AND (b.name_folded LIKE $6 ESCAPE '!' OR b.nif_hash = $7)))";
/// The bank's queue: $1 to $6. What was never handed over is not the bank's yet.
const QUEUE_WHERE: &str = "WHERE p.org_id = $1 AND p.status = $2 AND p.submitted_at_us < $6 \
     AND ($3 = '' OR p.analyst_id = $3) \
     AND ($4 = '' OR p.branch_folded LIKE $4 ESCAPE '!' OR EXISTS (SELECT 1 FROM process_borrower b \
     WHERE b.org_id = p.org_id AND b.process_id = p.id \
     AND (b.name_folded LIKE $4 ESCAPE '!' OR b.nif_hash = $5)))";

/// What an intermediary looks for among its processes.
#[derive(Debug, Clone)]
pub struct ListFilter<'a> {
    /// The bank.
    pub org_id: &'a RowId,
    /// Whose.
    pub intermediary_id: &'a RowId,
    /// Standing so.
    pub status: Option<ProcessStatus>,
    /// Standing so since this instant or later.
    pub status_from: Option<Instant>,
    /// Standing so since before this instant.
    pub status_before: Option<Instant>,
    /// A pattern for `LIKE` over borrowers' names and the branch, folded, and the hash of the text as
    /// a NIF.
    pub text: Option<(&'a str, &'a [u8])>,
}

impl ListFilter<'_> {
    fn args(&self) -> Vec<Val> {
        let (like, hash) = self.text.unwrap_or(("", &[]));
        vals![
            self.org_id.as_str(),
            self.intermediary_id.as_str(),
            self.status.map_or("", ProcessStatus::as_str),
            self.status_from.map_or(i64::MIN, Instant::micros),
            self.status_before.map_or(i64::MAX, Instant::micros),
            like,
            hash,
        ]
    }
}

fn older_sql() -> String {
    format!(
        "SELECT {COLUMNS} {FROM} {WHERE} AND ($8 = '' OR p.id < $8) ORDER BY p.id DESC LIMIT $9"
    )
}

fn newer_sql() -> String {
    format!("SELECT {COLUMNS} {FROM} {WHERE} AND p.id > $8 ORDER BY p.id LIMIT $9")
}

fn count_sql() -> String {
    format!("SELECT CAST(COUNT(*) AS BIGINT) FROM process p {WHERE}")
}

fn queue_sql() -> String {
    format!(
        "SELECT {COLUMNS} {FROM} {QUEUE_WHERE} \
         ORDER BY p.submitted_at_us, p.id LIMIT $7 OFFSET $8"
    )
}

fn queue_count_sql() -> String {
    format!("SELECT CAST(COUNT(*) AS BIGINT) FROM process p {QUEUE_WHERE}")
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("process.older", older_sql()),
        ("process.newer", newer_sql()),
        ("process.count", count_sql()),
        ("process.queue", queue_sql()),
        ("process.queue_count", queue_count_sql()),
    ]
}

/// A stretch of an intermediary's processes, newest first.
///
/// # Errors
/// Any fault of the database; corrupt for a row that cannot be read.
#[boxed]
pub async fn list(
    db: &Db,
    filter: &ListFilter<'_>,
    step: Step<'_>,
    most: u32,
) -> Result<Stretch<StoredProcess>, Fault> {
    let ways = Ways {
        older: older_sql,
        newer: newer_sql,
    };
    ways.read(db, filter.args(), (step, most), Row::read).await
}

/// How many processes the filter finds.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn count(db: &Db, filter: &ListFilter<'_>) -> Result<u64, Fault> {
    counted(db, &count_sql(), filter.args()).await
}

async fn counted(db: &Db, sql: &str, args: Vec<Val>) -> Result<u64, Fault> {
    let row: Option<(i64,)> = db.maybe(sql, args).await?;
    Ok(row.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
}

/// What somebody at the bank looks for.
#[derive(Debug, Clone)]
pub struct QueueFilter<'a> {
    /// The bank.
    pub org_id: &'a RowId,
    /// Standing so.
    pub status: ProcessStatus,
    /// Taken on by this person.
    pub analyst_id: Option<&'a RowId>,
    /// As in [`ListFilter::text`].
    pub text: Option<(&'a str, &'a [u8])>,
    /// Handed over before this instant.
    pub submitted_before: Option<Instant>,
}

impl QueueFilter<'_> {
    fn args(&self) -> Vec<Val> {
        let (like, hash) = self.text.unwrap_or(("", &[]));
        let analyst = self.analyst_id.map_or("", RowId::as_str);
        vals![
            self.org_id.as_str(),
            self.status.as_str(),
            analyst,
            like,
            hash,
            self.submitted_before.map_or(i64::MAX, Instant::micros),
        ]
    }
}

/// A page of the bank's processes in one state: those that wait longest come first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn queue(
    db: &Db,
    filter: &QueueFilter<'_>,
    offset: u32,
    limit: u32,
) -> Result<Vec<StoredProcess>, Fault> {
    let mut args = filter.args();
    args.extend(vals![limit, offset]);
    let rows: Vec<Row> = db.all(&queue_sql(), args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// How many there are.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn queue_count(db: &Db, filter: &QueueFilter<'_>) -> Result<u64, Fault> {
    counted(db, &queue_count_sql(), filter.args()).await
}
