//! Parts priced by the threads of this process, each with its own memory.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::runtime::Handle;

use super::Trouble;
use super::header::Header;
use super::part;
use super::plan::Plan;
use super::progress::Progress;
use super::sink::Sink;

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Made {
    /// Parts written now.
    pub(super) written: usize,
    /// Parts that were finished before.
    pub(super) found: usize,
}

/// Makes sure that every part of `wanted` is there. Blocks; the first trouble ends it.
pub(super) fn all(
    card: (&Header, &Plan, &Sink),
    wanted: &[usize],
    threads: usize,
    progress: &Progress,
) -> Result<Made, Trouble> {
    let (header, plan, sink) = card;
    let runtime = Handle::current();
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let trouble: Mutex<Option<Trouble>> = Mutex::new(None);
    let (written, found) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut memory = Vec::new();
        while !stopped.load(Ordering::Relaxed) {
            let Some(number) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) else {
                return Ok(());
            };
            if runtime
                .block_on(part::finished(sink, header, *number))?
                .is_some()
            {
                found.fetch_add(1, Ordering::Relaxed);
                progress.found(plan.cells(*number));
                continue;
            }
            let (bytes, record) = part::make(header, plan, *number, &mut memory)?;
            runtime.block_on(part::store(sink, *number, bytes, &record))?;
            written.fetch_add(1, Ordering::Relaxed);
            progress.made(plan.cells(*number));
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.min(wanted.len()) {
            scope.spawn(|| {
                if let Err(error) = work() {
                    stopped.store(true, Ordering::Relaxed);
                    if let Ok(mut first) = trouble.lock() {
                        first.get_or_insert(error);
                    }
                }
            });
        }
    });
    match trouble.into_inner() {
        Ok(None) => Ok(Made {
            written: written.into_inner(),
            found: found.into_inner(),
        }),
        Ok(Some(trouble)) => Err(trouble),
        Err(_) => Err(Trouble::told("a thread of the card broke off")),
    }
}
