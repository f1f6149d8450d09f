//! `pt/early_repayment.toml`: fees for repaying early, notice and waivers.

use lintel_engine::bands::Effective;
use lintel_engine::pt::early_repayment::EarlyRepaymentRules;
use serde::Deserialize;

use crate::load::{date, pct};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    variable_cap_percent: String,
    fixed_cap_percent: String,
    partial_notice_working_days: u32,
    total_notice_working_days: u32,
    own_home_variable_waivers: Vec<Waiver>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiver {
    from: String,
    to: Option<String>,
}

pub(super) fn read(rows: Rows) -> Result<EarlyRepaymentRules, String> {
    let waivers = rows.own_home_variable_waivers.iter().map(|waiver| {
        let effective = Effective {
            from: date(&waiver.from)?,
            to: waiver.to.as_deref().map(date).transpose()?,
        };
        if effective.to.is_some_and(|to| to < effective.from) {
            return Err(format!(
                "the waiver from {} ends before it begins",
                waiver.from
            ));
        }
        Ok(effective)
    });
    Ok(EarlyRepaymentRules {
        variable_cap: pct(&rows.variable_cap_percent)?,
        fixed_cap: pct(&rows.fixed_cap_percent)?,
        partial_notice_working_days: rows.partial_notice_working_days,
        total_notice_working_days: rows.total_notice_working_days,
        own_home_variable_waivers: waivers.collect::<Result<_, String>>()?,
    })
}
