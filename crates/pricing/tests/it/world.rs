//! A small lender, and words to build one with.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use lintel_domain::fee::{FinanceChargeRule, LeSection};
use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::product::{ArmFeatures, ArmIndex, ProductTerms, RateKind};
use lintel_domain::quote::QuoteTables;
use lintel_domain::scenario::PropertyKind;
use lintel_engine::bands::{Band, Step};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::price_tests::{Lien, SpreadRow};
use lintel_engine::us::programs::conventional_mi::CardRow;
use lintel_engine::us::programs::fha::{AnnualMipRow, FhaCase, MipDuration};
use lintel_engine::us::programs::va::{FundingFeeRow, VaPurpose};
use lintel_places::{CountyFips, Zip};
use lintel_pricing::book::Book;
use lintel_pricing::catalogue::{
    Adjustment, Axis, AxisOf, Catalogue, Effect, Eligibility, Fee, FeeAmount, Grid, Product, Sheet,
    SheetRow,
};
use lintel_pricing::price::{PriceRequest, Rules};
use lintel_pricing::priced::Priced;
use lintel_pricing::scenario::{Flags, PlaceFacts, Scenario, StateCode};
use lintel_pricing::when::{Selector, When};

pub fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

pub fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

pub fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

/// A purchase of 500,000 with 400,000 in California, score 750, primary residence.
pub fn scenario() -> Scenario {
    Scenario {
        day: day("2026-11-21"),
        purpose: Purpose::Purchase,
        place: PlaceFacts {
            zip: Zip::try_new(92_649),
            state: StateCode::parse("CA"),
            county: CountyFips::try_new(6059),
            baseline_limits: [83_275_000, 106_625_000, 128_880_000, 160_175_000].map(Cents::new),
            county_limits: [124_912_500, 159_937_500, 193_320_000, 240_262_500].map(Cents::new),
            has_county_list: true,
            fha_limits: [54_128_700, 69_305_000, 83_770_000, 104_112_500].map(Cents::new),
        },
        home_price: cents("500000"),
        loan_amount: cents("400000"),
        down_payment: None,
        subordinate_balance: Cents::ZERO,
        undrawn_line: Cents::ZERO,
        score: Some(750),
        monthly_income: None,
        monthly_debts: None,
        property: PropertyKind::SingleFamily,
        units: 1,
        occupancy: Occupancy::PrimaryResidence,
        flags: Flags::default(),
        finances_va_fee: false,
        finances_usda_fee: false,
        employment: None,
        documentation: None,
        homes_owned: None,
        channel: None,
        sub_channel: None,
        branch: None,
        criteria: Vec::new(),
    }
}

/// The same with another loan amount.
pub fn borrowing(amount: &str) -> Scenario {
    Scenario {
        loan_amount: cents(amount),
        ..scenario()
    }
}

pub fn fixed(program: Program, term_months: u32) -> ProductTerms {
    ProductTerms {
        program,
        term_months,
        amortization_months: term_months,
        interest_only_months: 0,
        lender_paid_mi: false,
        rate_kind: RateKind::Fixed,
    }
}

pub fn arm(first_adjustment_months: u32) -> ProductTerms {
    let features = ArmFeatures {
        index: ArmIndex::Sofr30DayAverage,
        margin: pct("2.75"),
        first_adjustment_months,
        first_cap: pct("2"),
        adjustment_months: 6,
        periodic_cap: pct("1"),
        lifetime_cap: pct("5"),
    };
    ProductTerms {
        rate_kind: RateKind::Adjustable(features),
        ..fixed(Program::Conventional, 360)
    }
}

pub fn product(code: &str, terms: ProductTerms) -> Product {
    Product {
        code: code.to_owned(),
        public_id: None,
        name: code.to_owned(),
        terms,
        families: Vec::new(),
        lock_days: vec![30, 45, 60],
        channels: Vec::new(),
        min_price: None,
        max_price: None,
        is_watchable: false,
        days: None,
    }
}

pub fn for_codes(codes: &[&str]) -> Selector {
    Selector {
        codes: codes.iter().map(|&code| code.to_owned()).collect(),
        ..Selector::default()
    }
}

pub fn flat(name: &str, group: Option<&str>, points: &str) -> Adjustment {
    Adjustment {
        name: name.to_owned(),
        group: group.map(str::to_owned),
        products: Selector::default(),
        when: When::default(),
        effect: Effect::Flat(pct(points)),
        days: None,
    }
}

/// Scores 700 and 740 down, LTV 75 and 80 across.
pub fn score_grid(name: &str, group: Option<&str>, cells: [Option<&str>; 9]) -> Adjustment {
    let grid = Grid {
        rows: Axis {
            of: AxisOf::Score,
            edges: vec![700, 740],
        },
        columns: Some(Axis {
            of: AxisOf::Ltv,
            edges: vec![pct("75").e9(), pct("80").e9()],
        }),
        cells: cells.map(|cell| cell.map(pct)).to_vec(),
    };
    Adjustment {
        effect: Effect::Grid(grid),
        ..flat(name, group, "0")
    }
}

pub fn rule(name: &str, when: When, require: When) -> Eligibility {
    Eligibility {
        name: name.to_owned(),
        products: Selector::default(),
        when,
        require,
        days: None,
    }
}

