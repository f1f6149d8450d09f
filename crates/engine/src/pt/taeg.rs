//! TAEG, the annual percentage rate of charge, and MTIC, the total amount payable by the consumer.
//!
//! Source: DL 74-A/2017, article 15 and annex II (the equation of Directive 2014/17/EU, annex I): each
//! month is a twelfth of a year, and what is drawn equals what is paid at the effective yearly rate.
//! MTIC is the amount of credit and its total cost together.
#![expect(clippy::float_arithmetic, reason = "amounts handed to the solver")]

use super::loan::{Instalment, Loan};
use crate::apr::Solution;
use crate::aprc::{self, Flow, Years};
use crate::error::{EngineError, Problem};
use crate::float::Wide;
use crate::money::{Cents, Rounding, divide};

/// Billionths of a currency unit in a cent.
const CENT_E9: i128 = 10_000_000;
/// Largest cost: 10^15 currency units.
const MAX_COST_E9: i128 = 1_000_000_000_000_000_000_000_000;

/// The rate, the total and the instalments they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct TaegMtic {
    /// The effective yearly rate, or why there is none.
    pub taeg: Solution,
    /// Everything paid: instalments and costs, half up to cents once, at the end.
    pub mtic: Cents,
    /// Every month of the loan.
    pub months: Vec<Instalment>,
}

/// TAEG and MTIC of a loan with costs at the contract and the same cost every month. Costs are in
/// billionths of the currency unit, because a duty on a small monthly fee has more than two decimals.
///
/// # Errors
/// `upfront_costs` or `monthly_costs` negative or above 10^15; `principal` when the payments cannot be
/// held.
pub fn taeg_mtic(loan: &Loan, upfront_e9: i128, monthly_e9: i128) -> Result<TaegMtic, EngineError> {
    check_cost("upfront_costs", upfront_e9)?;
    check_cost("monthly_costs", monthly_e9)?;
    let months = loan.schedule()?;
    let monthly = vec![monthly_e9; months.len()];
    let taeg = taeg(loan, &months, upfront_e9, &monthly)?;
    let mtic = mtic(&months, upfront_e9, &monthly)?;
    Ok(TaegMtic { taeg, mtic, months })
}

fn check_cost(field: &'static str, cost_e9: i128) -> Result<(), EngineError> {
    if cost_e9 < 0 {
        return Err(EngineError::new(field, Problem::MustNotBeNegative));
    }
    if cost_e9 > MAX_COST_E9 {
        return Err(EngineError::too_large(field));
    }
    Ok(())
}

/// The rate of the loan's months with a cost at the contract and one for each month.
pub(super) fn taeg(
    loan: &Loan,
    months: &[Instalment],
    upfront_e9: i128,
    monthly_e9: &[i128],
) -> Result<Solution, EngineError> {
    let mut flows: Vec<Flow> = Vec::new();
    for drawing in loan.drawings() {
        let at = Years::months(i64::from(drawing.month))?;
        flows.push(Flow::received(at, drawing.amount));
    }
    if upfront_e9 > 0 {
        flows.push(Flow::single(Years::ZERO, -units(upfront_e9)));
    }
    let mut run: Option<(i128, Flow)> = None;
    for (month, cost) in months.iter().zip(monthly_e9) {
        let paid = in_e9(month.row.payment)
            .checked_add(*cost)
            .ok_or(EngineError::too_large("monthly_costs"))?;
        match &mut run {
            Some((same, flow)) if *same == paid => flow.count = flow.count.saturating_add(1),
            _ => {
                flows.extend(run.take().map(|(_, flow)| flow));
                run = Some((paid, starting(month, paid)?));
            }
        }
    }
    flows.extend(run.map(|(_, flow)| flow));
    aprc::solve(&flows)
}

/// A run of equal monthly payments that begins with `month`.
fn starting(month: &Instalment, paid_e9: i128) -> Result<Flow, EngineError> {
    Ok(Flow {
        first: Years::months(i64::from(month.row.number))?,
        every: Years::MONTH,
        count: 1,
        amount: -units(paid_e9),
    })
}

