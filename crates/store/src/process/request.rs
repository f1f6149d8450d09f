//! What the bank asked for. The words are sealed; the caller has the process locked.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::process::RequestState;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO information_request (org_id, id, process_id, borrower_id, \
     document_type_id, content, state, asked_by, asked_at_us, closed_at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const CLOSE: &str = "UPDATE information_request SET state = $3, closed_at_us = $4 \
     WHERE org_id = $1 AND id = $2 AND state = $5";
const REOPEN: &str = "UPDATE information_request SET state = $3, closed_at_us = NULL \
     WHERE org_id = $1 AND id = $2 AND state = $4";
const OF_PROCESS: &str = "SELECT org_id, id, process_id, borrower_id, document_type_id, content, \
     state, asked_by, asked_at_us, closed_at_us FROM information_request \
     WHERE org_id = $1 AND process_id = $2 ORDER BY id";

/// A request for information or a paper as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRequest {
    /// The bank.
    pub org_id: RowId,
    /// Row id, which partners see.
    pub id: RowId,
    /// Its process.
    pub process_id: RowId,
    /// The borrower it is about.
    pub borrower_id: Option<RowId>,
    /// The type of paper asked for; `None` when something else is asked in words.
    pub document_type_id: Option<u32>,
    /// The words, sealed.
    pub content: Vec<u8>,
    /// How it stands.
    pub state: RequestState,
    /// Who asked, as the audit log names actors.
    pub asked_by: String,
    /// When.
    pub asked_at: Instant,
    /// When it was answered or withdrawn.
    pub closed_at: Option<Instant>,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    process_id: String,
    borrower_id: Option<String>,
    document_type_id: Option<i64>,
    content: Vec<u8>,
    state: String,
    asked_by: String,
    asked_at_us: i64,
    closed_at_us: Option<i64>,
}

impl Row {
    fn read(self) -> Result<StoredRequest, Fault> {
        let place = At {
            table: "information_request",
            id: &self.id,
        };
        let kind = self.document_type_id;
        let kind = kind.map(|id| place.count("document_type_id", id));
        Ok(StoredRequest {
            document_type_id: kind.transpose()?,
            state: place.word("state", &self.state, RequestState::parse)?,
            org_id: row_id(self.org_id),
            process_id: row_id(self.process_id),
            borrower_id: self.borrower_id.map(row_id),
            content: self.content,
            asked_by: self.asked_by,
            asked_at: at(self.asked_at_us),
            closed_at: self.closed_at_us.map(at),
            id: row_id(self.id),
        })
    }
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("information_request.insert", INSERT.to_owned()),
        ("information_request.close", CLOSE.to_owned()),
        ("information_request.reopen", REOPEN.to_owned()),
        ("information_request.of_process", OF_PROCESS.to_owned()),
    ]
}

/// Writes down what is asked.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_request_in(tx: &mut Tx, request: &StoredRequest) -> Result<(), Fault> {
    let args = vals![
        request.org_id.as_str(),
        request.id.as_str(),
        request.process_id.as_str(),
        request.borrower_id.as_ref().map(RowId::as_str),
        request.document_type_id.map(i64::from),
        request.content.clone(),
        request.state.as_str(),
        &request.asked_by,
        request.asked_at.micros(),
        request.closed_at.map(Instant::micros),
    ];
    tx.exec(INSERT, args).await.map(|_| ())
}

/// Closes an open request; `false` when it is not open.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn close_request_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
    (state, at): (RequestState, Instant),
) -> Result<bool, Fault> {
    let args = vals![
        org_id.as_str(),
        id.as_str(),
        state.as_str(),
        at.micros(),
        RequestState::Open.as_str()
    ];
    Ok(tx.exec(CLOSE, args).await? == 1)
}

/// Opens an answered request again: what answered it is gone. `false` when it is not answered.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn reopen_request_in(tx: &mut Tx, org_id: &RowId, id: &RowId) -> Result<bool, Fault> {
    let (open, answered) = (RequestState::Open, RequestState::Answered);
    let args = vals![
        org_id.as_str(),
        id.as_str(),
        open.as_str(),
        answered.as_str()
    ];
    Ok(tx.exec(REOPEN, args).await? == 1)
}

/// What the bank asked for about a process, oldest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn requests(
    db: &Db,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<Vec<StoredRequest>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    let rows: Vec<Row> = db.all(OF_PROCESS, args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// As [`requests`], in a transaction.
///
/// # Errors
/// As [`requests`].
#[boxed]
pub async fn requests_in(
    tx: &mut Tx,
    org_id: &RowId,
    process_id: &RowId,
) -> Result<Vec<StoredRequest>, Fault> {
    let args = vals![org_id.as_str(), process_id.as_str()];
    let rows: Vec<Row> = tx.all(OF_PROCESS, args).await?;
    rows.into_iter().map(Row::read).collect()
}
