//! Processes: open, list, show, change, submit, take back; below them borrowers, property, papers,
//! information sheet and messages.

mod borrower;
mod document;
mod esis;
mod message;
mod property;
mod write;

use axum::routing::{get, post};
use lintel_domain::finding::{CreditField, CreditRule, FieldGroup, Finding};
use lintel_domain::id::RowId;
use lintel_domain::simulation::Request;
use lintel_edge::one::one;
use lintel_processes::{self as processes, Filter};

use crate::answer::Answer;
use crate::call::Call;
use crate::names;
use crate::page::Cursors;
use crate::problem::Problem;
use crate::read::{Body, Found, Obj, OptionalBody};
use crate::routes::Routes;
use crate::simulation::request;
use crate::write::{Object, list as array};

/// Longest text to look for.
const FILTER_MAX: usize = lintel_simulations::search::TEXT_MAX_CHARS;

/// The routes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .at("/processes", get(one(list)).post(one(create)))
        .at(
            "/processes/{processUniqueId}",
            get(one(detail)).put(one(change)).delete(one(cancel)),
        )
        .at("/processes/{processUniqueId}/submit", post(one(submit)))
        .and(borrower::routes())
        .and(property::routes())
        .and(document::routes())
        .and(esis::routes())
        .and(message::routes())
}

fn process_id(call: &Call) -> Result<RowId, Problem> {
    call.id("processUniqueId")
}

async fn create(call: Call, body: Body) -> Result<Answer, Problem> {
    let simulation = {
        let found = Found::new();
        let sent = body.object(&found)?;
        let given = sent.unique_id("simulationUnique", CreditField::SimulationId);
        let given = given.value();
        if given.is_none() {
            let rule = CreditRule::Missing;
            let missing = Finding::new(CreditField::SimulationId, rule);
            let all = found.take();
            let all = if all.is_empty() { vec![missing] } else { all };
            return Err(Problem::from(all));
        }
        found.refuse()?;
        given
    };
    let Some(simulation) = simulation else {
        return Err(Problem::not_found());
    };
    let (made, is_new) = processes::create(&call.app, call.caller(), &simulation).await?;
    let shown = write::process(&call, &made);
    let answer = if is_new {
        Answer::created(shown).location(format!("/processes/{}", made.head.id))
    } else {
        Answer::ok(shown)
    };
    Ok(answer.revision(made.head.revision))
}

async fn detail(call: Call) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    let one = processes::one(&call.app, call.caller(), &id).await?;
    Ok(Answer::ok(write::process(&call, &one)).revision(one.head.revision))
}

async fn change(call: Call, body: Body) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    body.object(&Found::new())?;
    let edit = |old: &Request| {
        let found = Found::new();
        let changed = match body.object(&found) {
            Ok(sent) => terms(&sent, old),
            // It was one a moment ago.
            Err(_) => old.clone(),
        };
        let found = found.take().into_iter().filter(is_of_terms).collect();
        (changed, found)
    };
    let (app, caller) = (&call.app, call.caller());
    let one = processes::change(app, caller, &id, call.expected(), &edit).await?;
    Ok(Answer::ok(write::process(&call, &one)).revision(one.head.revision))
}

/// Terms as a simulation has them. Borrowers and property have addresses of their own here: members of
/// these names are ignored like any other that is not known.
fn terms(sent: &Obj<'_>, old: &Request) -> Request {
    Request {
        property: None,
        borrowers: Vec::new(),
        ..request(sent, old)
    }
}

fn is_of_terms(finding: &Finding) -> bool {
    let group = finding.field.group();
    group != FieldGroup::Borrower
        && group != FieldGroup::Property
        && finding.field != CreditField::Borrowers
}

async fn cancel(call: Call, body: OptionalBody) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    let (reason, found) = cancel_reason(&call, &body)?;
    let with = (call.expected(), reason, found);
    let one = processes::cancel(&call.app, call.caller(), &id, with).await?;
    Ok(Answer::ok(write::head(&call, &one.head).done()).revision(one.head.revision))
}

/// Why something is taken back. The reason stands in the body or in the query; in both, they must agree.
pub(crate) fn cancel_reason(
    call: &Call,
    body: &OptionalBody,
) -> Result<(Option<u32>, Vec<Finding>), Problem> {
    let found = Found::new();
    let field = CreditField::CancelReason;
    let asked = call.query().object(&found).id("cancelReason", field);
    let sent = body.object(&found)?;
    let sent = sent.and_then(|sent| sent.id("cancelReason", field).value());
    let asked = asked.value();
    if sent.is_some() && asked.is_some() && sent != asked {
        found.add(Finding::new(field, CreditRule::Conflict));
    }
    Ok((sent.or(asked), found.take()))
}

async fn submit(call: Call, _body: OptionalBody) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    let one = processes::submit(&call.app, call.caller(), &id).await?;
    Ok(Answer::ok(write::process(&call, &one)).revision(one.head.revision))
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let filter = {
        let found = Found::new();
        let filter = filter(&call.query().object(&found));
        found.refuse()?;
        filter
    };
    let page = processes::list(&call.app, call.caller(), &filter).await?;
    let lines = page.lines.iter().map(|line| write::line(&call, line));
    let answer = Object::new()
        .with("totalRecords", page.total)
        .with("hasMoreResults", page.has_more)
        .with("processes", array(lines));
    Ok(Answer::ok(answer))
}

fn filter(query: &Obj<'_>) -> Filter {
    let cursors = Cursors::read(query);
    let status = query.count("filterProcessStatus", CreditField::FilterStatus);
    let status = status.value().map(names::process_status);
    if status == Some(None) {
        query.note(CreditField::FilterStatus, CreditRule::Unknown);
    }
    let text = query.text_line("filterByText", CreditField::FilterText, FILTER_MAX);
    let from = query.date("filterStatusLastDateFrom", CreditField::FilterFrom);
    let to = query.date("filterStatusLastDateTo", CreditField::FilterTo);
    Filter {
        text: text.value(),
        from: from.value(),
        to: to.value(),
        status: status.flatten(),
        lines: cursors.line_count,
        next: cursors.next,
        previous: cursors.previous,
    }
}
