//! What the benchmarks price: a large invented catalogue, the country's ZIP codes, invented loans.

use std::collections::HashMap;
use std::sync::Arc;

use lintel_app::pricing::{place_facts, price_rules};
use lintel_domain::loan::{Occupancy, Purpose};
use lintel_domain::scenario::{Flag, PropertyKind};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_pricing::book::Book;
use lintel_pricing::card::{AmountOf, CardSpec, Compiled};
use lintel_pricing::catalogue::Sheet;
use lintel_pricing::demo::big::big_catalogue;
use lintel_pricing::price::Rules;
use lintel_pricing::scenario::{Flags, PlaceFacts, Scenario};
use lintel_rule_book::RuleBook;

use super::super::random::Seeded;

/// Products of the catalogue, and adjustments that select each of them.
const PRODUCTS: usize = 40;
const RULES: usize = 200;
/// ZIP codes, as many as the rivals price.
const PLACES: usize = 41_000;
/// Loan to value of each eight products, in percent: as the rivals'.
const LTVS: [i64; 5] = [80, 95, 90, 75, 97];
/// Rows of a product for all purposes and rates at every place.
const ROWS_OF_PRODUCT: u64 = 41_000 * 3 * 9;

pub(super) struct World<'a> {
    pub(super) book: Book,
    pub(super) sheets: HashMap<String, Arc<Sheet>>,
    pub(super) rules: Rules<'a>,
    places: Arc<[PlaceFacts]>,
    loans: Arc<[Cents]>,
    template: Scenario,
}

/// The day everything is priced on: the rule book has editions in force on it.
pub(super) fn day() -> Result<Date, String> {
    Date::new(2026, 11, 20).map_err(|e| e.to_string())
}

impl<'a> World<'a> {
    pub(super) fn new(rules: &'a RuleBook) -> Result<Self, String> {
        let day = day()?;
        let (catalogue, sheets) = big_catalogue(20_261_120, PRODUCTS, RULES);
        let facts = lintel_places::iter()
            .take(PLACES)
            .map(|place| place_facts(rules, day, Some(&place)).map_err(|fault| fault.chain()));
        let places = facts.collect::<Result<Arc<[PlaceFacts]>, String>>()?;
        let mut numbers = Seeded::new(1);
        let loans = (0..places.len()).map(|_| loan(numbers.part())).collect();
        Ok(Self {
            book: Book::new(Arc::new(catalogue), &sheets),
            sheets,
            rules: price_rules(rules, day).map_err(|fault| fault.chain())?,
            template: template(day, places.first().ok_or("no places")?),
            places,
            loans,
        })
    }

    /// The cards of a run of about so many rows: eight products each at one loan to value.
    pub(super) fn specs(&self, rows: u64) -> Result<Vec<Arc<CardSpec>>, String> {
        let wanted = usize::try_from(rows / ROWS_OF_PRODUCT).unwrap_or(PRODUCTS);
        let wanted = wanted.clamp(1, PRODUCTS);
        let codes: Vec<String> = self
            .book
            .catalogue
            .products
            .iter()
            .map(|product| product.code.clone())
            .collect();
        // A short run takes some products of every group.
        let of_group = wanted.div_ceil(LTVS.len()).max(1);
        let groups = codes.chunks(PRODUCTS / LTVS.len()).zip(LTVS);
        groups
            .take(wanted)
            .map(|(codes, ltv)| {
                let codes = codes.iter().take(of_group).cloned().collect();
                self.spec(codes, ltv)
            })
            .collect()
    }

    pub(super) fn spec(&self, products: Vec<String>, ltv: i64) -> Result<Arc<CardSpec>, String> {
        let ltv = Pct::new(ltv.saturating_mul(Pct::SCALE));
        let amounts = AmountOf::per_place_at_ltv(Arc::clone(&self.loans), ltv);
        Ok(Arc::new(CardSpec {
            template: self.template.clone(),
            places: Arc::clone(&self.places),
            purposes: Purpose::ALL.to_vec(),
            amounts: vec![amounts.ok_or("an invented loan has no price")?],
            scores: vec![Some(745)],
            products,
            lock_days: 30,
            points: None,
        }))
    }

    pub(super) fn compile(&self, spec: &Arc<CardSpec>) -> Result<Compiled, String> {
        Compiled::compile(&self.book, &self.rules, Arc::clone(spec)).map_err(|e| e.to_string())
    }
}

/// An invented loan, by where it stands from 0 to 1: from 109,000 to 730,000 dollars in whole hundreds,
/// evenly in the logarithm as the rivals' are.
fn loan(part: f64) -> Cents {
    let hundreds = format!("{:.0}", (11.6 - 100_f64.ln() + 1.9 * part).exp());
    let hundreds: i64 = hundreds.parse().unwrap_or(1);
    Cents::new(hundreds.saturating_mul(10_000))
}

fn template(day: Date, place: &PlaceFacts) -> Scenario {
    Scenario {
        day,
        purpose: Purpose::Purchase,
        place: *place,
        home_price: Cents::new(50_000_000),
        loan_amount: Cents::new(40_000_000),
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
        channel: Some("retail".to_owned()),
        sub_channel: None,
        branch: None,
        criteria: Vec::new(),
    }
}
