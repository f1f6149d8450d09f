//! `us/tolerances.toml`: how far a disclosed figure may lie from the actual one.

use lintel_engine::rate::Pct;
use lintel_engine::us::tolerance::Tolerances;
use serde::Deserialize;

use super::figures::cents;
use crate::load::pct;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    apr_regular: String,
    apr_irregular: String,
    finance_charge: String,
    rescission_percent: String,
    rescission_refinance_percent: String,
    foreclosure: String,
}

pub(super) fn read(rows: Rows) -> Result<Tolerances, String> {
    Ok(Tolerances {
        regular: not_negative(&rows.apr_regular)?,
        irregular: not_negative(&rows.apr_irregular)?,
        finance_charge: cents(&rows.finance_charge)?,
        rescission_percent: percentage(&rows.rescission_percent)?,
        rescission_refinance_percent: percentage(&rows.rescission_refinance_percent)?,
        foreclosure: cents(&rows.foreclosure)?,
    })
}

fn not_negative(text: &str) -> Result<Pct, String> {
    let value = pct(text)?;
    if value.is_negative() {
        return Err(format!("{text} is below 0"));
    }
    Ok(value)
}

/// A part of an amount.
fn percentage(text: &str) -> Result<Pct, String> {
    let value = not_negative(text)?;
    if value > Pct::HUNDRED {
        return Err(format!("{text} is more than 100"));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_tolerance_is_negative_or_more_than_everything() {
        let rows = |points: &str, percent: &str| Rows {
            apr_regular: points.to_owned(),
            apr_irregular: "0.25".to_owned(),
            finance_charge: "100.00".to_owned(),
            rescission_percent: percent.to_owned(),
            rescission_refinance_percent: "1".to_owned(),
            foreclosure: "35.00".to_owned(),
        };
        assert!(read(rows("0.125", "0.5")).is_ok());
        assert!(read(rows("-0.125", "0.5")).is_err());
        assert!(read(rows("0.125", "100.1")).is_err());
    }
}
