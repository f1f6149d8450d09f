//! Which watches are to be looked at, and putting them off.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::boxed;

use super::{Row, StoredWatch};
use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::row_id;
use crate::vals;

const DUE: &str =
    select!("next_at_us IS NOT NULL AND next_at_us <= $1 ORDER BY next_at_us, org_id, id LIMIT $2");
/// Two halves, as an index knows no "differs".
const BEHIND: [&str; 2] = [
    select!(
        "lender_org_id = $1 AND kind = 'rate_target' AND next_at_us IS NOT NULL AND prices < $2 \
         ORDER BY prices, id LIMIT $3"
    ),
    select!(
        "lender_org_id = $1 AND kind = 'rate_target' AND next_at_us IS NOT NULL AND prices > $2 \
         ORDER BY prices, id LIMIT $3"
    ),
];
const NEXT_LENDER: &str = "SELECT MIN(lender_org_id) FROM rate_watch \
     WHERE lender_org_id > $1 AND kind = 'rate_target' AND next_at_us IS NOT NULL";
const PUT_OFF_ONE: &str = "UPDATE rate_watch SET next_at_us = $3, prices = $4, \
     version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $5";
const PUT_OFF: &str = "UPDATE rate_watch SET next_at_us = $3, version = version + 1 \
     WHERE lender_org_id = $1 AND next_at_us IS NOT NULL AND next_at_us <= $2";

/// The statements of this file.
pub(super) const STATEMENTS: [(&str, &str); 6] = [
    ("watch.due", DUE),
    ("watch.behind_less", BEHIND[0]),
    ("watch.behind_more", BEHIND[1]),
    ("watch.put_off", PUT_OFF),
    ("watch.put_off_one", PUT_OFF_ONE),
    ("watch.next_lender", NEXT_LENDER),
];

/// Watches that are to be looked at.
#[derive(Debug, Default)]
pub struct Waiting {
    /// Those that can be read.
    pub watches: Vec<StoredWatch>,
    /// Those that cannot: damaged, or with words of a newer version.
    pub unreadable: Vec<Unreadable>,
}

/// A watch whose row cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    org_id: RowId,
    id: RowId,
    prices: i64,
    version: i64,
    /// Why, with the column and the row id.
    pub fault: Fault,
}

impl Waiting {
    fn add(&mut self, row: Row) {
        let (org_id, id) = (row_id(row.org_id.clone()), row_id(row.id.clone()));
        let (prices, version) = (row.prices, row.version);
        match row.read() {
            Ok(watch) => self.watches.push(watch),
            Err(fault) => self.unreadable.push(Unreadable {
                org_id,
                id,
                prices,
                version,
                fault,
            }),
        }
    }

    /// Whether there is nothing to look at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.watches.is_empty() && self.unreadable.is_empty()
    }
}

/// Watches whose time has come, the longest waiting first, at most `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn due(db: &Db, now: Instant, limit: u32) -> Result<Waiting, Fault> {
    let rows: Vec<Row> = db.all(DUE, vals![now.micros(), limit]).await?;
    let mut found = Waiting::default();
    rows.into_iter().for_each(|row| found.add(row));
    Ok(found)
}

/// Watches that wait for a rate and were not looked at with a lender's prices as they are, at most
/// `limit`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn behind(db: &Db, lender: &RowId, prices: i64, limit: u32) -> Result<Waiting, Fault> {
    let mut found = Waiting::default();
    for sql in BEHIND {
        let count = found.watches.len().saturating_add(found.unreadable.len());
        let room = limit.saturating_sub(u32::try_from(count).unwrap_or(limit));
        if room == 0 {
            break;
        }
        let args = vals![lender.as_str(), prices, room];
        let rows: Vec<Row> = db.all(sql, args).await?;
        rows.into_iter().for_each(|row| found.add(row));
    }
    Ok(found)
}

/// The lender after another one, by row ids, that has watches waiting for a rate; begin with `None`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn next_lender(db: &Db, after: Option<&RowId>) -> Result<Option<RowId>, Fault> {
    let after = after.map_or("", RowId::as_str);
    let row: Option<(Option<String>,)> = db.maybe(NEXT_LENDER, vals![after]).await?;
    Ok(row.and_then(|(id,)| id).map(row_id))
}

/// Puts a watch that cannot be read off until later, so that nothing waits behind it. With `prices`, it
/// counts as looked at with that state of them. One that was changed since stays as it is.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn put_off_one_in(
    tx: &mut Tx,
    watch: &Unreadable,
    until: Instant,
    prices: Option<i64>,
) -> Result<(), Fault> {
    let args = vals![
        watch.org_id.as_str(),
        watch.id.as_str(),
        until.micros(),
        prices.unwrap_or(watch.prices),
        watch.version,
    ];
    tx.exec(PUT_OFF_ONE, args).await.map(|_| ())
}

/// Puts a lender's watches that are due off until later: its prices cannot be had, and others' watches
/// must not wait behind them.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn put_off_in(
    tx: &mut Tx,
    lender: &RowId,
    now: Instant,
    until: Instant,
) -> Result<u64, Fault> {
    let args = vals![lender.as_str(), now.micros(), until.micros()];
    tx.exec(PUT_OFF, args).await
}
