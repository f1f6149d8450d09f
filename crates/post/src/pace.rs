//! Not too many letters to one receiving domain in any minute.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use lintel_domain::id::Instant;

const MINUTE_US: i64 = 60_000_000;
/// Domains remembered before those without a letter in the last minute are forgotten.
const DOMAINS: usize = 10_000;
/// How far ahead a turn is promised.
const FARTHEST_US: i64 = 3_600_000_000;

/// Counts the letters of the last minute for each domain, in this process.
#[derive(Debug)]
pub(crate) struct Pace {
    per_minute: usize,
    domains: Mutex<HashMap<String, Lately>>,
}

#[derive(Debug, Default)]
struct Lately {
    /// When the letters of the last minute went, at most as many as may.
    went: VecDeque<Instant>,
    /// The last turn that was promised.
    promised: Option<Instant>,
}

impl Pace {
    pub(crate) fn new(per_minute: u32) -> Self {
        Self {
            per_minute: usize::try_from(per_minute.max(1)).unwrap_or(usize::MAX),
            domains: Mutex::default(),
        }
    }

    /// Whether a letter to a domain may go now; otherwise when it may. Turns are promised one after
    /// the other, so that those who wait do not all come back at once.
    ///
    /// # Errors
    /// The instant of its turn.
    pub(crate) fn take(&self, domain: &str, now: Instant) -> Result<(), Instant> {
        let mut domains = self.domains.lock().unwrap_or_else(PoisonError::into_inner);
        if domains.len() >= DOMAINS && !domains.contains_key(domain) {
            let is_recent = |at: &Instant| now.micros().saturating_sub(at.micros()) < MINUTE_US;
            domains.retain(|_, lately| lately.went.back().is_some_and(is_recent));
        }
        let lately = domains.entry(domain.to_ascii_lowercase()).or_default();
        // A clock that was set back must not hold mail up.
        lately.went.retain(|at| {
            let ago = now.micros().saturating_sub(at.micros());
            (0..MINUTE_US).contains(&ago)
        });
        let Some(oldest) = lately.went.front().copied() else {
            lately.promised = None;
            lately.went.push_back(now);
            return Ok(());
        };
        if lately.went.len() < self.per_minute {
            lately.went.push_back(now);
            return Ok(());
        }
        let step = MINUTE_US / i64::try_from(self.per_minute).unwrap_or(MINUTE_US);
        let free = oldest.micros().saturating_add(MINUTE_US);
        let last = now.micros().saturating_add(FARTHEST_US);
        let next = lately
            .promised
            .map_or(free, |p| p.micros().saturating_add(step));
        let turn = Instant::from_micros(next.max(free).min(last));
        lately.promised = Some(turn);
        Err(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_seconds(seconds)
    }

    #[test]
    fn no_minute_has_more_than_it_may() {
        let pace = Pace::new(3);
        let mut went = Vec::new();
        // Two hundred letters; each comes back when it was told to.
        let mut waiting: Vec<i64> = vec![0; 200];
        let mut comings = 0;
        while let Some(now) = waiting.iter().min().copied() {
            let place = waiting.iter().position(|w| *w == now).expect("one waits");
            waiting.swap_remove(place);
            comings += 1;
            match pace.take("Example.com", Instant::from_micros(now)) {
                Ok(()) => went.push(now),
                Err(turn) => {
                    assert!(turn.micros() > now);
                    waiting.push(turn.micros());
                }
            }
        }
        assert_eq!(went.len(), 200);
        for four in went.windows(4) {
            assert!(four[3] - four[0] >= MINUTE_US, "{four:?}");
        }
        // 200 letters at 3 a minute; and nobody was told to come much more often than needed.
        assert!(
            went.last().is_some_and(|last| *last <= 70 * MINUTE_US),
            "{went:?}"
        );
        assert!(comings <= 700, "{comings}");
    }

    #[test]
    fn domains_do_not_wait_for_each_other_and_a_clock_set_back_is_no_trap() {
        let pace = Pace::new(1);
        assert_eq!(pace.take("a.example.com", at(100)), Ok(()));
        assert_eq!(pace.take("b.example.com", at(100)), Ok(()));
        assert_eq!(pace.take("A.Example.com", at(101)), Err(at(160)));
        assert_eq!(pace.take("a.example.com", at(101)), Err(at(220)));
        assert_eq!(pace.take("a.example.com", at(160)), Ok(()));
        assert_eq!(pace.take("a.example.com", at(50)), Ok(()));
    }

    #[test]
    fn memory_is_bounded_by_the_domains_of_a_minute() {
        let pace = Pace::new(1);
        for n in 0..DOMAINS {
            assert_eq!(pace.take(&format!("{n}.example.com"), at(0)), Ok(()));
        }
        assert_eq!(pace.take("late.example.com", at(61)), Ok(()));
        let kept = pace.domains.lock().expect("not poisoned").len();
        assert_eq!(kept, 1);
    }
}
