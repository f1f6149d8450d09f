//! Tariffs of the insurances that loans need.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::{MAX_PERCENT, ProductRule};
use crate::read::Section;

/// Per mille that a yearly premium may be at the most.
const MAX_PER_MILLE: Pct = Pct::new(100_000_000_000);

/// Life insurance of every borrower.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LifeTariff {
    /// There is no credit without it.
    pub(crate) required: bool,
    /// On the capital owed at the start of each year; otherwise on the amount of credit throughout.
    pub(crate) declining: bool,
    /// Place of the bundled product it is; none when it is not bundled.
    pub(crate) product: Option<usize>,
    /// Percent off the premium in the variant with the bundled products.
    pub(crate) discount: Pct,
    /// Oldest age and per mille of the capital a year; the last row has no age.
    rows: Vec<(Option<u32>, Pct)>,
}

impl LifeTariff {
    /// Percent of the capital a year at an age, without discount. A per mille is a tenth of a percent.
    pub(crate) fn yearly_percent(&self, age: u32) -> Pct {
        let row = self
            .rows
            .iter()
            .find(|(up_to, _)| up_to.is_none_or(|oldest| age <= oldest));
        Pct::new(row.map_or(0, |(_, per_mille)| per_mille.e9() / 10))
    }
}

/// Multi-risk insurance of the property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MultiRiskTariff {
    pub(crate) required: bool,
    pub(crate) product: Option<usize>,
    pub(crate) discount: Pct,
    /// Share of the property's value that rebuilding costs.
    pub(crate) rebuilding: Pct,
    /// Percent of the cost of rebuilding a year.
    pub(crate) yearly_percent: Pct,
    /// Least premium a year.
    pub(crate) least_yearly: Cents,
}

fn product(section: &Section<'_>, products: &[ProductRule]) -> Option<usize> {
    let code = section.opt_text("product")?;
    let place = products.iter().position(|product| product.code == code);
    if place.is_none() {
        section.wrong(
            "product",
            format!("{code} is not a product of this document"),
        );
    }
    place
}

/// Percent off in the bundle; more than everything is no discount.
fn discount(section: &Section<'_>) -> Pct {
    section
        .opt_percent("bundled_discount_percent", Pct::HUNDRED)
        .unwrap_or(Pct::ZERO)
}

pub(super) fn life(section: &Section<'_>, products: &[ProductRule]) -> LifeTariff {
    let bases = [("capital_owed", true), ("amount_of_credit", false)];
    let declining = section.word("on", &bases, None);
    let mut rows: Vec<(Option<u32>, Pct)> = Vec::new();
    let sections = section.sections("rates");
    for (at, row) in sections.iter().enumerate() {
        let up_to = row.opt_number("up_to_age", 18, 120);
        let per_mille = row.percent("per_mille", MAX_PER_MILLE);
        row.done();
        let last = at.saturating_add(1) == sections.len();
        if up_to.is_none() != last {
            row.wrong("up_to_age", "must stand in every row but the last");
        }
        let before = rows.last().and_then(|(before, _)| *before);
        if up_to.is_some() && before >= up_to {
            row.wrong("up_to_age", "must be above the row before");
        }
        rows.push((up_to, per_mille));
    }
    if rows.is_empty() {
        section.wrong("rates", "must have at least one row");
    }
    let tariff = LifeTariff {
        required: section.flag("required"),
        declining: declining.unwrap_or(true),
        product: product(section, products),
        discount: discount(section),
        rows,
    };
    section.done();
    tariff
}

pub(super) fn multi_risk(section: &Section<'_>, products: &[ProductRule]) -> MultiRiskTariff {
    let per_mille = section.percent("per_mille", MAX_PER_MILLE);
    let tariff = MultiRiskTariff {
        required: section.flag("required"),
        product: product(section, products),
        discount: discount(section),
        rebuilding: section.percent("rebuilding_percent", MAX_PERCENT),
        yearly_percent: Pct::new(per_mille.e9() / 10),
        least_yearly: section.opt_amount("min_yearly").unwrap_or(Cents::ZERO),
    };
    section.done();
    tariff
}
