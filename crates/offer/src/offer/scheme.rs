//! Schemes: what is lent for what, at which rates.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::schedule::MAX_TERM_MONTHS;
use lintel_taxonomy::{List, by_code};

use super::{MAX_PERCENT, ProductRule};
use crate::calculation::Choice;
use crate::read::Section;

/// A scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Number for ever, code and descriptions.
    pub choice: Choice,
    /// Not offered any more; stays readable.
    pub retired: bool,
    /// Uses of the home it is for; ids.
    pub(crate) product_purposes: Vec<u32>,
    /// What it lends for; ids.
    pub(crate) loan_purposes: Vec<u32>,
    /// For property the bank itself sells.
    pub(crate) held_by_bank: bool,
    /// Takes part in the State's guarantee.
    pub(crate) public_guarantee: bool,
    /// Least and most amount.
    pub(crate) amounts: (Cents, Cents),
    /// Least and most months.
    pub(crate) terms: (u32, u32),
    /// Highest loan to value of the bank.
    pub(crate) max_ltv: Pct,
    /// Most months of utilisation.
    pub(crate) max_utilisation: u32,
    /// Tenors and spreads of variable rates; none when not offered.
    pub(crate) variable: Option<(Vec<u32>, Vec<GridRow>)>,
    /// Fixed rates for the whole term; empty when not offered.
    pub(crate) fixed: Vec<GridRow>,
    /// Mixed rates by fixed period.
    pub(crate) mixed: Vec<Mixed>,
    /// Places of the bundled products and what each takes off.
    pub(crate) discounts: Vec<(usize, Pct)>,
    /// Most that all of them take off.
    pub(crate) max_discount: Option<Pct>,
}

/// A mixed rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mixed {
    pub(crate) fixed_months: u32,
    pub(crate) tenor_months: u32,
    pub(crate) rates: Vec<GridRow>,
    pub(crate) spreads: Vec<GridRow>,
}

/// A row of a grid: the first that fits counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GridRow {
    up_to_ltv: Option<Pct>,
    from_amount: Option<Cents>,
    up_to_months: Option<u32>,
    pub(crate) percent: Pct,
}

impl GridRow {
    /// The rate for a loan, by the first row that fits.
    pub(crate) fn find(grid: &[Self], ltv: Pct, amount: Cents, months: u32) -> Option<Pct> {
        let fits = |row: &&Self| {
            row.up_to_ltv.is_none_or(|most| ltv <= most)
                && row.from_amount.is_none_or(|least| amount >= least)
                && row.up_to_months.is_none_or(|most| months <= most)
        };
        grid.iter().find(fits).map(|row| row.percent)
    }
}

pub(super) fn schemes(top: &Section<'_>, products: &[ProductRule]) -> Vec<Scheme> {
    let mut schemes: Vec<Scheme> = Vec::new();
    for section in top.sections("scheme") {
        let scheme = scheme(&section, products);
        if schemes
            .iter()
            .any(|other| other.choice.id == scheme.choice.id)
        {
            section.wrong("id", "is there twice");
        }
        if schemes
            .iter()
            .any(|other| other.choice.code == scheme.choice.code)
        {
            section.wrong("code", "is there twice");
        }
        schemes.push(scheme);
    }
    if schemes.is_empty() {
        top.wrong("scheme", "must have at least one");
    }
    schemes
}

fn scheme(section: &Section<'_>, products: &[ProductRule]) -> Scheme {
    let choice = Choice {
        id: section.number("id", 1, 999_999_999),
        code: section.text("code"),
        pt: section.text("pt"),
        en: section.text("en"),
    };
    let variable = section.opt_section("variable").map(|part| {
        let tenors = tenors(&part);
        let spreads = grid(&part, "spreads");
        part.done();
        (tenors, spreads)
    });
    let scheme = Scheme {
        choice,
        retired: section.flag("retired"),
        product_purposes: purposes(section, "product_purposes", List::ProductPurposes),
        loan_purposes: purposes(section, "loan_purposes", List::LoanPurposes),
        held_by_bank: section.flag("held_by_bank"),
        public_guarantee: section.flag("public_guarantee"),
        amounts: (section.amount("min_amount"), section.amount("max_amount")),
        terms: (
            section.number("min_term_months", 1, MAX_TERM_MONTHS),
            section.number("max_term_months", 1, MAX_TERM_MONTHS),
        ),
        max_ltv: section.percent("max_ltv_percent", MAX_PERCENT),
        max_utilisation: section
            .opt_number("max_utilisation_months", 0, 120)
            .unwrap_or(0),
        variable,
        fixed: if section.has("fixed") {
            grid(section, "fixed")
        } else {
            Vec::new()
        },
        mixed: mixed(section),
        discounts: discounts(section, products),
        max_discount: section.opt_percent("max_discount_percent", MAX_PERCENT),
    };
    section.done();
    if section.whole() {
        check(section, &scheme);
    }
    scheme
}

