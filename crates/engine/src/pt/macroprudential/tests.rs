//! Limits at their edges and whole applications.

use super::*;
use crate::date::Date;
use crate::money::Cents;

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

fn band(over: Option<u32>, up_to: Option<u32>) -> Band<u32> {
    Band { over, up_to }
}

/// The edition of 2023-10-16.
fn limits() -> MacroprudentialLimits {
    let shock = |over, up_to, points| ShockBand {
        term_months: band(over, up_to),
        points: pct(points),
    };
    let maturity = |over, up_to, max_years| MaturityBand {
        age_years: band(over, up_to),
        max_years,
    };
    MacroprudentialLimits {
        ltv_own_permanent_home: pct("90"),
        ltv_other: pct("80"),
        ltv_held_by_lender: pct("100"),
        dsti: pct("50"),
        dsti_exceptions: vec![],
        shocks: vec![
            shock(None, Some(60), "0.5"),
            shock(Some(60), Some(120), "1"),
            shock(Some(120), None, "1.5"),
        ],
        haircut_above_age: 70,
        income_haircut: pct("20"),
        maturities: vec![
            maturity(None, Some(30), 40),
            maturity(Some(30), Some(35), 37),
            maturity(Some(35), None, 35),
        ],
        average_maturity_years: 30,
    }
}

fn application() -> Application {
    Application {
        date: Date::new(2026, 4, 1).unwrap(),
        purpose: LtvPurpose::OwnPermanentHome,
        loan: Cents::new(18_000_000),
        price: Cents::new(20_000_000),
        valuation: Cents::new(21_000_000),
        term_months: 360,
        rate: StressedRate::Variable { tan: pct("3") },
        borrowers: vec![Borrower {
            birth_date: Date::new(1990, 4, 1).unwrap(),
            monthly_net_income: Cents::new(200_000),
            other_instalments: Cents::new(10_000),
            retired: false,
        }],
    }
}

#[test]
fn instrucao_23_2023_shocks_at_the_edges() {
    let shock = |months| limits().rate_shock(months).unwrap();
    assert_eq!(shock(1), pct("0.5"));
    assert_eq!(shock(60), pct("0.5"));
    assert_eq!(shock(61), pct("1"));
    assert_eq!(shock(120), pct("1"));
    assert_eq!(shock(121), pct("1.5"));
    assert!(limits().rate_shock(0).is_err());
    assert!(limits().rate_shock(1201).is_err());
}

#[test]
fn maturities_of_2022_at_the_edges() {
    let years = |age| limits().max_maturity_years(age).unwrap();
    assert_eq!(
        [18, 30, 31, 35, 36, 90].map(years),
        [40, 40, 37, 37, 35, 35]
    );
    assert!(limits().max_maturity_years(17).is_err());
    assert!(limits().max_maturity_years(121).is_err());
}

fn with(change: impl FnOnce(&mut Application)) -> Assessment {
    let mut application = application();
    change(&mut application);
    assess(&limits(), &application).unwrap()
}

#[test]
fn an_application_against_every_limit() {
    let found = with(|_| {});
    let [ltv, dsti, maturity] = found.checks;
    // The lower of price and valuation counts.
    assert_eq!((ltv.value, ltv.within), (Measure::Percent(pct("90")), true));
    // 180000 at 3 + 1.5 % over 30 years is 912.03; with 100 of other credit over 2000 of income.
    assert_eq!(found.stressed_instalment, Cents::new(91_203));
    assert_eq!(
        (dsti.value, dsti.within),
        (Measure::Percent(pct("50.6015")), false)
    );
    assert_eq!(
        (maturity.limit, maturity.within),
        (Measure::Months(420), true)
    );
    assert_eq!((found.shock, found.oldest_age), (pct("1.5"), 36));
    assert!(!found.within());
    assert!(with(|a| a.borrowers[0].other_instalments = Cents::ZERO).within());
}

