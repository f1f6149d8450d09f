//! How people sign in, as the operator set it.

use std::time::Duration;

use lintel_domain::access::LinkPurpose;

use crate::password::PasswordCost;

/// How long sessions and links live, and what a password costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInRules {
    /// Minutes a session lives without being used.
    pub idle_minutes: u32,
    /// Hours a session lives at most.
    pub hours: u32,
    /// Minutes a single-sign-on link lives.
    pub link_minutes: u32,
    /// What hashing a password costs.
    pub cost: PasswordCost,
    /// How long an answer takes that must not say, by its haste, whether an account exists.
    pub slowness: Duration,
}

impl Default for SignInRules {
    fn default() -> Self {
        Self {
            idle_minutes: 60,
            hours: 12,
            link_minutes: 10,
            cost: PasswordCost::STRONG,
            slowness: Duration::from_millis(400),
        }
    }
}

impl SignInRules {
    /// Rules for tests: nothing is slow on purpose.
    #[must_use]
    pub fn quick() -> Self {
        Self {
            cost: PasswordCost::CHEAP,
            slowness: Duration::ZERO,
            ..Self::default()
        }
    }

    pub(crate) fn idle_seconds(&self) -> i64 {
        i64::from(self.idle_minutes) * 60
    }

    pub(crate) fn session_seconds(&self) -> i64 {
        i64::from(self.hours) * 3600
    }

    pub(crate) fn link_seconds(&self, purpose: LinkPurpose) -> i64 {
        match purpose {
            LinkPurpose::SignOn => i64::from(self.link_minutes) * 60,
            LinkPurpose::Setup | LinkPurpose::Password | LinkPurpose::Welcome => {
                purpose.life_seconds()
            }
        }
    }
}
