//! The audit log: append-only, one chain of hashes per organisation, written in the transaction of
//! the change it records; and the outbox, which says what other systems still have to hear.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;
use ring::digest::{SHA256, digest};

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::in_list::{IN_PLACES, fill_places, places};
use crate::row::{At, at, row_id};
use crate::vals;

pub(crate) const ADVANCE: &str =
    "UPDATE event_head SET seq = seq + 1 WHERE org_id = $1 RETURNING seq, hash";
pub(crate) const START: &str =
    "INSERT INTO event_head (org_id, seq, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING";
pub(crate) const SET_HASH: &str = "UPDATE event_head SET hash = $2 WHERE org_id = $1";
pub(crate) const INSERT: &str = "INSERT INTO event (org_id, seq, at_us, actor, kind, subject, \
     body, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(crate) const PAGE: &str = "SELECT seq, at_us, actor, kind, subject, body, hash FROM event \
     WHERE org_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
pub(crate) const HEAD: &str = "SELECT seq, hash FROM event_head WHERE org_id = $1";
pub(crate) const OUTBOX_INSERT: &str = "INSERT INTO outbox (id, org_id, event_seq, topic, \
     created_at_us, attempts, locked_until_us, done_at_us) VALUES ($1, $2, $3, $4, $5, 0, NULL, NULL)";
pub(crate) const OUTBOX_OPEN: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM outbox WHERE done_at_us IS NULL LIMIT 10001) waiting";

/// What a chain starts from.
const GENESIS: [u8; 32] = [0; 32];

/// Something that happened, about to be recorded. No personal data in any of its texts.
#[derive(Debug, Clone)]
pub struct NewEvent<'a> {
    /// Whose log.
    pub org_id: &'a RowId,
    /// When.
    pub at: Instant,
    /// Who did it: a credential's name, `operator`, `demo`.
    pub actor: &'a str,
    /// What happened.
    pub kind: EventKind,
    /// Row id of what it happened to.
    pub subject: &'a str,
    /// Details as JSON.
    pub body: &'a str,
}

impl<'a> NewEvent<'a> {
    /// An event whose kind and subject say it all.
    #[must_use]
    pub const fn plain(
        org_id: &'a RowId,
        at: Instant,
        actor: &'a str,
        kind: EventKind,
        subject: &'a str,
    ) -> Self {
        Self {
            org_id,
            at,
            actor,
            kind,
            subject,
            body: "{}",
        }
    }
}

#[derive(FromRow)]
struct HeadRow {
    seq: i64,
    hash: Vec<u8>,
}

#[derive(FromRow)]
struct Row {
    seq: i64,
    at_us: i64,
    actor: String,
    kind: String,
    subject: String,
    body: String,
    hash: Vec<u8>,
}

/// Hash of an event: over the hash before it and every field, each with its length in front so that
/// no two different events read the same.
fn chain_hash(previous: &[u8], seq: i64, at_us: i64, texts: [&str; 4]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64 + texts.iter().map(|t| t.len() + 8).sum::<usize>());
    bytes.extend_from_slice(previous);
    bytes.extend_from_slice(&seq.to_be_bytes());
    bytes.extend_from_slice(&at_us.to_be_bytes());
    for text in texts {
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    digest(&SHA256, &bytes).as_ref().to_vec()
}

/// Appends an event to its organisation's chain and returns its number. The chain's head row is
/// locked until the transaction ends, so events of one organisation are numbered in commit order.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn record_in(tx: &mut Tx, event: &NewEvent<'_>) -> Result<i64, Fault> {
    let org = event.org_id.as_str();
    let mut head: Option<HeadRow> = tx.maybe(ADVANCE, vals![org]).await?;
    if head.is_none() {
        tx.exec(START, vals![org, GENESIS.as_slice()]).await?;
        head = tx.maybe(ADVANCE, vals![org]).await?;
    }
    let head = head.ok_or_else(|| Fault::corrupt("event_head", "org_id", org))?;
    let at_us = event.at.micros();
    let texts = [event.actor, event.kind.as_str(), event.subject, event.body];
    let hash = chain_hash(&head.hash, head.seq, at_us, texts);
    tx.exec(
        INSERT,
        vals![
            org,
            head.seq,
            at_us,
            event.actor,
            event.kind.as_str(),
            event.subject,
            event.body,
            hash.as_slice(),
        ],
    )
    .await?;
    tx.exec(SET_HASH, vals![org, hash]).await?;
    Ok(head.seq)
}

/// Puts an event in the outbox, to be told to others after the commit.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn announce_in(
    tx: &mut Tx,
    id: &RowId,
    org_id: &RowId,
    event_seq: i64,
    topic: EventKind,
    now: Instant,
) -> Result<(), Fault> {
    let args = vals![
        id.as_str(),
        org_id.as_str(),
        event_seq,
        topic.as_str(),
        now.micros()
    ];
    tx.exec(OUTBOX_INSERT, args).await.map(|_| ())
}

