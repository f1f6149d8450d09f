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

use crate::arcs::Arcs;
use crate::finding::{Code, Severity};
use crate::tree::Part;
use parties::Parties;

/// Reads the application of a deal; `None` when a part without which there is no loan is missing.
/// Errors are reported either way, all of them, so that a sender need not fix one at a time.
pub(crate) fn application(deal: Part<'_>) -> Option<Application> {
    let arcs = Arcs::read(deal);
    let subject = subject_loan(deal);
    let terms = subject.and_then(loan::terms);
    let property = property::subject(deal);
    let parties = Parties::find(deal);
    let borrowers = parties.borrowers(&arcs);
    let holdings = holdings::read(deal, &arcs, &parties);
    let (originator, origination_company) = parties.originators();
    let subject = subject?;
    let mut housing_expenses = closing::housing_expenses(subject, None);
    for (index, role) in parties.borrower_roles().enumerate() {
        housing_expenses.extend(closing::housing_expenses(role.at("BORROWER"), Some(index)));
    }
    let application = Application {
        property,
        joint_credit_pairs: parties.joint_credit_pairs(&arcs),
        assets: holdings.assets,
        owned_properties: holdings.owned_properties,
        liabilities: holdings.liabilities,
        expenses: holdings.expenses,
        related_loans: related::loans(deal, &arcs, &parties),
        housing_expenses,
        originator,
        origination_company,
        other_parties: parties.others(),
        purchase_credits: closing::purchase_credits(subject),
        fees: closing::fees(subject),
        closing: closing::figures(deal, subject),
        borrowers,
        loan: terms?,
    };
    checks::run(deal, subject, &parties, &application);
    (!application.borrowers.is_empty()).then_some(application)
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
