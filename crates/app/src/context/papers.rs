//! What an application knows about documents coming in: their bounds, and who looks at them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use lintel_domain::id::RowId;
use tokio::sync::Semaphore;

use super::App;
use crate::document::LeftBehind;
use crate::document::rules::DocumentRules;
use crate::ports::{Blobs, NoBlobs, Scanner};

/// Set once, at start.
#[derive(Default)]
pub(super) struct Papers {
    scanner: OnceLock<Arc<dyn Scanner>>,
    rules: OnceLock<DocumentRules>,
    /// One permit for each call that may bring documents at once.
    slots: OnceLock<Arc<Semaphore>>,
    /// Of each organisation with such calls: one permit for each it may have at once.
    org_slots: Mutex<HashMap<RowId, Arc<Semaphore>>>,
    left_behind: LeftBehind,
}

impl App {
    /// As [`App::blobs`], for a stream that outlives a request.
    #[must_use]
    pub fn shared_blobs(&self) -> Arc<dyn Blobs> {
        let set = self.inner.blobs.get();
        set.map_or_else(|| Arc::new(NoBlobs) as Arc<dyn Blobs>, Arc::clone)
    }

    /// Says who looks for malware in documents. Once, at start; saying it again changes nothing.
    pub fn set_scanner(&self, scanner: Arc<dyn Scanner>) {
        let _ = self.inner.papers.scanner.set(scanner);
    }

    /// Who looks for malware in documents; `None` when nobody was named.
    #[must_use]
    pub fn scanner(&self) -> Option<Arc<dyn Scanner>> {
        self.inner.papers.scanner.get().map(Arc::clone)
    }

    /// Says how much documents may bring. Once, at start; saying it again changes nothing.
    pub fn set_document_rules(&self, rules: DocumentRules) {
        let _ = self.inner.papers.rules.set(rules);
    }

    /// How much documents may bring. Until that is said, as [`DocumentRules::default`] has it.
    #[must_use]
    pub fn document_rules(&self) -> DocumentRules {
        self.inner.papers.rules.get().copied().unwrap_or_default()
    }

    /// One permit for each call that may bring documents at once, as many as the rules had when this
    /// was first asked.
    #[must_use]
    pub fn upload_slots(&self) -> Arc<Semaphore> {
        let slots = || Arc::new(Semaphore::new(self.document_rules().uploads_at_once));
        Arc::clone(self.inner.papers.slots.get_or_init(slots))
    }

    /// Of [`App::upload_slots`] those one organisation may have at once: all but one, so that nobody
    /// has them all, unless there is only one.
    pub(crate) fn upload_slots_of(&self, org_id: &RowId) -> Arc<Semaphore> {
        let of_orgs = &self.inner.papers.org_slots;
        let mut slots = of_orgs.lock().unwrap_or_else(PoisonError::into_inner);
        // Every permit and whoever waits for one holds its semaphore: the others are not needed.
        slots.retain(|_, slots| Arc::strong_count(slots) > 1);
        let most = self.document_rules().uploads_at_once.saturating_sub(1);
        let new = || Arc::new(Semaphore::new(most.max(1)));
        Arc::clone(slots.entry(org_id.clone()).or_insert_with(new))
    }

    /// Blobs of calls that broke off in this process.
    pub(crate) fn left_behind(&self) -> &LeftBehind {
        &self.inner.papers.left_behind
    }
}
