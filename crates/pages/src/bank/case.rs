//! One process as a page: everything that is known of it, and every form that can be used on it.

mod forms;
#[cfg(test)]
mod sample;

use axum::extract::Path;
use lintel_domain::id::RowId;
use lintel_domain::lisbon;
use lintel_domain::permission::Permission;
use lintel_domain::process::{ProcessStatus, RequestState};
use lintel_domain::proposal::{DecisionState, DeclineReason};
use lintel_offer::Calculation;
use lintel_processes::desk::{self, Case, Decided, Decision};
use lintel_taxonomy::List;
use serde::Serialize;

use self::forms::{Forms, forms};
use super::views::{self, BorrowerView, Fact, LimitView};
use super::{case_path, row_id};
use crate::Answer;
use crate::fields::Mistakes;
use crate::layout::Section;
use crate::posted::Posted;
use crate::show::{self, When};
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct CasePage {
    path: String,
    number: i64,
    status: (&'static str, &'static str),
    intermediary: String,
    analyst: String,
    submitted: Option<When>,
    loan: Vec<Fact>,
    limits: Vec<LimitView>,
    borrowers: Vec<BorrowerView>,
    property: Vec<Fact>,
    papers: Vec<PaperView>,
    requests: Vec<RequestView>,
    messages: Vec<MessageView>,
    history: Vec<StepView>,
    proposals: Vec<ProposalView>,
    decisions: Vec<DecisionView>,
    waiting: Option<DecisionView>,
    forms: Forms,
}

#[derive(Debug, Serialize)]
struct PaperView {
    href: String,
    title: String,
    kind: String,
    about: String,
    at: When,
}

#[derive(Debug, Serialize)]
struct RequestView {
    what: String,
    text: String,
    state: (&'static str, &'static str),
    at: When,
    withdraw: Option<String>,
}

#[derive(Debug, Serialize)]
struct MessageView {
    subject: String,
    text: String,
    by: String,
    at: When,
}

#[derive(Debug, Serialize)]
struct StepView {
    to: String,
    by: String,
    reason: String,
    at: When,
}

#[derive(Debug, Serialize)]
struct ProposalView {
    number: i64,
    status: (&'static str, &'static str),
    issued: When,
    last_day: String,
    fine: String,
    letter: String,
}

#[derive(Debug, Serialize)]
struct DecisionView {
    what: String,
    facts: Vec<Fact>,
    conditions: Vec<String>,
    state: (&'static str, &'static str),
    by: String,
    closed: String,
    at: When,
    /// Where a second person confirms it; nobody who is looking at one's own.
    confirm: Option<String>,
    send_back: Option<String>,
    is_own: bool,
}

pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let id = row_id(&id)?;
    let case = desk::look(staff.app(), &staff.who, &id).await?;
    if staff.may(Permission::WorkProcesses) {
        desk::read(staff.app(), &staff.who, &id).await?;
    }
    let page = page_of(&staff, &case, None);
    render(&staff, &page, &Mistakes::default())
}

/// The page again, with what was sent and what is wrong with it, or with what the terms come to.
pub(super) async fn again(
    staff: &Staff,
    id: &RowId,
    form: &Posted,
    (mistakes, ahead): (&Mistakes, Option<&Calculation>),
) -> Answer {
    let case = desk::look(staff.app(), &staff.who, id).await?;
    let mut page = page_of(staff, &case, Some((form, mistakes)));
    if let Some(ahead) = ahead {
        page.forms.is_approving = true;
        page.forms.ahead = views::loan(ahead);
        page.forms.ahead_limits = views::limits(ahead);
    }
    render(staff, &page, mistakes)
}

fn render(staff: &Staff, page: &CasePage, mistakes: &Mistakes) -> Answer {
    staff
        .page(&format!("Process {}", page.number))
        .section(Section::Processes)
        .mistakes(mistakes)
        .render(page)
}

fn page_of(staff: &Staff, case: &Case, sent: Option<(&Posted, &Mistakes)>) -> CasePage {
    let (process, head) = (&case.process, &case.process.head);
    let path = case_path(&head.id);
    let works = staff.may(Permission::WorkProcesses);
    let waiting = case.waiting();
    let waiting = waiting.map(|(one, by)| decision(staff, (case, &path), (one, by, None)));
    let closed = case.decisions.iter();
    let closed = closed.filter(|(one, ..)| one.state != DecisionState::Open);
    CasePage {
        number: head.number,
        status: views::status_name(head.status),
        intermediary: case.intermediary.clone(),
        analyst: case.analyst.clone().unwrap_or_default(),
        submitted: head.submitted_at.map(When::of),
        loan: views::loan(&process.calculation),
        limits: views::limits(&process.calculation),
        borrowers: process.borrowers.iter().map(views::borrower).collect(),
        property: views::property(case),
        papers: papers(case, &path),
        requests: requests(case, &path, works),
        messages: messages(case),
        history: history(case),
        proposals: proposals(case),
        decisions: closed
            .map(|(one, by, closed)| decision(staff, (case, &path), (one, by, closed.as_deref())))
            .collect(),
        forms: forms(staff, case, (waiting.is_some(), sent)),
        waiting,
        path,
    }
}

