//! The official list of parishes, as it was last loaded. It belongs to no organisation.
//!
//! A parish that is not in a newer list stays, switched off: it stands in what was written before.

use lintel_macros::FromRow;
use lintel_macros::boxed;
use std::collections::BTreeMap;

use lintel_domain::id::Instant;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::At;
use crate::vals;

const PUT: &str = "INSERT INTO parish (code, county_code, name, active, updated_at_us) \
     VALUES ($1, $2, $3, TRUE, $4) ON CONFLICT (code) DO UPDATE SET name = excluded.name, \
     county_code = excluded.county_code, active = TRUE, updated_at_us = excluded.updated_at_us";
const RETIRE: &str = "UPDATE parish SET active = FALSE, updated_at_us = $2 WHERE code = $1";
const ALL: &str = "SELECT code, county_code, name, active FROM parish ORDER BY code";
const BY_CODE: &str = "SELECT code, county_code, name, active FROM parish WHERE code = $1";
const OF_COUNTY: &str =
    "SELECT code, county_code, name, active FROM parish WHERE county_code = $1 ORDER BY code";
const PAGE: &str =
    "SELECT code, county_code, name, active FROM parish WHERE code > $1 ORDER BY code LIMIT $2";
const NEWEST: &str = "SELECT COUNT(*) AS rows, MAX(updated_at_us) AS at_us FROM parish";

/// Every statement about parishes, with a name each.
pub(crate) const STATEMENTS: [(&str, &str); 7] = [
    ("parish.put", PUT),
    ("parish.retire", RETIRE),
    ("parish.all", ALL),
    ("parish.by_code", BY_CODE),
    ("parish.of_county", OF_COUNTY),
    ("parish.page", PAGE),
    ("parish.newest", NEWEST),
];

/// The longest id of a parish: six digits.
const MAX_ID: u32 = 999_999;

/// A parish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parish {
    /// Its official six digits.
    pub code: String,
    /// The code as a number, which is its id for partners: 010103 is 10103.
    pub id: u32,
    /// The four digits of its municipality.
    pub county_code: String,
    /// Its name.
    pub name: String,
    /// Whether it was in the list that was loaded last.
    pub active: bool,
}

/// What a load did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// New ones, and retired ones that are there again.
    pub added: u64,
    /// Those with another name.
    pub changed: u64,
    /// Those that are as they were.
    pub kept: u64,
    /// Those that are gone.
    pub retired: u64,
}

#[derive(FromRow)]
struct Row {
    code: String,
    county_code: String,
    name: String,
    active: bool,
}

impl Row {
    fn read(self) -> Result<Parish, Fault> {
        let place = At {
            table: "parish",
            id: &self.code,
        };
        let digits = |text: &str| text.parse().ok().filter(|_| text.len() == 6);
        Ok(Parish {
            id: place.word("code", &self.code, digits)?,
            county_code: self.county_code,
            name: self.name,
            active: self.active,
            code: self.code,
        })
    }
}

fn read_all(rows: Vec<Row>) -> Result<Vec<Parish>, Fault> {
    rows.into_iter().map(Row::read).collect()
}

/// Puts a whole list in the place of the one that is there, as code and name by code; whoever calls has
/// checked the codes. What is as it was is not written: loading a list twice changes nothing.
///
/// # Errors
/// Any fault of the database; a code that is not six characters.
#[boxed]
pub async fn replace_in(
    tx: &mut Tx,
    list: &BTreeMap<String, String>,
    now: Instant,
) -> Result<Changes, Fault> {
    let rows: Vec<Row> = tx.all(ALL, vals![]).await?;
    let before: BTreeMap<&str, &Row> = rows.iter().map(|row| (row.code.as_str(), row)).collect();
    let mut changes = Changes::default();
    for (code, name) in list {
        let counter = match before.get(code.as_str()) {
            Some(row) if row.active && row.name == *name => {
                changes.kept += 1;
                continue;
            }
            Some(row) if row.active => &mut changes.changed,
            Some(_) | None => &mut changes.added,
        };
        *counter += 1;
        let county = code
            .get(..4)
            .filter(|_| code.len() == 6)
            .ok_or_else(|| Fault::internal("a parish without six digits"))?;
        tx.exec(PUT, vals![code, county, name, now.micros()])
            .await?;
    }
    for row in rows.iter().filter(|row| row.active) {
        if !list.contains_key(&row.code) {
            changes.retired += 1;
            tx.exec(RETIRE, vals![&row.code, now.micros()]).await?;
        }
    }
    Ok(changes)
}

/// A parish by its id, retired ones too.
///
/// # Errors
/// Any fault of the database; a corrupt row.
#[boxed]
pub async fn by_id(db: &Db, id: u32) -> Result<Option<Parish>, Fault> {
    if id > MAX_ID {
        return Ok(None);
    }
    let row: Option<Row> = db.maybe(BY_CODE, vals![format!("{id:06}")]).await?;
    row.map(Row::read).transpose()
}

/// The parishes of a municipality by their codes, retired ones too; the municipality by its number.
///
/// # Errors
/// As [`by_id`].
#[boxed]
pub async fn of_county(db: &Db, county: u32) -> Result<Vec<Parish>, Fault> {
    read_all(db.all(OF_COUNTY, vals![format!("{county:04}")]).await?)
}

/// The parishes after a code, retired ones too; after the empty text from the first one.
///
/// # Errors
/// As [`by_id`].
#[boxed]
pub async fn page(db: &Db, after: &str, limit: u32) -> Result<Vec<Parish>, Fault> {
    read_all(db.all(PAGE, vals![after, limit]).await?)
}

/// How many parishes there are, retired ones too, and when one was last written: together they change
/// with the list. None for both while no list was loaded.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn newest(db: &Db) -> Result<Option<(u64, Instant)>, Fault> {
    let row: Option<(i64, Option<i64>)> = db.maybe(NEWEST, vals![]).await?;
    Ok(row
        .and_then(|(rows, at_us)| Some((u64::try_from(rows).ok()?, Instant::from_micros(at_us?)))))
}
