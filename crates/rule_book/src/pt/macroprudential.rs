//! `pt/macroprudential.toml`: limits of Banco de Portugal on new credit.

use lintel_engine::bands::Band;
use lintel_engine::pt::macroprudential::{
    DstiException, MacroprudentialLimits, MaturityBand, ShockBand,
};
use lintel_engine::rate::Pct;
use serde::Deserialize;

use crate::load::pct;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    ltv_own_permanent_home_percent: String,
    ltv_other_percent: String,
    ltv_held_by_lender_percent: String,
    dsti_percent: String,
    haircut_above_age: u32,
    income_haircut_percent: String,
    average_maturity_years: u32,
    dsti_exceptions: Vec<Exception>,
    shocks: Vec<Shock>,
    maturities: Vec<Maturity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    share_of_volume_percent: String,
    up_to_percent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shock {
    up_to_months: Option<u32>,
    points: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Maturity {
    up_to_age: Option<u32>,
    max_years: u32,
}

pub(super) fn read(rows: Rows) -> Result<MacroprudentialLimits, String> {
    let terms = bands("shocks", rows.shocks.iter().map(|row| row.up_to_months))?;
    let ages = bands(
        "maturities",
        rows.maturities.iter().map(|row| row.up_to_age),
    )?;
    let shocks = terms.into_iter().zip(&rows.shocks).map(|(band, row)| {
        Ok(ShockBand {
            term_months: band,
            points: pct(&row.points)?,
        })
    });
    let exceptions = rows.dsti_exceptions.iter().map(|row| {
        Ok(DstiException {
            share_of_volume: pct(&row.share_of_volume_percent)?,
            up_to: row.up_to_percent.as_deref().map(pct).transpose()?,
        })
    });
    let maturities = ages
        .into_iter()
        .zip(&rows.maturities)
        .map(|(band, row)| MaturityBand {
            age_years: band,
            max_years: row.max_years,
        });
    let income_haircut = pct(&rows.income_haircut_percent)?;
    if income_haircut.is_negative() || income_haircut >= Pct::HUNDRED {
        return Err("income_haircut_percent must be from 0 to below 100".to_owned());
    }
    Ok(MacroprudentialLimits {
        ltv_own_permanent_home: pct(&rows.ltv_own_permanent_home_percent)?,
        ltv_other: pct(&rows.ltv_other_percent)?,
        ltv_held_by_lender: pct(&rows.ltv_held_by_lender_percent)?,
        dsti: pct(&rows.dsti_percent)?,
        dsti_exceptions: exceptions.collect::<Result<_, String>>()?,
        shocks: shocks.collect::<Result<_, String>>()?,
        haircut_above_age: rows.haircut_above_age,
        income_haircut,
        maturities: maturities.collect(),
        average_maturity_years: rows.average_maturity_years,
    })
}

/// Bands from their upper ends: ascending, the last one open.
fn bands(name: &str, ends: impl Iterator<Item = Option<u32>>) -> Result<Vec<Band<u32>>, String> {
    let mut bands: Vec<Band<u32>> = Vec::new();
    for up_to in ends {
        let over = match bands.last() {
            None => None,
            Some(last) => match (last.up_to, up_to) {
                (Some(before), Some(end)) if end <= before => {
                    return Err(format!("{name} must end one above the other"));
                }
                (None, _) => return Err(format!("{name} must be open only in the last row")),
                (before, _) => before,
            },
        };
        bands.push(Band { over, up_to });
    }
    match bands.last() {
        Some(last) if last.up_to.is_none() => Ok(bands),
        _ => Err(format!("{name} must be open in the last row")),
    }
}
