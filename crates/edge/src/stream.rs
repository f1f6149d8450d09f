//! Forms with large contents, read while they come.
//!
//! A request that carries files as base64 inside its payload is far larger than everything else in it.
//! Here such contents go to a [`Sink`] piece by piece, as they come over the wire; everything else
//! becomes the same [`Form`] as in [`BodyGate::form`], with a content's number where the content was.
//! The three kinds of bodies, the names and the bounds of forms are those of whole bodies.
//!
//! Memory: what is gathered beside the contents, at most [`StreamBounds::gathered_bytes`] (larger
//! amounts hold room in the body budget as any body does), and some ten pieces of [`PIECE`] bytes.

mod base64;
mod fields;
mod out;
mod parts;
mod percent;
mod reading;
mod scan;
mod unescape;
mod utf8;

pub use base64::{Base64, NotBase64};
pub use out::{Begin, FileHead};

use crate::body::{BodyError, BodyGate, is_compressed};
use crate::deadline::Deadline;
use crate::form::{Form, Kind, content_type_of, text_parts, weight};
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use bytes::Bytes;
use http_body_util::BodyExt;
use out::{Out, Step};
use reading::Reading;
use scan::KnownTexts;
use std::future::Future;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Bytes of a body that are looked at in one go.
pub const PIECE: usize = 16 * 1024;

/// How much of a longer deadline is kept for the work after the body.
const FOR_THE_WORK: Duration = Duration::from_secs(5);

/// Which values of a request are contents: in `field`, a JSON text, an object of a JSON body or a group
/// of bracket names, the texts `lists[i].member`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The field of the form.
    pub field: &'static str,
    /// Its lists that hold contents.
    pub lists: &'static [&'static str],
    /// The member of an item that is a content, when it is a text.
    pub member: &'static str,
    /// File parts of a multipart body that are contents themselves, by the name before any bracket.
    pub files: &'static [&'static str],
    /// Texts of the form that the sink may want to know before the end.
    pub known: &'static [&'static str],
}

/// How large such a request may be. Silence and time are those of every body, unless the sink asks the
/// request's [`Deadline`] for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamBounds {
    /// Largest body in bytes, contents as they are sent.
    pub body_bytes: u64,
    /// Most bytes of everything that is no content.
    pub gathered_bytes: usize,
}

/// What the form says so far.
#[derive(Debug, Clone, Copy)]
pub struct SoFar<'a>(&'a KnownTexts);

impl SoFar<'_> {
    /// A text of [`Wanted::known`] that has come already. A later one of the same name may replace it,
    /// so whatever is decided by it has to be compared with the finished form.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)
    }
}

/// Takes contents, one after the other. A content whose form turns out to be malformed is handed on
/// all the same: only the finished form says which contents count.
pub trait Sink: Send {
    /// Why it takes no more.
    type Error: Send;

