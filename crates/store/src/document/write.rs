//! Filing papers with a loan whose row the caller has locked, and taking them out of sight.

use lintel_domain::document::{Filing, LoanDocType};
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_engine::date::Date;
use lintel_macros::boxed;

use super::place;
use crate::db::Tx;
use crate::fault::Fault;
use crate::row::row_id;
use crate::vals;

pub(crate) const INSERT: &str = "INSERT INTO loan_document (lender_org_id, loan_id, id, org_id, public_id, \
     kind, condition_id, file_name, file_name_folded, version, is_current, byte_count, sha256_hash, \
     crc32, blob_name, key_sealed, uploaded_at_us, uploaded_by, keep_until) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, TRUE, $11, $12, $13, $14, $15, $16, $17, $18) \
     ON CONFLICT DO NOTHING";
pub(crate) const NEWEST: &str = "SELECT id, public_id, file_name, version, is_current, sha256_hash \
     FROM loan_document WHERE lender_org_id = $1 AND loan_id = $2 AND file_name_folded = $3 \
     AND COALESCE(kind, '') = $4 AND COALESCE(condition_id, '') = $5 AND org_id = $6 \
     ORDER BY version DESC LIMIT 1";
pub(crate) const SUPERSEDE: &str = "UPDATE loan_document SET is_current = FALSE \
     WHERE lender_org_id = $1 AND loan_id = $2 AND id = $3";
pub(crate) const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN removed_at_us IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) \
     FROM loan_document WHERE lender_org_id = $1 AND loan_id = $2";
pub(crate) const REMOVE: &str = "UPDATE loan_document SET removed_at_us = $4, removed_by = $5, \
     is_current = FALSE WHERE lender_org_id = $1 AND loan_id = $2 AND id = $3 \
     AND removed_at_us IS NULL";
pub(crate) const KINDS: &str = "SELECT DISTINCT COALESCE(kind, '') AS kind FROM loan_document \
     WHERE lender_org_id = $1 AND loan_id = $2";
pub(crate) const KEEP: &str = "UPDATE loan_document SET keep_until = $4 WHERE lender_org_id = $1 \
     AND loan_id = $2 AND COALESCE(kind, '') = $3 AND keep_until < $4";

/// A paper about to be filed.
#[derive(Debug)]
pub struct NewDocument<'a> {
    /// Row id.
    pub id: &'a RowId,
    /// Who files it.
    pub org_id: &'a RowId,
    /// The id callers will see.
    pub public_id: &'a PublicId,
    /// Where it is filed.
    pub filing: &'a Filing,
    /// What the file is called.
    pub file_name: &'a str,
    /// What that name has in common with others that mean the same file.
    pub folded: &'a str,
    /// Which under that name it is.
    pub version: u32,
    /// Length of its plain bytes.
    pub bytes: u64,
    /// SHA-256 of its plain bytes.
    pub sha256: &'a [u8; 32],
    /// CRC-32 of its plain bytes.
    pub crc32: u32,
    /// Where its sealed bytes are.
    pub blob_name: &'a str,
    /// The key its bytes are sealed with, sealed.
    pub key_sealed: &'a [u8],
    /// Who of theirs, as the audit log names actors.
    pub actor: &'a str,
    /// The last day its bytes have to be kept.
    pub keep_until: Date,
}

/// The kind and the condition of a filing, as columns.
fn columns_of(filing: &Filing) -> (Option<&str>, Option<&str>) {
    match filing {
        Filing::Loan(kind) => (Some(kind.as_str()), None),
        Filing::Condition(id) => (None, Some(id.as_str())),
    }
}

