//! What must hold for every Portuguese loan and tax, whatever the figures.

use lintel_engine::pt::imt::{BandRate, ImtBand, ImtScale};
use lintel_engine::pt::imt_jovem::JovemRelief;
use lintel_engine::pt::loan::{Drawing, Loan, NegativeInterest, instalment};
use lintel_engine::pt::taeg::taeg_mtic;
use lintel_engine::schedule::RateStep;
use lintel_engine::{Cents, Pct};
use proptest::prelude::*;

/// A scale of five marginal and two flat bands, with rates that rise.
fn scale(widths: &[i64], first: i64) -> ImtScale {
    let marginal = [first, 2, 5, 7, 8].map(|rate| BandRate::Marginal(Pct::new(rate * Pct::SCALE)));
    let flat = [6_000_000_000, 7_500_000_000].map(|rate| BandRate::Flat(Pct::new(rate)));
    let mut end = 0;
    let mut bands: Vec<ImtBand> = Vec::new();
    for (rate, width) in marginal.into_iter().chain(flat).zip(widths) {
        end += width;
        bands.push(ImtBand {
            up_to: Some(Cents::new(end)),
            rate,
        });
    }
    bands[6].up_to = None;
    ImtScale::try_new(bands).unwrap()
}

fn scales() -> impl Strategy<Value = ImtScale> {
    let widths = prop::collection::vec(1_000_i64..50_000_000, 7);
    (widths, 0_i64..=1).prop_map(|(widths, first)| scale(&widths, first))
}

fn step(rate: i64, months: u32) -> RateStep {
    RateStep {
        rate: Pct::new(rate),
        months,
    }
}

fn paths() -> impl Strategy<Value = Vec<RateStep>> {
    let steps = (-2_000_000_000_i64..12_000_000_000, 1_u32..=120);
    prop::collection::vec(steps, 1..5).prop_map(|steps| {
        steps
            .into_iter()
            .map(|(rate, months)| step(rate, months))
            .collect()
    })
}

