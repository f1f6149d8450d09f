//! Messages about a process.

use axum::routing::get;
use lintel_domain::finding::CreditField;
use lintel_edge::one::one;
use lintel_processes as processes;
use lintel_simulations::thread::{SUBJECT_MAX_CHARS, TEXT_MAX_CHARS};

use super::process_id;
use crate::answer::Answer;
use crate::call::Call;
use crate::page::Pages;
use crate::problem::Problem;
use crate::read::{Body, Found};
use crate::routes::Routes;
use crate::simulation::message;
use crate::write::{Object, list};

pub(super) fn routes() -> Routes {
    Routes::new().at(
        "/processes/{processUniqueId}/messages",
        get(one(page)).post(one(write)),
    )
}

async fn page(call: Call) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    let pages = {
        let found = Found::new();
        let pages = Pages::read(&call.query().object(&found));
        found.refuse()?;
        pages
    };
    let page = (pages.number, pages.size);
    let page = processes::messages(&call.app, call.caller(), &id, page).await?;
    let answer = Object::new()
        .with("totalCount", page.total)
        .with("count", page.messages.len())
        .with("messages", list(page.messages.iter().map(message)));
    Ok(Answer::ok(answer))
}

async fn write(call: Call, body: Body) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    let (subject, text, found) = {
        let found = Found::new();
        let sent = body.object(&found)?;
        let subject = sent.text_line("subject", CreditField::MessageSubject, SUBJECT_MAX_CHARS);
        let text = sent.text("text", CreditField::MessageText, TEXT_MAX_CHARS);
        (subject.value(), text.value(), found.take())
    };
    let words = (subject.as_deref(), text.as_deref());
    let written = processes::write_message(&call.app, call.caller(), &id, words, found).await?;
    Ok(Answer::created(message(&written)).location(format!("/processes/{id}/messages")))
}
