//! Slowing down those who guess who may come in.
//!
//! Failures are counted, never attempts: an integrator may sign in as often as it likes. Those who do
//! not know a network's secret are counted for the address they came from, alone and together with the
//! client id and user they name. A secret has 238 random bits, so nobody comes to know it by asking, however
//! often; and whoever knows it is never held up by those who do not, though they share an address with
//! them or name the same user.
//!
//! Who knows the secret can still guess at the users of the network's other intermediaries. These
//! failures are counted for the address and the intermediary that was named, alone and together with
//! the user: so many guesses, and nobody waits for them but who signs in for that intermediary from
//! that address.

use lintel_app::context::App;
use lintel_app::keys::Purpose;
use lintel_app::sign_in::network;
use lintel_domain::id::Instant;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::throttle::{self, Count};

/// Failures of a user from one address that cost nothing.
const FREE_FAILURES: i64 = 5;
/// Longest wait for a user, in seconds.
const LONGEST_WAIT_SECONDS: i64 = 15 * 60;
/// After how long without a failure a user's are forgotten, in seconds.
const FORGET_SECONDS: i64 = 3600;
/// Failures from one address in [`PLACE_WINDOW_SECONDS`], of whom it does not matter.
const PLACE_FAILURES: i64 = 300;
const PLACE_WINDOW_SECONDS: i64 = 15 * 60;
/// Another transaction may remove a count in between; then it is begun anew.
const TRIES: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// A growing wait after the first few failures; success forgets them.
    Growing,
    /// So many in so long.
    Window,
}

#[derive(Clone)]
struct Limit {
    key: Vec<u8>,
    pace: Pace,
}

/// Who tries to come in.
pub(crate) struct Attempt<'a> {
    pub client_id: &'a str,
    pub username: &'a str,
    /// The client's address.
    pub from: &'a str,
    /// Of somebody who knows the network's secret, the id of the intermediary that was named; empty when
    /// the network has none of that name.
    pub proved_for: Option<&'a str>,
}

impl Attempt<'_> {
    /// What failures of the user are counted under, with the secret and without; then what those of the
    /// address are counted under, as this attempt counts.
    fn names(&self) -> ([String; 2], String) {
        let place = network(self.from);
        let Self {
            client_id,
            username,
            ..
        } = self;
        // What is told apart by a control character cannot be composed by a caller.
        let without = format!("who\n{place}\n{client_id}\n{username}");
        match self.proved_for {
            None => ([without, String::new()], format!("from\n{place}")),
            Some(of) => {
                let with = format!("known who\n{place}\n{client_id}\n{of}\n{username}");
                let all = format!("known from\n{place}\n{client_id}\n{of}");
                ([with, without], all)
            }
        }
    }
}

/// The counts that stand against one attempt.
#[derive(Clone)]
pub(crate) struct Throttle {
    limits: [Limit; 2],
    /// What success has to forget.
    forgotten: Vec<Vec<u8>>,
}

impl Throttle {
    /// Looks at what was counted; the inner error says how many seconds to wait.
    #[boxed]
    pub async fn look(app: &App, attempt: &Attempt<'_>) -> Result<Result<Self, u32>, Fault> {
        let key = |name: &str| {
            app.keys()
                .stable_mac(Purpose::PartnerThrottle, name.as_bytes())
        };
        let ([who, also], all) = attempt.names();
        let limits = [
            Limit {
                key: key(&who)?,
                pace: Pace::Growing,
            },
            Limit {
                key: key(&all)?,
                pace: Pace::Window,
            },
        ];
        let (mut longest, mut forgotten) = (0, Vec::new());
        for limit in &limits {
            let Some(count) = throttle::read(app.db(), &limit.key).await? else {
                continue;
            };
            longest = limit.pace.wait(count, app.now()).max(longest);
            if limit.pace == Pace::Growing && count.failures > 0 {
                forgotten.push(limit.key.clone());
            }
        }
        if longest > 0 {
            return Ok(Err(u32::try_from(longest).unwrap_or(u32::MAX)));
        }
        if attempt.proved_for.is_some() {
            let also = key(&also)?;
            let count = throttle::read(app.db(), &also).await?;
            forgotten.extend(count.map(|_| also));
        }
        Ok(Ok(Self { limits, forgotten }))
    }