proptest! {
    #[test]
    fn imt_never_falls_within_the_marginal_bands_and_never_exceeds_the_value(
        scale in scales(),
        value in 1_i64..300_000_000,
        more in 0_i64..1_000_000,
    ) {
        let end = scale.bands()[4].up_to.unwrap().get();
        let tax = |value: i64| scale.tax(Cents::new(value)).unwrap().tax.get();
        prop_assert!(tax(value) <= value);
        let (low, high) = (value.min(end), (value + more).min(end));
        prop_assert!(tax(low) <= tax(high));
        // Continuous: at most the highest marginal rate on the difference, and a cent of rounding.
        prop_assert!(tax(high) - tax(low) <= (high - low) * 8 / 100 + 2);
    }

    #[test]
    fn imt_by_parts_is_imt_by_parcel(scale in scales(), value in 1_i64..300_000_000) {
        // Band by band in exact hundredths of a cent times billionths.
        let mut by_parts: i128 = 0;
        let mut below = 0;
        for band in scale.bands() {
            let end = band.up_to.map_or(i64::MAX, Cents::get);
            match band.rate {
                BandRate::Marginal(rate) => {
                    let part = value.min(end) - below;
                    by_parts += i128::from(part) * i128::from(rate.e9());
                }
                BandRate::Flat(rate) => by_parts = i128::from(value) * i128::from(rate.e9()),
            }
            if value <= end {
                break;
            }
            below = end;
        }
        let half_up = (by_parts + 50_000_000_000) / 100_000_000_000;
        let tax = scale.tax(Cents::new(value)).unwrap();
        prop_assert_eq!(i128::from(tax.tax.get()), half_up);
    }

    #[test]
    fn the_young_never_pay_more_imt(scale in scales(), value in 1_i64..300_000_000) {
        let ends: Vec<Cents> = scale.bands().iter().filter_map(|band| band.up_to).collect();
        let relief = JovemRelief {
            exempt_up_to: ends[3],
            partial_up_to: ends[4],
            partial_rate: Pct::new(8 * Pct::SCALE),
            max_age: 35,
        };
        let value = Cents::new(value);
        prop_assert!(relief.imt(value, &scale).unwrap() <= scale.tax(value).unwrap().tax);
    }

    #[test]
    fn schedules_add_up(
        amount in 1_i64..10_000_000_000,
        path in paths(),
        utilisation in 0_u32..24,
        residual in 0_i64..90,
        banked in any::<bool>(),
    ) {
        let term: u32 = path.iter().map(|step| step.months).sum();
        let rule = if banked { NegativeInterest::Banked } else { NegativeInterest::CreditedToCapital };
        let utilisation = utilisation.min(term - 1);
        let first = Drawing { month: 0, amount: Cents::new(amount - amount / 3) };
        let second = Drawing { month: utilisation, amount: Cents::new(amount / 3) };
        let drawings = if utilisation > 0 && amount > 2 { vec![first, second] } else { vec![] };
        let residual = Cents::new(amount / 100 * residual);
        let loan = Loan::try_new(Cents::new(amount), &path).unwrap()
            .utilisation(utilisation, &drawings).unwrap()
            .residual(residual).unwrap()
            .negative_interest(rule);
        let months = loan.schedule().unwrap();
        prop_assert_eq!(months.len(), usize::try_from(term).unwrap());
        let mut balance = 0;
        let mut credit = 0;
        for (before, month) in months.iter().enumerate() {
            let at = |d: &&Drawing| usize::try_from(d.month).unwrap() == before;
            balance += loan.drawings().iter().filter(at).map(|d| d.amount.get()).sum::<i64>();
            let row = month.row;
            prop_assert_eq!(row.payment.get(), row.interest.get() + row.principal.get());
            balance -= row.principal.get();
            prop_assert_eq!(row.balance.get(), balance);
            prop_assert!(balance >= 0);
            credit = month.interest_credit.get();
            prop_assert!(credit >= 0);
        }
        prop_assert_eq!((balance, credit), (0, 0));
    }

    #[test]
    fn a_loan_without_costs_has_its_effective_rate(
        amount in 1_000_000_i64..100_000_000,
        rate in -1_000_000_000_i64..12_000_000_000,
        term in 12_u32..=480,
    ) {
        let loan = Loan::try_new(Cents::new(amount), &[step(rate, term)]).unwrap();
        let found = taeg_mtic(&loan, 0, 0).unwrap().taeg.apr().unwrap();
        let monthly = rate as f64 / 1.2e12;
        let effective = ((1.0 + monthly).powi(12) - 1.0) * 100.0;
        let difference = (found.e9() as f64 / 1e9 - effective).abs();
        // Cents: half a cent of interest a month at most on balances of this size.
        prop_assert!(difference <= 1200.0 / amount as f64, "{difference} %");
    }

    #[test]
    fn the_taeg_rises_with_the_costs(
        amount in 5_000_000_i64..100_000_000,
        rate in 0_i64..8_000_000_000,
        term in 12_u32..=480,
        upfront in 0_i128..500_000_000_000,
        more in 10_000_000_000_i128..500_000_000_000,
    ) {
        let loan = Loan::try_new(Cents::new(amount), &[step(rate, term)]).unwrap();
        let taeg = |upfront, monthly| {
            let found = taeg_mtic(&loan, upfront, monthly).unwrap();
            (found.taeg.apr().unwrap(), found.mtic)
        };
        prop_assert!(taeg(upfront + more, 0) > taeg(upfront, 0));
        prop_assert!(taeg(upfront, more / 100) > taeg(upfront, 0));
    }

    #[test]
    fn instalments_rise_with_rate_and_capital(
        amount in 1_i64..1_000_000_000,
        rate in -3_000_000_000_i64..12_000_000_000,
        more in 1_i64..1_000_000_000,
        term in 1_u32..=1200,
    ) {
        let pay = |amount, rate| instalment(Cents::new(amount), Pct::new(rate), term).unwrap();
        prop_assert!(pay(amount, rate) <= pay(amount + more, rate));
        prop_assert!(pay(amount, rate) <= pay(amount, rate + more));
    }
}
