//! Closing costs, payments and rates, worked out by hand and by a decimal reference.

use lintel_domain::fee::LeSection;
use lintel_domain::loan::{Occupancy, Program};
use lintel_domain::scenario::Flag;
use lintel_engine::bands::Band;
use lintel_engine::money::Cents;
use lintel_engine::us::apor::{AporTable, AporWeek};
use lintel_engine::us::programs::fha::{AnnualMipRow, FhaCase, MipDuration};
use lintel_pricing::catalogue::{
    Catalogue, Estimate, EstimateOf, FeeAmount, FeeTier, MiCard, PerOf, Sheet,
};
use lintel_pricing::price::{AporTables, PriceRequest, Rules};
use lintel_pricing::priced::{PricedRow, StreamRun};
use lintel_pricing::scenario::{Scenario, StateCode};
use lintel_pricing::when::{Selector, When};

use crate::world::*;

fn row(book: &lintel_pricing::book::Book, search: &Scenario) -> PricedRow {
    price(book, search).products[0].rows[0].clone()
}

fn fee_lines(row: &PricedRow) -> Vec<String> {
    let line = |fee: lintel_pricing::quote::QuotedFee<'_>| {
        let mark = if fee.is_finance_charge { " *" } else { "" };
        format!("{} {} {}{mark}", fee.section, fee.name, fee.amount)
    };
    row.fees.iter().map(line).collect()
}

/// 400,000 at 6.125 % for 360 months with 0.420 points.
///
/// Origination 1 % of the loan 4,000.00; underwriting 995.00; points 0.42 % = 1,680.00; interest
/// 400,000 × 6.125 % / 360 = 68.0556, 68.06 a day, 15 days 1,020.90: finance charges 7,695.90. Title
/// by tiers of the price: 500,000 is over 250,000 up to 600,000: 900 + 0.2 % of 250,000 = 1,400.00;
/// transfer tax 0.11 % of the price 550.00. The payment is 2,430.44, the last one 2,432.50; a decimal
/// reference of 50 digits solves 392,304.10 for 6.308547812 %.
#[test]
fn a_conventional_loan_by_hand() {
    let book = conv30(&sheet(&[(30, "6.125", "99.58")]), |catalogue| {
        let percent = |rate: &str, of| FeeAmount::Percent {
            rate: pct(rate),
            of,
        };
        let tier = |over: Option<&str>, up_to: Option<&str>, flat: &str, rate: &str| FeeTier {
            band: Band {
                over: over.map(cents),
                up_to: up_to.map(cents),
            },
            flat: cents(flat),
            rate: pct(rate),
        };
        let title = FeeAmount::Tiered {
            of: PerOf::Price,
            tiers: vec![
                tier(None, Some("250000"), "400", "0.2"),
                tier(Some("250000"), Some("600000"), "900", "0.2"),
                tier(Some("600000"), None, "1600", "0.1"),
            ],
        };
        let mut underwriting = fee(
            LeSection::A,
            "Underwriting",
            FeeAmount::Flat(cents("995")),
            true,
        );
        underwriting.position = 20;
        catalogue.fees = vec![
            fee(LeSection::F, "Interest", FeeAmount::InterestDays(15), true),
            fee(
                LeSection::E,
                "Transfer tax",
                percent("0.11", PerOf::Price),
                false,
            ),
            fee(LeSection::C, "Title", title, false),
            underwriting,
            fee(LeSection::A, "Origination", percent("1", PerOf::Loan), true),
        ];
    });
    let row = row(&book, &scenario());
    assert_eq!(
        fee_lines(&row),
        [
            "A Origination 4000.00 *",
            "A Underwriting 995.00 *",
            "A Loan discount points 1680.00 *",
            "C Title 1400.00",
            "E Transfer tax 550.00",
            "F Interest 1020.90 *",
        ]
    );
    assert_eq!(row.fees.len(), 6);
    assert_eq!(row.fees.total(), Some(cents("9645.90")));
    assert_eq!(row.apr, pct("6.308547812"));
    assert_eq!(row.principal, cents("400000"));
    let run = |payments, amount: &str, starts: &str| StreamRun {
        payments,
        principal_and_interest: cents(amount),
        mortgage_insurance: Cents::ZERO,
        starts: day(starts),
    };
    // 30 days from 21 November is 21 December: first payment on 1 February.
    assert_eq!(
        row.stream,
        [
            run(359, "2430.44", "2027-02-01"),
            run(1, "2432.50", "2057-01-01")
        ]
    );
}

