//! Temporary: tuning of the card kernel.
#![allow(
    clippy::all,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::allow_attributes_without_reason,
    clippy::allow_attributes
)]
use lintel_domain::loan::*;
use lintel_domain::product::ArmIndex;
use lintel_domain::quote::QuoteTables;
use lintel_domain::scenario::*;
use lintel_engine::bands::*;
use lintel_engine::bulk::Machine;
use lintel_engine::us::programs::conventional_mi::CardRow as MiCell;
use lintel_engine::us::programs::fha::*;
use lintel_engine::us::programs::va::*;
use lintel_engine::{Cents, Date, Pct};
use lintel_pricing::{book::Book, card::*, price::Rules, scenario::*};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
fn pct(t: &str) -> Pct {
    Pct::parse_decimal(t).unwrap()
}
fn cpu() -> f64 {
    let t = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    t.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}
fn main() {
    let ltv = std::env::args().nth(1).unwrap_or("80".into());
    let products: usize = std::env::args().nth(2).map_or(40, |t| t.parse().unwrap());
    let only: Option<usize> = std::env::args().nth(3).map(|t| t.parse().unwrap());
    let d = |a: i64| Cents::new(a * 100);
    let (cat, sheets) = lintel_pricing::demo::big::big_catalogue(1, products, 200);
    println!(
        "adjustments {} eligibility {} fees {}",
        cat.adjustments.len(),
        cat.eligibility.len(),
        cat.fees.len()
    );
    let tables = QuoteTables {
        finance_charge: Default::default(),
        fha_upfront: pct("1.75"),
        fha_annual: vec![
            AnnualMipRow {
                case: FhaCase::Standard,
                term_months: Band::ALL,
                base_loan: Band::ALL,
                ltv: Band {
                    over: None,
                    up_to: Some(pct("90")),
                },
                annual_bps: 50,
                duration: MipDuration::Months(132),
            },
            AnnualMipRow {
                case: FhaCase::Standard,
                term_months: Band::ALL,
                base_loan: Band::ALL,
                ltv: Band::ALL,
                annual_bps: 55,
                duration: MipDuration::Term,
            },
        ],
        va_funding_fee: vec![
            FundingFeeRow {
                purpose: VaPurpose::Purchase,
                entitlement_use: None,
                down_payment: Step::ALL,
                fee: pct("2.15"),
            },
            FundingFeeRow {
                purpose: VaPurpose::CashOut,
                entitlement_use: None,
                down_payment: Step::ALL,
                fee: pct("2.15"),
            },
        ],
        usda_upfront: pct("1"),
        usda_annual: pct("0.35"),
        mi_card: vec![MiCell {
            ltv: Band {
                over: Some(pct("80")),
                up_to: Some(pct("100")),
            },
            score: Step::ALL,
            term_months: Band::ALL,
            coverage: pct("25"),
            annual: pct("0.6"),
        }],
        mi_assumed_score: 740,
    };
    let indices: BTreeMap<ArmIndex, Pct> =
        ArmIndex::ALL.iter().map(|i| (*i, pct("4.31"))).collect();
    let rules = Rules {
        tables: &tables,
        indices: &indices,
        apor: None,
        hpml: &[],
    };
    let book = Book::new(Arc::new(cat), &sheets);
    let places: Arc<[PlaceFacts]> = lintel_places::iter()
        .map(|p| PlaceFacts {
            zip: Some(p.zip),
            state: StateCode::parse(p.state),
            county: p.county_fips,
            baseline_limits: [d(766_000); 4],
            county_limits: [d(766_000); 4],
        })
        .collect();
    let mut x = 1u64;
    let loans: Arc<[Cents]> = places
        .iter()
        .map(|_| {
            x = x
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            let u = (x >> 11) as f64 / 9007199254740992.0;
            Cents::new(((11.6 + 1.9 * u).exp() / 100.0).round() as i64 * 10_000)
        })
        .collect();
    let template = Scenario {
        day: Date::new(2026, 11, 21).unwrap(),
        purpose: Purpose::Purchase,
        place: places[0],
        home_price: d(1),
        loan_amount: d(1),
        down_payment: None,
        subordinate_balance: Cents::ZERO,
        undrawn_line: Cents::ZERO,
        score: Some(745),
        monthly_income: None,
        monthly_debts: None,
        property: PropertyKind::SingleFamily,
        units: 1,
        occupancy: Occupancy::PrimaryResidence,
        flags: Flags::default().with(Flag::FinancesUpfrontFee, true),
        finances_va_fee: true,
        finances_usda_fee: true,
        employment: None,
        documentation: None,
        homes_owned: None,
        channel: Some("retail".into()),
        sub_channel: None,
        branch: None,
        criteria: vec![],
    };
    let spec = Arc::new(CardSpec {
        template,
        places: places.clone(),
        purposes: vec![
            Purpose::Purchase,
            Purpose::Refinance,
            Purpose::RefinanceCashOut,
        ],
        amounts: vec![AmountOf::per_place_at_ltv(loans, pct(&ltv)).unwrap()],
        scores: vec![Some(745)],
        products: vec![],
        lock_days: 30,
        points: None,
    });
    let (w, t) = (Instant::now(), cpu());
    let card = Compiled::compile(&book, &rules, spec).unwrap();
    println!(
        "compile {:.1} ms cpu, {:.1} wall",
        (cpu() - t) * 1e3,
        w.elapsed().as_secs_f64() * 1e3
    );
    println!("{:?}", card.report());
    let machine = Machine::one_core();
    let mut cols = Columns::default();
    let mut offered = 0u64;
    for b in 0..card.blocks().len() {
        if only.is_some_and(|o| o != b) {
            continue;
        }
        card.price_block(b, 0..usize::MAX, machine, &mut cols);
        let mut s = f64::INFINITY;
        for _ in 0..(std::env::var("REPS")
            .ok()
            .and_then(|t| t.parse().ok())
            .unwrap_or(if only.is_some() { 60 } else { 4 }))
        {
            let t = Instant::now();
            card.price_block(b, 0..usize::MAX, machine, &mut cols);
            s = s.min(t.elapsed().as_secs_f64());
        }
        let off: usize = (0..cols.rates())
            .map(|r| cols.apr_e9(r).iter().filter(|a| **a != NOT_OFFERED).count())
            .sum();
        offered += off as u64;
        let p = card.block(b).unwrap();
        let pr = &book.catalogue.products[p.product];
        println!(
            "{b} {} {:?} {:?} term {} {} io {} lpmi {}: {:.2} ns/row offered {:.0}%  e.g. {:?}",
            pr.code,
            p.purpose,
            pr.terms.program,
            pr.terms.term_months,
            matches!(pr.terms.rate_kind, lintel_domain::product::RateKind::Fixed),
            pr.terms.interest_only_months,
            pr.terms.lender_paid_mi,
            s * 1e9 / card.rows(b) as f64,
            off as f64 * 100.0 / card.rows(b) as f64,
            cols.row(3, 20000)
        );
    }
    let t = cpu();
    for b in 0..card.blocks().len() {
        card.price_block(b, 0..usize::MAX, machine, &mut cols);
    }
    let s = cpu() - t;
    println!(
        "all: {:.2} ns/row; offered {:.1}% ; total with compile",
        s * 1e9 / card.total_rows() as f64,
        offered as f64 * 100.0 / card.total_rows() as f64
    );
}
