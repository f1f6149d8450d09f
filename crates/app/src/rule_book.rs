//! The rule book: figures that change by decree, loaded from effective-dated data files.
//!
//! The files are embedded in the binary and read and checked once, at start. A figure that could
//! not be confirmed is marked `uncertain` in its file, and `lintel check` says so.

use std::collections::BTreeMap;

use lintel_domain::fee::{FinanceChargeClass, FinanceChargeRow, FinanceChargeTable, LeSection};
use lintel_domain::product::ArmIndex;
use lintel_domain::quote::QuoteTables;
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

/// A table of the rule book, for reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// File name under `data/`.
    pub name: &'static str,
    /// Where the figures come from.
    pub source: String,
    /// When somebody last compared them with the source.
    pub checked_on: Date,
    /// What could not be confirmed.
    pub uncertain: Option<String>,
}

/// Every table, read and checked.
#[derive(Debug, Clone)]
pub struct RuleBook {
    tables: Vec<Table>,
    quote: QuoteTables,
    indices: BTreeMap<ArmIndex, Pct>,
    zip_states: Vec<ZipRange>,
}

macro_rules! embedded {
    ($($constant:ident = $name:literal;)+) => {
        $(const $constant: (&str, &str) =
            ($name, include_str!(concat!("../../../data/", $name)));)+
    };
}

embedded! {
    FINANCE_CHARGE = "us/finance_charge.toml";
    PROGRAM_CHARGES = "us/program_charges.toml";
    MORTGAGE_INSURANCE = "us/mortgage_insurance.toml";
    ARM_INDICES = "us/arm_indices.toml";
    ZIP_STATES = "us/zip_states.toml";
}

impl RuleBook {
    /// Reads the embedded files.
    ///
    /// # Errors
    /// When a file is malformed: names the file and what is wrong. A test keeps that from shipping.
    pub fn embedded() -> Result<Self, Fault> {
        let mut tables = Vec::new();
        let finance: FinanceFile = load(&mut tables, FINANCE_CHARGE)?;
        let programs: ProgramFile = load(&mut tables, PROGRAM_CHARGES)?;
        let insurance: InsuranceFile = load(&mut tables, MORTGAGE_INSURANCE)?;
        let indices: IndexFile = load(&mut tables, ARM_INDICES)?;
        let zips: ZipFile = load(&mut tables, ZIP_STATES)?;
        let quote = QuoteTables {
            finance_charge: finance.read()?,
            fha_upfront: pct(&programs.fha.upfront_percent)?,
            fha_annual: programs.fha.read()?,
            va_funding_fee: programs.va.read()?,
            usda_upfront: pct(&programs.usda.upfront_percent)?,
            usda_annual: Pct::new(i64::from(programs.usda.annual_bps) * BASIS_POINT_E9),
            mi_card: insurance.read()?,
            mi_assumed_score: insurance.assumed_score,
        };
        Ok(Self {
            tables,
            quote,
            indices: indices.read()?,
            zip_states: zips.range,
        })
    }

    /// The tables, for reports.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// What quotes look up.
    #[must_use]
    pub fn quote_tables(&self) -> &QuoteTables {
        &self.quote
    }

    /// Value of an index when the lender has not loaded its own; a demonstration figure.
    #[must_use]
    pub fn index_value(&self, index: ArmIndex) -> Option<Pct> {
        self.indices.get(&index).copied()
    }

    /// State of a five-digit ZIP code, by its first three digits.
    #[must_use]
    pub fn state_of_zip(&self, zip: &str) -> Option<&str> {
        let prefix = zip.get(..3)?;
        let range = self
            .zip_states
            .iter()
            .find(|r| r.first.as_str() <= prefix && prefix <= r.last.as_str());
        range.map(|r| r.state.as_str())
    }
}

/// One basis point as a scaled percentage.
const BASIS_POINT_E9: i64 = 10_000_000;

/// Members every file has beside its rows.
#[derive(Deserialize)]
struct Head {
    source: String,
    checked_on: String,
    uncertain: Option<String>,
}