pub fn ltv_up_to(percent: &str) -> When {
    When {
        ltv: Some(Band {
            over: None,
            up_to: Some(pct(percent)),
        }),
        ..When::default()
    }
}

pub fn at_least(score: u32) -> Option<Step<u32>> {
    Some(Step {
        at_least: Some(score),
        below: None,
    })
}

/// A charge that counts or not, whatever the table says.
pub fn fee(section: LeSection, name: &str, amount: FeeAmount, counts: bool) -> Fee {
    Fee {
        position: 10,
        name: name.to_owned(),
        mismo_type: "Other".to_owned(),
        mismo_type_other: Some(name.to_owned()),
        section,
        amount,
        min: None,
        max: None,
        finance_charge: if counts {
            FinanceChargeRule::Included
        } else {
            FinanceChargeRule::Excluded
        },
        reason: Some("test".to_owned()),
        products: Selector::default(),
        when: When::default(),
        days: None,
    }
}

pub fn sheet(rows: &[(u32, &str, &str)]) -> Sheet {
    let rows = rows.iter().map(|(lock_days, rate, price)| SheetRow {
        lock_days: *lock_days,
        note_rate: pct(rate),
        price: pct(price),
    });
    Sheet {
        rows: rows.collect(),
        index: None,
        margin: None,
    }
}

/// A card of one cell: LTV above 80 up to 97, scores from 620.
pub fn card_row(annual: &str) -> CardRow {
    CardRow {
        ltv: Band {
            over: Some(pct("80")),
            up_to: Some(pct("97")),
        },
        score: Step {
            at_least: Some(620),
            below: None,
        },
        term_months: Band::ALL,
        coverage: pct("25"),
        annual: pct(annual),
    }
}

/// Figures of the rule book the tests need; not anybody's real ones where they could be.
pub struct Tables {
    pub quote: QuoteTables,
    pub indices: BTreeMap<ArmIndex, Pct>,
    pub hpml: Vec<SpreadRow>,
}

impl Tables {
    pub fn new() -> Self {
        let spread = |above, points| SpreadRow {
            lien: Lien::First,
            above_conforming_limit: Some(above),
            manufactured_home: None,
            loan_amount: Step::ALL,
            points: pct(points),
        };
        Self {
            quote: QuoteTables {
                mi_card: vec![card_row("0.60")],
                mi_assumed_score: 740,
                ..QuoteTables::default()
            },
            indices: BTreeMap::from([(ArmIndex::Sofr30DayAverage, pct("4.3"))]),
            hpml: vec![spread(false, "1.5"), spread(true, "2.5")],
        }
    }

    /// With charges of every programme.
    pub fn with_programmes() -> Self {
        let mut tables = Self::new();
        let quote = &mut tables.quote;
        quote.fha_upfront = pct("1.75");
        quote.fha_annual = vec![AnnualMipRow {
            case: FhaCase::Standard,
            term_months: Band::ALL,
            base_loan: Band::ALL,
            ltv: Band::ALL,
            annual_bps: 55,
            duration: MipDuration::Term,
        }];
        let va = |purpose| FundingFeeRow {
            purpose,
            entitlement_use: None,
            down_payment: Step::ALL,
            fee: pct("2.15"),
        };
        quote.va_funding_fee = [
            VaPurpose::Purchase,
            VaPurpose::CashOut,
            VaPurpose::RateReduction,
        ]
        .map(va)
        .to_vec();
        quote.usda_upfront = pct("1");
        quote.usda_annual = pct("0.35");
        tables
    }

    pub fn rules(&self) -> Rules<'_> {
        Rules {
            tables: &self.quote,
            indices: &self.indices,
            apor: None,
            hpml: &self.hpml,
        }
    }
}

/// A catalogue of products, each with the same sheet.
pub fn book(catalogue: Catalogue, sheet: &Sheet) -> Book {
    let sheet = Arc::new(sheet.clone());
    let codes = catalogue.products.iter().map(|p| p.code.clone());
    let sheets: HashMap<_, _> = codes.map(|code| (code, Arc::clone(&sheet))).collect();
    Book::new(Arc::new(catalogue), &sheets)
}

/// Prices with the explanation.
pub fn price(book: &Book, scenario: &Scenario) -> Priced {
    let request = PriceRequest {
        explain: true,
        ..PriceRequest::default()
    };
    book.price(scenario, &request, &Tables::new().rules())
        .unwrap()
}

/// One product CONV30 with a sheet.
pub fn conv30(sheet: &Sheet, change: impl FnOnce(&mut Catalogue)) -> Book {
    let mut catalogue = Catalogue {
        products: vec![product("CONV30", fixed(Program::Conventional, 360))],
        ..Catalogue::default()
    };
    change(&mut catalogue);
    book(catalogue, sheet)
}

/// Why nothing was offered.
pub fn reasons(book: &Book, scenario: &Scenario) -> Vec<String> {
    let priced = price(book, scenario);
    assert_eq!(priced.products, [], "nothing is offered");
    assert_eq!(priced.refused.len(), 1);
    priced.refused[0].reasons.clone()
}
