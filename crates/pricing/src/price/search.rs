//! A search over a book.

use std::collections::BTreeSet;

use lintel_domain::loan::Program;
use lintel_domain::scenario::LimitClass;
use lintel_engine::date::Date;
use lintel_engine::error::EngineError;

use super::hpml::Gap;
use super::{PriceRequest, Rules};
use crate::book::Book;
use crate::catalogue::Product;
use crate::priced::{Priced, PricedProduct, RefusedProduct};
use crate::quote::{Counting, Monthly, VA_EXEMPT, VA_USE, assumes_first_use, first_due};
use crate::scenario::{Scenario, of_units};
use crate::when::{Days, Facts, PriceProblem, amount, in_force};

/// What all products of a search share.
pub(super) struct Search<'a> {
    pub(super) book: &'a Book,
    pub(super) facts: Facts<'a>,
    pub(super) request: &'a PriceRequest,
    pub(super) rules: &'a Rules<'a>,
    pub(super) monthly: Result<Monthly, EngineError>,
    pub(super) counting: Counting<'a>,
    pub(super) first_due: Date,
    /// Why it is not known of some rows whether they are higher-priced.
    pub(super) gaps: BTreeSet<Gap>,
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
        let mut search = self.search(scenario, request, rules)?;
        let mut priced = Priced::default();
        for (index, product) in self.catalogue.products.iter().enumerate() {
            if !request.filter.wants(product) {
                continue;
            }
            let found = search.on_its_days(index, product);
            match found {
                Ok(product) => priced.products.push(product),
                Err(reasons) if request.explain => priced.refused.push(RefusedProduct {
                    product: index,
                    reasons,
                }),
                Err(_) => {}
            }
        }
        priced.notices = search.notices(&priced);
        Ok(priced)
    }

    /// Prices some products of a search, by their places in the catalogue and in that order, whatever
    /// the request's filter says. Those that cannot be had are left out, as are remarks.
    ///
    /// # Errors
    /// As [`Book::price`].
    pub fn price_some(
        &self,
        scenario: &Scenario,
        request: &PriceRequest,
        rules: &Rules<'_>,
        products: &[usize],
    ) -> Result<Vec<PricedProduct>, PriceProblem> {
        let mut search = self.search(scenario, request, rules)?;
        let places = products.iter();
        let known = places.filter_map(|at| Some((*at, self.catalogue.products.get(*at)?)));
        let priced = known.filter_map(|(at, product)| search.on_its_days(at, product).ok());
        Ok(priced.collect())
    }

    fn search<'a>(
        &'a self,
        scenario: &'a Scenario,
        request: &'a PriceRequest,
        rules: &'a Rules<'a>,
    ) -> Result<Search<'a>, PriceProblem> {
        Ok(Search {
            book: self,
            facts: Facts::try_of(scenario)?,
            request,
            rules,
            monthly: self.monthly(scenario),
            counting: Counting::of(&self.catalogue, &rules.tables.finance_charge),
            first_due: first_due(scenario.day).map_err(|_| PriceProblem::Day)?,
            gaps: BTreeSet::new(),
        })
    }
}

impl Search<'_> {
    /// A product with its rows, or why there are none.
    fn on_its_days(
        &mut self,
        index: usize,
        product: &Product,
    ) -> Result<PricedProduct, Vec<String>> {
        let (days, day) = (&product.days, self.facts.scenario.day);
        if in_force(days, day) {
            self.product(index)
        } else {
            Err(days_reason(days, day))
        }
    }

    /// What the answer does not know, or takes for granted.
    fn notices(&self, priced: &Priced) -> Vec<String> {
        let (facts, scenario) = (&self.facts, self.facts.scenario);
        let gaps = self.gaps.iter().map(|gap| gap.notice().to_owned());
        let mut notices: Vec<String> = gaps.collect();
        if facts.limit != LimitClass::Conforming && !scenario.place.has_county_list {
            let limit = amount(of_units(&scenario.place.county_limits, scenario.units));
            notices.push(format!(
                "No list of county loan limits is loaded: {limit} counts as the conforming limit here, which is too low where homes are costly."
            ));
        }
        let products = self.catalogue_products();
        let asks_fha = || {
            let mut wanted = products.iter().filter(|one| self.is_asked(one));
            wanted.any(|one| one.terms.program == Program::Fha)
        };
        if !facts.is_within_fha_limit && asks_fha() {
            let limit = amount(of_units(&scenario.place.fha_limits, scenario.units));
            notices.push(format!(
                "FHA's limits of the counties cannot be loaded so far: {limit} counts as FHA's limit here, which is too low where homes are costly."
            ));
        }
        let mut offered = priced.products.iter();
        let offers_va = offered.any(|one| {
            let product = products.get(one.product);
            product.is_some_and(|product| product.terms.program == Program::Va)
        });
        if offers_va && assumes_first_use(scenario, self.rules.tables) {
            notices.push(format!(
                "VA's funding fee is that of a first use of the entitlement: {VA_USE} (First or Subsequent) or {VA_EXEMPT} (1) among the additional criteria say otherwise."
            ));
        }
        notices
    }

    fn catalogue_products(&self) -> &[Product] {
        &self.book.catalogue.products
    }

    fn is_asked(&self, product: &Product) -> bool {
        self.request.filter.wants(product) && in_force(&product.days, self.facts.scenario.day)
    }
}

/// Why a product is not offered on a day.
fn days_reason(days: &Days, day: Date) -> Vec<String> {
    let reason = days.map(|days| match days.to {
        Some(to) if to < day => format!("offered until {to}"),
        Some(_) | None => format!("offered from {}", days.from),
    });
    reason.into_iter().collect()
}
