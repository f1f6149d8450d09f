//! Pricing what a kept search asked for with the prices of another day.

use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_engine::date::Date;
use lintel_macros::boxed;
use lintel_pricing::price::{PriceRequest, Rules};
use lintel_pricing::priced::PricedProduct;
use lintel_pricing::scenario::Scenario;
use lintel_rule_book::RuleBook;
use lintel_store::fault::Fault;
use lintel_store::search::{self, StoredSearch};

use super::replay::is_id;
use super::{inputs, known_place, scenario};
use crate::context::App;
use crate::error::AppError;
use crate::pricing::{OrgBook, place_facts, price_rules};

/// An organisation's kept search.
///
/// # Errors
/// Not found when the organisation has no such search, or not any more; any fault of the database.
#[boxed]
pub async fn kept(
    app: &App,
    org: &Organisation,
    search_id: &str,
) -> Result<StoredSearch, AppError> {
    let unknown = Refusal::NotFound { what: Noun::Search };
    if !is_id(search_id) {
        return Err(unknown.into());
    }
    let stored = search::load(app.db(), &org.id, search_id, app.now()).await?;
    stored.ok_or_else(|| unknown.into())
}

/// What a kept search asked for, ready to be priced: the best match of each product.
#[derive(Debug)]
pub struct Wish {
    scenario: Scenario,
    wanted: PriceRequest,
    zip: String,
}

impl Wish {
    /// Reads a search's inputs as they are kept; none when this version cannot.
    #[must_use]
    pub fn read(kept_inputs: &str) -> Option<Self> {
        let asked = inputs::read(kept_inputs)?;
        Some(Self {
            scenario: scenario(&asked.scenario, asked.purpose),
            wanted: PriceRequest {
                best_match: true,
                explain: false,
                ..asked.wanted
            },
            zip: asked.zip,
        })
    }

    /// What was searched for; day and place are not in it.
    #[must_use]
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The ZIP code that was asked for, as it was sent.
    #[must_use]
    pub fn zip(&self) -> &str {
        &self.zip
    }
}

/// A lender's prices on a day, with the tables of that day: many wishes are priced with one.
#[derive(Debug)]
pub struct Today<'a> {
    book: &'a OrgBook,
    rules: &'a RuleBook,
    tables: Rules<'a>,
    day: Date,
}

impl<'a> Today<'a> {
    /// The tables of the day are looked up.
    ///
    /// # Errors
    /// A rule book without a table for the day.
    pub fn try_new(rules: &'a RuleBook, book: &'a OrgBook, day: Date) -> Result<Self, Fault> {
        Ok(Self {
            book,
            rules,
            tables: price_rules(rules, day)?,
            day,
        })
    }

    /// The best match of some products, by their places in the catalogue: of each the row with points
    /// nearest zero, of two the lower rate. Those that cannot be had are left out, and all of them
    /// where the place is not known or the amounts cannot be priced with any more.
    ///
    /// # Errors
    /// A rule book without a table for the day.
    pub fn best(&self, wish: &Wish, products: &[usize]) -> Result<Vec<PricedProduct>, Fault> {
        let Some(place) = known_place(&wish.zip) else {
            return Ok(Vec::new());
        };
        let scenario = Scenario {
            day: self.day,
            place: place_facts(self.rules, self.day, Some(&place))?,
            ..wish.scenario.clone()
        };
        let book = &self.book.book;
        let priced = book.price_some(&scenario, &wish.wanted, &self.tables, products);
        Ok(priced.unwrap_or_default())
    }
}

/// A number that tells one state of a lender's prices in force from another, the same on every node:
/// FNV-1a over the versions of the catalogue and of its sheets, without the sign bit.
#[must_use]
pub fn state_of(book: &OrgBook) -> i64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut state = OFFSET;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            state = (state ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    };
    add(&book.catalogue_version.to_be_bytes());
    for product in &book.book.catalogue.products {
        add(product.code.as_bytes());
        add(&book
            .sheet_version(&product.code)
            .unwrap_or(-1)
            .to_be_bytes());
    }
    i64::try_from(state >> 1).unwrap_or(0)
}
