//! `us/fha.toml`, `us/va.toml`, `us/usda.toml`: charges of the government programmes.

use lintel_engine::bands::{Band, Step};
use lintel_engine::date::Date;
use lintel_engine::rate::Pct;
use lintel_engine::us::programs::fha::{AnnualMipRow, FhaCase, MipDuration};
use lintel_engine::us::programs::va::{FundingFeeRow, VaPurpose, VaUse};
use serde::Deserialize;

use super::figures::{maybe_cents, maybe_pct};
use crate::load::{date, pct};

/// One basis point as a scaled percentage.
const BASIS_POINT_E9: i64 = 10_000_000;

/// Mortgage insurance of the Federal Housing Administration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FhaCharges {
    /// Up-front premium, percent of the base loan.
    pub upfront: Pct,
    /// Annual premium; the first row that holds is used.
    pub annual: Vec<AnnualMipRow>,
    /// The lower premium kept for refinances of old loans.
    pub old_loan: OldLoan,
}

/// Refinances of loans endorsed long ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldLoan {
    /// Last day of endorsement of the loan that is refinanced.
    pub endorsed_by: Date,
    /// Up-front premium, percent of the base loan.
    pub upfront: Pct,
}

/// Funding fee of the Department of Veterans Affairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaCharges {
    /// The fee; the first row that holds is used.
    pub rows: Vec<FundingFeeRow>,
}

/// Guarantee fees of USDA Rural Development.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsdaCharges {
    /// Up-front fee, percent of the loan that includes it.
    pub upfront: Pct,
    /// Annual fee, percent of each year's average scheduled balance.
    pub annual: Pct,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FhaRows {
    upfront_percent: String,
    hawaiian_home_lands_bps: u32,
    annual: Vec<FhaAnnual>,
    old_loan_refinance: FhaOldLoan,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FhaOldLoan {
    endorsed_by: String,
    upfront_percent: String,
    annual: Vec<FhaAnnual>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FhaAnnual {
    max_term_months: Option<u32>,
    max_base_loan: Option<String>,
    max_ltv_percent: Option<String>,
    bps: u32,
    duration_months: u32,
}

pub(super) fn read_fha(rows: FhaRows) -> Result<FhaCharges, String> {
    let old = &rows.old_loan_refinance;
    let mut annual = annual_rows(FhaCase::Standard, &rows.annual)?;
    annual.extend(annual_rows(FhaCase::OldLoanRefinance, &old.annual)?);
    annual.push(AnnualMipRow {
        case: FhaCase::HawaiianHomeLands,
        term_months: Band::ALL,
        base_loan: Band::ALL,
        ltv: Band::ALL,
        annual_bps: rows.hawaiian_home_lands_bps,
        duration: match rows.hawaiian_home_lands_bps {
            0 => MipDuration::Months(0),
            _ => MipDuration::Term,
        },
    });
    Ok(FhaCharges {
        upfront: pct(&rows.upfront_percent)?,
        annual,
        old_loan: OldLoan {
            endorsed_by: date(&old.endorsed_by)?,
            upfront: pct(&old.upfront_percent)?,
        },
    })
}

fn annual_rows(case: FhaCase, entries: &[FhaAnnual]) -> Result<Vec<AnnualMipRow>, String> {
    let rows = entries.iter().map(|row| {
        Ok(AnnualMipRow {
            case,
            term_months: Band {
                over: None,
                up_to: row.max_term_months,
            },
            base_loan: Band {
                over: None,
                up_to: maybe_cents(row.max_base_loan.as_ref())?,
            },
            ltv: Band {
                over: None,
                up_to: maybe_pct(row.max_ltv_percent.as_ref())?,
            },
            annual_bps: row.bps,
            duration: match row.duration_months {
                0 => MipDuration::Term,
                months => MipDuration::Months(months),
            },
        })
    });
    rows.collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VaRows {
    row: Vec<VaRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VaRow {
    purpose: String,
    r#use: Option<String>,
    down_payment_at_least_percent: Option<String>,
    fee_percent: String,
}

pub(super) fn read_va(rows: VaRows) -> Result<VaCharges, String> {
    let rows = rows.row.iter().map(|row| {
        let unknown = |what: &str| format!("unknown {what} in a row of {}", row.purpose);
        let entitlement_use = match row.r#use.as_deref() {
            None => None,
            Some(name) => Some(VaUse::parse(name).map_err(|_| unknown("use"))?),
        };
        Ok(FundingFeeRow {
            purpose: VaPurpose::parse(&row.purpose).map_err(|_| unknown("purpose"))?,
            entitlement_use,
            down_payment: Step {
                at_least: maybe_pct(row.down_payment_at_least_percent.as_ref())?,
                below: None,
            },
            fee: pct(&row.fee_percent)?,
        })
    });
    Ok(VaCharges {
        rows: rows.collect::<Result<_, String>>()?,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UsdaRows {
    upfront_percent: String,
    annual_bps: u32,
}

pub(super) fn read_usda(rows: UsdaRows) -> Result<UsdaCharges, String> {
    Ok(UsdaCharges {
        upfront: pct(&rows.upfront_percent)?,
        annual: Pct::new(i64::from(rows.annual_bps) * BASIS_POINT_E9),
    })
}
