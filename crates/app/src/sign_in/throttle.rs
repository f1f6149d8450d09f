//! Slowing down those who guess. Attempts are counted before they are looked at and taken back when
//! they were right, so that any number of guesses at the same moment are as slow as one by one.

use std::net::IpAddr;

use lintel_domain::id::{Instant, RowId};
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::sign_in::Account;
use lintel_store::throttle::{self, Count};

use crate::context::App;
use crate::keys::Purpose;
use crate::session::Visitor;

/// After how long without a failure an account's failures are forgotten, in seconds.
pub(crate) const FORGET_FAILURES_SECONDS: i64 = 24 * 3600;
/// Failures of an account that cost nothing.
const FREE_FAILURES: i64 = 5;
/// Longest wait for an account, in seconds.
const LONGEST_WAIT_SECONDS: i64 = 15 * 60;
/// Attempts from one address in [`ADDRESS_WINDOW_SECONDS`].
const ADDRESS_ATTEMPTS: i64 = 100;
const ADDRESS_WINDOW_SECONDS: i64 = 15 * 60;
/// Mails with a link for a new password in an hour, for one address of mail; and asked for from one
/// client address.
const ASKS: i64 = 3;
const ASKS_FROM: i64 = 20;
const ASKS_WINDOW_SECONDS: i64 = 3600;
/// Another transaction may remove a count in between; then it is begun anew.
const TRIES: usize = 5;

/// How fast something may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// A growing wait after the first few failures; success forgets them.
    Growing,
    /// So many in so many seconds; success takes one back.
    Window { most: i64, seconds: i64 },
}

/// Something whose attempts are counted.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    name: String,
    pace: Pace,
    /// Whether success forgets every failure, or takes its own attempt back.
    forgets: bool,
}

impl Limit {
    /// Passwords tried for a folded mail address.
    pub(crate) fn account(email: &str) -> Self {
        Self::growing(format!("account|{email}"))
    }

    /// As [`Limit::account`], when other people sign in with the same address elsewhere: being right
    /// about one of them must not make guesses about the others cheap. What was
    /// counted goes by the hour only.
    pub(crate) fn shared(mut self) -> Self {
        self.forgets = false;
        self
    }

    /// Codes tried for a person.
    pub(crate) fn codes(person_id: &RowId) -> Self {
        Self::growing(format!("code|{person_id}"))
    }

    /// Present passwords tried by somebody who is signed in.
    pub(crate) fn own_password(account: &Account) -> Self {
        Self::growing(format!("own|{}", account.person_id))
    }

    /// Anything tried from a client's address.
    pub(crate) fn from(visitor: &Visitor) -> Self {
        let (most, seconds) = (ADDRESS_ATTEMPTS, ADDRESS_WINDOW_SECONDS);
        Self::window(format!("from|{}", network(&visitor.address)), most, seconds)
    }

    /// New passwords asked for a folded mail address.
    pub(crate) fn asks(email: &str) -> Self {
        Self::window(format!("ask|{email}"), ASKS, ASKS_WINDOW_SECONDS)
    }

    /// New passwords asked for from a client's address.
    pub(crate) fn asks_from(visitor: &Visitor) -> Self {
        let name = format!("asks from|{}", network(&visitor.address));
        Self::window(name, ASKS_FROM, ASKS_WINDOW_SECONDS)
    }

    /// Anything else of which there may be so many in so many seconds.
    pub(crate) fn window(name: String, most: i64, seconds: i64) -> Self {
        Self {
            name,
            pace: Pace::Window { most, seconds },
            forgets: false,
        }
    }

    fn growing(name: String) -> Self {
        Self {
            name,
            pace: Pace::Growing,
            forgets: true,
        }
    }

    fn key(&self, app: &App) -> Result<Vec<u8>, Fault> {
        app.keys()
            .stable_mac(Purpose::SignInThrottle, self.name.as_bytes())
    }

    /// Seconds to wait before another attempt; 0 when it may be made now.
    fn wait(&self, count: &Count, now: Instant) -> i64 {
        let until = match self.pace {
            Pace::Growing if count.failures < FREE_FAILURES => return 0,
            Pace::Growing => {
                let doublings = u32::try_from(count.failures - FREE_FAILURES).unwrap_or(u32::MAX);
                let wait = 1_i64.checked_shl(doublings).unwrap_or(i64::MAX);
                // Shifted past its sign, or past everything: the longest.
                let wait = if doublings > 20 {
                    LONGEST_WAIT_SECONDS
                } else {
                    wait
                };
                count.last_at.plus_seconds(wait.min(LONGEST_WAIT_SECONDS))
            }
            Pace::Window { most, .. } if count.failures < most => return 0,
            Pace::Window { seconds, .. } => count.first_at.plus_seconds(seconds),
        };
        // Rounded up: a wait that is told must be enough.
        let left = until.micros().saturating_sub(now.micros());
        left.max(0).saturating_add(999_999) / 1_000_000
    }

    /// The count without what is long over.
    fn fresh(&self, count: Count, now: Instant) -> Count {
        let end = match self.pace {
            Pace::Growing => count.last_at.plus_seconds(FORGET_FAILURES_SECONDS),
            Pace::Window { seconds, .. } => count.first_at.plus_seconds(seconds),
        };
        if end > now {
            let hours = match self.pace {
                Pace::Growing => hours_between(count.last_at, now),
                Pace::Window { .. } => 0,
            };
            return Count {
                failures: count.failures.saturating_sub(hours).max(0),
                ..count
            };
        }
        Count {
            failures: 0,
            first_at: now,
            last_at: now,
        }
    }
}

