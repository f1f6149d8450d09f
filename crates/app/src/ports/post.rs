//! Where letters are handed over: a folder now, a mail server one day.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use lintel_store::fault::{Fault, FaultKind};

use crate::mail::Letter;

/// Handing a letter over, under way.
pub type PostFuture<'a> = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + 'a>>;

/// Takes letters.
pub trait Post: Send + Sync {
    /// Takes a letter. A letter that comes again, which happens when a process dies at the wrong
    /// moment, has the same id; taking it again must do no harm.
    fn send<'a>(&'a self, letter: &'a Letter) -> PostFuture<'a>;
}

/// Keeps letters in memory, and fails as often as it is told to: for tests.
#[derive(Debug, Default)]
pub struct MemoryPost {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    letters: BTreeMap<String, Letter>,
    handed_over: usize,
    to_fail: usize,
}

impl MemoryPost {
    fn with<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Refuses the next so many letters.
    pub fn fail(&self, times: usize) {
        self.with(|kept| kept.to_fail = times);
    }

    /// Every letter, the same one once, in the order they were written.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.with(|kept| kept.letters.values().cloned().collect())
    }

    /// How often a letter was handed over.
    #[must_use]
    pub fn handed_over(&self) -> usize {
        self.with(|kept| kept.handed_over)
    }
}

impl Post for MemoryPost {
    fn send<'a>(&'a self, letter: &'a Letter) -> PostFuture<'a> {
        let result = self.with(|kept| {
            if kept.to_fail > 0 {
                kept.to_fail -= 1;
                return Err(Fault::new(FaultKind::Unavailable, "told to fail"));
            }
            kept.handed_over += 1;
            kept.letters.insert(letter.id.clone(), letter.clone());
            Ok(())
        });
        Box::pin(std::future::ready(result))
    }
}
