//! `POST /upload-documents`: papers filed with a loan, all of a call or none.

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::document::Filed;
use lintel_app::loan::LoanCaller;
use lintel_domain::document::FiledUnder;
use lintel_domain::id::PublicId;
use serde_json::Value;

use super::intake::{Intake, Paper, WANTED};
use super::reading::{self, Upload};
use super::told::rows;
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::loan::id;
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    let mut intake = Intake::new(&face, &request);
    let bounds = intake.bounds();
    let incoming = face
        .read_streamed(request, WANTED, bounds, &mut intake)
        .await;
    let answer = incoming
        .unless_read(intake.refusal())
        .answered(face, |_, call| run(call, &mut intake))
        .await;
    // What was filed is no longer in it.
    intake.discard().await;
    answer
}

async fn run(mut call: Call, intake: &mut Intake) -> Result<Node, LenderError> {
    let pair = call.key_pair()?;
    let token = call.access_token()?;
    let data = Value::Object(call.data_object()?);
    let principal = intake.principal(&pair, &token).await?;
    let (loan, upload) = read(&Reader::new(&data), intake.take_papers())?;
    let batch = intake.take_batch().await?;
    let caller = LoanCaller::Program(&principal);
    let filed = batch.file(&caller, &loan, upload.drafts).await;
    filed
        .map(|filed| render(&filed))
        .map_err(|e| upload.places.refused(&e))
}

/// Which loan, and the documents. What is wrong with a document is said by the application, unless
/// there is no loan to ask it about.
fn read(data: &Reader<'_>, papers: Vec<Option<Paper>>) -> Result<(PublicId, Upload), LenderError> {
    let loan = id::loan(data);
    let upload = reading::upload(data, papers);
    let mut wrong = Vec::new();
    if let Err(error) = &loan {
        wrong.push((error.field.clone().unwrap_or_default(), None));
    }
    match (loan, upload) {
        (Ok(loan), Ok(upload)) => return Ok((loan, upload)),
        (Err(_), Ok(upload)) => wrong.extend(upload.mistakes()),
        (_, Err(list)) => wrong.push((list.to_owned(), None)),
    }
    Err(rows(&wrong))
}

fn render(filed: &[Filed]) -> Node {
    let documents = filed.iter().map(|paper| {
        let mut node = Node::object([
            ("docID", Node::from(paper.id.as_str())),
            ("fileName", Node::from(&paper.file_name)),
        ]);
        match &paper.filing {
            FiledUnder::Loan(kind) => node.push("loanDocType", kind.as_str()),
            FiledUnder::Condition(id) => node.push("conditionID", id.as_str()),
        }
        node
    });
    Node::object([("documents", Node::List(documents.collect()))])
}
