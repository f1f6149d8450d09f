//! The program behind the instruction-count gate: runs one kernel over fixed inputs, inside the
//! one function callgrind counts. `instruction_counts KERNEL` prints the instructions in use and
//! the number of items. `scripts/lib/instructions.sh` runs it.

#[path = "../benches/mix/loans.rs"]
mod loans;

use std::hint::black_box;
use std::io::Write as _;
use std::process::ExitCode;

use lintel_engine::apr::{Level, solve_levels};
use lintel_engine::bulk::{
    FixedColumns, Machine, RateColumns, RateOutcome, RowColumns, TotalsColumns, schedule_rows,
    schedule_totals, solve_level_columns,
};
use lintel_engine::schedule::Plan;
use lintel_engine::{Cents, EngineError, Pct};
use loans::Loans;

/// Loans of each run.
const ROWS: usize = 2048;
/// Loans scheduled together with their rows.
const STORED: usize = 32;
/// Months of each schedule.
const TERM: u32 = 360;

/// Inputs and places for answers, made outside of what is counted.
struct Bench {
    machine: Machine,
    loans: Loans,
    terms: Vec<u32>,
    rates: (Vec<f64>, Vec<Pct>, Vec<RateOutcome>),
    cents: [Vec<Cents>; 3],
}

type Kernel = fn(&mut Bench) -> Result<(), EngineError>;

const KERNELS: [(&str, Kernel); 5] = [
    ("rate_columns", rate_columns),
    ("rate_single", rate_single),
    ("schedule_single", schedule_single),
    ("schedule_totals", totals),
    ("schedule_rows", rows),
];

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let mut out = std::io::stdout();
    let Some((_, kernel)) = KERNELS.iter().find(|(known, _)| *known == name) else {
        for (known, _) in KERNELS {
            let _ = writeln!(out, "{known}");
        }
        return ExitCode::FAILURE;
    };
    let loans = Loans::new(ROWS, 20_261_120);
    let places = STORED * usize::try_from(TERM).unwrap_or_default();
    let mut bench = Bench {
        machine: Machine::one_core(),
        terms: vec![TERM; ROWS],
        loans,
        rates: (
            vec![0.0; ROWS],
            vec![Pct::ZERO; ROWS],
            vec![RateOutcome::Refused; ROWS],
        ),
        cents: std::array::from_fn(|_| vec![Cents::ZERO; ROWS.max(places)]),
    };
    if let Err(error) = counted(*kernel, &mut bench) {
        let _ = writeln!(out, "{error}");
        return ExitCode::FAILURE;
    }
    let _ = writeln!(out, "{} {ROWS}", bench.machine.instructions());
    ExitCode::SUCCESS
}

/// What callgrind counts, from entry to return.
#[inline(never)]
fn counted(kernel: Kernel, bench: &mut Bench) -> Result<(), EngineError> {
    kernel(black_box(bench))
}

fn rate_columns(bench: &mut Bench) -> Result<(), EngineError> {
    let (rate_per_period, apr, outcome) = &mut bench.rates;
    let mut out = RateColumns {
        rate_per_period,
        apr,
        outcome,
    };
    solve_level_columns(bench.machine, &bench.loans.levels(), &mut out)
}

fn rate_single(bench: &mut Bench) -> Result<(), EngineError> {
    let loans = &bench.loans;
    for row in 0..ROWS {
        let levels: [Level; 3] = std::array::from_fn(|level| Level {
            count: loans.count[level][row],
            payment: loans.payment[level][row],
        });
        black_box(solve_levels(loans.amount[row], &levels, loans.guess[row])?);
    }
    Ok(())
}

fn schedule_single(bench: &mut Bench) -> Result<(), EngineError> {
    for row in 0..ROWS {
        let plan = Plan::fixed(bench.loans.principal[row], bench.loans.guess[row], TERM)?;
        black_box(plan.schedule()?);
    }
    Ok(())
}

fn totals(bench: &mut Bench) -> Result<(), EngineError> {
    let [payment, last_payment, total_interest] = &mut bench.cents;
    let fixed = FixedColumns {
        term_months: &bench.terms,
        ..bench.loans.fixed()
    };
    let mut out = TotalsColumns {
        payment: &mut payment[..ROWS],
        last_payment: &mut last_payment[..ROWS],
        total_interest: &mut total_interest[..ROWS],
        mark: &[],
        mark_month: &mut [],
    };
    schedule_totals(bench.machine, &fixed, &mut out).map(|_| ())
}

fn rows(bench: &mut Bench) -> Result<(), EngineError> {
    let places = STORED * usize::try_from(TERM).unwrap_or_default();
    let [interest, principal, balance] = &mut bench.cents;
    for start in (0..ROWS).step_by(STORED) {
        let range = start..start + STORED;
        let fixed = FixedColumns {
            principal: &bench.loans.principal[range.clone()],
            rate: &bench.loans.guess[range.clone()],
            term_months: &bench.terms[range],
        };
        let mut out = RowColumns {
            months: TERM,
            interest: &mut interest[..places],
            principal: &mut principal[..places],
            balance: &mut balance[..places],
        };
        schedule_rows(bench.machine, &fixed, &mut out)?;
    }
    Ok(())
}
