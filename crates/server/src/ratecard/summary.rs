//! What a card says at a glance, gathered part by part. Whole numbers throughout, so that the sum
//! does not depend on the order of the parts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::loan::Loan;

/// Width of a bar of the histogram: a twentieth of a percentage point, in billionths.
pub(super) const BAR_E9: i64 = 50_000_000;
/// Bars; the last takes everything above.
pub(super) const BARS: usize = 61;

/// An offer worth naming.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Offer {
    pub(super) note_rate_pct_e9: i64,
    pub(super) apr_pct_e9: i64,
    pub(super) product: String,
}

impl Offer {
    fn by_rate(&self) -> (i64, i64, &str) {
        (self.note_rate_pct_e9, self.apr_pct_e9, &self.product)
    }

    fn by_apr(&self) -> (i64, i64, &str) {
        (self.apr_pct_e9, self.note_rate_pct_e9, &self.product)
    }
}

/// What is known of some of a card's offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) offers: u64,
    /// Sum of annual rate less note rate, each cut to millionths of a percentage point.
    pub(super) spread_sum_e6: i64,
    /// The least note rate without points, of these the least annual rate.
    pub(super) no_points: Option<Offer>,
    /// The least annual rate.
    pub(super) least_apr: Option<Offer>,
    /// Loans (a ZIP code, product, purpose, amount and score) with an offer …
    pub(super) loans: u64,
    /// … and the sums of note rates and annual rates of their offers with points nearest zero, each
    /// cut to millionths of a percent. A mean of least rates would leave out who has none without
    /// points.
    pub(super) rate_sum_e6: i64,
    pub(super) apr_sum_e6: i64,
}

impl Line {
    /// Counts an offer; the product is only copied when the offer is worth naming.
    pub(super) fn add(&mut self, seen: Seen, product: &str) {
        self.offers += 1;
        let spread_e6 = (seen.apr_pct_e9 - seen.note_rate_pct_e9) / 1000;
        self.spread_sum_e6 = self.spread_sum_e6.saturating_add(spread_e6);
        let rate = (seen.note_rate_pct_e9, seen.apr_pct_e9, product);
        let apr = (seen.apr_pct_e9, seen.note_rate_pct_e9, product);
        let offer = || Offer {
            note_rate_pct_e9: seen.note_rate_pct_e9,
            apr_pct_e9: seen.apr_pct_e9,
            product: product.to_owned(),
        };
        if seen.points_e3 <= 0
            && self
                .no_points
                .as_ref()
                .is_none_or(|best| rate < best.by_rate())
        {
            self.no_points = Some(offer());
        }
        if self
            .least_apr
            .as_ref()
            .is_none_or(|best| apr < best.by_apr())
        {
            self.least_apr = Some(offer());
        }
    }

    /// Counts a loan by its offer with points nearest zero.
    pub(super) fn add_loan(&mut self, best: Seen) {
        self.loans += 1;
        self.rate_sum_e6 = self
            .rate_sum_e6
            .saturating_add(best.note_rate_pct_e9 / 1000);
        self.apr_sum_e6 = self.apr_sum_e6.saturating_add(best.apr_pct_e9 / 1000);
    }

    fn merge(&mut self, other: &Self) {
        self.offers += other.offers;
        self.loans += other.loans;
        self.rate_sum_e6 = self.rate_sum_e6.saturating_add(other.rate_sum_e6);
        self.apr_sum_e6 = self.apr_sum_e6.saturating_add(other.apr_sum_e6);
        self.spread_sum_e6 = self.spread_sum_e6.saturating_add(other.spread_sum_e6);
        if let Some(offer) = &other.no_points
            && self
                .no_points
                .as_ref()
                .is_none_or(|best| offer.by_rate() < best.by_rate())
        {
            self.no_points = Some(offer.clone());
        }
        if let Some(offer) = &other.least_apr
            && self
                .least_apr
                .as_ref()
                .is_none_or(|best| offer.by_apr() < best.by_apr())
        {
            self.least_apr = Some(offer.clone());
        }
    }

    /// Mean of annual rate less note rate in billionths of a percent, rounded down: for people.
    pub(super) fn mean_spread_e9(&self) -> Option<i64> {
        mean_e9(self.spread_sum_e6, self.offers)
    }

