//! A process as it is answered.

use lintel_domain::lisbon;
use lintel_domain::process::RequestState;
use lintel_processes::{InformationRequest, Line, Process};
use lintel_store::process::StoredProcess;
use lintel_taxonomy::List;

use super::{borrower, document, property};
use crate::call::Call;
use crate::names;
use crate::simulation::{bank_charges, insurances, limits, loan, taxes};
use crate::write::{Object, Value, list};

/// What names a process and says how it stands.
pub(super) fn head(call: &Call, of: &StoredProcess) -> Object {
    let status = names::process_status_id(of.status);
    let reason = of.cancel_reason_id;
    let reason_described = reason.map(|id| call.describe(List::ProposalCancelReasons, id));
    Object::new()
        .with("processUniqueID", &of.id)
        .with("processNumber", of.number)
        .with("simulationUniqueID", &of.simulation_id)
        .with("simulationNumber", of.simulation_number)
        .with("processStatusID", status)
        .with(
            "processStatusDescription",
            call.describe(List::WorkflowStatesProcess, status),
        )
        .with("processStatusDate", of.status_at)
        .with("creationDate", of.created_at)
        .with("lastActionDate", of.last_action_at)
        .with("submissionDate", of.submitted_at)
        .with("expirationDate", lisbon::last_day(of.valid_until))
        .with("esisDate", of.fine_at)
        .with("cancelReasonID", reason)
        .with("cancelReasonDescription", reason_described)
}

/// A whole process.
pub(super) fn process(call: &Call, of: &Process) -> Value {
    let (language, calculation) = (call.language, &of.calculation);
    let branch = calculation.loan.branch.as_ref();
    let branch = branch.filter(|branch| Some(branch.id) == of.head.branch_id);
    let asked = &of.terms;
    let terms = Object::new()
        .with("productPurposeID", asked.product_purpose)
        .with("loanPurposeID", asked.loan_purpose)
        .with("productSchemeID", asked.product_scheme)
        .with("loanAmount", asked.amount)
        .with("loanDurationMonths", asked.term_months)
        .with("utilizationPeriodMonths", asked.utilisation_months)
        .with("indexTypeSubCategoryID", asked.rate_kind)
        .with("indexTypeID", asked.index_type)
        .with("hasCrossSelling", asked.cross_selling.unwrap_or(false));
    head(call, &of.head)
        .with("branchID", of.head.branch_id)
        .with(
            "branchDescription",
            branch.map(|branch| language.of(&branch.pt, &branch.en)),
        )
        .with("terms", terms)
        .with("loan", loan(language, calculation))
        .with(
            "borrowers",
            list(of.borrowers.iter().map(|one| borrower::shown(call, one))),
        )
        .with("property", property::shown(call, &of.property))
        .with("insurances", insurances(calculation))
        .with(
            "bankCharges",
            bank_charges(language, &calculation.bank_charges),
        )
        .with("taxes", taxes(calculation))
        .with("limits", limits(calculation))
        .with(
            "documents",
            list(of.papers.iter().map(|one| document::shown(call, one))),
        )
        .with(
            "informationRequests",
            list(of.requests.iter().map(|one| asked_for(call, one))),
        )
        .done()
}

/// What the bank asked for.
fn asked_for(call: &Call, of: &InformationRequest) -> Value {
    let kind = of.document_type;
    let state = match of.state {
        RequestState::Open => "open",
        RequestState::Answered => "answered",
        RequestState::Withdrawn => "withdrawn",
    };
    Object::new()
        .with("informationRequestUniqueID", &of.id)
        .with("borrowerUniqueID", of.borrower_id.as_ref())
        .with("documentTypeID", kind)
        .with(
            "documentTypeDescription",
            kind.map(|id| call.describe(List::DocumentTypes, id)),
        )
        .with("text", &of.text)
        .with("state", state)
        .with("creationDate", of.asked_at)
        .with("closingDate", of.closed_at)
        .done()
}

/// A process of a list: what was asked, without what it comes to.
pub(super) fn line(call: &Call, of: &Line) -> Value {
    let key = of.key_borrower.as_ref().map(|key| {
        Object::new()
            .with("borrowerUniqueID", &key.id)
            .with("name", key.facts.name.as_ref())
            .with("nif", key.facts.nif.as_ref())
    });
    head(call, &of.head)
        .with("branchID", of.head.branch_id)
        .with("loanAmount", of.terms.amount)
        .with("loanDurationMonths", of.terms.term_months)
        .with("indexTypeSubCategoryID", of.terms.rate_kind)
        .with("indexTypeID", of.terms.index_type)
        .with("hasCrossSelling", of.terms.cross_selling.unwrap_or(false))
        .with("keyBorrower", key)
        .done()
}
