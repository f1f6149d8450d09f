//! What stands around every fetch: places, and a breaker for each system.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lintel_app::ports::{Clock, LosFault, LosFaultKind};
use lintel_domain::id::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::breaker::{Breaker, Verdict};

/// Fetches at once. Each may hold an answer twice, as it came and as it was taken out of it.
const AT_ONCE: usize = 8;
/// Fetches at once from one system: no organisation keeps the others from theirs.
const AT_ONCE_EACH: usize = 3;
/// Longest wait for a place.
const WAIT: Duration = Duration::from_secs(5);
/// Systems remembered. Beyond, what is known of one is forgotten.
const REMEMBERED: usize = 4096;

/// What is known about the systems of this process.
pub(crate) struct Guard {
    clock: Arc<dyn Clock>,
    places: Arc<Semaphore>,
    systems: Mutex<HashMap<String, System>>,
}

/// One system: its places and its breaker, as long as its settings stay the same.
struct System {
    edition: Instant,
    places: Arc<Semaphore>,
    breaker: Arc<Mutex<Breaker>>,
}

/// A call that went through. Its places are given back when the last clone of them is dropped; a call
/// nobody waited for says so by being dropped.
pub(crate) struct Pass {
    clock: Arc<dyn Clock>,
    breaker: Arc<Mutex<Breaker>>,
    verdict: Verdict,
    places: Places,
}

/// A place of the process and one of the system. Work that goes on after its caller left holds them.
#[derive(Clone)]
pub(crate) struct Places {
    _of_all: Arc<OwnedSemaphorePermit>,
    _of_one: Arc<OwnedSemaphorePermit>,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Guard {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            systems: Mutex::default(),
        }
    }

    /// Lets a call through.
    ///
    /// # Errors
    /// When no place becomes free in time, or the system is left alone.
    pub(crate) async fn enter(&self, connector: &str, edition: Instant) -> Result<Pass, LosFault> {
        let (of_one, breaker) = self.system(connector, edition);
        let places = tokio::time::timeout(WAIT, async {
            let of_one = of_one.acquire_owned().await.ok()?;
            let of_all = Arc::clone(&self.places).acquire_owned().await.ok()?;
            Some(Places {
                _of_all: Arc::new(of_all),
                _of_one: Arc::new(of_one),
            })
        });
        let Ok(Some(places)) = places.await else {
            let what = "too many loans are being fetched";
            return Err(LosFault::new(LosFaultKind::Busy, what));
        };
        // After the wait: those who were in line while it failed do not ask it once more each.
        let entered = held(&breaker).enter(self.clock.now());
        entered.map_err(|until| {
            let what = "the system failed several times in a row and is left alone for a while";
            LosFault::new(LosFaultKind::CircuitOpen { until }, what)
        })?;
        Ok(Pass {
            clock: Arc::clone(&self.clock),
            breaker,
            verdict: Verdict::Unknown,
            places,
        })
    }

    fn system(&self, connector: &str, edition: Instant) -> (Arc<Semaphore>, Arc<Mutex<Breaker>>) {
        let mut systems = held(&self.systems);
        if systems.len() >= REMEMBERED && !systems.contains_key(connector) {
            let any = systems.keys().next().cloned();
            any.and_then(|name| systems.remove(&name));
        }
        let fresh = || System {
            edition,
            places: Arc::new(Semaphore::new(AT_ONCE_EACH)),
            breaker: Arc::default(),
        };
        let system = systems.entry(connector.to_owned()).or_insert_with(fresh);
        if system.edition != edition {
            *system = fresh();
        }
        (Arc::clone(&system.places), Arc::clone(&system.breaker))
    }
}

impl Pass {
    /// The places, for work that may outlive the call.
    pub(crate) fn places(&self) -> Places {
        self.places.clone()
    }

    /// Says what became of the call.
    pub(crate) fn leave(mut self, verdict: Verdict) {
        self.verdict = verdict;
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        held(&self.breaker).leave(self.clock.now(), self.verdict);
    }
}
