//! Lists of events on their way to partners.

use lintel_domain::callback::DeliveryState;
use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use super::Whose;
use crate::db::Db;
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const LIST: &str = "SELECT id, subject_id, state, attempts, created_at_us, next_at_us, closed_at_us \
     FROM callback_event WHERE org_id = $1 AND intermediary_id = $2 AND type = $3 \
     ORDER BY id DESC LIMIT $4 OFFSET $5";
const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM callback_event WHERE org_id = $1 \
     AND intermediary_id = $2 AND type = $3";

pub(super) const STATEMENTS: [(&str, &str); 2] = [
    ("callback_event.list", LIST),
    ("callback_event.count", COUNT),
];

/// An event's line in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLine {
    /// Its id.
    pub id: RowId,
    /// What it is about.
    pub subject: RowId,
    /// How it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it was stored.
    pub created_at: Instant,
    /// When it is tried next, if it is.
    pub next_at: Option<Instant>,
    /// When it was over, if it is.
    pub closed_at: Option<Instant>,
}

#[derive(FromRow)]
struct LineRow {
    id: String,
    subject_id: String,
    state: String,
    attempts: i64,
    created_at_us: i64,
    next_at_us: Option<i64>,
    closed_at_us: Option<i64>,
}

impl LineRow {
    fn read(self) -> Result<EventLine, Fault> {
        let place = At {
            table: "callback_event",
            id: &self.id,
        };
        Ok(EventLine {
            state: place.word("state", &self.state, DeliveryState::parse)?,
            attempts: place.count("attempts", self.attempts)?,
            subject: row_id(self.subject_id),
            created_at: at(self.created_at_us),
            next_at: self.next_at_us.map(at),
            closed_at: self.closed_at_us.map(at),
            id: row_id(self.id),
        })
    }
}

/// A page of an intermediary's events of a type, newest first, and how many there are.
///
/// # Errors
/// Any fault of the database; a row that cannot be read.
#[boxed]
pub async fn list(
    db: &Db,
    whose: &Whose<'_>,
    offset: u32,
    limit: u32,
) -> Result<(Vec<EventLine>, u64), Fault> {
    let count: Option<(i64,)> = db.maybe(COUNT, whose.args()).await?;
    let mut args = whose.args();
    args.extend(vals![limit, offset]);
    let rows: Vec<LineRow> = db.all(LIST, args).await?;
    let lines: Result<Vec<EventLine>, Fault> = rows.into_iter().map(LineRow::read).collect();
    let count = count.map_or(0, |(n,)| u64::try_from(n).unwrap_or(0));
    Ok((lines?, count))
}
