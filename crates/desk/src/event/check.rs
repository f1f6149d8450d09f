//! From what was sent to what is to be done: everything that can be seen without asking the database.

mod email;

pub(super) use email::Email;

use lintel_app::message::{SMS_MAX_CHARS, sms_number};
use lintel_domain::contact;
use lintel_domain::entry::Entry;
use lintel_domain::message::Severity;
use lintel_domain::role::Role;

use super::draft::{
    ActionDraft, AlertDraft, AlertFor, SmsDraft, SmsFor, TaskDraft, TaskFor, ToldRole, WorkDraft,
};
use super::part::{AlertPart, Mistake, Part, SmsPart, TaskPart, Wrong};
use crate::task::DESCRIPTION_MAX_CHARS;

/// Longest id and code of a customer system, in characters.
const ID_MAX_CHARS: usize = 200;
/// Longest message of an alert, HTML and all, in bytes.
const ALERT_MAX_LEN: usize = 20_000;

/// A part that can be used, or what is wrong with which.
type Found<T> = Result<T, (Part, Wrong)>;

/// Something to do, all of it readable.
#[derive(Debug, Clone)]
pub(super) struct Action {
    /// The loan or lead it is about.
    pub about: Option<String>,
    /// What it is.
    pub work: Work,
}

/// What there is to do.
#[derive(Debug, Clone)]
pub(super) enum Work {
    Task(Task),
    Alert(Alert),
    Email(Box<Email>),
    Sms(Sms),
}

/// A task to be set.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub crm_id: Option<String>,
    pub code: Option<String>,
    /// None: the organisation.
    pub assignee: Option<String>,
    pub requested_by: Option<String>,
    pub description: String,
}

/// An alert to be raised.
#[derive(Debug, Clone)]
pub(super) struct Alert {
    pub crm_id: Option<String>,
    pub code: Option<String>,
    pub told: Told,
    pub message: String,
    pub severity: Severity,
}

/// Whom an alert is for.
#[derive(Debug, Clone)]
pub(super) enum Told {
    Everybody,
    Roles(Vec<Role>),
    Person(String),
}

/// A text message to be sent.
#[derive(Debug, Clone)]
pub(super) struct Sms {
    pub crm_id: Option<String>,
    pub code: Option<String>,
    /// The member of staff it is to.
    pub user: Option<String>,
    pub number: String,
    pub body: String,
}

/// The event's id.
pub(super) fn event_id(id: Entry<String>) -> Result<String, Mistake> {
    let id = needed(id, Part::EventId).and_then(|text| line(&text, ID_MAX_CHARS, Part::EventId));
    id.map_err(|(part, wrong)| Mistake {
        action: None,
        part,
        wrong,
    })
}

/// Everything an event wants done.
pub(super) fn actions(actions: Entry<Vec<ActionDraft>>) -> Result<Vec<Action>, Mistake> {
    let of_list = |wrong| Mistake {
        action: None,
        part: Part::Actions,
        wrong,
    };
    let drafts = needed(actions, Part::Actions).map_err(|(_, wrong)| of_list(wrong))?;
    if drafts.is_empty() {
        return Err(of_list(Wrong::Missing));
    }
    if drafts.len() > super::ACTIONS_MAX {
        return Err(of_list(Wrong::Malformed));
    }
    let checked = drafts.into_iter().enumerate().map(|(place, draft)| {
        action(draft).map_err(|(part, wrong)| Mistake {
            action: Some(place),
            part,
            wrong,
        })
    });
    checked.collect()
}

fn action(draft: ActionDraft) -> Found<Action> {
    let work = needed(draft.work, Part::Kind)?;
    let about = given_line(draft.about, Part::Subject)?;
    if about.is_none() && is_about_something(&work) {
        return Err((Part::Subject, Wrong::Missing));
    }
    needed(draft.details, Part::Details)?;
    let work = match work {
        WorkDraft::Task(draft) => Work::Task(task(draft)?),
        WorkDraft::Alert(draft) => Work::Alert(alert(draft)?),
        WorkDraft::ArchiveEmail(draft) => Work::Email(Box::new(email::archived(draft)?)),
        WorkDraft::SendEmail(draft) => Work::Email(Box::new(email::to_send(draft)?)),
        WorkDraft::SendSms(draft) => Work::Sms(sms(draft)?),
    };
    Ok(Action { about, work })
}

/// Whether there must be a loan or a lead. What is for one person of the staff can do without, and so
/// can mail to be sent: its addresses are all it needs.
fn is_about_something(work: &WorkDraft) -> bool {
    match work {
        WorkDraft::Task(_) | WorkDraft::ArchiveEmail(_) => true,
        WorkDraft::Alert(alert) => alert.target != Entry::Given(AlertFor::Person),
        WorkDraft::SendSms(sms) => sms.target != Entry::Given(SmsFor::Person),
        WorkDraft::SendEmail(_) => false,
    }
}

