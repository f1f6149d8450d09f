//! Reading data points by type, strictly: what is not of the standard's form is reported and left
//! out rather than guessed.

mod number;
mod tax_id;

use lintel_domain::application::partial_date::PartialDate;
use lintel_domain::application::sensitive::Sensitive;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::finding::{Code, Severity};
use crate::tree::Part;
use crate::words::Listed;

pub(crate) use tax_id::read_tax_id;

/// What is wrong with a number, in words for a sender.
pub(crate) type Complaint = &'static str;

impl<'t> Part<'t> {
    /// A text.
    pub(crate) fn text(self, name: &str) -> Option<String> {
        self.value(name, Severity::Warning)
            .map(|(_, text)| text.into_owned())
    }

    /// Every text of a repeatable data point.
    pub(crate) fn texts(self, path: &str, name: &str) -> Vec<String> {
        self.every(path)
            .filter_map(|part| part.text(name))
            .collect()
    }

    /// A text that must not reach a log.
    pub(crate) fn secret(self, name: &str) -> Option<Sensitive<String>> {
        self.text(name).map(Sensitive::new)
    }

    /// Reads a value with a parser; its complaint becomes a finding.
    fn parsed<T>(
        self,
        name: &str,
        (code, severity): (Code, Severity),
        parse: impl FnOnce(&str) -> Result<T, Complaint>,
    ) -> Option<T> {
        let (point, text) = self.value(name, severity)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(complaint) => {
                let rest = if severity == Severity::Error {
                    ""
                } else {
                    " It was left out."
                };
                point.report(code, severity, format!("{complaint}{rest}"));
                None
            }
        }
    }

    /// An amount of dollars.
    pub(crate) fn amount(self, name: &str) -> Option<Cents> {
        self.parsed(name, (Code::BadAmount, Severity::Warning), number::amount)
    }

    /// An amount without which there is no loan; more than zero.
    pub(crate) fn key_amount(self, name: &str) -> Option<Cents> {
        self.parsed(name, (Code::BadAmount, Severity::Error), |text| {
            let amount = number::amount(text)?;
            if amount.is_positive() {
                Ok(amount)
            } else {
                Err("The amount must be above zero.")
            }
        })
    }

    /// An amount that means something only above zero, such as a price.
    pub(crate) fn positive_amount(self, name: &str) -> Option<Cents> {
        self.parsed(name, (Code::BadAmount, Severity::Warning), |text| {
            let amount = number::amount(text)?;
            let is_positive = amount.is_positive();
            is_positive
                .then_some(amount)
                .ok_or("The amount must be above zero.")
        })
    }

    /// An amount that is never below zero, such as an unpaid balance.
    pub(crate) fn unsigned_amount(self, name: &str) -> Option<Cents> {
        self.parsed(name, (Code::BadAmount, Severity::Warning), |text| {
            let amount = number::amount(text)?;
            let is_negative = amount.is_negative();
            (!is_negative)
                .then_some(amount)
                .ok_or("The amount cannot be negative.")
        })
    }

    /// Dwellings in a property a residential loan can be made on: one to four.
    pub(crate) fn unit_count(self, name: &str) -> Option<u32> {
        self.parsed(name, (Code::BadCount, Severity::Warning), |text| {
            let units = number::count(text)?;
            let is_residential = (1..=4).contains(&units);
            is_residential
                .then_some(units)
                .ok_or("A residential property has one to four units.")
        })
    }

    /// A state's two letters, in capitals whatever the document's case.
    pub(crate) fn state(self, name: &str) -> Option<String> {
        self.parsed(name, (Code::EnumUnknown, Severity::Warning), |text| {
            let is_code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
            is_code
                .then(|| text.to_ascii_uppercase())
                .ok_or("A state is written with its two letters, like CA.")
        })
    }

    /// A percentage such as a cap or a margin.
    pub(crate) fn percent(self, name: &str) -> Option<Pct> {
        self.parsed(name, (Code::BadPercent, Severity::Warning), number::percent)
    }

    /// An interest rate: a percentage that is not plausibly a fraction or basis points.
    pub(crate) fn rate(self, name: &str) -> Option<Pct> {
        self.parsed(name, (Code::BadPercent, Severity::Warning), number::rate)
    }

    /// A whole number.
    pub(crate) fn count(self, name: &str) -> Option<u32> {
        self.parsed(name, (Code::BadCount, Severity::Warning), number::count)
    }

    /// True or false.
    pub(crate) fn flag(self, name: &str) -> Option<bool> {
        self.parsed(name, (Code::BadIndicator, Severity::Warning), number::flag)
    }

    /// A full date.
    pub(crate) fn date(self, name: &str) -> Option<Date> {
        self.parsed(name, (Code::BadDate, Severity::Warning), number::date)
    }

    /// A year, a month or a date.
    pub(crate) fn partial_date(self, name: &str) -> Option<PartialDate> {
        self.parsed(
            name,
            (Code::BadDate, Severity::Warning),
            number::partial_date,
        )
    }

    /// A word of a list. One outside it is reported, and kept where the list is open.
    pub(crate) fn word<T: Listed>(self, name: &str) -> Option<T> {
        self.listed(name, Severity::Warning)
    }

    /// A word without which there is no loan: one outside the list is an error.
    pub(crate) fn key_word<T: Listed>(self, name: &str) -> Option<T> {
        self.listed(name, Severity::Error)
    }

    /// A word of an open list that has a place for a description: a word outside the list becomes
    /// the list's `Other`, described by what was written.
    pub(crate) fn described_word<T: Listed>(
        self,
        name: &str,
        description_name: &str,
    ) -> (Option<T>, Option<String>) {
        let word = self.listed(name, Severity::Warning);
        let description = self.text(description_name);
        let written = self.peek(name).filter(|text| {
            T::read(text).is_none() && !T::SPELLINGS.iter().any(|w| w.eq_ignore_ascii_case(text))
        });
        let Some(written) = written else {
            return (word, description);
        };
        let described = match description {
            Some(description) => format!("{written} ({description})"),
            None => written.into_owned(),
        };
        (T::unlisted("Other"), Some(described))
    }

    fn listed<T: Listed>(self, name: &str, severity: Severity) -> Option<T> {
        let (point, text) = self.value(name, severity)?;
        if let Some(word) = T::read(&text) {
            return Some(word);
        }
        let in_another_case = T::SPELLINGS
            .iter()
            .find(|word| severity != Severity::Error && word.eq_ignore_ascii_case(&text));
        if let (Some(word), Some(node)) = (in_another_case, point.node) {
            let message = "The word has other capitals than in the standard's list; it was read \
                           as if it had those.";
            self.tree
                .report(node, (Code::EnumUnknown, severity), message, T::SPELLINGS);
            return T::read(word);
        }
        if let Some(node) = point.node {
            let message = if T::UNUSABLE.contains(&text.as_ref()) {
                "The word is in the standard's list but cannot be taken in here."
            } else if severity == Severity::Error {
                "The word is not in the standard's list."
            } else {
                "The word is not in the standard's list; it was not interpreted."
            };
            self.tree
                .report(node, (Code::EnumUnknown, severity), message, T::SPELLINGS);
        }
        if severity == Severity::Error {
            None
        } else {
            T::unlisted(&text)
        }
    }
}
