//! A search over a book.

use lintel_engine::date::Date;
use lintel_engine::error::EngineError;

use super::{PriceRequest, Rules};
use crate::book::Book;
use crate::priced::{Priced, RefusedProduct};
use crate::quote::{Counting, Monthly, first_due};
use crate::scenario::Scenario;
use crate::when::{Facts, PriceProblem, in_force};

/// Said once when a row's verdict is not known.
const NO_APOR: &str = "It is not known whether loans are higher-priced: no average prime offer rate is loaded for the day.";

/// What all products of a search share.
pub(super) struct Search<'a> {
    pub(super) book: &'a Book,
    pub(super) facts: Facts<'a>,
    pub(super) request: &'a PriceRequest,
    pub(super) rules: &'a Rules<'a>,
    pub(super) monthly: Result<Monthly, EngineError>,
    pub(super) counting: Counting<'a>,
    pub(super) first_due: Date,
}

impl Book {
    /// Prices a search: every product that is asked for, has a sheet and may be had, with a row for each
    /// note rate. A product that cannot be worked out is refused with the reason and leaves the others
    /// as they are.
    ///
    /// # Errors
    /// An amount of the scenario that nothing can be priced with.
    pub fn price(
        &self,
        scenario: &Scenario,
        request: &PriceRequest,
        rules: &Rules<'_>,
    ) -> Result<Priced, PriceProblem> {
        let mut search = Search {
            book: self,
            facts: Facts::try_of(scenario)?,
            request,
            rules,
            monthly: self.monthly(scenario),
            counting: Counting::of(&self.catalogue, &rules.tables.finance_charge),
            first_due: first_due(scenario.day).map_err(|_| PriceProblem::Day)?,
        };
        let mut priced = Priced::default();
        for (index, product) in self.catalogue.products.iter().enumerate() {
            if !in_force(&product.days, scenario.day) || !request.filter.wants(product) {
                continue;
            }
            match search.product(index) {
                Ok(product) => priced.products.push(product),
                Err(reasons) if request.explain => priced.refused.push(RefusedProduct {
                    product: index,
                    reasons,
                }),
                Err(_) => {}
            }
        }
        let mut rows = priced.products.iter().flat_map(|product| &product.rows);
        if rows.any(|row| row.is_hpml.is_none()) {
            priced.notices.push(NO_APOR.to_owned());
        }
        Ok(priced)
    }
}
