//! `pt/costs.toml`: kinds of charges and whether they count in the TAEG.

use std::collections::BTreeSet;

use lintel_engine::pt::costs::{CostRule, CostTable, TaegTreatment};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    kind: Vec<Kind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    code: String,
    name_pt: String,
    name_en: String,
    taeg: String,
    fee_duty: bool,
}

pub(super) fn read(rows: Rows) -> Result<CostTable, String> {
    let mut codes = BTreeSet::new();
    let rules = rows.kind.into_iter().map(|kind| {
        if !codes.insert(kind.code.clone()) {
            return Err(format!("{} stands twice", kind.code));
        }
        let taeg = TaegTreatment::parse(&kind.taeg)
            .map_err(|_| format!("{}: taeg cannot be {}", kind.code, kind.taeg))?;
        Ok(CostRule {
            code: kind.code,
            name_pt: kind.name_pt,
            name_en: kind.name_en,
            taeg,
            fee_duty: kind.fee_duty,
        })
    });
    Ok(CostTable {
        rules: rules.collect::<Result<_, String>>()?,
    })
}
