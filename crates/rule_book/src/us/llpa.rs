//! `us/llpa.toml`: loan-level price adjustments.

use lintel_engine::rate::Pct;
use lintel_engine::us::llpa::{Grid, GridRow, LlpaPurpose};
use serde::Deserialize;

use super::figures::falling;
use crate::load::pct;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    grid: Vec<GridEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GridEntry {
    purpose: Option<String>,
    attribute: Option<String>,
    free_up_to_months: Option<u32>,
    ltv_up_to_percent: Vec<String>,
    rows: Vec<RowEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowEntry {
    at_least: Option<u32>,
    cells: Vec<String>,
}

pub(super) fn read(rows: Rows) -> Result<Vec<Grid>, String> {
    let grids = rows.grid.into_iter().enumerate().map(|(index, entry)| {
        let number = index + 1;
        grid(entry).map_err(|what| format!("grid {number}: {what}"))
    });
    grids.collect()
}

fn grid(entry: GridEntry) -> Result<Grid, String> {
    let purpose = match entry.purpose.as_deref() {
        None => None,
        Some(name) => {
            Some(LlpaPurpose::parse(name).map_err(|_| format!("unknown purpose {name}"))?)
        }
    };
    let edges = entry.ltv_up_to_percent.iter().map(|text| pct(text));
    let ltv_up_to = edges.collect::<Result<Vec<Pct>, String>>()?;
    if !ltv_up_to.is_sorted_by(|one, next| one < next) {
        return Err("ltv_up_to_percent must rise".to_owned());
    }
    let scores: Vec<Option<u32>> = entry.rows.iter().map(|row| row.at_least).collect();
    let steps = falling(&scores)?;
    let rows = entry.rows.iter().zip(steps).map(|(row, score)| {
        if row.cells.len() != ltv_up_to.len() + 1 {
            return Err(format!("a row has {} cells", row.cells.len()));
        }
        let cells = row.cells.iter().map(|cell| pct(cell).map(Some));
        Ok(GridRow {
            score,
            cells: cells.collect::<Result<_, String>>()?,
        })
    });
    Ok(Grid {
        purpose,
        attribute: entry.attribute,
        free_up_to_months: entry.free_up_to_months,
        rows: rows.collect::<Result<_, String>>()?,
        ltv_up_to,
    })
}
