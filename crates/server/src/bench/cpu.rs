//! CPU time of the running thread, so that other work on the machine does not count.

use std::time::Instant;

use super::median;

/// Measurements of one piece of work; the middle one counts.
pub(super) const ROUNDS: usize = 7;
/// Least seconds of one measurement, much longer than a step of the scheduler's account.
const LEAST_SECONDS: f64 = 0.3;

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

    /// Seconds of one call: the middle of [`ROUNDS`] measurements of many calls each.
    ///
    /// # Errors
    /// What the work answers; the measurement ends there.
    pub(super) fn of_one<T, E>(&self, mut work: impl FnMut() -> Result<T, E>) -> Result<f64, E> {
        let mut spans = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let (start, mut calls) = (self.seconds(), 0.0);
            // Asking for the time costs microseconds: not after every call of short work.
            let mut batch = 1_u32;
            loop {
                for _ in 0..batch {
                    std::hint::black_box(work()?);
                }
                calls += f64::from(batch);
                let span = self.seconds() - start;
                if span >= LEAST_SECONDS {
                    spans.push(span / calls);
                    break;
                }
                if span < LEAST_SECONDS / 16.0 {
                    batch = batch.saturating_mul(2);
                }
            }
        }
        Ok(median(spans))
    }
}

/// The first figure of Linux's account of a thread: nanoseconds on a processor.
fn thread_cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// Begins to watch; the answer tells which share of all processors other programs took since then,
/// from 0 to 1. Where the system does not tell, nothing is claimed to be quiet: 1.
pub(super) fn others_share() -> impl Fn() -> f64 {
    let before = ticks();
    move || {
        let (Some(before), Some(now)) = (before, ticks()) else {
            return 1.0;
        };
        let passed = |part: fn(&Ticks) -> f64| part(&now) - part(&before);
        let busy = passed(|ticks| ticks.busy) - passed(|ticks| ticks.own);
        (busy / passed(|ticks| ticks.all).max(1.0)).clamp(0.0, 1.0)
    }
}

/// Kernel ticks of all processors together and of this process.
#[derive(Clone, Copy)]
struct Ticks {
    all: f64,
    busy: f64,
    own: f64,
}

fn ticks() -> Option<Ticks> {
    let numbers = |text: &str| -> Vec<f64> {
        text.split_whitespace()
            .map_while(|word| word.parse().ok())
            .collect()
    };
    let text = std::fs::read_to_string("/proc/stat").ok()?;
    let whole = numbers(text.lines().next()?.strip_prefix("cpu")?);
    // User, nice, system, idle, waiting for a disk, interrupts, stolen; guests are within user.
    let all: f64 = whole.get(..8)?.iter().sum();
    let idle = whole.get(3)? + whole.get(4)?;
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the program's name in brackets stands a letter; then numbers, the eleventh and twelfth
    // of which are this process in user and kernel mode.
    let (_, fields) = text.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().skip(1).collect();
    let own = numbers(&fields.get(10..12)?.join(" ")).iter().sum();
    Some(Ticks {
        all,
        busy: all - idle,
        own,
    })
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
        let others = others_share();
        assert!((0.0..=1.0).contains(&others()));
    }
}