/// 475,000 at 6.5 %, LTV 95: card 0.38 % and 0.10 % for the cash-out that is none, 0.10 % for every loan:
/// 0.48 % of 475,000 is 2,280.00 a year, 190.00 a month, while the balance before the payment is
/// above 390,000: 135 payments. A decimal reference solves 6.871863264 %.
#[test]
fn conventional_insurance_by_the_lenders_card() {
    let book = conv30(&sheet(&[(30, "6.5", "100")]), |catalogue| {
        let cash_out = When {
            purposes: vec![lintel_domain::loan::Purpose::RefinanceCashOut],
            ..When::default()
        };
        let card = |states: &[&str], annual| MiCard {
            name: "Card".to_owned(),
            products: Selector::default(),
            when: When {
                states: states.iter().filter_map(|s| StateCode::parse(s)).collect(),
                ..When::default()
            },
            rows: vec![card_row(annual)],
            adjusters: vec![
                (When::default(), pct("0.10")),
                (cash_out.clone(), pct("0.25")),
            ],
            days: None,
        };
        catalogue.mi_cards = vec![card(&["NY"], "0.2"), card(&[], "0.38"), card(&[], "0.3")];
    });
    let row = row(&book, &borrowing("475000"));
    assert_eq!(row.piti.mortgage_insurance, cents("190"));
    assert_eq!(row.apr, pct("6.871863264"));
    let runs: Vec<_> = row
        .stream
        .iter()
        .map(|run| (run.payments, run.mortgage_insurance, run.starts.to_string()))
        .collect();
    assert_eq!(
        runs,
        [
            (135, cents("190"), "2027-02-01".to_owned()),
            (224, Cents::ZERO, "2038-05-01".to_owned()),
            (1, Cents::ZERO, "2057-01-01".to_owned()),
        ]
    );
}

/// FHA at 6.25 %: base 400,000, premium 1.75 % = 7,000 financed: 407,000, 359 payments of 2,505.97 and
/// one of 2,504.89. 0.55 % of the base loan's average balance of each year: 182.36 a month in the first,
/// 180.15 in the second, 7.16 in the last. The premium is a finance charge: a decimal reference solves
/// 400,000 for 6.963012600 %.
#[test]
fn an_fha_loan_by_a_reference() {
    let catalogue = Catalogue {
        products: vec![product("FHA30", fixed(Program::Fha, 360))],
        ..Catalogue::default()
    };
    let book = book(catalogue, &sheet(&[(30, "6.25", "100")]));
    let mut tables = Tables::new();
    tables.quote.fha_upfront = pct("1.75");
    tables.quote.fha_annual = vec![AnnualMipRow {
        case: FhaCase::Standard,
        term_months: Band::ALL,
        base_loan: Band::ALL,
        ltv: Band::ALL,
        annual_bps: 55,
        duration: MipDuration::Term,
    }];
    let mut search = scenario();
    search.flags = search.flags.with(Flag::FinancesUpfrontFee, true);
    let priced = book
        .price(&search, &PriceRequest::default(), &tables.rules())
        .unwrap();
    let row = &priced.products[0].rows[0];
    assert_eq!(row.apr, pct("6.9630126"));
    assert_eq!(row.principal, cents("407000"));
    assert_eq!(row.stream.len(), 31);
    assert_eq!(row.stream[1].mortgage_insurance, cents("180.15"));
    assert_eq!(row.stream[29].mortgage_insurance, cents("7.16"));
    let last = row.stream[30];
    assert_eq!(
        (last.payments, last.principal_and_interest),
        (1, cents("2504.89"))
    );
    let piti = row.piti;
    assert_eq!(piti.principal_and_interest, cents("2505.97"));
    assert_eq!(piti.mortgage_insurance, cents("182.36"));
}

