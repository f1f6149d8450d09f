//! A loan's papers: what is known of each. The bytes are in the blob store, sealed with a key that is
//! sealed here.

pub mod upload;
pub mod write;

use lintel_domain::document::{DOCUMENTS_PER_LOAN, FiledUnder, LoanDocType};
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_engine::date::Date;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Val};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const COLUMNS: &str = "d.id, d.loan_id, d.org_id, d.public_id, d.kind, d.condition_id, \
     c.public_id AS condition_public_id, l.public_id AS loan_public_id, d.file_name, d.version, \
     d.is_current, d.byte_count, d.sha256_hash, d.crc32, d.blob_name, d.key_sealed, \
     d.uploaded_at_us, d.uploaded_by, d.keep_until";
const TABLES: &str = "FROM loan_document d \
     JOIN loan l ON l.lender_org_id = d.lender_org_id AND l.id = d.loan_id \
     LEFT JOIN loan_condition c ON c.lender_org_id = d.lender_org_id \
     AND c.loan_id = d.loan_id AND c.id = d.condition_id";

pub(crate) const GIVEN: &str = "SELECT seq, body FROM event WHERE org_id = $1 AND subject = $2 \
     AND kind = $3 AND actor = $4 AND at_us > $5 ORDER BY seq DESC LIMIT 1000";

pub(crate) fn list_sql() -> String {
    format!(
        "SELECT {COLUMNS} {TABLES} WHERE d.lender_org_id = $1 AND d.loan_id = $2 \
         AND d.removed_at_us IS NULL ORDER BY d.uploaded_at_us DESC, d.version DESC, d.id DESC LIMIT $3"
    )
}

pub(crate) fn by_public_id_sql() -> String {
    format!(
        "SELECT {COLUMNS} {TABLES} WHERE d.public_id = $1 AND d.lender_org_id = $2 \
         AND d.removed_at_us IS NULL"
    )
}

/// Every statement about papers, for the list of all.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    let fixed = [
        ("document.insert", write::INSERT),
        ("document.newest", write::NEWEST),
        ("document.supersede", write::SUPERSEDE),
        ("document.count", write::COUNT),
        ("document.remove", write::REMOVE),
        ("document.kinds", write::KINDS),
        ("document.keep", write::KEEP),
        ("document.due", upload::DUE),
        ("document.lock_ended", upload::LOCK_ENDED),
        ("document.destroy", upload::DESTROY),
        ("document.given", GIVEN),
        ("upload.register", upload::REGISTER),
        ("upload.claim", upload::CLAIM),
        ("upload.forget", upload::FORGET),
        ("upload.settle", upload::SETTLE),
        ("upload.stale", upload::STALE),
    ];
    let mut list: Vec<_> = fixed
        .into_iter()
        .map(|(name, sql)| (name, sql.to_owned()))
        .collect();
    list.push(("document.list", list_sql()));
    list.push(("document.by_public_id", by_public_id_sql()));
    list
}

/// A paper as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredDocument {
    /// Row id.
    pub id: RowId,
    /// Row id of its loan.
    pub loan_id: RowId,
    /// The organisation that filed it.
    pub org_id: RowId,
    /// The id callers see.
    pub public_id: PublicId,
    /// The id callers see of its loan.
    pub loan_public_id: PublicId,
    /// Row id of the condition it is for, if it is for one.
    pub condition_id: Option<RowId>,
    /// Where it is filed.
    pub filed: FiledUnder,
    /// What the file is called.
    pub file_name: String,
    /// Which of the papers filed under that name it is, from 1.
    pub version: u32,
    /// Whether no newer one was filed under that name.
    pub is_current: bool,
    /// Length of its plain bytes.
    pub bytes: u64,
    /// SHA-256 of its plain bytes.
    pub sha256: [u8; 32],
    /// CRC-32 of its plain bytes, as zip files have it.
    pub crc32: u32,
    /// Where its sealed bytes are in the blob store.
    pub blob_name: String,
    /// The key its bytes are sealed with, sealed.
    pub key_sealed: Vec<u8>,
    /// When it was filed.
    pub uploaded_at: Instant,
    /// Who filed it, as the audit log names actors.
    pub uploaded_by: String,
    /// The last day its bytes have to be kept.
    pub keep_until: Date,
}

