//! One message: how it stands with each address, what it says, sending it again, taking it back.

use axum::extract::Path;
use lintel_app::message::{self, MessageView, Recipient};
use lintel_domain::message::DeliveryState;
use lintel_domain::permission::Permission;
use serde::Serialize;

use super::{href, page};
use crate::Answer;
use crate::failure::Failure;
use crate::flash::Flash;
use crate::letter;
use crate::loans;
use crate::messages::{self, Badge, Body};
use crate::posted::Posted;
use crate::show::When;
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct MessagePage {
    id: String,
    subject: String,
    states: Vec<Badge>,
    deliveries: Vec<DeliveryView>,
    facts: Vec<(&'static str, String)>,
    at: When,
    loan: Option<String>,
    body: Body,
    may_retry: bool,
    may_cancel: bool,
    addresses: Vec<AddressView>,
    /// Whether the person may say which addresses are written to.
    may_suppress: bool,
}

/// How it stands with an address.
#[derive(Debug, Clone, Serialize)]
struct DeliveryView {
    address: String,
    part: &'static str,
    state: Badge,
    answer: Option<String>,
    attempts: u32,
    at: When,
}

/// Whether an address is written to.
#[derive(Debug, Clone, Serialize)]
struct AddressView {
    channel: &'static str,
    address: String,
    /// Why it is not.
    reason: Option<&'static str>,
}

impl DeliveryView {
    fn of(recipient: &Recipient) -> Self {
        Self {
            address: messages::address(&recipient.address),
            part: messages::part_label(recipient.part),
            state: messages::state(recipient.state),
            answer: recipient.answer.clone(),
            attempts: recipient.attempts,
            at: When::of(recipient.updated_at),
        }
    }
}

/// The addresses it went to, each once. Those of another system's mail are not ours to judge.
fn addresses(view: &MessageView) -> Vec<AddressView> {
    let mut list: Vec<AddressView> = Vec::new();
    for recipient in &view.line.recipients {
        let is_ours = recipient.state != DeliveryState::Archived && !recipient.address.is_empty();
        if is_ours && list.iter().all(|known| known.address != recipient.address) {
            list.push(AddressView {
                channel: view.line.channel.as_str(),
                address: recipient.address.clone(),
                reason: recipient.suppressed.map(messages::reason_label),
            });
        }
    }
    list
}

impl MessagePage {
    fn of(view: &MessageView, may_suppress: bool) -> Self {
        let line = &view.line;
        let id = line.public_id.as_str();
        Self {
            id: id.to_owned(),
            subject: messages::subject(line),
            states: messages::states(&line.recipients),
            deliveries: line.recipients.iter().map(DeliveryView::of).collect(),
            facts: messages::facts(view),
            at: When::of(line.created_at),
            loan: line.loan.as_ref().map(|loan| loans::href(loan.as_str())),
            body: Body::of(view, format!("{}/preview", href(id))),
            may_retry: view.may_retry,
            may_cancel: view.may_cancel,
            addresses: addresses(view),
            may_suppress,
        }
    }
}

/// The message of an address. The outbox is for those who may do something with it.
async fn find(staff: &Staff, id: &str) -> Result<MessageView, Failure> {
    staff.require(Permission::EditMessages)?;
    Ok(message::one(staff.app(), &staff.who, id).await?)
}

pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let view = MessagePage::of(&find(&staff, &id).await?, message::may_suppress(&staff.who));
    page(&staff, &view.subject).framing().render(&view)
}

/// What its reader sees, for the frame.
pub(super) async fn preview(staff: Staff, Path(id): Path<String>) -> Answer {
    let view = find(&staff, &id).await?;
    let html = view.html.ok_or(Failure::NotFound)?;
    Ok(letter::document(&html, false))
}

pub(super) async fn retry(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    staff.require(Permission::EditMessages)?;
    let flash = match message::retry(staff.app(), &staff.who, &id).await? {
        0 => Flash::NothingToSend,
        _ => Flash::SentAgain,
    };
    staff.go_with(&href(&id), flash)
}

pub(super) async fn cancel(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    staff.require(Permission::EditMessages)?;
    let flash = match message::cancel(staff.app(), &staff.who, &id).await? {
        0 => Flash::NothingToCancel,
        _ => Flash::MessageCancelled,
    };
    staff.go_with(&href(&id), flash)
}

impl Template for MessagePage {
    const FILE: &'static str = "outbox/message.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let at = || When::of(lintel_domain::id::Instant::from_seconds(0));
        let delivery = |is_full: bool| DeliveryView {
            address: if is_full { text() } else { String::new() },
            part: "To",
            state: messages::state(DeliveryState::Failed),
            answer: is_full.then(text),
            attempts: 3,
            at: at(),
        };
        let address = |reason| AddressView {
            channel: "mail",
            address: text(),
            reason,
        };
        let page = |is_full: bool, body| Self {
            id: text(),
            subject: text(),
            states: Badge::samples(),
            deliveries: vec![delivery(true), delivery(false)],
            facts: vec![("From", text())],
            at: at(),
            loan: is_full.then(text),
            body,
            may_retry: is_full,
            may_cancel: is_full,
            may_suppress: is_full,
            addresses: if is_full {
                vec![address(Some("Why")), address(None)]
            } else {
                Vec::new()
            },
        };
        let bodies = Body::samples().into_iter();
        bodies
            .flat_map(|body| [page(true, body.clone()), page(false, body)])
            .collect()
    }
}
