//! The parameters' names, and what is said of one that is wrong.

use lintel_desk::event::{
    AlertPart, EmailPart, List, Mistake, Part, SmsPart, TaskPart, ToldRole, Wrong,
};
use lintel_domain::role::Role;

/// Spellings of the roles of a loan. The text has more of them than anybody here is: who closes a loan
/// also draws its documents, opens and funds it, and a junior underwriter is an underwriter.
pub const ROLES: &[(&str, ToldRole)] = &[
    ("All", ToldRole::Everybody),
    ("LoanOfficer", ToldRole::Of(Role::LoanOfficer)),
    (
        "LoanOfficerAssistant",
        ToldRole::Of(Role::LoanOfficerAssistant),
    ),
    ("Processor", ToldRole::Of(Role::Processor)),
    ("Underwriter", ToldRole::Of(Role::Underwriter)),
    ("JuniorUnderwriter", ToldRole::Of(Role::Underwriter)),
    ("DocDrawer", ToldRole::Of(Role::Closer)),
    ("Opener", ToldRole::Of(Role::Closer)),
    ("Funder", ToldRole::Of(Role::Closer)),
    ("Closer", ToldRole::Of(Role::Closer)),
];

/// The documented message about a parameter.
pub fn message(mistake: &Mistake) -> String {
    let (name, _) = name(mistake.part);
    let what = match mistake.wrong {
        Wrong::Missing => "missing",
        Wrong::Malformed => "invalid format",
        Wrong::Unknown => "invalid",
    };
    format!("Parameter {name} {what}.")
}

/// The way to a parameter within its event.
pub fn path(mistake: &Mistake) -> String {
    let (name, place) = name(mistake.part);
    let place = place.map_or_else(String::new, |place| format!("[{place}]"));
    let Some(action) = mistake.action else {
        return format!("{name}{place}");
    };
    let group = match mistake.part {
        Part::EventId | Part::Actions | Part::Kind | Part::Subject | Part::Details => "",
        Part::Email(EmailPart::Addresses(_) | EmailPart::Address(..)) => {
            "actionData.emailRecipients."
        }
        Part::Task(_) | Part::Alert(_) | Part::Email(_) | Part::Sms(_) => "actionData.",
    };
    format!("actionList[{action}].{group}{name}{place}")
}

/// A parameter's own name, and the place in the list it is.
const fn name(part: Part) -> (&'static str, Option<usize>) {
    let name = match part {
        Part::EventId => "crmEventID",
        Part::Actions => "actionList",
        Part::Kind => "actionType",
        Part::Subject => "crmID",
        Part::Details => "actionData",
        Part::Task(part) => task(part),
        Part::Alert(AlertPart::Role(place)) => return ("alertTargetRoles", Some(place)),
        Part::Alert(part) => alert(part),
        Part::Email(EmailPart::Address(which, place)) => return (list(which), Some(place)),
        Part::Email(part) => email(part),
        Part::Sms(part) => sms(part),
    };
    (name, None)
}

const fn task(part: TaskPart) -> &'static str {
    match part {
        TaskPart::CrmId => "taskCRMID",
        TaskPart::Code => "taskCode",
        TaskPart::Target => "taskTargetType",
        TaskPart::Assignee => "taskAssigneeCRMID",
        TaskPart::RequestedBy => "taskRequestedByUserCRMID",
        TaskPart::Description => "taskDescription",
    }
}

const fn alert(part: AlertPart) -> &'static str {
    match part {
        AlertPart::CrmId => "alertCRMID",
        AlertPart::Code => "alertCode",
        AlertPart::Target => "alertTargetType",
        AlertPart::Roles | AlertPart::Role(_) => "alertTargetRoles",
        AlertPart::User => "alertTargetUserCRMID",
        AlertPart::Message => "alertMessage",
        AlertPart::Severity => "alertSeverity",
    }
}

const fn email(part: EmailPart) -> &'static str {
    match part {
        EmailPart::CrmId => "emailCRMID",
        EmailPart::Code => "emailCode",
        EmailPart::Target => "emailTargetType",
        EmailPart::SenderAddress => "emailSenderAddress",
        EmailPart::SenderName => "emailSenderName",
        EmailPart::SentAt => "emailTimestamp",
        EmailPart::Recipients => "emailRecipients",
        EmailPart::Addresses(which) | EmailPart::Address(which, _) => list(which),
        EmailPart::Subject => "emailSubject",
        EmailPart::Body => "emailBody",
    }
}

const fn list(which: List) -> &'static str {
    match which {
        List::To => "toEmailAddresses",
        List::Cc => "ccEmailAddresses",
        List::Bcc => "bccEmailAddresses",
        List::ReplyTo => "replytoAddress",
    }
}

const fn sms(part: SmsPart) -> &'static str {
    match part {
        SmsPart::CrmId => "smsCRMID",
        SmsPart::Code => "smsCode",
        SmsPart::Target => "smsTargetType",
        SmsPart::User => "smsTargetUserCRMID",
        SmsPart::Number => "smsToNumber",
        SmsPart::Body => "smsBody",
    }
}
