//! Messages, which simulations and processes have alike.

use lintel_domain::finding::{CreditField, Finding};
use lintel_simulations::thread::{SUBJECT_MAX_CHARS, TEXT_MAX_CHARS, ThreadMessage, ThreadPage};

use crate::answer::Answer;
use crate::call::Call;
use crate::page::Pages;
use crate::problem::Problem;
use crate::read::{Body, Found};
use crate::write::{Object, Value, list};

/// Number and rows of the page that is asked for.
///
/// # Errors
/// Findings of the query.
pub(crate) fn asked(call: &Call) -> Result<(u32, u32), Problem> {
    let found = Found::new();
    let pages = Pages::read(&call.query().object(&found));
    found.refuse()?;
    Ok((pages.number, pages.size))
}

/// A page of messages.
pub(crate) fn page(of: &ThreadPage) -> Answer {
    let answer = Object::new()
        .with("totalCount", of.total)
        .with("count", of.messages.len())
        .with("messages", list(of.messages.iter().map(message)));
    Answer::ok(answer)
}

/// What a new message says, as far as it can be read. The use case holds it to its own bounds.
#[derive(Debug)]
pub(crate) struct Sent {
    subject: Option<String>,
    text: Option<String>,
}

impl Sent {
    /// Reads a body; the findings go to the use case, which adds its own.
    ///
    /// # Errors
    /// A body that is no object.
    pub fn read(body: &Body) -> Result<(Self, Vec<Finding>), Problem> {
        let found = Found::new();
        let sent = body.object(&found)?;
        let subject = sent.text_line("subject", CreditField::MessageSubject, SUBJECT_MAX_CHARS);
        let text = sent.text("text", CreditField::MessageText, TEXT_MAX_CHARS);
        let sent = Self {
            subject: subject.value(),
            text: text.value(),
        };
        Ok((sent, found.take()))
    }

    /// Subject and text.
    pub fn words(&self) -> (Option<&str>, Option<&str>) {
        (self.subject.as_deref(), self.text.as_deref())
    }
}

/// A message that was written, at its thread's address.
pub(crate) fn written(of: &ThreadMessage, address: String) -> Answer {
    Answer::created(message(of)).location(address)
}

fn message(of: &ThreadMessage) -> Value {
    Object::new()
        .with("messageUniqueID", &of.id)
        .with("subject", &of.words.subject)
        .with("text", &of.words.text)
        .with("isFromBank", of.from_bank)
        .with("authorName", &of.author_name)
        .with("creationDate", of.created_at)
        .done()
}
