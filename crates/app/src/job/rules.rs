//! How often and how long jobs are tried.

use std::time::Duration;

use lintel_domain::job::JobKind;

/// Seconds until the second attempt, at most; doubled with each further one.
const FIRST_WAIT_SECONDS: u64 = 10;
/// Seconds between two attempts, at most.
pub(super) const LONGEST_WAIT_SECONDS: u64 = 6 * 3600;

/// What is allowed to jobs of a kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// Attempts until one is given up.
    pub attempts: u32,
    /// How long one attempt may take.
    pub longest: Duration,
}

/// The rule of a kind. Longest times leave a mail server the patience RFC 5321, section 4.5.3.2 asks
/// for only as far as a worker can be spared.
pub(super) const fn of(kind: JobKind) -> Rule {
    let (attempts, seconds) = match kind {
        // Handing over, 150 s and 45 s at most, and time to note what came of it.
        JobKind::MailSend => (20, 240),
        JobKind::SmsSend => (20, 120),
        JobKind::WatchesDue => (20, 600),
        // One delivery of 15 s, and its own schedule of waits: the handler says when.
        JobKind::CallbackDeliver => (20, 60),
        JobKind::CreditExpire | JobKind::Sweep => (20, 300),
    };
    Rule {
        attempts,
        longest: Duration::from_secs(seconds),
    }
}

/// The longest wait after a failed attempt, in seconds: 10, 20, 40 … up to six hours.
pub(super) fn ceiling_seconds(attempt: u32) -> u64 {
    let doublings = attempt.saturating_sub(1).min(20);
    (FIRST_WAIT_SECONDS << doublings).min(LONGEST_WAIT_SECONDS)
}

/// The wait after a failed attempt: anything from one second to the ceiling, all equally likely, so
/// that jobs that failed together do not come back together ("full jitter").
pub(super) fn wait_seconds(attempt: u32, random: [u8; 8]) -> u64 {
    let ceiling = ceiling_seconds(attempt);
    // 64 random bits over at most 21,600 values: the bias is far below anything that matters here.
    1 + u64::from_be_bytes(random) % ceiling
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_six_hours_and_add_up_to_days() {
        let ceilings: Vec<u64> = (1..of(JobKind::MailSend).attempts)
            .map(ceiling_seconds)
            .collect();
        assert_eq!(ceilings[..4], [10, 20, 40, 80]);
        assert_eq!(ceilings.last(), Some(&LONGEST_WAIT_SECONDS));
        let days = ceilings.iter().sum::<u64>() / 86_400;
        assert!((1..=4).contains(&days), "{days}");
        assert_eq!(ceiling_seconds(u32::MAX), LONGEST_WAIT_SECONDS);
    }

    #[test]
    fn waits_lie_between_a_second_and_the_ceiling() {
        for attempt in [0, 1, 5, 20, u32::MAX] {
            assert_eq!(wait_seconds(attempt, [0; 8]), 1);
            for random in 0..=u8::MAX {
                let wait = wait_seconds(attempt, [random; 8]);
                assert!((1..=ceiling_seconds(attempt)).contains(&wait));
            }
        }
    }
}