/// What follows from a scheme that could be read.
fn check(section: &Section<'_>, scheme: &Scheme) {
    if !scheme.amounts.0.is_positive() || scheme.amounts.1 < scheme.amounts.0 {
        section.wrong(
            "max_amount",
            "must not be below min_amount, which is more than 0",
        );
    }
    if scheme.terms.1 < scheme.terms.0 {
        section.wrong("max_term_months", "must not be below min_term_months");
    }
    if scheme.max_utilisation >= scheme.terms.0 {
        section.wrong("max_utilisation_months", "must be below min_term_months");
    }
    if scheme.max_ltv.is_zero() {
        section.wrong("max_ltv_percent", "must be more than 0");
    }
    let grids = scheme
        .variable
        .iter()
        .map(|(_, spreads)| ("variable.spreads", spreads));
    let grids = grids.chain((!scheme.fixed.is_empty()).then_some(("fixed", &scheme.fixed)));
    let grids = grids.chain(scheme.mixed.iter().flat_map(|mixed| {
        [
            ("mixed.rates", &mixed.rates),
            ("mixed.spreads", &mixed.spreads),
        ]
    }));
    let mut offered = false;
    for (path, grid) in grids {
        offered = true;
        let (amount, months) = (scheme.amounts.0, scheme.terms.1);
        if GridRow::find(grid, scheme.max_ltv, amount, months).is_none() {
            let why =
                "has no row for the least amount at the highest loan to value and longest term";
            section.wrong(path, why);
        }
        let least = grid.iter().map(|row| row.percent).min();
        if least.is_some_and(|least| scheme.discount() > least) {
            section.wrong(path, "has a rate that the discounts would bring below 0");
        }
    }
    if !offered {
        section.wrong(
            "variable",
            "is missing, and there is neither fixed nor mixed",
        );
    }
}

impl Scheme {
    /// What all bundled products together take off.
    pub(crate) fn discount(&self) -> Pct {
        let sum = self
            .discounts
            .iter()
            .fold(0_i64, |sum, (_, rate)| sum.saturating_add(rate.e9()));
        let sum = Pct::new(sum);
        self.max_discount.map_or(sum, |most| sum.min(most))
    }
}

fn tenors(section: &Section<'_>) -> Vec<u32> {
    let tenors = section.numbers("tenors", 3, 12);
    if tenors.iter().any(|tenor| ![3, 6, 12].contains(tenor)) {
        section.wrong("tenors", "must be 3, 6 or 12 months");
    }
    tenors
}

fn purposes(section: &Section<'_>, key: &'static str, list: List) -> Vec<u32> {
    let texts = section.texts(key);
    if texts.is_empty() {
        section.wrong(key, "must name at least one");
    }
    let mut ids = Vec::new();
    for (at, text) in texts.into_iter().enumerate() {
        match by_code(list, text) {
            Some(entry) => ids.push(entry.id),
            None => section.wrong(
                &format!("{key}[{at}]"),
                format!("{text} is not a code of the list"),
            ),
        }
    }
    ids
}

pub(super) fn grid(section: &Section<'_>, key: &'static str) -> Vec<GridRow> {
    let rows = section.sections(key);
    if rows.is_empty() {
        section.wrong(key, "must have at least one row");
    }
    let read = |row: Section<'_>| {
        let found = GridRow {
            up_to_ltv: row.opt_percent("up_to_ltv_percent", MAX_PERCENT),
            from_amount: row.opt_amount("from_amount"),
            up_to_months: row.opt_number("up_to_months", 1, MAX_TERM_MONTHS),
            percent: row.percent("percent", MAX_PERCENT),
        };
        row.done();
        found
    };
    rows.into_iter().map(read).collect()
}

fn mixed(section: &Section<'_>) -> Vec<Mixed> {
    let mut all: Vec<Mixed> = Vec::new();
    for part in section.sections("mixed") {
        let tenor_months = part.number("tenor_months", 3, 12);
        if ![3, 6, 12].contains(&tenor_months) {
            part.wrong("tenor_months", "must be 3, 6 or 12");
        }
        let mixed = Mixed {
            fixed_months: part.number("fixed_months", 1, MAX_TERM_MONTHS),
            tenor_months,
            rates: grid(&part, "rates"),
            spreads: grid(&part, "spreads"),
        };
        part.done();
        if all
            .iter()
            .any(|other| other.fixed_months == mixed.fixed_months)
        {
            part.wrong("fixed_months", "is there twice");
        }
        all.push(mixed);
    }
    all
}

fn discounts(section: &Section<'_>, products: &[ProductRule]) -> Vec<(usize, Pct)> {
    let mut all: Vec<(usize, Pct)> = Vec::new();
    for part in section.sections("discounts") {
        let code = part.text("product");
        let percent = part.percent("percent", MAX_PERCENT);
        part.done();
        match products.iter().position(|product| product.code == code) {
            Some(place) if all.iter().any(|(other, _)| *other == place) => {
                part.wrong("product", "is there twice");
            }
            Some(place) => all.push((place, percent)),
            None => part.wrong(
                "product",
                format!("{code} is not a product of this document"),
            ),
        }
    }
    // The engine takes fifty products at the most.
    if all.len() > lintel_engine::pt::spread::MAX_PRODUCTS {
        section.wrong("discounts", "has too many products");
    }
    all
}
