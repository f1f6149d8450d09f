//! Where loans are fetched from: lenders' own loan origination systems.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use lintel_domain::id::Instant;

use crate::los::LosSettings;

/// Fetching a loan, under way.
pub type LosFuture<'a> = Pin<Box<dyn Future<Output = Result<LosAnswer, LosFault>> + Send + 'a>>;

/// Fetches loans.
pub trait Los: Send + Sync {
    /// Fetches one loan's document. Repeats what is worth repeating by itself, within a bound, and
    /// asks a system that keeps failing only now and then.
    ///
    /// # Errors
    /// A [`LosFault`] that says why there is no document.
    fn fetch<'a>(&'a self, call: LosCall<'a>) -> LosFuture<'a>;
}

/// What one fetch is about.
#[derive(Debug, Clone, Copy)]
pub struct LosCall<'a> {
    /// Names the connector: the row id of the organisation it belongs to.
    pub connector: &'a str,
    /// When its settings last changed: what was learned with older ones is forgotten.
    pub edition: Instant,
    /// How the system is reached.
    pub settings: &'a LosSettings,
    /// The loan that is wanted.
    pub loan: &'a LosLoan,
}

/// A loan as its system names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LosLoan {
    /// The loan's number.
    pub id: String,
    /// The loan's other number, for systems that have one.
    pub guid: Option<String>,
}

/// What a system gave.
#[derive(Clone, PartialEq, Eq)]
pub struct LosAnswer {
    /// The loan's document, not looked at yet.
    pub document: Vec<u8>,
}

impl fmt::Debug for LosAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LosAnswer")
            .field("bytes", &self.document.len())
            .finish()
    }
}

/// Why there is no document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LosFaultKind {
    /// The system has no such loan.
    NotFound,
    /// The system is asked by the loan's other number, and none was given.
    GuidNeeded,
    /// The system does not accept the connector's credentials.
    Refused,
    /// It did not answer in time.
    TimedOut,
    /// It cannot be reached, or answers that it cannot answer.
    Unavailable {
        /// Seconds after which it wants to be asked again, when it says so.
        retry_after_s: Option<u32>,
    },
    /// It answers more than is read.
    TooLarge,
    /// Its answer holds no document, or it sends us somewhere else.
    Garbled,
    /// Too many fetches are under way.
    Busy,
    /// It failed so often that it is left alone for a while.
    CircuitOpen {
        /// When it is asked again.
        until: Instant,
    },
}

impl LosFaultKind {
    /// Whether the same question may be answered a little later, with nobody changing anything.
    #[must_use]
    pub const fn is_worth_repeating(self) -> bool {
        match self {
            Self::TimedOut | Self::Unavailable { .. } | Self::Busy | Self::CircuitOpen { .. } => {
                true
            }
            Self::NotFound | Self::GuidNeeded | Self::Refused | Self::TooLarge | Self::Garbled => {
                false
            }
        }
    }

    /// Seconds after which repeating makes sense; none when nothing is known about that.
    #[must_use]
    pub fn retry_after_s(self, now: Instant) -> Option<u32> {
        match self {
            Self::Unavailable { retry_after_s } => retry_after_s,
            Self::CircuitOpen { until } => {
                let micros = until.micros().saturating_sub(now.micros()).max(0);
                let seconds = micros.saturating_add(999_999).div_euclid(1_000_000).max(1);
                Some(u32::try_from(seconds).unwrap_or(u32::MAX))
            }
            Self::NotFound
            | Self::GuidNeeded
            | Self::Refused
            | Self::TimedOut
            | Self::TooLarge
            | Self::Garbled
            | Self::Busy => None,
        }
    }
}

/// A fetch that came to nothing: its kind, and the text an operator needs. No text holds a
/// credential, a query or anything of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LosFault {
    kind: LosFaultKind,
    what: String,
}

impl LosFault {
    /// A fault of a kind, described for the operator.
    #[must_use]
    pub fn new(kind: LosFaultKind, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { kind, what }
    }

    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> LosFaultKind {
        self.kind
    }
}

impl fmt::Display for LosFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for LosFault {}

/// A system in memory, for tests: documents by number, and faults to be told first.
#[derive(Default)]
pub struct MemoryLos(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    documents: BTreeMap<String, Vec<u8>>,
    faults: VecDeque<LosFaultKind>,
    asked: Vec<(String, LosLoan)>,
}

impl MemoryLos {
    fn with<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps a document under a number.
    pub fn keep(&self, number: &str, document: &[u8]) {
        self.with(|m| m.documents.insert(number.to_owned(), document.to_vec()));
    }

    /// Answers the next call that asks with a fault.
    pub fn fail(&self, kind: LosFaultKind) {
        self.with(|m| m.faults.push_back(kind));
    }

    /// Every question so far: which connector, which loan.
    #[must_use]
    pub fn asked(&self) -> Vec<(String, LosLoan)> {
        self.with(|m| m.asked.clone())
    }
}

impl fmt::Debug for MemoryLos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryLos")
    }
}

impl Los for MemoryLos {
    fn fetch<'a>(&'a self, call: LosCall<'a>) -> LosFuture<'a> {
        let LosLoan { id, guid } = call.loan;
        let answer = self.with(|m| {
            m.asked.push((call.connector.to_owned(), call.loan.clone()));
            if let Some(kind) = m.faults.pop_front() {
                return Err(LosFault::new(kind, "told to fail"));
            }
            let by_guid = || guid.as_ref().and_then(|guid| m.documents.get(guid));
            match m.documents.get(id).or_else(by_guid) {
                Some(document) => Ok(LosAnswer {
                    document: document.clone(),
                }),
                None => Err(LosFault::new(LosFaultKind::NotFound, "no such loan")),
            }
        });
        Box::pin(std::future::ready(answer))
    }
}

/// What an application without connectors answers.
#[derive(Debug)]
pub(crate) struct NoLos;

impl Los for NoLos {
    fn fetch<'a>(&'a self, _: LosCall<'a>) -> LosFuture<'a> {
        let kind = LosFaultKind::Unavailable {
            retry_after_s: None,
        };
        let fault = LosFault::new(kind, "no connectors were opened");
        Box::pin(std::future::ready(Err(fault)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_told_in_whole_seconds() {
        let now = Instant::from_seconds(100);
        let open = |micros| LosFaultKind::CircuitOpen {
            until: Instant::from_micros(micros),
        };
        assert_eq!(open(130_000_000).retry_after_s(now), Some(30));
        assert_eq!(open(100_000_001).retry_after_s(now), Some(1));
        assert_eq!(open(0).retry_after_s(now), Some(1), "in the past");
        assert_eq!(open(i64::MAX).retry_after_s(now), Some(u32::MAX));
        assert_eq!(LosFaultKind::TimedOut.retry_after_s(now), None);
    }

    #[test]
    fn what_is_worth_repeating() {
        let until = Instant::from_seconds(0);
        for (kind, is) in [
            (LosFaultKind::NotFound, false),
            (LosFaultKind::GuidNeeded, false),
            (LosFaultKind::Refused, false),
            (LosFaultKind::TimedOut, true),
            (
                LosFaultKind::Unavailable {
                    retry_after_s: None,
                },
                true,
            ),
            (LosFaultKind::TooLarge, false),
            (LosFaultKind::Garbled, false),
            (LosFaultKind::Busy, true),
            (LosFaultKind::CircuitOpen { until }, true),
        ] {
            assert_eq!(kind.is_worth_repeating(), is, "{kind:?}");
        }
    }
}
