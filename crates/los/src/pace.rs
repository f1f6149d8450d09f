//! How long to wait between two attempts: longer each time, never exactly as long as others wait.

use std::time::Duration;

use lintel_app::ports::Rng;

/// Waits between attempts, and how long one attempt may take to connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Longest wait before the second attempt; it doubles from there.
    pub first: Duration,
    /// Longest wait of all.
    pub longest: Duration,
    /// Time to a connection.
    pub connect: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(400),
            longest: Duration::from_secs(5),
            connect: Duration::from_secs(5),
        }
    }
}

impl Pace {
    /// The wait after attempt number `attempt` (the first is 1): between half of the doubled time and
    /// all of it, drawn at random, so that callers who failed together do not come back together.
    pub(crate) fn wait(&self, attempt: u8, rng: &dyn Rng) -> Duration {
        let doubled = 2_u32.saturating_pow(u32::from(attempt.saturating_sub(1)));
        let most = self.first.saturating_mul(doubled).min(self.longest);
        let mut random = [0_u8; 1];
        // Without chance the wait is the longest.
        let share = match rng.fill(&mut random) {
            Ok(()) => u32::from(random[0]).saturating_add(256),
            Err(_) => 512,
        };
        most.saturating_mul(share).checked_div(512).unwrap_or(most)
    }
}

#[cfg(test)]
mod tests {
    use lintel_app::ports::SeededRng;

    use super::*;

    #[test]
    fn waits_double_within_bounds() {
        let pace = Pace::default();
        let rng = SeededRng::new(3);
        let mut seen = std::collections::BTreeSet::new();
        for attempt in 1..=9_u8 {
            let full = Duration::from_millis(400 << (attempt - 1)).min(pace.longest);
            for _ in 0..50 {
                let wait = pace.wait(attempt, &rng);
                assert!(wait >= full / 2 && wait <= full, "{attempt}: {wait:?}");
                seen.insert(wait);
            }
        }
        assert!(seen.len() > 200, "{} different waits", seen.len());
        assert!(pace.wait(255, &rng) <= pace.longest);
    }
}
