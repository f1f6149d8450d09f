//! What a search wants, and the tables it is priced with.

use std::collections::BTreeMap;

use lintel_domain::loan::Program;
use lintel_domain::product::{ArmIndex, RateKind};
use lintel_domain::quote::QuoteTables;
use lintel_engine::rate::Pct;
use lintel_engine::us::apor::AporTable;
use lintel_engine::us::price_tests::SpreadRow;

use crate::book::PointsWanted;
use crate::catalogue::Product;

/// Lock asked for when a search names none.
const USUAL_LOCK_DAYS: u32 = 30;
const MONTHS: u32 = 12;

/// What a search wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRequest {
    /// Products.
    pub filter: ProductFilter,
    /// Days the lock must last at least.
    pub lock_days: u32,
    /// Points; none for all.
    pub points: Option<PointsWanted>,
    /// Only the row with points nearest zero of each product.
    pub best_match: bool,
    /// Price steps and refused products, too.
    pub explain: bool,
}

impl Default for PriceRequest {
    fn default() -> Self {
        Self {
            filter: ProductFilter::default(),
            lock_days: USUAL_LOCK_DAYS,
            points: None,
            best_match: false,
            explain: false,
        }
    }
}

/// The products a search wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductFilter {
    /// Programmes; none for all.
    pub programs: Option<Vec<Program>>,
    /// Families with a filter of their own, such as `HomeReady`, and whether each is wanted. A product
    /// of such a family is in exactly when one of its families named here is wanted, whatever its
    /// programme. ASCII case is ignored.
    pub families: Vec<(String, bool)>,
    /// Terms of fixed products in whole years, the nearest; none for all.
    pub term_years: Option<Vec<u32>>,
    /// Whether adjustable products are wanted at all.
    pub adjustable: bool,
    /// Adjustable products by the years their first rate lasts, rounded down: 0 for less than one; none
    /// for all.
    pub arm_years: Option<Vec<u32>>,
}

impl Default for ProductFilter {
    /// Every product.
    fn default() -> Self {
        Self {
            programs: None,
            families: Vec::new(),
            term_years: None,
            adjustable: true,
            arm_years: None,
        }
    }
}

fn wants<T: PartialEq>(wanted: &Option<Vec<T>>, value: &T) -> bool {
    wanted.as_ref().is_none_or(|wanted| wanted.contains(value))
}

impl ProductFilter {
    /// Whether a product is wanted.
    #[must_use]
    pub fn wants(&self, product: &Product) -> bool {
        self.wants_family(product) && self.wants_term(product)
    }

    fn wants_family(&self, product: &Product) -> bool {
        let carried = |family: &str| {
            let mut own = product.families.iter();
            own.any(|own| own.eq_ignore_ascii_case(family))
        };
        let mut named = self.families.iter().filter(|(family, _)| carried(family));
        match named.next() {
            None => wants(&self.programs, &product.terms.program),
            Some((_, true)) => true,
            Some((_, false)) => named.any(|(_, wanted)| *wanted),
        }
    }

    fn wants_term(&self, product: &Product) -> bool {
        match &product.terms.rate_kind {
            RateKind::Fixed => {
                let months = product.terms.term_months;
                let years = months.saturating_add(MONTHS / 2) / MONTHS;
                wants(&self.term_years, &years)
            }
            RateKind::Adjustable(arm) => {
                let years = arm.first_adjustment_months / MONTHS;
                self.adjustable && wants(&self.arm_years, &years)
            }
        }
    }
}

/// The tables in force on the day of a search.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Charges of the programmes, and what is a finance charge.
    pub tables: &'a QuoteTables,
    /// Index values for sheets that bring none.
    pub indices: &'a BTreeMap<ArmIndex, Pct>,
    /// Average prime offer rates; none when they are not loaded.
    pub apor: Option<AporTables<'a>>,
    /// Spreads at which a loan is higher-priced.
    pub hpml: &'a [SpreadRow],
}

/// The weekly tables of average prime offer rates.
#[derive(Debug, Clone, Copy)]
pub struct AporTables<'a> {
    /// By months to maturity.
    pub fixed: &'a AporTable,
    /// By months the first rate lasts.
    pub adjustable: &'a AporTable,
}
