//! Rate watches as stored.

mod quiet;

use lintel_macros::FromRow;
use lintel_macros::boxed;
pub use quiet::quiet_in;
pub(crate) use quiet::statements;

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::person::fold_email;
use lintel_domain::staff::Timezone;
use lintel_domain::watch::{Frequency, WatchDuration, WatchKind, WatchState};
use lintel_engine::date::Date;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO rate_watch (org_id, id, public_id, lender_org_id, token_hash, \
     token_key, kind, frequency, duration, first_name, last_name, email, email_folded, phone, \
     search, products, known, timezone, minute_of_day, anchor_day, state, next_at_us, \
     expires_at_us, prices, version, created_at_us, updated_at_us, ended_at_us) VALUES ($1, $2, \
     $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
     $23, $24, 0, $25, $25, NULL) ON CONFLICT DO NOTHING";

/// The columns of a [`Row`], before what tells which.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT org_id, id, public_id, lender_org_id, token_key, kind, frequency, duration, \
             first_name, last_name, email, phone, search, products, known, timezone, \
             minute_of_day, anchor_day, state, next_at_us, expires_at_us, prices, version, \
             created_at_us FROM rate_watch WHERE ",
            $rest
        )
    };
}

mod waiting;

pub use waiting::{Unreadable, Waiting, behind, due, next_lender, put_off_in, put_off_one_in};

const BY_TOKEN: &str = select!("token_hash = $1");
/// Changes nothing, and keeps others from changing the row until the transaction ends.
const LOCK: &str = "UPDATE rate_watch SET version = version WHERE token_hash = $1";
const ACTIVE_OF: &str = select!(
    "lender_org_id = $1 AND email_folded = $2 AND state = 'active' ORDER BY created_at_us, id \
     LIMIT $3"
);
const LOOKED: &str = "UPDATE rate_watch SET known = $4, state = $5, next_at_us = $6, prices = $7, \
     ended_at_us = $8, updated_at_us = $9, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3";
const PUT: &str = "UPDATE rate_watch SET frequency = $4, duration = $5, first_name = $6, \
     last_name = $7, phone = $8, products = $9, known = $10, timezone = $11, minute_of_day = $12, \
     anchor_day = $13, state = $14, next_at_us = $15, expires_at_us = $16, prices = $17, \
     ended_at_us = $18, updated_at_us = $19, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3";
const STOPPED: &str =
    "SELECT CAST(COUNT(*) AS BIGINT) FROM rate_watch WHERE token_hash = $1 AND state = 'stopped'";
pub(crate) const STATEMENTS: [(&str, &str); 7] = [
    ("watch.insert", INSERT),
    ("watch.by_token", BY_TOKEN),
    ("watch.lock", LOCK),
    ("watch.active_of", ACTIVE_OF),
    ("watch.looked", LOOKED),
    ("watch.put", PUT),
    ("watch.stopped", STOPPED),
];

/// A watch as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWatch {
    /// Where the consumer subscribed.
    pub org_id: RowId,
    /// Row id.
    pub id: RowId,
    /// The id people see.
    pub public_id: PublicId,
    /// The lender of the family: whose prices are watched.
    pub lender_org_id: RowId,
    /// The key the token is derived with.
    pub token_key: String,
    /// What the consumer wants to hear.
    pub kind: WatchKind,
    /// How often it is looked at.
    pub frequency: Frequency,
    /// How long it lasts.
    pub duration: WatchDuration,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Mail address.
    pub email: String,
    /// Phone number as it was stated.
    pub phone: Option<String>,
    /// What the search asked for, as kept with it.
    pub search: String,
    /// What is watched, as JSON.
    pub products: String,
    /// What was told last, as JSON.
    pub known: String,
    /// The zone of the time of day.
    pub timezone: Timezone,
    /// Minutes after midnight on that zone's clocks: 0 to 1439.
    pub minute_of_day: u32,
    /// The day weeks and months are counted from, in that zone.
    pub anchor_day: Date,
    /// How it stands.
    pub state: WatchState,
    /// When it is looked at again; none once it ended.
    pub next_at: Option<Instant>,
    /// The last instant it is for; none without an end.
    pub expires_at: Option<Instant>,
    /// The state of the lender's prices it was looked at with.
    pub prices: i64,
    /// Counts the changes of the row: a writer that read another one has nothing to say.
    pub version: i64,
    /// When it was subscribed to.
    pub created_at: Instant,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    public_id: String,
    lender_org_id: String,
    token_key: String,
    kind: String,
    frequency: String,
    duration: String,
    first_name: String,
    last_name: String,
    email: String,
    phone: Option<String>,
    search: String,
    products: String,
    known: String,
    timezone: String,
    minute_of_day: i64,
    anchor_day: String,
    state: String,
    next_at_us: Option<i64>,
    expires_at_us: Option<i64>,
    prices: i64,
    version: i64,
    created_at_us: i64,
}

