//! Many permutations in one answer: written while it is sent, in bounded memory.
//!
//! Everything that can be refused is refused before the first byte, and the searches of a batch are
//! stored before their bytes leave. What goes wrong later breaks the connection off.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lintel_app::search::{Found, Searching};
use lintel_domain::id::RowId;
use lintel_pricing::priced::Priced;

use super::answer::{self, View};
use super::slots::{Slot, Slots};
use crate::error::LenderError;
use crate::refusal::lender_error;
use crate::reply::flow::{self, Flow};
use crate::reply::{Content, Format, Pen};

const NAME: &str = "permutations";
/// Most permutations of a small answer: they are priced together.
const SMALL: usize = 64;
/// Bytes handed on at a time, about.
const CHUNK_BYTES: usize = 256 * 1024;
/// Bytes kept of a large answer to be written again: texts, and as much again for what they are
/// written from.
const KEPT_BYTES: usize = 32 * 1024 * 1024;
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
    org_id: RowId,
}

impl Permutations {
    /// Nothing priced yet.
    pub fn new(searching: Searching, org_id: &RowId, format: Format, view: View) -> Self {
        let is_large = searching.total() > SMALL;
        let mut pen = Pen::new(format);
        pen.text("status", "success");
        pen.begin_list(NAME);
        Self {
            searching,
            format,
            pen,
            view,
            batch: VecDeque::new(),
            kept: Kept::new(if is_large { KEPT_BYTES } else { 0 }),
            org_id: org_id.clone(),
        }
    }

    /// The answer: whole when it fits one piece, otherwise streamed, as many at once as there are
    /// slots.
    ///
    /// # Errors
    /// Busy, and what pricing the first batch runs into.
    pub async fn answer(mut self, slots: &Slots) -> Result<Content, LenderError> {
        // A large one is refused before anything is priced and stored.
        let large = if self.searching.total() > SMALL {
            Some(slots.large(&self.org_id).ok_or_else(LenderError::busy)?)
        } else {
            None
        };
        let is_last = self.chunk().await?;
        let first = Bytes::from(self.pen.take());
        if is_last {
            return Ok(Content::Written(first.into()));
        }
        let slot = large.or_else(|| slots.small());
        let slot = slot.ok_or_else(LenderError::busy)?;
        let (flow, body) = flow::open(LONGEST);
        flow::start(self.write(flow, first, slot));
        Ok(Content::Streamed(body))
    }

    /// Hands on chunk after chunk until the last, a failure, or a client that is gone, asleep or
    /// slow.
    async fn write(mut self, mut flow: Flow, first: Bytes, _slot: Slot) {
        let mut chunk = first;
        while flow.send(chunk).await.is_ok() {
            // A failure has been logged where it was translated.
            let Ok(is_last) = self.chunk().await else {
                return;
            };
            chunk = self.pen.take().into();
            if is_last {
                return flow.finish(chunk).await;
            }
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
struct Kept {
    /// The priced answer is held on to, so that its address stays its own.
    members: HashMap<usize, (Arc<Priced>, Vec<u8>)>,
    bytes: usize,
    most_bytes: usize,
}

impl Kept {
    fn new(most_bytes: usize) -> Self {
        Self {
            members: HashMap::new(),
            bytes: 0,
            most_bytes,
        }
    }

    fn key(priced: &Arc<Priced>) -> usize {
        Arc::as_ptr(priced).addr()
    }

    fn get(&self, priced: &Arc<Priced>) -> Option<&[u8]> {
        let (_, members) = self.members.get(&Self::key(priced))?;
        Some(members)
    }

    fn keep(&mut self, priced: &Arc<Priced>, members: &[u8]) {
        // What it was written from is about as large.
        let weight = members.len().saturating_mul(2);
        if weight > self.most_bytes {
            return;
        }
        if self.bytes.saturating_add(weight) > self.most_bytes {
            self.members.clear();
            self.bytes = 0;
        }
        self.bytes = self.bytes.saturating_add(weight);
        let kept = (Arc::clone(priced), members.to_vec());
        self.members.insert(Self::key(priced), kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded_and_told_apart() {
        let mut kept = Kept::new(100);
        let (one, other) = (Arc::new(Priced::default()), Arc::new(Priced::default()));
        assert!(kept.get(&one).is_none());
        kept.keep(&one, b"one");
        assert_eq!(kept.get(&one), Some(&b"one"[..]));
        assert!(kept.get(&other).is_none());
        kept.keep(&other, &[0; 49]);
        assert!(kept.get(&one).is_none(), "forgotten, to stay within bounds");
        assert_eq!(kept.get(&other).map(<[u8]>::len), Some(49));
        kept.keep(&one, &[0; 51]);
        assert!(kept.get(&one).is_none(), "too large to be kept at all");
        let mut nothing = Kept::new(0);
        nothing.keep(&one, b"one");
        assert!(nothing.get(&one).is_none());
    }
}
