//! Kind `pt_euribor_average`.

use lintel_engine::pt::euribor::{DailySeries, Tenor};
use lintel_engine::{Date, Pct};
use serde_json::{Value, json};

use super::{dated_rates, refused, word_or};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const PT_EURIBOR_AVERAGE: KindDoc = KindDoc {
    name: "pt_euribor_average",
    summary: "Index of a home loan: the average of the daily Euribor fixings of the month before.",
    inputs: &[
        (
            "period_start",
            "first day of the interest period; a period of April uses March",
        ),
        ("tenor", "\"1M\", \"3M\", \"6M\" or \"12M\" (when left out)"),
        (
            "fixings",
            "list of [date, percent] in order of dates; every TARGET day of the month must be there; left \
             out, the imported series of the rule book",
        ),
    ],
    results: &[
        ("index_percent", "half up at the third decimal"),
        ("month", "first day of the month that is averaged"),
        (
            "next_reset",
            "first day of the next interest period: the tenor later",
        ),
    ],
    formula: "simple average of the fixings of the calendar month before",
    source: "DL 240/2006, article 3; rounding to the third decimal by contract",
    calculate: pt_euribor_average,
};

fn pt_euribor_average(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let start = inputs.date("period_start")?;
    let tenor = word_or(inputs, "tenor", Tenor::TwelveMonths, Tenor::parse)?;
    let out_of_bounds = |_| inputs.fault("period_start", "is too near the bounds of the calendar");
    let month = start
        .first_of_month()
        .add_months(-1)
        .map_err(out_of_bounds)?;
    let months = i32::try_from(tenor.months()).unwrap_or_default();
    let next_reset = start.add_months(months).map_err(out_of_bounds)?;
    let index = if inputs.has("fixings") {
        DailySeries::try_new(tenor, dated_rates(inputs, "fixings")?)
            .and_then(|series| series.month_average(month))
            .map_err(|error| refused(inputs, error, &[]))?
    } else {
        imported(inputs, tenor, start)?
    };
    Ok(json!({
        "index_percent": index.to_fixed(3),
        "month": month.to_string(),
        "next_reset": next_reset.to_string(),
    }))
}

/// The index of an interest period that begins on `start`, from the operator's imported series.
fn imported(inputs: &Fields<'_>, tenor: Tenor, start: Date) -> Result<Pct, Failure> {
    let none = || inputs.fault("fixings", "is required: no series is imported");
    let table = inputs.rules().pt.euribor.as_ref().ok_or_else(none)?;
    let edition = table
        .on(start)
        .map_err(|missing| inputs.fault("period_start", missing.to_string()))?;
    let series = edition.rows.index(tenor).ok_or_else(none)?;
    series
        .for_period(start)
        .map_err(|error| refused(inputs, error, &[("averages", "period_start")]))
}
