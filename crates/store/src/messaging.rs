//! How organisations write to people, and what a catcher took instead of a server.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::message::Channel;
use lintel_domain::staff::Timezone;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const LOAD: &str = "SELECT sender_name, sender_email, reply_to, sender_domains, timezone, \
     watch_allowed, watch_minute FROM messaging_settings WHERE org_id = $1";
const PUT: &str = "INSERT INTO messaging_settings (org_id, sender_name, sender_email, reply_to, \
     sender_domains, timezone, watch_allowed, watch_minute, updated_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (org_id) DO UPDATE SET \
     sender_name = excluded.sender_name, sender_email = excluded.sender_email, \
     reply_to = excluded.reply_to, sender_domains = excluded.sender_domains, \
     timezone = excluded.timezone, watch_allowed = excluded.watch_allowed, \
     watch_minute = excluded.watch_minute, updated_at_us = excluded.updated_at_us";
const CATCH: &str = "INSERT INTO caught_message (id, channel, head_sealed, content_sealed, \
     caught_at_us) VALUES ($1, $2, $3, $4, $5)";
/// Keeps the newest.
const TRIM: &str = "DELETE FROM caught_message WHERE id NOT IN (SELECT id FROM caught_message \
     ORDER BY caught_at_us DESC, id DESC LIMIT $1)";
const CAUGHT: &str = "SELECT id, channel, head_sealed, caught_at_us FROM caught_message \
     ORDER BY caught_at_us DESC, id DESC LIMIT $1";
const CAUGHT_ONE: &str = "SELECT id, channel, head_sealed, caught_at_us, content_sealed \
     FROM caught_message WHERE id = $1";
const CLEAR: &str = "DELETE FROM caught_message";

/// Every statement of this file, with a name each.
pub(crate) const STATEMENTS: [(&str, &str); 7] = [
    ("messaging.load", LOAD),
    ("messaging.put", PUT),
    ("caught.insert", CATCH),
    ("caught.trim", TRIM),
    ("caught.list", CAUGHT),
    ("caught.one", CAUGHT_ONE),
    ("caught.clear", CLEAR),
];

/// How an organisation writes to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessaging {
    /// Name of the sender.
    pub sender_name: Option<String>,
    /// Mail address of the sender.
    pub sender_email: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// Domains of senders, folded.
    pub sender_domains: Vec<String>,
    /// The time zone of its days.
    pub timezone: Timezone,
    /// Whether consumers may subscribe to rates.
    pub watch_allowed: bool,
    /// Minute of the day rates are sent at, 0 to 1439.
    pub watch_minute: u32,
}

#[derive(FromRow)]
struct Row {
    sender_name: Option<String>,
    sender_email: Option<String>,
    reply_to: Option<String>,
    sender_domains: String,
    timezone: String,
    watch_allowed: bool,
    watch_minute: i64,
}

impl Row {
    fn read(self, org_id: &RowId) -> Result<StoredMessaging, Fault> {
        let place = At {
            table: "messaging_settings",
            id: org_id.as_str(),
        };
        Ok(StoredMessaging {
            timezone: place.word("timezone", &self.timezone, Timezone::parse)?,
            watch_minute: place.count("watch_minute", self.watch_minute)?,
            sender_domains: self
                .sender_domains
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            sender_name: self.sender_name,
            sender_email: self.sender_email,
            reply_to: self.reply_to,
            watch_allowed: self.watch_allowed,
        })
    }
}

/// How an organisation writes to people; none when nobody said.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId) -> Result<Option<StoredMessaging>, Fault> {
    let row: Option<Row> = db.maybe(LOAD, vals![org_id.as_str()]).await?;
    row.map(|row| row.read(org_id)).transpose()
}

/// As [`load`], within a transaction.
///
/// # Errors
/// As [`load`].
#[boxed]
pub async fn load_in(tx: &mut Tx, org_id: &RowId) -> Result<Option<StoredMessaging>, Fault> {
    let row: Option<Row> = tx.maybe(LOAD, vals![org_id.as_str()]).await?;
    row.map(|row| row.read(org_id)).transpose()
}

/// Writes how an organisation writes to people.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn put_in(
    tx: &mut Tx,
    org_id: &RowId,
    new: &StoredMessaging,
    now: Instant,
) -> Result<(), Fault> {
    let args = vals![
        org_id.as_str(),
        new.sender_name.as_deref(),
        new.sender_email.as_deref(),
        new.reply_to.as_deref(),
        new.sender_domains.join(" "),
        new.timezone.as_str(),
        new.watch_allowed,
        new.watch_minute,
        now.micros(),
    ];
    tx.exec(PUT, args).await.map(|_| ())
}

/// What a catcher took, without its bytes.
#[derive(Debug, Clone)]
pub struct StoredCaught {
    /// Row id.
    pub id: RowId,
    /// By which way it would have gone.
    pub channel: Channel,
    /// From whom, to whom and about what, sealed.
    pub head_sealed: Vec<u8>,
    /// When it was taken.
    pub caught_at: Instant,
}

#[derive(FromRow)]
struct CaughtRow {
    id: String,
    channel: String,
    head_sealed: Vec<u8>,
    caught_at_us: i64,
}

#[derive(FromRow)]
struct WholeRow {
    #[row(flatten)]
    caught: CaughtRow,
    content_sealed: Vec<u8>,
}

impl CaughtRow {
    fn read(self) -> Result<StoredCaught, Fault> {
        let place = At {
            table: "caught_message",
            id: &self.id,
        };
        Ok(StoredCaught {
            channel: place.word("channel", &self.channel, Channel::parse)?,
            head_sealed: self.head_sealed,
            caught_at: at(self.caught_at_us),
            id: row_id(self.id),
        })
    }
}

/// Keeps what a catcher took, and at most so many in all.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn catch_in(
    tx: &mut Tx,
    new: &StoredCaught,
    content_sealed: &[u8],
    most: u32,
) -> Result<(), Fault> {
    let args = vals![
        new.id.as_str(),
        new.channel.as_str(),
        new.head_sealed.as_slice(),
        content_sealed,
        new.caught_at.micros(),
    ];
    tx.exec(CATCH, args).await?;
    tx.exec(TRIM, vals![most]).await?;
    Ok(())
}

/// Lists what was taken, newest first.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn caught(db: &Db, limit: u32) -> Result<Vec<StoredCaught>, Fault> {
    let rows: Vec<CaughtRow> = db.all(CAUGHT, vals![limit]).await?;
    rows.into_iter().map(CaughtRow::read).collect()
}

/// Finds what was taken, with its sealed bytes.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn caught_one(db: &Db, id: &str) -> Result<Option<(StoredCaught, Vec<u8>)>, Fault> {
    let row: Option<WholeRow> = db.maybe(CAUGHT_ONE, vals![id]).await?;
    row.map(|row| Ok((row.caught.read()?, row.content_sealed)))
        .transpose()
}

/// Throws everything away that was taken; how much it was.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn clear_caught_in(tx: &mut Tx) -> Result<u64, Fault> {
    tx.exec(CLEAR, Vec::new()).await
}
