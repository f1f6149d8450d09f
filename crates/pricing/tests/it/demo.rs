//! The demo lender's answers, recomputed from the answers alone.

use std::collections::HashMap;
use std::sync::Arc;

use lintel_domain::loan::{Occupancy, Purpose};
use lintel_domain::product::ArmIndex;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_pricing::book::Book;
use lintel_pricing::codec::sheet::read_sheets;
use lintel_pricing::codec::{load, parse};
use lintel_pricing::demo;
use lintel_pricing::price::PriceRequest;
use lintel_pricing::priced::{PricedProduct, PricedRow};
use lintel_pricing::scenario::{Scenario, StateCode};

use crate::world::*;

fn demo_book() -> Book {
    let catalogue = match load(&demo::parts()) {
        Ok(loaded) => loaded.catalogue,
        Err(found) => panic!("{found:#?}"),
    };
    assert_eq!(parse(&demo::parts()).as_ref(), Ok(&catalogue));
    let sheets = read_sheets(demo::sheets_csv()).unwrap();
    let sheets: HashMap<_, _> = sheets
        .into_iter()
        .map(|(code, sheet)| (code, Arc::new(sheet)))
        .collect();
    Book::new(Arc::new(catalogue), &sheets)
}

fn searches() -> Vec<Scenario> {
    let mut all = Vec::new();
    for purpose in Purpose::ALL {
        for state in ["CA", "TX", "NY"] {
            for score in [Some(780), Some(700), Some(625), None] {
                for (price, loan) in [
                    ("500000", "250000"),
                    ("500000", "475000"),
                    ("2000000", "1200000"),
                    ("90000", "40000"),
                ] {
                    let mut search = Scenario {
                        purpose: *purpose,
                        home_price: cents(price),
                        score,
                        channel: Some("Retail".to_owned()),
                        sub_channel: Some("Employee".to_owned()),
                        documentation: Some("Full".to_owned()),
                        occupancy: Occupancy::PrimaryResidence,
                        monthly_income: Some(cents("15000")),
                        monthly_debts: Some(cents("951.62")),
                        ..borrowing(loan)
                    };
                    search.place.state = StateCode::parse(state);
                    search.place.county = None;
                    all.push(search);
                }
            }
        }
    }
    all
}

/// The rate at which the payments are worth what is financed, by halving, as a percentage a year.
fn annual_rate(financed: f64, payments: &[f64]) -> f64 {
    let worth = |monthly: f64| {
        let discount = 1.0 / (1.0 + monthly);
        payments
            .iter()
            .rev()
            .fold(0.0, |sum, one| (sum + one) * discount)
    };
    let (mut low, mut high) = (0.0, 0.1);
    for _ in 0..45 {
        let middle = (low + high) / 2.0;
        if worth(middle) > financed {
            low = middle;
        } else {
            high = middle;
        }
    }
    low * 1200.0
}

fn units(amount: Cents) -> f64 {
    let text = amount.to_string();
    text.parse().unwrap()
}

fn check(row: &PricedRow, search: &Scenario) {
    let sections: Vec<_> = row.fees.iter().map(|fee| fee.section).collect();
    assert!(sections.is_sorted(), "{sections:?}");
    let counted = row.fees.iter().filter(|fee| fee.is_finance_charge);
    let counted = Cents::try_sum(counted.map(|fee| fee.amount)).unwrap();
    let financed = row.principal.checked_sub(counted).unwrap();
    let payments: Vec<f64> = row
        .stream
        .iter()
        .flat_map(|run| {
            let each = units(run.principal_and_interest) + units(run.mortgage_insurance);
            std::iter::repeat_n(each, usize::try_from(run.payments).unwrap())
        })
        .collect();
    let apr = annual_rate(units(financed), &payments);
    let found: f64 = row.apr.to_string().parse().unwrap();
    assert!((apr - found).abs() < 1e-6, "{apr} against {row:?}");
    assert_eq!(row.points, Pct::HUNDRED.checked_sub(row.price).unwrap());
    let points = search.loan_amount.percent(row.points, Rounding::HalfUp);
    assert_eq!(Some(row.points_amount), points);
    let mut lines = row.fees.iter();
    let line = lines.find(|fee| fee.mismo_type == "LoanDiscountPoints");
    let line = line.map(|fee| fee.amount);
    assert_eq!(line, (row.points > Pct::ZERO).then_some(row.points_amount));
    assert_eq!(
        row.stream[0].principal_and_interest,
        row.piti.principal_and_interest
    );
    assert_eq!(
        row.stream[0].mortgage_insurance,
        row.piti.mortgage_insurance
    );
    let mut number = 0;
    for run in &row.stream {
        let starts = row.stream[0].starts.add_months(number).unwrap();
        assert_eq!(run.starts, starts);
        number += i32::try_from(run.payments).unwrap();
    }
}

fn check_product(product: &PricedProduct, book: &Book) {
    let terms = &book.catalogue.products[product.product].terms;
    for row in &product.rows {
        let payments: u32 = row.stream.iter().map(|run| run.payments).sum();
        assert_eq!(payments, terms.term_months);
    }
    assert!(product.rows.is_sorted_by(|a, b| a.note_rate < b.note_rate));
    let explanation = product.explanation.as_ref().unwrap();
    let moved: i64 = explanation.steps.iter().map(|step| step.change.e9()).sum();
    let final_price = explanation.base_price.e9() + moved;
    assert_eq!(final_price, product.rows[0].price.e9());
}

#[test]
fn every_answer_agrees_with_itself() {
    let book = demo_book();
    let mut tables = Tables::with_programmes();
    for index in ArmIndex::ALL {
        tables.indices.entry(*index).or_insert(pct("4.125"));
    }
    let request = PriceRequest {
        explain: true,
        ..PriceRequest::default()
    };
    let mut rows = 0;
    for search in searches() {
        let priced = book.price(&search, &request, &tables.rules()).unwrap();
        for product in &priced.products {
            check_product(product, &book);
            product.rows.iter().for_each(|row| check(row, &search));
            rows += product.rows.len();
        }
        for refused in &priced.refused {
            assert!(!refused.reasons.is_empty());
        }
    }
    assert!(rows > 5000, "{rows} rows");
}
