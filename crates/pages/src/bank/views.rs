//! Facts of a process as the page shows them.

use lintel_domain::process::{ProcessStatus, RequestState};
use lintel_domain::proposal::{DecisionState, ProposalStatus};
use lintel_domain::simulation::RateKind;
use lintel_engine::Cents;
use lintel_offer::{Calculation, LimitKind, LimitOutcome, LimitValue};
use lintel_processes::Borrower;
use lintel_processes::desk::Case;
use lintel_taxonomy::{List, entry};
use serde::Serialize;

use super::euro;
use crate::show;

/// A name and a value.
pub(super) type Fact = (&'static str, String);

/// A state and how its badge looks.
pub(super) const fn status_name(status: ProcessStatus) -> (&'static str, &'static str) {
    match status {
        ProcessStatus::InCreation => ("In creation", ""),
        ProcessStatus::Submitted => ("Submitted", "info"),
        ProcessStatus::InAnalysis => ("In analysis", "info"),
        ProcessStatus::PendingInformation => ("Pending information", "warn"),
        ProcessStatus::Approved => ("Approved", "good"),
        ProcessStatus::Declined => ("Declined", "bad"),
        ProcessStatus::Contracted => ("Contracted", "good"),
        ProcessStatus::Cancelled => ("Cancelled", ""),
    }
}

pub(super) const fn proposal_status(status: ProposalStatus) -> (&'static str, &'static str) {
    match status {
        ProposalStatus::Issued => ("Open", "info"),
        ProposalStatus::Accepted => ("Accepted", "good"),
        ProposalStatus::Cancelled => ("Cancelled", ""),
        ProposalStatus::Expired => ("Expired", "warn"),
        ProposalStatus::Superseded => ("Superseded", ""),
    }
}

pub(super) const fn request_state(state: RequestState) -> (&'static str, &'static str) {
    match state {
        RequestState::Open => ("Open", "warn"),
        RequestState::Answered => ("Answered", "good"),
        RequestState::Withdrawn => ("Withdrawn", ""),
    }
}

pub(super) const fn decision_state(state: DecisionState) -> (&'static str, &'static str) {
    match state {
        DecisionState::Open => ("Waits for a second person", "warn"),
        DecisionState::Confirmed => ("Confirmed", "good"),
        DecisionState::Returned => ("Sent back", ""),
    }
}

/// The English text of a value of a list; its number when it is none any more.
pub(super) fn named(list: List, id: u32) -> String {
    entry(list, id).map_or_else(|| format!("No. {id}"), |entry| entry.en.to_owned())
}

/// Facts that are there.
#[derive(Default)]
struct Facts(Vec<Fact>);

impl Facts {
    fn text(mut self, label: &'static str, value: Option<impl Into<String>>) -> Self {
        self.0.extend(value.map(|value| (label, value.into())));
        self
    }

    fn of(self, label: &'static str, list: List, id: Option<u32>) -> Self {
        self.text(label, id.map(|id| named(list, id)))
    }

    fn amount(self, label: &'static str, amount: Option<Cents>) -> Self {
        self.text(label, amount.map(euro))
    }
}

/// What the loan comes to.
pub(super) fn loan(of: &Calculation) -> Vec<Fact> {
    let (loan, variant) = (&of.loan, of.chosen());
    let kind = match loan.rate_kind {
        RateKind::Fixed => "Fixed",
        RateKind::Variable => "Variable",
        RateKind::Mixed => "Mixed",
    };
    let index = of.index.as_ref();
    Facts::default()
        .amount("Amount", Some(loan.amount))
        .text("Term", Some(format!("{} months", loan.term_months)))
        .text(
            "Utilisation",
            Some(format!("{} months", loan.utilisation_months)),
        )
        .text("Rate", Some(format!("{kind}, {}", loan.index_type.en)))
        .text(
            "Index",
            index.map(|i| format!("{} {}", i.name(), show::percent(i.average))),
        )
        .text("Spread", variant.spread.map(show::percent))
        .text("Nominal rate (TAN)", Some(show::percent(variant.tan)))
        .text(
            "Effective rate (TAEG)",
            Some(show::percent(variant.taeg_shown())),
        )
        .amount("Instalment", Some(variant.instalments.first))
        .amount("Total payable (MTIC)", Some(variant.totals.mtic))
        .text(
            "Products sold together",
            Some(if variant.cross_selling { "Yes" } else { "No" }),
        )
        .text("Scheme", Some(loan.scheme.en.clone()))
        .text("Purpose", Some(loan.loan_purpose.en.clone()))
        .text("Use", Some(loan.product_purpose.en.clone()))
        .text("Offer", Some(of.edition.clone()))
        .0
}

/// A limit and how the loan stands to it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct LimitView {
    pub name: &'static str,
    pub value: String,
    pub limit: String,
    pub outcome: &'static str,
    pub tone: &'static str,
}

