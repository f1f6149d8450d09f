//! CPU time of the running thread, so that other work on the machine does not count.

use std::time::Instant;

/// What times were measured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClockKind {
    /// The scheduler's account of this thread.
    ThreadCpu,
    /// The wall clock, where there is no such account.
    Wall,
}

impl ClockKind {
    pub(super) const fn describe(self) -> &'static str {
        match self {
            Self::ThreadCpu => "CPU time of one thread",
            Self::Wall => "wall time (this system does not tell a thread's CPU time)",
        }
    }
}

/// Measures spans of work on the thread that made it.
#[derive(Debug)]
pub(super) struct Clock {
    kind: ClockKind,
    origin: Instant,
}

impl Clock {
    pub(super) fn new() -> Self {
        let kind = if thread_cpu_seconds().is_some() {
            ClockKind::ThreadCpu
        } else {
            ClockKind::Wall
        };
        Self {
            kind,
            origin: Instant::now(),
        }
    }

    pub(super) const fn kind(&self) -> ClockKind {
        self.kind
    }

    /// Seconds since some fixed point. The scheduler's account moves in steps of a few
    /// milliseconds: measure spans that are much longer.
    pub(super) fn seconds(&self) -> f64 {
        match self.kind {
            ClockKind::ThreadCpu => thread_cpu_seconds().unwrap_or_default(),
            ClockKind::Wall => self.origin.elapsed().as_secs_f64(),
        }
    }
}

/// The first figure of Linux's account of a thread: nanoseconds on a processor.
fn thread_cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_with_work() {
        let clock = Clock::new();
        let start = clock.seconds();
        let mut sum = 0_u64;
        while clock.seconds() - start < 0.02 {
            sum = (0..100_000).fold(sum, u64::wrapping_add);
        }
        assert!(std::hint::black_box(sum) > 0);
        assert!(!clock.kind().describe().is_empty());
    }
}