    /// A content begins; the one before has ended.
    fn begin(
        &mut self,
        begin: &Begin,
        so_far: SoFar<'_>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// The content goes on.
    fn bytes(&mut self, bytes: &[u8]) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// The content has ended.
    fn end(&mut self) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Why a form was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped<E> {
    /// The body.
    Body(BodyError),
    /// The sink.
    Sink(E),
}

impl<E> From<BodyError> for Stopped<E> {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

impl BodyGate {
    /// Reads a form and hands its contents to the sink. When the form or the sink stops the reading,
    /// a little more of the body is read and thrown away, so that the caller hears the answer.
    ///
    /// # Errors
    /// Those of [`BodyGate::form`], [`BodyError::TooMuchBeside`], and the sink's own.
    pub async fn stream<S: Sink>(
        &self,
        request: Request,
        wanted: Wanted,
        bounds: StreamBounds,
        sink: &mut S,
    ) -> Result<Form, Stopped<S::Error>> {
        if is_compressed(&request) {
            return Err(BodyError::UnsupportedType.into());
        }
        let content_type = content_type_of(&request)?;
        let kind = Kind::of(content_type.as_deref())?;
        let content_type = content_type.unwrap_or_default();
        let deadline = request.extensions().get::<Deadline>().cloned();
        let mut source = Source::new(self, deadline, bounds, request.into_body())?;
        let is_urlencoded = kind == Kind::Urlencoded;
        let most = bounds.gathered_bytes;
        let read = async {
            let mut reading = Reading::of(kind, &content_type, wanted, most).await?;
            let mut out = Out::new(is_urlencoded);
            let mut ticket = self.ticket();
            while let Some(chunk) = source.next().await? {
                for piece in chunk.chunks(PIECE) {
                    reading.push(piece, &mut out)?;
                    ticket.cover(reading.gathered()).await?;
                    deliver(&mut out, reading.known(), sink).await?;
                }
            }
            ticket
                .cover(weight(reading.gathered(), [reading.kept()]))
                .await?;
            let gathered = reading.gathered();
            let mut form = reading.finish(self.json_nodes, &mut out)?;
            if kind != Kind::Json {
                let texts = weight(gathered, text_parts(form.fields(), form.files()));
                ticket.cover(texts).await?;
            }
            deliver(&mut out, &KnownTexts::default(), sink).await?;
            form.hold(ticket);
            Ok(form)
        };
        let stopped = match read.await {
            Ok(form) => return Ok(form),
            Err(stopped) => stopped,
        };
        source.drain().await;
        Err(stopped)
    }
}

/// Hands on what a piece brought.
async fn deliver<S: Sink>(
    out: &mut Out,
    known: &KnownTexts,
    sink: &mut S,
) -> Result<(), Stopped<S::Error>> {
    for step in &out.steps {
        let taken = match step {
            Step::Begin(begin) => sink.begin(begin, SoFar(known)).await,
            Step::Bytes(range) => {
                let bytes = out.bytes.get(range.clone()).unwrap_or_default();
                sink.bytes(bytes).await
            }
            Step::End => sink.end().await,
        };
        taken.map_err(Stopped::Sink)?;
    }
    out.clear();
    Ok(())
}

/// A body within its bounds of size and time.
struct Source {
    body: Body,
    idle: Duration,
    until: Instant,
    deadline: Option<Deadline>,
    most_bytes: u64,
    seen: u64,
    /// Why nothing more will come.
    is_over: bool,
    drain_bytes: u64,
}

impl Source {
    fn new(
        gate: &BodyGate,
        deadline: Option<Deadline>,
        bounds: StreamBounds,
        body: Body,
    ) -> Result<Self, BodyError> {
        if body.size_hint().lower() > bounds.body_bytes {
            return Err(too_large(bounds.body_bytes));
        }
        Ok(Self {
            body,
            idle: gate.idle,
            until: Instant::now() + gate.total,
            deadline,
            most_bytes: bounds.body_bytes,
            seen: 0,
            is_over: false,
            drain_bytes: u64::try_from(gate.body_bytes).unwrap_or(u64::MAX),
        })
    }

    /// When the body has to be there.
    fn until(&self) -> Instant {
        let extended = self.deadline.as_ref().and_then(Deadline::extended);
        let later = extended.and_then(|at| at.checked_sub(FOR_THE_WORK));
        later.map_or(self.until, |later| later.max(self.until))
    }

    async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        let next = self.receive().await;
        self.is_over = !matches!(next, Ok(Some(_)));
        next
    }

    async fn receive(&mut self) -> Result<Option<Bytes>, BodyError> {
        loop {
            let left = self.until().saturating_duration_since(Instant::now());
            // A timer of length zero loses to a body that always has one more byte ready.
            if left.is_zero() {
                return Err(BodyError::TimedOut);
            }
            let frame = match timeout(self.idle.min(left), self.body.frame()).await {
                Err(_) => return Err(BodyError::TimedOut),
                Ok(None) => return Ok(None),
                Ok(Some(Err(_))) => return Err(BodyError::Broken),
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(chunk) = frame.into_data() else {
                continue;
            };
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            self.seen = self.seen.saturating_add(length);
            if self.seen > self.most_bytes {
                return Err(too_large(self.most_bytes));
            }
            return Ok(Some(chunk));
        }
    }

    /// Reads on for as long as an ordinary body may last, and throws it away.
    async fn drain(mut self) {
        if self.is_over {
            return;
        }
        self.deadline = None;
        self.until = self.until.min(Instant::now() + 2 * self.idle);
        self.most_bytes = self
            .most_bytes
            .min(self.seen.saturating_add(self.drain_bytes));
        while let Ok(Some(_)) = self.receive().await {}
    }
}

fn too_large(limit: u64) -> BodyError {
    BodyError::TooLarge {
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    }
}

#[cfg(test)]
mod tests;