impl Row {
    fn read(self) -> Result<StoredWatch, Fault> {
        let place = At {
            table: "rate_watch",
            id: &self.id,
        };
        Ok(StoredWatch {
            public_id: place.public_id(&self.public_id)?,
            kind: place.word("kind", &self.kind, WatchKind::parse)?,
            frequency: place.word("frequency", &self.frequency, Frequency::parse)?,
            duration: place.word("duration", &self.duration, WatchDuration::parse)?,
            timezone: place.word("timezone", &self.timezone, Timezone::parse)?,
            minute_of_day: place.count("minute_of_day", self.minute_of_day)?,
            anchor_day: place.need("anchor_day", Date::parse_iso(&self.anchor_day).ok())?,
            state: place.word("state", &self.state, WatchState::parse)?,
            org_id: row_id(self.org_id),
            lender_org_id: row_id(self.lender_org_id),
            token_key: self.token_key,
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            phone: self.phone,
            search: self.search,
            products: self.products,
            known: self.known,
            next_at: self.next_at_us.map(at),
            expires_at: self.expires_at_us.map(at),
            prices: self.prices,
            version: self.version,
            created_at: at(self.created_at_us),
            id: row_id(self.id),
        })
    }
}

fn micros(at: Option<Instant>) -> Option<i64> {
    at.map(Instant::micros)
}

/// Adds a watch; `false` when the public id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, watch: &StoredWatch, token_hash: &[u8]) -> Result<bool, Fault> {
    let args = vals![
        watch.org_id.as_str(),
        watch.id.as_str(),
        watch.public_id.as_str(),
        watch.lender_org_id.as_str(),
        token_hash,
        &watch.token_key,
        watch.kind.as_str(),
        watch.frequency.as_str(),
        watch.duration.as_str(),
        &watch.first_name,
        &watch.last_name,
        &watch.email,
        fold_email(&watch.email),
        watch.phone.as_deref(),
        &watch.search,
        &watch.products,
        &watch.known,
        watch.timezone.as_str(),
        watch.minute_of_day,
        watch.anchor_day.to_string(),
        watch.state.as_str(),
        micros(watch.next_at),
        micros(watch.expires_at),
        watch.prices,
        watch.created_at.micros(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Finds a watch by the hash of its token.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn by_token(db: &Db, token_hash: &[u8]) -> Result<Option<StoredWatch>, Fault> {
    let row: Option<Row> = db.maybe(BY_TOKEN, vals![token_hash]).await?;
    row.map(Row::read).transpose()
}

/// As [`by_token`], and nobody else changes the watch until the transaction ends.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_in(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<StoredWatch>, Fault> {
    if tx.exec(LOCK, vals![token_hash]).await? == 0 {
        return Ok(None);
    }
    let row: Option<Row> = tx.maybe(BY_TOKEN, vals![token_hash]).await?;
    row.map(Row::read).transpose()
}

/// The active watches of an address in a family, oldest first, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn active_of_in(
    tx: &mut Tx,
    lender: &RowId,
    email: &str,
    limit: u32,
) -> Result<Vec<StoredWatch>, Fault> {
    let args = vals![lender.as_str(), fold_email(email), limit];
    let rows: Vec<Row> = tx.all(ACTIVE_OF, args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Writes what came of looking at a watch: `known`, `state`, `next_at` and `prices` of it. `false` when
/// somebody else changed it since it was read, and then nothing was written.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn looked_in(tx: &mut Tx, watch: &StoredWatch, now: Instant) -> Result<bool, Fault> {
    let args = vals![
        watch.org_id.as_str(),
        watch.id.as_str(),
        watch.version,
        &watch.known,
        watch.state.as_str(),
        micros(watch.next_at),
        watch.prices,
        ended(watch, now),
        now.micros(),
    ];
    Ok(tx.exec(LOOKED, args).await? == 1)
}

/// When a watch that is not active any more ended: now.
fn ended(watch: &StoredWatch, now: Instant) -> Option<i64> {
    match watch.state {
        WatchState::Active => None,
        WatchState::Stopped | WatchState::Expired => Some(now.micros()),
    }
}

/// Writes a changed watch; what a watch is of, its address and its search stay. `false` when somebody
/// else changed it since it was read, and then nothing was written.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn put_in(tx: &mut Tx, watch: &StoredWatch, now: Instant) -> Result<bool, Fault> {
    let args = vals![
        watch.org_id.as_str(),
        watch.id.as_str(),
        watch.version,
        watch.frequency.as_str(),
        watch.duration.as_str(),
        &watch.first_name,
        &watch.last_name,
        watch.phone.as_deref(),
        &watch.products,
        &watch.known,
        watch.timezone.as_str(),
        watch.minute_of_day,
        watch.anchor_day.to_string(),
        watch.state.as_str(),
        micros(watch.next_at),
        micros(watch.expires_at),
        watch.prices,
        ended(watch, now),
        now.micros(),
    ];
    Ok(tx.exec(PUT, args).await? == 1)
}

/// Whether a token is that of a watch somebody stopped.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn is_stopped(db: &Db, token_hash: &[u8]) -> Result<bool, Fault> {
    let row: Option<(i64,)> = db.maybe(STOPPED, vals![token_hash]).await?;
    Ok(row.is_some_and(|(count,)| count > 0))
}
