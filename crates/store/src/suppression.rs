//! Addresses a lender's family writes to no more.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::message::{Channel, SuppressionReason};
use lintel_domain::person::fold_email;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at};
use crate::vals;

const INSERT: &str = "INSERT INTO suppression (lender_org_id, channel, address_folded, reason, \
     created_at_us, created_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
const REMOVE: &str = "DELETE FROM suppression WHERE lender_org_id = $1 AND channel = $2 \
     AND address_folded = $3";
const ONE: &str = "SELECT channel, address_folded, reason, created_at_us, created_by \
     FROM suppression WHERE lender_org_id = $1 AND channel = $2 AND address_folded = $3";
/// With an organisation, only addresses it wrote to from here: a broker's people see nothing of the
/// others, and what is only put away proves nothing.
const LIST: &str = "SELECT s.channel, s.address_folded, s.reason, s.created_at_us, s.created_by \
     FROM suppression s WHERE s.lender_org_id = $1 AND ($2 = '' OR EXISTS (SELECT 1 \
     FROM delivery d WHERE d.org_id = $2 AND d.address_folded = s.address_folded \
     AND d.state <> 'archived')) \
     ORDER BY s.created_at_us DESC, s.channel, s.address_folded LIMIT $3 OFFSET $4";

/// Every statement about addresses that are not written to, with a name each.
pub(crate) const STATEMENTS: [(&str, &str); 4] = [
    ("suppression.insert", INSERT),
    ("suppression.remove", REMOVE),
    ("suppression.one", ONE),
    ("suppression.list", LIST),
];

/// An address that is not written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// By which way.
    pub channel: Channel,
    /// The address, folded, or the number.
    pub address: String,
    /// Why.
    pub reason: SuppressionReason,
    /// Since when.
    pub created_at: Instant,
    /// Who said so.
    pub created_by: String,
}

#[derive(FromRow)]
struct Row {
    channel: String,
    address_folded: String,
    reason: String,
    created_at_us: i64,
    created_by: String,
}

impl Row {
    fn read(self, lender: &RowId) -> Result<Suppressed, Fault> {
        // The address is personal: a corrupt row is named by its lender.
        let place = At {
            table: "suppression",
            id: lender.as_str(),
        };
        Ok(Suppressed {
            channel: place.word("channel", &self.channel, Channel::parse)?,
            reason: place.word("reason", &self.reason, SuppressionReason::parse)?,
            address: self.address_folded,
            created_at: at(self.created_at_us),
            created_by: self.created_by,
        })
    }
}

/// Notes that an address is not written to any more; `false` when it was so.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, lender: &RowId, new: &Suppressed) -> Result<bool, Fault> {
    let args = vals![
        lender.as_str(),
        new.channel.as_str(),
        fold_email(&new.address),
        new.reason.as_str(),
        new.created_at.micros(),
        &new.created_by,
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// Lets an address be written to again; `false` when it was so.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn remove_in(
    tx: &mut Tx,
    lender: &RowId,
    channel: Channel,
    address: &str,
) -> Result<bool, Fault> {
    let args = vals![lender.as_str(), channel.as_str(), fold_email(address)];
    Ok(tx.exec(REMOVE, args).await? == 1)
}

/// Why an address is not written to; none when it is.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn load(
    db: &Db,
    lender: &RowId,
    channel: Channel,
    address: &str,
) -> Result<Option<Suppressed>, Fault> {
    let args = vals![lender.as_str(), channel.as_str(), fold_email(address)];
    let row: Option<Row> = db.maybe(ONE, args).await?;
    row.map(|row| row.read(lender)).transpose()
}

/// As [`load`], within a transaction.
///
/// # Errors
/// As [`load`].
#[boxed]
pub async fn load_in(
    tx: &mut Tx,
    lender: &RowId,
    channel: Channel,
    address: &str,
) -> Result<Option<Suppressed>, Fault> {
    let args = vals![lender.as_str(), channel.as_str(), fold_email(address)];
    let row: Option<Row> = tx.maybe(ONE, args).await?;
    row.map(|row| row.read(lender)).transpose()
}

/// Lists addresses a family does not write to, the newest first; with an organisation only those it
/// wrote to itself.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn list(
    db: &Db,
    lender: &RowId,
    org: Option<&RowId>,
    limit: u32,
    offset: u32,
) -> Result<Vec<Suppressed>, Fault> {
    let org = org.map_or("", RowId::as_str);
    let args = vals![lender.as_str(), org, limit, offset];
    let rows: Vec<Row> = db.all(LIST, args).await?;
    rows.into_iter().map(|row| row.read(lender)).collect()
}
