//! Looking at messages: the outbox, one message, what was written about a loan.

use lintel_macros::boxed;
use std::collections::HashMap;
use std::fmt;

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::message::{AddressPart, Channel, DeliveryState, MailKind, SuppressionReason};
use lintel_domain::permission::Permission;
use lintel_domain::person::fold_email;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_store::fault::Fault;
use lintel_store::message::{self, ListFilter, StoredDelivery, StoredMessage};
use lintel_store::suppression;

use super::address::{one_line, sms_number};
use super::content::Content;
use super::mask;
use crate::context::App;
use crate::error::AppError;
use crate::loan::{self, LoanCaller, LoanHead};
use crate::ports::Mailbox;
use crate::session::SignedIn;

/// Lines of a page.
const PAGE: u32 = 25;
/// The last page that is looked at.
const LAST_PAGE: u32 = 400;
/// Messages listed with a loan: each is opened whole to know its subject.
const OF_LOAN: u32 = 25;
/// Characters of a text message that stand for its subject.
pub(super) const BEGINNING_CHARS: usize = 60;

/// Which messages of the outbox to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// With a delivery that stands so.
    pub state: Option<DeliveryState>,
    /// Of this way.
    pub channel: Option<Channel>,
    /// About this.
    pub kind: Option<MailKind>,
    /// To this address, in any case, or this number.
    pub address: Option<String>,
    /// Page, from 0.
    pub page: u32,
}

/// One address of a message. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Where it stands.
    pub part: AddressPart,
    /// Name, or nothing.
    pub name: String,
    /// Mail address or number.
    pub address: String,
    /// How its delivery stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    /// What the other side said last.
    pub answer: Option<String>,
    /// When that was.
    pub updated_at: Instant,
    /// Why it is not written to any more; only in the view of one message.
    pub suppressed: Option<SuppressionReason>,
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Recipient");
        shown.field("state", &self.state).finish_non_exhaustive()
    }
}

/// A message in a list. Its `Debug` shows nothing of what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageLine {
    /// Names it.
    pub public_id: PublicId,
    /// By which way it goes.
    pub channel: Channel,
    /// What it is about.
    pub kind: MailKind,
    /// Its subject; of a text message how it begins.
    pub subject: String,
    /// Who it is from, name and address. Empty for a text message.
    pub from: String,
    /// The addresses.
    pub recipients: Vec<Recipient>,
    /// The loan it belongs to, by the id people see.
    pub loan: Option<PublicId>,
    /// What a customer system calls it.
    pub crm_id: Option<String>,
    /// The kind a customer system gives it.
    pub crm_code: Option<String>,
    /// When it was written, or sent by another system.
    pub created_at: Instant,
    /// Who had it written, as events name them.
    pub created_by: String,
    /// When it was put away, if it is kept only.
    pub archived_at: Option<Instant>,
}

impl fmt::Debug for MessageLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageLine")
            .field("public_id", &self.public_id)
            .field("recipients", &self.recipients)
            .finish_non_exhaustive()
    }
}

/// One page of the outbox.
#[derive(Debug, Clone)]
pub struct Page {
    /// The messages, newest first.
    pub lines: Vec<MessageLine>,
    /// Which page it is, from 0.
    pub page: u32,
    /// Whether there is another.
    pub has_more: bool,
}

/// One message as staff see it: links that sign in are masked, HTML is harmless.
#[derive(Clone)]
pub struct MessageView {
    /// Its facts.
    pub line: MessageLine,
    /// Where answers go.
    pub reply_to: Vec<String>,
    /// Its Message-ID without angle brackets; none for text messages and archived ones.
    pub message_id: Option<String>,
    /// What it says, as text.
    pub text: String,
    /// What it says, as HTML.
    pub html: Option<String>,
    /// Whether it can be stopped with one click.
    pub has_unsubscribe: bool,
    /// The files that go with it: name and length in bytes.
    pub attachments: Vec<(String, usize)>,
    /// Whether the person may have it tried again, and there is something to try.
    pub may_retry: bool,
    /// Whether the person may take it back, and there is something to take back.
    pub may_cancel: bool,
}

