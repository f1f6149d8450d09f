//! The shapes of the data files, and how each is read into what the domain looks up.

use std::collections::BTreeMap;

use lintel_domain::fee::{FinanceChargeClass, FinanceChargeRow, FinanceChargeTable, LeSection};
use lintel_domain::product::ArmIndex;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::programs::conventional_mi::CardRow;
use lintel_engine::us::programs::fha::{AnnualMipRow, MipDuration};
use lintel_engine::us::programs::va::{FundingFeeRow, VaPurpose};
use lintel_engine::us::programs::{Band, Effective, Step};
use lintel_store::fault::Fault;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Table;
/// One basis point as a scaled percentage.
pub(super) const BASIS_POINT_E9: i64 = 10_000_000;

/// Members every file has beside its rows.
#[derive(Deserialize)]
struct Head {
    source: String,
    checked_on: String,
    uncertain: Option<String>,
}

pub(super) fn load<T: DeserializeOwned>(
    tables: &mut Vec<Table>,
    (name, text): (&'static str, &str),
) -> Result<T, Fault> {
    let broken = |what: String| Fault::internal(format!("data/{name}: {what}"));
    let head: Head = toml::from_str(text).map_err(|e| broken(e.to_string()))?;
    let checked_on = date(&head.checked_on).map_err(|e| broken(e.to_string()))?;
    tables.push(Table {
        name,
        source: head.source,
        checked_on,
        uncertain: head.uncertain,
    });
    toml::from_str(text).map_err(|e| broken(e.to_string()))
}

pub(super) fn pct(text: &str) -> Result<Pct, Fault> {
    Pct::parse_decimal(text).map_err(|_| Fault::internal(format!("{text} is not a percentage")))
}

fn maybe_pct(text: Option<&String>) -> Result<Option<Pct>, Fault> {
    text.map(|t| pct(t)).transpose()
}

fn date(text: &str) -> Result<Date, Fault> {
    Date::parse_iso(text).map_err(|_| Fault::internal(format!("{text} is not a date")))
}

fn effective(from: &str, to: Option<&String>) -> Result<Effective, Fault> {
    Ok(Effective {
        from: date(from)?,
        to: to.map(|t| date(t)).transpose()?,
    })
}

#[derive(Deserialize)]
pub(super) struct FinanceFile {
    row: Vec<FinanceEntry>,
}

#[derive(Deserialize)]
struct FinanceEntry {
    mismo_type: String,
    section: Option<String>,
    class: String,
}

impl FinanceFile {
    pub(super) fn read(self) -> Result<FinanceChargeTable, Fault> {
        let rows = self.row.into_iter().map(|entry| {
            let unknown = |what: &str| {
                Fault::internal(format!(
                    "finance charge {}: unknown {what}",
                    entry.mismo_type
                ))
            };
            let class = FinanceChargeClass::parse(&entry.class).ok_or_else(|| unknown("class"))?;
            let section = entry
                .section
                .as_deref()
                .map(|s| LeSection::parse(s).ok_or_else(|| unknown("section")))
                .transpose()?;
            Ok(FinanceChargeRow {
                mismo_type: entry.mismo_type,
                section,
                class,
            })
        });
        Ok(FinanceChargeTable {
            rows: rows.collect::<Result<_, Fault>>()?,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct ProgramFile {
    pub(super) fha: FhaEntry,
    pub(super) va: VaEntry,
    pub(super) usda: UsdaEntry,
}

#[derive(Deserialize)]
pub(super) struct FhaEntry {
    effective_from: String,
    effective_to: Option<String>,
    pub(super) upfront_percent: String,
    annual: Vec<FhaAnnualEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FhaAnnualEntry {
    max_term_months: Option<u32>,
    max_base_loan: Option<String>,
    max_ltv_percent: Option<String>,
    bps: u32,
    duration_months: u32,
}

impl FhaEntry {
    pub(super) fn read(&self) -> Result<Vec<AnnualMipRow>, Fault> {
        let effective = effective(&self.effective_from, self.effective_to.as_ref())?;
        let rows = self.annual.iter().map(|row| {
            let base = row
                .max_base_loan
                .as_deref()
                .map(Cents::parse_decimal)
                .transpose();
            let base = base.map_err(|_| Fault::internal("fha: not an amount"))?;
            Ok(AnnualMipRow {
                effective,
                term_months: Band {
                    over: None,
                    up_to: row.max_term_months,
                },
                base_loan: Band {
                    over: None,
                    up_to: base,
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
}

#[derive(Deserialize)]
pub(super) struct VaEntry {
    effective_from: String,
    effective_to: Option<String>,
    purchase_percent: String,
    purchase_down_5_percent: String,
    purchase_down_10_percent: String,
    cash_out_percent: String,
    streamline_percent: String,
}

impl VaEntry {
    pub(super) fn read(&self) -> Result<Vec<FundingFeeRow>, Fault> {
        let effective = effective(&self.effective_from, self.effective_to.as_ref())?;
        let whole = |n: i64| Some(Pct::new(n * 1_000_000_000));
        let steps = [
            (VaPurpose::Purchase, None, whole(5), &self.purchase_percent),
            (
                VaPurpose::Purchase,
                whole(5),
                whole(10),
                &self.purchase_down_5_percent,
            ),
            (
                VaPurpose::Purchase,
                whole(10),
                None,
                &self.purchase_down_10_percent,
            ),
            (VaPurpose::CashOut, None, None, &self.cash_out_percent),
            (
                VaPurpose::RateReduction,
                None,
                None,
                &self.streamline_percent,
            ),
        ];
        steps
            .into_iter()
            .map(|(purpose, at_least, below, fee)| {
                Ok(FundingFeeRow {
                    effective,
                    purpose,
                    entitlement_use: None,
                    down_payment: Step { at_least, below },
                    fee: pct(fee)?,
                })
            })
            .collect()
    }
}

#[derive(Deserialize)]
pub(super) struct UsdaEntry {
    pub(super) upfront_percent: String,
    pub(super) annual_bps: u32,
}

#[derive(Deserialize)]
pub(super) struct InsuranceFile {
    effective_from: String,
    effective_to: Option<String>,
    pub(super) assumed_score: u32,
    cell: Vec<InsuranceCell>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InsuranceCell {
    max_ltv_percent: Option<String>,
    min_score: u32,
    annual_percent: String,
    coverage_percent: u32,
}

impl InsuranceFile {
    /// Rows are looked up first to last: bands from the lowest, scores from the highest.
    pub(super) fn read(&self) -> Result<Vec<CardRow>, Fault> {
        let effective = effective(&self.effective_from, self.effective_to.as_ref())?;
        let rows = self.cell.iter().map(|cell| {
            Ok(CardRow {
                effective,
                ltv: Band {
                    over: None,
                    up_to: maybe_pct(cell.max_ltv_percent.as_ref())?,
                },
                score: Step {
                    at_least: Some(cell.min_score),
                    below: None,
                },
                term_months: Band::ALL,
                coverage: Pct::new(i64::from(cell.coverage_percent) * 1_000_000_000),
                annual: pct(&cell.annual_percent)?,
            })
        });
        let mut rows = rows.collect::<Result<Vec<_>, Fault>>()?;
        rows.sort_by_key(|r| {
            let open_last = (r.ltv.up_to.is_none(), r.ltv.up_to);
            (open_last, std::cmp::Reverse(r.score.at_least))
        });
        Ok(rows)
    }
}

#[derive(Deserialize)]
pub(super) struct IndexFile {
    index: Vec<IndexEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndexEntry {
    name: String,
    value_percent: String,
}

impl IndexFile {
    pub(super) fn read(self) -> Result<BTreeMap<ArmIndex, Pct>, Fault> {
        let rows = self.index.into_iter().map(|entry| {
            let index = ArmIndex::parse(&entry.name)
                .ok_or_else(|| Fault::internal(format!("unknown index {}", entry.name)))?;
            Ok((index, pct(&entry.value_percent)?))
        });
        rows.collect()
    }
}

#[derive(Deserialize)]
pub(super) struct ZipFile {
    pub(super) range: Vec<ZipRange>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ZipRange {
    pub(super) first: String,
    pub(super) last: String,
    pub(super) state: String,
}
