//! A delivery on its way: what is handed over, and what became of it.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::message::{AddressPart, Channel, DeliveryState};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const DUE: &str = "SELECT d.id, d.message_id, d.org_id, m.lender_org_id, m.channel, m.kind, \
     d.part, d.address, d.state, m.content_sealed, m.created_at_us FROM delivery d \
     JOIN message m ON m.org_id = d.org_id AND m.id = d.message_id WHERE d.id = $1";
/// Whatever was meant meanwhile, a message that was taken was sent.
const SENT: &str = "UPDATE delivery SET state = 'sent', attempts = attempts + 1, answer = $2, \
     updated_at_us = $3 WHERE id = $1 AND state <> 'sent'";
const TRIED: &str = "UPDATE delivery SET attempts = attempts + 1, answer = $2, updated_at_us = $3 \
     WHERE id = $1 AND state IN ('waiting', 'failed')";
const HELD_BACK: &str = "UPDATE delivery SET state = 'suppressed', answer = NULL, \
     updated_at_us = $2 WHERE id = $1 AND state IN ('waiting', 'failed')";
const FAILED: &str = "UPDATE delivery SET state = 'failed', answer = $2, updated_at_us = $3 \
     WHERE id = $1 AND state = 'waiting'";
const WAITS: &str = "UPDATE delivery SET state = 'waiting', updated_at_us = $2 WHERE id = $1 \
     AND state = 'failed'";

pub(super) const STATEMENTS: [(&str, &str); 6] = [
    ("message.due", DUE),
    ("message.sent", SENT),
    ("message.tried", TRIED),
    ("message.held_back", HELD_BACK),
    ("message.failed", FAILED),
    ("message.waits", WAITS),
];

/// A delivery with the message it is of.
#[derive(Debug, Clone)]
pub struct Due {
    /// Its row id.
    pub id: RowId,
    /// The message.
    pub message_id: RowId,
    /// In whose name it goes out.
    pub org_id: RowId,
    /// The lender of that organisation's family.
    pub lender_org_id: RowId,
    /// By which way it goes.
    pub channel: Channel,
    /// What it is about, as stored: a newer node may have written a word this one does not know.
    pub kind: String,
    /// Where the address stands in the message.
    pub part: AddressPart,
    /// The address or number. Empty in rows of a version that kept it sealed only.
    pub address: String,
    /// How it stands.
    pub state: DeliveryState,
    /// What the message says, sealed.
    pub content_sealed: Vec<u8>,
    /// When it was written.
    pub created_at: Instant,
}

#[derive(FromRow)]
struct Row {
    id: String,
    message_id: String,
    org_id: String,
    lender_org_id: String,
    channel: String,
    kind: String,
    part: String,
    address: String,
    state: String,
    content_sealed: Vec<u8>,
    created_at_us: i64,
}

impl Row {
    fn read(self) -> Result<Due, Fault> {
        let place = At {
            table: "delivery",
            id: &self.id,
        };
        Ok(Due {
            channel: place.word("channel", &self.channel, Channel::parse)?,
            part: place.word("part", &self.part, AddressPart::parse)?,
            state: place.word("state", &self.state, DeliveryState::parse)?,
            message_id: row_id(self.message_id),
            org_id: row_id(self.org_id),
            lender_org_id: row_id(self.lender_org_id),
            kind: self.kind,
            address: self.address,
            content_sealed: self.content_sealed,
            created_at: at(self.created_at_us),
            id: row_id(self.id),
        })
    }
}

/// Finds a delivery.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn due(db: &Db, id: &str) -> Result<Option<Due>, Fault> {
    let row: Option<Row> = db.maybe(DUE, vals![id]).await?;
    row.map(Row::read).transpose()
}

/// Notes that a delivery was taken, even one that was taken back or given up meanwhile; `false` when
/// that was known.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sent_in(tx: &mut Tx, id: &RowId, answer: &str, now: Instant) -> Result<bool, Fault> {
    let args = vals![id.as_str(), answer, now.micros()];
    Ok(tx.exec(SENT, args).await? == 1)
}

/// Notes an attempt that came to nothing, and what was said.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn tried_in(tx: &mut Tx, id: &RowId, answer: &str, now: Instant) -> Result<(), Fault> {
    let args = vals![id.as_str(), answer, now.micros()];
    tx.exec(TRIED, args).await.map(|_| ())
}

/// Notes that a delivery does not go out, as its address must not be written to.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn held_back_in(tx: &mut Tx, id: &RowId, now: Instant) -> Result<bool, Fault> {
    Ok(tx.exec(HELD_BACK, vals![id.as_str(), now.micros()]).await? == 1)
}

/// Notes that a delivery is given up, and why.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn failed_in(tx: &mut Tx, id: &str, why: &str, now: Instant) -> Result<bool, Fault> {
    let args = vals![id, why, now.micros()];
    Ok(tx.exec(FAILED, args).await? == 1)
}

/// Has a delivery that was given up wait again; `false` when it was not.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn waits_in(tx: &mut Tx, id: &str, now: Instant) -> Result<bool, Fault> {
    Ok(tx.exec(WAITS, vals![id, now.micros()]).await? == 1)
}
