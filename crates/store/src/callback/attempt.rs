//! Attempts to deliver an event.

use lintel_domain::callback::AttemptOutcome;
use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::in_list::{IN_PLACES, fill_places, places};
use crate::row::{At, at, row_id};
use crate::vals;

/// Attempts of one event that are shown: the last of them.
const SHOWN: u32 = 20;

const INSERT: &str = "INSERT INTO callback_attempt (org_id, event_id, number, at_us, status, millis, \
     outcome) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";

pub(super) const STATEMENTS: [(&str, &str); 1] = [("callback_attempt.insert", INSERT)];

fn of_sql() -> String {
    format!(
        "SELECT event_id, number, at_us, status, millis, outcome FROM callback_attempt \
         WHERE org_id = $1 AND event_id IN ({}) AND number > (SELECT e.attempts - {SHOWN} \
         FROM callback_event e WHERE e.org_id = callback_attempt.org_id \
         AND e.id = callback_attempt.event_id) ORDER BY event_id, number",
        places(2)
    )
}

/// The statements with places, for the test that prepares each.
pub(super) fn listed() -> Vec<(&'static str, String)> {
    vec![("callback_attempt.of", of_sql())]
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Which, from 1.
    pub number: u32,
    /// When it began.
    pub at: Instant,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Milliseconds it took.
    pub millis: u32,
    /// What it came to.
    pub outcome: AttemptOutcome,
}

#[derive(FromRow)]
struct Row {
    event_id: String,
    number: i64,
    at_us: i64,
    status: Option<i64>,
    millis: i64,
    outcome: String,
}

impl Row {
    fn read(self) -> Result<(RowId, Attempt), Fault> {
        let place = At {
            table: "callback_attempt",
            id: &self.event_id,
        };
        let status = self.status.map(u16::try_from).transpose();
        let attempt = Attempt {
            number: place.count("number", self.number)?,
            at: at(self.at_us),
            status: status
                .map_err(|_| Fault::corrupt("callback_attempt", "status", &self.event_id))?,
            millis: place.count("millis", self.millis)?,
            outcome: place.word("outcome", &self.outcome, AttemptOutcome::parse)?,
        };
        Ok((row_id(self.event_id), attempt))
    }
}

/// Notes an attempt.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    org_id: &RowId,
    event_id: &RowId,
    attempt: &Attempt,
) -> Result<(), Fault> {
    let args = vals![
        org_id.as_str(),
        event_id.as_str(),
        attempt.number,
        attempt.at.micros(),
        attempt.status.map(i64::from),
        attempt.millis,
        attempt.outcome.as_str(),
    ];
    tx.exec(INSERT, args).await?;
    Ok(())
}

/// The last attempts of some events, each event's in order.
///
/// # Errors
/// Any fault of the database; a row that cannot be read.
#[boxed]
pub async fn of(db: &Db, org_id: &RowId, events: &[RowId]) -> Result<Vec<(RowId, Attempt)>, Fault> {
    let (sql, mut found) = (of_sql(), Vec::new());
    for chunk in events.chunks(IN_PLACES) {
        let mut args = vals![org_id.as_str()];
        fill_places(&mut args, chunk);
        let rows: Vec<Row> = db.all(&sql, args).await?;
        for row in rows {
            found.push(row.read()?);
        }
    }
    Ok(found)
}
