//! Data points by type: how each kind of value is written.

use std::borrow::Cow;

use lintel_domain::application::partial_date::PartialDate;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::draft::{Draft, Id};
use crate::finding::Code;
use crate::words::Listed;

/// The word for what is in no list; a description says what it is.
const OTHER: &str = "Other";

impl<'a> Draft<'a> {
    /// A text.
    pub(super) fn text(&mut self, parent: Id, name: &'a str, value: Option<&'a String>) {
        if let Some(value) = value {
            self.point(parent, Cow::Borrowed(name), Cow::Borrowed(value));
        }
    }

    /// A text of the standard itself.
    pub(super) fn fixed(&mut self, parent: Id, name: &'a str, value: &'a str) {
        self.point(parent, Cow::Borrowed(name), Cow::Borrowed(value));
    }

    fn made(&mut self, parent: Id, name: &'a str, value: Option<String>) {
        if let Some(value) = value {
            self.point(parent, Cow::Borrowed(name), Cow::Owned(value));
        }
    }

    /// An amount of dollars, with cents.
    pub(super) fn amount(&mut self, parent: Id, name: &'a str, value: Option<Cents>) {
        self.made(parent, name, value.map(|value| value.to_string()));
    }

    /// Amounts of dollars side by side.
    pub(super) fn amounts<const N: usize>(
        &mut self,
        parent: Id,
        amounts: [(&'a str, &Option<Cents>); N],
    ) {
        for (name, value) in amounts {
            self.amount(parent, name, *value);
        }
    }

    /// A number of percent with at least three digits after the point, as rates are quoted.
    pub(super) fn percent(&mut self, parent: Id, name: &'a str, value: Option<Pct>) {
        self.made(parent, name, value.map(percent));
    }

    /// A whole number.
    pub(super) fn count(&mut self, parent: Id, name: &'a str, value: Option<u32>) {
        self.made(parent, name, value.map(|value| value.to_string()));
    }

    /// True or false.
    pub(super) fn flag(&mut self, parent: Id, name: &'a str, value: Option<bool>) {
        if let Some(value) = value {
            self.fixed(parent, name, if value { "true" } else { "false" });
        }
    }

    /// Indicators side by side.
    pub(super) fn flags<const N: usize>(
        &mut self,
        parent: Id,
        flags: [(&'a str, &Option<bool>); N],
    ) {
        for (name, value) in flags {
            self.flag(parent, name, *value);
        }
    }

    /// A full date.
    pub(super) fn date(&mut self, parent: Id, name: &'a str, value: Option<Date>) {
        self.made(parent, name, value.map(|value| value.to_string()));
    }

    /// A year, a month or a date.
    pub(super) fn partial_date(&mut self, parent: Id, name: &'a str, value: Option<PartialDate>) {
        self.made(parent, name, value.map(|value| value.to_string()));
    }

    /// A word of a list without a description.
    pub(super) fn word<T: Listed>(&mut self, parent: Id, name: &'a str, value: Option<&'a T>) {
        self.described(parent, name, value, None);
    }

    /// A word of a list, and what an entry of no listed kind is. A word outside the list becomes
    /// `Other` with a description where the list has that, and is left out where it has not.
    pub(super) fn described<T: Listed>(
        &mut self,
        parent: Id,
        name: &'a str,
        value: Option<&'a T>,
        description: Option<&'a String>,
    ) {
        let mut description = description.map(|text| Cow::Borrowed(text.as_str()));
        if let Some(value) = value {
            let word = value.word();
            let listed = T::SPELLINGS.iter().chain(T::UNUSABLE);
            let mut listed = listed.filter(|known| known.eq_ignore_ascii_case(word));
            if let Some(known) = listed.next() {
                self.fixed(parent, name, known);
            } else if T::SPELLINGS.contains(&OTHER) {
                self.fixed(parent, name, OTHER);
                description = Some(described(word, description));
                let message = "The word is not in the standard's list; Other was written, and \
                               the word as its description.";
                self.report(parent, Code::EnumUnknown, message, T::SPELLINGS);
            } else {
                let message = "The word is not in the standard's list; it was left out.";
                self.report(parent, Code::EnumUnknown, message, T::SPELLINGS);
            }
        }
        if let Some(text) = description {
            self.point(parent, Cow::Owned(format!("{name}OtherDescription")), text);
        }
    }
}

/// A word outside its list together with the description it may have had.
fn described<'a>(word: &'a str, description: Option<Cow<'a, str>>) -> Cow<'a, str> {
    match description {
        Some(text) if text != word && !text.trim().is_empty() => {
            Cow::Owned(format!("{word} ({text})"))
        }
        Some(_) | None => Cow::Borrowed(word),
    }
}

fn percent(value: Pct) -> String {
    let exact = value.to_string();
    match exact.split_once('.') {
        Some((_, fraction)) if fraction.len() > 3 => exact,
        Some(_) | None => value.to_fixed(3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_three_digits_or_as_many_as_they_need() {
        let texts = [
            ("4.25", "4.250"),
            ("7", "7.000"),
            ("-0.5", "-0.500"),
            ("6.87512", "6.87512"),
            ("0.000000001", "0.000000001"),
        ];
        for (read, written) in texts {
            assert_eq!(percent(Pct::parse_decimal(read).expect(read)), written);
        }
    }

    #[test]
    fn a_description_is_not_lost_to_a_word() {
        assert_eq!(described("Gold", None), "Gold");
        assert_eq!(described("Gold", Some("Gold".into())), "Gold");
        assert_eq!(
            described("Gold", Some("in a vault".into())),
            "Gold (in a vault)"
        );
    }
}