#[test]
fn a_cent_above_the_limit_is_outside() {
    let over = with(|a| a.loan = Cents::new(18_000_001));
    assert!(!over.checks[0].within);
    assert_eq!(over.checks[0].value, Measure::Percent(pct("90.000005")));
    assert!(!with(|a| a.purpose = LtvPurpose::Other).checks[0].within);
    assert!(!with(|a| a.term_months = 421).checks[2].within);
    assert!(with(|a| a.term_months = 420).checks[2].within);
}

#[test]
fn income_is_reduced_above_seventy_at_maturity() {
    let born =
        |year| with(|a| a.borrowers[0].birth_date = Date::new(year, 4, 1).unwrap()).counted_income;
    // Maturity is 1 April 2056.
    assert_eq!(born(1986), Cents::new(200_000));
    assert_eq!(born(1985), Cents::new(160_000));
    let retired = with(|a| {
        a.borrowers[0].birth_date = Date::new(1960, 1, 1).unwrap();
        a.borrowers[0].retired = true;
    });
    assert_eq!(retired.counted_income, Cents::new(200_000));
}

#[test]
fn fixed_and_mixed_rates_are_stressed_differently() {
    let fixed = with(|a| a.rate = StressedRate::Fixed { tan: pct("3") });
    assert_eq!(
        (fixed.shock, fixed.stressed_instalment),
        (Pct::ZERO, Cents::new(75_889))
    );
    let mixed = |variable_tan| StressedRate::Mixed {
        fixed_tan: pct("3"),
        fixed_months: 24,
        variable_tan: pct(variable_tan),
    };
    let higher = with(|a| a.rate = mixed("3"));
    assert!(higher.stressed_instalment > fixed.stressed_instalment);
    assert!(higher.stressed_instalment < Cents::new(91_203));
    // A variable rate far below the fixed one: the fixed instalment is the highest.
    let lower = with(|a| a.rate = mixed("0.5"));
    assert_eq!(lower.stressed_instalment, fixed.stressed_instalment);
}

#[test]
fn the_oldest_borrower_decides_the_maturity() {
    let found = with(|a| {
        let mut second = a.borrowers[0];
        second.birth_date = Date::new(2000, 1, 1).unwrap();
        a.borrowers.push(second);
    });
    assert_eq!(found.checks[2].limit, Measure::Months(420));
    assert_eq!(found.counted_income, Cents::new(400_000));
    let young = with(|a| a.borrowers[0].birth_date = Date::new(1996, 1, 1).unwrap());
    assert_eq!(young.checks[2].limit, Measure::Months(480));
}

#[test]
fn refuses_what_cannot_be_measured() {
    let field = |change: fn(&mut Application)| {
        let mut application = application();
        change(&mut application);
        assess(&limits(), &application).unwrap_err().field
    };
    assert_eq!(field(|a| a.borrowers.clear()), "borrowers");
    assert_eq!(
        field(|a| a.borrowers = vec![a.borrowers[0]; 21]),
        "borrowers"
    );
    assert_eq!(field(|a| a.price = Cents::ZERO), "price");
    assert_eq!(field(|a| a.loan = Cents::new(-1)), "loan");
    assert_eq!(field(|a| a.term_months = 0), "term_months");
    assert_eq!(
        field(|a| a.borrowers[0].monthly_net_income = Cents::ZERO),
        "monthly_net_income"
    );
    assert_eq!(
        field(|a| a.borrowers[0].birth_date = Date::new(2026, 5, 1).unwrap()),
        "birth_date"
    );
    assert_eq!(
        field(|a| {
            a.rate = StressedRate::Mixed {
                fixed_tan: Pct::ZERO,
                fixed_months: 360,
                variable_tan: Pct::ZERO,
            };
        }),
        "fixed_months"
    );
}

#[test]
fn names_read_back() {
    for purpose in LtvPurpose::ALL {
        assert_eq!(LtvPurpose::parse(purpose.name()), Ok(*purpose));
    }
    assert!(LtvPurpose::parse("castle").is_err());
}