impl fmt::Debug for MessageView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageView")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// Lists what the person's organisation wrote, newest first.
///
/// # Errors
/// Denied without the permission; any fault of the database or the key ring.
#[boxed]
pub async fn list(app: &App, who: &SignedIn, filter: &Filter) -> Result<Page, AppError> {
    who.require(Permission::EditMessages)?;
    let page = filter.page.min(LAST_PAGE);
    let address = filter.address.as_deref().map(str::trim);
    let address = address.filter(|a| !a.is_empty());
    let wanted = ListFilter {
        state: filter.state,
        channel: filter.channel,
        kind: filter.kind,
        // A number is found however it is written.
        address_folded: address.map(|a| sms_number(a).unwrap_or_else(|| fold_email(a))),
    };
    let (limit, offset) = (PAGE.saturating_add(1), page.saturating_mul(PAGE));
    let mut stored = message::list(app.db(), &who.org.id, &wanted, limit, offset).await?;
    let has_more = u32::try_from(stored.len()).is_ok_and(|n| n > PAGE) && page < LAST_PAGE;
    stored.truncate(usize::try_from(PAGE).unwrap_or(0));
    let lines = lines(app, &who.org.id, stored).await?;
    Ok(Page {
        lines,
        page,
        has_more,
    })
}

/// Shows one message of the person's organisation, to whoever may see the outbox or the loan it
/// belongs to. Any text may be an id.
///
/// # Errors
/// Not found, alike, for what is unknown, foreign or not the person's business; any fault of the
/// database or the key ring.
#[boxed]
pub async fn one(app: &App, who: &SignedIn, public_id: &str) -> Result<MessageView, AppError> {
    let stored = find(app, who, public_id).await?;
    let may_edit = who.may(Permission::EditMessages);
    if !may_edit {
        let loan_id = stored.loan_public_id.as_ref().ok_or_else(unknown)?;
        let caller = LoanCaller::Person(who);
        let seen = loan::find(app, &caller, loan_id).await;
        match seen {
            Ok(_) => {}
            Err(AppError::Refused(_)) => return Err(unknown().into()),
            Err(other) => return Err(other),
        }
    }
    let content = Content::open(app, &stored.id, &stored.content_sealed)?;
    let (kind, channel, is_archived) = (stored.kind, stored.channel, stored.archived_at.is_some());
    let is_sent_here = channel == Channel::Mail && !is_archived;
    let message_id = is_sent_here.then(|| content.message_id(app, &stored.id));
    let deliveries =
        message::deliveries(app.db(), &who.org.id, std::slice::from_ref(&stored.id)).await?;
    let mut line = line(app, &stored, &content, deliveries);
    for recipient in &mut line.recipients {
        let (lender, address) = (who.org.lender_id(), &recipient.address);
        let found = suppression::load(app.db(), lender, channel, address).await?;
        recipient.suppressed = found.map(|f| f.reason);
    }
    let has_unsubscribe = content.unsubscribe.is_some();
    let files = content.attachments.iter();
    let attachments = files.map(|file| (file.name.clone(), file.bytes.len()));
    let attachments = attachments.collect();
    let reply_to = content.reply_to.iter().map(shown).collect();
    let own = app.clone();
    let masking = move || (mask::text(&content), mask::html(&own, kind, &content));
    // Perhaps others' words, and many of them.
    let (text, html) = app.heavy("cleaning a message", masking).await?;
    let has = |states: &[DeliveryState]| line.recipients.iter().any(|r| states.contains(&r.state));
    Ok(MessageView {
        reply_to,
        message_id,
        text,
        html,
        has_unsubscribe,
        attachments,
        may_retry: may_edit && has(&[DeliveryState::Failed, DeliveryState::Suppressed]),
        may_cancel: may_edit && has(&[DeliveryState::Waiting]),
        line,
    })
}

