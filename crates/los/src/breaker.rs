//! When a system is left alone: after several failures in a row, for a while; then one call tries.

use lintel_domain::id::Instant;

/// Failures in a row after which a system is left alone.
pub(crate) const FAILURES: u32 = 5;
/// How long it is left alone.
pub(crate) const PAUSE_S: i64 = 30;
/// What callers are told while another call is trying.
const TRIAL_S: i64 = 5;

/// What is known about one system.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    failures: u32,
    state: State,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    /// Calls go through.
    #[default]
    Closed,
    /// None goes through before that instant; then one.
    Open(Instant),
    /// One is under way to find out.
    Trial,
}

/// What a call that went through came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The system works, whatever it said.
    Alive,
    /// It does not.
    Failed,
    /// Nobody waited for it.
    Unknown,
}

impl Breaker {
    /// Asks to let a call through.
    ///
    /// # Errors
    /// The instant from which on it makes sense to ask again.
    pub(crate) fn enter(&mut self, now: Instant) -> Result<(), Instant> {
        match self.state {
            State::Closed => Ok(()),
            State::Open(until) if now < until => Err(until),
            State::Open(_) => {
                self.state = State::Trial;
                Ok(())
            }
            State::Trial => Err(later(now, TRIAL_S)),
        }
    }

    /// Says what became of a call that went through.
    pub(crate) fn leave(&mut self, now: Instant, verdict: Verdict) {
        match (verdict, self.state) {
            (Verdict::Alive, _) => *self = Self::default(),
            (Verdict::Failed, _) => {
                self.failures = self.failures.saturating_add(1);
                if self.failures >= FAILURES {
                    self.state = State::Open(later(now, PAUSE_S));
                }
            }
            // The next call tries.
            (Verdict::Unknown, State::Trial) => self.state = State::Open(now),
            (Verdict::Unknown, State::Closed | State::Open(_)) => {}
        }
    }
}

fn later(now: Instant, seconds: i64) -> Instant {
    let micros = seconds.saturating_mul(1_000_000);
    Instant::from_micros(now.micros().saturating_add(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Instant = Instant::from_seconds(1000);

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..FAILURES {
            assert_eq!(breaker.enter(T), Ok(()));
            breaker.leave(T, Verdict::Failed);
        }
        breaker
    }

    #[test]
    fn it_opens_after_failures_in_a_row_only() {
        let mut breaker = Breaker::default();
        for _ in 0..3 {
            for _ in 1..FAILURES {
                breaker.leave(T, Verdict::Failed);
            }
            assert_eq!(breaker.enter(T), Ok(()));
            breaker.leave(T, Verdict::Alive);
        }
        let mut breaker = opened();
        assert_eq!(breaker.enter(T), Err(later(T, PAUSE_S)));
        assert_eq!(breaker.enter(later(T, PAUSE_S - 1)), Err(later(T, PAUSE_S)));
    }

    #[test]
    fn one_call_tries() {
        let mut breaker = opened();
        let then = later(T, PAUSE_S);
        assert_eq!(breaker.enter(then), Ok(()));
        assert_eq!(breaker.enter(then), Err(later(then, TRIAL_S)));
        breaker.leave(then, Verdict::Alive);
        assert_eq!((breaker.enter(then), breaker.enter(then)), (Ok(()), Ok(())));
    }

    #[test]
    fn a_trial_that_fails_opens_it_at_once() {
        let mut breaker = opened();
        let then = later(T, PAUSE_S);
        assert_eq!(breaker.enter(then), Ok(()));
        breaker.leave(then, Verdict::Failed);
        assert_eq!(breaker.enter(then), Err(later(then, PAUSE_S)));
    }

    #[test]
    fn a_trial_nobody_waited_for_leaves_the_next_call_to_try() {
        let mut breaker = opened();
        let then = later(T, PAUSE_S);
        assert_eq!(breaker.enter(then), Ok(()));
        breaker.leave(then, Verdict::Unknown);
        assert_eq!(breaker.enter(then), Ok(()));
        assert!(breaker.enter(then).is_err());
    }
}
