//! `pt/guarantee.toml`: the State's guarantee for young buyers.

use lintel_engine::pt::guarantee::GuaranteeTerms;
use serde::Deserialize;

use super::amount;
use crate::load::pct;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    min_age: u32,
    max_age: u32,
    max_income: String,
    max_price: String,
    max_share_percent: String,
    min_funding_percent: String,
    years: u32,
}

pub(super) fn read(rows: Rows) -> Result<GuaranteeTerms, String> {
    if rows.min_age > rows.max_age {
        return Err("min_age must not be above max_age".to_owned());
    }
    Ok(GuaranteeTerms {
        ages: (rows.min_age, rows.max_age),
        max_income: amount(&rows.max_income)?,
        max_price: amount(&rows.max_price)?,
        max_share: pct(&rows.max_share_percent)?,
        min_funding: pct(&rows.min_funding_percent)?,
        years: rows.years,
    })
}
