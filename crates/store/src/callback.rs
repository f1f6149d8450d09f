//! Callbacks of partners: registrations here; events, attempts and counts below.

pub mod attempt;
pub mod count;
pub mod event;
pub mod line;

use lintel_domain::callback::{NotificationType, OffReason};
use lintel_domain::id::{Instant, RowId};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const ONE: &str = "SELECT type, id, url, secret, active, off_reason, failing_since_us, created_at_us, \
     updated_at_us FROM callback WHERE org_id = $1 AND intermediary_id = $2 AND type = $3";
/// Changes nothing, and keeps everybody else from changing it until the transaction ends.
const LOCK: &str = "UPDATE callback SET active = active WHERE org_id = $1 AND intermediary_id = $2 \
     AND type = $3 RETURNING type, id, url, secret, active, off_reason, failing_since_us, \
     created_at_us, updated_at_us";
const IS_ACTIVE: &str = "SELECT id FROM callback WHERE org_id = $1 AND intermediary_id = $2 \
     AND type = $3 AND active";
const OF: &str = "SELECT type, id, url, secret, active, off_reason, failing_since_us, created_at_us, \
     updated_at_us FROM callback WHERE org_id = $1 AND intermediary_id = $2 ORDER BY type";
const INSERT: &str = "INSERT INTO callback (org_id, intermediary_id, type, id, url, secret, active, \
     off_reason, failing_since_us, created_at_us, updated_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9, $9) ON CONFLICT DO NOTHING";
const CHANGE: &str = "UPDATE callback SET url = $4, secret = $5, active = $6, off_reason = $7, \
     failing_since_us = $8, updated_at_us = $9 \
     WHERE org_id = $1 AND intermediary_id = $2 AND type = $3";
const REMOVE: &str =
    "DELETE FROM callback WHERE org_id = $1 AND intermediary_id = $2 AND type = $3";
/// These three are about the registration as it was when somebody was called: one that was changed since
/// is another, and what its former address answered says nothing of it.
const FAILED: &str = "UPDATE callback SET failing_since_us = $4 \
     WHERE org_id = $1 AND id = $2 AND updated_at_us = $3 AND failing_since_us IS NULL";
const SUCCEEDED: &str = "UPDATE callback SET failing_since_us = NULL \
     WHERE org_id = $1 AND id = $2 AND updated_at_us = $3 AND failing_since_us IS NOT NULL";
const SWITCH_OFF: &str = "UPDATE callback SET active = $4, off_reason = $5, updated_at_us = $6 \
     WHERE org_id = $1 AND id = $2 AND updated_at_us = $3 AND active";
const CONTACT: &str = "SELECT name, email FROM intermediary WHERE org_id = $1 AND id = $2";
const OWNS_SIMULATION: &str =
    "SELECT id FROM simulation WHERE org_id = $1 AND intermediary_id = $2 AND id = $3";
const OWNS_PROCESS: &str =
    "SELECT id FROM process WHERE org_id = $1 AND intermediary_id = $2 AND id = $3";
const LOCK_PROCESS: &str = "UPDATE process SET revision = revision WHERE org_id = $1 AND id = $2";
const LOCK_SIMULATION: &str = "UPDATE simulation SET status = status WHERE org_id = $1 AND id = $2";

/// The statements of this module and those below, for the test that prepares each.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    let own = [
        ("callback.one", ONE),
        ("callback.lock", LOCK),
        ("callback.is_active", IS_ACTIVE),
        ("callback.of", OF),
        ("callback.insert", INSERT),
        ("callback.change", CHANGE),
        ("callback.remove", REMOVE),
        ("callback.failed", FAILED),
        ("callback.succeeded", SUCCEEDED),
        ("callback.switch_off", SWITCH_OFF),
        ("callback.contact", CONTACT),
        ("callback.owns_simulation", OWNS_SIMULATION),
        ("callback.owns_process", OWNS_PROCESS),
        ("callback.lock_process", LOCK_PROCESS),
        ("callback.lock_simulation", LOCK_SIMULATION),
    ];
    let below = event::STATEMENTS.into_iter().chain(attempt::STATEMENTS);
    let below = below.chain(line::STATEMENTS).chain(count::STATEMENTS);
    let fixed = own.into_iter().chain(below);
    let mut list: Vec<_> = fixed.map(|(name, sql)| (name, sql.to_owned())).collect();
    list.extend(attempt::listed());
    list.extend(event::listed());
    list
}

