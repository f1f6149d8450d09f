//! Events on their way to partners.
//!
//! Those of one subject stand in a queue. Whoever adds or closes one holds the queue's row first, so
//! that there is always exactly one first that waits, and somebody who asked for its delivery.

use lintel_domain::callback::{DeliveryState, NotificationType};
use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use super::Whose;
use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::in_list::{IN_PLACES, fill_places, places};
use crate::row::{At, at, row_id};
use crate::vals;

const NEXT: &str = "INSERT INTO callback_queue (org_id, subject_id, last) VALUES ($1, $2, 1) \
     ON CONFLICT (org_id, subject_id) DO UPDATE SET last = callback_queue.last + 1 RETURNING last";
/// Changes nothing, and keeps everybody else from the queue until the transaction ends.
const HOLD: &str = "UPDATE callback_queue SET last = last WHERE org_id = $1 AND subject_id = $2";
const INSERT: &str = "INSERT INTO callback_event (org_id, id, intermediary_id, type, subject_id, \
     position, payload, body, state, attempts, tries, created_at_us, next_at_us, closed_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 'waiting', 0, 0, $8, $8, NULL)";
const HEAD: &str = "SELECT id, next_at_us FROM callback_event WHERE org_id = $1 \
     AND subject_id = $2 AND state = 'waiting' ORDER BY position LIMIT 1";
const ONE: &str = "SELECT org_id, id, intermediary_id, type, subject_id, position, payload, body, \
     state, attempts, tries, created_at_us, next_at_us, closed_at_us FROM callback_event \
     WHERE org_id = $1 AND id = $2";
const SET_BODY: &str = "UPDATE callback_event SET body = $3 WHERE org_id = $1 AND id = $2 \
     AND body IS NULL";
const AGAIN: &str = "UPDATE callback_event SET attempts = attempts + 1, tries = tries + 1, \
     next_at_us = $4 WHERE org_id = $1 AND id = $2 AND attempts = $3 \
     AND state IN ('waiting', 'replaying')";
const CLOSE: &str = "UPDATE callback_event SET attempts = attempts + $4, tries = tries + $4, \
     next_at_us = NULL, state = $5, closed_at_us = $6 WHERE org_id = $1 AND id = $2 \
     AND attempts = $3 AND state IN ('waiting', 'replaying')";
const REPLAY: &str = "UPDATE callback_event SET state = 'replaying', tries = 0, next_at_us = $3, \
     closed_at_us = NULL WHERE org_id = $1 AND id = $2 AND state IN ('delivered', 'dead', 'dropped')";
const DROP: &str = "UPDATE callback_event SET state = 'dropped', next_at_us = NULL, \
     closed_at_us = $4 WHERE org_id = $1 AND intermediary_id = $2 AND type = $3 AND id <> $5 \
     AND state IN ('waiting', 'replaying') RETURNING id";
pub(super) const STATEMENTS: [(&str, &str); 10] = [
    ("callback_event.next", NEXT),
    ("callback_event.hold", HOLD),
    ("callback_event.insert", INSERT),
    ("callback_event.head", HEAD),
    ("callback_event.one", ONE),
    ("callback_event.set_body", SET_BODY),
    ("callback_event.again", AGAIN),
    ("callback_event.close", CLOSE),
    ("callback_event.replay", REPLAY),
    ("callback_event.drop", DROP),
];

/// The jobs of what was dropped: each moves its subject on.
fn wake_sql() -> String {
    format!(
        "UPDATE job SET run_at_us = $1 WHERE kind = 'callback.deliver' AND state = 'open' \
         AND worker IS NULL AND run_at_us > $1 AND unique_key IN ({})",
        places(2)
    )
}

/// The statements with places, for the test that prepares each.
pub(super) fn listed() -> Vec<(&'static str, String)> {
    vec![("callback_event.wake", wake_sql())]
}

/// An event about to be stored.
#[derive(Debug)]
pub struct NewEvent<'a> {
    /// Its id.
    pub id: &'a RowId,
    /// Whom it is for, and of which type it is.
    pub whose: Whose<'a>,
    /// What it is about.
    pub subject: &'a RowId,
    /// What it says, sealed.
    pub payload: &'a [u8],
    /// When.
    pub at: Instant,
}

/// An event as it is stored.
#[derive(Debug, Clone)]
pub struct StoredEvent {
    /// The bank.
    pub org_id: RowId,
    /// Its id.
    pub id: RowId,
    /// Whom it is for.
    pub intermediary_id: RowId,
    /// Of which type it is.
    pub kind: NotificationType,
    /// What it is about.
    pub subject: RowId,
    /// Its place among those of the subject.
    pub position: i64,
    /// What it says, sealed.
    pub payload: Vec<u8>,
    /// What is sent, sealed, once it was made.
    pub body: Option<Vec<u8>>,
    /// How it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    /// Of them, those since it was last begun.
    pub tries: u32,
    /// When it was stored.
    pub created_at: Instant,
    /// Not before this.
    pub next_at: Option<Instant>,
    /// When it was over.
    pub closed_at: Option<Instant>,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    intermediary_id: String,
    #[row(name = "type")]
    kind: String,
    subject_id: String,
    position: i64,
    payload: Vec<u8>,
    body: Option<Vec<u8>>,
    state: String,
    attempts: i64,
    tries: i64,
    created_at_us: i64,
    next_at_us: Option<i64>,
    closed_at_us: Option<i64>,
}

