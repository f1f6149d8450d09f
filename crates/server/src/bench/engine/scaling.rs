//! From one core to all, and with the processor's vector instructions or without.

use std::num::NonZeroUsize;
use std::time::Instant;

use lintel_engine::bulk::Machine;

use super::super::cpu::others_share;
use super::super::{figure, median, progress, table};
use super::loans::Mix;
use super::rates::Answers;
use super::schedules::Totals;
use super::{Goal, ROUNDS, Report};

/// Wall time of one measurement, at least.
const LEAST_SECONDS: f64 = 0.2;
/// More of the processors taken by others than this, and the speed-up says nothing about us.
const QUIET: f64 = 0.05;

pub(super) fn measure(report: &mut Report, mix: &Mix) -> Result<(), String> {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let mut lines = table(
        &[
            "threads",
            "solves/s",
            "x one",
            "schedules/s",
            "x one",
            "answers",
        ],
        0,
    );
    let mut answers = Answers::of(mix.len());
    let mut totals = Totals::of(mix.len());
    let (mut first, mut last) = (None, (1, 1.0));
    let others = others_share();
    let counts = counts(cores);
    let bar = progress(u64::try_from(counts.len()).unwrap_or_default(), "threads");
    for threads in counts {
        let machine =
            Machine::with_threads(NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN));
        let solving = wall(|| answers.solve(machine, mix))?;
        let scheduling = wall(|| totals.work_out(machine, &mix.fixed()))?;
        let (one, alone, sums) = first.get_or_insert_with(|| {
            let mut alone = Answers::of(mix.len());
            let mut sums = Totals::of(mix.len());
            std::mem::swap(&mut alone, &mut answers);
            std::mem::swap(&mut sums, &mut totals);
            ((solving, scheduling), alone, sums)
        });
        // The first answers were taken away as what the others must equal.
        let same = threads == 1 || (answers.same(alone) && totals.same(sums));
        let loans = u32::try_from(mix.len()).map_or(f64::MAX, f64::from);
        last = (threads, one.0 / solving);
        lines.add_row([
            threads.to_string(),
            figure(loans / solving),
            figure(one.0 / solving),
            figure(loans / scheduling),
            figure(one.1 / scheduling),
            if same { "the same bits" } else { "DIFFERENT" }.to_owned(),
        ]);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let others = others();
    report.section(
        &format!(
            "From one core to all: wall time; other programs took {:.0} % of the processors meanwhile",
            100.0 * others
        ),
        &lines.to_string(),
    );
    let (threads, speed_up) = last;
    let efficiency = speed_up / f64::from(u32::try_from(threads).unwrap_or(1));
    report.goals.push(Goal::at_least(
        &format!("speed-up of solves, {threads} threads, per thread"),
        0.95,
        None,
        (threads > 1 && others < QUIET).then_some(efficiency),
    ));
    Ok(())
}

/// 1, 2, 4 and so on, and all.
fn counts(cores: usize) -> Vec<usize> {
    let mut counts: Vec<usize> = std::iter::successors(Some(1_usize), |count| count.checked_mul(2))
        .take_while(|count| *count < cores)
        .collect();
    counts.push(cores);
    counts
}

/// Seconds of one pass: the middle of several spans.
fn wall(mut pass: impl FnMut() -> Result<(), String>) -> Result<f64, String> {
    pass()?;
    let mut spans = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let (start, mut passes) = (Instant::now(), 0.0);
        while start.elapsed().as_secs_f64() < LEAST_SECONDS {
            pass()?;
            passes += 1.0;
        }
        spans.push(start.elapsed().as_secs_f64() / passes);
    }
    Ok(median(spans))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_double_up_to_all_cores() {
        assert_eq!(counts(1), [1]);
        assert_eq!(counts(2), [1, 2]);
        assert_eq!(counts(6), [1, 2, 4, 6]);
    }

    #[test]
    fn answers_do_not_depend_on_threads() {
        let mix = Mix::invent(10_000).unwrap();
        let solve = |threads: usize| {
            let machine = Machine::with_threads(NonZeroUsize::new(threads).unwrap());
            let (mut answers, mut totals) = (Answers::of(mix.len()), Totals::of(mix.len()));
            answers.solve(machine, &mix).unwrap();
            totals.work_out(machine, &mix.fixed()).unwrap();
            (answers, totals)
        };
        let (answers, totals) = solve(1);
        for threads in [2, 3, 8] {
            let found = solve(threads);
            assert!(answers.same(&found.0) && totals.same(&found.1));
        }
    }
}