    /// Mean note rate of the loans at points nearest zero, likewise.
    pub(super) fn mean_rate_e9(&self) -> Option<i64> {
        mean_e9(self.rate_sum_e6, self.loans)
    }

    /// Mean annual rate of these offers, likewise.
    pub(super) fn mean_apr_e9(&self) -> Option<i64> {
        mean_e9(self.apr_sum_e6, self.loans)
    }
}

fn mean_e9(sum_e6: i64, count: u64) -> Option<i64> {
    sum_e6
        .checked_div(i64::try_from(count).ok()?)?
        .checked_mul(1000)
}

/// The figures of an offer that count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) note_rate_pct_e9: i64,
    pub(super) apr_pct_e9: i64,
    pub(super) points_e3: i32,
}

/// What is known of a part or of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Summary {
    pub(super) all: Line,
    pub(super) states: BTreeMap<String, Line>,
    pub(super) products: BTreeMap<String, Line>,
    pub(super) purposes: BTreeMap<String, Line>,
    /// By loan amount and price of the home.
    pub(super) loans: BTreeMap<Loan, Line>,
    /// By credit score.
    pub(super) scores: BTreeMap<u32, Line>,
    /// Offers by annual rate less note rate, in steps of [`BAR_E9`]; those below zero are in the
    /// first.
    pub(super) spreads: Vec<u64>,
}

impl Summary {
    /// Counts an offer in the histogram.
    pub(super) fn count_spread(&mut self, seen: Seen) {
        if self.spreads.is_empty() {
            self.spreads = vec![0; BARS];
        }
        let bar = (seen.apr_pct_e9 - seen.note_rate_pct_e9).max(0) / BAR_E9;
        let bar = usize::try_from(bar).unwrap_or(BARS).min(BARS - 1);
        if let Some(count) = self.spreads.get_mut(bar) {
            *count += 1;
        }
    }

    /// Adds what is known of another part.
    pub(super) fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        for (ours, theirs) in [
            (&mut self.states, &other.states),
            (&mut self.products, &other.products),
            (&mut self.purposes, &other.purposes),
        ] {
            for (key, line) in theirs {
                ours.entry(key.clone()).or_default().merge(line);
            }
        }
        for (loan, line) in &other.loans {
            self.loans.entry(*loan).or_default().merge(line);
        }
        for (score, line) in &other.scores {
            self.scores.entry(*score).or_default().merge(line);
        }
        if self.spreads.is_empty() {
            self.spreads.clone_from(&other.spreads);
        } else {
            for (ours, theirs) in self.spreads.iter_mut().zip(&other.spreads) {
                *ours += theirs;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(note: i64, apr: i64, points_e3: i32) -> Seen {
        Seen {
            note_rate_pct_e9: note,
            apr_pct_e9: apr,
            points_e3,
        }
    }

    #[test]
    fn the_best_offers_are_named_and_order_does_not_matter() {
        let offers = [
            (seen(6_500_000_000, 6_600_000_000, 0), "B"),
            (seen(6_500_000_000, 6_600_000_000, -5), "A"),
            (seen(6_000_000_000, 6_500_000_000, 1), "C"),
            (seen(7_000_000_000, 7_000_000_001, -900), "D"),
        ];
        let mut all = Line::default();
        let mut merged = Line::default();
        for (seen, product) in offers {
            all.add(seen, product);
            let mut one = Line::default();
            one.add(seen, product);
            one.merge(&merged);
            merged = one;
        }
        assert_eq!(all, merged);
        assert_eq!(all.no_points.as_ref().unwrap().product, "A");
        assert_eq!(all.least_apr.as_ref().unwrap().product, "C");
        assert_eq!(all.mean_spread_e9(), Some(175_000_000));
        assert_eq!(Line::default().mean_spread_e9(), None);
    }

    #[test]
    fn spreads_fall_into_their_bars() {
        let mut summary = Summary::default();
        for (note, apr) in [(10, 9), (0, 49_999_999), (0, 50_000_000), (0, i64::MAX)] {
            summary.count_spread(seen(note, apr, 0));
        }
        assert_eq!(summary.spreads[..2], [2, 1]);
        assert_eq!(summary.spreads[BARS - 1], 1);
        let mut sum = Summary::default();
        sum.merge(&summary);
        sum.merge(&summary);
        assert_eq!(sum.spreads.iter().sum::<u64>(), 8);
    }
}
