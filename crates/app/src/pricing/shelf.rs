//! The books of a node, one slot per organisation.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use lintel_domain::id::{Instant, RowId};
use lintel_store::catalogue;
use lintel_store::fault::Fault;
use tokio::sync::Mutex;

use super::{OrgBook, load};
use crate::context::App;

/// How long a book that nobody asks for stays in memory.
const IDLE_SECONDS: i64 = 3600;

/// Every book this node holds.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    slots: RwLock<HashMap<RowId, Arc<Slot>>>,
}

/// The place of one organisation's book.
#[derive(Debug, Default)]
struct Slot {
    book: RwLock<Option<Arc<OrgBook>>>,
    /// Held while loading: a crowd that comes at once loads one book.
    loading: Mutex<()>,
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
        let head = catalogue::head(app.db(), org_id).await?;
        let is_newest = there
            .as_ref()
            .is_some_and(|book| book.generation == head.generation && book.is_for(app.now()));
        if !is_newest {
            slot.put(&load::newest(app, org_id, there.as_deref()).await?);
        }
        Ok(())
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
