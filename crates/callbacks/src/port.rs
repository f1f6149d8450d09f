//! The outside, as a small trait: names that are looked up, addresses that are called. One real and
//! one fake.

mod https;
mod memory;

use std::net::IpAddr;
use std::time::Duration;

pub use https::{Https, Lookup, SystemLookup};
pub use lintel_app::job::BoxFuture;
use lintel_domain::callback::AttemptOutcome;
pub use memory::{MemoryPort, Sent};

use crate::target::Target;

/// Longest time for one call, all in all.
pub const CALL_LONGEST: Duration = Duration::from_secs(15);
/// Longest time to wait before a name can be looked up.
pub const LOOK_UP_WAIT: Duration = Duration::from_secs(2);
/// Longest time to look a name up when an address is registered.
pub const LOOK_UP_LONGEST: Duration = Duration::from_secs(5);
/// Headers of an answer that are kept.
pub const HEADERS_MAX: usize = 50;
/// Longest value of one, in characters.
pub const HEADER_MAX_CHARS: usize = 500;

/// Something that is kept while work is under way, whoever still waits for it.
pub type Held = Box<dyn Send>;

/// What came of looking a name up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookUp {
    /// Its addresses, at least one.
    Found(Vec<IpAddr>),
    /// It has none, or nobody said in time.
    Nothing,
    /// Too many others are being looked up; nobody asked.
    Busy,
}

/// A call to be made.
#[derive(Clone)]
pub struct Outgoing {
    /// Where.
    pub target: Target,
    /// The headers beside those every call has.
    pub headers: Vec<(&'static str, String)>,
    /// What it says.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing")
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What it is worth.
    pub outcome: AttemptOutcome,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Headers of the answer, names in lower case, bounded in number and length.
    pub headers: Vec<(String, String)>,
    /// How long it took.
    pub took: Duration,
}

impl Reply {
    /// An answer with a status.
    #[must_use]
    pub const fn answered(status: u16, headers: Vec<(String, String)>, took: Duration) -> Self {
        let outcome = match status {
            200..=299 => AttemptOutcome::Delivered,
            410 => AttemptOutcome::Gone,
            _ => AttemptOutcome::Refused,
        };
        Self {
            outcome,
            status: Some(status),
            headers,
            took,
        }
    }

    /// No answer.
    #[must_use]
    pub const fn none(outcome: AttemptOutcome, took: Duration) -> Self {
        Self {
            outcome,
            status: None,
            headers: Vec::new(),
            took,
        }
    }

    /// How long it took in milliseconds.
    #[must_use]
    pub fn millis(&self) -> u32 {
        u32::try_from(self.took.as_millis()).unwrap_or(u32::MAX)
    }
}

/// The outside.
pub trait Port: Send + Sync {
    /// Looks a name up. `held` is let go when the work is over, which may be long after the answer.
    fn look_up<'a>(&'a self, name: &'a str, held: Held) -> BoxFuture<'a, LookUp>;

    /// Makes one call. An address that is not public is not connected to, whatever was found out about
    /// the name before.
    fn call<'a>(&'a self, call: &'a Outgoing) -> BoxFuture<'a, Reply>;
}
