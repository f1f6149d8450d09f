//! What the catcher of a demo or a test took instead of a mail server or a provider.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::message::Channel;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::messaging::{self, StoredCaught};
use serde::{Deserialize, Serialize};

use super::address::one_line;
use super::look::BEGINNING_CHARS;
use crate::context::App;
use crate::keys::Purpose;
use crate::ports::Attachment;

/// Messages kept; the oldest go first.
const KEPT: u32 = 500;
/// Lines of a list.
const LISTED: u32 = 200;

/// A message on its way into the catcher, and out again. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Caught {
    /// By which way it would have gone.
    pub channel: Channel,
    /// Who it is from.
    pub sender: String,
    /// The one address this delivery goes to.
    pub recipient: String,
    /// What it is about; of a text message nothing.
    pub subject: String,
    /// What it says, as text.
    pub text: String,
    /// What it says, as HTML.
    pub html: Option<String>,
    /// The files that go with it.
    pub attachments: Vec<Attachment>,
    /// The bytes a server would have got.
    pub raw: Vec<u8>,
}

impl std::fmt::Debug for Caught {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Caught")
    }
}

/// A line of the list.
#[derive(Clone, PartialEq, Eq)]
pub struct CaughtLine {
    /// Names it.
    pub id: RowId,
    /// By which way it would have gone.
    pub channel: Channel,
    /// Who it is from.
    pub sender: String,
    /// The one address this delivery goes to.
    pub recipient: String,
    /// What it is about; of a text message how it begins.
    pub subject: String,
    /// When it was taken.
    pub caught_at: Instant,
}

impl std::fmt::Debug for CaughtLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CaughtLine")
    }
}

/// A message of the catcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaughtMessage {
    /// Its line.
    pub line: CaughtLine,
    /// What it says, as text.
    pub text: String,
    /// What it says, as HTML, as it would have been sent.
    pub html: Option<String>,
    /// The files that go with it.
    pub attachments: Vec<Attachment>,
    /// The bytes a server would have got.
    pub raw: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    sender: String,
    recipient: String,
    subject: String,
}

#[derive(Serialize, Deserialize)]
struct Body {
    text: String,
    html: Option<String>,
    /// None in what versions before there were any took.
    #[serde(default)]
    attachments: Vec<Attachment>,
    raw: String,
}

/// Takes a message.
///
/// # Errors
/// Any fault of the database or the key ring.
#[boxed]
pub async fn catch(app: &App, caught: &Caught) -> Result<(), Fault> {
    let id = app.row_id()?;
    let head = Head {
        sender: caught.sender.clone(),
        recipient: caught.recipient.clone(),
        subject: match caught.channel {
            Channel::Mail => caught.subject.clone(),
            Channel::Sms => one_line(&caught.text, BEGINNING_CHARS),
        },
    };
    let body = Body {
        text: caught.text.clone(),
        html: caught.html.clone(),
        attachments: caught.attachments.clone(),
        // A message is text; what is not is shown as well as it can be.
        raw: String::from_utf8_lossy(&caught.raw).into_owned(),
    };
    let stored = StoredCaught {
        channel: caught.channel,
        head_sealed: seal(app, &id, &head)?,
        caught_at: app.now(),
        id: id.clone(),
    };
    let sealed = seal(app, &id, &body)?;
    let mut tx = app.db().begin().await?;
    messaging::catch_in(&mut tx, &stored, &sealed, KEPT).await?;
    tx.commit().await
}

/// What was taken, newest first: at most two hundred.
///
/// # Errors
/// Any fault of the database or the key ring.
#[boxed]
pub async fn list(app: &App) -> Result<Vec<CaughtLine>, Fault> {
    let stored = messaging::caught(app.db(), LISTED).await?;
    stored.into_iter().map(|one| line(app, one)).collect()
}

/// One message; any text may be an id.
///
/// # Errors
/// Any fault of the database or the key ring.
#[boxed]
pub async fn one(app: &App, id: &str) -> Result<Option<CaughtMessage>, Fault> {
    let is_id = id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_id {
        return Ok(None);
    }
    let Some((stored, sealed)) = messaging::caught_one(app.db(), id).await? else {
        return Ok(None);
    };
    let body: Body = open(app, &stored.id, &sealed)?;
    Ok(Some(CaughtMessage {
        line: line(app, stored)?,
        text: body.text,
        html: body.html,
        attachments: body.attachments,
        raw: body.raw.into_bytes(),
    }))
}

/// Throws everything away; how much it was.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn clear(app: &App) -> Result<u64, Fault> {
    let mut tx = app.db().begin().await?;
    let count = messaging::clear_caught_in(&mut tx).await?;
    tx.commit().await?;
    Ok(count)
}

fn line(app: &App, stored: StoredCaught) -> Result<CaughtLine, Fault> {
    let head: Head = open(app, &stored.id, &stored.head_sealed)?;
    Ok(CaughtLine {
        channel: stored.channel,
        sender: head.sender,
        recipient: head.recipient,
        subject: head.subject,
        caught_at: stored.caught_at,
        id: stored.id,
    })
}

fn seal<T: Serialize>(app: &App, id: &RowId, value: &T) -> Result<Vec<u8>, Fault> {
    let plain = serde_json::to_vec(value)
        .map_err(|e| Fault::internal("a caught message cannot be written").caused_by(e))?;
    app.keys()
        .seal(Purpose::Caught, id.as_str(), &plain, app.rng())
}

fn open<T: for<'de> Deserialize<'de>>(app: &App, id: &RowId, sealed: &[u8]) -> Result<T, Fault> {
    let plain = app.keys().unseal(Purpose::Caught, id.as_str(), sealed)?;
    // The parser's message may quote what it read: it is left out.
    serde_json::from_slice(&plain)
        .map_err(|_| Fault::corrupt("caught_message", "content_sealed", id.as_str()))
}