/// Each whole hour without an attempt forgets one failure: who signs in daily is not kept waiting for
/// what somebody else guessed long ago, and an hour is a long time for a guess.
fn hours_between(from: Instant, to: Instant) -> i64 {
    to.micros().saturating_sub(from.micros()).max(0) / 3_600_000_000
}

/// The network an address belongs to: people have one IPv4 address, or a whole /64 of IPv6.
#[must_use]
pub fn network(address: &str) -> String {
    match address.trim().parse::<IpAddr>().map(|a| a.to_canonical()) {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V4(v4)) => v4.to_string(),
        // Tests, and whatever a proxy may write: all of them together.
        Err(_) => "unknown".to_owned(),
    }
}

/// An attempt that was counted. Say when it was right.
#[derive(Debug)]
#[must_use]
pub(crate) struct Attempt {
    limits: Vec<Limit>,
}

impl Attempt {
    /// Counts an attempt under each limit, or says how many seconds to wait and counts nothing. Name
    /// limits always in the same order: of accounts first, then of addresses.
    pub(crate) async fn begin(app: &App, limits: &[Limit]) -> Result<Result<Self, u32>, Fault> {
        // Most of a flood is turned away without a lock.
        let now = app.now();
        for limit in limits {
            let count = throttle::read(app.db(), &limit.key(app)?).await?;
            let wait = count.map_or(0, |c| limit.wait(&limit.fresh(c, now), now));
            if wait > 0 {
                return Ok(Err(seconds(wait)));
            }
        }
        for _ in 0..TRIES {
            if let Some(result) = Self::try_begin(app, limits).await? {
                return Ok(result.map(|()| Self {
                    limits: limits.to_vec(),
                }));
            }
        }
        Err(Fault::new(
            FaultKind::Busy,
            "counts of attempts change too fast",
        ))
    }

    async fn try_begin(app: &App, limits: &[Limit]) -> Result<Option<Result<(), u32>>, Fault> {
        let now = app.now();
        let mut tx = app.db().begin().await?;
        for limit in limits {
            let key = limit.key(app)?;
            let Some(count) = throttle::lock_in(&mut tx, &key, now).await? else {
                return Ok(None);
            };
            let count = limit.fresh(count, now);
            let wait = limit.wait(&count, now);
            if wait > 0 {
                return Ok(Some(Err(seconds(wait))));
            }
            let counted = Count {
                failures: count.failures.saturating_add(1),
                first_at: count.first_at,
                last_at: now,
            };
            throttle::set_in(&mut tx, &key, counted).await?;
        }
        tx.commit().await?;
        Ok(Some(Ok(())))
    }

    /// It was right.
    pub(crate) async fn succeeded(self, app: &App) -> Result<(), Fault> {
        let mut tx = app.db().begin().await?;
        for limit in &self.limits {
            let key = limit.key(app)?;
            if limit.forgets {
                throttle::clear_in(&mut tx, &key).await?;
            } else {
                throttle::give_back_in(&mut tx, &key).await?;
            }
        }
        tx.commit().await
    }

    /// Forgets every failure under the limits.
    pub(crate) async fn forget(app: &App, limits: &[Limit]) -> Result<(), Fault> {
        let mut tx = app.db().begin().await?;
        for limit in limits {
            throttle::clear_in(&mut tx, &limit.key(app)?).await?;
        }
        tx.commit().await
    }
}

fn seconds(wait: i64) -> u32 {
    u32::try_from(wait).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_have_an_end() {
        let limit = Limit::account("olive@example.com");
        let now = Instant::from_seconds(1_000_000);
        let wait = |failures: i64| {
            let count = Count {
                failures,
                first_at: now,
                last_at: now,
            };
            limit.wait(&count, now)
        };
        let waits: Vec<i64> = (3..10).map(wait).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16]);
        assert_eq!(
            [wait(14), wait(15), wait(80), wait(i64::MAX)],
            [512, 900, 900, 900]
        );
    }

    #[test]
    fn hours_forget_one_failure_each() {
        let limit = Limit::account("olive@example.com").shared();
        let from = Instant::from_seconds(1_000_000);
        let count = Count {
            failures: 16,
            first_at: from,
            last_at: from,
        };
        let after = |seconds: i64| limit.fresh(count, from.plus_seconds(seconds)).failures;
        let left: Vec<i64> = [0, 3599, 3600, 12 * 3600, 20 * 3600, 24 * 3600]
            .map(after)
            .to_vec();
        assert_eq!(left, [16, 16, 15, 4, 0, 0]);
        let window = Limit::asks("olive@example.com");
        assert_eq!(window.fresh(count, from.plus_seconds(3599)).failures, 16);
    }

    #[test]
    fn neighbours_in_a_network_are_one() {
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        let near = network("2001:db8:1:2:3:4:5:6");
        assert_eq!(near, network("2001:db8:1:2::9"));
        assert_ne!(near, network("2001:db8:1:3::9"));
        assert_eq!(network("a proxy's name"), "unknown");
    }
}
