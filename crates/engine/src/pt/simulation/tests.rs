//! The illustration of the specification and what changes it.

use super::super::costs::tests::table;
use super::super::costs::{Charge, Requirement};
use super::super::spread::BundledProduct;
use super::super::stamp_duty::tests::rates;
use super::*;
use crate::aprc::table::TablePeriod;

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn charge(code: &str, amount: &str, timing: Timing, required_for: Requirement) -> Charge {
    Charge {
        code: code.to_owned(),
        amount: cents(amount),
        timing,
        required_for,
    }
}

/// The illustration of section 5.2 of the specification.
fn terms() -> SimulationTerms {
    SimulationTerms {
        amount: cents("180000"),
        term_months: 360,
        utilisation_months: 0,
        drawings: vec![],
        residual: Cents::ZERO,
        rate: OfferedRate::Variable {
            index: pct("2.187"),
            reset_months: 12,
            spread: SpreadTerms::plain(pct("0.85")),
            cap: None,
        },
        negative_interest: NegativeInterest::CreditedToCapital,
        own_home: true,
        charges: vec![
            charge("file_fee", "290", Timing::Upfront, Requirement::Credit),
            charge("file_fee", "230", Timing::Upfront, Requirement::Credit),
            charge(
                "life_insurance",
                "22.50",
                Timing::Monthly,
                Requirement::Credit,
            ),
            charge(
                "life_insurance",
                "14.20",
                Timing::Monthly,
                Requirement::Credit,
            ),
            charge("account_fee", "5.20", Timing::Monthly, Requirement::Credit),
            charge("notary", "375", Timing::Upfront, Requirement::Credit),
        ],
        highest_index: Some(pct("5.393")),
    }
}

fn run(terms: &SimulationTerms) -> Simulation {
    simulate(terms, &table(), &rates()).unwrap()
}

#[test]
fn illustration_of_section_5_2_in_whole_cents() {
    let found = run(&terms());
    let variant = &found.without_products;
    assert_eq!(variant.instalments.first, cents("762.48"));
    assert_eq!(variant.instalments.last, cents("764.77"));
    assert_eq!(variant.tans.first, pct("3.037"));
    assert_eq!(variant.totals.credit_duty, cents("1080"));
    // The duty on 5.20 a month is charged as 0.21 and not as 0.208: 0.72 more over the term.
    assert_eq!(variant.totals.mtic, cents("291275.49"));
    let taeg = variant.taeg.apr().unwrap();
    assert_eq!(crate::aprc::disclosed(taeg, 1).to_fixed(1), "3.6");
    assert_eq!(found.with_products, None);
    assert_eq!(found.outside_taeg.len(), 1);
    assert_eq!(found.outside_taeg[0].code, "notary");
    let totals = &variant.totals;
    let parts = [
        totals.interest,
        totals.credit_duty,
        totals.interest_duty,
        totals.charges,
    ];
    assert_eq!(Cents::try_sum(parts), Ok(totals.total_cost));
}

#[test]
fn the_repayment_table_holds_the_monthly_costs() {
    let variant = run(&terms()).without_products;
    assert_eq!(variant.table.len(), 12 + 29 + 1);
    assert_eq!(variant.table[0].payment, cents("804.59"));
    let total = variant.table.last().unwrap();
    assert_eq!(total.period, TablePeriod::Total);
    assert_eq!(total.capital, cents("180000"));
    assert_eq!(total.interest, variant.totals.interest);
    let upfront = cents("1620.80");
    assert_eq!(
        total.payment.checked_add(upfront),
        Some(variant.totals.mtic)
    );
}

