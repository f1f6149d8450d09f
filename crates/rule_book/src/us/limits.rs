//! `us/loan_limits.toml` and `us/fha_limits.toml`: national loan limits by number of units.

use lintel_engine::us::loan_limits::{ConformingRow, FhaLimitRow, LimitArea};
use serde::Deserialize;

use super::figures::dollars;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConformingRows {
    baseline: [u32; 4],
    ceiling: [u32; 4],
    special_ceiling: Option<[u32; 4]>,
}

pub(super) fn read_conforming(rows: ConformingRows) -> Result<Vec<ConformingRow>, String> {
    let mut limits = Vec::with_capacity(8);
    for (units, (baseline, ceiling)) in (1_u32..).zip(rows.baseline.iter().zip(rows.ceiling)) {
        check(units, *baseline, ceiling)?;
        limits.push(ConformingRow {
            units,
            area: LimitArea::General,
            baseline: dollars(*baseline)?,
            ceiling: dollars(ceiling)?,
        });
    }
    // In the special areas the general ceiling is the baseline, 12 USC 1717(b)(2).
    let special = rows.special_ceiling.into_iter().flatten();
    for (units, (baseline, ceiling)) in (1_u32..).zip(rows.ceiling.iter().zip(special)) {
        check(units, *baseline, ceiling)?;
        limits.push(ConformingRow {
            units,
            area: LimitArea::Special,
            baseline: dollars(*baseline)?,
            ceiling: dollars(ceiling)?,
        });
    }
    Ok(limits)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FhaRows {
    floor: [u32; 4],
    ceiling: [u32; 4],
}

pub(super) fn read_fha(rows: FhaRows) -> Result<Vec<FhaLimitRow>, String> {
    let limits = (1_u32..).zip(rows.floor.iter().zip(rows.ceiling));
    let limits = limits.map(|(units, (floor, ceiling))| {
        check(units, *floor, ceiling)?;
        Ok(FhaLimitRow {
            units,
            floor: dollars(*floor)?,
            ceiling: dollars(ceiling)?,
        })
    });
    limits.collect()
}

fn check(units: u32, low: u32, high: u32) -> Result<(), String> {
    if low > high {
        return Err(format!("{units} units: {low} is more than {high}"));
    }
    Ok(())
}
