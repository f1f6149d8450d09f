//! Searches that were answered: what was asked, and which prices and rules the answer was made from.

use lintel_macros::FromRow;
use lintel_macros::boxed;
use std::collections::HashSet;
use std::sync::LazyLock;

use lintel_domain::id::{Instant, RowId};

use crate::db::{Db, Tx, Val};
use crate::fault::Fault;
use crate::row::{at, row_id};
use crate::vals;

pub(crate) const BY_ID: &str = "SELECT org_id, search_id, created_at_us, expires_at_us, \
     pricing_org_id, generation, priced_at_us, rules_digest, program_version, inputs, \
     result_digest FROM quote_search WHERE org_id = $1 AND search_id = $2 AND expires_at_us > $3";
/// Walks the organisations, a handful, rather than keep a second index on a table that grows by
/// thousands of rows a second.
pub(crate) const ANYWHERE: &str = "SELECT q.org_id, q.search_id, q.created_at_us, \
     q.expires_at_us, q.pricing_org_id, q.generation, q.priced_at_us, q.rules_digest, \
     q.program_version, q.inputs, q.result_digest FROM organisation o JOIN quote_search q \
     ON q.org_id = o.id AND q.search_id = $1 WHERE q.expires_at_us > $2 \
     ORDER BY q.created_at_us DESC LIMIT 100";
pub(crate) const SWEEP: &str = "DELETE FROM quote_search WHERE (org_id, search_id) IN \
     (SELECT org_id, search_id FROM quote_search WHERE expires_at_us <= $1 \
     ORDER BY expires_at_us LIMIT $2)";

/// Columns of a row.
const COLUMNS: usize = 11;
/// Rows of one statement; the rest of a batch goes one by one.
const TOGETHER: usize = 16;

/// A search as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSearch {
    /// Who searched.
    pub org_id: RowId,
    /// Six to eight characters, the organisation's own.
    pub search_id: String,
    /// When it was answered.
    pub created_at: Instant,
    /// When it is forgotten.
    pub expires_at: Instant,
    /// Whose prices: the wholesale lender of a broker, otherwise the searcher itself.
    pub pricing_org_id: RowId,
    /// The newest change of those prices the answer knew.
    pub generation: i64,
    /// The instant the answer was made for.
    pub priced_at: Instant,
    /// Digest of the rule book.
    pub rules_digest: String,
    /// Version of the program.
    pub program_version: String,
    /// What was asked, as JSON.
    pub inputs: String,
    /// SHA-256 of the answer's figures, in hexadecimal digits.
    pub result_digest: String,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    search_id: String,
    created_at_us: i64,
    expires_at_us: i64,
    pricing_org_id: String,
    generation: i64,
    priced_at_us: i64,
    rules_digest: String,
    program_version: String,
    inputs: String,
    result_digest: String,
}

impl Row {
    fn read(self) -> StoredSearch {
        StoredSearch {
            org_id: row_id(self.org_id),
            search_id: self.search_id,
            created_at: at(self.created_at_us),
            expires_at: at(self.expires_at_us),
            pricing_org_id: row_id(self.pricing_org_id),
            generation: self.generation,
            priced_at: at(self.priced_at_us),
            rules_digest: self.rules_digest,
            program_version: self.program_version,
            inputs: self.inputs,
            result_digest: self.result_digest,
        }
    }
}

/// The insert of a number of rows, which says which of them it wrote.
fn insert_sql(rows: usize) -> String {
    let row = |n: usize| {
        let places: Vec<String> = (1..=COLUMNS)
            .map(|c| format!("${}", n * COLUMNS + c))
            .collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO quote_search (org_id, search_id, created_at_us, expires_at_us, \
         pricing_org_id, generation, priced_at_us, rules_digest, program_version, inputs, \
         result_digest) VALUES {} ON CONFLICT DO NOTHING RETURNING org_id, search_id",
        rows.join(", ")
    )
}

/// The statements of [`insert_many_in`]: of one row, and of many.
pub(crate) static INSERTS: LazyLock<[String; 2]> =
    LazyLock::new(|| [insert_sql(1), insert_sql(TOGETHER)]);

fn args(search: &StoredSearch) -> [Val; COLUMNS] {
    [
        Val::from(search.org_id.as_str()),
        Val::from(&search.search_id),
        Val::from(search.created_at.micros()),
        Val::from(search.expires_at.micros()),
        Val::from(search.pricing_org_id.as_str()),
        Val::from(search.generation),
        Val::from(search.priced_at.micros()),
        Val::from(&search.rules_digest),
        Val::from(&search.program_version),
        Val::from(&search.inputs),
        Val::from(&search.result_digest),
    ]
}

/// Writes searches and says of each whether it was written; those that were not have an id that
/// the organisation has given out already.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_many_in(tx: &mut Tx, searches: &[&StoredSearch]) -> Result<Vec<bool>, Fault> {
    let [one, many] = &*INSERTS;
    let mut written = Vec::with_capacity(searches.len());
    let (whole, rest) = searches.as_chunks::<TOGETHER>();
    let chunks = whole.iter().map(|chunk| (chunk.as_slice(), many));
    for (chunk, sql) in chunks.chain(rest.chunks(1).map(|chunk| (chunk, one))) {
        let args = chunk.iter().flat_map(|search| args(search)).collect();
        let rows: Vec<(String, String)> = tx.all(sql, args).await?;
        let mut new: HashSet<(String, String)> = rows.into_iter().collect();
        // Of two with one id in the same statement only the first was written.
        written.extend(chunk.iter().map(|search| {
            let key = (search.org_id.as_str().to_owned(), search.search_id.clone());
            new.remove(&key)
        }));
    }
    Ok(written)
}

/// Finds an organisation's search that is not forgotten yet.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(
    db: &Db,
    org_id: &RowId,
    search_id: &str,
    now: Instant,
) -> Result<Option<StoredSearch>, Fault> {
    let args = vals![org_id.as_str(), search_id, now.micros()];
    let row: Option<Row> = db.maybe(BY_ID, args).await?;
    Ok(row.map(Row::read))
}

/// Finds searches by their id alone, newest first, at most 100: several organisations may have
/// given out the same one. For operators.
///
/// # Errors
/// Any fault of the database.
pub async fn load_anywhere(
    db: &Db,
    search_id: &str,
    now: Instant,
) -> Result<Vec<StoredSearch>, Fault> {
    let rows: Vec<Row> = db.all(ANYWHERE, vals![search_id, now.micros()]).await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// Forgets searches whose time is over, the oldest first, at most `limit`, and says how many.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sweep_in(tx: &mut Tx, now: Instant, limit: u32) -> Result<u64, Fault> {
    tx.exec(SWEEP, vals![now.micros(), limit]).await
}
