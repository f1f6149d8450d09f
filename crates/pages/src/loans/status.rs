//! Where a loan stands, where it may go from there, and what stands in the way.

use axum::extract::Path;
use lintel_app::condition::ConditionLine;
use lintel_app::loan::LoanCaller;
use lintel_app::loan::status::{self, StatusChange, StatusOutcome, StatusWords};
use lintel_domain::permission::Permission;
use lintel_domain::status::{Stage, Step};
use lintel_engine::date::Date;
use serde::Serialize;

use super::conditions::phase_label;
use super::facts::Fact;
use super::frame::{self, Frame, Part, Record, is_waiting};
use super::loan::statuses;
use crate::Answer;
use crate::fields::{Field, Mistakes};
use crate::flash::Flash;
use crate::posted::Posted;
use crate::show;
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct StatusPage {
    frame: Frame,
    statuses: Vec<Fact>,
    action: String,
    /// Whether whoever looks may change it.
    may_change: bool,
    /// Whether the loan is being worked on.
    is_open: bool,
    stages: Vec<StageView>,
    ends: Vec<End>,
    closing: Field,
    conditions_href: String,
}

/// A stage and the steps in it the loan may go to.
#[derive(Debug, Serialize)]
struct StageView {
    name: &'static str,
    is_current: bool,
    steps: Vec<StepView>,
    /// What keeps the loan from all of them or some of them.
    barriers: Vec<Barrier>,
}

/// A step the loan may go to, or could if nothing stood in the way.
#[derive(Debug, Serialize)]
struct StepView {
    name: &'static str,
    id: String,
    is_barred: bool,
}

/// A condition that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Barrier {
    title: String,
    phase: String,
    href: String,
}

/// A way to end the loan.
#[derive(Debug, Serialize)]
struct End {
    name: &'static str,
    label: &'static str,
    question: &'static str,
    is_barred: bool,
}

/// The label of the button that ends a loan, and what it asks first.
const fn ending(step: Step) -> Option<(&'static str, &'static str)> {
    match step {
        Step::Withdrawn => Some((
            "Withdraw",
            "Withdraw this loan? The borrower took the application back.",
        )),
        Step::Declined => Some(("Decline", "Decline this loan?")),
        Step::Cancelled => Some(("Cancel the loan", "Cancel this loan?")),
        Step::Archived => Some((
            "Archive",
            "Put this loan away? It leaves the pipeline of active loans.",
        )),
        Step::SignedUp
        | Step::StartedApplication
        | Step::CompletedApplication
        | Step::ChoseLoan
        | Step::SubmittedApplication
        | Step::RanAus
        | Step::Preapproved
        | Step::SubmittedToLos
        | Step::SentDisclosures
        | Step::SignedDisclosures
        | Step::InProcessing
        | Step::SubmittedToUnderwriting
        | Step::InUnderwriting
        | Step::Suspended
        | Step::ApprovedWithConditions
        | Step::ClearToClose
        | Step::ScheduledClosing
        | Step::SentClosingDocuments
        | Step::SignedClosingDocuments
        | Step::Funded => None,
    }
}

/// The conditions that keep a loan from a step. Coming back out of the archive needs none: the loan
/// was there before.
fn barriers(record: &Record, to: Step) -> Vec<Barrier> {
    if record.head.position().is_return(to) {
        return Vec::new();
    }
    let is_in_the_way = |c: &&ConditionLine| is_waiting(c.status) && to.waits_for(c.phase);
    let loan = record.head.line.public_id.as_str();
    let barrier = |c: &ConditionLine| Barrier {
        title: c.title.clone(),
        phase: phase_label(c.phase),
        href: format!("{}#c-{}", Part::Conditions.href(loan), c.public_id),
    };
    record
        .conditions
        .iter()
        .filter(is_in_the_way)
        .map(barrier)
        .collect()
}

fn stages(record: &Record, choices: &[Step]) -> Vec<StageView> {
    let now = &record.head.line.system_status;
    let view = |stage: &Stage| {
        let mut barred: Vec<Barrier> = Vec::new();
        let mut steps = Vec::new();
        for step in choices
            .iter()
            .filter(|s| s.stage() == *stage && ending(**s).is_none())
        {
            let found = barriers(record, *step);
            steps.push(StepView {
                name: step.as_str(),
                id: crate::fields::id_of(step.as_str()),
                is_barred: !found.is_empty(),
            });
            barred.extend(found);
        }
        barred.sort_by(|a, b| a.href.cmp(&b.href));
        barred.dedup();
        (!steps.is_empty()).then(|| StageView {
            name: stage.as_str(),
            is_current: now.main == stage.as_str(),
            steps,
            barriers: barred,
        })
    };
    Stage::ALL.iter().filter_map(view).collect()
}

