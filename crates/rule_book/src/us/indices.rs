//! `us/arm_indices.toml`: index values for lenders that have not loaded their own.

use std::collections::BTreeMap;

use lintel_domain::product::ArmIndex;
use lintel_engine::rate::Pct;
use serde::Deserialize;

use crate::load::pct;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    index: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    value_percent: String,
}

pub(super) fn read(rows: Rows) -> Result<BTreeMap<ArmIndex, Pct>, String> {
    let rows = rows.index.into_iter().map(|row| {
        let index = ArmIndex::parse(&row.name).ok_or_else(|| format!("unknown index {}", row.name));
        Ok((index?, pct(&row.value_percent)?))
    });
    rows.collect()
}
