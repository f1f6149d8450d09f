//! How a task, an alert and a message about a loan look.

use lintel_app::message::{MessageLine, Recipient};
use lintel_desk::alert::{AlertLine, Target};
use lintel_desk::task::TaskLine;
use lintel_domain::id::Instant;
use lintel_domain::message::Severity;
use lintel_domain::role::Role;

use crate::tree::Node;

/// Something somebody is to do. Without an assignee it is the organisation's.
pub fn task(task: &TaskLine) -> Node {
    let assignee = task.assignee.as_ref().map(|person| person.id.as_str());
    Node::object([
        ("taskID", Node::from(task.id.as_str())),
        ("taskCRMID", Node::from(task.crm_id.as_ref())),
        ("taskCode", Node::from(task.code.as_ref())),
        ("description", Node::from(&task.description)),
        ("assigneeUserID", Node::from(assignee)),
        ("requestedBy", Node::from(task.requested_by.as_ref())),
        ("state", Node::from(task.state.as_str())),
        ("createdDate", Node::Int(task.created_at.seconds())),
        ("doneDate", Node::from(task.done_at.map(Instant::seconds))),
    ])
}

/// Something people should know. The message was cleaned; spellings are those it is made with.
pub fn alert(alert: &AlertLine) -> Node {
    let (roles, user) = match &alert.target {
        Target::Everybody => (vec!["All"], None),
        Target::Roles(roles) => (roles.iter().copied().map(role).collect(), None),
        Target::Person(name) => (Vec::new(), Some(name)),
    };
    let severity = match alert.severity {
        Severity::Low => "Low",
        Severity::High => "High",
    };
    Node::object([
        ("alertID", Node::from(alert.id.as_str())),
        ("alertCRMID", Node::from(alert.crm_id.as_ref())),
        ("alertCode", Node::from(alert.code.as_ref())),
        ("message", Node::from(&alert.html)),
        ("severity", Node::from(severity)),
        ("roles", Node::list(roles)),
        ("user", Node::from(user)),
        ("createdDate", Node::Int(alert.created_at.seconds())),
    ])
}

/// A role as alerts spell it.
const fn role(role: Role) -> &'static str {
    match role {
        Role::Admin => "Admin",
        Role::LoanOfficer => "LoanOfficer",
        Role::LoanOfficerAssistant => "LoanOfficerAssistant",
        Role::Processor => "Processor",
        Role::Underwriter => "Underwriter",
        Role::AccountExecutive => "AccountExecutive",
        Role::AccountManager => "AccountManager",
        Role::Closer => "Closer",
        Role::Representative => "Representative",
        Role::SalesManager => "SalesManager",
    }
}

/// A message that was written about the loan. What it says is not here: pages show that.
pub fn message(message: &MessageLine) -> Node {
    let recipients = message.recipients.iter().map(recipient);
    Node::object([
        ("messageID", Node::from(message.public_id.as_str())),
        ("messageCRMID", Node::from(message.crm_id.as_ref())),
        ("messageCode", Node::from(message.crm_code.as_ref())),
        ("channel", Node::from(message.channel.as_str())),
        ("kind", Node::from(message.kind.as_str())),
        ("subject", Node::from(&message.subject)),
        ("from", Node::from(&message.from)),
        ("recipients", Node::List(recipients.collect())),
        ("createdDate", Node::Int(message.created_at.seconds())),
        (
            "archivedDate",
            Node::from(message.archived_at.map(Instant::seconds)),
        ),
    ])
}

fn recipient(recipient: &Recipient) -> Node {
    Node::object([
        ("part", Node::from(recipient.part.as_str())),
        ("address", Node::from(&recipient.address)),
        ("state", Node::from(recipient.state.as_str())),
        ("stateDate", Node::Int(recipient.updated_at.seconds())),
    ])
}
