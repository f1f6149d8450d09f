//! What was written to whom about a loan.

use axum::extract::Path;
use lintel_app::loan::LoanCaller;
use lintel_app::message::{self, MessageView};
use lintel_domain::permission::Permission;
use serde::Serialize;

use super::frame::{self, Frame, Part, Record};
use crate::Answer;
use crate::failure::Failure;
use crate::letter;
use crate::messages::{self, Badge, Body, Line};
use crate::outbox;
use crate::show::{self, When};
use crate::templates::Template;
use crate::visit::Staff;

/// The list.
#[derive(Debug, Serialize)]
pub(crate) struct LoanMessagesPage {
    frame: Frame,
    rows: Vec<Line>,
}

/// One of them.
#[derive(Debug, Serialize)]
pub(crate) struct LoanMessagePage {
    frame: Frame,
    back: String,
    subject: String,
    states: Vec<Badge>,
    facts: Vec<(&'static str, String)>,
    at: When,
    /// The same message in the outbox, for those who may do something with it.
    outbox: Option<String>,
    body: Body,
}

/// Where a message of a loan is.
fn href(loan: &str, message: &str) -> String {
    format!("{}/{}", Part::Messages.href(loan), show::encoded(message))
}

pub(super) async fn list(staff: Staff, Path(id): Path<String>) -> Answer {
    let record = frame::record(&staff, &id).await?;
    let caller = LoanCaller::Person(&staff.who);
    let found = message::of_loan(staff.app(), &caller, &record.head).await?;
    let loan = record.head.line.public_id.as_str();
    let line = |line: &message::MessageLine| {
        let href = href(loan, line.public_id.as_str());
        Line::of(line, Some(href))
    };
    let page = LoanMessagesPage {
        frame: Frame::of(&staff, &record, Part::Messages),
        rows: found.iter().map(line).collect(),
    };
    frame::page(&staff, &page.frame).render(&page)
}

/// A message of this very loan.
async fn find(staff: &Staff, record: &Record, message: &str) -> Result<MessageView, Failure> {
    let view = message::one(staff.app(), &staff.who, message).await?;
    if view.line.loan.as_ref() == Some(&record.head.line.public_id) {
        Ok(view)
    } else {
        Err(Failure::NotFound)
    }
}

pub(super) async fn show(staff: Staff, Path((id, message)): Path<(String, String)>) -> Answer {
    let record = frame::record(&staff, &id).await?;
    let view = find(&staff, &record, &message).await?;
    let loan = record.head.line.public_id.as_str();
    let line = &view.line;
    let own = href(loan, line.public_id.as_str());
    let page = LoanMessagePage {
        frame: Frame::of(&staff, &record, Part::Messages),
        back: Part::Messages.href(loan),
        subject: messages::subject(line),
        states: messages::states(&line.recipients),
        facts: messages::facts(&view),
        at: When::of(line.created_at),
        outbox: staff
            .may(Permission::EditMessages)
            .then(|| outbox::href(line.public_id.as_str())),
        body: Body::of(&view, format!("{own}/preview")),
    };
    frame::page(&staff, &page.frame).framing().render(&page)
}

/// What its reader sees, for the frame.
pub(super) async fn preview(staff: Staff, Path((id, message)): Path<(String, String)>) -> Answer {
    let record = frame::record(&staff, &id).await?;
    let view = find(&staff, &record, &message).await?;
    let html = view.html.ok_or(Failure::NotFound)?;
    Ok(letter::document(&html, false))
}

impl Template for LoanMessagesPage {
    const FILE: &'static str = "loans/messages.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |rows| Self {
            frame: Frame::sample(Part::Messages, true),
            rows,
        };
        vec![page(Line::samples()), page(Vec::new())]
    }
}

impl Template for LoanMessagePage {
    const FILE: &'static str = "loans/message.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |body: Body, outbox| Self {
            frame: Frame::sample(Part::Messages, true),
            back: text(),
            subject: text(),
            states: Badge::samples(),
            facts: vec![("From", text())],
            at: When::of(lintel_domain::id::Instant::from_seconds(0)),
            outbox,
            body,
        };
        let bodies = Body::samples().into_iter();
        bodies
            .flat_map(|body| [page(body.clone(), Some(text())), page(body, None)])
            .collect()
    }
}