/// Whose registration of which type.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// The bank.
    pub org_id: &'a RowId,
    /// The intermediary.
    pub intermediary_id: &'a RowId,
    /// What it is told of.
    pub kind: NotificationType,
}

impl Whose<'_> {
    fn args(&self) -> Vec<crate::db::Val> {
        vals![
            self.org_id.as_str(),
            self.intermediary_id.as_str(),
            self.kind.as_str()
        ]
    }
}

/// A registration as it is stored. Its `Debug` shows neither address nor secret.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredCallback {
    /// What it is told of.
    pub kind: NotificationType,
    /// Its id; one that is removed and made again has another.
    pub id: RowId,
    /// Where it is told, sealed: path and query may hold secrets of the partner.
    pub url_sealed: Vec<u8>,
    /// The secret, sealed.
    pub secret_sealed: Vec<u8>,
    /// Whether it is told.
    pub is_active: bool,
    /// Why it is not.
    pub off_reason: Option<OffReason>,
    /// The first of the failures that were not followed by a success.
    pub failing_since: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed; each change has a later one than that before, so that this tells them apart.
    pub updated_at: Instant,
}

impl std::fmt::Debug for StoredCallback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredCallback")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("is_active", &self.is_active)
            .finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct Row {
    #[row(name = "type")]
    kind: String,
    id: String,
    url: Vec<u8>,
    secret: Vec<u8>,
    active: bool,
    off_reason: Option<String>,
    failing_since_us: Option<i64>,
    created_at_us: i64,
    updated_at_us: i64,
}

impl Row {
    fn read(self) -> Result<StoredCallback, Fault> {
        let place = At {
            table: "callback",
            id: &self.id,
        };
        let kind = place.word("type", &self.kind, NotificationType::parse)?;
        let off = self.off_reason.as_deref();
        let off_reason = place.maybe_word("off_reason", off, OffReason::parse)?;
        Ok(StoredCallback {
            kind,
            off_reason,
            id: row_id(self.id),
            url_sealed: self.url,
            secret_sealed: self.secret,
            is_active: self.active,
            failing_since: self.failing_since_us.map(at),
            created_at: at(self.created_at_us),
            updated_at: at(self.updated_at_us),
        })
    }
}

/// A registration.
///
/// # Errors
/// Any fault of the database; a row that cannot be read.
#[boxed]
pub async fn load(db: &Db, whose: &Whose<'_>) -> Result<Option<StoredCallback>, Fault> {
    let row: Option<Row> = db.maybe(ONE, whose.args()).await?;
    row.map(Row::read).transpose()
}

/// A registration, held until the transaction ends.
///
/// # Errors
/// As [`load`].
#[boxed]
pub async fn lock_in(tx: &mut Tx, whose: &Whose<'_>) -> Result<Option<StoredCallback>, Fault> {
    let row: Option<Row> = tx.maybe(LOCK, whose.args()).await?;
    row.map(Row::read).transpose()
}

/// Whether there is a registration that is told, as the transaction sees it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn is_active_in(tx: &mut Tx, whose: &Whose<'_>) -> Result<bool, Fault> {
    let row: Option<(String,)> = tx.maybe(IS_ACTIVE, whose.args()).await?;
    Ok(row.is_some())
}