#[test]
fn bundled_products_lower_spread_and_bring_their_costs() {
    let mut terms = terms();
    let product = |discount, held| BundledProduct {
        discount: pct(discount),
        held,
    };
    terms.rate = OfferedRate::Variable {
        index: pct("2.187"),
        reset_months: 12,
        spread: SpreadTerms {
            base: pct("1.35"),
            products: vec![
                product("0.3", true),
                product("0.2", true),
                product("0.1", false),
            ],
            max_discount: None,
        },
        cap: None,
    };
    terms.charges[4].required_for = Requirement::Bundle;
    let found = run(&terms);
    let with = found.with_products.unwrap();
    assert_eq!(with.tans.spread, Some(pct("0.85")));
    assert_eq!(with.totals.mtic, cents("291275.49"));
    let without = found.without_products;
    assert_eq!(without.tans.first, pct("3.537"));
    assert_eq!(without.totals.fee_duty, cents("20.80"));
    assert!(without.taeg.apr() > with.taeg.apr());
}

#[test]
fn illustrative_taeg_is_higher() {
    let variant = run(&terms()).without_products;
    let illustrative = variant.illustrative.unwrap();
    assert_eq!(illustrative.tan, pct("6.243"));
    assert!(illustrative.taeg.apr() > variant.taeg.apr());
    assert!(illustrative.highest_instalment > variant.instalments.highest);
    let fixed = SimulationTerms {
        rate: OfferedRate::Fixed {
            tan: SpreadTerms::plain(pct("3.4")),
        },
        ..terms()
    };
    assert_eq!(run(&fixed).without_products.illustrative, None);
}

fn mixed(index: &str) -> SimulationTerms {
    SimulationTerms {
        rate: OfferedRate::Mixed {
            fixed: SpreadTerms::plain(pct("2.9")),
            fixed_months: 24,
            index: pct(index),
            spread: SpreadTerms::plain(pct("0.7")),
            cap: None,
        },
        ..terms()
    }
}

#[test]
fn a_mixed_rate_is_not_assumed_to_fall() {
    let higher = run(&mixed("2.5")).without_products;
    assert_eq!(higher.tans.variable, Some(pct("3.2")));
    assert_eq!(
        higher.instalments.variable,
        Some(higher.instalments.highest)
    );
    let lower = run(&mixed("1.5")).without_products;
    assert_eq!(lower.tans.variable, Some(pct("2.2")));
    // The TAEG keeps the fixed rate; the contract's instalment falls.
    assert_eq!(lower.instalments.highest, lower.instalments.first);
    assert!(lower.instalments.variable.unwrap() < lower.instalments.first);
    assert!(higher.taeg.apr() > lower.taeg.apr());
}

#[test]
fn a_second_home_pays_duty_on_interest() {
    let second = SimulationTerms {
        own_home: false,
        ..terms()
    };
    let (own, other) = (
        run(&terms()).without_products,
        run(&second).without_products,
    );
    assert_eq!(own.totals.interest_duty, Cents::ZERO);
    let four_percent = other.totals.interest.get() / 25;
    assert!((other.totals.interest_duty.get() - four_percent).abs() < 200);
    // First interest 455.55: duty 18.22.
    assert_eq!(other.table[0].other_costs, cents("60.33"));
    assert!(other.taeg.apr() > own.taeg.apr());
}

#[test]
fn yearly_charges_are_paid_in_advance() {
    let yearly = SimulationTerms {
        term_months: 36,
        charges: vec![charge(
            "life_insurance",
            "100",
            Timing::Yearly,
            Requirement::Credit,
        )],
        ..terms()
    };
    let variant = run(&yearly).without_products;
    assert_eq!(variant.totals.charges, cents("300"));
    assert_eq!(variant.table[11].other_costs, cents("100"));
    assert_eq!(variant.table[14].other_costs, cents("200"));
}

#[test]
fn utilisation_and_residual_are_shown() {
    let built = SimulationTerms {
        utilisation_months: 12,
        residual: cents("30000"),
        ..terms()
    };
    let variant = run(&built).without_products;
    assert_eq!(variant.instalments.utilisation, Some(cents("455.55")));
    assert!(variant.instalments.last > cents("30000"));
    assert!(variant.instalments.highest < cents("1000"));
}

