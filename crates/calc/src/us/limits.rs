//! Kinds `us_conforming_limit` and `us_fha_limit`.

use lintel_engine::Cents;
use lintel_engine::us::loan_limits::{LimitArea, conforming_limit, fha_limit};
use serde_json::{Value, json};

use super::{in_force, needed_day};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const US_CONFORMING_LIMIT: KindDoc = KindDoc {
    name: "us_conforming_limit",
    summary: "National conforming loan limits of a year.",
    inputs: &[
        ("year", "calendar year of the limits; or date"),
        ("units", "1 to 4"),
        (
            "area",
            "\"general\" when left out, or \"special\": Alaska, Hawaii, Guam, Virgin Islands",
        ),
    ],
    results: &[
        (
            "baseline",
            "limit where no county limit is higher; whole dollars",
        ),
        (
            "high_cost_ceiling",
            "highest limit of any county; whole dollars",
        ),
    ],
    formula: "table; the ceiling is 150 % of the baseline",
    source: "12 USC 1717(b)(2); FHFA announcements as copied by news pages; the special ceilings are not confirmed",
    calculate: us_conforming_limit,
};

pub(crate) const US_FHA_LIMIT: KindDoc = KindDoc {
    name: "us_fha_limit",
    summary: "National FHA loan limits of a year.",
    inputs: &[
        ("year", "calendar year of the limits; or date"),
        ("units", "1 to 4"),
    ],
    results: &[
        ("floor", "lowest limit of any county; whole dollars"),
        ("ceiling", "highest limit of any county; whole dollars"),
    ],
    formula: "table; the one-unit floor is 65 % of the conforming baseline, rounded down",
    source: "12 USC 1709(b)(2); HUD Mortgagee Letters as restated by lenders; the four-unit floor of 2025 was recalled",
    calculate: us_fha_limit,
};

/// Limits are whole dollars in law, and are shown so.
fn dollars(amount: Cents) -> String {
    (amount.get() / 100).to_string()
}

fn no_row(inputs: &Fields<'_>) -> Failure {
    inputs.fault("units", "has no limit in the table of that year and area")
}

fn us_conforming_limit(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let day = needed_day(inputs)?;
    let units = inputs.whole("units", 1, 4)?;
    let area = match inputs.text("area") {
        Ok("general") => LimitArea::General,
        Ok("special") => LimitArea::Special,
        Ok(_) => return Err(inputs.fault("area", "must be general or special")),
        Err(_) if !inputs.has("area") => LimitArea::General,
        Err(failure) => return Err(failure),
    };
    let rows = &in_force(inputs, inputs.rules().us.loan_limits.on(day))?.rows;
    let row = conforming_limit(rows, units, area).ok_or_else(|| no_row(inputs))?;
    Ok(json!({
        "baseline": dollars(row.baseline),
        "high_cost_ceiling": dollars(row.ceiling),
    }))
}

fn us_fha_limit(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let day = needed_day(inputs)?;
    let units = inputs.whole("units", 1, 4)?;
    let rows = &in_force(inputs, inputs.rules().us.fha_limits.on(day))?.rows;
    let row = fha_limit(rows, units).ok_or_else(|| no_row(inputs))?;
    Ok(json!({ "floor": dollars(row.floor), "ceiling": dollars(row.ceiling) }))
}