/// Tax: the county's 0.9 % of 500,000 and 120 a year: 4,620 / 12 = 385.00 a month. Insurance: the
/// state's 1,301 a year: 108.4167, 108.42 a month; three months of it and two of tax are collected.
#[test]
fn estimates_are_the_most_local_ones() {
    let book = conv30(&sheet(&[(30, "6.125", "100")]), |catalogue| {
        let estimate = |of, state: Option<&str>, county, rate: &str, flat: &str| Estimate {
            of,
            state: state.and_then(StateCode::parse),
            county: lintel_places::CountyFips::try_new(county),
            rate: pct(rate),
            flat: cents(flat),
            days: None,
        };
        catalogue.estimates = vec![
            estimate(EstimateOf::PropertyTax, None, 0, "1.5", "0"),
            estimate(EstimateOf::PropertyTax, Some("CA"), 0, "1.1", "0"),
            estimate(EstimateOf::PropertyTax, Some("CA"), 6059, "0.9", "120"),
            estimate(EstimateOf::Insurance, Some("CA"), 0, "0", "1301"),
            estimate(EstimateOf::Insurance, Some("NY"), 0, "0", "999"),
        ];
        catalogue.fees = vec![
            fee(LeSection::G, "Tax escrow", FeeAmount::TaxMonths(2), false),
            fee(
                LeSection::G,
                "Insurance escrow",
                FeeAmount::InsuranceMonths(3),
                false,
            ),
        ];
    });
    let row = row(&book, &scenario());
    assert_eq!(row.piti.property_taxes, cents("385"));
    assert_eq!(row.piti.insurance, cents("108.42"));
    assert_eq!(
        fee_lines(&row),
        ["G Tax escrow 770.00", "G Insurance escrow 325.26"]
    );
    let elsewhere = Scenario {
        place: lintel_pricing::scenario::PlaceFacts {
            county: None,
            state: StateCode::parse("TX"),
            ..scenario().place
        },
        ..scenario()
    };
    let far = price(&book, &elsewhere).products[0].rows[0].clone();
    assert_eq!(far.piti.property_taxes, cents("625"));
    assert_eq!(fee_lines(&far), ["G Tax escrow 1250.00"]);
}

#[test]
fn a_charge_keeps_its_least_and_most_and_its_conditions() {
    let book = conv30(
        &sheet(&[(30, "6", "100"), (60, "6.5", "101")]),
        |catalogue| {
            let mut least = fee(
                LeSection::A,
                "Least",
                FeeAmount::Percent {
                    rate: pct("0.1"),
                    of: PerOf::Loan,
                },
                true,
            );
            least.min = Some(cents("450"));
            let mut most = fee(LeSection::F, "Most", FeeAmount::InterestDays(30), true);
            most.max = Some(cents("1999.99"));
            let mut of_lock = fee(
                LeSection::A,
                "Long lock",
                FeeAmount::Flat(cents("250")),
                true,
            );
            of_lock.when.lock_days = Some(Band {
                over: Some(45),
                up_to: None,
            });
            let mut later = fee(LeSection::A, "Later", FeeAmount::Flat(cents("1")), true);
            later.days = Some(lintel_engine::bands::Effective {
                from: day("2026-11-22"),
                to: None,
            });
            let gap = FeeAmount::Tiered {
                of: PerOf::Loan,
                tiers: vec![FeeTier {
                    band: Band {
                        over: None,
                        up_to: Some(cents("399999.99")),
                    },
                    flat: cents("5"),
                    rate: pct("0"),
                }],
            };
            let gap = fee(LeSection::C, "Gap", gap, true);
            catalogue.fees = vec![least, most, of_lock, later, gap];
        },
    );
    let priced = price(&book, &scenario());
    let [short, long] = &priced.products[0].rows[..] else {
        panic!("two rates");
    };
    // 30 days at 6 % of 400,000: 66.67 a day, 2,000.10.
    assert_eq!(fee_lines(short), ["A Least 450.00 *", "F Most 1999.99 *"]);
    assert_eq!(
        fee_lines(long),
        [
            "A Least 450.00 *",
            "A Long lock 250.00 *",
            "F Most 1999.99 *"
        ]
    );
}

