//! The application's port: one fetch, whatever kind of system.

use std::sync::Arc;
use std::time::Duration;

use lintel_app::los::{LosSettings, Mistake};
use lintel_app::ports::{Clock, Los, LosAnswer, LosCall, LosFault, LosFaultKind, LosFuture, Rng};

use crate::breaker::Verdict;
use crate::folder;
use crate::guard::Guard;
use crate::http::{self, HttpSystem};
use crate::pace::Pace;

/// Longest document read, and longest answer that may hold one.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Fetches loans from folders and addresses.
pub struct Connectors {
    guard: Guard,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    longest: Duration,
    pace: Pace,
}

impl std::fmt::Debug for Connectors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connectors")
            .field("longest", &self.longest)
            .finish_non_exhaustive()
    }
}

/// Whether settings can be used, certificates included.
///
/// # Errors
/// What is wrong with them.
pub fn check(settings: &LosSettings) -> Result<(), Mistake> {
    settings.check()?;
    match settings {
        LosSettings::Folder(_) => Ok(()),
        LosSettings::Http(http) => http::check(http),
    }
}

impl Connectors {
    /// Connectors that take at most `longest` for one fetch, whatever their settings say: less than
    /// callers wait for an answer.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>, longest: Duration) -> Self {
        Self {
            guard: Guard::new(Arc::clone(&clock)),
            clock,
            rng,
            longest,
            pace: Pace::default(),
        }
    }

    /// The same with other waits between attempts.
    #[must_use]
    pub fn with_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    async fn fetch_one(&self, call: LosCall<'_>) -> Result<LosAnswer, LosFault> {
        let pass = self.guard.enter(call.connector, call.edition).await?;
        let fetched = match call.settings {
            LosSettings::Folder(settings) => {
                folder::fetch(settings, call.loan, self.longest, pass.places()).await
            }
            LosSettings::Http(settings) => {
                let system = HttpSystem {
                    settings,
                    clock: &*self.clock,
                    rng: &*self.rng,
                    pace: self.pace,
                    longest: self.longest,
                };
                system.fetch(call.loan, &pass).await
            }
        };
        pass.leave(match &fetched {
            Ok(_) => Verdict::Alive,
            Err(fault) => verdict(fault.kind()),
        });
        fetched
    }
}

impl Los for Connectors {
    fn fetch<'a>(&'a self, call: LosCall<'a>) -> LosFuture<'a> {
        Box::pin(self.fetch_one(call))
    }
}

/// Refused credentials count as a failure: many systems lock an account after a few of them.
const fn verdict(kind: LosFaultKind) -> Verdict {
    match kind {
        LosFaultKind::NotFound | LosFaultKind::TooLarge | LosFaultKind::Garbled => Verdict::Alive,
        LosFaultKind::Refused | LosFaultKind::TimedOut | LosFaultKind::Unavailable { .. } => {
            Verdict::Failed
        }
        // Nothing was asked.
        LosFaultKind::GuidNeeded | LosFaultKind::Busy | LosFaultKind::CircuitOpen { .. } => {
            Verdict::Unknown
        }
    }
}