fn name_of(case: &Case, id: &RowId) -> String {
    let mut all = case.process.borrowers.iter();
    let found = all.find(|borrower| borrower.id == *id);
    found
        .and_then(|one| one.facts.name.clone())
        .unwrap_or_default()
}

fn papers(case: &Case, path: &str) -> Vec<PaperView> {
    let view = |paper: &lintel_processes::Paper| PaperView {
        href: format!("{path}/documents/{}", paper.id),
        title: paper.names.title.clone(),
        kind: views::named(List::DocumentTypes, paper.type_id),
        about: paper
            .borrower_id
            .as_ref()
            .map(|id| name_of(case, id))
            .unwrap_or_default(),
        at: When::of(paper.created_at),
    };
    case.process.papers.iter().map(view).collect()
}

fn requests(case: &Case, path: &str, works: bool) -> Vec<RequestView> {
    let view = |one: &lintel_processes::InformationRequest| {
        let kind = one
            .document_type
            .map(|id| views::named(List::DocumentTypes, id));
        let about = one.borrower_id.as_ref().map(|id| name_of(case, id));
        let kind = kind.unwrap_or_else(|| "Information".to_owned());
        let may = works && one.state == RequestState::Open;
        RequestView {
            what: match about {
                Some(name) => format!("{kind}, about {name}"),
                None => kind,
            },
            text: one.text.clone(),
            state: views::request_state(one.state),
            at: When::of(one.asked_at),
            withdraw: may.then(|| format!("{path}/requests/{}/withdraw", one.id)),
        }
    };
    case.process.requests.iter().rev().map(view).collect()
}

fn messages(case: &Case) -> Vec<MessageView> {
    let bank = |from_bank| {
        if from_bank {
            "the bank"
        } else {
            "the intermediary"
        }
    };
    let view = case.messages.iter().map(|one| MessageView {
        subject: one.words.subject.clone(),
        text: one.words.text.clone(),
        by: format!("{}, {}", one.author_name, bank(one.from_bank)),
        at: When::of(one.created_at),
    });
    view.collect()
}

fn history(case: &Case) -> Vec<StepView> {
    let steps = case.history.iter().rev();
    let view = steps.map(|step| {
        let to = ProcessStatus::parse(&step.to).map(views::status_name);
        let decline = step.reason.as_deref().and_then(DeclineReason::parse);
        StepView {
            to: to.map_or_else(|| step.to.clone(), |(name, _)| name.to_owned()),
            by: step.actor_name.clone(),
            reason: match (decline, &step.reason) {
                (Some(reason), _) => reason.describe().to_owned(),
                (None, Some(reason)) => reason.replace('_', " "),
                (None, None) => String::new(),
            },
            at: When::of(step.at),
        }
    });
    view.collect()
}

fn proposals(case: &Case) -> Vec<ProposalView> {
    let all = case.proposals.iter();
    let view = all.map(|one| ProposalView {
        number: one.number,
        status: views::proposal_status(one.status),
        issued: When::of(one.issued_at),
        last_day: show::long_date(lisbon::last_day(one.valid_until)),
        fine: format!("/bank/proposals/{}/fine", one.id),
        letter: format!("/bank/proposals/{}/letter", one.id),
    });
    view.collect()
}

fn decision(
    staff: &Staff,
    (case, path): (&Case, &str),
    (of, by, closed): (&Decision, &str, Option<&str>),
) -> DecisionView {
    let (what, facts, conditions) = match &of.decided {
        Decided::Approve {
            calculation,
            conditions,
            valid_days,
            ..
        } => {
            let mut facts = views::loan(calculation);
            facts.push(("Stands for", format!("{valid_days} days")));
            ("Approval".to_owned(), facts, conditions.clone())
        }
        Decided::Decline { reason } => {
            let facts = vec![("Reason", reason.describe().to_owned())];
            ("Decline".to_owned(), facts, Vec::new())
        }
    };
    let is_own = of.prepared_by == staff.who.person.id;
    let is_open = of.state == DecisionState::Open;
    let may = is_open && staff.may(Permission::DecideProcesses);
    let may = may && !case.process.head.status.is_final();
    let address = |verb: &str| format!("{path}/decisions/{}/{verb}", of.id);
    DecisionView {
        what,
        facts,
        conditions,
        state: views::decision_state(of.state),
        by: by.to_owned(),
        closed: closed.unwrap_or_default().to_owned(),
        at: When::of(of.prepared_at),
        confirm: (may && !is_own).then(|| address("confirm")),
        send_back: may.then(|| address("return")),
        is_own,
    }
}

impl Template for CasePage {
    const FILE: &'static str = "bank/case.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![sample::full(), sample::bare()]
    }
}
