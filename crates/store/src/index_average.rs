//! Month averages of the indices a bank prices with.

use lintel_domain::id::{Instant, RowId};
use lintel_engine::date::Date;
use lintel_engine::rate::Pct;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, pct};
use crate::vals;

const PUT: &str = "INSERT INTO index_average (org_id, tenor, month, average_pct_e9, source, \
     updated_at_us) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org_id, tenor, month) DO UPDATE SET \
     average_pct_e9 = excluded.average_pct_e9, source = excluded.source, \
     updated_at_us = excluded.updated_at_us";
const OF_ORG: &str = "SELECT tenor, month, average_pct_e9, source FROM index_average \
     WHERE org_id = $1 ORDER BY tenor, month";
const NEWEST: &str = "SELECT COUNT(*) AS rows, MAX(updated_at_us) AS at_us FROM index_average \
     WHERE org_id = $1";

/// Every statement about averages, with a name each.
pub(crate) const STATEMENTS: [(&str, &str); 3] = [
    ("index_average.put", PUT),
    ("index_average.of_org", OF_ORG),
    ("index_average.newest", NEWEST),
];

/// How many averages of a bank are read at most: 3 tenors of 100 years, and more.
pub const MAX_ROWS: usize = 5_000;

/// The average of an index in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Average {
    /// Which index: `3M`, `6M` or `12M` of the Euribor.
    pub tenor: String,
    /// The first day of the month.
    pub month: Date,
    /// The average.
    pub average: Pct,
    /// Where it comes from, as people read it.
    pub source: String,
}

/// What a write did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Months that were not there.
    pub added: u64,
    /// Months with another average or source.
    pub changed: u64,
    /// Months that are as they were.
    pub kept: u64,
}

#[derive(FromRow)]
struct Row {
    tenor: String,
    month: String,
    average_pct_e9: i64,
    source: String,
}

impl Row {
    fn read(self) -> Result<Average, Fault> {
        let place = At {
            table: "index_average",
            id: &self.month,
        };
        let first = |text: &str| Date::parse_iso(text).ok().filter(|day| day.day() == 1);
        Ok(Average {
            month: place.word("month", &self.month, first)?,
            tenor: self.tenor,
            average: pct(self.average_pct_e9),
            source: self.source,
        })
    }
}

fn read_all(rows: Vec<Row>) -> Result<Vec<Average>, Fault> {
    if rows.len() > MAX_ROWS {
        return Err(Fault::internal("more index averages than can be"));
    }
    rows.into_iter().map(Row::read).collect()
}

/// Writes averages of a bank; months that are not named stay as they are, and so does what is the same
/// already. The months have to be first days.
///
/// # Errors
/// Any fault of the database; a corrupt row; a day that is not the first of its month.
#[boxed]
pub async fn put_in(
    tx: &mut Tx,
    org: &RowId,
    averages: &[Average],
    now: Instant,
) -> Result<Changes, Fault> {
    let there = read_all(tx.all(OF_ORG, vals![org.as_str()]).await?)?;
    let mut changes = Changes::default();
    for new in averages {
        if new.month.day() != 1 {
            return Err(Fault::internal("an index average of no month"));
        }
        let before = there
            .iter()
            .find(|old| old.tenor == new.tenor && old.month == new.month);
        let counter = match before {
            Some(old) if old == new => {
                changes.kept += 1;
                continue;
            }
            Some(_) => &mut changes.changed,
            None => &mut changes.added,
        };
        *counter += 1;
        let args = vals![
            org.as_str(),
            &new.tenor,
            new.month.to_string(),
            new.average.e9(),
            &new.source,
            now.micros(),
        ];
        tx.exec(PUT, args).await?;
    }
    Ok(changes)
}

/// All averages of a bank, by index and month.
///
/// # Errors
/// Any fault of the database; a corrupt row; more rows than [`MAX_ROWS`].
#[boxed]
pub async fn of_org(db: &Db, org: &RowId) -> Result<Vec<Average>, Fault> {
    read_all(db.all(OF_ORG, vals![org.as_str()]).await?)
}

/// How many averages a bank has and when one was last written: together they change with the averages.
/// None while there is none.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn newest(db: &Db, org: &RowId) -> Result<Option<(u64, Instant)>, Fault> {
    let row: Option<(i64, Option<i64>)> = db.maybe(NEWEST, vals![org.as_str()]).await?;
    Ok(row
        .and_then(|(rows, at_us)| Some((u64::try_from(rows).ok()?, Instant::from_micros(at_us?)))))
}
