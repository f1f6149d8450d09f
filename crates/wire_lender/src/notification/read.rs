//! Reading an event: each parameter is absent, unreadable or given, and what that means is not judged here.

use lintel_desk::event::{
    ACTIONS_MAX, ActionDraft, AlertDraft, AlertFor, EmailDraft, EventDraft, RecipientsDraft,
    SmsDraft, SmsFor, TaskDraft, TaskFor, WorkDraft,
};
use lintel_domain::entry::Entry;
use lintel_domain::message::Severity;

use super::words::ROLES;
use crate::form::Reader;

/// Most addresses of one list that are looked at; a mail may have fewer.
const ADDRESSES_MAX: usize = 100;

/// What an action is.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Task,
    Alert,
    ArchiveEmail,
    SendEmail,
    SendSms,
}

const KINDS: &[(&str, Kind)] = &[
    ("createTask", Kind::Task),
    ("createAlert", Kind::Alert),
    ("archiveEmail", Kind::ArchiveEmail),
    ("sendEmail", Kind::SendEmail),
    ("sendSMS", Kind::SendSms),
];

/// An event. What is no object has nothing in it.
pub fn event(event: Option<Reader<'_>>) -> EventDraft {
    let Some(event) = event else {
        return EventDraft::default();
    };
    let actions = event.entry_objects("actionList", ACTIONS_MAX);
    EventDraft {
        id: event.entry_text("crmEventID"),
        actions: of_given(actions, |actions| actions.iter().map(action).collect()),
    }
}

fn of_given<T, U>(entry: Entry<T>, read: impl FnOnce(T) -> U) -> Entry<U> {
    match entry {
        Entry::Absent => Entry::Absent,
        Entry::Unreadable => Entry::Unreadable,
        Entry::Given(value) => Entry::Given(read(value)),
    }
}

fn action(action: &Reader<'_>) -> ActionDraft {
    let (data, details) = match action.entry_object("actionData") {
        Entry::Given(data) => (data, Entry::Given(())),
        Entry::Absent => (Reader::without_members(""), Entry::Absent),
        Entry::Unreadable => (Reader::without_members(""), Entry::Unreadable),
    };
    ActionDraft {
        about: action.entry_text("crmID"),
        work: of_given(action.entry_word("actionType", KINDS), |kind| {
            work(kind, &data)
        }),
        details,
    }
}

fn work(kind: Kind, data: &Reader<'_>) -> WorkDraft {
    match kind {
        Kind::Task => WorkDraft::Task(task(data)),
        Kind::Alert => WorkDraft::Alert(alert(data)),
        Kind::ArchiveEmail => WorkDraft::ArchiveEmail(email(data)),
        Kind::SendEmail => WorkDraft::SendEmail(email(data)),
        Kind::SendSms => WorkDraft::SendSms(sms(data)),
    }
}

fn task(data: &Reader<'_>) -> TaskDraft {
    const TARGETS: &[(&str, TaskFor)] = &[
        ("Lender", TaskFor::Organisation),
        ("LenderUser", TaskFor::Person),
    ];
    TaskDraft {
        crm_id: data.entry_text("taskCRMID"),
        code: data.entry_text("taskCode"),
        target: data.entry_word("taskTargetType", TARGETS),
        assignee: data.entry_text("taskAssigneeCRMID"),
        requested_by: data.entry_text("taskRequestedByUserCRMID"),
        description: data.entry_text("taskDescription"),
    }
}

fn alert(data: &Reader<'_>) -> AlertDraft {
    const TARGETS: &[(&str, AlertFor)] =
        &[("Loan", AlertFor::Loan), ("LenderUser", AlertFor::Person)];
    const SEVERITIES: &[(&str, Severity)] = &[("Low", Severity::Low), ("High", Severity::High)];
    let roles = data.entry_texts("alertTargetRoles", ADDRESSES_MAX);
    let role = |text: &String| {
        let found = ROLES.iter().find(|(spelling, _)| spelling == text);
        found.map(|(_, role)| *role)
    };
    AlertDraft {
        crm_id: data.entry_text("alertCRMID"),
        code: data.entry_text("alertCode"),
        target: data.entry_word("alertTargetType", TARGETS),
        roles: of_given(roles, |roles| roles.iter().map(role).collect()),
        user: data.entry_text("alertTargetUserCRMID"),
        message: data.entry_text("alertMessage"),
        severity: data.entry_word("alertSeverity", SEVERITIES),
    }
}

fn email(data: &Reader<'_>) -> EmailDraft {
    const TARGETS: &[(&str, ())] = &[("Consumer", ()), ("LenderUser", ())];
    let list = |of: &Reader<'_>, name: &str| of.entry_texts(name, ADDRESSES_MAX);
    let recipients = data.entry_object("emailRecipients");
    EmailDraft {
        crm_id: data.entry_text("emailCRMID"),
        code: data.entry_text("emailCode"),
        target: data.entry_word("emailTargetType", TARGETS),
        sender_address: data.entry_text("emailSenderAddress"),
        sender_name: data.entry_text("emailSenderName"),
        sent_at: data.entry_time("emailTimestamp"),
        recipients: of_given(recipients, |of| RecipientsDraft {
            to: list(&of, "toEmailAddresses"),
            cc: list(&of, "ccEmailAddresses"),
            bcc: list(&of, "bccEmailAddresses"),
            reply_to: list(&of, "replytoAddress"),
        }),
        subject: data.entry_text("emailSubject"),
        body: data.entry_text("emailBody"),
    }
}

fn sms(data: &Reader<'_>) -> SmsDraft {
    const TARGETS: &[(&str, SmsFor)] = &[
        ("Consumer", SmsFor::Consumer),
        ("LenderUser", SmsFor::Person),
    ];
    SmsDraft {
        crm_id: data.entry_text("smsCRMID"),
        code: data.entry_text("smsCode"),
        target: data.entry_word("smsTargetType", TARGETS),
        user: data.entry_text("smsTargetUserCRMID"),
        number: data.entry_text("smsToNumber"),
        body: data.entry_text("smsBody"),
    }
}