/// How many events wait to be told to others, counted to 10,001 at most: beyond ten thousand it does
/// not matter how many, and counting them all would.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn outbox_depth(db: &Db) -> Result<i64, Fault> {
    let row: Option<(i64,)> = db.maybe(OUTBOX_OPEN, Vec::new()).await?;
    Ok(row.map_or(0, |(n,)| n))
}

/// What checking a chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainState {
    /// Every event is as it was written.
    Intact {
        /// How many there are.
        events: i64,
    },
    /// The first event that is not, or is missing.
    Broken {
        /// Its number.
        seq: i64,
    },
}

/// Checks an organisation's chain from its first event to the head it has now. Events that arrive
/// while it is being read are left for the next check.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn verify(db: &Db, org_id: &RowId) -> Result<ChainState, Fault> {
    const PAGE_ROWS: i64 = 1000;
    let head: Option<HeadRow> = db.maybe(HEAD, vals![org_id.as_str()]).await?;
    let (events, head_hash) = head.map_or((0, GENESIS.to_vec()), |head| (head.seq, head.hash));
    let mut previous = GENESIS.to_vec();
    let mut seq = 0;
    while seq < events {
        let rows: Vec<Row> = db
            .all(
                PAGE,
                vals![org_id.as_str(), seq, PAGE_ROWS.min(events - seq)],
            )
            .await?;
        if rows.is_empty() {
            return Ok(ChainState::Broken { seq: seq + 1 });
        }
        for row in rows {
            let texts = [&*row.actor, &*row.kind, &*row.subject, &*row.body];
            let hash = chain_hash(&previous, row.seq, row.at_us, texts);
            if row.seq != seq + 1 || hash != row.hash {
                return Ok(ChainState::Broken { seq: seq + 1 });
            }
            seq = row.seq;
            previous = hash;
        }
    }
    if previous == head_hash && head_covers_all(db, org_id, events).await? {
        return Ok(ChainState::Intact { events });
    }
    Ok(ChainState::Broken { seq: seq + 1 })
}

/// Whether the head is at least as far as the events. An event beyond it is one that arrived
/// meanwhile, and then the head has moved on as well; otherwise somebody put the head back, or
/// deleted it, to hide the events after it.
async fn head_covers_all(db: &Db, org_id: &RowId, events: i64) -> Result<bool, Fault> {
    let beyond: Vec<Row> = db.all(PAGE, vals![org_id.as_str(), events, 1_i64]).await?;
    let head: Option<HeadRow> = db.maybe(HEAD, vals![org_id.as_str()]).await?;
    Ok(beyond.is_empty() || head.is_some_and(|head| head.seq > events))
}

/// An event as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its number in the organisation's chain.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Who did it.
    pub actor: String,
    /// What happened.
    pub kind: EventKind,
    /// What it happened to.
    pub subject: RowId,
    /// Details as JSON.
    pub body: String,
}

/// Reads an organisation's events after a number, oldest first, at most 1000.
///
/// # Errors
/// Any fault of the database; a kind this version does not know.
#[boxed]
pub async fn list_after(db: &Db, org_id: &RowId, seq: i64) -> Result<Vec<Recorded>, Fault> {
    let rows: Vec<Row> = db.all(PAGE, vals![org_id.as_str(), seq, 1000_i64]).await?;
    rows.into_iter().map(Row::read).collect()
}

impl Row {
    fn read(self) -> Result<Recorded, Fault> {
        let place = self.seq.to_string();
        let kind = At {
            table: "event",
            id: &place,
        }
        .word("kind", &self.kind, EventKind::parse)?;
        Ok(Recorded {
            seq: self.seq,
            at: at(self.at_us),
            actor: self.actor,
            kind,
            subject: row_id(self.subject),
            body: self.body,
        })
    }
}

/// Events of one kind about several subjects: (subject, when, body), oldest first. The statement
/// has a fixed number of places; spare ones repeat the last subject.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_subjects(
    db: &Db,
    org_id: &RowId,
    kind: EventKind,
    subjects: &[RowId],
) -> Result<Vec<(RowId, Instant, String)>, Fault> {
    let mut found = Vec::new();
    let sql = of_subjects_sql();
    for chunk in subjects.chunks(IN_PLACES) {
        let mut args = vals![org_id.as_str(), kind.as_str()];
        fill_places(&mut args, chunk);
        let rows: Vec<(String, i64, String)> = db.all(&sql, args).await?;
        found.extend(rows.into_iter().map(|(s, t, b)| (row_id(s), at(t), b)));
    }
    Ok(found)
}

pub(crate) fn of_subjects_sql() -> String {
    format!(
        "SELECT subject, at_us, body FROM event WHERE org_id = $1 AND kind = $2 AND subject IN ({}) \
         ORDER BY seq",
        places(3)
    )
}
