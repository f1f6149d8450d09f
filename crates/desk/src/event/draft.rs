//! Events as somebody sent them, before anything was looked at.

use lintel_domain::entry::Entry;
use lintel_domain::id::Instant;
use lintel_domain::message::Severity;
use lintel_domain::role::Role;

/// An event.
#[derive(Debug, Clone, Default)]
pub struct EventDraft {
    /// The id the customer system gave it.
    pub id: Entry<String>,
    /// What is to be done, in this order.
    pub actions: Entry<Vec<ActionDraft>>,
}

/// Something to do.
#[derive(Debug, Clone, Default)]
pub struct ActionDraft {
    /// The loan or lead it is about, in the customer system's words or ours.
    pub about: Entry<String>,
    /// What it is, with its details; read from nothing when there are none.
    pub work: Entry<WorkDraft>,
    /// Whether there are details at all.
    pub details: Entry<()>,
}

/// What there is to do.
#[derive(Debug, Clone)]
pub enum WorkDraft {
    /// Set a task.
    Task(TaskDraft),
    /// Raise an alert.
    Alert(AlertDraft),
    /// Keep a mail that was sent.
    ArchiveEmail(EmailDraft),
    /// Send a mail.
    SendEmail(EmailDraft),
    /// Send a text message.
    SendSms(SmsDraft),
}

/// Whose a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskFor {
    /// The organisation's.
    Organisation,
    /// One person's.
    Person,
}

/// A task to be set.
#[derive(Debug, Clone, Default)]
pub struct TaskDraft {
    /// Its id in the customer system.
    pub crm_id: Entry<String>,
    /// What kind of task it is there.
    pub code: Entry<String>,
    /// Whose it is.
    pub target: Entry<TaskFor>,
    /// Who is to do it.
    pub assignee: Entry<String>,
    /// Who wants it done.
    pub requested_by: Entry<String>,
    /// What is to be done.
    pub description: Entry<String>,
}

/// Whom an alert is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertFor {
    /// People on the loan, or on the lead.
    Loan,
    /// One person.
    Person,
}

/// Whom of those on a loan an alert is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldRole {
    /// All of them.
    Everybody,
    /// Those of a role.
    Of(Role),
}

/// An alert to be raised.
#[derive(Debug, Clone, Default)]
pub struct AlertDraft {
    /// Its id in the customer system.
    pub crm_id: Entry<String>,
    /// What kind of alert it is there.
    pub code: Entry<String>,
    /// Whom it is for.
    pub target: Entry<AlertFor>,
    /// Whom of those on the loan; none for a word that is no role.
    pub roles: Entry<Vec<Option<ToldRole>>>,
    /// The one person.
    pub user: Entry<String>,
    /// What it says, as HTML.
    pub message: Entry<String>,
    /// How much it matters.
    pub severity: Entry<Severity>,
}

/// The addresses of a mail.
#[derive(Debug, Clone, Default)]
pub struct RecipientsDraft {
    /// Whom it is to.
    pub to: Entry<Vec<String>>,
    /// Who is to know of it.
    pub cc: Entry<Vec<String>>,
    /// Who is to know of it, without the others' knowledge.
    pub bcc: Entry<Vec<String>>,
    /// Where answers go.
    pub reply_to: Entry<Vec<String>>,
}

/// A mail that was sent, or is to be.
#[derive(Debug, Clone, Default)]
pub struct EmailDraft {
    /// Its id in the customer system.
    pub crm_id: Entry<String>,
    /// Which template it was made from there.
    pub code: Entry<String>,
    /// What kind of people it is to; nothing depends on it.
    pub target: Entry<()>,
    /// The sender's address.
    pub sender_address: Entry<String>,
    /// The sender's name.
    pub sender_name: Entry<String>,
    /// When it was sent. Of a mail that was.
    pub sent_at: Entry<Instant>,
    /// The addresses.
    pub recipients: Entry<RecipientsDraft>,
    /// The subject.
    pub subject: Entry<String>,
    /// What it says, as HTML.
    pub body: Entry<String>,
}

/// What kind of person a text message is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsFor {
    /// A consumer.
    Consumer,
    /// A member of staff.
    Person,
}

/// A text message to be sent.
#[derive(Debug, Clone, Default)]
pub struct SmsDraft {
    /// Its id in the customer system.
    pub crm_id: Entry<String>,
    /// Which template it was made from there.
    pub code: Entry<String>,
    /// What kind of person it is to.
    pub target: Entry<SmsFor>,
    /// The member of staff.
    pub user: Entry<String>,
    /// The number it goes to.
    pub number: Entry<String>,
    /// What it says.
    pub body: Entry<String>,
}
