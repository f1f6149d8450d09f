//! Simulations: make, check, list, show, change, take back; their information sheets and messages.

mod charges;
mod loan;
mod read;
mod write;

use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lintel_domain::finding::{CreditField, CreditRule};
use lintel_domain::id::RowId;
use lintel_domain::simulation::Request;
use lintel_edge::one::one;
use lintel_simulations::{self as simulations, Filter, Page};

use crate::answer::Answer;
use crate::call::Call;
use crate::names;
use crate::page::Cursors;
use crate::problem::Problem;
use crate::read::{Body, Found, Obj};
use crate::routes::Routes;
use crate::thread::{self, Sent};
use crate::write::{Object, list as array};

pub(crate) use charges::{bank_charges, insurances, limits, taxes};
pub(crate) use loan::loan;
pub(crate) use read::request;

/// Longest text to look for.
const FILTER_MAX: usize = simulations::search::TEXT_MAX_CHARS;
/// Longest mail address (RFC 5321, section 4.5.3.1).
const ADDRESS_MAX: usize = 254;

/// The routes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .at("/simulations", get(one(list)).post(one(create)))
        .at("/simulations/validate", post(one(validate)))
        .at(
            "/simulations/{simulationUniqueId}",
            get(one(detail)).patch(one(change)).delete(one(cancel)),
        )
        .noted(
            "/simulations/{simulationUniqueId}/esis",
            get(one(esis)),
            "GET",
        )
        .noted(
            "/simulations/{simulationUniqueId}/esis/email",
            get(one(mail)).post(one(mail)),
            "GET,POST",
        )
        .at(
            "/simulations/{simulationUniqueId}/messages",
            get(one(messages)).post(one(write_message)),
        )
}

fn simulation_id(call: &Call) -> Result<RowId, Problem> {
    call.id("simulationUniqueId")
}

async fn create(call: Call, body: Body) -> Result<Answer, Problem> {
    let (asked, found) = {
        let found = Found::new();
        let asked = request(&body.object(&found)?, &Request::default());
        (asked, found.take())
    };
    let made = simulations::create(&call.app, call.caller(), asked, found).await?;
    let place = format!("/simulations/{}", made.id);
    Ok(Answer::created(write::simulation(&call, &made))
        .location(place)
        .revision(made.revision))
}

async fn validate(call: Call, body: Body) -> Result<Answer, Problem> {
    let (asked, found) = {
        let found = Found::new();
        let asked = request(&body.object(&found)?, &Request::default());
        (asked, found.take())
    };
    let echo = asked.clone();
    let worked = simulations::validate(&call.app, call.caller(), asked, found).await?;
    let groups = write::groups(Object::new(), &call, &echo, &worked);
    Ok(Answer::ok(groups.done()))
}

async fn detail(call: Call) -> Result<Answer, Problem> {
    let id = simulation_id(&call)?;
    let one = simulations::one(&call.app, call.caller(), id.as_str()).await?;
    Ok(Answer::ok(write::simulation(&call, &one)).revision(one.revision))
}

async fn change(call: Call, body: Body) -> Result<Answer, Problem> {
    let id = simulation_id(&call)?;
    body.object(&Found::new())?;
    let edit = |old: &Request| {
        let found = Found::new();
        let changed = match body.object(&found) {
            Ok(sent) => request(&sent, old),
            // It was one a moment ago.
            Err(_) => old.clone(),
        };
        (changed, found.take())
    };
    let (app, caller) = (&call.app, call.caller());
    let one = simulations::change(app, caller, id.as_str(), call.expected(), &edit).await?;
    Ok(Answer::ok(write::simulation(&call, &one)).revision(one.revision))
}

async fn cancel(call: Call) -> Result<Answer, Problem> {
    let id = simulation_id(&call)?;
    let (app, caller) = (&call.app, call.caller());
    let one = simulations::cancel(app, caller, id.as_str(), call.expected()).await?;
    let answer = write::head(&call, &one);
    Ok(Answer::ok(answer.done()).revision(one.revision))
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let (filter, found) = {
        let found = Found::new();
        let filter = filter(&call.query().object(&found));
        (filter, found.take())
    };
    let page: Page = simulations::list(&call.app, call.caller(), &filter, found).await?;
    let answer = Object::new()
        .with("totalRecords", page.total)
        .with("hasMoreResults", page.has_more)
        .with(
            "simulations",
            array(page.lines.iter().map(|line| write::line(&call, line))),
        );
    Ok(Answer::ok(answer))
}

fn filter(query: &Obj<'_>) -> Filter {
    let cursors = Cursors::read(query);
    let status = query.count("filterSimulationStatus", CreditField::FilterStatus);
    let status = status.value().map(|id| (id, names::simulation_status(id)));
    if matches!(status, Some((_, None))) {
        query.note(CreditField::FilterStatus, CreditRule::Unknown);
    }
    let text = query.text_line("filterByText", CreditField::FilterText, FILTER_MAX);
    let from = query.date("filterStatusLastDateFrom", CreditField::FilterFrom);
    let to = query.date("filterStatusLastDateTo", CreditField::FilterTo);
    let text_of = |id: RowId| id.as_str().to_owned();
    Filter {
        text: text.value(),
        from: from.value(),
        to: to.value(),
        status: status.and_then(|(_, status)| status),
        line_count: Some(cursors.line_count),
        next: cursors.next.map(text_of),
        previous: cursors.previous.map(text_of),
    }
}

async fn esis(call: Call) -> Result<Answer, Problem> {
    let id = simulation_id(&call)?;
    let pdf = simulations::fine(&call.app, call.caller(), id.as_str()).await?;
    let answer = Object::new().with("esis", STANDARD.encode(pdf));
    Ok(Answer::ok(answer))
}

/// A GET that sends is the public text's; the POST is ours. Both take the address from the query.
async fn mail(call: Call) -> Result<Answer, Problem> {
    let id = simulation_id(&call)?;
    let address = {
        let found = Found::new();
        let query = call.query().object(&found);
        let address = query.text_line("sendAddress", CreditField::SendAddress, ADDRESS_MAX);
        let address = address.value();
        found.refuse()?;
        address
    };
    let (app, caller) = (&call.app, call.caller());
    simulations::mail_fine(app, caller, id.as_str(), address.as_deref()).await?;
    Ok(Answer::ok(Object::new().with("sendAddress", address)))
}

async fn messages(call: Call) -> Result<Answer, Problem> {
    let id = simulation_id(&call)?;
    let page = thread::asked(&call)?;
    let page = simulations::messages(&call.app, call.caller(), id.as_str(), page).await?;
    Ok(thread::page(&page))
}

async fn write_message(call: Call, body: Body) -> Result<Answer, Problem> {
    let id = simulation_id(&call)?;
    let (sent, found) = Sent::read(&body)?;
    let (app, caller) = (&call.app, call.caller());
    let written = simulations::write_message(app, caller, id.as_str(), sent.words(), found).await?;
    Ok(thread::written(
        &written,
        format!("/simulations/{id}/messages"),
    ))
}
