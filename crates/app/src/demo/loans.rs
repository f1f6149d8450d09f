//! Loans of the demo, for a demo that is looked at rather than called: one that was just applied for,
//! one in processing, one that waits for its conditions.

use lintel_domain::condition::{ConditionDraft, ConditionEdit, ConditionPhase, ConditionStatus};
use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;
use lintel_domain::status::Step;
use lintel_macros::boxed;

use super::ACTOR;
use crate::auth::Principal;
use crate::condition;
use crate::context::App;
use crate::error::AppError;
use crate::loan::{LoanCaller, NewLoan, create};

/// Where names and figures go; a test keeps that nothing of it is left.
const TEMPLATE: &str = include_str!("loans/loan.xml");

/// A loan of the demo.
struct DemoLoan {
    number: &'static str,
    step: Step,
    /// Replacements of the template.
    texts: [(&'static str, &'static str); 10],
    conditions: &'static [DemoCondition],
}

/// A condition of one.
struct DemoCondition {
    title: &'static str,
    phase: ConditionPhase,
    responsible: &'static str,
    is_met: bool,
}

const fn asked(title: &'static str, phase: ConditionPhase) -> DemoCondition {
    DemoCondition {
        title,
        phase,
        responsible: "borrower",
        is_met: false,
    }
}

const LOANS: [DemoLoan; 3] = [
    DemoLoan {
        number: "DEMO-1001",
        step: Step::CompletedApplication,
        texts: [
            ("{first}", "Ada"),
            ("{last}", "Ashdown"),
            ("{email}", "ada.ashdown@example.com"),
            ("{street}", "1 Demo Lane"),
            ("{city}", "Sacramento"),
            ("{zip}", "95814"),
            ("{state}", "CA"),
            ("{price}", "412500.00"),
            ("{amount}", "330000.00"),
            ("{income}", "9200.00"),
        ],
        conditions: &[],
    },
    DemoLoan {
        number: "DEMO-1002",
        step: Step::InProcessing,
        texts: [
            ("{first}", "Ben"),
            ("{last}", "Birch"),
            ("{email}", "ben.birch@example.com"),
            ("{street}", "2 Demo Lane"),
            ("{city}", "Austin"),
            ("{zip}", "78701"),
            ("{state}", "TX"),
            ("{price}", "365000.00"),
            ("{amount}", "292000.00"),
            ("{income}", "8100.00"),
        ],
        conditions: &[
            asked(
                "Two months of bank statements",
                ConditionPhase::PriorToApproval,
            ),
            DemoCondition {
                responsible: "third party",
                ..asked("Title commitment", ConditionPhase::PriorToDocs)
            },
        ],
    },
    DemoLoan {
        number: "DEMO-1003",
        step: Step::ApprovedWithConditions,
        texts: [
            ("{first}", "Cleo"),
            ("{last}", "Cedar"),
            ("{email}", "cleo.cedar@example.com"),
            ("{street}", "3 Demo Lane"),
            ("{city}", "Seattle"),
            ("{zip}", "98101"),
            ("{state}", "WA"),
            ("{price}", "540000.00"),
            ("{amount}", "432000.00"),
            ("{income}", "12750.00"),
        ],
        conditions: &[
            DemoCondition {
                is_met: true,
                ..asked(
                    "Pay slips of the last thirty days",
                    ConditionPhase::PriorToApproval,
                )
            },
            asked(
                "Letter about the large deposit in May",
                ConditionPhase::PriorToDocs,
            ),
            DemoCondition {
                responsible: "lender",
                ..asked(
                    "Verbal verification of employment",
                    ConditionPhase::PriorToFunding,
                )
            },
        ],
    },
];

/// Gives the demo lender its loans; how many of them are new. Those that are there stay as they are.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_loans(app: &App, lender: &Organisation) -> Result<usize, AppError> {
    let who = Principal {
        org: lender.clone(),
        api_id: ACTOR.to_owned(),
    };
    let mut added = 0;
    for loan in &LOANS {
        let mut document = TEMPLATE.to_owned();
        for (place, text) in loan.texts {
            document = document.replace(place, text);
        }
        let new = NewLoan {
            los_loan_id: loan.number.to_owned(),
            document: document.into_bytes(),
            // Nobody reads mail at example.com.
            invite_borrowers: false,
            status: Some(loan.step.status()),
            officer_email: None,
            crm_id: None,
        };
        let created = match create(app, &who, new).await {
            Ok(created) => created,
            // Somebody works with it.
            Err(AppError::Refused(_)) => continue,
            Err(error) => return Err(error),
        };
        if created.outcome != crate::loan::Arrival::Created {
            continue;
        }
        added += 1;
        for demo in loan.conditions {
            put(app, &LoanCaller::Program(&who), &created.public_id, demo).await?;
        }
    }
    Ok(added)
}

async fn put(
    app: &App,
    caller: &LoanCaller<'_>,
    loan: &PublicId,
    demo: &DemoCondition,
) -> Result<(), AppError> {
    let draft = ConditionDraft {
        title: Some(demo.title.to_owned()),
        phase: Some(demo.phase.as_str().to_owned()),
        responsible: Some(demo.responsible.to_owned()),
        caller_key: Some(demo.title.to_owned()),
        ..ConditionDraft::default()
    };
    let made = condition::create(app, caller, loan, draft).await?;
    if demo.is_met {
        let edit = ConditionEdit {
            status: Some(ConditionStatus::Satisfied.as_str().to_owned()),
            ..ConditionEdit::default()
        };
        condition::update(app, caller, &made.line.public_id, edit).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_the_template_is_filled() {
        for loan in &LOANS {
            let mut document = TEMPLATE.to_owned();
            for (place, text) in loan.texts {
                assert!(document.contains(place), "{place}");
                document = document.replace(place, text);
            }
            assert!(!document.contains(['{', '}']), "{}", loan.number);
        }
    }
}
