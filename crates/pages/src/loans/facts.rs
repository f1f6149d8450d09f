//! Names and what stands behind them, as the loan's pages list them; what is absent is left out.

use lintel_domain::application::Application;
use lintel_domain::application::partial_date::PartialDate;
use lintel_domain::application::party::{PersonName, Phone};
use lintel_domain::application::place::Address;
use lintel_domain::application::sensitive::Sensitive;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::Serialize;

use crate::show;

/// A name and what stands behind it.
pub(crate) type Fact = (&'static str, String);

/// Words of our own lists that are written in capitals.
const CAPITALS: &[&str] = &[
    "fha", "va", "usda", "ssn", "itin", "mi", "piti", "heloc", "pud", "nmls", "us", "mers", "aus",
    "tpo",
];

/// Facts that are there, in order.
#[derive(Debug, Default)]
pub(crate) struct Facts(Vec<Fact>);

impl Facts {
    /// Adds one, unless it is blank.
    #[must_use]
    pub(crate) fn add(mut self, name: &'static str, value: Option<String>) -> Self {
        if let Some(value) = value.filter(|text| !text.trim().is_empty()) {
            self.0.push((name, value));
        }
        self
    }

    /// A text as it came.
    #[must_use]
    pub(crate) fn text(self, name: &'static str, value: Option<&String>) -> Self {
        self.add(name, value.cloned())
    }

    /// A word of the standard as a sender wrote it, its parts set apart.
    #[must_use]
    pub(crate) fn said(self, name: &'static str, value: Option<&String>) -> Self {
        self.add(name, value.map(|text| apart(text)))
    }

    /// Several of them.
    #[must_use]
    pub(crate) fn all_said(self, name: &'static str, values: &[String]) -> Self {
        let words: Vec<String> = values.iter().map(|text| apart(text)).collect();
        self.add(name, Some(words.join(", ")))
    }

    /// A word of one of our lists.
    #[must_use]
    pub(crate) fn word<T: Serialize>(self, name: &'static str, value: Option<&T>) -> Self {
        self.add(name, value.map(word))
    }

    /// An amount.
    #[must_use]
    pub(crate) fn cents(self, name: &'static str, value: Option<Cents>) -> Self {
        self.add(name, value.map(show::money))
    }

    /// A percentage.
    #[must_use]
    pub(crate) fn pct(self, name: &'static str, value: Option<Pct>) -> Self {
        self.add(name, value.map(show::percent))
    }

    /// A day.
    #[must_use]
    pub(crate) fn date(self, name: &'static str, value: Option<Date>) -> Self {
        self.add(name, value.map(show::long_date))
    }

    /// A number.
    #[must_use]
    pub(crate) fn count(self, name: &'static str, value: Option<u32>) -> Self {
        self.add(name, value.map(|n| n.to_string()))
    }

    /// A time in months.
    #[must_use]
    pub(crate) fn months(self, name: &'static str, value: Option<u32>) -> Self {
        self.add(name, value.map(months))
    }

    /// An answer to a question.
    #[must_use]
    pub(crate) fn yes(self, name: &'static str, value: Option<bool>) -> Self {
        self.add(name, value.map(|is| yes_or_no(is).to_owned()))
    }

    /// The list.
    pub(crate) fn list(self) -> Vec<Fact> {
        self.0
    }
}

/// `Yes` or `No`.
pub(crate) const fn yes_or_no(is: bool) -> &'static str {
    if is { "Yes" } else { "No" }
}

/// A word of one of our lists for people; one outside the list as the document spelled it.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    let stored = serde_json::to_value(value).unwrap_or_default();
    if let Some(other) = stored.get("other").and_then(|text| text.as_str()) {
        return apart(other);
    }
    plain_words(stored.as_str().unwrap_or_default())
}

/// A stored word for people, abbreviations in capitals.
pub(crate) fn plain_words(stored: &str) -> String {
    let capital = |part: &str| {
        if CAPITALS.contains(&part.trim_matches(['(', ')'])) {
            part.to_ascii_uppercase()
        } else {
            part.to_owned()
        }
    };
    let parts: Vec<String> = stored.split(['_', ' ']).map(capital).collect();
    show::words(&parts.join(" "))
}

/// `CashToBorrower` as `Cash To Borrower`: words of the standard. Texts with blanks stay as they are.
pub(crate) fn apart(text: &str) -> String {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len().saturating_add(8));
    let mut is_small = false;
    for letter in text.chars() {
        if letter.is_ascii_uppercase() && is_small {
            out.push(' ');
        }
        is_small = letter.is_ascii_lowercase();
        out.push(letter);
    }
    out
}

