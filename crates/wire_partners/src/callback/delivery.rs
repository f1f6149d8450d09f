//! Deliveries: what was and is to be told, and telling it once more.

use lintel_callbacks::{self as callbacks, Attempt, Delivery};

use super::{kind, own};
use crate::answer::Answer;
use crate::call::Call;
use crate::page::Window;
use crate::problem::Problem;
use crate::read::Found;
use crate::write::{Object, Value, list};

pub(super) async fn page(call: Call) -> Result<Answer, Problem> {
    own(&call)?;
    let kind = kind(&call).ok_or_else(Problem::not_found)?;
    let window = asked(&call)?;
    let (app, partner) = (&call.app, &call.partner);
    let (offset, limit) = (window.offset, window.limit);
    let (page, total) = callbacks::deliveries(app, partner, kind, offset, limit).await?;
    let body = Object::new()
        .with("totalCount", total)
        .with("count", page.len())
        .with("offset", offset)
        .with("limit", limit)
        .with("deliveries", list(page.iter().map(shown)));
    Ok(Answer::ok(body))
}

fn asked(call: &Call) -> Result<Window, Problem> {
    let found = Found::new();
    let window = Window::read(&call.query().object(&found));
    found.refuse()?;
    Ok(window)
}

pub(super) async fn replay(call: Call) -> Result<Answer, Problem> {
    own(&call)?;
    let kind = kind(&call).ok_or_else(Problem::not_found)?;
    let id = call.id("deliveryUniqueID")?;
    let delivery = callbacks::replay(&call.app, &call.partner, kind, &id).await?;
    Ok(Answer::accepted(shown(&delivery)))
}

fn shown(one: &Delivery) -> Value {
    Object::new()
        .with("deliveryUniqueID", &one.id)
        .with("subjectUniqueID", &one.subject)
        .with("state", one.state.as_str())
        .with("createdAt", one.created_at)
        .with("nextAttemptAt", one.next_at)
        .with("closedAt", one.closed_at)
        .with("attempts", list(one.attempts.iter().map(attempt)))
        .done()
}

fn attempt(one: &Attempt) -> Value {
    Object::new()
        .with("number", one.number)
        .with("at", one.at)
        .with("outcome", one.outcome.as_str())
        .with("status", one.status)
        .with("timeMs", one.millis)
        .done()
}
