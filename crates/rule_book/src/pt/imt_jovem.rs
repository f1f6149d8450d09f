//! `pt/imt_jovem.toml`: the relief of young buyers from IMT and stamp duty.

use lintel_engine::pt::imt_jovem::JovemRelief;
use serde::Deserialize;

use super::{Regional, amount};
use crate::load::pct;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    exempt_up_to: String,
    partial_up_to: String,
    partial_percent: String,
    max_age: u32,
    island_factor_percent: String,
}

pub(super) fn read(rows: Rows) -> Result<Regional<JovemRelief>, String> {
    let mainland = JovemRelief {
        exempt_up_to: amount(&rows.exempt_up_to)?,
        partial_up_to: amount(&rows.partial_up_to)?,
        partial_rate: pct(&rows.partial_percent)?,
        max_age: rows.max_age,
    };
    if mainland.partial_up_to <= mainland.exempt_up_to {
        return Err("partial_up_to must be above exempt_up_to".to_owned());
    }
    let islands = mainland.limits_times(pct(&rows.island_factor_percent)?);
    Ok(Regional {
        islands: islands.map_err(|error| error.to_string())?,
        mainland,
    })
}
