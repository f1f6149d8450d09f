//! Schedules of 360 rows to the cent: our roads and the rivals', and whether every row is exact.

use std::hint::black_box;

use lintel_engine::bulk::{
    FixedColumns, Machine, RowColumns, TotalsColumns, schedule_rows, schedule_totals,
};
use lintel_engine::schedule::Plan;
use lintel_engine::{Cents, Pct};

use super::super::cpu::Clock;
use super::super::{grouped, progress};
use super::loans::{Mix, cents};
use super::rivals::{Measured, Python};
use super::{Goal, Report, Shape, exact, ns_of, time, with_rivals};

const ROWS: &str = "Lintel, batch, rows stored";
const SINGLE: &str = "Lintel, one loan";
const MONTHS: u32 = 360;
/// Loans of a batch: their rows stay in the cache of a core.
const BATCH: usize = 32;
/// Loans of one timed pass.
const TIMED: usize = 4096;

/// Loans of 360 months.
#[derive(Default)]
struct Loans {
    principal: Vec<Cents>,
    rate: Vec<Pct>,
    term: Vec<u32>,
}

impl Loans {
    fn thirty_years(mix: &Mix, most: usize) -> Self {
        let mut loans = Self::default();
        let columns = mix.principal.iter().zip(&mix.rate).zip(&mix.term);
        for ((principal, rate), term) in columns.filter(|loan| *loan.1 == MONTHS).take(most) {
            loans.principal.push(*principal);
            loans.rate.push(*rate);
            loans.term.push(*term);
        }
        loans
    }

    fn fixed(&self) -> FixedColumns<'_> {
        FixedColumns {
            principal: &self.principal,
            rate: &self.rate,
            term_months: &self.term,
        }
    }
}

/// A part of the columns.
fn part<'a>(loans: &FixedColumns<'a>, from: usize, to: usize) -> FixedColumns<'a> {
    FixedColumns {
        principal: loans.principal.get(from..to).unwrap_or_default(),
        rate: loans.rate.get(from..to).unwrap_or_default(),
        term_months: loans.term_months.get(from..to).unwrap_or_default(),
    }
}

/// Rows of a few loans, used again for the next few.
struct Buffer {
    interest: Vec<Cents>,
    principal: Vec<Cents>,
    balance: Vec<Cents>,
}

impl Buffer {
    fn new() -> Self {
        let cells = vec![Cents::ZERO; BATCH * usize::try_from(MONTHS).unwrap_or_default()];
        Self {
            interest: cells.clone(),
            principal: cells.clone(),
            balance: cells,
        }
    }

    /// Fills the buffer with the rows of at most [`BATCH`] loans.
    fn fill(&mut self, machine: Machine, loans: &FixedColumns<'_>) -> Result<(), String> {
        let cells = loans.principal.len() * usize::try_from(MONTHS).unwrap_or_default();
        let short = "a batch is larger than its buffer";
        let mut out = RowColumns {
            months: MONTHS,
            interest: self.interest.get_mut(..cells).ok_or(short)?,
            principal: self.principal.get_mut(..cells).ok_or(short)?,
            balance: self.balance.get_mut(..cells).ok_or(short)?,
        };
        schedule_rows(machine, loans, &mut out).map_err(|e| e.to_string())?;
        Ok(())
    }

    /// Row of a loan of the last fill.
    fn row(&self, loans: usize, loan: usize, month: usize) -> Option<exact::Row> {
        let at = month * loans + loan;
        Some([
            self.interest.get(at)?.get(),
            self.principal.get(at)?.get(),
            self.balance.get(at)?.get(),
        ])
    }
}

/// What [`schedule_totals`] writes to.
pub(super) struct Totals {
    payment: Vec<Cents>,
    last: Vec<Cents>,
    interest: Vec<Cents>,
}

impl Totals {
    pub(super) fn of(loans: usize) -> Self {
        let cells = vec![Cents::ZERO; loans];
        Self {
            payment: cells.clone(),
            last: cells.clone(),
            interest: cells,
        }
    }

    pub(super) fn work_out(
        &mut self,
        machine: Machine,
        loans: &FixedColumns<'_>,
    ) -> Result<(), String> {
        let mut out = TotalsColumns {
            payment: &mut self.payment,
            last_payment: &mut self.last,
            total_interest: &mut self.interest,
            mark: &[],
            mark_month: &mut [],
        };
        schedule_totals(machine, loans, &mut out).map_err(|e| e.to_string())?;
        Ok(())
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.payment == other.payment && self.last == other.last && self.interest == other.interest
    }
}

