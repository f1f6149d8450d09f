//! Mails and text messages as they were written, and their deliveries: one for each address. What is
//! to be handed over has a job; see [`crate::job`].

mod outbox;
mod sending;

use lintel_macros::boxed;
use std::collections::HashSet;
use std::sync::LazyLock;

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::message::{AddressPart, Channel, DeliveryState, MailKind};
use lintel_domain::person::fold_email;

use crate::db::{Tx, Val};
use crate::fault::Fault;

pub use outbox::{
    ListFilter, StoredDelivery, StoredMessage, again_in, by_public_id, cancel_in, deliveries, list,
    of_loan,
};
pub use sending::{Due, due, failed_in, held_back_in, sent_in, tried_in, waits_in};

/// Rows of one statement when there are many.
const TOGETHER: usize = 20;
const MESSAGE_COLUMNS: usize = 14;
const DELIVERY_COLUMNS: usize = 12;

/// A message about to be stored.
#[derive(Debug)]
pub struct NewMessage<'a> {
    /// In whose name it goes out.
    pub org_id: &'a RowId,
    /// Row id, which names it at its receivers, too.
    pub id: &'a RowId,
    /// The id people see.
    pub public_id: &'a PublicId,
    /// The lender of the organisation's family.
    pub lender_org_id: &'a RowId,
    /// By which way it goes.
    pub channel: Channel,
    /// What it is about.
    pub kind: MailKind,
    /// The loan it belongs to, of the family.
    pub loan_id: Option<&'a RowId>,
    /// The lead it belongs to, of the family.
    pub lead_id: Option<&'a RowId>,
    /// What it says and to whom, sealed.
    pub content_sealed: &'a [u8],
    /// What a customer system calls it.
    pub crm_id: Option<&'a str>,
    /// The kind a customer system gives it.
    pub crm_code: Option<&'a str>,
    /// When it was written.
    pub created_at: Instant,
    /// Who had it written.
    pub created_by: &'a str,
    /// When it was put away, if it is kept only; it was sent at `created_at`.
    pub archived_at: Option<Instant>,
}

/// A delivery about to be stored.
#[derive(Debug)]
pub struct NewDelivery<'a> {
    /// In whose name the message goes out.
    pub org_id: &'a RowId,
    /// The message.
    pub message_id: &'a RowId,
    /// Its place among the addresses of the message, from 0.
    pub position: u32,
    /// Row id.
    pub id: &'a RowId,
    /// Where the address stands.
    pub part: AddressPart,
    /// A mail address, or a telephone number.
    pub address: &'a str,
    /// How it stands.
    pub state: DeliveryState,
    /// When the message was written.
    pub created_at: Instant,
}

fn rows_sql(columns: usize, rows: usize) -> String {
    let row = |at: usize| {
        let first = at * columns + 1;
        let places: Vec<String> = (first..first + columns).map(|n| format!("${n}")).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

fn insert_sql(rows: usize) -> String {
    format!(
        "INSERT INTO message (org_id, id, public_id, lender_org_id, channel, kind, loan_id, lead_id, \
         content_sealed, crm_id, crm_code, created_at_us, created_by, archived_at_us) VALUES {} \
         ON CONFLICT DO NOTHING RETURNING id",
        rows_sql(MESSAGE_COLUMNS, rows)
    )
}

fn insert_deliveries_sql(rows: usize) -> String {
    format!(
        "INSERT INTO delivery (org_id, message_id, position, id, part, address, address_folded, \
         state, attempts, answer, created_at_us, updated_at_us) VALUES {}",
        rows_sql(DELIVERY_COLUMNS, rows)
    )
}

/// Of one row, and of many.
static INSERTS: LazyLock<[String; 2]> = LazyLock::new(|| [insert_sql(1), insert_sql(TOGETHER)]);
static DELIVERY_INSERTS: LazyLock<[String; 2]> =
    LazyLock::new(|| [insert_deliveries_sql(1), insert_deliveries_sql(TOGETHER)]);

/// Every statement about messages, with a name each.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    let [one, many] = &*INSERTS;
    let [delivery, deliveries] = &*DELIVERY_INSERTS;
    let mut list = vec![
        ("message.insert", one.clone()),
        ("message.insert_many", many.clone()),
        ("message.insert_delivery", delivery.clone()),
        ("message.insert_deliveries", deliveries.clone()),
    ];
    list.extend(outbox::statements());
    list.extend(sending::STATEMENTS.map(|(name, sql)| (name, sql.to_owned())));
    list
}

fn args(new: &NewMessage<'_>) -> [Val; MESSAGE_COLUMNS] {
    [
        Val::from(new.org_id.as_str()),
        Val::from(new.id.as_str()),
        Val::from(new.public_id.as_str()),
        Val::from(new.lender_org_id.as_str()),
        Val::from(new.channel.as_str()),
        Val::from(new.kind.as_str()),
        Val::from(new.loan_id.map(RowId::as_str)),
        Val::from(new.lead_id.map(RowId::as_str)),
        Val::from(new.content_sealed),
        Val::from(new.crm_id),
        Val::from(new.crm_code),
        Val::from(new.created_at.micros()),
        Val::from(new.created_by),
        Val::from(new.archived_at.map(Instant::micros)),
    ]
}

fn delivery_args(new: &NewDelivery<'_>) -> [Val; DELIVERY_COLUMNS] {
    [
        Val::from(new.org_id.as_str()),
        Val::from(new.message_id.as_str()),
        Val::from(new.position),
        Val::from(new.id.as_str()),
        Val::from(new.part.as_str()),
        Val::from(new.address),
        Val::from(fold_email(new.address)),
        Val::from(new.state.as_str()),
        Val::from(0_i64),
        Val::Text(None),
        Val::from(new.created_at.micros()),
        Val::from(new.created_at.micros()),
    ]
}

/// Adds messages and says of each whether it was added; one that was not has a public id that is
/// taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_many_in(tx: &mut Tx, new: &[NewMessage<'_>]) -> Result<Vec<bool>, Fault> {
    let [one, many] = &*INSERTS;
    let mut written: HashSet<String> = HashSet::new();
    let (whole, rest) = new.as_chunks::<TOGETHER>();
    let chunks = whole.iter().map(|chunk| (chunk.as_slice(), many));
    for (chunk, sql) in chunks.chain(rest.chunks(1).map(|chunk| (chunk, one))) {
        let rows: Vec<(String,)> = tx.all(sql, chunk.iter().flat_map(args).collect()).await?;
        written.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(new
        .iter()
        .map(|m| written.contains(m.id.as_str()))
        .collect())
}

/// Adds deliveries of messages that are there.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_deliveries_in(tx: &mut Tx, new: &[NewDelivery<'_>]) -> Result<(), Fault> {
    let [one, many] = &*DELIVERY_INSERTS;
    let (whole, rest) = new.as_chunks::<TOGETHER>();
    let chunks = whole.iter().map(|chunk| (chunk.as_slice(), many));
    for (chunk, sql) in chunks.chain(rest.chunks(1).map(|chunk| (chunk, one))) {
        let args = chunk.iter().flat_map(delivery_args).collect();
        tx.exec(sql, args).await?;
    }
    Ok(())
}
