//! What lenders let vendors do. A withdrawn grant stays as a row, and counts for nothing.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::organisation::Organisation;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::organisation;
use crate::row::at;
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO vendor_grant (lender_org_id, vendor_org_id, \
     sees_loans, sees_brokers, created_at_us, updated_at_us, withdrawn_at_us) \
     VALUES ($1, $2, $3, $4, $5, $5, NULL) ON CONFLICT DO NOTHING";
/// An update that changes nothing is a lock both databases have.
pub(crate) const LOCK: &str = "UPDATE vendor_grant SET updated_at_us = updated_at_us \
     WHERE lender_org_id = $1 AND vendor_org_id = $2";
pub(crate) const BY_PAIR: &str = "SELECT sees_loans, sees_brokers, created_at_us, updated_at_us, \
     withdrawn_at_us FROM vendor_grant WHERE lender_org_id = $1 AND vendor_org_id = $2";
pub(crate) const UPDATE: &str = "UPDATE vendor_grant SET sees_loans = $3, sees_brokers = $4, \
     created_at_us = $5, updated_at_us = $6, withdrawn_at_us = NULL \
     WHERE lender_org_id = $1 AND vendor_org_id = $2";
pub(crate) const WITHDRAW: &str = "UPDATE vendor_grant SET withdrawn_at_us = $3, \
     updated_at_us = $3 WHERE lender_org_id = $1 AND vendor_org_id = $2 AND withdrawn_at_us IS NULL";
/// The columns an organisation is read from.
const ORGANISATION: &str = "o.id, o.public_id, o.kind, o.name, o.parent_id, o.nmls, o.active";
const LIST_TAIL: &str = ", g.sees_loans, g.sees_brokers, g.created_at_us, g.updated_at_us, \
     g.withdrawn_at_us FROM vendor_grant g JOIN organisation o ON o.id = g.vendor_org_id \
     WHERE g.lender_org_id = $1 AND g.withdrawn_at_us IS NULL ORDER BY o.name, o.id LIMIT $2";
/// Whom a vendor reaches: lenders that granted it, and with access to brokers theirs. All of them
/// active.
const REACH_TAIL: &str = ", g.sees_loans FROM vendor_grant g \
     JOIN organisation l ON l.id = g.lender_org_id \
     JOIN organisation o ON o.id = l.id OR (o.parent_id = l.id AND g.sees_brokers = TRUE) \
     WHERE g.vendor_org_id = $1 AND g.withdrawn_at_us IS NULL AND l.active = TRUE \
     AND o.active = TRUE";

pub(crate) fn list_sql() -> String {
    format!("SELECT {}{LIST_TAIL}", ORGANISATION)
}

pub(crate) fn reach_sql() -> String {
    let order = "ORDER BY o.name, o.public_id LIMIT $2";
    format!("SELECT {}{REACH_TAIL} {order}", ORGANISATION)
}

pub(crate) fn reached_by_id_sql() -> String {
    format!("SELECT {}{REACH_TAIL} AND o.id = $2", ORGANISATION)
}

pub(crate) fn reached_by_public_id_sql() -> String {
    format!("SELECT {}{REACH_TAIL} AND o.public_id = $2", ORGANISATION)
}

/// Most vendors of a lender listed, most organisations a vendor is told of.
const LIST_LIMIT: i64 = 10_000;

/// What a lender lets a vendor do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Whether it sees loans.
    pub sees_loans: bool,
    /// Whether it may do with the lender's brokers what it may do with the lender.
    pub sees_brokers: bool,
    /// Since when.
    pub since: Instant,
    /// When it last changed.
    pub changed_at: Instant,
    /// When it was withdrawn; none while it holds.
    pub withdrawn_at: Option<Instant>,
}

#[derive(FromRow)]
struct GrantRow {
    sees_loans: bool,
    sees_brokers: bool,
    created_at_us: i64,
    updated_at_us: i64,
    withdrawn_at_us: Option<i64>,
}