fn task(draft: TaskDraft) -> Found<Task> {
    let part = Part::Task;
    let crm_id = given_line(draft.crm_id, part(TaskPart::CrmId))?;
    let code = given_line(draft.code, part(TaskPart::Code))?;
    let target = needed(draft.target, part(TaskPart::Target))?;
    let assignee = given_line(draft.assignee, part(TaskPart::Assignee))?;
    let assignee = match target {
        TaskFor::Organisation => None,
        TaskFor::Person => Some(required(assignee, part(TaskPart::Assignee))?),
    };
    let requested_by = given_line(draft.requested_by, part(TaskPart::RequestedBy))?;
    let at = part(TaskPart::Description);
    let description = needed(draft.description, at)?;
    Ok(Task {
        crm_id,
        code,
        assignee,
        requested_by,
        description: usable(contact::prose(&description, DESCRIPTION_MAX_CHARS), at)?,
    })
}

fn alert(draft: AlertDraft) -> Found<Alert> {
    let part = Part::Alert;
    let crm_id = given_line(draft.crm_id, part(AlertPart::CrmId))?;
    let code = given_line(draft.code, part(AlertPart::Code))?;
    let target = needed(draft.target, part(AlertPart::Target))?;
    let roles = wanted(draft.roles, part(AlertPart::Roles))?;
    let user = given_line(draft.user, part(AlertPart::User))?;
    let told = match target {
        AlertFor::Loan => told(required(roles, part(AlertPart::Roles))?)?,
        AlertFor::Person => Told::Person(required(user, part(AlertPart::User))?),
    };
    let at = part(AlertPart::Message);
    let message = needed(draft.message, at)?;
    let severity = wanted(draft.severity, part(AlertPart::Severity))?;
    Ok(Alert {
        crm_id,
        code,
        told,
        message: usable(markup(message, ALERT_MAX_LEN), at)?,
        severity: severity.unwrap_or(Severity::Low),
    })
}

fn told(roles: Vec<Option<ToldRole>>) -> Found<Told> {
    if roles.is_empty() {
        return Err((Part::Alert(AlertPart::Roles), Wrong::Missing));
    }
    let mut is_everybody = false;
    let mut named = Vec::new();
    for (place, role) in roles.into_iter().enumerate() {
        match usable(role, Part::Alert(AlertPart::Role(place)))? {
            ToldRole::Everybody => is_everybody = true,
            ToldRole::Of(role) if named.contains(&role) => {}
            ToldRole::Of(role) => named.push(role),
        }
    }
    Ok(if is_everybody {
        Told::Everybody
    } else {
        Told::Roles(named)
    })
}

fn sms(draft: SmsDraft) -> Found<Sms> {
    let part = Part::Sms;
    let crm_id = given_line(draft.crm_id, part(SmsPart::CrmId))?;
    let code = given_line(draft.code, part(SmsPart::Code))?;
    let target = needed(draft.target, part(SmsPart::Target))?;
    let user = given_line(draft.user, part(SmsPart::User))?;
    let user = match target {
        SmsFor::Consumer => None,
        SmsFor::Person => Some(required(user, part(SmsPart::User))?),
    };
    let number = needed(draft.number, part(SmsPart::Number))?;
    let number = usable(sms_number(&number), part(SmsPart::Number))?;
    let body = needed(draft.body, part(SmsPart::Body))?;
    Ok(Sms {
        crm_id,
        code,
        user,
        number,
        body: usable(contact::prose(&body, SMS_MAX_CHARS), part(SmsPart::Body))?,
    })
}

/// A part there must be.
fn needed<T>(entry: Entry<T>, part: Part) -> Found<T> {
    required(wanted(entry, part)?, part)
}

/// A part there may be.
fn wanted<T>(entry: Entry<T>, part: Part) -> Found<Option<T>> {
    match entry {
        Entry::Absent => Ok(None),
        Entry::Unreadable => Err((part, Wrong::Malformed)),
        Entry::Given(value) => Ok(Some(value)),
    }
}

fn required<T>(value: Option<T>, part: Part) -> Found<T> {
    value.ok_or((part, Wrong::Missing))
}

/// A part that was there and could be read, or not.
fn usable<T>(value: Option<T>, part: Part) -> Found<T> {
    value.ok_or((part, Wrong::Malformed))
}

/// One line there may be.
fn given_line(entry: Entry<String>, part: Part) -> Found<Option<String>> {
    let text = wanted(entry, part)?;
    text.map(|text| line(&text, ID_MAX_CHARS, part)).transpose()
}

/// One line: nothing in it that a header or a database could stumble over.
fn line(text: &str, max_chars: usize, part: Part) -> Found<String> {
    usable(contact::line(text, max_chars), part)
}

/// HTML of at most so many bytes, without the controls of ASCII. What it may do is not looked at here.
fn markup(text: String, max_len: usize) -> Option<String> {
    let is_odd = |c: char| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r');
    (text.len() <= max_len && !text.contains(is_odd)).then_some(text)
}

#[cfg(test)]
mod tests;