#[test]
fn refuses_bad_terms() {
    let field = |terms: &SimulationTerms| simulate(terms, &table(), &rates()).unwrap_err().field;
    let mut bad = mixed("2");
    bad.term_months = 24;
    assert_eq!(field(&bad), "fixed_months");
    let mut bad = terms();
    bad.charges = vec![bad.charges[0].clone(); 201];
    assert_eq!(field(&bad), "charges");
    bad.charges = vec![charge("castle", "1", Timing::Upfront, Requirement::Credit)];
    assert_eq!(field(&bad), "code");
    for term_months in [0, 1201] {
        let bad = SimulationTerms {
            term_months,
            ..terms()
        };
        assert_eq!(field(&bad), "term_months");
    }
}

mod premiums {
    use super::super::premium::{PaidIn, Premium, PremiumBasis};
    use super::*;

    fn premium(paid_in: PaidIn, required: bool, basis: PremiumBasis) -> Premium {
        Premium {
            code: "life_insurance".to_owned(),
            paid_in,
            required,
            basis,
        }
    }

    fn declining(rates: &[&str]) -> PremiumBasis {
        PremiumBasis::Capital {
            declining: true,
            yearly_rates: rates.iter().map(|rate| pct(rate)).collect(),
        }
    }

    fn done(premiums: &[Premium]) -> Result<Simulation, EngineError> {
        simulate_with(&terms(), premiums, &table(), &rates())
    }

    #[test]
    fn a_premium_follows_age_and_capital_owed() {
        let plain = done(&[]).unwrap().without_products;
        let rising = premium(PaidIn::Both, true, declining(&["0.09", "0.12"]));
        let with = done(&[rising]).unwrap().without_products;
        let extra = |month: usize| {
            let costs = |variant: &Variant| variant.months[month].other_costs;
            costs(&with).checked_sub(costs(&plain)).unwrap()
        };
        // 180,000 × 0.09 % / 12; from the second year 0.12 % of what is owed after twelve months.
        assert_eq!((extra(0), extra(11)), (cents("13.50"), cents("13.50")));
        let owed = with.months[11].row.balance;
        let second = owed.mul_ratio(12, 120_000, crate::money::Rounding::HalfUp);
        assert_eq!(Some(extra(12)), second);
        assert_eq!(Some(extra(23)), second);
        let paid = with.premiums[0];
        assert!(paid.varies && paid.in_taeg && paid.first == cents("13.50"));
        let more = with.totals.mtic.checked_sub(plain.totals.mtic);
        assert_eq!(more, Some(paid.total));
        assert!(with.taeg.apr() > plain.taeg.apr());
        let months = with.months.iter().map(|month| month.payment().unwrap());
        let sum = Cents::try_sum(months).unwrap().checked_add(with.upfront);
        assert_eq!(sum, Some(with.totals.mtic));
    }

    #[test]
    fn a_premium_is_paid_in_its_variants_and_counts_when_required() {
        let level = || PremiumBasis::Level(cents("10"));
        let wished = premium(PaidIn::Both, false, level());
        let with = premium(PaidIn::WithProducts, true, level());
        let without = premium(PaidIn::WithoutProducts, true, level());
        let found = done(&[wished, with, without]).unwrap().without_products;
        let told = |place: usize| {
            let paid = found.premiums[place];
            (paid.total, paid.in_taeg)
        };
        assert_eq!(told(0), (cents("3600"), false));
        assert_eq!(told(1), (Cents::ZERO, false));
        assert_eq!(told(2), (cents("3600"), true));
    }

    #[test]
    fn what_is_no_premium_is_refused() {
        let field = |premium: Premium| done(&[premium]).unwrap_err().field;
        let negative = PremiumBasis::Level(Cents::new(-1));
        assert_eq!(field(premium(PaidIn::Both, true, negative)), "premiums");
        assert_eq!(
            field(premium(PaidIn::Both, true, declining(&[]))),
            "premiums"
        );
        let unknown = Premium {
            code: "castle".to_owned(),
            ..premium(PaidIn::Both, true, declining(&["1"]))
        };
        assert_eq!(field(unknown), "code");
        let huge = declining(&["1000000"]);
        assert!(done(&[premium(PaidIn::Both, true, huge)]).is_ok());
        let many = vec![premium(PaidIn::Both, true, declining(&["1"])); 51];
        assert_eq!(done(&many).unwrap_err().field, "premiums");
    }
}
