//! Rules as TOML: eligibility, adjustments, caps, margins.

use lintel_engine::rate::Pct;

use crate::catalogue::{Adjustment, Cap, Effect, Eligibility, Margin};

use super::conditions::{
    read_days, read_selector, read_when, write_days, write_selector, write_when,
};
use super::grid::{MAX_POINTS, grid_to_csv, read_grid};
use super::number::Unit;
use super::out::Out;
use super::row::Row;
use super::word::PointUnit;

/// The list of eligibility rules.
pub(super) const ELIGIBILITY: &str = "rule";
/// The list of adjustments.
pub(super) const ADJUSTMENTS: &str = "adjustment";
/// The list of caps.
pub(super) const CAPS: &str = "cap";
/// The list of margins.
pub(super) const MARGINS: &str = "margin";

/// The head of the eligibility file.
pub(super) const ELIGIBILITY_HEAD: &str = "\
Who may have which product. Where products and when hold, require must hold; name is shown to who is
refused. products: codes, programs, families, adjustable, interest_only, lender_paid_mi, term_months.
when and require: purposes, occupancies, property_kinds, states, not_states, counties, zips,
loan_amount, limits, within_fha_limit, ltv, cltv, hcltv, score, units, lock_days, homes_owned, flags,
employments, documentations, channels, sub_channels, branches, criteria; require also dti.
Ranges: { over = 80, up_to = 95 } or { at_least = 620, below = 660 }; units, locks, terms and homes also
one number.";

/// The head of the adjustments file.
pub(super) const ADJUSTMENTS_HEAD: &str = "\
What moves a price, in points of percent of the loan. All that hold add up. Either points, or a grid:
a heading such as score/ltv, then rows. Scores are lower ends and end with \"below\", all else upper ends
and ends with \"above\"; a dash is not offered. unit = \"fee\" for figures published as costs (their sign
is turned), \"price\" for figures added to the price. group: the cap it counts against.";

/// The head of the caps file.
pub(super) const CAPS_HEAD: &str = "\
How far the adjustments of a group may move a price together: min is the least the sum may be (-1.5: at
most a point and a half against the borrower), max the most. The first cap of a group that holds counts.";

/// The head of the margins file.
pub(super) const MARGINS_HEAD: &str = "\
What channels and branches add to a price; negative points are the lender's gain. All that hold add up.";

/// Reads an eligibility rule.
pub(super) fn read_eligibility(row: &Row<'_>) -> Eligibility {
    row.must("require", row.has("require"));
    Eligibility {
        name: row.text("name"),
        products: read_selector(row, "products"),
        when: read_when(row, "when"),
        require: read_when(row, "require"),
        days: read_days(row),
    }
}

fn read_unit(row: &Row<'_>) -> PointUnit {
    row.word("unit").unwrap_or(PointUnit::Price)
}

/// Reads an adjustment.
pub(super) fn read_adjustment(row: &Row<'_>) -> Adjustment {
    let unit = read_unit(row);
    let points = row.pct("points", Unit::signed_percent(MAX_POINTS));
    let grid = row
        .block("grid")
        .and_then(|text| read_grid(text, unit, &|what| row.fault("grid", what)));
    match (row.has("points"), row.has("grid")) {
        (true, true) => row.fault("grid", "either points or a grid, not both"),
        (false, false) => row.fault("", "points or grid is missing"),
        (true, false) | (false, true) => {}
    }
    let flat = Effect::Flat(points.map_or(Pct::ZERO, |points| unit.to_price(points)));
    Adjustment {
        name: row.text("name"),
        group: row.maybe_text("group"),
        products: read_selector(row, "products"),
        when: read_when(row, "when"),
        effect: grid.map_or(flat, Effect::Grid),
        days: read_days(row),
    }
}

/// Reads a cap.
pub(super) fn read_cap(row: &Row<'_>) -> Cap {
    let unit = read_unit(row);
    let of = |key| row.pct(key, Unit::signed_percent(MAX_POINTS));
    let (min, max) = (of("min"), of("max"));
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        row.fault("max", format!("{max} is below min, {min}"));
    }
    if !row.has("min") && !row.has("max") {
        row.fault("", "min or max is missing");
    }
    let (min, max) = match unit {
        PointUnit::Price => (min, max),
        // The most it may cost is the least the price may move.
        PointUnit::Fee => (max.map(|p| unit.to_price(p)), min.map(|p| unit.to_price(p))),
    };
    Cap {
        group: row.text("group"),
        products: read_selector(row, "products"),
        when: read_when(row, "when"),
        min,
        max,
        days: read_days(row),
    }
}

/// Reads a margin.
pub(super) fn read_margin(row: &Row<'_>) -> Margin {
    let unit = read_unit(row);
    let points = row.pct("points", Unit::signed_percent(MAX_POINTS));
    row.must("points", row.has("points"));
    Margin {
        name: row.text("name"),
        products: read_selector(row, "products"),
        when: read_when(row, "when"),
        price: unit.to_price(points.unwrap_or(Pct::ZERO)),
        days: read_days(row),
    }
}

/// Writes an eligibility rule.
pub(super) fn write_eligibility(out: &mut Out, rule: &Eligibility) {
    out.row(ELIGIBILITY);
    out.text("name", &rule.name);
    write_selector(out, "products", &rule.products);
    write_when(out, "when", &rule.when);
    let before = out.len();
    write_when(out, "require", &rule.require);
    if out.len() == before {
        out.maybe("require", Some("{}"));
    }
    write_days(out, &rule.days);
}

/// Writes an adjustment, in figures added to the price.
pub(super) fn write_adjustment(out: &mut Out, adjustment: &Adjustment) {
    out.row(ADJUSTMENTS);
    out.text("name", &adjustment.name);
    out.maybe_text("group", adjustment.group.as_deref());
    write_selector(out, "products", &adjustment.products);
    write_when(out, "when", &adjustment.when);
    write_days(out, &adjustment.days);
    match &adjustment.effect {
        Effect::Flat(points) => out.maybe("points", Some(points)),
        Effect::Grid(grid) => out.block("grid", &grid_to_csv(grid)),
    }
}

/// Writes a cap.
pub(super) fn write_cap(out: &mut Out, cap: &Cap) {
    out.row(CAPS);
    out.text("group", &cap.group);
    write_selector(out, "products", &cap.products);
    write_when(out, "when", &cap.when);
    out.maybe("min", cap.min);
    out.maybe("max", cap.max);
    write_days(out, &cap.days);
}

/// Writes a margin.
pub(super) fn write_margin(out: &mut Out, margin: &Margin) {
    out.row(MARGINS);
    out.text("name", &margin.name);
    write_selector(out, "products", &margin.products);
    write_when(out, "when", &margin.when);
    out.maybe("points", Some(margin.price));
    write_days(out, &margin.days);
}
