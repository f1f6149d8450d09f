//! `lintel bench apr`: rates solved a second per core, beside Python libraries on the same loans.

mod loans;
mod rivals;

use std::hint::black_box;
use std::path::PathBuf;

use clap::Args;
use lintel_engine::apr::{
    Advance, LevelLoan, Solution, Stream, solve, solve_level_loans, solve_levels,
};
use lintel_engine::ratio::Ratio;
use lintel_engine::us::loan_apr::{LoanTerms, loan_apr};

use super::cpu::Clock;
use super::{figure, grouped, median, progress, table};
use loans::{Kind, Problem};
use rivals::Measured;

/// Measurements of one row; the middle one is shown.
const ROUNDS: usize = 5;
/// Least CPU time of one measurement: a hundred times the step of the scheduler's account.
const LEAST_SECONDS: f64 = 0.4;
/// Loans that the general solver checks the fast one on.
const CHECKED: usize = 1000;
/// Loans whose whole calculation is measured.
const WHOLE: usize = 2000;
/// Agreement means: yearly rates as fractions differ by no more than this.
const AGREEMENT: f64 = 1e-6;

/// Options of `lintel bench apr`.
#[derive(Debug, Clone, Args)]
pub struct AprBenchArgs {
    /// Loans of each kind.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1_000..=2_000_000))]
    pub loans: u64,
    /// Install the Python rivals when they are missing. Without this flag they are measured only
    /// where python3 has them already.
    #[arg(long, conflicts_with = "no_rivals")]
    pub rivals: bool,
    /// Leave the Python rivals out.
    #[arg(long)]
    pub no_rivals: bool,
    /// Folder of the rivals' virtual environment.
    #[arg(long, value_name = "FOLDER", default_value = "target/bench-venv")]
    pub venv: PathBuf,
}

/// Measures and returns the tables.
///
/// # Errors
/// A sentence for the terminal.
pub fn run(args: &AprBenchArgs) -> Result<String, String> {
    let clock = Clock::new();
    let mut text = format!(
        "{} loans of each kind, seeded; {}, medians of {ROUNDS} rounds; one core\n",
        grouped(&args.loans.to_string()),
        clock.kind().describe(),
    );
    let rivals = if args.no_rivals {
        Err("left out, as --no-rivals says".to_owned())
    } else {
        rivals::python(&args.venv, args.rivals)
    };
    for kind in Kind::ALL {
        let problems = loans::invent(kind, args.loans)?;
        let ours = measure_ours(&clock, &problems)?;
        let theirs = match &rivals {
            Ok(python) => rivals::measure(python, &problems)?,
            Err(_) => Vec::new(),
        };
        text.push_str(&render(kind, &ours, &theirs));
    }
    if let Err(missing) = rivals {
        text.push_str(&format!("Python rivals: {missing}\n"));
    }
    text.push_str(
        "agree: yearly rate as a fraction within 1e-6 of Lintel's single call (which is itself \
         compared with the general solver)\n",
    );
    Ok(text)
}

/// Our rows; the first one is what the others are compared with.
fn measure_ours(clock: &Clock, problems: &[Problem]) -> Result<Vec<Measured>, String> {
    let batch: Vec<LevelLoan> = problems.iter().map(|p| p.loan).collect();
    let whole: Vec<&LoanTerms> = problems.iter().take(WHOLE).map(|p| &p.terms).collect();
    let bar = progress(3, "solving");
    let single = time(clock, batch.len(), || {
        for loan in &batch {
            let _ = black_box(solve_levels(loan.amount_financed, &loan.levels, loan.guess));
        }
    });
    bar.inc(1);
    let many = time(clock, batch.len(), || {
        for answer in solve_level_loans(&batch) {
            let _ = black_box(answer);
        }
    });
    bar.inc(1);
    let calculated = time(clock, whole.len(), || {
        for terms in &whole {
            let _ = black_box(loan_apr(terms));
        }
    });
    bar.finish_and_clear();
    Ok(vec![
        check_with_general_solver(problems)?.row("Lintel, single call", single),
        check_batch(problems, &batch).row("Lintel, batch", many),
        check_whole(problems).row(
            "Lintel, from terms: schedule to the cent, MI, APR",
            calculated,
        ),
    ])
}

/// How far answers agree with others.
#[derive(Debug, Default)]
struct Agreement {
    agree: usize,
    of: usize,
    worst: f64,
}

