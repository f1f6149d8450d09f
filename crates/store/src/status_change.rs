//! Every change of a status of simulations, processes and proposals: rows are added, never altered.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

/// Ids made within one millisecond are in no order, clocks of several machines differ, and what expired
/// is dated back: so the changes of a subject are counted. Whoever writes one holds the subject.
const INSERT: &str = "INSERT INTO status_change (org_id, subject_id, id, subject, status_from, \
     status_to, actor, actor_name, reason, at_us, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
     $9, $10, (SELECT COALESCE(MAX(position), 0) + 1 FROM status_change \
     WHERE org_id = $1 AND subject_id = $2))";
const OF_SUBJECT: &str = "SELECT id, subject_id, subject, status_from, status_to, actor, actor_name, \
     reason, at_us FROM status_change WHERE org_id = $1 AND subject_id = $2 ORDER BY position LIMIT $3";

/// The statements of this file, for the list of all of them.
pub(crate) const STATEMENTS: [(&str, &str); 2] = [
    ("status_change.insert", INSERT),
    ("status_change.of_subject", OF_SUBJECT),
];

/// Most changes of one subject that are read.
const MOST: i64 = 1000;

/// What a status belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A simulation.
    Simulation,
    /// A process.
    Process,
    /// A proposal.
    Proposal,
}

impl Subject {
    /// The stored word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Simulation => "simulation",
            Self::Process => "process",
            Self::Proposal => "proposal",
        }
    }

    /// Reads a stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Simulation, Self::Process, Self::Proposal];
        all.into_iter().find(|one| one.as_str() == text)
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// Row id.
    pub id: RowId,
    /// What it belongs to.
    pub subject: Subject,
    /// Row id of that.
    pub subject_id: RowId,
    /// The status before; none when it came into being.
    pub from: Option<String>,
    /// The status since.
    pub to: String,
    /// Who did it, as events name them.
    pub actor: String,
    /// The name shown.
    pub actor_name: String,
    /// Why, when somebody said so.
    pub reason: Option<String>,
    /// When.
    pub at: Instant,
}

#[derive(FromRow)]
struct Row {
    id: String,
    subject_id: String,
    subject: String,
    status_from: Option<String>,
    status_to: String,
    actor: String,
    actor_name: String,
    reason: Option<String>,
    at_us: i64,
}

/// Adds a change, behind all others of its subject, which the caller holds.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, org_id: &RowId, change: &StatusChange) -> Result<(), Fault> {
    let args = vals![
        org_id.as_str(),
        change.subject_id.as_str(),
        change.id.as_str(),
        change.subject.as_str(),
        change.from.clone(),
        &change.to,
        &change.actor,
        &change.actor_name,
        change.reason.clone(),
        change.at.micros(),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// The changes of a subject in the order in which they were written: at most a thousand.
///
/// # Errors
/// Any fault of the database; corrupt for a word that is none.
#[boxed]
pub async fn of_subject(
    db: &Db,
    org_id: &RowId,
    subject_id: &RowId,
) -> Result<Vec<StatusChange>, Fault> {
    let args = vals![org_id.as_str(), subject_id.as_str(), MOST];
    let rows: Vec<Row> = db.all(OF_SUBJECT, args).await?;
    let read = |row: Row| {
        let place = At {
            table: "status_change",
            id: &row.id,
        };
        Ok(StatusChange {
            subject: place.word("subject", &row.subject, Subject::parse)?,
            id: row_id(row.id),
            subject_id: row_id(row.subject_id),
            from: row.status_from,
            to: row.status_to,
            actor: row.actor,
            actor_name: row.actor_name,
            reason: row.reason,
            at: at(row.at_us),
        })
    };
    rows.into_iter().map(read).collect()
}
