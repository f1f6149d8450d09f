//! Writing messages: rows and jobs, in the transaction of what they tell.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::message::{AddressPart, Channel, DeliveryState, MailKind};
use lintel_domain::organisation::Organisation;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::message::{NewDelivery, NewMessage, insert_deliveries_in, insert_many_in};

use super::address::{host, sms_number};
use super::content::Content;
use super::draft::{MailDraft, MessageRef, SMS_MAX_CHARS, SmsDraft};
use super::handlers::ask_in;
use super::settings::{self, Messaging};
use crate::context::App;
use crate::ports::Mailbox;

/// How often a public id is drawn that somebody has already.
const DRAWS: usize = 8;

/// Writes a mail of an organisation, to be handed over after the commit. Records no event: the caller
/// has one of its own, or [`note_in`], as the last step of the transaction.
///
/// # Errors
/// Internal for what cannot be sent: callers refuse that first, in their own words. Any fault of the
/// database or the key ring.
#[boxed]
pub async fn mail_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    draft: &MailDraft,
) -> Result<MessageRef, Fault> {
    only(mails_in(app, tx, org, std::slice::from_ref(draft)).await?)
}

/// Writes many mails of an organisation in few statements; in the order of the drafts.
///
/// # Errors
/// As [`mail_in`]; then none was written, when the caller gives the transaction up.
#[boxed]
pub async fn mails_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    drafts: &[MailDraft],
) -> Result<Vec<MessageRef>, Fault> {
    let settings = settings::load_in(tx, &org.id).await?;
    let mut written = Vec::with_capacity(drafts.len());
    for draft in drafts {
        draft.check()?;
        let (from, reply_to) = sender(app, org, &settings, draft);
        let content = Content::of_mail(draft, from, reply_to);
        written.push(Written::of_mail(app, draft, content, app.now())?);
    }
    store_in(app, tx, org, written).await
}

/// Puts a mail away that another system sent at some time: it is shown, and never handed over.
///
/// # Errors
/// As [`mail_in`].
#[boxed]
pub async fn archive_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    draft: &MailDraft,
    sent_at: Instant,
) -> Result<MessageRef, Fault> {
    draft.check()?;
    let settings = settings::load_in(tx, &org.id).await?;
    let from = draft.sender.clone();
    let from = from.unwrap_or_else(|| own_sender(app, org, &settings));
    let content = Content::of_mail(draft, from, draft.reply_to.clone());
    let mut written = Written::of_mail(app, draft, content, sent_at)?;
    written.archived_at = Some(app.now());
    only(store_in(app, tx, org, vec![written]).await?)
}

/// Writes a text message of an organisation, to be handed over after the commit. Records no event.
///
/// # Errors
/// Internal for a number that is none, or a text that is empty or too long; any fault of the database
/// or the key ring.
#[boxed]
pub async fn sms_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    draft: &SmsDraft,
) -> Result<MessageRef, Fault> {
    let number = sms_number(&draft.number)
        .ok_or_else(|| Fault::internal("no text message can be sent to this number"))?;
    if draft.text.trim().is_empty() || draft.text.chars().count() > SMS_MAX_CHARS {
        return Err(Fault::internal("a text message is empty or too long"));
    }
    let written = Written {
        id: app.row_id()?,
        public_id: app.public_id()?,
        channel: Channel::Sms,
        kind: draft.kind,
        loan_id: draft.loan_id.as_ref(),
        lead_id: draft.lead_id.as_ref(),
        crm_id: draft.crm_id.as_deref(),
        crm_code: draft.crm_code.as_deref(),
        created_by: &draft.created_by,
        at: app.now(),
        archived_at: None,
        addresses: vec![(AddressPart::To, number.clone())],
        content: Content::of_sms(number, &draft.text),
    };
    only(store_in(app, tx, org, vec![written]).await?)
}

/// Records what happened to messages, by their public ids. The last step of a transaction, for callers
/// without an event of their own.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn note_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    actor: &str,
    kind: EventKind,
    messages: &[MessageRef],
) -> Result<(), Fault> {
    let Some(first) = messages.first() else {
        return Ok(());
    };
    let ids: Vec<&str> = messages.iter().map(|m| m.public_id.as_str()).collect();
    let body = serde_json::json!({ "messages": ids }).to_string();
    let subject = first.id.as_str();
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(&org.id, app.now(), actor, kind, subject)
    };
    record_in(tx, &event).await.map(|_| ())
}

/// A message that is about to be stored.
struct Written<'a> {
    id: RowId,
    public_id: PublicId,
    channel: Channel,
    kind: MailKind,
    loan_id: Option<&'a RowId>,
    lead_id: Option<&'a RowId>,
    crm_id: Option<&'a str>,
    crm_code: Option<&'a str>,
    created_by: &'a str,
    at: Instant,
    archived_at: Option<Instant>,
    addresses: Vec<(AddressPart, String)>,
    content: Content,
}

impl<'a> Written<'a> {
    fn of_mail(
        app: &App,
        draft: &'a MailDraft,
        content: Content,
        at: Instant,
    ) -> Result<Self, Fault> {
        let mut addresses: Vec<(AddressPart, String)> = Vec::new();
        for (part, mailbox) in content.everybody() {
            // Twice the same address is one delivery; where it stands first counts.
            let is_there = |(_, other): &(_, String)| other.eq_ignore_ascii_case(&mailbox.email);
            if !addresses.iter().any(is_there) {
                addresses.push((part, mailbox.email.clone()));
            }
        }
        Ok(Self {
            id: app.row_id()?,
            public_id: app.public_id()?,
            channel: Channel::Mail,
            kind: draft.kind,
            loan_id: draft.loan_id.as_ref(),
            lead_id: draft.lead_id.as_ref(),
            crm_id: draft.crm_id.as_deref(),
            crm_code: draft.crm_code.as_deref(),
            created_by: &draft.created_by,
            at,
            archived_at: None,
            addresses,
            content,
        })
    }
}

