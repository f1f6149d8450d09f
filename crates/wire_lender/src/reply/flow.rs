//! An answer that is written while it is sent.
//!
//! The writing is done by a task of its own: a client that stops reading is given up on after a while
//! and holds nothing up. An answer without its last piece ends in an error, so that no client takes half
//! of one for a whole.

use std::fmt;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

/// Pieces that may wait for a slow client.
const PIECES_WAITING: usize = 4;
/// How long a client may read nothing at all, and read slowly before its pace is looked at.
const SILENCE: Duration = Duration::from_secs(60);
/// Least bytes a second, over all the time spent waiting for the client.
const LEAST_PACE: u64 = 32 * 1024;

/// The writing end of an answer. Dropped without [`Flow::finish`], the answer breaks off.
#[derive(Debug)]
pub struct Flow {
    sender: Sender<Piece>,
    end: Instant,
    pace: Pace,
}

/// The client is gone, asleep or too slow, or the answer takes too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

/// An answer that may take this long altogether: where it is written, and its body.
pub fn open(longest: Duration) -> (Flow, Body) {
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    let flow = Flow {
        sender,
        end: Instant::now() + longest,
        pace: Pace::default(),
    };
    (flow, body(receiver))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the task ends with its answer, with a client that stops reading, and at the flow's end"
)]
/// Starts the task that writes.
pub fn start(write: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(write.instrument(tracing::Span::current()));
}

impl Flow {
    /// Hands on a piece that is not the last.
    ///
    /// # Errors
    /// When it is of no use to go on.
    pub async fn send(&mut self, bytes: Bytes) -> Result<(), Gone> {
        let size = bytes.len();
        let asked = Instant::now();
        self.hand_on(Piece::More(bytes), asked).await?;
        self.pace.note(size, asked.elapsed());
        if self.pace.is_too_slow() {
            return Err(Gone);
        }
        Ok(())
    }

    /// Hands on the last piece, which may be empty.
    pub async fn finish(self, bytes: Bytes) {
        // A client that went away at the very end misses nothing it can be told.
        let _ = self.hand_on(Piece::Last(bytes), Instant::now()).await;
    }

    async fn hand_on(&self, piece: Piece, asked: Instant) -> Result<(), Gone> {
        if asked >= self.end {
            return Err(Gone);
        }
        let patience = self.end.min(asked + SILENCE);
        match timeout_at(patience, self.sender.send(piece)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }
}

/// How fast a client reads. Time spent on writing is not the client's.
#[derive(Debug, Default)]
struct Pace {
    bytes: u64,
    waited: Duration,
}

impl Pace {
    fn note(&mut self, bytes: usize, waited: Duration) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(bytes);
        self.waited = self.waited.saturating_add(waited);
    }

    fn is_too_slow(&self) -> bool {
        let least = LEAST_PACE.saturating_mul(self.waited.as_secs());
        self.waited > SILENCE && self.bytes < least
    }
}

/// A part of an answer.
#[derive(Debug)]
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    const LIMIT: usize = 1024;

    #[tokio::test]
    async fn only_the_last_piece_ends_an_answer() {
        let (mut flow, body) = open(SILENCE);
        assert_eq!(flow.send(Bytes::from_static(b"ab")).await, Ok(()));
        flow.finish(Bytes::from_static(b"c")).await;
        let whole = to_bytes(body, LIMIT).await;
        assert_eq!(whole.ok().as_deref(), Some(&b"abc"[..]));

        let (mut flow, body) = open(SILENCE);
        assert_eq!(flow.send(Bytes::from_static(b"ab")).await, Ok(()));
        drop(flow);
        assert!(to_bytes(body, LIMIT).await.is_err());
    }

    #[tokio::test]
    async fn nothing_is_sent_to_who_is_gone_or_when_it_is_over() {
        let (mut flow, body) = open(SILENCE);
        drop(body);
        assert_eq!(flow.send(Bytes::from_static(b"ab")).await, Err(Gone));
        let (mut flow, _body) = open(Duration::ZERO);
        assert_eq!(flow.send(Bytes::from_static(b"ab")).await, Err(Gone));
    }

    #[test]
    fn slow_readers_are_told_from_fast_ones() {
        let after = |bytes: usize, seconds: u64| {
            let mut pace = Pace::default();
            pace.note(bytes, Duration::from_secs(seconds));
            pace.is_too_slow()
        };
        assert!(!after(0, 60), "not looked at yet");
        assert!(after(256 * 1024, 61));
        assert!(!after(61 * 32 * 1024, 61));
        assert!(!after(4_000_000_000, 3000));
    }
}
