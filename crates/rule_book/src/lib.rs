//! The rule book: figures that change by decree, loaded from effective-dated data files.
//!
//! The files under `data/` are embedded in the program and read and checked once, at start; a file
//! of the same name in the operator's folder takes the place of an embedded one. Every edition of a
//! table says when it is in force, where its figures come from and when they were last compared
//! with that source; a figure that could not be confirmed is marked `uncertain`, and
//! `lintel check --data` says so. Asking for a day no edition covers is an error, never a guess.
//!
//! The shapes of the figures are the engine's and the domain's own types: this crate reads, checks
//! and dates them, and decides nothing. To add a table: a file under `data/`, a function reading
//! what an edition holds beside its dates, and a line in [`UsRules`] or [`PtRules`].
#![deny(missing_docs)]

mod dated;
mod folder;
pub mod import;
mod limits;
mod load;
mod pt;
mod quote;
mod report;
mod us;

use std::collections::BTreeMap;
use std::path::Path;

use lintel_domain::product::ArmIndex;
use lintel_domain::quote::QuoteTables;
use lintel_engine::date::Date;
use lintel_engine::rate::Pct;

use quote::QuoteTablesByDay;

pub use dated::{Dated, Edition, NotInForce};
use folder::Folder;
pub use folder::Stranger;
pub use limits::{ConformingLimits, FhaLimits};
pub use load::RuleError;
use load::{Loader, Own, Texts};
pub use pt::{EuriborSeries, EuriborTable, PtRules, Regional};
pub use report::{EditionReport, Origin, TableReport};
pub use us::{
    CountyLimits, FhaCharges, HpmlExemptions, MiCard, OldLoan, PriceAmounts, PriceSpreads,
    Retention, UnitLimits, UsRules, UsdaCharges, VaCharges, ZipStates,
};

/// Names a file under `data/` and carries its text in the program.
macro_rules! embedded {
    ($($constant:ident = $name:literal;)+) => {
        $(const $constant: (&str, &str) =
            ($name, include_str!(concat!("../../../data/", $name)));)+
    };
}
use embedded;

/// Every table, read and checked.
#[derive(Debug, Clone)]
pub struct RuleBook {
    /// Tables of the United States.
    pub us: UsRules,
    /// Tables of Portugal.
    pub pt: PtRules,
    quote: QuoteTablesByDay,
    reports: Vec<TableReport>,
    strangers: Vec<Stranger>,
    digest: String,
    texts: Texts,
}

impl RuleBook {
    /// Reads every table: from `folder` where it has a file of that name, otherwise the one the
    /// program carries.
    ///
    /// # Errors
    /// When the folder is none, or a file is malformed: names the file, the edition and what is
    /// wrong.
    pub fn load(folder: Option<&Path>) -> Result<Self, RuleError> {
        let opened = folder.map(|path| {
            Folder::open(path).map_err(|what| RuleError {
                file: path.display().to_string(),
                what,
            })
        });
        Self::read(opened.transpose()?.map_or(Own::None, Own::Folder))
    }

    /// Reads the files the program carries, but for one, whose text is given: what a check of that
    /// text asks.
    ///
    /// # Errors
    /// When the text is malformed.
    pub fn with_file(name: &str, text: &str) -> Result<Self, RuleError> {
        Self::read(Own::File { name, text })
    }

    fn read(own: Own<'_>) -> Result<Self, RuleError> {
        let mut loader = Loader::new(own);
        let us = UsRules::load(&mut loader)?;
        let pt = PtRules::load(&mut loader)?;
        let kept = loader.finish();
        Ok(Self {
            quote: QuoteTablesByDay::try_of(&us)?,
            us,
            pt,
            reports: kept.reports,
            strangers: kept.strangers,
            digest: kept.digest,
            texts: kept.texts,
        })
    }

    /// Reads the files the program carries.
    ///
    /// # Errors
    /// When one is malformed; a test keeps that from shipping.
    pub fn embedded() -> Result<Self, RuleError> {
        Self::load(None)
    }

    /// Every table there can be, for reports; those that only a folder can hold may be absent.
    #[must_use]
    pub fn reports(&self) -> &[TableReport] {
        &self.reports
    }

    /// What in the operator's folder is no table of the rule book, or could not be looked at: most
    /// likely a misspelt name, so that the embedded figures are still in use.
    #[must_use]
    pub fn strangers(&self) -> &[Stranger] {
        &self.strangers
    }