pub(super) fn measure(
    report: &mut Report,
    clock: &Clock,
    mix: &Mix,
    python: Option<&Python>,
) -> Result<(), String> {
    let loans = Loans::thirty_years(mix, TIMED);
    let fixed = loans.fixed();
    let checked = check(mix)?;
    let bar = progress(4, "scheduling");
    let mut rows = Vec::new();
    let machine = Machine::one_core();
    for (name, machine) in [
        (ROWS, machine),
        ("Lintel, batch, rows stored, portable", machine.portable()),
    ] {
        let ns = time_rows(clock, machine, &fixed)?;
        rows.push(checked.row(name, ns, checked.rows_differ, mix.len()));
        bar.inc(1);
    }
    let mut totals = Totals::of(fixed.principal.len());
    let ns = time(clock, fixed.principal.len(), || {
        let _ = black_box(totals.work_out(machine, black_box(&fixed)));
    });
    rows.push(checked.row(
        "Lintel, batch, totals only",
        ns,
        checked.totals_differ,
        mix.len(),
    ));
    bar.inc(1);
    let ns = time(clock, fixed.principal.len(), || {
        for ((principal, rate), term) in fixed
            .principal
            .iter()
            .zip(fixed.rate)
            .zip(fixed.term_months)
        {
            let _ = black_box(
                Plan::fixed(black_box(*principal), *rate, *term).and_then(|plan| plan.schedule()),
            );
        }
    });
    rows.insert(1, checked.row(SINGLE, ns, checked.single_differ, mix.len()));
    bar.finish_and_clear();
    rows.extend(with_rivals(
        report,
        python,
        "schedules",
        &handed_over(&fixed),
    )?);
    let shape = Shape {
        item: "schedule",
        worst: "dollars of total interest",
        ours: [ROWS, SINGLE],
    };
    report.compare(
        &format!(
            "Schedules of 360 rows of interest, principal and balance. Agree: every row equal to whole-number \
             arithmetic, ours on all {} loans",
            grouped(&mix.len().to_string())
        ),
        &shape,
        &rows,
    );
    report.goals.extend(goals(&rows, &checked));
    Ok(())
}

fn time_rows(clock: &Clock, machine: Machine, loans: &FixedColumns<'_>) -> Result<f64, String> {
    let mut buffer = Buffer::new();
    buffer.fill(machine, &part(loans, 0, BATCH))?;
    let all = loans.principal.len() / BATCH * BATCH;
    Ok(time(clock, all, || {
        for from in (0..all).step_by(BATCH) {
            let _ = black_box(buffer.fill(machine, &part(loans, from, from + BATCH)));
            black_box(&mut buffer);
        }
    }))
}

/// Schedules that differ from whole-number arithmetic in any row.
#[derive(Default)]
struct Checked {
    rows_differ: usize,
    totals_differ: usize,
    single_differ: usize,
}

impl Checked {
    fn row(&self, name: &str, ns: f64, differ: usize, of: usize) -> Measured {
        Measured {
            name: name.to_owned(),
            ns,
            items: of,
            agree: of - differ,
            worst: (differ == 0).then_some(0.0),
        }
    }
}

fn check(mix: &Mix) -> Result<Checked, String> {
    let all = mix.fixed();
    let machine = Machine::one_core();
    let mut checked = Checked::default();
    let mut buffer = Buffer::new();
    let mut totals = Totals::of(mix.len());
    totals.work_out(machine, &all)?;
    let bar = progress(
        u64::try_from(mix.len()).unwrap_or_default(),
        "checking every row",
    );
    for from in (0..mix.len()).step_by(BATCH) {
        let loans = part(&all, from, mix.len().min(from + BATCH));
        buffer.fill(machine, &loans)?;
        for loan in 0..loans.principal.len() {
            let found = compare(&loans, loan, &buffer, &totals, from);
            let [rows, sums, single] = found.ok_or("an invented loan is beyond 63 bits")?;
            checked.rows_differ += usize::from(!rows);
            checked.totals_differ += usize::from(!sums);
            checked.single_differ += usize::from(!single);
        }
        if from % 8192 == 0 {
            bar.set_position(u64::try_from(from).unwrap_or_default());
        }
    }
    bar.finish_and_clear();
    Ok(checked)
}

