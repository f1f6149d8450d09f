//! `POST /create-notifications`: events of a customer system, each carried out in full or not at all.

mod read;
mod words;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_desk::event::{Answer, EVENTS_MAX, carry_out};

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

/// Events are carried out one after the other: one may be about what an earlier one made, and the same
/// one may come twice.
async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, events) = call.enter_list(&face).await?;
    if events.is_empty() {
        return Err(LenderError::missing("data"));
    }
    if events.len() > EVENTS_MAX {
        return Err(LenderError::invalid("data"));
    }
    let mut answers = Vec::with_capacity(events.len());
    for event in &events {
        let draft = read::event(Reader::of_item(event));
        let answer = carry_out(&face.app, &principal, draft)
            .await
            .map_err(|e| lender_error(&e))?;
        answers.push(render(&answer));
    }
    Ok(Node::List(answers))
}

/// The parameter's own name is in the message, as in the public text's sample; the way to it is beside.
fn render(answer: &Answer) -> Node {
    let id = Node::from(answer.id.clone());
    let Some(mistake) = &answer.mistake else {
        return Node::object([("status", Node::from("success")), ("crmEventID", id)]);
    };
    Node::object([
        ("status", Node::from("error")),
        ("crmEventID", id),
        ("errorMessage", Node::from(words::message(mistake))),
        ("field", Node::from(words::path(mistake))),
    ])
}
