//! Invented loans whose rates are solved: the same for every solver and every run.

use lintel_engine::apr::{Level, LevelLoan};
use lintel_engine::us::arm::ArmTerms;
use lintel_engine::us::loan_apr::{LoanTerms, loan_apr};
use lintel_engine::us::mi::{MiPremium, MiStop, MiTerms, MiThreshold};
use lintel_engine::{Cents, Pct, Rounding};

use super::super::progress;
use super::super::random::Seeded;

/// A kind of loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// 30 years, mortgage insurance until the scheduled balance is 78 % of the value.
    FixedWithMi,
    /// 30 years, adjustable after five, seven or ten: composite stream of two or three rates.
    Arm,
}

impl Kind {
    pub(super) const ALL: [Self; 2] = [Self::FixedWithMi, Self::Arm];

    pub(super) const fn describe(self) -> &'static str {
        match self {
            Self::FixedWithMi => "30-year fixed with mortgage insurance to 78 %",
            Self::Arm => "30-year adjustable, composite stream",
        }
    }
}

/// One loan: its terms, its payments as levels, its annual percentage rate as a fraction.
pub(super) struct Problem {
    pub(super) terms: LoanTerms,
    pub(super) loan: LevelLoan,
    pub(super) apr: f64,
}

/// An eighth of a percentage point.
const EIGHTH: i64 = 125_000_000;

/// Invents loans and schedules each to the cent.
pub(super) fn invent(kind: Kind, count: u64) -> Result<Vec<Problem>, String> {
    let mut numbers = Seeded::new(20_261_120);
    let bar = progress(count, "inventing loans");
    let mut problems = Vec::new();
    for made in 0..count {
        let terms = match kind {
            Kind::FixedWithMi => fixed_with_mi(&mut numbers),
            Kind::Arm => adjustable(&mut numbers),
        };
        problems.push(problem(terms)?);
        if made.is_multiple_of(1024) {
            bar.set_position(made);
        }
    }
    bar.finish_and_clear();
    Ok(problems)
}

fn fixed_with_mi(numbers: &mut Seeded) -> LoanTerms {
    let mut terms = ordinary(numbers);
    // 80.5 % to 97 % of the value.
    let ltv = numbers.between(805, 970);
    let value = terms
        .principal
        .mul_ratio(1000, i128::from(ltv), Rounding::HalfUp);
    let premium = Pct::new(numbers.between(20, 120) * 10_000_000);
    terms.mi = value.map(|original_value| MiTerms {
        premium: MiPremium::AnnualOfLoan(premium),
        stop: MiStop {
            threshold: Some(MiThreshold {
                original_value,
                percent: Pct::new(78_000_000_000),
            }),
            max_payments: None,
            at_midpoint: true,
        },
    });
    terms
}

fn adjustable(numbers: &mut Seeded) -> LoanTerms {
    let mut terms = ordinary(numbers);
    let points = |n: i64| Pct::new(n * 1_000_000_000);
    // Fully indexed at most four points above the initial rate: two adjustments, four levels.
    let above = Pct::new(numbers.between(1, 32) * EIGHTH);
    let margin = Pct::new(22 * EIGHTH);
    let index = terms
        .note_rate
        .checked_add(above)
        .and_then(|rate| rate.checked_sub(margin));
    terms.arm = index.map(|index| ArmTerms {
        first_adjustment_months: *numbers.pick(&[60, 84, 120]).unwrap_or(&60),
        adjustment_months: 12,
        index,
        margin,
        first_cap: Some(points(2)),
        periodic_cap: Some(points(2)),
        lifetime_cap: Some(points(5)),
        floor: None,
        rounding: Some(Pct::new(EIGHTH)),
    });
    terms
}

/// What every kind has: 50,000 to 1,200,000 dollars, 4.5 % to 8.5 %, charges of up to 3 %.
fn ordinary(numbers: &mut Seeded) -> LoanTerms {
    let principal = Cents::new(numbers.between(500, 12_000) * 10_000);
    let note_rate = Pct::new(numbers.between(36, 68) * EIGHTH);
    let part = Pct::new(numbers.between(0, 3_000_000_000));
    let charges = principal
        .percent(part, Rounding::HalfUp)
        .unwrap_or_default();
    let fixed = Cents::new(numbers.between(60_000, 350_000));
    LoanTerms {
        prepaid_finance_charge: charges.checked_add(fixed).unwrap_or(fixed),
        ..LoanTerms::fixed(principal, note_rate, 360)
    }
}

fn problem(terms: LoanTerms) -> Result<Problem, String> {
    let answer = loan_apr(&terms).map_err(|e| e.to_string())?;
    let mut levels = [Level::default(); 4];
    let runs = answer.payment_stream.len();
    let runs_too_many = || format!("an invented loan has {runs} runs of payments");
    for (at, item) in answer.payment_stream.iter().enumerate() {
        let level = levels.get_mut(at).ok_or_else(runs_too_many)?;
        *level = Level {
            count: item.number_of_payments,
            payment: dollars(item.total()),
        };
    }
    let loan = LevelLoan {
        amount_financed: dollars(answer.amount_financed),
        levels,
        guess: terms.note_rate,
    };
    let solved = lintel_engine::apr::solve_levels(loan.amount_financed, &loan.levels, loan.guess);
    let lintel_engine::apr::Solution::Found(found) = solved.map_err(|e| e.to_string())? else {
        return Err("an invented loan has no rate".to_owned());
    };
    Ok(Problem {
        terms,
        loan,
        apr: found.rate_per_period * 12.0,
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "amounts here are far below 2^53 cents"
)]
fn dollars(cents: Cents) -> f64 {
    cents.get() as f64 / 100.0
}
