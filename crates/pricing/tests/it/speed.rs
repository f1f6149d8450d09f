//! What a quote costs. Measured on demand, with `--release -- --ignored --nocapture speed`.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use lintel_domain::loan::Program;
use lintel_pricing::book::Book;
use lintel_pricing::demo::big::big_catalogue;
use lintel_pricing::price::{PriceRequest, ProductFilter};
use lintel_pricing::scenario::Scenario;

use crate::world::*;

/// Times each figure is taken; the smallest counts.
const TIMES: usize = 7;

#[test]
#[ignore = "a measurement"]
fn a_priced_row() {
    let start = Instant::now();
    let (catalogue, sheets) = big_catalogue(1, 40, 200);
    let catalogue = Arc::new(catalogue);
    let made = start.elapsed();
    let start = Instant::now();
    let book = Book::new(Arc::clone(&catalogue), &sheets);
    let mut text = format!(
        "{} adjustments, {} fees; catalogue made in {made:?}, book in {:?}\n",
        catalogue.adjustments.len(),
        catalogue.fees.len(),
        start.elapsed()
    );
    let tables = Tables::with_programmes();
    for (name, programs) in [
        ("all", None),
        ("conventional", Some(vec![Program::Conventional])),
        ("fha", Some(vec![Program::Fha])),
    ] {
        for loan in ["400000", "475000"] {
            for best_match in [false, true] {
                let request = PriceRequest {
                    filter: ProductFilter {
                        programs: programs.clone(),
                        ..ProductFilter::default()
                    },
                    best_match,
                    ..PriceRequest::default()
                };
                let search = Scenario {
                    monthly_income: Some(cents("20000")),
                    channel: Some("Retail".to_owned()),
                    ..borrowing(loan)
                };
                let mut best = f64::INFINITY;
                let (mut rows, mut products) = (0, 0);
                for _ in 0..TIMES {
                    let start = Instant::now();
                    let priced = book.price(&search, &request, &tables.rules()).unwrap();
                    best = best.min(start.elapsed().as_secs_f64() * 1e6);
                    rows = priced.products.iter().map(|p| p.rows.len()).sum();
                    products = priced.products.len();
                }
                let each = best / f64::from(u32::try_from(rows.max(1)).unwrap());
                text += &format!(
                    "{name} {loan} best match {best_match}: {products} products, {rows} rows, \
                     {best:.0} us, {each:.2} us a row\n"
                );
            }
        }
    }
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}
