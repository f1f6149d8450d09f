//! Proposals: list, show, accept, refuse; their final information sheet and their letter.

use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lintel_domain::finding::{CreditField, CreditRule};
use lintel_domain::id::RowId;
use lintel_domain::lisbon;
use lintel_domain::proposal::SheetKind;
use lintel_edge::one::one;
use lintel_processes::proposal::{self, Filter, Line, Proposal};
use lintel_store::proposal::StoredProposal;
use lintel_taxonomy::List;

use crate::answer::Answer;
use crate::call::Call;
use crate::names;
use crate::page::Cursors;
use crate::problem::Problem;
use crate::process::cancel_reason;
use crate::read::{Found, Obj, OptionalBody};
use crate::routes::Routes;
use crate::simulation::{bank_charges, insurances, limits, loan, taxes};
use crate::write::{Object, Value, list as array};

/// The routes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .at("/proposals", get(one(list)))
        .at(
            "/proposals/{proposalUniqueId}",
            get(one(detail)).delete(one(cancel)),
        )
        .at("/proposals/{proposalUniqueId}/accept", post(one(accept)))
        .noted("/proposals/{proposalUniqueId}/esis", get(one(esis)), "GET")
        .noted(
            "/proposals/{proposalUniqueId}/letter",
            get(one(letter)),
            "GET",
        )
}

fn proposal_id(call: &Call) -> Result<RowId, Problem> {
    call.id("proposalUniqueId")
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let filter = {
        let found = Found::new();
        let filter = filter(&call.query().object(&found));
        found.refuse()?;
        filter
    };
    let page = proposal::list(&call.app, call.caller(), &filter).await?;
    let lines = page.lines.iter().map(|of| line(&call, of));
    let answer = Object::new()
        .with("totalRecords", page.total)
        .with("hasMoreResults", page.has_more)
        .with("proposals", array(lines));
    Ok(Answer::ok(answer))
}

fn filter(query: &Obj<'_>) -> Filter {
    let cursors = Cursors::read(query);
    let status = query.count("filterProposalStatus", CreditField::FilterStatus);
    let status = status.value().map(names::proposal_status);
    if status == Some(None) {
        query.note(CreditField::FilterStatus, CreditRule::Unknown);
    }
    let from = query.date("filterStatusLastDateFrom", CreditField::FilterFrom);
    let to = query.date("filterStatusLastDateTo", CreditField::FilterTo);
    Filter {
        status: status.flatten(),
        from: from.value(),
        to: to.value(),
        lines: cursors.line_count,
        next: cursors.next,
        previous: cursors.previous,
    }
}

async fn detail(call: Call) -> Result<Answer, Problem> {
    let id = proposal_id(&call)?;
    let of = proposal::one(&call.app, call.caller(), &id).await?;
    Ok(answered(&call, &of)?)
}

async fn accept(call: Call, _body: OptionalBody) -> Result<Answer, Problem> {
    let id = proposal_id(&call)?;
    let of = proposal::accept(&call.app, call.caller(), &id, call.expected()).await?;
    Ok(answered(&call, &of)?)
}

async fn cancel(call: Call, body: OptionalBody) -> Result<Answer, Problem> {
    let id = proposal_id(&call)?;
    let (reason, found) = cancel_reason(&call, &body)?;
    let with = (call.expected(), reason, found);
    let of = proposal::cancel(&call.app, call.caller(), &id, with).await?;
    Ok(Answer::ok(head(&call, &of.head).done()).revision(of.head.revision))
}

async fn esis(call: Call) -> Result<Answer, Problem> {
    let pdf = sheet(&call, SheetKind::Fine).await?;
    Ok(Answer::ok(Object::new().with("esis", STANDARD.encode(pdf))))
}

async fn letter(call: Call) -> Result<Answer, Problem> {
    let pdf = sheet(&call, SheetKind::Letter).await?;
    Ok(Answer::ok(
        Object::new().with("letter", STANDARD.encode(pdf)),
    ))
}

async fn sheet(call: &Call, kind: SheetKind) -> Result<Vec<u8>, Problem> {
    let id = proposal_id(call)?;
    Ok(proposal::sheet(&call.app, call.caller(), &id, kind).await?)
}

/// What names a proposal and says how it stands.
fn head(call: &Call, of: &StoredProposal) -> Object {
    let status = names::proposal_status_id(of.status);
    let reason = of.cancel_reason_id;
    let described = call.describe(List::WorkflowStatesProposal, status);
    let reason_described = reason.map(|id| call.describe(List::ProposalCancelReasons, id));
    Object::new()
        .with("proposalUniqueID", &of.id)
        .with("proposalNumber", of.number)
        .with("processUniqueID", &of.process_id)
        .with("processNumber", of.process_number)
        .with("proposalStatusID", status)
        .with("proposalStatusDescription", described)
        .with("proposalStatusDate", of.status_at)
        .with("creationDate", of.issued_at)
        .with("expirationDate", lisbon::last_day(of.valid_until))
        .with("cancelReasonID", reason)
        .with("cancelReasonDescription", reason_described)
}

fn answered(call: &Call, of: &Proposal) -> Result<Answer, lintel_app::error::AppError> {
    let (language, calculation) = (call.language, &of.calculation);
    let branch = calculation.loan.branch.as_ref();
    let shown = head(call, &of.head)
        .with("reflectionEndDate", of.reflection_ends()?)
        .with("branchID", branch.map(|branch| branch.id))
        .with(
            "branchDescription",
            branch.map(|branch| language.of(&branch.pt, &branch.en)),
        )
        .with("conditions", array(of.conditions.iter().map(Value::from)))
        .with("loan", loan(language, calculation))
        .with("insurances", insurances(calculation))
        .with(
            "bankCharges",
            bank_charges(language, &calculation.bank_charges),
        )
        .with("taxes", taxes(calculation))
        .with("limits", limits(calculation));
    Ok(Answer::ok(shown.done()).revision(of.head.revision))
}

/// A proposal of a list: what is offered, without what it comes to.
fn line(call: &Call, of: &Line) -> Value {
    let terms = &of.terms;
    head(call, &of.head)
        .with("branchID", terms.branch)
        .with("loanAmount", terms.amount)
        .with("loanDurationMonths", terms.term_months)
        .with("indexTypeSubCategoryID", terms.rate_kind)
        .with("indexTypeID", terms.index_type)
        .with("hasCrossSelling", terms.cross_selling.unwrap_or(false))
        .done()
}
