//! What an organisation wrote, as its people look at it.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::message::{AddressPart, Channel, DeliveryState, MailKind};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx, Val};
use crate::fault::Fault;
use crate::in_list::{IN_PLACES, fill_places, places};
use crate::row::{At, at, row_id};
use crate::vals;

const COLUMNS: &str = "m.org_id, m.id, m.public_id, m.channel, m.kind, m.loan_id, m.lead_id, \
     m.content_sealed, m.crm_id, m.crm_code, m.created_at_us, m.created_by, m.archived_at_us, \
     l.public_id AS loan_public_id";
const WITH_LOAN: &str =
    "LEFT JOIN loan l ON l.lender_org_id = m.lender_org_id AND l.id = m.loan_id";
/// The optional conditions on the message itself.
const OF_MESSAGE: &str = "($2 = '' OR m.channel = $2) AND ($3 = '' OR m.kind = $3)";
/// The addresses of a message are few; the lock keeps a delivery from being tried by somebody who
/// saw it before.
const AGAIN: &str = "UPDATE delivery SET state = 'waiting', updated_at_us = $3 WHERE org_id = $1 \
     AND message_id = $2 AND state IN ('failed', 'suppressed') RETURNING id";
const CANCEL: &str = "UPDATE delivery SET state = 'cancelled', updated_at_us = $3 \
     WHERE org_id = $1 AND message_id = $2 AND state = 'waiting' RETURNING id";

fn by_public_id_sql() -> String {
    format!("SELECT {COLUMNS} FROM message m {WITH_LOAN} WHERE m.org_id = $1 AND m.public_id = $2")
}

fn of_loan_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM message m {WITH_LOAN} WHERE m.lender_org_id = $1 AND m.loan_id = $2 \
         AND m.org_id = $3 ORDER BY m.created_at_us DESC, m.id DESC LIMIT $4"
    )
}

fn deliveries_sql() -> String {
    format!(
        "SELECT message_id, id, part, address, state, attempts, answer, updated_at_us \
         FROM delivery WHERE org_id = $1 AND message_id IN ({}) ORDER BY message_id, position",
        places(2)
    )
}

/// Whoever asks for a state or an address comes by the deliveries' indexes, which have the order of
/// the messages.
fn list_sql(by_state: bool, by_address: bool) -> String {
    if !by_state && !by_address {
        return format!(
            "SELECT {COLUMNS} FROM message m {WITH_LOAN} WHERE m.org_id = $1 AND {OF_MESSAGE} \
             ORDER BY m.created_at_us DESC, m.id DESC LIMIT $4 OFFSET $5"
        );
    }
    let mut conditions = String::new();
    let mut place = 6;
    for (is_asked, column) in [(by_state, "state"), (by_address, "address_folded")] {
        if is_asked {
            conditions.push_str(&format!(" AND d.{column} = ${place}"));
            place += 1;
        }
    }
    format!(
        "SELECT {COLUMNS} FROM (SELECT DISTINCT d.created_at_us AS at_us, d.message_id \
         FROM delivery d JOIN message m ON m.org_id = d.org_id AND m.id = d.message_id \
         WHERE d.org_id = $1{conditions} AND {OF_MESSAGE} \
         ORDER BY d.created_at_us DESC, d.message_id DESC LIMIT $4 OFFSET $5) page \
         JOIN message m ON m.org_id = $1 AND m.id = page.message_id {WITH_LOAN} \
         ORDER BY m.created_at_us DESC, m.id DESC"
    )
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("message.list", list_sql(false, false)),
        ("message.list_by_state", list_sql(true, false)),
        ("message.list_by_address", list_sql(false, true)),
        ("message.list_by_both", list_sql(true, true)),
        ("message.by_public_id", by_public_id_sql()),
        ("message.of_loan", of_loan_sql()),
        ("message.deliveries", deliveries_sql()),
        ("message.again", AGAIN.to_owned()),
        ("message.cancel", CANCEL.to_owned()),
    ]
}

/// Which messages to list.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// With a delivery that stands so.
    pub state: Option<DeliveryState>,
    /// Of this way.
    pub channel: Option<Channel>,
    /// About this.
    pub kind: Option<MailKind>,
    /// To this address, folded.
    pub address_folded: Option<String>,
}

/// A message as stored.
#[derive(Debug, Clone)]
pub struct StoredMessage {
    /// In whose name it goes out.
    pub org_id: RowId,
    /// Row id.
    pub id: RowId,
    /// The id people see.
    pub public_id: PublicId,
    /// By which way it goes.
    pub channel: Channel,
    /// What it is about.
    pub kind: MailKind,
    /// The loan it belongs to.
    pub loan_id: Option<RowId>,
    /// The id people see of that loan.
    pub loan_public_id: Option<PublicId>,
    /// The lead it belongs to.
    pub lead_id: Option<RowId>,
    /// What it says and to whom, sealed.
    pub content_sealed: Vec<u8>,
    /// What a customer system calls it.
    pub crm_id: Option<String>,
    /// The kind a customer system gives it.
    pub crm_code: Option<String>,
    /// When it was written, or sent by another system.
    pub created_at: Instant,
    /// Who had it written.
    pub created_by: String,
    /// When it was put away, if it is kept only.
    pub archived_at: Option<Instant>,
}