    /// SHA-256 over the texts of all tables, in hexadecimal digits: two books with the same digest
    /// answer the same.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Name and text of every table, as they were read: what makes this very book again, see
    /// [`RuleBook::from_texts`].
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.texts.iter().map(|(file, text)| (*file, &**text))
    }

    /// Reads a book from texts that [`RuleBook::texts`] gave, perhaps of an older program: a table
    /// they do not have is the program's own.
    ///
    /// # Errors
    /// When a text is malformed by what this program expects of its table.
    pub fn from_texts(texts: &BTreeMap<String, String>) -> Result<Self, RuleError> {
        Self::read(Own::Texts(texts))
    }

    /// What quotes of a day look up.
    ///
    /// # Errors
    /// When one of the tables has no edition in force on that day.
    pub fn quote_tables(&self, day: Date) -> Result<&QuoteTables, NotInForce> {
        self.quote.on(day)
    }

    /// Value of an index when the lender has not loaded its own; a demonstration figure.
    /// None when the table of the day does not have the index.
    ///
    /// # Errors
    /// When the table has no edition in force on that day.
    pub fn index_value(&self, index: ArmIndex, day: Date) -> Result<Option<Pct>, NotInForce> {
        let edition = self.us.arm_indices.on(day)?;
        Ok(edition.rows.get(&index).copied())
    }

    /// State of a five-digit ZIP code, by its first three digits; none when no state has them.
    ///
    /// # Errors
    /// When the table has no edition in force on that day.
    pub fn state_of_zip(&self, zip: &str, day: Date) -> Result<Option<&str>, NotInForce> {
        Ok(self.us.zip_states.on(day)?.rows.state_of(zip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::parse_iso("2026-11-21").expect("a date")
    }

    #[test]
    fn the_embedded_files_are_whole() {
        let book = RuleBook::embedded().expect("every file reads");
        for table in book.reports() {
            let absent = table.origin == Origin::Absent;
            assert_eq!(table.editions.is_empty(), absent, "{}", table.file);
        }
        for index in ArmIndex::ALL {
            let value = book.index_value(*index, today());
            assert!(matches!(value, Ok(Some(_))), "{index} has no value");
        }
        let tables = book.quote_tables(today()).expect("in force");
        assert!(!tables.fha_annual.is_empty());
    }

    #[test]
    fn the_digest_is_that_of_the_texts() {
        let digest = |book: Result<RuleBook, RuleError>| book.expect("reads").digest;
        let embedded = digest(RuleBook::embedded());
        assert_eq!(embedded.len(), 64);
        assert_eq!(embedded, digest(RuleBook::embedded()));
        let text = include_str!("../../../data/us/zip_states.toml");
        let same = digest(RuleBook::with_file("us/zip_states.toml", text));
        assert_eq!(embedded, same);
        let other = digest(RuleBook::with_file(
            "us/zip_states.toml",
            &format!("{text}\n"),
        ));
        assert_ne!(embedded, other);
    }

    #[test]
    fn a_book_is_made_again_from_its_texts() {
        let text = include_str!("../../../data/us/zip_states.toml");
        let other = RuleBook::with_file("us/zip_states.toml", &format!("{text}\n")).expect("reads");
        let texts = |book: &RuleBook| {
            let texts = book.texts();
            texts.map(|(f, t)| (f.to_owned(), t.to_owned())).collect()
        };
        let again = RuleBook::from_texts(&texts(&other)).expect("reads");
        assert_eq!(again.digest(), other.digest());
        let embedded = RuleBook::embedded().expect("reads");
        assert_ne!(again.digest(), embedded.digest());
        let none = RuleBook::from_texts(&BTreeMap::new()).expect("reads");
        assert_eq!(none.digest(), embedded.digest());
    }

    #[test]
    fn quotes_of_a_day_without_figures_are_errors() {
        let book = RuleBook::embedded().expect("every file reads");
        for day in ["1990-01-01", "2019-01-01", "2031-11-14"] {
            let day = Date::parse_iso(day).expect("a date");
            let missing = book.quote_tables(day).expect_err("not in force");
            assert_eq!(missing.day, day, "{missing}");
        }
    }

    #[test]
    fn an_index_or_a_state_of_a_day_without_figures_is_an_error() {
        let book = RuleBook::embedded().expect("every file reads");
        let early = Date::FIRST;
        let missing = book.index_value(ArmIndex::ALL[0], early);
        assert_eq!(missing.map_err(|m| m.day), Err(early));
        let missing = book.state_of_zip("92649", early);
        assert_eq!(missing.map_err(|m| m.file), Err("us/zip_states.toml"));
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
            assert_eq!(book.state_of_zip(zip, today()), Ok(Some(state)), "{zip}");
        }
        assert_eq!(book.state_of_zip("00000", today()), Ok(None));
        assert_eq!(book.state_of_zip("1", today()), Ok(None));
    }
}
