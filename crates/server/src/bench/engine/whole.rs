//! From a loan's terms to its rate: schedule to the cent, mortgage insurance, payment stream, APR.

use std::hint::black_box;

use lintel_engine::apr::Solution;
use lintel_engine::us::arm::ArmTerms;
use lintel_engine::us::loan_apr::{LoanTerms, loan_apr};
use lintel_engine::us::mi::{MiPremium, MiStop, MiTerms, MiThreshold};
use lintel_engine::{Cents, Pct, Rounding};

use super::super::cpu::Clock;
use super::super::random::Seeded;
use super::loans::dollars;
use super::{Report, figure, of, table, time};

/// Loans of each kind.
const LOANS: usize = 2000;

pub(super) fn measure(report: &mut Report, clock: &Clock) -> Result<(), String> {
    let mut lines = table(
        &[
            "",
            "ns a loan",
            "loans/s/core",
            "agree",
            "worst difference, a year",
        ],
        1,
    );
    for kind in Kind::ALL {
        let mut numbers = Seeded::new(20_261_121);
        let loans: Vec<LoanTerms> = (0..LOANS).map(|_| terms(kind, &mut numbers)).collect();
        let ns = time(clock, loans.len(), || {
            for terms in &loans {
                let _ = black_box(loan_apr(black_box(terms)));
            }
        });
        let (agree, worst) = check(&loans)?;
        lines.add_row([
            kind.describe().to_owned(),
            figure(ns),
            figure(1e9 / ns),
            of(agree, loans.len()),
            format!("{worst:.0e}"),
        ]);
    }
    let title = "From terms to rate: schedule to the cent, mortgage insurance, APR. Agree: the payments \
                 discounted one by one at the rate found come to the amount financed, to 1e-6 a year";
    report.section(title, &lines.to_string());
    Ok(())
}

/// How many rates balance their payments, and the worst error of a rate: payments and slope summed
/// month by month, so that neither the closed form nor the solver checks itself.
fn check(loans: &[LoanTerms]) -> Result<(usize, f64), String> {
    let (mut agree, mut worst) = (0, 0.0_f64);
    for terms in loans {
        let loan = loan_apr(terms).map_err(|e| e.to_string())?;
        let Solution::Found(found) = loan.apr else {
            return Err("an invented loan has no rate".to_owned());
        };
        let discount = 1.0 / (1.0 + found.rate_per_period);
        let (mut power, mut value, mut slope, mut month) = (1.0, 0.0, 0.0, 0.0);
        for row in &loan.rows {
            power *= discount;
            month += 1.0;
            let paid = dollars(row.row.payment) + dollars(row.mortgage_insurance);
            value += paid * power;
            slope += month * paid * power * discount;
        }
        let off = 12.0 * (value - dollars(loan.amount_financed)).abs() / slope;
        agree += usize::from(off <= 1e-6);
        worst = worst.max(off);
    }
    Ok((agree, worst))
}

/// A kind of loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// 30 years, mortgage insurance until the scheduled balance is 78 % of the value.
    FixedWithMi,
    /// 30 years, adjustable after five, seven or ten: composite stream of two or three rates.
    Arm,
}

impl Kind {
    const ALL: [Self; 2] = [Self::FixedWithMi, Self::Arm];

    const fn describe(self) -> &'static str {
        match self {
            Self::FixedWithMi => "30-year fixed with mortgage insurance to 78 %",
            Self::Arm => "30-year adjustable, composite stream",
        }
    }
}

/// An eighth of a percentage point.
const EIGHTH: i64 = 125_000_000;

/// Invents the terms of a loan.
fn terms(kind: Kind, numbers: &mut Seeded) -> LoanTerms {
    match kind {
        Kind::FixedWithMi => fixed_with_mi(numbers),
        Kind::Arm => adjustable(numbers),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_balance_their_payments() {
        for kind in Kind::ALL {
            let mut numbers = Seeded::new(7);
            let loans: Vec<LoanTerms> = (0..200).map(|_| terms(kind, &mut numbers)).collect();
            let (agree, worst) = check(&loans).unwrap();
            assert_eq!(agree, 200, "{kind:?}");
            assert!(worst < 1e-12, "{kind:?} {worst:e}");
        }
    }
}
