//! The outside, as small traits: the time, chance, where pictures and documents are kept, who looks
//! for malware in them, who takes letters and text messages.
//!
//! One real and one fake of each. The fakes are public because every crate above tests with them.

mod attachment;
mod blobs;
mod los;
mod post;
mod scan;
mod sms;

pub use attachment::Attachment;
pub(crate) use blobs::NoBlobs;
pub use blobs::{
    BLOB_NAME_MAX_LEN, BlobFuture, BlobPieces, BlobWriter, Blobs, MemoryBlobs, STRETCH_BYTES,
    bad_blob_name, is_blob_name, other_bytes, too_long,
};
pub(crate) use los::NoLos;
pub use los::{Los, LosAnswer, LosCall, LosFault, LosFaultKind, LosFuture, LosLoan, MemoryLos};
pub use post::{
    ANSWER_MAX_CHARS, Handed, Mailbox, MemoryPost, Outgoing, Post, PostFuture, shown_answer,
};
pub use scan::{MarkScanner, ScanFuture, ScanSession, ScanVerdict, Scanner};
pub use sms::{MemorySms, OutgoingSms, Sms};

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use lintel_domain::id::Instant;
use lintel_store::fault::Fault;

/// What time it is.
pub trait Clock: Send + Sync {
    /// The present instant, UTC.
    fn now(&self) -> Instant;
}

/// Where unguessable bytes come from.
pub trait Rng: Send + Sync {
    /// Fills the buffer with random bytes.
    ///
    /// # Errors
    /// When the operating system gives none.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Fault>;
}

/// The operating system's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the clock"
    )]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The operating system's random numbers.
#[derive(Debug)]
pub struct SystemRng(ring::rand::SystemRandom);

impl Default for SystemRng {
    fn default() -> Self {
        Self(ring::rand::SystemRandom::new())
    }
}

impl Rng for SystemRng {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Fault> {
        ring::rand::SecureRandom::fill(&self.0, buffer)
            .map_err(|_| Fault::internal("the operating system gave no random bytes"))
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stands at an instant.
    #[must_use]
    pub const fn at(instant: Instant) -> Self {
        Self(AtomicI64::new(instant.micros()))
    }

    /// Moves by seconds, forwards or backwards.
    pub fn advance(&self, seconds: i64) {
        self.0
            .fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Repeatable bytes for tests: never used where secrets are made for real.
#[derive(Debug)]
pub struct SeededRng(AtomicU64);

impl SeededRng {
    /// Starts a sequence.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Rng for SeededRng {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Fault> {
        for byte in buffer {
            // SplitMix64, one step per byte: spread matters here, speed does not.
            let mut z = self
                .0
                .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst)
                .wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (z ^ (z >> 31)).to_be_bytes()[7];
        }
        Ok(())
    }
}