impl std::fmt::Debug for StoredDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredDocument")
            .field("public_id", &self.public_id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    loan_id: String,
    org_id: String,
    public_id: String,
    kind: Option<String>,
    condition_id: Option<String>,
    condition_public_id: Option<String>,
    loan_public_id: String,
    file_name: String,
    version: i64,
    is_current: bool,
    byte_count: i64,
    sha256_hash: Vec<u8>,
    crc32: i64,
    blob_name: String,
    key_sealed: Vec<u8>,
    uploaded_at_us: i64,
    uploaded_by: String,
    keep_until: String,
}

impl Row {
    fn read(self) -> Result<StoredDocument, Fault> {
        let place = place(&self.id);
        let kind = place.maybe_word("kind", self.kind.as_deref(), LoanDocType::parse)?;
        let condition = self.condition_public_id.as_deref();
        let condition = place.maybe_word("condition_id", condition, PublicId::parse)?;
        let filed = match (kind, condition) {
            (Some(kind), None) => FiledUnder::Loan(kind),
            (None, Some(condition)) => FiledUnder::Condition(condition),
            (Some(_), Some(_)) | (None, None) => {
                return Err(Fault::corrupt("loan_document", "kind", &self.id));
            }
        };
        let size = u64::try_from(self.byte_count).ok();
        Ok(StoredDocument {
            filed,
            public_id: place.public_id(&self.public_id)?,
            loan_public_id: place.public_id(&self.loan_public_id)?,
            version: place.count("version", self.version)?,
            bytes: place.need("byte_count", size)?,
            sha256: place.need("sha256_hash", self.sha256_hash.try_into().ok())?,
            crc32: place.count("crc32", self.crc32)?,
            keep_until: place.need("keep_until", Date::parse_iso(&self.keep_until).ok())?,
            id: row_id(self.id),
            loan_id: row_id(self.loan_id),
            org_id: row_id(self.org_id),
            condition_id: self.condition_id.map(row_id),
            file_name: self.file_name,
            is_current: self.is_current,
            blob_name: self.blob_name,
            key_sealed: self.key_sealed,
            uploaded_at: at(self.uploaded_at_us),
            uploaded_by: self.uploaded_by,
        })
    }
}

const fn place(id: &str) -> At<'_> {
    At {
        table: "loan_document",
        id,
    }
}

fn list_args((lender_id, loan_id): (&RowId, &RowId)) -> Vec<Val> {
    let most = i64::try_from(DOCUMENTS_PER_LOAN).unwrap_or(i64::MAX);
    vals![lender_id.as_str(), loan_id.as_str(), most]
}

/// The papers of a loan, every version, newest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, loan: (&RowId, &RowId)) -> Result<Vec<StoredDocument>, Fault> {
    let rows: Vec<Row> = db.all(&list_sql(), list_args(loan)).await?;
    rows.into_iter().map(Row::read).collect()
}

/// A paper by the id callers see, within what a lender stores.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn by_public_id(
    db: &Db,
    lender_id: &RowId,
    id: &PublicId,
) -> Result<Option<StoredDocument>, Fault> {
    let args = vals![id.as_str(), lender_id.as_str()];
    let row: Option<Row> = db.maybe(&by_public_id_sql(), args).await?;
    row.map(Row::read).transpose()
}

/// What somebody was given of a loan since an instant: the bodies of the events that say so.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn given(
    db: &Db,
    (org_id, loan_id): (&RowId, &RowId),
    actor: &str,
    since: Instant,
) -> Result<Vec<String>, Fault> {
    let kind = EventKind::DocumentGiven.as_str();
    let args = vals![
        org_id.as_str(),
        loan_id.as_str(),
        kind,
        actor,
        since.micros()
    ];
    let rows: Vec<(i64, String)> = db.all(GIVEN, args).await?;
    Ok(rows.into_iter().map(|(_, body)| body).collect())
}
