//! Where text messages are handed over: a provider, or a catcher.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use lintel_domain::id::RowId;

use super::{Handed, PostFuture};

/// Takes text messages.
pub trait Sms: Send + Sync {
    /// Hands one text message over. It may come again, as a letter may; the delivery is the same
    /// then, and a provider that is told of it can see that.
    fn send<'a>(&'a self, message: &'a OutgoingSms) -> PostFuture<'a>;
}

/// A text message on its way to one telephone.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingSms {
    /// The delivery this is.
    pub delivery: RowId,
    /// Number it goes to, `+` and digits (E.164).
    pub number: String,
    /// What it says.
    pub text: String,
}

impl fmt::Debug for OutgoingSms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingSms")
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
}

/// Keeps text messages in memory, and fails as it is told to: for tests.
#[derive(Debug, Default)]
pub struct MemorySms {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    messages: BTreeMap<String, OutgoingSms>,
    handed_over: usize,
    to_fail: usize,
    refused: BTreeSet<String>,
}

impl MemorySms {
    fn with<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers [`Handed::Later`] to the next so many messages.
    pub fn fail(&self, times: usize) {
        self.with(|kept| kept.to_fail = times);
    }

    /// Refuses every message to a number from now on.
    pub fn refuse(&self, number: &str) {
        self.with(|kept| kept.refused.insert(number.to_owned()));
    }

    /// Every message taken, the same delivery once, in the order they were written.
    #[must_use]
    pub fn messages(&self) -> Vec<OutgoingSms> {
        self.with(|kept| kept.messages.values().cloned().collect())
    }

    /// How often a message was taken.
    #[must_use]
    pub fn handed_over(&self) -> usize {
        self.with(|kept| kept.handed_over)
    }
}

impl Sms for MemorySms {
    fn send<'a>(&'a self, message: &'a OutgoingSms) -> PostFuture<'a> {
        let handed = self.with(|kept| {
            if kept.to_fail > 0 {
                kept.to_fail -= 1;
                let answer = "503 told to fail".to_owned();
                return Handed::Later {
                    answer,
                    after: None,
                    perhaps_taken: false,
                };
            }
            if kept.refused.contains(&message.number) {
                let answer = "400 told to refuse".to_owned();
                let is_gone = false;
                return Handed::Refused { answer, is_gone };
            }
            kept.handed_over += 1;
            let key = message.delivery.as_str().to_owned();
            kept.messages.insert(key, message.clone());
            let answer = "202 kept".to_owned();
            Handed::Taken { answer }
        });
        Box::pin(std::future::ready(handed))
    }
}