    /// Counts a failure.
    #[boxed]
    pub async fn failed(&self, app: &App) -> Result<(), Fault> {
        for _ in 0..TRIES {
            let mut tx = app.db().begin().await?;
            if self.count_in(&mut tx, app.now()).await? {
                return tx.commit().await;
            }
        }
        Err(Fault::new(
            FaultKind::Busy,
            "counts of failures change too fast",
        ))
    }

    /// `false` when a count was removed in between.
    async fn count_in(&self, tx: &mut Tx, now: Instant) -> Result<bool, Fault> {
        for limit in &self.limits {
            let Some(count) = throttle::lock_in(tx, &limit.key, now).await? else {
                return Ok(false);
            };
            let count = limit.pace.fresh(count, now);
            let counted = Count {
                failures: count.failures.saturating_add(1),
                first_at: count.first_at,
                last_at: now,
            };
            throttle::set_in(tx, &limit.key, counted).await?;
        }
        Ok(true)
    }

    /// Forgets the user's failures. What the address failed with stays counted.
    #[boxed]
    pub async fn succeeded_in(&self, tx: &mut Tx) -> Result<(), Fault> {
        for key in &self.forgotten {
            throttle::clear_in(tx, key).await?;
        }
        Ok(())
    }
}

impl Pace {
    /// Seconds to wait before another attempt; 0 when it may be made now.
    fn wait(self, count: Count, now: Instant) -> i64 {
        let count = self.fresh(count, now);
        let until = match self {
            Self::Growing if count.failures < FREE_FAILURES => return 0,
            Self::Growing => {
                let doublings = count.failures.saturating_sub(FREE_FAILURES).clamp(0, 20);
                let wait = (0..doublings).fold(1_i64, |wait, _| wait.saturating_mul(2));
                count.last_at.plus_seconds(wait.min(LONGEST_WAIT_SECONDS))
            }
            Self::Window if count.failures < PLACE_FAILURES => return 0,
            Self::Window => count.first_at.plus_seconds(PLACE_WINDOW_SECONDS),
        };
        // Rounded up: a wait that is told must be enough.
        let left = until.micros().saturating_sub(now.micros()).max(0);
        left.saturating_add(999_999) / 1_000_000
    }

    /// The count without what is long over.
    fn fresh(self, count: Count, now: Instant) -> Count {
        let end = match self {
            Self::Growing => count.last_at.plus_seconds(FORGET_SECONDS),
            Self::Window => count.first_at.plus_seconds(PLACE_WINDOW_SECONDS),
        };
        if end > now {
            return count;
        }
        Count {
            failures: 0,
            first_at: now,
            last_at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(failures: i64, at: Instant) -> Count {
        Count {
            failures,
            first_at: at,
            last_at: at,
        }
    }

    #[test]
    fn waits_grow_and_have_an_end() {
        let now = Instant::from_seconds(1_000_000);
        let wait = |failures| Pace::Growing.wait(count(failures, now), now);
        let waits: Vec<i64> = (3..10).map(wait).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16]);
        assert_eq!([wait(14), wait(15), wait(i64::MAX)], [512, 900, 900]);
        let later = now.plus_seconds(FORGET_SECONDS);
        assert_eq!(Pace::Growing.wait(count(50, now), later), 0);
    }

    #[test]
    fn a_place_waits_for_the_end_of_its_window() {
        let start = Instant::from_seconds(1_000_000);
        let now = start.plus_seconds(60);
        assert_eq!(Pace::Window.wait(count(PLACE_FAILURES - 1, start), now), 0);
        assert_eq!(Pace::Window.wait(count(PLACE_FAILURES, start), now), 840);
        let over = start.plus_seconds(PLACE_WINDOW_SECONDS);
        assert_eq!(Pace::Window.wait(count(9_999, start), over), 0);
    }
}