/// An adjustable loan at 6.125 % for five years; index 4.3 and margin 2.75 are 7.05, to the eighth
/// 7.000. With the sheet's margin of 2.25 it is 6.55, to the eighth 6.500.
#[test]
fn an_adjustable_loan_follows_index_and_margin() {
    let catalogue = Catalogue {
        products: vec![product("ARM5", arm(60))],
        ..Catalogue::default()
    };
    let rates = sheet(&[(30, "6.125", "100")]);
    let found = price(&book(catalogue.clone(), &rates), &scenario());
    let offered = &found.products[0];
    assert_eq!(
        (offered.index_value, offered.margin),
        (Some(pct("4.3")), Some(pct("2.75")))
    );
    // A decimal reference: 60 of 2,430.44, 299 of 2,634.79, one of 2,632.62: 6.650450183 %.
    assert_eq!(offered.rows[0].apr, pct("6.650450183"));
    let stream = &offered.rows[0].stream;
    assert_eq!(stream[1].principal_and_interest, cents("2634.79"));
    assert_eq!(stream[2].principal_and_interest, cents("2632.62"));
    assert_eq!(stream[0].payments, 60);
    assert_eq!(stream[0].principal_and_interest, cents("2430.44"));
    assert_eq!(stream[1].payments, 299);
    assert_eq!(stream[2].payments, 1);
    assert_eq!(stream[2].starts, day("2057-01-01"));
    let own = Sheet {
        margin: Some(pct("2.25")),
        ..rates.clone()
    };
    let lower = price(&book(catalogue.clone(), &own), &scenario());
    assert!(lower.products[0].rows[0].apr < offered.rows[0].apr);
    let own = Sheet {
        index: Some(pct("3.375")),
        ..rates
    };
    let flat = price(&book(catalogue, &own), &scenario());
    // 3.375 + 2.75 is the note rate itself: one rate to the end.
    assert_eq!(flat.products[0].rows[0].stream.len(), 2);
}

#[test]
fn a_rate_of_the_table_decides_whether_a_loan_is_higher_priced() {
    let book = conv30(&sheet(&[(30, "6", "100"), (30, "6.5", "101")]), |_| {});
    let week = |rate: &str| {
        AporTable::try_new(vec![AporWeek {
            from: day("2026-11-16"),
            rates: vec![Some(pct(rate)); 30],
        }])
    };
    let (fixed, adjustable) = (week("5").unwrap(), week("1").unwrap());
    let tables = Tables::new();
    let rules = |day_known: bool| Rules {
        apor: day_known.then_some(AporTables {
            fixed: &fixed,
            adjustable: &adjustable,
        }),
        ..tables.rules()
    };
    let verdicts = |search: &Scenario, rules: &Rules<'_>| {
        let priced = book.price(search, &PriceRequest::default(), rules).unwrap();
        let rows = priced.products[0].rows.iter();
        (
            rows.map(|r| r.is_hpml).collect::<Vec<_>>(),
            priced.notices.len(),
        )
    };
    // Without charges the annual rate is the note rate: 6.0 and 6.5 against 5 + 1.5.
    assert_eq!(
        verdicts(&scenario(), &rules(true)),
        (vec![Some(false), Some(true)], 0)
    );
    assert_eq!(verdicts(&scenario(), &rules(false)), (vec![None, None], 1));
    let stale = Scenario {
        day: day("2026-12-20"),
        ..scenario()
    };
    assert_eq!(verdicts(&stale, &rules(true)), (vec![None, None], 1));
    let investor = Scenario {
        occupancy: Occupancy::Investor,
        ..scenario()
    };
    assert_eq!(
        verdicts(&investor, &rules(false)),
        (vec![Some(false), Some(false)], 0)
    );
    // Above the county's limit it takes two and a half points.
    let jumbo = Scenario {
        home_price: cents("3000000"),
        ..borrowing("2000000")
    };
    assert_eq!(
        verdicts(&jumbo, &rules(true)),
        (vec![Some(false), Some(false)], 0)
    );
}

#[test]
fn charges_that_leave_nothing_refuse_only_their_rate() {
    let mut catalogue = Catalogue {
        products: vec![product("CONV30", fixed(Program::Conventional, 360))],
        ..Catalogue::default()
    };
    catalogue.fees = vec![fee(
        LeSection::A,
        "All of it",
        FeeAmount::Flat(cents("399000")),
        true,
    )];
    let book = book(catalogue, &sheet(&[(30, "6", "99"), (30, "7", "100")]));
    let rows = price(&book, &scenario()).products[0].rows.clone();
    // One point is 4,000: nothing would be financed. At par 1,000 is.
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].note_rate, pct("7"));
}
