//! The rule book: figures that change by decree, loaded from effective-dated data files.
//!
//! The files are embedded in the binary and read and checked once, at start. A figure that could
//! not be confirmed is marked `uncertain` in its file, and `lintel check` says so.

mod files;

use std::collections::BTreeMap;

use lintel_domain::product::ArmIndex;
use lintel_domain::quote::QuoteTables;
use lintel_engine::date::Date;
use lintel_engine::rate::Pct;
use lintel_store::fault::Fault;

use files::{
    BASIS_POINT_E9, FinanceFile, IndexFile, InsuranceFile, ProgramFile, ZipFile, ZipRange, load,
    pct,
};

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