/// Everything paid, half up to cents.
pub(super) fn mtic(
    months: &[Instalment],
    upfront_e9: i128,
    monthly_e9: &[i128],
) -> Result<Cents, EngineError> {
    let too_large = EngineError::too_large("mtic");
    let mut total = upfront_e9;
    for (month, cost) in months.iter().zip(monthly_e9) {
        total = in_e9(month.row.payment)
            .checked_add(*cost)
            .and_then(|paid| total.checked_add(paid))
            .ok_or(too_large)?;
    }
    // Half up once, on the sum: the parts may have more decimals than cents.
    divide(total, CENT_E9, Rounding::HalfUp)
        .and_then(|cents| i64::try_from(cents).ok())
        .map(Cents::new)
        .filter(|cents| *cents <= Cents::MAX)
        .ok_or(too_large)
}

/// Cents as billionths of the currency unit; an i64 of cents always fits.
pub(super) fn in_e9(amount: Cents) -> i128 {
    i128::from(amount.get()).saturating_mul(CENT_E9)
}

fn units(e9: i128) -> f64 {
    Wide::of_i128(e9).to_f64() / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::Pct;
    use crate::schedule::RateStep;

    fn loan(amount: i64, steps: &[(&str, u32)]) -> Loan {
        let step = |(rate, months): &(&str, u32)| RateStep {
            rate: Pct::parse_decimal(rate).unwrap(),
            months: *months,
        };
        let path: Vec<_> = steps.iter().map(step).collect();
        Loan::try_new(Cents::new(amount * 100), &path).unwrap()
    }

    fn e9(text: &str) -> i128 {
        crate::parse_scaled(text, 9).unwrap()
    }

    #[test]
    fn illustration_of_section_5_2() {
        let found = taeg_mtic(
            &loan(180_000, &[("3.037", 360)]),
            e9("1620.80"),
            e9("42.108"),
        );
        let found = found.unwrap();
        let taeg = found.taeg.apr().unwrap();
        assert!((taeg.e9() - 3_593_876_860).abs() < 1000, "{taeg}");
        assert_eq!(aprc::disclosed(taeg, 1).to_fixed(1), "3.6");
        assert_eq!(found.mtic.to_string(), "291274.77");
        assert_eq!(found.months[0].row.payment.to_string(), "762.48");
        assert_eq!(found.months[359].row.payment.to_string(), "764.77");
    }

    #[test]
    fn stamp_duty_only_over_25_years() {
        let found = taeg_mtic(&loan(120_000, &[("3.40", 300)]), e9("720.00"), 0).unwrap();
        let taeg = found.taeg.apr().unwrap();
        assert!((taeg.e9() - 3_511_256_780).abs() < 1000, "{taeg}");
        assert_eq!(found.mtic.to_string(), "179019.86");
        assert_eq!(found.months[0].row.payment.to_string(), "594.33");
        assert_eq!(found.months[299].row.payment.to_string(), "595.19");
    }

    #[test]
    fn a_negative_rate_has_a_negative_taeg() {
        let found = taeg_mtic(&loan(100_000, &[("-0.3", 240)]), 0, 0).unwrap();
        let taeg = found.taeg.apr().unwrap();
        // (1 − 0.003/12)^12 − 1.
        assert!((taeg.e9() + 299_587_609).abs() < 20_000, "{taeg}");
        assert!(found.mtic < Cents::new(10_000_000));
    }

    #[test]
    fn impossible_costs_have_no_rate() {
        let loan = loan(1000, &[("3", 12)]);
        assert!(taeg_mtic(&loan, -1, 0).is_err());
        assert!(taeg_mtic(&loan, 0, MAX_COST_E9 + 1).is_err());
        let eaten = taeg_mtic(&loan, e9("1000"), 0).unwrap();
        assert_eq!(eaten.taeg.apr(), None);
    }
}
