//! Handing out jobs to scoped threads.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

/// Most threads started, whatever is asked for.
const MAX_THREADS: usize = 256;

/// Runs `work` on every job, with at most `threads` threads (256 at most) that end before this
/// returns. Jobs are started in order; a thread takes the next one when it is done, so a busy
/// processor does not hold up the others. One thread or one job starts none.
///
/// Deterministic as long as the jobs are: each brings its own place for the answer, and where a
/// job is cut must not depend on the number of threads.
///
/// # Panics
/// When `work` does.
pub fn in_parallel<J: Send>(threads: NonZeroUsize, jobs: Vec<J>, work: impl Fn(J) + Sync) {
    let hands = threads.get().min(jobs.len()).min(MAX_THREADS);
    if hands <= 1 {
        jobs.into_iter().for_each(work);
        return;
    }
    let queue = Mutex::new(jobs.into_iter());
    let take = || {
        let mut jobs = queue.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.next()
    };
    let run = || {
        while let Some(job) = take() {
            work(job);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..hands {
            scope.spawn(run);
        }
        run();
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn every_job_is_done_once() {
        for threads in [1, 2, 3, 8, 10_000] {
            let mut places = vec![0_u64; 1000];
            let jobs: Vec<_> = places.iter_mut().enumerate().collect();
            let calls = AtomicU64::new(0);
            in_parallel(
                NonZeroUsize::new(threads).unwrap(),
                jobs,
                |(index, place)| {
                    *place += u64::try_from(index).unwrap() + 1;
                    calls.fetch_add(1, Ordering::Relaxed);
                },
            );
            assert_eq!(calls.into_inner(), 1000);
            assert!((1_u64..).zip(&places).all(|(want, place)| want == *place));
        }
        in_parallel(NonZeroUsize::MIN, Vec::<u8>::new(), |_| unreachable!());
    }
}
