//! A task and an alert as lists show them.

use lintel_desk::LoanRef;
use lintel_desk::alert::{AlertLine, Target};
use lintel_desk::task::TaskLine;
use lintel_domain::id::PublicId;
use lintel_domain::message::{Severity, TaskState};
use serde::Serialize;

use crate::loans::{self, done_by};
use crate::show::When;

/// Characters of a text that name it.
const SHORT_CHARS: usize = 60;

/// A task.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TaskView {
    id: String,
    /// Where the task's page is, unless this is it.
    href: Option<String>,
    description: String,
    /// Its beginning, for what buttons are called.
    short: String,
    about: String,
    loan_href: Option<String>,
    assignee: String,
    requested_by: Option<String>,
    code: Option<String>,
    is_done: bool,
    may_finish: bool,
    may_assign: bool,
    at: When,
    done_at: Option<When>,
}

/// An alert.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct AlertView {
    id: String,
    message: String,
    /// Its beginning, for what buttons are called.
    short: String,
    is_high: bool,
    about: String,
    loan_href: Option<String>,
    roles: String,
    code: Option<String>,
    may_put_away: bool,
    at: When,
}

/// The first words of a text, in one line.
fn short(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or_default();
    let mut letters = line.chars();
    let short: String = letters.by_ref().take(SHORT_CHARS).collect();
    if letters.next().is_some() {
        return format!("{short}…");
    }
    short
}

/// What something is about, in words, and where that is.
fn about(loan: Option<&LoanRef>, lead: Option<&PublicId>) -> (String, Option<String>) {
    match (loan, lead) {
        (Some(loan), _) => {
            let id = loan.id.as_str();
            let name = loan.borrower.as_deref().filter(|name| !name.is_empty());
            let about = name.map_or_else(|| format!("Loan {id}"), str::to_owned);
            (about, Some(loans::href(id)))
        }
        (None, Some(lead)) => (format!("Lead {lead}"), None),
        (None, None) => (String::new(), None),
    }
}

impl TaskView {
    /// A task in a list, which leads to its page.
    pub(crate) fn of(task: &TaskLine) -> Self {
        let (about, loan_href) = about(task.loan.as_ref(), task.lead.as_ref());
        let who = task.assignee.as_ref();
        Self {
            id: task.id.to_string(),
            href: Some(format!("{}/{}", super::TASKS, task.id)),
            short: short(&task.description),
            description: task.description.clone(),
            about,
            loan_href,
            assignee: match who {
                Some(_) if task.is_mine => "for you".to_owned(),
                Some(who) => format!("for {}", who.name),
                None => "for whoever takes it".to_owned(),
            },
            requested_by: task.requested_by.clone(),
            code: task.code.clone(),
            is_done: task.state == TaskState::Done,
            may_finish: task.may_finish,
            may_assign: task.may_edit,
            at: When::of(task.created_at),
            done_at: task.done_at.map(When::of),
        }
    }

    /// The task on its own page.
    pub(super) fn alone(task: &TaskLine) -> Self {
        Self {
            href: None,
            ..Self::of(task)
        }
    }

    /// Without what it is about: on the page of that very loan.
    pub(crate) fn on_loan(task: &TaskLine) -> Self {
        Self {
            about: String::new(),
            loan_href: None,
            ..Self::of(task)
        }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let at = || When::of(lintel_domain::id::Instant::from_seconds(0));
        let task = |is_full: bool| Self {
            id: format!("sample-{is_full}"),
            href: is_full.then(text),
            description: text(),
            short: text(),
            about: text(),
            loan_href: is_full.then(text),
            assignee: text(),
            requested_by: is_full.then(text),
            code: is_full.then(text),
            is_done: is_full,
            may_finish: true,
            may_assign: is_full,
            at: at(),
            done_at: is_full.then(at),
        };
        let mut bare = task(false);
        bare.id = "sample-bare".to_owned();
        bare.about.clear();
        bare.may_finish = false;
        vec![task(true), task(false), bare]
    }
}

impl AlertView {
    /// An alert in a list.
    pub(crate) fn of(alert: &AlertLine) -> Self {
        let (about, loan_href) = about(alert.loan.as_ref(), alert.lead.as_ref());
        Self {
            id: alert.id.to_string(),
            // Its HTML, if it had any, as text: an alert says something, it does not look like something.
            message: alert.text.clone(),
            short: short(&alert.text),
            is_high: alert.severity == Severity::High,
            about,
            loan_href,
            roles: match &alert.target {
                Target::Everybody => "everybody on the loan".to_owned(),
                Target::Roles(roles) => {
                    let titles: Vec<&str> = roles.iter().map(|role| role.title()).collect();
                    titles.join(", ")
                }
                Target::Person(name) => name.clone(),
            },
            code: alert.code.clone(),
            may_put_away: !alert.is_put_away,
            at: When::of(alert.created_at),
        }
    }

    /// Without what it is about: on the page of that very loan.
    pub(crate) fn on_loan(alert: &AlertLine) -> Self {
        Self {
            about: String::new(),
            loan_href: None,
            ..Self::of(alert)
        }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let alert = |is_full: bool| Self {
            id: format!("sample-{is_full}"),
            message: text(),
            short: text(),
            is_high: is_full,
            about: text(),
            loan_href: is_full.then(text),
            roles: if is_full { text() } else { String::new() },
            code: is_full.then(text),
            may_put_away: is_full,
            at: When::of(lintel_domain::id::Instant::from_seconds(0)),
        };
        vec![alert(true), alert(false)]
    }
}

/// Facts of a task that its line does not say.
pub(super) fn facts(task: &TaskLine) -> Vec<(&'static str, String)> {
    let mut facts = vec![("Made by", done_by(&task.created_by))];
    if let Some(by) = &task.done_by {
        facts.push(("Done by", done_by(by)));
    }
    if let Some(id) = &task.crm_id {
        facts.push(("Id in the CRM", id.clone()));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_named_by_its_beginning() {
        assert_eq!(short("\n  Call Ann \nToday"), "Call Ann");
        assert_eq!(short(""), "");
        let long = "é".repeat(SHORT_CHARS + 1);
        assert_eq!(short(&long).chars().count(), SHORT_CHARS + 1);
        assert!(short(&long).ends_with('…'));
    }
}