/// What the caller's organisation wrote about a loan the caller sees, the newest 25, newest first.
///
/// # Errors
/// Any fault of the database or the key ring.
#[boxed]
pub async fn of_loan(
    app: &App,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
) -> Result<Vec<MessageLine>, AppError> {
    let org_id = &caller.org().id;
    let (lender, loan) = (&head.lender_id, &head.line.id);
    let stored = message::of_loan(app.db(), lender, loan, org_id, OF_LOAN).await?;
    Ok(lines(app, org_id, stored).await?)
}

fn unknown() -> Refusal {
    Refusal::NotFound {
        what: Noun::Message,
    }
}

/// A message of the person's organisation.
pub(super) async fn find(
    app: &App,
    who: &SignedIn,
    public_id: &str,
) -> Result<StoredMessage, AppError> {
    let id = PublicId::parse(public_id.trim()).ok_or_else(unknown)?;
    let found = message::by_public_id(app.db(), &who.org.id, &id).await?;
    Ok(found.ok_or_else(unknown)?)
}

async fn lines(
    app: &App,
    org_id: &RowId,
    stored: Vec<StoredMessage>,
) -> Result<Vec<MessageLine>, Fault> {
    let ids: Vec<RowId> = stored.iter().map(|m| m.id.clone()).collect();
    let mut by_message: HashMap<RowId, Vec<StoredDelivery>> = HashMap::new();
    for delivery in message::deliveries(app.db(), org_id, &ids).await? {
        let of_message = by_message.entry(delivery.message_id.clone());
        of_message.or_default().push(delivery);
    }
    let opening = app.clone();
    // Each may be some hundred kilobytes, of which a line is needed.
    app.heavy("opening messages", move || {
        let each = stored.into_iter().map(|message| {
            let content = Content::open(&opening, &message.id, &message.content_sealed)?;
            let deliveries = by_message.remove(&message.id).unwrap_or_default();
            Ok(line(&opening, &message, &content, deliveries))
        });
        each.collect()
    })
    .await?
}

fn line(
    app: &App,
    stored: &StoredMessage,
    content: &Content,
    deliveries: Vec<StoredDelivery>,
) -> MessageLine {
    let recipients = deliveries.into_iter().map(|d| recipient(content, d));
    let (subject, from) = match stored.channel {
        Channel::Mail => (mask::subject(content), shown(&content.sender(app))),
        Channel::Sms => (
            one_line(&mask::text(content), BEGINNING_CHARS),
            String::new(),
        ),
    };
    MessageLine {
        public_id: stored.public_id.clone(),
        channel: stored.channel,
        kind: stored.kind,
        subject,
        from,
        recipients: recipients.collect(),
        loan: stored.loan_public_id.clone(),
        crm_id: stored.crm_id.clone(),
        crm_code: stored.crm_code.clone(),
        created_at: stored.created_at,
        created_by: stored.created_by.clone(),
        archived_at: stored.archived_at,
    }
}

/// The row has the address, the content the name. Rows of versions before 0005 have neither.
fn recipient(content: &Content, delivery: StoredDelivery) -> Recipient {
    let named = content.everybody().find(|(_, mailbox)| {
        delivery.address.is_empty() || mailbox.email.eq_ignore_ascii_case(&delivery.address)
    });
    let named = named.map(|(_, mailbox)| mailbox);
    let address = match named {
        Some(mailbox) if delivery.address.is_empty() => mailbox.email.clone(),
        Some(_) | None => delivery.address,
    };
    Recipient {
        part: delivery.part,
        name: named.map(|m| m.name.clone()).unwrap_or_default(),
        address,
        state: delivery.state,
        attempts: delivery.attempts,
        answer: delivery.answer,
        updated_at: delivery.updated_at,
        suppressed: None,
    }
}

fn shown(mailbox: &Mailbox) -> String {
    if mailbox.name.is_empty() {
        mailbox.email.clone()
    } else {
        format!("{} <{}>", mailbox.name, mailbox.email)
    }
}
