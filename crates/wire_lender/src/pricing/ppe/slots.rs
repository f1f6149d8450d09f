//! How many answers may be on their way to slow readers at once.
//!
//! An answer that does not fit one piece stays in memory, in part, for as long as its client reads.
//! Large ones have few slots, and an organisation only some of those: nobody's bulk keeps all others
//! out.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use lintel_domain::id::RowId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Large answers at once: each keeps a processor busy as long as its client reads.
const LARGE: usize = 8;
/// Large answers of one organisation at once.
const LARGE_OF_ONE: usize = 2;
/// Small answers that did not fit one piece, at once.
const SMALL: usize = 64;

type Counts = Arc<Mutex<HashMap<RowId, usize>>>;

/// The slots of a face. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Slots {
    large: Arc<Semaphore>,
    small: Arc<Semaphore>,
    of_org: Counts,
}

/// A slot, free again when dropped.
pub struct Slot {
    _permit: OwnedSemaphorePermit,
    /// Whose large answer it is.
    counted: Option<(Counts, RowId)>,
}

impl Default for Slots {
    fn default() -> Self {
        Self {
            large: Arc::new(Semaphore::new(LARGE)),
            small: Arc::new(Semaphore::new(SMALL)),
            of_org: Arc::default(),
        }
    }
}

impl Slots {
    /// A slot for a large answer; none when the organisation, or everybody, has too many.
    pub fn large(&self, org: &RowId) -> Option<Slot> {
        let permit = Arc::clone(&self.large).try_acquire_owned().ok()?;
        let mut counts = self.of_org.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(org.clone()).or_default();
        if *count >= LARGE_OF_ONE {
            return None;
        }
        *count += 1;
        Some(Slot {
            _permit: permit,
            counted: Some((Arc::clone(&self.of_org), org.clone())),
        })
    }

    /// A slot for a small answer that has to be streamed all the same.
    pub fn small(&self) -> Option<Slot> {
        let permit = Arc::clone(&self.small).try_acquire_owned().ok()?;
        Some(Slot {
            _permit: permit,
            counted: None,
        })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let Some((counts, org)) = &self.counted else {
            return;
        };
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(org) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) | None => {
                counts.remove(org);
            }
        }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_has_two_and_all_have_eight() {
        let slots = Slots::default();
        let org = |n: usize| RowId::new(format!("org-{n}"));
        let first = slots.large(&org(1));
        let second = slots.large(&org(1));
        assert!(first.is_some() && second.is_some());
        assert!(slots.large(&org(1)).is_none(), "a third of one");
        drop(first);
        let again = slots.large(&org(1));
        assert!(again.is_some(), "one was given back");
        let others: Vec<Slot> = (2..8).filter_map(|n| slots.large(&org(n))).collect();
        assert_eq!(others.len(), 6);
        assert!(slots.large(&org(9)).is_none(), "a ninth of all");
        drop((second, again, others));
        assert!(slots.large(&org(9)).is_some());
        let counts = slots.of_org.lock().unwrap();
        assert!(counts.is_empty(), "{counts:?}");
    }

    #[test]
    fn small_ones_have_slots_of_their_own() {
        let slots = Slots::default();
        let held: Vec<Slot> = std::iter::from_fn(|| slots.small()).collect();
        assert_eq!(held.len(), SMALL);
        assert!(slots.large(&RowId::new("org".to_owned())).is_some());
    }
}