impl Agreement {
    /// Compares yearly rates as fractions; no rate at all agrees with nothing.
    fn add(&mut self, solution: Option<&Solution>, reference: f64) {
        let off = match solution {
            Some(Solution::Found(found)) => (found.rate_per_period * 12.0 - reference).abs(),
            Some(Solution::NotConverged { .. } | Solution::NoSolution(_)) | None => f64::INFINITY,
        };
        self.worst = self.worst.max(off);
        self.agree += usize::from(off <= AGREEMENT);
        self.of += 1;
    }

    fn row(&self, name: &str, ns: f64) -> Measured {
        Measured {
            name: name.to_owned(),
            ns,
            loans: self.of,
            agree: self.agree,
            worst: Some(self.worst).filter(|worst| worst.is_finite()),
        }
    }
}

fn check_batch(problems: &[Problem], batch: &[LevelLoan]) -> Agreement {
    let mut agreement = Agreement::default();
    for (problem, answer) in problems.iter().zip(solve_level_loans(batch)) {
        agreement.add(answer.ok().as_ref(), problem.apr);
    }
    agreement
}

fn check_whole(problems: &[Problem]) -> Agreement {
    let mut agreement = Agreement::default();
    for problem in problems.iter().take(WHOLE) {
        let answer = loan_apr(&problem.terms).ok();
        agreement.add(answer.as_ref().map(|answer| &answer.apr), problem.apr);
    }
    agreement
}

/// Nanoseconds of one item: the median of several spans, each long enough for the clock.
fn time(clock: &Clock, items: usize, mut pass: impl FnMut()) -> f64 {
    pass();
    let mut spans = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = clock.seconds();
        let mut passes = 0.0;
        loop {
            pass();
            passes += 1.0;
            let span = clock.seconds() - start;
            if span >= LEAST_SECONDS {
                spans.push(span / passes);
                break;
            }
        }
    }
    let items = u32::try_from(items).map_or(f64::MAX, f64::from);
    median(spans) * 1e9 / items
}

/// Compares the fast solver's answers with those of the general one.
fn check_with_general_solver(problems: &[Problem]) -> Result<Agreement, String> {
    let mut agreement = Agreement::default();
    for problem in problems.iter().take(CHECKED) {
        let mut whole = 1_u32;
        let mut streams = Vec::new();
        for level in problem.loan.levels.iter().filter(|level| level.count > 0) {
            streams.push(Stream {
                whole,
                fraction: Ratio::ZERO,
                count: level.count,
                every: 1,
                amount: level.payment,
            });
            whole = whole.saturating_add(level.count);
        }
        let advance = Advance {
            whole: 0,
            fraction: Ratio::ZERO,
            amount: problem.loan.amount_financed,
        };
        let answer = solve(&[advance], &streams, Ratio::whole(12)).map_err(|e| e.to_string())?;
        agreement.add(Some(&answer), problem.apr);
    }
    Ok(agreement)
}

fn render(kind: Kind, ours: &[Measured], theirs: &[Measured]) -> String {
    let header = [
        "solver",
        "ns a solve",
        "solves/s/core",
        "x single call",
        "agree",
        "worst difference",
    ];
    let mut lines = table(&header, 1);
    let single = ours.first().map_or(1.0, |row| row.ns);
    for row in ours.iter().chain(theirs) {
        let worst = match row.worst {
            Some(0.0) => "0".to_owned(),
            Some(worst) => format!("{worst:.0e}"),
            None => "no answer".to_owned(),
        };
        lines.add_row([
            row.name.clone(),
            figure(row.ns),
            figure(1e9 / row.ns),
            figure(row.ns / single),
            format!(
                "{} of {}",
                grouped(&row.agree.to_string()),
                grouped(&row.loans.to_string())
            ),
            worst,
        ]);
    }
    format!("\n{}\n{lines}\n", kind.describe())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_solvers_agree_on_every_kind() {
        for kind in Kind::ALL {
            let problems = loans::invent(kind, 1000).expect("loans");
            let batch: Vec<LevelLoan> = problems.iter().map(|p| p.loan).collect();
            for found in [
                check_with_general_solver(&problems).expect("solved"),
                check_batch(&problems, &batch),
                check_whole(&problems),
            ] {
                assert_eq!((found.agree, found.of), (1000, 1000), "{kind:?}");
                assert!(found.worst < 1e-11, "{kind:?}: {found:?}");
            }
        }
    }

    #[test]
    fn rows_show_ratios_to_the_first() {
        let row = |name: &str, ns| Measured {
            name: name.to_owned(),
            ns,
            loans: 9,
            agree: 8,
            worst: None,
        };
        let text = render(
            Kind::FixedWithMi,
            &[row("a", 100.0)],
            &[row("b", 250_000.0)],
        );
        assert!(text.contains("2,500") && text.contains("8 of 9") && text.contains("no answer"));
    }
}
