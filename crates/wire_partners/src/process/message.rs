//! Messages about a process.

use axum::routing::get;
use lintel_edge::one::one;
use lintel_processes as processes;

use super::process_id;
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Problem;
use crate::read::Body;
use crate::routes::Routes;
use crate::thread::{self, Sent};

pub(super) fn routes() -> Routes {
    Routes::new().at(
        "/processes/{processUniqueId}/messages",
        get(one(page)).post(one(write)),
    )
}

async fn page(call: Call) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    let page = thread::asked(&call)?;
    let page = processes::messages(&call.app, call.caller(), &id, page).await?;
    Ok(thread::page(&page))
}

async fn write(call: Call, body: Body) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    let (sent, found) = Sent::read(&body)?;
    let (app, caller) = (&call.app, call.caller());
    let written = processes::write_message(app, caller, &id, sent.words(), found).await?;
    Ok(thread::written(
        &written,
        format!("/processes/{id}/messages"),
    ))
}
