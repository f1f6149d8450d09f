//! Pricing one product of a search.

use lintel_domain::product::RateKind;
use lintel_engine::rate::Pct;
use lintel_engine::us::arm::ArmTerms;

use super::adjust::{Blank, Net, Sums, term_of};
use super::candidates::{Candidate, Groups, candidates, locks};
use super::eligible::{Stage, broken, reasons_of};
use super::explain::explain;
use super::row::CostsByLock;
use super::search::Search;
use crate::catalogue::{Product, Sheet};
use crate::priced::{PricedProduct, PricedRow};
use crate::quote::{ArmValues, Loan};
use crate::when::{Facts, When, points};

/// Most reasons told of one product.
const REASONS_MAX: usize = 100;

/// Reasons in the order they came up, each once.
#[derive(Default)]
pub(super) struct Reasons(Vec<String>);

impl Reasons {
    pub(super) fn add(&mut self, reason: String) {
        if self.0.len() < REASONS_MAX && !self.0.contains(&reason) {
            self.0.push(reason);
        }
    }
}

/// A product being priced.
pub(super) struct Pricing<'a> {
    pub(super) index: usize,
    pub(super) product: &'a Product,
    sheet: &'a Sheet,
    pub(super) arm: Option<ArmTerms>,
    pub(super) costs: CostsByLock,
    pub(super) reasons: Reasons,
    /// Whether rules look at debt to income.
    pub(super) by_dti: bool,
}

impl Search<'_> {
    /// The product's rows, or every reason there are none.
    pub(super) fn product(&mut self, index: usize) -> Result<PricedProduct, Vec<String>> {
        let book = self.book;
        let catalogue = &book.catalogue;
        let product = catalogue.products.get(index).ok_or_else(Vec::new)?;
        if !self.request.explain
            && broken(book, index, &self.facts, Stage::Product)
                .next()
                .is_some()
        {
            return Err(Vec::new());
        }
        let mut reasons = Reasons::default();
        if let Some(reason) = self.channel_reason(product) {
            reasons.add(reason);
        }
        let rules = broken(book, index, &self.facts, Stage::Product);
        for reason in reasons_of(rules, &self.facts) {
            reasons.add(reason);
        }
        let sheet = book.sheets.get(index).and_then(Option::as_ref);
        let Some(sheet) = sheet else {
            reasons.add("no rate sheet in force".to_owned());
            return Err(reasons.0);
        };
        let values = self.arm_values(product, sheet);
        let arm = match Loan::arm_terms(&product.terms, values) {
            Ok(arm) => arm,
            Err(problem) => {
                reasons.add(self.problem_reason(product, &problem));
                return Err(reasons.0);
            }
        };
        if !reasons.0.is_empty() {
            return Err(reasons.0);
        }
        let looks_at_dti = |rule: &usize| {
            let rule = catalogue.eligibility.get(*rule);
            rule.is_some_and(|rule| rule.when.depends_on_dti() || rule.require.depends_on_dti())
        };
        let by_dti = book.selected(index).eligibility.iter().any(looks_at_dti);
        self.rows(Pricing {
            index,
            product,
            sheet,
            arm,
            costs: CostsByLock::default(),
            reasons,
            by_dti,
        })
    }

    fn channel_reason(&self, product: &Product) -> Option<String> {
        let channel = self.facts.scenario.channel.as_deref();
        let sells = |channel: &str| {
            let mut may = product.channels.iter();
            may.any(|one| one.eq_ignore_ascii_case(channel))
        };
        if product.channels.is_empty() || channel.is_some_and(sells) {
            return None;
        }
        let only = When {
            channels: product.channels.clone(),
            ..When::default()
        };
        only.failures(&self.facts).pop()
    }

    fn arm_values(&self, product: &Product, sheet: &Sheet) -> ArmValues {
        let index = match &product.terms.rate_kind {
            RateKind::Fixed => None,
            RateKind::Adjustable(arm) => sheet
                .index
                .or_else(|| self.rules.indices.get(&arm.index).copied()),
        };
        ArmValues {
            index,
            margin: sheet.margin,
        }
    }

    fn rows(&mut self, mut pricing: Pricing<'_>) -> Result<PricedProduct, Vec<String>> {
        let locks = self.open_locks(&mut pricing);
        let candidates = candidates(pricing.product, pricing.sheet, &locks, self.request);
        if candidates.is_empty() {
            if !locks.is_empty() {
                pricing.reasons.add(self.no_price(pricing.product));
            }
            return Err(pricing.reasons.0);
        }
        let groups = Groups::of(&candidates);
        let rows: Vec<(Candidate, PricedRow)> = if self.request.best_match {
            let nearest = groups.nearest_par(|candidate| self.row(&mut pricing, candidate));
            nearest.into_iter().collect()
        } else {
            groups.each(|candidate| self.row(&mut pricing, candidate))
        };
        let Some((first, _)) = rows.first() else {
            return Err(pricing.reasons.0);
        };
        let explanation = self
            .request
            .explain
            .then(|| explain(self.book, pricing.index, &self.facts, first));
        Ok(PricedProduct {
            product: pricing.index,
            index_value: pricing.arm.map(|arm| arm.index),
            margin: pricing.arm.map(|arm| arm.margin),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            explanation,
        })
    }

    /// The locks that may be had, each with what is added to its prices.
    fn open_locks(&self, pricing: &mut Pricing<'_>) -> Vec<(u32, Pct)> {
        let (book, index) = (self.book, pricing.index);
        let locks = locks(pricing.product, pricing.sheet, self.request.lock_days);
        if locks.is_empty() {
            let days = self.request.lock_days;
            pricing
                .reasons
                .add(format!("no lock of {days} days or more"));
            return Vec::new();
        }
        let blank_reason =
            |blank: Blank, facts: &Facts<'_>| blank.reason(book, facts, term_of(book, index));
        let sums = match Sums::at_any_lock(book, index, &self.facts) {
            Ok(sums) => sums,
            Err(blank) => {
                pricing.reasons.add(blank_reason(blank, &self.facts));
                return Vec::new();
            }
        };
        let mut open = Vec::with_capacity(locks.len());
        for days in locks {
            let facts = self.facts.at_lock(days);
            let rules = broken(book, index, &facts, Stage::Lock);
            let failures = reasons_of(rules, &facts);
            if !failures.is_empty() {
                failures
                    .into_iter()
                    .for_each(|one| pricing.reasons.add(one));
                continue;
            }
            match sums.clone().net(book, index, &facts) {
                Net::Points(net) => open.push((days, net)),
                Net::NotOffered(blank) => pricing.reasons.add(blank_reason(blank, &facts)),
                Net::Overflow => {
                    let text = "price adjustments are larger than can be held";
                    pricing.reasons.add(text.to_owned());
                }
            }
        }
        open
    }

    fn no_price(&self, product: &Product) -> String {
        match (self.request.points, product.min_price) {
            (Some(wanted), _) => format!(
                "no price with points from {} to {}",
                points(wanted.low),
                points(wanted.high)
            ),
            (None, Some(least)) => format!("no price of {} or more", points(least)),
            (None, None) => "no price".to_owned(),
        }
    }
}