pub(super) fn limits(of: &Calculation) -> Vec<LimitView> {
    let text = |value| match value {
        LimitValue::Percent(percent) => {
            let text = percent.to_fixed(2);
            format!("{text}%")
        }
        LimitValue::Months(months) => format!("{months} months"),
    };
    let checks = of.limits.checks.iter();
    let view = checks.map(|check| {
        let (outcome, tone) = match check.outcome {
            LimitOutcome::Within => ("Within", "good"),
            LimitOutcome::WithinGuarantee => ("Within, with the State's guarantee", "good"),
            LimitOutcome::Exceeded => ("Exceeded", "bad"),
        };
        LimitView {
            name: match check.kind {
                LimitKind::LoanToValue => "Loan to value",
                LimitKind::DebtService => "Debt service to income",
                LimitKind::Maturity => "Maturity",
            },
            value: text(check.value),
            limit: text(check.limit),
            outcome,
            tone,
        }
    });
    view.collect()
}

/// A borrower.
#[derive(Debug, Clone, Serialize)]
pub(super) struct BorrowerView {
    pub name: String,
    pub is_key: bool,
    pub facts: Vec<Fact>,
}

pub(super) fn borrower(of: &Borrower) -> BorrowerView {
    let facts = &of.facts;
    let address = [
        facts.residence_address.clone(),
        facts.residence_zip_code.clone(),
        facts.residence_county.map(|id| named(List::Counties, id)),
    ];
    let address: Vec<String> = address.into_iter().flatten().collect();
    let address = (!address.is_empty()).then(|| address.join(", "));
    let situation = List::EmploymentSituations;
    let dependents = facts.dependents.map(|n| n.to_string());
    let since = facts.employed_since.map(show::long_date);
    BorrowerView {
        name: facts.name.clone().unwrap_or_default(),
        is_key: of.is_key,
        facts: Facts::default()
            .text("NIF", facts.nif.clone())
            .text("Born", facts.birth_date.map(show::long_date))
            .text("Mail", facts.email.clone())
            .text("Phone", facts.phone.clone())
            .of(
                "Marital status",
                List::MaritalStatuses,
                facts.marital_status,
            )
            .text("Dependants", dependents)
            .of("Work", situation, facts.employment_situation)
            .of("Profession", List::Professions, facts.profession)
            .text("Employer", facts.employer.clone())
            .text("Employed since", since)
            .amount("Net income a month", facts.monthly_net_income)
            .amount("Other income a month", facts.other_income)
            .amount("Other instalments a month", facts.other_instalments)
            .text("Address", address)
            .0,
    }
}

pub(super) fn property(of: &Case) -> Vec<Fact> {
    let facts = &of.process.property.facts;
    Facts::default()
        .of("Typology", List::PropertyTypologies, facts.typology)
        .amount("Price", facts.acquisition_amount)
        .amount("Estimated value", facts.estimated_value)
        .text("Address", facts.address.clone())
        .of("County", List::Counties, facts.county)
        .of("District", List::Districts, facts.district)
        .text("Built", facts.year_built.map(|year| year.to_string()))
        .0
}