impl Row {
    fn read(self) -> Result<StoredEvent, Fault> {
        let place = At {
            table: "callback_event",
            id: &self.id,
        };
        Ok(StoredEvent {
            kind: place.word("type", &self.kind, NotificationType::parse)?,
            state: place.word("state", &self.state, DeliveryState::parse)?,
            attempts: place.count("attempts", self.attempts)?,
            tries: place.count("tries", self.tries)?,
            org_id: row_id(self.org_id),
            intermediary_id: row_id(self.intermediary_id),
            subject: row_id(self.subject_id),
            position: self.position,
            payload: self.payload,
            body: self.body,
            created_at: at(self.created_at_us),
            next_at: self.next_at_us.map(at),
            closed_at: self.closed_at_us.map(at),
            id: row_id(self.id),
        })
    }
}

/// Stores an event at the end of its subject's queue and holds the queue until the transaction ends.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, new: &NewEvent<'_>) -> Result<(), Fault> {
    let org = new.whose.org_id.as_str();
    let last: Option<(i64,)> = tx.maybe(NEXT, vals![org, new.subject.as_str()]).await?;
    let (position,) = last.ok_or_else(|| Fault::corrupt("callback_queue", "last", org))?;
    let args = vals![
        org,
        new.id.as_str(),
        new.whose.intermediary_id.as_str(),
        new.whose.kind.as_str(),
        new.subject.as_str(),
        position,
        new.payload,
        new.at.micros(),
    ];
    tx.exec(INSERT, args).await?;
    Ok(())
}

/// Holds a subject's queue until the transaction ends.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn hold_in(tx: &mut Tx, org_id: &RowId, subject: &RowId) -> Result<(), Fault> {
    tx.exec(HOLD, vals![org_id.as_str(), subject.as_str()])
        .await?;
    Ok(())
}

/// The first event of a subject that waits, and when it is to be tried.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn head(
    db: &Db,
    org_id: &RowId,
    subject: &RowId,
) -> Result<Option<(RowId, Option<Instant>)>, Fault> {
    let args = vals![org_id.as_str(), subject.as_str()];
    let row: Option<(String, Option<i64>)> = db.maybe(HEAD, args).await?;
    Ok(row.map(|(id, next)| (row_id(id), next.map(at))))
}

/// As [`head`], as the transaction sees it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn head_in(
    tx: &mut Tx,
    org_id: &RowId,
    subject: &RowId,
) -> Result<Option<(RowId, Option<Instant>)>, Fault> {
    let args = vals![org_id.as_str(), subject.as_str()];
    let row: Option<(String, Option<i64>)> = tx.maybe(HEAD, args).await?;
    Ok(row.map(|(id, next)| (row_id(id), next.map(at))))
}

/// An event.
///
/// # Errors
/// Any fault of the database; a row that cannot be read.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId, id: &RowId) -> Result<Option<StoredEvent>, Fault> {
    let args = vals![org_id.as_str(), id.as_str()];
    let row: Option<Row> = db.maybe(ONE, args).await?;
    row.map(Row::read).transpose()
}

/// As [`load`], as the transaction sees it.
///
/// # Errors
/// As [`load`].
#[boxed]
pub async fn load_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
) -> Result<Option<StoredEvent>, Fault> {
    let args = vals![org_id.as_str(), id.as_str()];
    let row: Option<Row> = tx.maybe(ONE, args).await?;
    row.map(Row::read).transpose()
}

/// Keeps what is sent, sealed; `false` when something was kept before.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_body_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
    body: &[u8],
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), id.as_str(), body];
    Ok(tx.exec(SET_BODY, args).await? == 1)
}

/// Counts an attempt after which there will be another; `false` when the event is over, or somebody
/// else counted one since it was read.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn again_in(tx: &mut Tx, event: &StoredEvent, next_at: Instant) -> Result<bool, Fault> {
    let args = vals![
        event.org_id.as_str(),
        event.id.as_str(),
        event.attempts,
        next_at.micros()
    ];
    Ok(tx.exec(AGAIN, args).await? == 1)
}

/// Closes an event, with an attempt to count or without; `false` as for [`again_in`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn close_in(
    tx: &mut Tx,
    event: &StoredEvent,
    attempted: bool,
    state: DeliveryState,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        event.org_id.as_str(),
        event.id.as_str(),
        event.attempts,
        u32::from(attempted),
        state.as_str(),
        now.micros()
    ];
    Ok(tx.exec(CLOSE, args).await? == 1)
}

/// Opens an event that is over for being delivered once more; `false` when it is not over.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn replay_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), id.as_str(), now.micros()];
    Ok(tx.exec(REPLAY, args).await? == 1)
}

/// Drops what is to be delivered under a registration that is held, but for `except`, and wakes the jobs
/// that stood for it; how many. Takes rows of jobs without their queues: whoever calls holds the head of
/// the audit log by then, or waits for nothing afterwards.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn drop_in(
    tx: &mut Tx,
    whose: &Whose<'_>,
    except: Option<&RowId>,
    now: Instant,
) -> Result<usize, Fault> {
    let mut args = whose.args();
    args.extend(vals![now.micros(), except.map_or("", RowId::as_str)]);
    let dropped: Vec<(String,)> = tx.all(DROP, args).await?;
    let dropped: Vec<RowId> = dropped.into_iter().map(|(id,)| row_id(id)).collect();
    let sql = wake_sql();
    for chunk in dropped.chunks(IN_PLACES) {
        let mut args = vals![now.micros()];
        fill_places(&mut args, chunk);
        tx.exec(&sql, args).await?;
    }
    Ok(dropped.len())
}