fn ends(record: &Record, choices: &[Step]) -> Vec<End> {
    let end = |step: &Step| {
        let (label, question) = ending(*step)?;
        Some(End {
            name: step.as_str(),
            label,
            question,
            is_barred: !barriers(record, *step).is_empty(),
        })
    };
    choices.iter().filter_map(end).collect()
}

fn closing() -> Field {
    Field::date("closing", "Closing day")
        .hint("If it is known by now. Left empty, it stays as it is.")
}

async fn page(staff: &Staff, id: &str, closing: Field, mistakes: &Mistakes) -> Answer {
    let record = frame::record(staff, id).await?;
    let may_change = staff.may(Permission::ChangeStatus);
    let choices = if may_change {
        let caller = LoanCaller::Person(&staff.who);
        status::choices(staff.app(), &caller, &record.head.line.public_id).await?
    } else {
        Vec::new()
    };
    let page = StatusPage {
        statuses: statuses(&record.head),
        action: Part::Status.href(id),
        may_change,
        is_open: record.head.lifecycle.is_active(),
        stages: stages(&record, &choices),
        ends: ends(&record, &choices),
        closing,
        conditions_href: Part::Conditions.href(id),
        frame: Frame::of(staff, &record, Part::Status),
    };
    frame::page(staff, &page.frame)
        .mistakes(mistakes)
        .render(&page)
}

pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    page(&staff, &id, closing(), &Mistakes::default()).await
}

pub(super) async fn change(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let loan = frame::public_id(&id)?;
    let mut mistakes = Mistakes::default();
    let step = Step::read(form.raw("step"));
    if step.is_none() {
        mistakes.add("", "Choose where the loan goes.");
    }
    let day = form.text("closing").map(Date::parse_iso);
    let day = match day {
        Some(Ok(day)) => show::midnight(day),
        Some(Err(_)) => {
            mistakes.add("closing", "The closing day is not a day.");
            None
        }
        None => None,
    };
    if let (Some(step), true) = (step, mistakes.is_empty()) {
        let change = StatusChange {
            main: step.stage().as_str().to_owned(),
            sub: Some(step.as_str().to_owned()),
            lender: StatusWords::default(),
            borrower: StatusWords::default(),
            closing_at: day,
            crm_id: None,
        };
        let caller = LoanCaller::Person(&staff.who);
        let outcome = status::change(staff.app(), &caller, &loan, change).await?;
        match outcome {
            StatusOutcome::Changed(_) | StatusOutcome::Unchanged(_) => {
                return staff.go_with(&Part::Status.href(&id), Flash::StatusChanged);
            }
            StatusOutcome::Barred(barred) => {
                for text in barred.details() {
                    mistakes.add("", &text);
                }
            }
        }
    }
    let field = closing().with(&form).error(&mistakes);
    page(&staff, &id, field, &mistakes).await
}

impl Template for StatusPage {
    const FILE: &'static str = "loans/status.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let step = |id: &str, is_barred| StepView {
            name: "Clear to Close",
            id: id.to_owned(),
            is_barred,
        };
        let stage = |n: usize, is_current| StageView {
            name: "Underwriting",
            is_current,
            steps: vec![
                step(&format!("s{n}-a"), false),
                step(&format!("s{n}-b"), true),
            ],
            barriers: if is_current {
                Vec::new()
            } else {
                vec![Barrier {
                    title: text(),
                    phase: text(),
                    href: text(),
                }]
            },
        };
        let end = |is_barred| End {
            name: "Withdrawn",
            label: "Withdraw",
            question: "Withdraw?",
            is_barred,
        };
        let page = |is_full: bool, may_change| Self {
            frame: Frame::sample(Part::Status, is_full),
            statuses: vec![("Ours", text())],
            action: text(),
            may_change,
            is_open: is_full,
            stages: if is_full {
                vec![stage(1, true), stage(2, false)]
            } else {
                Vec::new()
            },
            ends: if is_full {
                vec![end(false), end(true)]
            } else {
                Vec::new()
            },
            closing: closing(),
            conditions_href: text(),
        };
        vec![page(true, true), page(false, true), page(false, false)]
    }
}
