//! Property tax and insurance estimates as TOML.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_places::CountyFips;

use crate::catalogue::{Estimate, EstimateOf};

use super::conditions::{read_days, read_state, write_days};
use super::finding::echo;
use super::number::Unit;
use super::out::Out;
use super::row::Row;
use super::word::Word;

/// The list's name.
pub(super) const LIST: &str = "estimate";

/// What the fields mean, for the head of the file.
pub(super) const HEAD: &str = "\
Yearly estimates of property tax and homeowner's insurance: percent of the home's price plus a fixed
amount of dollars. The most local one counts: county (FIPS code), then state, then the one for everywhere.";

/// Reads an estimate.
pub(super) fn read(row: &Row<'_>) -> Estimate {
    row.must("of", row.has("of"));
    if !row.has("percent") && !row.has("amount") {
        row.fault("", "percent or amount is missing");
    }
    let state = row.maybe_text("state").and_then(|text| {
        let state = read_state(&text);
        if state.is_none() {
            row.fault("state", format!("{} is not a state", echo(&text)));
        }
        state
    });
    let county = row.texts("county");
    if county.len() > 1 {
        row.fault("county", "must be one");
    }
    let county = county.first().and_then(|text| {
        let county = CountyFips::parse(text);
        if county.is_none() {
            let what = "is not a county's FIPS code like 06059";
            row.fault("county", format!("{} {what}", echo(text)));
        }
        county
    });
    Estimate {
        of: row.word("of").unwrap_or(EstimateOf::PropertyTax),
        state,
        county,
        rate: row.pct("percent", Unit::percent(100)).unwrap_or(Pct::ZERO),
        flat: row.dollars("amount").unwrap_or(Cents::ZERO),
        days: read_days(row),
    }
}

/// Writes an estimate.
pub(super) fn write(out: &mut Out, estimate: &Estimate) {
    out.row(LIST);
    out.text("of", estimate.of.spelling());
    out.maybe_text("state", estimate.state.as_ref().map(|state| state.as_str()));
    let county = estimate.county.map(|county| county.to_string());
    out.maybe_text("county", county.as_deref());
    out.maybe("percent", Some(estimate.rate));
    if !estimate.flat.is_zero() {
        out.maybe("amount", Some(estimate.flat));
    }
    write_days(out, &estimate.days);
}
