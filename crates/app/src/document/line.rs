//! A loan's papers as a list.

use lintel_domain::document::{FiledUnder, download_name};
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_engine::date::Date;
use lintel_macros::boxed;
use lintel_store::document::{self as store, StoredDocument};
use lintel_store::fault::Fault;
use lintel_store::loan::read::LoanHead;

use crate::catalogue::hex;
use crate::context::App;
use crate::error::AppError;
use crate::loan::{self, DoneBy, LoanCaller};

/// A paper, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLine {
    /// The id callers see.
    pub id: PublicId,
    /// The id callers see of its loan.
    pub loan_id: PublicId,
    /// Whose people or programs filed it.
    pub org_id: RowId,
    /// What the file is called, as it was given.
    pub file_name: String,
    /// Where it is filed.
    pub filing: FiledUnder,
    /// Which under that name it is, from 1.
    pub version: u32,
    /// Whether no newer one stands under that name.
    pub is_current: bool,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// When it was filed.
    pub uploaded_at: Instant,
    /// Who filed it.
    pub uploaded_by: DoneBy,
    /// The last day its bytes have to be kept, as far as that is known today.
    pub keep_until: Date,
}

impl DocumentLine {
    /// The SHA-256 in small hexadecimal digits.
    #[must_use]
    pub fn sha256_hex(&self) -> String {
        hex(&self.sha256)
    }

    /// The name under which it is handed out: with the ending of a PDF.
    #[must_use]
    pub fn download_name(&self) -> String {
        download_name(&self.file_name)
    }
}

/// Makes lines of papers, asking once for each who somebody is.
pub(super) struct Lines<'a> {
    app: &'a App,
    caller: &'a LoanCaller<'a>,
    names: loan::Names,
}

impl<'a> Lines<'a> {
    pub(super) fn new(app: &'a App, caller: &'a LoanCaller<'a>) -> Self {
        Self {
            app,
            caller,
            names: loan::Names::default(),
        }
    }

    pub(super) async fn line(&mut self, stored: &StoredDocument) -> Result<DocumentLine, Fault> {
        let (org, actor) = (self.caller.org(), &stored.uploaded_by);
        Ok(DocumentLine {
            uploaded_by: self.names.of(self.app, org, actor).await?,
            id: stored.public_id.clone(),
            loan_id: stored.loan_public_id.clone(),
            org_id: stored.org_id.clone(),
            file_name: stored.file_name.clone(),
            filing: stored.filed.clone(),
            version: stored.version,
            is_current: stored.is_current,
            bytes: stored.bytes,
            sha256: stored.sha256,
            uploaded_at: stored.uploaded_at,
            keep_until: stored.keep_until,
        })
    }
}

/// The papers of a loan, every version that was not removed, newest first.
///
/// # Errors
/// As [`loan::find`].
#[boxed]
pub async fn list(
    app: &App,
    caller: &LoanCaller<'_>,
    loan: &PublicId,
) -> Result<Vec<DocumentLine>, AppError> {
    let head = loan::find(app, caller, loan).await?;
    Ok(list_of(app, caller, &head).await?)
}

/// As [`list`], of a loan the caller was found to see.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list_of(
    app: &App,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
) -> Result<Vec<DocumentLine>, Fault> {
    let stored = store::list(app.db(), (&head.lender_id, &head.line.id)).await?;
    let mut names = Lines::new(app, caller);
    let mut lines = Vec::with_capacity(stored.len());
    for paper in &stored {
        lines.push(names.line(paper).await?);
    }
    Ok(lines)
}

/// A paper and its loan, without its bytes.
///
/// # Errors
/// Not found, alike, for what is unknown, foreign, somebody else's or removed; any fault of the
/// database.
#[boxed]
pub async fn find(
    app: &App,
    caller: &LoanCaller<'_>,
    id: &PublicId,
) -> Result<(LoanHead, DocumentLine), AppError> {
    let (head, stored) = find_stored(app, caller, id).await?;
    let line = Lines::new(app, caller).line(&stored).await?;
    Ok((head, line))
}

pub(super) async fn find_stored(
    app: &App,
    caller: &LoanCaller<'_>,
    id: &PublicId,
) -> Result<(LoanHead, StoredDocument), AppError> {
    let lender = caller.org().lender_id();
    let stored = store::by_public_id(app.db(), lender, id).await?;
    let stored = stored.ok_or_else(unknown)?;
    let head = loan::find(app, caller, &stored.loan_public_id).await;
    Ok((head.map_err(as_unknown)?, stored))
}

/// The refusal of a paper nobody sees.
pub(super) fn unknown() -> AppError {
    let what = Noun::Document;
    Refusal::NotFound { what }.into()
}

/// A paper of a loan the caller does not see is an unknown paper.
pub(super) fn as_unknown(error: AppError) -> AppError {
    match error {
        AppError::Refused(Refusal::NotFound { .. }) => unknown(),
        other => other,
    }
}