/// Files a paper with a loan the caller has locked; `false` when the public id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
    new: &NewDocument<'_>,
    now: Instant,
) -> Result<bool, Fault> {
    let (kind, condition) = columns_of(new.filing);
    let size = i64::try_from(new.bytes)
        .map_err(|_| Fault::internal("a paper's size does not fit its column"))?;
    let args = vals![
        lender_id.as_str(),
        loan_id.as_str(),
        new.id.as_str(),
        new.org_id.as_str(),
        new.public_id.as_str(),
        kind,
        condition,
        new.file_name,
        new.folded,
        new.version,
        size,
        new.sha256.as_slice(),
        new.crc32,
        new.blob_name,
        new.key_sealed,
        now.micros(),
        new.actor,
        new.keep_until.to_string(),
    ];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// The newest paper under a name, removed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    /// Row id.
    pub id: RowId,
    /// The id callers see.
    pub public_id: PublicId,
    /// What the file is called.
    pub file_name: String,
    /// Its version.
    pub version: u32,
    /// Whether it stands; a removed one does not.
    pub is_current: bool,
    /// SHA-256 of its plain bytes.
    pub sha256: Vec<u8>,
}

/// The newest paper of a locked loan under a name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn newest_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
    org_id: &RowId,
    (filing, folded): (&Filing, &str),
) -> Result<Option<Newest>, Fault> {
    let (kind, condition) = columns_of(filing);
    let args = vals![
        lender_id.as_str(),
        loan_id.as_str(),
        folded,
        kind.unwrap_or_default(),
        condition.unwrap_or_default(),
        org_id.as_str(),
    ];
    let row: Option<(String, String, String, i64, bool, Vec<u8>)> = tx.maybe(NEWEST, args).await?;
    row.map(|(id, public_id, file_name, version, is_current, sha256)| {
        Ok(Newest {
            public_id: place(&id).public_id(&public_id)?,
            version: place(&id).count("version", version)?,
            id: row_id(id),
            file_name,
            is_current,
            sha256,
        })
    })
    .transpose()
}

/// Says that a paper of a locked loan is no longer the newest under its name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn supersede_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
    id: &RowId,
) -> Result<(), Fault> {
    let args = vals![lender_id.as_str(), loan_id.as_str(), id.as_str()];
    tx.exec(SUPERSEDE, args).await.map(|_| ())
}

/// How many papers a locked loan has, every version counted: all there are, and those that were not
/// removed.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn count_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
) -> Result<(usize, usize), Fault> {
    let args = vals![lender_id.as_str(), loan_id.as_str()];
    let row: Option<(i64, i64)> = tx.maybe(COUNT, args).await?;
    let count = |n| usize::try_from(n).unwrap_or(usize::MAX);
    Ok(row.map_or((0, 0), |(all, standing)| (count(all), count(standing))))
}

/// Takes a paper of a locked loan out of sight; `false` when that was done already.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn remove_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
    id: &RowId,
    (actor, now): (&str, Instant),
) -> Result<bool, Fault> {
    let args = vals![
        lender_id.as_str(),
        loan_id.as_str(),
        id.as_str(),
        now.micros(),
        actor
    ];
    Ok(tx.exec(REMOVE, args).await? == 1)
}

/// Of which kinds a loan has papers, removed ones too; `None` stands for papers of conditions.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn kinds_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
) -> Result<Vec<Option<LoanDocType>>, Fault> {
    let args = vals![lender_id.as_str(), loan_id.as_str()];
    let rows: Vec<(String,)> = tx.all(KINDS, args).await?;
    let word = |text: &str| place(loan_id.as_str()).word("kind", text, LoanDocType::parse);
    rows.iter()
        .map(|(text,)| (!text.is_empty()).then(|| word(text)).transpose())
        .collect()
}

/// Makes papers of one kind be kept until a day at least.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn keep_in(
    tx: &mut Tx,
    (lender_id, loan_id): (&RowId, &RowId),
    kind: Option<LoanDocType>,
    until: Date,
) -> Result<(), Fault> {
    let args = vals![
        lender_id.as_str(),
        loan_id.as_str(),
        kind.map_or("", LoanDocType::as_str),
        until.to_string(),
    ];
    tx.exec(KEEP, args).await.map(|_| ())
}