/// `360 months (30 years)`.
pub(crate) fn months(months: u32) -> String {
    if months == 1 {
        return "1 month".to_owned();
    }
    let years = months / 12;
    match months {
        12 => "12 months (1 year)".to_owned(),
        _ if months > 0 && months.is_multiple_of(12) => format!("{months} months ({years} years)"),
        _ => format!("{months} months"),
    }
}

/// A year, a month or a day.
pub(crate) fn partial(date: PartialDate) -> String {
    date.full()
        .map_or_else(|| date.to_string(), show::long_date)
}

/// An address on one line.
pub(crate) fn address(address: &Address) -> String {
    let street = [&address.line, &address.unit];
    let street: Vec<&str> = street.iter().filter_map(|part| part.as_deref()).collect();
    let region = [
        address.state.clone(),
        address.postal_code.as_deref().map(show::zip),
    ];
    let region: Vec<&str> = region.iter().filter_map(|part| part.as_deref()).collect();
    let country = address.country.as_deref().unwrap_or_default();
    let is_home = matches!(country, "US" | "USA" | "United States");
    let parts = [
        street.join(" "),
        address.city.clone().unwrap_or_default(),
        region.join(" "),
        if is_home {
            String::new()
        } else {
            country.to_owned()
        },
    ];
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}

/// A telephone number with its extension and what it is.
pub(crate) fn phone(phone: &Phone) -> String {
    let mut text = show::phone(&phone.number);
    if let Some(extension) = &phone.extension {
        text.push_str(" ext. ");
        text.push_str(extension);
    }
    if let Some(kind) = &phone.kind {
        text.push_str(&format!(" ({})", word(kind).to_lowercase()));
    }
    text
}

/// A person's name; `None` when there is none.
pub(crate) fn name(name: &PersonName) -> Option<String> {
    let parts = [&name.first, &name.middle, &name.last, &name.suffix];
    let parts: Vec<&str> = parts.iter().filter_map(|part| part.as_deref()).collect();
    if parts.is_empty() {
        return name.full.clone();
    }
    Some(parts.join(" "))
}

/// A person's name, or that there is none.
pub(crate) fn full_name(of: &PersonName) -> String {
    name(of).unwrap_or_else(|| "No name".to_owned())
}

/// The last four digits: enough to tell two people apart, too little to be one of them.
pub(crate) fn masked(tax_id: &str) -> String {
    let digits: Vec<char> = tax_id.chars().filter(char::is_ascii_digit).collect();
    let known: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
    if digits.len() < 9 {
        return "•••".to_owned();
    }
    format!("•••-••-{known}")
}

/// The end of an account number, never more than half of it.
pub(crate) fn masked_account(account: &Sensitive<String>) -> String {
    let letters: Vec<char> = account.expose().trim().chars().collect();
    let shown = (letters.len() / 2).min(4);
    let end: String = letters
        .iter()
        .skip(letters.len().saturating_sub(shown))
        .collect();
    format!("••••{end}")
}

/// Borrowers by name.
pub(crate) fn names(application: &Application, borrowers: &[usize]) -> Vec<String> {
    let found = borrowers
        .iter()
        .filter_map(|index| application.borrowers.get(*index));
    found.map(|borrower| full_name(&borrower.name)).collect()
}

/// Whose something is: the borrowers by name, several as joint owners.
pub(crate) fn owners(application: &Application, owners: &[usize]) -> String {
    let names = names(application, owners);
    match names.as_slice() {
        [] => "–".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}, jointly", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lintel_domain::application::employment::IncomeKind;
    use lintel_domain::application::holding::LiabilityKind;

    #[test]
    fn secrets_are_masked() {
        assert_eq!(masked("123456789"), "•••-••-6789");
        assert_eq!(masked("123-45-6789"), "•••-••-6789");
        for short in ["", "1", "1234", "12345678"] {
            assert_eq!(masked(short), "•••");
        }
        let account = |text: &str| masked_account(&Sensitive::new(text.to_owned()));
        assert_eq!(account("ACCT-770055123"), "••••5123");
        assert_eq!(account("1234"), "••••34");
        assert_eq!(account("1"), "••••");
        assert_eq!(account(""), "••••");
        assert_eq!(account("ééééüüüü"), "••••üüüü");
    }

    #[test]
    fn words_are_for_people() {
        assert_eq!(word(&IncomeKind::VaBenefits), "VA benefits");
        assert_eq!(word(&IncomeKind::Base), "Base");
        assert_eq!(word(&LiabilityKind::Heloc), "HELOC");
        let other = LiabilityKind::Other("SomethingNew".to_owned());
        assert_eq!(word(&other), "Something New");
        assert_eq!(apart("as they are <b>"), "as they are <b>");
        assert_eq!(apart("FHAStreamline"), "FHAStreamline");
        assert_eq!(months(360), "360 months (30 years)");
        assert_eq!(months(7), "7 months");
        assert_eq!(months(0), "0 months");
    }
}