/// Whether batch rows, batch totals and the single call equal the reference for one loan.
fn compare(
    loans: &FixedColumns<'_>,
    loan: usize,
    buffer: &Buffer,
    totals: &Totals,
    from: usize,
) -> Option<[bool; 3]> {
    let (principal, rate) = (*loans.principal.get(loan)?, *loans.rate.get(loan)?);
    let term = *loans.term_months.get(loan)?;
    let level = exact::level_payment(principal, rate, term);
    let payment = *totals.payment.get(from + loan)?;
    // Below 2^53 cents both sides are exact.
    let mut right = [cents(payment).to_bits() == level.to_bits(); 3];
    let schedule = Plan::fixed(principal, rate, term)
        .and_then(|plan| plan.schedule())
        .ok()?;
    let (mut interest, mut last) = (0, 0);
    for (month, row) in exact::rows(principal, rate, term, payment.get()).enumerate() {
        let row = row?;
        right[0] &= buffer.row(loans.principal.len(), loan, month)? == row;
        let one = schedule.rows.get(month)?;
        right[2] &= [one.interest.get(), one.principal.get(), one.balance.get()] == row;
        interest += row[0];
        last = row[0] + row[1];
    }
    right[1] &= totals.interest.get(from + loan)?.get() == interest;
    right[1] &= totals.last.get(from + loan)?.get() == last;
    Some(right)
}

/// Three whole numbers a loan: principal and payment in cents, the rate in thousandths of a per cent.
fn handed_over(loans: &FixedColumns<'_>) -> Vec<f64> {
    let mut numbers = Vec::new();
    for (principal, rate) in loans.principal.iter().zip(loans.rate) {
        let payment = exact::level_payment(*principal, *rate, MONTHS);
        // Exact: the rates of the mix are eighths of a per cent.
        let thousandths = cents(Cents::new(rate.e9())) / 1e6;
        numbers.extend([cents(*principal), thousandths, payment]);
    }
    numbers
}

fn goals(rows: &[Measured], checked: &Checked) -> Vec<Goal> {
    let (batch, single) = (ns_of(rows, ROWS), ns_of(rows, SINGLE));
    let times = |rival: &str, own: Option<f64>| Some(ns_of(rows, rival)? / own?);
    let (decimal, numpy) = ("Python Decimal", "NumPy int64, 2,048 loans at once");
    let micro = |ns: Option<f64>| ns.unwrap_or(f64::INFINITY) / 1000.0;
    let differ = checked.rows_differ + checked.totals_differ + checked.single_differ;
    vec![
        Goal::at_most("schedule of one loan, us", 1.8, None, micro(single)),
        Goal::at_most("schedule in a batch, us", 1.8, Some(0.2), micro(batch)),
        Goal::at_least(
            "one loan against Python Decimal",
            110.0,
            None,
            times(decimal, single),
        ),
        Goal::at_least(
            "batch against Python Decimal",
            0.0,
            Some(1000.0),
            times(decimal, batch),
        )
        .without_must(),
        Goal::at_least(
            "batch against NumPy int64",
            0.0,
            Some(17.0),
            times(numpy, batch),
        )
        .without_must(),
        Goal::at_most(
            "schedules with a row that is not exact",
            0.0,
            None,
            f64::from(u32::try_from(differ).unwrap_or(u32::MAX)),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_mix_is_exact() {
        let checked = check(&Mix::invent(500).unwrap()).unwrap();
        assert_eq!(
            [
                checked.rows_differ,
                checked.totals_differ,
                checked.single_differ
            ],
            [0; 3]
        );
    }

    #[test]
    fn a_wrong_row_is_seen() {
        let mix = Mix::invent(10).unwrap();
        let all = mix.fixed();
        let (mut buffer, mut totals) = (Buffer::new(), Totals::of(10));
        totals.work_out(Machine::one_core(), &all).unwrap();
        buffer.fill(Machine::one_core(), &all).unwrap();
        assert_eq!(compare(&all, 3, &buffer, &totals, 0), Some([true; 3]));
        buffer.balance[10 * 17 + 3] = Cents::ZERO;
        assert_eq!(
            compare(&all, 3, &buffer, &totals, 0),
            Some([false, true, true])
        );
    }
}
