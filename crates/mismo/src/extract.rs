//! From the tree of a deal to the domain's application, part by part.

mod arm;
mod borrower;
mod checks;
mod closing;
mod declarations;
mod demographics;
mod employment;
mod holdings;
mod loan;
mod names;
mod parties;
mod property;
mod related;

use lintel_domain::application::Application;
use lintel_domain::application::employment::EmploymentRef;

use crate::arcs::{Arc, Arcs, Relation};
use crate::carried::Anchor;
use crate::finding::{Code, Severity};
use crate::tree::{Part, Tree};
use parties::Parties;

/// Reads the application of a deal; `None` when a part without which there is no loan is missing.
/// Errors are reported either way, all of them, so that a sender need not fix one at a time.
pub(crate) fn application<'t>(deal: Part<'t>, arcs: &Arcs<'t>) -> Option<Application> {
    let subject = subject_loan(deal);
    let terms = subject.and_then(loan::terms);
    let property = property::subject(deal);
    let parties = Parties::find(deal);
    let borrowers = parties.borrowers(arcs);
    let holdings = holdings::read(deal, arcs, &parties);
    let (originator, origination_company) = parties.originators();
    let subject = subject?;
    subject.anchor(Anchor::SubjectLoan);
    let mut housing_expenses = Vec::new();
    closing::housing_expenses(subject, None, &mut housing_expenses);
    for (index, role) in parties.borrower_roles().enumerate() {
        closing::housing_expenses(role.at("BORROWER"), Some(index), &mut housing_expenses);
    }
    let application = Application {
        property,
        joint_credit_pairs: parties.joint_credit_pairs(arcs),
        assets: holdings.assets,
        owned_properties: holdings.owned_properties,
        liabilities: holdings.liabilities,
        expenses: holdings.expenses,
        related_loans: related::loans(deal, arcs, &parties),
        housing_expenses,
        originator,
        origination_company,
        other_parties: parties.others(),
        purchase_credits: closing::purchase_credits(subject),
        fees: closing::fees(subject),
        closing: closing::figures(deal, subject),
        verifications: related::verifications(subject, arcs, &parties),
        borrowers,
        loan: terms?,
    };
    checks::run(deal, subject, &parties, &application);
    (!application.borrowers.is_empty()).then_some(application)
}

/// Whether an arc is part of the application, so that an export writes it without being told.
pub(crate) fn is_used(tree: &Tree<'_>, application: &Application, arc: &Relation<'_>) -> bool {
    use Anchor as A;
    let from = tree.marks().anchor(arc.from);
    let to = tree.marks().anchor(arc.to);
    let is_borrower = |end| matches!(end, Some(A::Borrower(_) | A::BorrowerRole(_)));
    match (arc.arc, from, to) {
        (Some(Arc::AssetOwner), Some(A::Asset(_) | A::OwnedProperty(_)), to)
        | (Some(Arc::LiabilityOwner), Some(A::Liability(_)), to)
        | (Some(Arc::ExpenseOwner), Some(A::Expense(_)), to) => is_borrower(to),
        (Some(Arc::PropertyDebt), Some(A::OwnedProperty(_)), Some(A::Liability(_))) => true,
        (Some(Arc::JointCredit), from, to) => is_borrower(from) && is_borrower(to),
        (
            Some(Arc::IncomeEmployer),
            Some(A::Income(who, income)),
            Some(A::Employment(borrower, employment)),
        ) => {
            let incomes = application.borrowers.get(who).map(|who| &who.incomes);
            let link = incomes.and_then(|incomes| incomes.get(income)?.employment);
            link == Some(EmploymentRef {
                borrower,
                employment,
            })
        }
        (
            Some(Arc::LoanPayee),
            Some(A::RelatedLoan(loan)),
            Some(A::OtherParty(party) | A::OtherRole(party)),
        ) => {
            let loan = application.related_loans.get(loan);
            loan.is_some_and(|loan| loan.payee_party == Some(party))
        }
        (
            Some(Arc::CounselingAgency),
            Some(A::Counseling(who, event)),
            Some(A::OtherParty(party) | A::OtherRole(party)),
        ) => {
            let events = application.borrowers.get(who).map(|who| &who.counseling);
            let agency = events.and_then(|events| events.get(event)?.agency_party);
            agency == Some(party)
        }
        _ => false,
    }
}

/// The one loan with the role of the subject loan. Not simply the first: related loans may precede.
fn subject_loan(deal: Part<'_>) -> Option<Part<'_>> {
    let loans = deal.every("LOANS/LOAN");
    let subjects: Vec<Part<'_>> = loans
        .filter(|loan| loan.attribute("LoanRoleType") == Some("SubjectLoan"))
        .collect();
    match subjects.as_slice() {
        [subject] => Some(*subject),
        [] => {
            let message = "No LOANS/LOAN has the LoanRoleType SubjectLoan.";
            deal.report(Code::SubjectLoanMissing, Severity::Error, message);
            if deal.at("SERVICES/SERVICE").exists() {
                let message = "There are service requests and no subject loan: this looks like an \
                               order of a credit report, an appraisal or a title report.";
                deal.report(Code::WrongDocumentKind, Severity::Error, message);
            }
            None
        }
        [_, second, ..] => {
            let message = format!(
                "{} loans are subject loans; one is allowed.",
                subjects.len()
            );
            second.report(Code::SubjectLoanMultiple, Severity::Error, message);
            None
        }
    }
}