fn load<T: DeserializeOwned>(
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

fn pct(text: &str) -> Result<Pct, Fault> {
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
struct FinanceFile {
    row: Vec<FinanceEntry>,
}

#[derive(Deserialize)]
struct FinanceEntry {
    mismo_type: String,
    section: Option<String>,
    class: String,
}

impl FinanceFile {
    fn read(self) -> Result<FinanceChargeTable, Fault> {
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
struct ProgramFile {
    fha: FhaEntry,
    va: VaEntry,
    usda: UsdaEntry,
}

#[derive(Deserialize)]
struct FhaEntry {
    effective_from: String,
    effective_to: Option<String>,
    upfront_percent: String,
    annual: Vec<FhaAnnualEntry>,
}

#[derive(Deserialize)]
struct FhaAnnualEntry {
    max_term_months: Option<u32>,
    max_base_loan: Option<String>,
    max_ltv_percent: Option<String>,
    bps: u32,
    duration_months: u32,
}

impl FhaEntry {
    fn read(&self) -> Result<Vec<AnnualMipRow>, Fault> {
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
struct VaEntry {
    effective_from: String,
    effective_to: Option<String>,
    purchase_percent: String,
    purchase_down_5_percent: String,
    purchase_down_10_percent: String,
    cash_out_percent: String,
    streamline_percent: String,
}

impl VaEntry {
    fn read(&self) -> Result<Vec<FundingFeeRow>, Fault> {
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
struct UsdaEntry {
    upfront_percent: String,
    annual_bps: u32,
}

#[derive(Deserialize)]
struct InsuranceFile {
    effective_from: String,
    effective_to: Option<String>,
    assumed_score: u32,
    cell: Vec<InsuranceCell>,
}

#[derive(Deserialize)]
struct InsuranceCell {
    max_ltv_percent: String,
    min_score: u32,
    annual_percent: String,
    coverage_percent: u32,
}

impl InsuranceFile {
    /// Rows are looked up first to last: bands from the lowest, scores from the highest.
    fn read(&self) -> Result<Vec<CardRow>, Fault> {
        let effective = effective(&self.effective_from, self.effective_to.as_ref())?;
        let rows = self.cell.iter().map(|cell| {
            Ok(CardRow {
                effective,
                ltv: Band {
                    over: None,
                    up_to: Some(pct(&cell.max_ltv_percent)?),
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
        rows.sort_by_key(|r| (r.ltv.up_to, std::cmp::Reverse(r.score.at_least)));
        Ok(rows)
    }
}

#[derive(Deserialize)]
struct IndexFile {
    index: Vec<IndexEntry>,
}

#[derive(Deserialize)]
struct IndexEntry {
    name: String,
    value_percent: String,
}

impl IndexFile {
    fn read(self) -> Result<BTreeMap<ArmIndex, Pct>, Fault> {
        let rows = self.index.into_iter().map(|entry| {
            let index = ArmIndex::parse(&entry.name)
                .ok_or_else(|| Fault::internal(format!("unknown index {}", entry.name)))?;
            Ok((index, pct(&entry.value_percent)?))
        });
        rows.collect()
    }
}

#[derive(Deserialize)]
struct ZipFile {
    range: Vec<ZipRange>,
}

#[derive(Debug, Clone, Deserialize)]
struct ZipRange {
    first: String,
    last: String,
    state: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_are_whole() {
        let book = RuleBook::embedded().expect("every file reads");
        assert_eq!(book.tables().len(), 5);
        for index in ArmIndex::ALL {
            assert!(book.index_value(*index).is_some(), "{index} has no value");
        }
        assert!(!book.quote_tables().fha_annual.is_empty());
    }

    #[test]
    fn zip_codes_find_their_state() {
        let book = RuleBook::embedded().expect("every file reads");
        for (zip, state) in [
            ("92649", "CA"),
            ("33154", "FL"),
            ("10014", "NY"),
            ("00501", "NY"),
        ] {
            assert_eq!(book.state_of_zip(zip), Some(state), "{zip}");
        }
        assert_eq!(book.state_of_zip("00000"), None);
        assert_eq!(book.state_of_zip("1"), None);
    }
}
