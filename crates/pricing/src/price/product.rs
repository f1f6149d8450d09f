//! Pricing one product of a search.

use lintel_domain::product::RateKind;
use lintel_engine::rate::Pct;
use lintel_engine::us::arm::ArmTerms;

use super::adjust::{Net, Sums, blanks, term_of};
use super::candidates::{Candidate, Groups, candidates, cut_by_least, every_row, locks};
use super::eligible::{Stage, broken, reasons_of};
use super::explain::explain;
use super::hpml::Gap;
use super::reasons::Reasons;
use super::row::CostsByLock;
use super::search::Search;
use crate::catalogue::{Product, Sheet};
use crate::priced::{PricedProduct, PricedRow};
use crate::quote::{ArmValues, Loan};
use crate::when::{Facts, When, points};

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
    /// Why it is not known whether a row is higher-priced.
    pub(super) gap: Option<Gap>,
}

impl Search<'_> {
    /// The product's rows, or why there are none: with explanations every reason that can be told, so
    /// that who mends one does not come back for the next.
    pub(super) fn product(&mut self, index: usize) -> Result<PricedProduct, Vec<String>> {
        let book = self.book;
        let catalogue = &book.catalogue;
        let product = catalogue.products.get(index).ok_or_else(Vec::new)?;
        let mut reasons = Reasons::new(self.request.explain);
        self.refuse_channel(product, &mut reasons);
        let rules = broken(book, index, &self.facts, Stage::Product);
        refuse_by(rules, &self.facts, &mut reasons);
        if reasons.is_refused() && !reasons.is_told() {
            return Err(Vec::new());
        }
        let sheet = book.sheets.get(index).and_then(Option::as_ref);
        let Some(sheet) = sheet else {
            reasons.refuse(|| "no rate sheet in force".to_owned());
            return Err(reasons.into_words());
        };
        let values = self.arm_values(product, sheet);
        let arm = match Loan::arm_terms(&product.terms, values) {
            Ok(arm) => arm,
            Err(problem) => {
                reasons.refuse(|| self.problem_reason(product, &problem));
                None
            }
        };
        let looks_at_dti = |rule: usize| {
            let rule = catalogue.eligibility.get(rule);
            rule.is_some_and(|rule| rule.require.depends_on_dti())
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
            gap: None,
        })
    }

    fn refuse_channel(&self, product: &Product, reasons: &mut Reasons) {
        let channel = self.facts.scenario.channel.as_deref();
        let sells = |channel: &str| {
            let mut may = product.channels.iter();
            may.any(|one| one.eq_ignore_ascii_case(channel))
        };
        if product.channels.is_empty() || channel.is_some_and(sells) {
            return;
        }
        reasons.refuse(|| {
            let only = When {
                channels: product.channels.clone(),
                ..When::default()
            };
            only.failures(&self.facts).pop().unwrap_or_default()
        });
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
        if pricing.reasons.is_refused() && !pricing.reasons.is_told() {
            return Err(Vec::new());
        }
        let candidates = candidates(pricing.product, pricing.sheet, &locks, self.request);
        if candidates.is_empty() && !locks.is_empty() {
            let (product, sheet) = (pricing.product, pricing.sheet);
            let reason = || self.no_price(product, sheet, &locks);
            pricing.reasons.refuse(reason);
        }
        if pricing.reasons.is_refused() || locks.is_empty() {
            self.look_at_rows(&mut pricing);
            return Err(pricing.reasons.into_words());
        }
        let groups = Groups::of(&candidates);
        let rows: Vec<(Candidate, PricedRow)> = if self.request.best_match {
            let nearest = groups.nearest_par(|candidate| self.row(&mut pricing, candidate));
            nearest.into_iter().collect()
        } else {
            groups.each(|candidate| self.row(&mut pricing, candidate))
        };
        let Some((first, _)) = rows.first() else {
            return Err(pricing.reasons.into_words());
        };
        self.gaps.extend(pricing.gap);
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

    /// Of a product that is refused already: whether its charges are known and the income would carry
    /// any row of it. Neither depends on what moves its price, which may not be known. When no row is
    /// left, the lowest note rate says why.
    fn look_at_rows(&mut self, pricing: &mut Pricing<'_>) {
        let is_fixed = matches!(pricing.product.terms.rate_kind, RateKind::Fixed);
        let has_terms = is_fixed || pricing.arm.is_some();
        if !pricing.reasons.is_told() || !has_terms {
            return;
        }
        let locks = locks(pricing.product, pricing.sheet, self.request.lock_days);
        let rows = every_row(pricing.sheet, &locks);
        let Some((lowest, others)) = rows.split_first() else {
            return;
        };
        let earlier = std::mem::replace(&mut pricing.reasons, Reasons::new(true));
        let mut can_be_had = self.row(pricing, lowest).is_some();
        let of_lowest = std::mem::replace(&mut pricing.reasons, Reasons::new(false));
        let mut others = others.iter();
        can_be_had = can_be_had || others.any(|one| self.row(pricing, one).is_some());
        pricing.reasons = earlier;
        if !can_be_had {
            for reason in of_lowest.into_words() {
                pricing.reasons.leave_out(|| reason);
            }
        }
    }

    /// The locks that may be had, each with what is added to its prices.
    fn open_locks(&self, pricing: &mut Pricing<'_>) -> Vec<(u32, Pct)> {
        let (book, index) = (self.book, pricing.index);
        let reasons = &mut pricing.reasons;
        let locks = locks(pricing.product, pricing.sheet, self.request.lock_days);
        if locks.is_empty() {
            let days = self.request.lock_days;
            reasons.refuse(|| format!("no lock of {days} days or more"));
        }
        let term_months = term_of(book, index);
        let sums = match Sums::at_any_lock(book, index, &self.facts) {
            Ok(sums) => Some(sums),
            Err(first) => {
                reasons.refuse(|| first.reason(book, &self.facts, term_months));
                if reasons.is_told() {
                    for blank in blanks(book, index, &self.facts, false) {
                        reasons.refuse(|| blank.reason(book, &self.facts, term_months));
                    }
                }
                None
            }
        };
        if reasons.is_refused() && !reasons.is_told() {
            return Vec::new();
        }
        let mut any_left = false;
        let mut open = Vec::with_capacity(locks.len());
        for days in locks {
            let facts = self.facts.at_lock(days);
            let mut rules = broken(book, index, &facts, Stage::Lock).peekable();
            let mut is_open = rules.peek().is_none();
            if reasons.is_told() {
                for reason in reasons_of(rules, &facts) {
                    reasons.leave_out(|| reason);
                }
                for blank in blanks(book, index, &facts, true) {
                    is_open = false;
                    reasons.leave_out(|| blank.reason(book, &facts, term_months));
                }
            }
            if !is_open {
                continue;
            }
            match sums.clone().map(|sums| sums.net(book, index, &facts)) {
                Some(Net::Points(net)) => open.push((days, net)),
                // Told above.
                Some(Net::NotOffered(_)) => {}
                Some(Net::Overflow) => {
                    reasons.leave_out(|| "price adjustments are larger than can be held".to_owned())
                }
                // Refused at every lock already, and what moves its price is not known.
                None => any_left = true,
            }
        }
        any_left |= !open.is_empty();
        if reasons.is_refused() && any_left {
            reasons.forget_partial();
        }
        open
    }

    fn no_price(&self, product: &Product, sheet: &Sheet, locks: &[(u32, Pct)]) -> String {
        let wanted = self.request.points;
        let wanted = wanted.map(|wanted| {
            format!(
                " with points from {} to {}",
                points(wanted.low),
                points(wanted.high)
            )
        });
        let wanted = wanted.unwrap_or_default();
        let cut = cut_by_least(product, sheet, locks, self.request);
        match product.min_price.filter(|_| cut) {
            Some(least) => format!("no price of {} or more{wanted}", points(least)),
            None => format!("no price{wanted}"),
        }
    }
}

/// Refuses by the rules that are broken.
fn refuse_by<'a>(
    rules: impl Iterator<Item = &'a crate::catalogue::Eligibility>,
    facts: &Facts<'_>,
    reasons: &mut Reasons,
) {
    let mut rules = rules.peekable();
    if rules.peek().is_none() {
        return;
    }
    if !reasons.is_told() {
        reasons.refuse(String::new);
        return;
    }
    let words = reasons_of(rules, facts);
    // A rule that is broken refuses, whatever there is to say about it.
    if words.is_empty() {
        reasons.refuse(|| "not offered".to_owned());
    }
    for reason in words {
        reasons.refuse(|| reason);
    }
}