/// All registrations of an intermediary: one of each type at most.
///
/// # Errors
/// As [`load`].
#[boxed]
pub async fn of(
    db: &Db,
    org_id: &RowId,
    intermediary_id: &RowId,
) -> Result<Vec<StoredCallback>, Fault> {
    let args = vals![org_id.as_str(), intermediary_id.as_str()];
    let rows: Vec<Row> = db.all(OF, args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Stores a new registration; `false` when there is one of the type.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    whose: &Whose<'_>,
    new: &StoredCallback,
) -> Result<bool, Fault> {
    let mut args = whose.args();
    args.extend(vals![
        new.id.as_str(),
        new.url_sealed.as_slice(),
        new.secret_sealed.as_slice(),
        new.is_active,
        new.off_reason.map(OffReason::as_str),
        new.created_at.micros(),
    ]);
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Writes what may change of a registration.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn change_in(
    tx: &mut Tx,
    whose: &Whose<'_>,
    changed: &StoredCallback,
) -> Result<(), Fault> {
    let mut args = whose.args();
    args.extend(vals![
        changed.url_sealed.as_slice(),
        changed.secret_sealed.as_slice(),
        changed.is_active,
        changed.off_reason.map(OffReason::as_str),
        changed.failing_since.map(Instant::micros),
        changed.updated_at.micros(),
    ]);
    tx.exec(CHANGE, args).await?;
    Ok(())
}

/// Removes a registration; `false` when there is none.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn remove_in(tx: &mut Tx, whose: &Whose<'_>) -> Result<bool, Fault> {
    Ok(tx.exec(REMOVE, whose.args()).await? == 1)
}

fn as_called(org_id: &RowId, called: &StoredCallback) -> Vec<crate::db::Val> {
    vals![
        org_id.as_str(),
        called.id.as_str(),
        called.updated_at.micros()
    ]
}

/// Notes a failure of a registration that was called, unless one was noted since the last success, or it
/// was changed since it was read.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn failed_in(
    tx: &mut Tx,
    org_id: &RowId,
    called: &StoredCallback,
    now: Instant,
) -> Result<(), Fault> {
    let mut args = as_called(org_id, called);
    args.extend(vals![now.micros()]);
    tx.exec(FAILED, args).await?;
    Ok(())
}

/// Notes a success, unless it was changed since it was read.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn succeeded_in(
    tx: &mut Tx,
    org_id: &RowId,
    called: &StoredCallback,
) -> Result<(), Fault> {
    tx.exec(SUCCEEDED, as_called(org_id, called)).await?;
    Ok(())
}

/// Switches a registration off that was called; `false` when it is not on, or was changed since it was
/// read.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn switch_off_in(
    tx: &mut Tx,
    org_id: &RowId,
    called: &StoredCallback,
    why: OffReason,
    now: Instant,
) -> Result<bool, Fault> {
    let mut args = as_called(org_id, called);
    let later = called.after(now);
    args.extend(vals![false, why.as_str(), later.micros()]);
    Ok(tx.exec(SWITCH_OFF, args).await? == 1)
}

impl StoredCallback {
    /// When a change made now is dated: after the one before, whatever the clocks of the nodes say.
    #[must_use]
    pub fn after(&self, now: Instant) -> Instant {
        let next = self.updated_at.micros().saturating_add(1);
        Instant::from_micros(now.micros().max(next))
    }
}

/// Holds the row of a process or simulation until the transaction ends, as every change of it does.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_subject_in(tx: &mut Tx, org_id: &RowId, subject: &RowId) -> Result<(), Fault> {
    for sql in [LOCK_SIMULATION, LOCK_PROCESS] {
        let args = vals![org_id.as_str(), subject.as_str()];
        if tx.exec(sql, args).await? > 0 {
            break;
        }
    }
    Ok(())
}

/// Name and mail address of an intermediary.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn contact_in(
    tx: &mut Tx,
    org_id: &RowId,
    intermediary_id: &RowId,
) -> Result<Option<(String, String)>, Fault> {
    let args = vals![org_id.as_str(), intermediary_id.as_str()];
    tx.maybe(CONTACT, args).await
}

/// Whether a simulation is an intermediary's.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn owns_simulation(
    db: &Db,
    org_id: &RowId,
    intermediary_id: &RowId,
    id: &RowId,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), intermediary_id.as_str(), id.as_str()];
    let row: Option<(String,)> = db.maybe(OWNS_SIMULATION, args).await?;
    Ok(row.is_some())
}

/// Whether a process is an intermediary's.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn owns_process(
    db: &Db,
    org_id: &RowId,
    intermediary_id: &RowId,
    id: &RowId,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), intermediary_id.as_str(), id.as_str()];
    let row: Option<(String,)> = db.maybe(OWNS_PROCESS, args).await?;
    Ok(row.is_some())
}
