//! One quote over the demo catalogue, in process: what a priced row costs without HTTP and JSON.

use std::sync::Arc;

use lintel_app::pricing::{place_facts, price_rules};
use lintel_domain::loan::{Occupancy, Purpose};
use lintel_domain::scenario::PropertyKind;
use lintel_engine::money::Cents;
use lintel_places::Zip;
use lintel_pricing::book::Book;
use lintel_pricing::codec::{load, sheet::read_sheets};
use lintel_pricing::demo;
use lintel_pricing::price::PriceRequest;
use lintel_pricing::scenario::{Flags, Scenario};
use lintel_rule_book::RuleBook;

use super::super::cpu::Clock;
use super::super::figure;
use super::world::day;
use super::{Goal, Report};

pub(super) fn measure(report: &mut Report, clock: &Clock, rules: &RuleBook) -> Result<(), String> {
    let book = demo_book()?;
    let scenario = scenario(rules)?;
    let rules = price_rules(rules, scenario.day).map_err(|fault| fault.chain())?;
    let request = PriceRequest::default();
    let price = || {
        book.price(&scenario, &request, &rules)
            .map_err(|e| e.to_string())
    };
    let priced = price()?;
    let rows: usize = priced
        .products
        .iter()
        .map(|product| product.rows.len())
        .sum();
    let rows = u32::try_from(rows).map_or(f64::MAX, f64::from);
    let us = clock.of_one(price)? * 1e6;
    let body = format!(
        "{} products, {} rates: {} us CPU, {} us a priced product-rate",
        priced.products.len(),
        figure(rows),
        figure(us),
        figure(us / rows)
    );
    report.section("One search over the demo catalogue, in process", &body);
    report.goals.push(Goal::at_most(
        "a priced product-rate of a quote, us CPU",
        25.0,
        Some(15.0),
        us / rows,
    ));
    Ok(())
}

fn demo_book() -> Result<Book, String> {
    let told = |findings: Vec<lintel_pricing::codec::Finding>| {
        findings
            .first()
            .map_or_else(String::new, ToString::to_string)
    };
    let catalogue = load(&demo::parts()).map_err(told)?.catalogue;
    let sheets = read_sheets(demo::sheets_csv()).map_err(told)?;
    let sheets = sheets
        .into_iter()
        .map(|(code, sheet)| (code, Arc::new(sheet)));
    Ok(Book::new(Arc::new(catalogue), &sheets.collect()))
}

fn scenario(rules: &RuleBook) -> Result<Scenario, String> {
    let day = day()?;
    let zip = Zip::try_new(92_649).ok_or("a ZIP code")?;
    let place = lintel_places::find(zip).ok_or("no place for the ZIP code")?;
    Ok(Scenario {
        day,
        purpose: Purpose::Purchase,
        place: place_facts(rules, day, Some(&place)).map_err(|fault| fault.chain())?,
        home_price: Cents::new(50_000_000),
        loan_amount: Cents::new(40_000_000),
        down_payment: None,
        subordinate_balance: Cents::ZERO,
        undrawn_line: Cents::ZERO,
        score: Some(750),
        monthly_income: Some(Cents::new(1_200_000)),
        monthly_debts: Some(Cents::new(95_162)),
        property: PropertyKind::SingleFamily,
        units: 1,
        occupancy: Occupancy::PrimaryResidence,
        flags: Flags::default(),
        finances_va_fee: false,
        finances_usda_fee: false,
        employment: None,
        documentation: None,
        homes_owned: None,
        channel: Some("Retail".to_owned()),
        sub_channel: None,
        branch: None,
        criteria: Vec::new(),
    })
}
