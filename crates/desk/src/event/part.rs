//! What can be wrong with an event, and where.

/// The first thing that is wrong with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mistake {
    /// Zero-based place of the action; none for the event itself.
    pub action: Option<usize>,
    /// The part.
    pub part: Part,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What is wrong with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is needed and was left out, or is empty.
    Missing,
    /// It cannot be used as it is.
    Malformed,
    /// It names nothing and nobody the caller's organisation knows.
    Unknown,
}

/// A part of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The event's id.
    EventId,
    /// The list of actions.
    Actions,
    /// What an action is.
    Kind,
    /// The loan or lead it is about.
    Subject,
    /// Its details as a whole.
    Details,
    /// A part of a task.
    Task(TaskPart),
    /// A part of an alert.
    Alert(AlertPart),
    /// A part of a mail, sent or to be sent.
    Email(EmailPart),
    /// A part of a text message.
    Sms(SmsPart),
}

/// A part of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskPart {
    /// Its id in the customer system.
    CrmId,
    /// What kind of task it is there.
    Code,
    /// Whose it is.
    Target,
    /// Who is to do it.
    Assignee,
    /// Who wants it done.
    RequestedBy,
    /// What is to be done.
    Description,
}

/// A part of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertPart {
    /// Its id in the customer system.
    CrmId,
    /// What kind of alert it is there.
    Code,
    /// Whom it is for.
    Target,
    /// The list of roles.
    Roles,
    /// A role, by its zero-based place in the list.
    Role(usize),
    /// The one person it is for.
    User,
    /// What it says.
    Message,
    /// How much it matters.
    Severity,
}

/// A list of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Whom it is to.
    To,
    /// Who is to know of it.
    Cc,
    /// Who is to know of it, without the others' knowledge.
    Bcc,
    /// Where answers go.
    ReplyTo,
}

/// A part of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailPart {
    /// Its id in the customer system.
    CrmId,
    /// Which template it was made from there.
    Code,
    /// What kind of people it is to.
    Target,
    /// The sender's address.
    SenderAddress,
    /// The sender's name.
    SenderName,
    /// When it was sent.
    SentAt,
    /// The addresses as a whole.
    Recipients,
    /// A list of addresses.
    Addresses(List),
    /// An address, by its zero-based place in a list.
    Address(List, usize),
    /// The subject.
    Subject,
    /// What it says.
    Body,
}

/// A part of a text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsPart {
    /// Its id in the customer system.
    CrmId,
    /// Which template it was made from there.
    Code,
    /// What kind of person it is to.
    Target,
    /// The member of staff it is to.
    User,
    /// The number it goes to.
    Number,
    /// What it says.
    Body,
}
