//! Many permutations in one answer: written while it is sent, in bounded memory.
//!
//! Everything that can be refused is refused before the first byte, and the searches of a batch are
//! stored before their bytes leave. What goes wrong later breaks the connection off, so that no
//! client takes half an answer for a whole one. The writing is done by a task of its own: a client
//! that stops reading is given up on after a while and holds nothing up.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use lintel_app::search::{Found, Searching};
use lintel_pricing::priced::Priced;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use super::answer::{self, View};
use crate::error::LenderError;
use crate::refusal::lender_error;
use crate::reply::{Content, Format, Pen};

const NAME: &str = "permutations";
/// Most permutations of a call that needs no slot of its own.
const SMALL: usize = 64;
/// Bytes handed on at a time, about.
const CHUNK_BYTES: usize = 256 * 1024;
/// Chunks that may wait for a slow client.
const CHUNKS_WAITING: usize = 4;
/// Bytes of written places kept to be written again.
const KEPT_BYTES: usize = 32 * 1024 * 1024;
/// How long a client may read nothing at all.
const SILENCE: Duration = Duration::from_secs(60);
/// How long an answer may take altogether.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The permutations of a call, from the first to the last.
pub struct Permutations {
    searching: Searching,
    format: Format,
    pen: Pen,
    view: View,
    batch: VecDeque<Found>,
    kept: Kept,
}

impl Permutations {
    /// Nothing priced yet.
    pub fn new(searching: Searching, format: Format, view: View) -> Self {
        let mut pen = Pen::new(format);
        pen.text("status", "success");
        pen.begin_list(NAME);
        Self {
            searching,
            format,
            pen,
            view,
            batch: VecDeque::new(),
            kept: Kept::default(),
        }
    }

    /// The answer: whole when it is small, otherwise streamed, as many large ones at once as
    /// `streams` allows.
    ///
    /// # Errors
    /// Busy, and what pricing the first batch runs into.
    pub async fn answer(mut self, streams: &Arc<Semaphore>) -> Result<Content, LenderError> {
        let slot = if self.searching.total() > SMALL {
            let slot = Arc::clone(streams).try_acquire_owned();
            Some(slot.map_err(|_| LenderError::busy())?)
        } else {
            None
        };
        let is_last = self.chunk().await?;
        let first = Bytes::from(self.pen.take());
        if is_last {
            return Ok(Content::Written(first.into()));
        }
        let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
        start(self.write(sender, first, slot));
        Ok(Content::Streamed(body(receiver)))
    }

    /// Hands on chunk after chunk until the last, a failure, or a client that is gone or asleep.
    async fn write(
        mut self,
        sender: Sender<Piece>,
        first: Bytes,
        _slot: Option<OwnedSemaphorePermit>,
    ) {
        let end = Instant::now() + LONGEST;
        let mut piece = Piece::More(first);
        loop {
            let is_last = matches!(piece, Piece::Last(_));
            let patience = end.min(Instant::now() + SILENCE);
            match timeout_at(patience, sender.send(piece)).await {
                Ok(Ok(())) if is_last => return,
                Ok(Ok(())) => (),
                // Gone, or asleep: the body breaks off.
                Ok(Err(_)) | Err(_) => return,
            }
            piece = match self.chunk().await {
                Ok(true) => Piece::Last(self.pen.take().into()),
                Ok(false) => Piece::More(self.pen.take().into()),
                // It has been logged where it was translated.
                Err(_) => return,
            };
        }
    }

    /// Writes until there is enough for a chunk; says whether that was the end.
    async fn chunk(&mut self) -> Result<bool, LenderError> {
        while self.pen.len() < CHUNK_BYTES {
            if let Some(found) = self.batch.pop_front() {
                self.permutation(&found);
                continue;
            }
            match self.searching.next().await.map_err(|e| lender_error(&e))? {
                Some(batch) => self.batch.extend(batch),
                None => {
                    self.pen.end_list();
                    self.pen.finish();
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Places that are priced alike are written once and then copied.
    fn permutation(&mut self, found: &Found) {
        let (kept, view) = (&mut self.kept, self.view);
        let catalogue = &self.searching.book.book.catalogue;
        self.pen.item(NAME, |pen| {
            super::head(pen, found);
            if let Some(members) = kept.get(&found.priced) {
                pen.again(members);
                return;
            }
            let mark = pen.mark();
            answer::found(pen, catalogue, &found.priced, view);
            kept.keep(&found.priced, pen.since(mark));
        });
    }
}

impl fmt::Debug for Permutations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permutations")
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// Answers already written, by the identity of what was priced. Forgotten all at once when they have
/// become too many.
#[derive(Default)]
struct Kept {
    /// The priced answer is held on to, so that its address stays its own.
    members: HashMap<usize, (Arc<Priced>, Vec<u8>)>,
    bytes: usize,
}

impl Kept {
    fn key(priced: &Arc<Priced>) -> usize {
        Arc::as_ptr(priced).addr()
    }

    fn get(&self, priced: &Arc<Priced>) -> Option<&[u8]> {
        let (_, members) = self.members.get(&Self::key(priced))?;
        Some(members)
    }

    fn keep(&mut self, priced: &Arc<Priced>, members: &[u8]) {
        if self.bytes.saturating_add(members.len()) > KEPT_BYTES {
            self.members.clear();
            self.bytes = 0;
        }
        self.bytes = self.bytes.saturating_add(members.len());
        let kept = (Arc::clone(priced), members.to_vec());
        self.members.insert(Self::key(priced), kept);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the task ends with its answer, with a client that stops reading, and within an hour"
)]
fn start(write: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(write.instrument(tracing::Span::current()));
}

/// A part of a streamed answer.
enum Piece {
    More(Bytes),
    Last(Bytes),
}

/// The answer broke off before its end.
#[derive(Debug)]
struct BrokeOff;

impl fmt::Display for BrokeOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer broke off before its end")
    }
}

impl std::error::Error for BrokeOff {}

/// A body of the pieces as they come. Without a last one it ends in an error, which the connection
/// passes on by not ending the answer properly.
fn body(receiver: Receiver<Piece>) -> Body {
    let pieces = futures_util::stream::unfold(Some(receiver), async |receiver| {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(Piece::More(bytes)) => Some((Ok(bytes), Some(receiver))),
            Some(Piece::Last(bytes)) => Some((Ok(bytes), None)),
            None => Some((Err(BrokeOff), None)),
        }
    });
    Body::from_stream(pieces)
}
