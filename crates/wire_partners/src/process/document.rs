//! Papers of a process.

mod content;

use axum::response::Response;
use axum::routing::get;
use lintel_domain::finding::CreditField as F;
use lintel_edge::one::one;
use lintel_processes::papers::{self, NAME_MAX_CHARS, OBSERVATIONS_MAX_CHARS, PaperDraft};
use lintel_processes::{By, Paper, whose};
use lintel_taxonomy::List;

use super::process_id;
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Problem;
use crate::read::{Body, Found, Given, Obj};
use crate::routes::Routes;
use crate::write::{Object, Value, list as array};

pub(super) fn routes() -> Routes {
    Routes::new()
        .at(
            "/processes/{processUniqueId}/documents",
            get(one(list)).post(one(add)),
        )
        .noted(
            "/processes/{processUniqueId}/documents/{documentUniqueId}",
            get(one(detail)).put(one(change)).delete(one(remove)),
            "GET,PUT,DELETE",
        )
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let all = papers::list(&call.app, call.caller(), &process_id(&call)?).await?;
    let answer = Object::new()
        .with("totalCount", all.len())
        .with("documents", array(all.iter().map(|one| shown(&call, one))));
    Ok(Answer::ok(answer))
}

async fn add(call: Call, body: Body) -> Result<Answer, Problem> {
    let process = process_id(&call)?;
    let sent = {
        let found = Found::new();
        let draft = draft(&call, &body.object(&found)?);
        (draft, found.take())
    };
    // The text of the content is not needed beside its bytes; they need its room until they are written.
    let _room = body.into_room();
    let made = papers::add(&call.app, call.caller(), &process, sent).await?;
    let place = format!("/processes/{process}/documents/{}", made.id);
    let answer = Answer::created(shown(&call, &made)).location(place);
    Ok(answer.revision(made.revision))
}

/// The content goes out as it comes out of the store, so that nothing holds it whole.
async fn detail(call: Call) -> Result<Response, Problem> {
    let at = (&process_id(&call)?, &call.id("documentUniqueId")?);
    let caller = call.caller();
    let who = (whose(caller), &By::partner(caller));
    let given = papers::one(&call.app, who, at).await?;
    let head = read_head(&call, &given.paper);
    let (revision, length) = (given.paper.revision, given.paper.byte_len);
    let pieces = given.open().await?;
    Ok(content::answer(head, revision, (length, pieces)))
}

async fn change(call: Call, body: Body) -> Result<Answer, Problem> {
    let at = (&process_id(&call)?, &call.id("documentUniqueId")?);
    let sent = {
        let found = Found::new();
        let draft = draft(&call, &body.object(&found)?);
        (draft, found.take())
    };
    let _room = body.into_room();
    let (app, caller) = (&call.app, call.caller());
    let one = papers::change(app, caller, at, call.expected(), sent).await?;
    Ok(Answer::ok(shown(&call, &one)).revision(one.revision))
}

async fn remove(call: Call) -> Result<Answer, Problem> {
    let at = (&process_id(&call)?, &call.id("documentUniqueId")?);
    papers::remove(&call.app, call.caller(), at, call.expected()).await?;
    Ok(Answer::empty())
}

/// What is said about a paper. `null` clears observations and borrower; for the rest it says nothing.
fn draft(call: &Call, sent: &Obj<'_>) -> PaperDraft {
    let most = call.app.document_rules().max_bytes;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let text = |name, field| sent.text_line(name, field, NAME_MAX_CHARS);
    let (title, file_name) = ("documentTitle", "fileName");
    let said = sent.text(
        "documentObservations",
        F::DocumentObservations,
        OBSERVATIONS_MAX_CHARS,
    );
    PaperDraft {
        type_id: sent.id("documentType", F::DocumentType).value(),
        title: text(title, F::DocumentTitle).value(),
        file_name: text(file_name, F::DocumentFileName).value(),
        observations: match said {
            Given::Absent => None,
            Given::Null => Some(String::new()),
            Given::Value(said) => Some(said),
        },
        borrower_id: match sent.unique_id("borrowerUnique", F::DocumentBorrower) {
            Given::Absent => None,
            Given::Null => Some(None),
            Given::Value(id) => Some(Some(id)),
        },
        content: sent
            .base64("documentContent", F::DocumentContent, most)
            .value(),
    }
}

/// What is known of a paper, under the names it is read by.
fn read_head(call: &Call, of: &Paper) -> Object {
    let observations = Some(&of.names.observations).filter(|said| !said.is_empty());
    Object::new()
        .with("documentUniqueID", &of.id)
        .with("documentTypeID", of.type_id)
        .with(
            "documentTypeDescription",
            call.describe(List::DocumentTypes, of.type_id),
        )
        .with("borrowerUniqueID", of.borrower_id.as_ref())
        .with("informationRequestUniqueID", of.request_id.as_ref())
        .with("title", &of.names.title)
        .with("fileName", &of.names.file_name)
        .with("observations", observations)
        .with("contentType", of.content_type.as_str())
        .with("contentLength", of.byte_len)
        .with("creationDate", of.created_at)
        .with("lastActionDate", of.updated_at)
}

/// A paper as it is answered, without its content.
pub(super) fn shown(call: &Call, of: &Paper) -> Value {
    read_head(call, of).done()
}