fn only(mut refs: Vec<MessageRef>) -> Result<MessageRef, Fault> {
    refs.pop()
        .ok_or_else(|| Fault::internal("a message was not written"))
}

async fn store_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    mut messages: Vec<Written<'_>>,
) -> Result<Vec<MessageRef>, Fault> {
    let mut sealed = Vec::with_capacity(messages.len());
    for message in &messages {
        sealed.push(message.content.seal(app, &message.id)?);
    }
    let mut missing: Vec<usize> = (0..messages.len()).collect();
    for _ in 0..DRAWS {
        let new: Vec<NewMessage<'_>> = missing
            .iter()
            .filter_map(|at| Some(row(org, messages.get(*at)?, sealed.get(*at)?)))
            .collect();
        let is_written = insert_many_in(tx, &new).await?;
        drop(new);
        let taken = missing.iter().zip(is_written).filter(|(_, done)| !done);
        missing = taken.map(|(at, _)| *at).collect();
        if missing.is_empty() {
            break;
        }
        for at in &missing {
            if let Some(message) = messages.get_mut(*at) {
                message.public_id = app.public_id()?;
            }
        }
    }
    if !missing.is_empty() {
        return Err(Fault::internal("no public id is free"));
    }
    deliveries_in(app, tx, org, &messages).await?;
    let refs = messages.into_iter().map(|message| MessageRef {
        id: message.id,
        public_id: message.public_id,
    });
    Ok(refs.collect())
}

fn row<'a>(org: &'a Organisation, message: &'a Written<'_>, sealed: &'a [u8]) -> NewMessage<'a> {
    NewMessage {
        org_id: &org.id,
        id: &message.id,
        public_id: &message.public_id,
        lender_org_id: org.lender_id(),
        channel: message.channel,
        kind: message.kind,
        loan_id: message.loan_id,
        lead_id: message.lead_id,
        content_sealed: sealed,
        crm_id: message.crm_id,
        crm_code: message.crm_code,
        created_at: message.at,
        created_by: message.created_by,
        archived_at: message.archived_at,
    }
}

async fn deliveries_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    messages: &[Written<'_>],
) -> Result<(), Fault> {
    let mut ids = Vec::new();
    for message in messages {
        for _ in &message.addresses {
            ids.push(app.row_id()?);
        }
    }
    let each = messages.iter().flat_map(|message| {
        let places = (0_u32..).zip(&message.addresses);
        places.map(move |(position, address)| (message, position, address))
    });
    let mut new = Vec::with_capacity(ids.len());
    let mut to_send = Vec::new();
    for ((message, position, (part, address)), id) in each.zip(&ids) {
        let state = if message.archived_at.is_some() {
            DeliveryState::Archived
        } else {
            to_send.push((message.channel, id.clone()));
            DeliveryState::Waiting
        };
        new.push(NewDelivery {
            org_id: &org.id,
            message_id: &message.id,
            position,
            id,
            part: *part,
            address,
            state,
            created_at: message.at,
        });
    }
    insert_deliveries_in(tx, &new).await?;
    ask_in(app, tx, &org.id, &to_send).await
}

/// Who a mail of an organisation is from when nobody in particular is named.
fn own_sender(app: &App, org: &Organisation, settings: &Messaging) -> Mailbox {
    let own = settings.sender_email.as_ref();
    let own = own.filter(|email| settings.may_send_as(email));
    let name = settings.sender_name.as_ref().unwrap_or(&org.name);
    Mailbox {
        name: name.clone(),
        email: own.cloned().unwrap_or_else(|| app.mail_from().email),
    }
}

/// Who a mail is from and where answers go. Receivers believe a sender's domain only when its owner
/// let us send for it (RFC 7489): a sender of any other is named, answered, and does not send.
fn sender(
    app: &App,
    org: &Organisation,
    settings: &Messaging,
    draft: &MailDraft,
) -> (Mailbox, Vec<Mailbox>) {
    let own = own_sender(app, org, settings);
    let answers_to = |first: Option<&Mailbox>| {
        if draft.reply_to.is_empty() {
            first.cloned().into_iter().collect()
        } else {
            draft.reply_to.clone()
        }
    };
    match &draft.sender {
        None => {
            let reply_to = settings.reply_to.as_ref().map(|email| Mailbox {
                name: String::new(),
                email: email.clone(),
            });
            (own, answers_to(reply_to.as_ref()))
        }
        Some(wished) if is_same(wished, &own) || settings.may_send_as(&wished.email) => {
            (wished.clone(), answers_to(None))
        }
        Some(wished) => {
            let name = [&wished.name, &own.name];
            let name = name.into_iter().find(|name| !name.trim().is_empty());
            let from = Mailbox {
                name: name.cloned().unwrap_or_default(),
                email: own.email,
            };
            (from, answers_to(Some(wished)))
        }
    }
}

fn is_same(wished: &Mailbox, own: &Mailbox) -> bool {
    wished.email.eq_ignore_ascii_case(&own.email) && !host(&own.email).is_empty()
}