/// One address of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDelivery {
    /// The message.
    pub message_id: RowId,
    /// Row id.
    pub id: RowId,
    /// Where the address stands.
    pub part: AddressPart,
    /// The address or number. Empty in rows of a version that kept it sealed only.
    pub address: String,
    /// How it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    /// What the other side said last.
    pub answer: Option<String>,
    /// When that was.
    pub updated_at: Instant,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    public_id: String,
    channel: String,
    kind: String,
    loan_id: Option<String>,
    lead_id: Option<String>,
    content_sealed: Vec<u8>,
    crm_id: Option<String>,
    crm_code: Option<String>,
    created_at_us: i64,
    created_by: String,
    archived_at_us: Option<i64>,
    loan_public_id: Option<String>,
}

impl Row {
    fn read(self) -> Result<StoredMessage, Fault> {
        let place = At {
            table: "message",
            id: &self.id,
        };
        Ok(StoredMessage {
            public_id: place.public_id(&self.public_id)?,
            channel: place.word("channel", &self.channel, Channel::parse)?,
            kind: place.word("kind", &self.kind, MailKind::parse)?,
            loan_public_id: place.maybe_word(
                "loan_id",
                self.loan_public_id.as_deref(),
                PublicId::parse,
            )?,
            org_id: row_id(self.org_id),
            loan_id: self.loan_id.map(row_id),
            lead_id: self.lead_id.map(row_id),
            content_sealed: self.content_sealed,
            crm_id: self.crm_id,
            crm_code: self.crm_code,
            created_at: at(self.created_at_us),
            created_by: self.created_by,
            archived_at: self.archived_at_us.map(at),
            id: row_id(self.id),
        })
    }
}

#[derive(FromRow)]
struct DeliveryRow {
    message_id: String,
    id: String,
    part: String,
    address: String,
    state: String,
    attempts: i64,
    answer: Option<String>,
    updated_at_us: i64,
}

impl DeliveryRow {
    fn read(self) -> Result<StoredDelivery, Fault> {
        let place = At {
            table: "delivery",
            id: &self.id,
        };
        Ok(StoredDelivery {
            part: place.word("part", &self.part, AddressPart::parse)?,
            state: place.word("state", &self.state, DeliveryState::parse)?,
            attempts: place.count("attempts", self.attempts)?,
            message_id: row_id(self.message_id),
            address: self.address,
            answer: self.answer,
            updated_at: at(self.updated_at_us),
            id: row_id(self.id),
        })
    }
}

/// Lists messages of an organisation, newest first.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn list(
    db: &Db,
    org_id: &RowId,
    filter: &ListFilter,
    limit: u32,
    offset: u32,
) -> Result<Vec<StoredMessage>, Fault> {
    let mut args = vals![
        org_id.as_str(),
        filter.channel.map_or("", Channel::as_str),
        filter.kind.map_or("", MailKind::as_str),
        limit,
        offset,
    ];
    let state = filter.state.map(|state| Val::from(state.as_str()));
    let address = filter.address_folded.as_deref().map(Val::from);
    let sql = list_sql(state.is_some(), address.is_some());
    args.extend(state.into_iter().chain(address));
    let rows: Vec<Row> = db.all(&sql, args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Finds an organisation's message by the id people see.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn by_public_id(
    db: &Db,
    org_id: &RowId,
    public_id: &PublicId,
) -> Result<Option<StoredMessage>, Fault> {
    let args = vals![org_id.as_str(), public_id.as_str()];
    let row: Option<Row> = db.maybe(&by_public_id_sql(), args).await?;
    row.map(Row::read).transpose()
}

/// Lists what an organisation wrote about a loan, newest first.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn of_loan(
    db: &Db,
    lender_org_id: &RowId,
    loan_id: &RowId,
    org_id: &RowId,
    limit: u32,
) -> Result<Vec<StoredMessage>, Fault> {
    let args = vals![
        lender_org_id.as_str(),
        loan_id.as_str(),
        org_id.as_str(),
        limit,
    ];
    let rows: Vec<Row> = db.all(&of_loan_sql(), args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// The addresses of messages of an organisation, in the order of each message.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn deliveries(
    db: &Db,
    org_id: &RowId,
    messages: &[RowId],
) -> Result<Vec<StoredDelivery>, Fault> {
    let mut found = Vec::new();
    for chunk in messages.chunks(IN_PLACES) {
        let mut args = vals![org_id.as_str()];
        fill_places(&mut args, chunk);
        let rows: Vec<DeliveryRow> = db.all(&deliveries_sql(), args).await?;
        for row in rows {
            found.push(row.read()?);
        }
    }
    Ok(found)
}

/// Has the deliveries of a message that did not go out wait again; their row ids.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn again_in(
    tx: &mut Tx,
    org_id: &RowId,
    message_id: &RowId,
    now: Instant,
) -> Result<Vec<RowId>, Fault> {
    changed_in(tx, AGAIN, org_id, message_id, now).await
}

/// Takes back the deliveries of a message that wait; their row ids.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn cancel_in(
    tx: &mut Tx,
    org_id: &RowId,
    message_id: &RowId,
    now: Instant,
) -> Result<Vec<RowId>, Fault> {
    changed_in(tx, CANCEL, org_id, message_id, now).await
}

async fn changed_in(
    tx: &mut Tx,
    sql: &str,
    org_id: &RowId,
    message_id: &RowId,
    now: Instant,
) -> Result<Vec<RowId>, Fault> {
    let args = vals![org_id.as_str(), message_id.as_str(), now.micros()];
    let rows: Vec<(String,)> = tx.all(sql, args).await?;
    Ok(rows.into_iter().map(|(id,)| row_id(id)).collect())
}