impl GrantRow {
    fn read(&self) -> Grant {
        Grant {
            sees_loans: self.sees_loans,
            sees_brokers: self.sees_brokers,
            since: at(self.created_at_us),
            changed_at: at(self.updated_at_us),
            withdrawn_at: self.withdrawn_at_us.map(at),
        }
    }
}

#[derive(FromRow)]
struct ListRow {
    #[row(flatten)]
    organisation: organisation::Row,
    #[row(flatten)]
    grant: GrantRow,
}

#[derive(FromRow)]
struct ReachRow {
    #[row(flatten)]
    organisation: organisation::Row,
    sees_loans: bool,
}

/// An organisation a vendor reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The lender, or one of its brokers.
    pub organisation: Organisation,
    /// Whether the vendor sees its loans.
    pub sees_loans: bool,
}

impl ReachRow {
    fn read(self) -> Result<Reached, Fault> {
        Ok(Reached {
            organisation: self.organisation.read()?,
            sees_loans: self.sees_loans,
        })
    }
}

/// Adds a grant; `false` when the two have one, withdrawn or not.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    lender: &RowId,
    vendor: &RowId,
    (sees_loans, sees_brokers): (bool, bool),
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        lender.as_str(),
        vendor.as_str(),
        sees_loans,
        sees_brokers,
        now.micros(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// The grant between two organisations, withdrawn or not; nobody else changes it until the
/// transaction ends.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn lock_in(tx: &mut Tx, lender: &RowId, vendor: &RowId) -> Result<Option<Grant>, Fault> {
    let args = || vals![lender.as_str(), vendor.as_str()];
    tx.exec(LOCK, args()).await?;
    let row: Option<GrantRow> = tx.maybe(BY_PAIR, args()).await?;
    Ok(row.map(|row| row.read()))
}

/// Writes a grant's flags and since when they hold; a withdrawn one holds again.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn update_in(
    tx: &mut Tx,
    lender: &RowId,
    vendor: &RowId,
    grant: &Grant,
) -> Result<bool, Fault> {
    let args = vals![
        lender.as_str(),
        vendor.as_str(),
        grant.sees_loans,
        grant.sees_brokers,
        grant.since.micros(),
        grant.changed_at.micros(),
    ];
    Ok(tx.exec(UPDATE, args).await? == 1)
}

/// Withdraws a grant; `false` when there is none that holds.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn withdraw_in(
    tx: &mut Tx,
    lender: &RowId,
    vendor: &RowId,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![lender.as_str(), vendor.as_str(), now.micros()];
    Ok(tx.exec(WITHDRAW, args).await? == 1)
}

/// The vendors a lender let in, by name, with what they may do.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, lender: &RowId) -> Result<Vec<(Organisation, Grant)>, Fault> {
    let rows: Vec<ListRow> = db
        .all(&list_sql(), vals![lender.as_str(), LIST_LIMIT])
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.organisation.read()?, row.grant.read())))
        .collect()
}

/// Everybody a vendor reaches, by name; at most ten thousand.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn reach(db: &Db, vendor: &RowId) -> Result<Vec<Reached>, Fault> {
    let rows: Vec<ReachRow> = db
        .all(&reach_sql(), vals![vendor.as_str(), LIST_LIMIT])
        .await?;
    rows.into_iter().map(ReachRow::read).collect()
}

/// An organisation by its row id, if the vendor reaches it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn reached(db: &Db, vendor: &RowId, org: &RowId) -> Result<Option<Reached>, Fault> {
    let args = vals![vendor.as_str(), org.as_str()];
    let row: Option<ReachRow> = db.maybe(&reached_by_id_sql(), args).await?;
    row.map(ReachRow::read).transpose()
}

/// An organisation by the id partners see, if the vendor reaches it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn reached_by_public_id(
    db: &Db,
    vendor: &RowId,
    org: &PublicId,
) -> Result<Option<Reached>, Fault> {
    let args = vals![vendor.as_str(), org.as_str()];
    let row: Option<ReachRow> = db.maybe(&reached_by_public_id_sql(), args).await?;
    row.map(ReachRow::read).transpose()
}
