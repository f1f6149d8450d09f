//! `POST /download-documents`: one paper as it is, several as one zip.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::document::{Download, find, of_types, one};
use lintel_app::error::AppError;
use lintel_app::loan::LoanCaller;
use lintel_domain::id::PublicId;
use lintel_domain::refusal::{Noun, Refusal};

use super::reading::kinds;
use super::told::{row, rows};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::loan::id;
use crate::refusal::lender_error;
use crate::reply::Content;

/// Longest id that is looked at.
const ID_MAX: usize = 100;
const DOCUMENT: &str = "docID";
const KINDS: &str = "docTypes";

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Content, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    let wanted = read(&data)?;
    let slot = face.downloads.slot()?;
    let caller = LoanCaller::Program(&principal);
    let (papers, name) = match wanted {
        Wanted::One { id, loan } => {
            let paper = by_id(&face, &caller, &id, loan).await?;
            let name = paper.line.loan_id.clone();
            (vec![paper], name)
        }
        Wanted::Kinds { loan, kinds } => {
            let papers = of_types(&face.app, &caller, &loan, &kinds).await;
            (papers.map_err(|e| without_kinds(&e))?, loan)
        }
    };
    slot.send(&face, papers, &name).await
}

/// What is asked for.
enum Wanted {
    One {
        id: PublicId,
        loan: Option<PublicId>,
    },
    Kinds {
        loan: PublicId,
        kinds: Vec<lintel_domain::document::LoanDocType>,
    },
}

/// A document's id comes first; kinds beside it are not looked at, a loan has to be the document's.
fn read(data: &Reader<'_>) -> Result<Wanted, LenderError> {
    let names_loan = id::names_loan(data);
    if data.has(DOCUMENT) {
        let text = data.req_text(DOCUMENT, ID_MAX)?;
        let id = PublicId::parse(&text).ok_or_else(|| LenderError::missing(DOCUMENT))?;
        let loan = names_loan.then(|| id::loan(data)).transpose()?;
        return Ok(Wanted::One { id, loan });
    }
    let mut wrong = Vec::new();
    if !names_loan && !data.has(KINDS) {
        wrong.push((DOCUMENT.to_owned(), None));
    }
    let loan = id::loan(data);
    if let Err(error) = &loan {
        wrong.push((error.field.clone().unwrap_or_default(), None));
    }
    match (loan, kinds(data)) {
        (Ok(loan), Ok(kinds)) => return Ok(Wanted::Kinds { loan, kinds }),
        (_, Err(mistakes)) => wrong.extend(mistakes),
        (Err(_), Ok(_)) => {}
    }
    Err(rows(&wrong))
}

async fn by_id(
    face: &Face,
    caller: &LoanCaller<'_>,
    id: &PublicId,
    loan: Option<PublicId>,
) -> Result<Download, LenderError> {
    if let Some(loan) = loan {
        let (_, line) = find(&face.app, caller, id)
            .await
            .map_err(|e| lender_error(&e))?;
        if line.loan_id != loan {
            return Err(LenderError::missing("loanPublicID"));
        }
    }
    one(&face.app, caller, id)
        .await
        .map_err(|e| lender_error(&e))
}

/// A loan without such papers.
fn without_kinds(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(Refusal::NotFound {
            what: Noun::Document,
        }) => row(KINDS, "the loan has no such document"),
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => lender_error(error),
    }
}
