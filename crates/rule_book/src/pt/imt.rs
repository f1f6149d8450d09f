//! `pt/imt.toml`: the tax on buying real estate.

use lintel_engine::pt::imt::{BandRate, ImtBand, ImtScale, ImtTable};
use serde::Deserialize;

use super::{Regional, amount};
use crate::load::pct;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    island_factor_percent: String,
    rural_percent: String,
    other_urban_percent: String,
    own_permanent_home: Vec<Band>,
    other_housing: Vec<Band>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Band {
    up_to: Option<String>,
    marginal_percent: Option<String>,
    flat_percent: Option<String>,
}

pub(super) fn read(rows: Rows) -> Result<Regional<ImtTable>, String> {
    let flat = |text: &str| ImtScale::try_flat(pct(text)?).map_err(|error| error.to_string());
    let mainland = ImtTable {
        own_permanent_home: scale("own_permanent_home", &rows.own_permanent_home)?,
        other_housing: scale("other_housing", &rows.other_housing)?,
        rural: flat(&rows.rural_percent)?,
        other_urban: flat(&rows.other_urban_percent)?,
    };
    let factor = pct(&rows.island_factor_percent)?;
    let islands = mainland.limits_times(factor);
    Ok(Regional {
        islands: islands.map_err(|error| error.to_string())?,
        mainland,
    })
}

fn scale(name: &str, bands: &[Band]) -> Result<ImtScale, String> {
    let bands = (1..).zip(bands).map(|(number, band)| {
        let rate = match (&band.marginal_percent, &band.flat_percent) {
            (Some(rate), None) => BandRate::Marginal(pct(rate)?),
            (None, Some(rate)) => BandRate::Flat(pct(rate)?),
            (Some(_), Some(_)) | (None, None) => {
                return Err(format!(
                    "{name}, band {number} must have marginal_percent or flat_percent"
                ));
            }
        };
        Ok(ImtBand {
            up_to: band.up_to.as_deref().map(amount).transpose()?,
            rate,
        })
    });
    let bands = bands.collect::<Result<Vec<_>, String>>()?;
    ImtScale::try_new(bands).map_err(|error| format!("{name}: {error}"))
}
