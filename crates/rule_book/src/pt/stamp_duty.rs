//! `pt/stamp_duty.toml`: stamp duty on credit, interest, fees and purchases.

use lintel_engine::bands::Step;
use lintel_engine::pt::stamp_duty::{Charging, CreditStep, StampDutyRates};
use serde::Deserialize;

use crate::load::pct;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    interest_percent: String,
    fee_percent: String,
    purchase_percent: String,
    #[serde(default)]
    transfers_exempt: bool,
    credit: Vec<Credit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credit {
    at_least: Option<u32>,
    below: Option<u32>,
    percent: String,
    #[serde(default)]
    each_month: bool,
}

pub(super) fn read(rows: Rows) -> Result<StampDutyRates, String> {
    let mut next = None;
    let mut credit = Vec::new();
    for (number, row) in (1..).zip(&rows.credit) {
        if row.at_least != next || (row.below.is_none() && number != rows.credit.len()) {
            return Err(format!(
                "credit row {number} does not follow the one before"
            ));
        }
        if row
            .below
            .is_some_and(|below| below <= row.at_least.unwrap_or(0))
        {
            return Err(format!("credit row {number} is empty"));
        }
        next = row.below;
        credit.push(CreditStep {
            term_months: Step {
                at_least: row.at_least,
                below: row.below,
            },
            rate: pct(&row.percent)?,
            charging: if row.each_month {
                Charging::EachMonth
            } else {
                Charging::Once
            },
        });
    }
    if credit.is_empty() || next.is_some() {
        return Err("credit must cover every term".to_owned());
    }
    Ok(StampDutyRates {
        credit,
        interest: pct(&rows.interest_percent)?,
        fee: pct(&rows.fee_percent)?,
        purchase: pct(&rows.purchase_percent)?,
        transfers_exempt: rows.transfers_exempt,
    })
}
