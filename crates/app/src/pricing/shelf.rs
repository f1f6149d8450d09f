//! The books of a node, one slot per organisation.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use lintel_domain::id::{Instant, RowId};
use lintel_store::catalogue;
use lintel_store::fault::{Fault, FaultKind};
use tokio::sync::Mutex;

use super::{OrgBook, load};
use crate::context::App;

/// How long a book that nobody asks for stays in memory.
const IDLE_SECONDS: i64 = 3600;
/// Books of the past that are kept.
const OLD: usize = 4;
/// How long somebody waits for others' books of the past.
const OLD_WAIT: Duration = Duration::from_secs(10);

/// Every book this node holds.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    slots: RwLock<HashMap<RowId, Arc<Slot>>>,
    /// Books of the past that were made again lately, the newest last.
    old: RwLock<VecDeque<Arc<OrgBook>>>,
    /// Held while making one: it takes as much work and memory as a catalogue is large.
    remaking: Mutex<()>,
}

/// The place of one organisation's book.
#[derive(Debug, Default)]
struct Slot {
    book: RwLock<Option<Arc<OrgBook>>>,
    /// Held while loading: a crowd that comes at once loads one book.
    loading: Mutex<()>,
    /// Held while a change of the organisation's catalogue is worked out and written.
    changing: Arc<Mutex<()>>,
    used_at_us: AtomicI64,
}

impl Slot {
    fn peek(&self) -> Option<Arc<OrgBook>> {
        self.book
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn put(&self, book: &Arc<OrgBook>) {
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(book));
    }
}

impl Shelf {
    /// The book for an instant, loaded when it is not there.
    pub(crate) async fn book(
        &self,
        app: &App,
        org_id: &RowId,
        now: Instant,
    ) -> Result<Arc<OrgBook>, Fault> {
        let slot = self.slot(org_id);
        slot.used_at_us.store(now.micros(), Ordering::Relaxed);
        if let Some(book) = slot.peek().filter(|book| book.is_for(now)) {
            return Ok(book);
        }
        let _loading = slot.loading.lock().await;
        let there = slot.peek();
        if let Some(book) = there.as_ref().filter(|book| book.is_for(now)) {
            return Ok(Arc::clone(book));
        }
        let book = load::newest(app, org_id, there.as_deref()).await?;
        slot.put(&book);
        Ok(book)
    }

    /// A book of the past. One is made at a time, and the last few are kept: asking for many old
    /// answers at once cannot pile up work or memory.
    pub(crate) async fn old(
        &self,
        app: &App,
        org_id: &RowId,
        generation: i64,
        at: Instant,
    ) -> Result<Arc<OrgBook>, Fault> {
        let known = || {
            let old = self.old.read().unwrap_or_else(PoisonError::into_inner);
            let is_it = |book: &&Arc<OrgBook>| {
                let is_same = book.org_id == *org_id && book.generation == generation;
                is_same && book.as_of <= at && book.is_for(at)
            };
            old.iter().find(is_it).map(Arc::clone)
        };
        if let Some(book) = known() {
            return Ok(book);
        }
        let waiting = tokio::time::timeout(OLD_WAIT, self.remaking.lock());
        let _remaking = waiting
            .await
            .map_err(|_| Fault::new(FaultKind::Busy, "too many old prices are being made again"))?;
        if let Some(book) = known() {
            return Ok(book);
        }
        let book = load::at(app, org_id, generation, at, None).await?;
        let mut old = self.old.write().unwrap_or_else(PoisonError::into_inner);
        if old.len() >= OLD {
            old.pop_front();
        }
        old.push_back(Arc::clone(&book));
        Ok(book)
    }

    /// The book as it is, whether or not it is the newest.
    pub(crate) fn peek(&self, org_id: &RowId) -> Option<Arc<OrgBook>> {
        self.existing(org_id)?.peek()
    }

    /// Swaps the book for the newest one, if there is a newer one. A book that is not held needs no
    /// swapping: whoever asks for it loads the newest.
    pub(crate) async fn refresh(&self, app: &App, org_id: &RowId) -> Result<(), Fault> {
        let Some(slot) = self.existing(org_id) else {
            return Ok(());
        };
        let _loading = slot.loading.lock().await;
        let there = slot.peek();
        if there.is_none() {
            return Ok(());
        }
        let head = catalogue::head(app.db(), org_id).await?;
        let is_newest = there
            .as_ref()
            .is_some_and(|book| book.generation == head.generation && book.is_for(app.now()));
        if !is_newest {
            slot.put(&load::newest(app, org_id, there.as_deref()).await?);
        }
        Ok(())
    }

    /// What to hold while changing an organisation's catalogue: changes made on one node wait for
    /// one another. Those of other nodes are found out by the transaction.
    pub(crate) fn turn(&self, org_id: &RowId, now: Instant) -> Arc<Mutex<()>> {
        let slot = self.slot(org_id);
        slot.used_at_us.store(now.micros(), Ordering::Relaxed);
        Arc::clone(&slot.changing)
    }

    /// Organisations whose books are held, with generation and whether the book is still for `now`.
    /// Those that nobody asked for in a while are let go first.
    pub(crate) fn held(&self, now: Instant) -> Vec<(RowId, i64, bool)> {
        let oldest = now.plus_seconds(-IDLE_SECONDS).micros();
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|_, slot| slot.used_at_us.load(Ordering::Relaxed) >= oldest);
        let held = slots.iter().filter_map(|(org_id, slot)| {
            let book = slot.peek()?;
            Some((org_id.clone(), book.generation, book.is_for(now)))
        });
        held.collect()
    }

    fn existing(&self, org_id: &RowId) -> Option<Arc<Slot>> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.get(org_id).map(Arc::clone)
    }

    fn slot(&self, org_id: &RowId) -> Arc<Slot> {
        if let Some(slot) = self.existing(org_id) {
            return slot;
        }
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(org_id.clone()).or_default())
    }
}
