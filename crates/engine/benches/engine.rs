//! Times of the engine's own roads: single calls and columns, one thread and several, with and
//! without AVX2. `cargo bench -p lintel-engine [-- ROWS]`. Wall times of a quiet moment (the
//! smallest of many short rounds); `lintel bench engine` compares with other libraries.

#[path = "mix/loans.rs"]
mod loans;

use std::hint::black_box;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::time::Instant;

use lintel_engine::apr::{Level, solve_levels};
use lintel_engine::bulk::{
    FixedColumns, Machine, RateColumns, RateOutcome, RowColumns, TotalsColumns, schedule_rows,
    schedule_totals, solve_level_columns,
};
use lintel_engine::schedule::Plan;
use lintel_engine::{Cents, Pct};
use loans::Loans;

/// Rows of the rounds that fit the cache.
const CACHED: usize = 4096;

fn main() {
    let rows = std::env::args().filter_map(|word| word.parse().ok()).next();
    let rows: usize = rows.unwrap_or(1_000_000);
    let few = Loans::new(CACHED, 20_261_120);
    let many = Loans::new(rows, 20_261_120);
    let core = Machine::one_core();
    let mut table = Table::default();
    table.row("rates, single call", single_rates(&few));
    table.row("schedule, 360 rows, single call", single_schedules(&few));
    for machine in [core, core.portable()] {
        let name = machine.instructions();
        table.row(
            &format!("rates, columns, cached, {name}"),
            rates(machine, &few, 400),
        );
        table.row(
            &format!("rates, columns, {rows} rows, {name}"),
            rates(machine, &many, 20),
        );
        table.row(
            &format!("schedule totals, {name}"),
            totals(machine, &few, false),
        );
        table.row(
            &format!("schedule totals and mark, {name}"),
            totals(machine, &few, true),
        );
        table.row(
            &format!("schedule rows stored, {name}"),
            stored(machine, &few),
        );
    }
    let all = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let one = rates(core, &many, 20);
    let together = rates(Machine::with_threads(all), &many, 20);
    table.row(&format!("rates, {rows} rows, {all} threads"), together);
    table.print();
    let text = format!("speed-up with {all} threads: {:.2}\n", one / together);
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Names and nanoseconds per item.
#[derive(Default)]
struct Table(Vec<(String, f64)>);

impl Table {
    fn row(&mut self, name: &str, nanoseconds: f64) {
        self.0.push((name.to_owned(), nanoseconds));
    }

    fn print(&self) {
        let mut text = String::new();
        for (name, nanoseconds) in &self.0 {
            text.push_str(&format!("{name:<44} {nanoseconds:>10.2} ns\n"));
        }
        let _ = std::io::stdout().write_all(text.as_bytes());
    }
}

/// The smallest time of some rounds, per item in nanoseconds.
fn best(rounds: usize, items: usize, mut work: impl FnMut()) -> f64 {
    let round = |_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    let least = (0..rounds).map(round).fold(f64::INFINITY, f64::min);
    least * 1e9 / items as f64
}

fn rates(machine: Machine, loans: &Loans, rounds: usize) -> f64 {
    let rows = loans.amount.len();
    let (mut rate_per_period, mut apr) = (vec![0.0; rows], vec![Pct::ZERO; rows]);
    let mut outcome = vec![RateOutcome::Refused; rows];
    best(rounds, rows, || {
        let mut out = RateColumns {
            rate_per_period: &mut rate_per_period,
            apr: &mut apr,
            outcome: &mut outcome,
        };
        let _ = black_box(solve_level_columns(machine, &loans.levels(), &mut out));
    })
}

fn totals(machine: Machine, loans: &Loans, marked: bool) -> f64 {
    let rows = loans.term.len();
    let (mut payment, mut last_payment) = (vec![Cents::ZERO; rows], vec![Cents::ZERO; rows]);
    let mut total_interest = vec![Cents::ZERO; rows];
    let half = |cents: &Cents| Cents::new(cents.get() / 2);
    let mark: Vec<_> = loans
        .principal
        .iter()
        .filter(|_| marked)
        .map(half)
        .collect();
    let mut mark_month = vec![0; mark.len()];
    let all_long = vec![360; rows];
    let fixed = FixedColumns {
        term_months: &all_long,
        ..loans.fixed()
    };
    best(40, rows, || {
        let mut out = TotalsColumns {
            payment: &mut payment,
            last_payment: &mut last_payment,
            total_interest: &mut total_interest,
            mark: &mark,
            mark_month: &mut mark_month,
        };
        let _ = black_box(schedule_totals(machine, &fixed, &mut out));
    })
}

fn stored(machine: Machine, loans: &Loans) -> f64 {
    let places = 360 * 32;
    let (mut interest, mut principal) = (vec![Cents::ZERO; places], vec![Cents::ZERO; places]);
    let mut balance = vec![Cents::ZERO; places];
    best(40, CACHED, || {
        for start in (0..CACHED).step_by(32) {
            let fixed = FixedColumns {
                principal: &loans.principal[start..start + 32],
                rate: &loans.guess[start..start + 32],
                term_months: &[360; 32],
            };
            let mut out = RowColumns {
                months: 360,
                interest: &mut interest,
                principal: &mut principal,
                balance: &mut balance,
            };
            let _ = black_box(schedule_rows(machine, &fixed, &mut out));
        }
    })
}

fn single_rates(loans: &Loans) -> f64 {
    best(100, CACHED, || {
        for row in 0..CACHED {
            let level = |level: usize| Level {
                count: loans.count[level][row],
                payment: loans.payment[level][row],
            };
            let levels = [level(0), level(1), level(2)];
            let _ = black_box(solve_levels(loans.amount[row], &levels, loans.guess[row]));
        }
    })
}

fn single_schedules(loans: &Loans) -> f64 {
    best(10, CACHED, || {
        for row in 0..CACHED {
            let plan = Plan::fixed(loans.principal[row], loans.guess[row], 360);
            let _ = black_box(plan.and_then(|plan| plan.schedule()));
        }
    })
}
