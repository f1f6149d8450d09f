//! What an organisation says about itself: the draft somebody sends, and the facts that are stored.

mod check;
mod draft;

use std::fmt;

use lintel_engine::rate::Pct;

use crate::application::sensitive::Sensitive;
pub use crate::entry::Entry;
pub use crate::image::{ImageDraft, ImageKind, ImageSource};
use crate::license::{License, StateCode};
use crate::words::words;
pub use check::{CompanyMistakes, UID_MAX_CHARS};
pub use draft::CompanyDraft;

words! {
    /// How a company comes by the loans it brings.
    OriginatorType {
        /// Arranges loans that somebody else lends.
        Broker = "broker",
        /// Closes loans itself and sells them.
        Correspondent = "correspondent",
    }
}

words! {
    /// The legal form of a company.
    LegalForm {
        /// Corporation.
        Corporation = "corporation",
        /// Limited liability company.
        LimitedLiabilityCompany = "limited_liability_company",
        /// Partnership.
        Partnership = "partnership",
        /// One owner, no company of its own.
        SoleProprietorship = "sole_proprietorship",
        /// Anything else.
        Other = "other",
    }
}

/// Digits of a tax number.
const TAX_ID_DIGITS: usize = 9;

/// A company's tax number: nine digits. It prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub struct TaxId(Sensitive<String>);

impl TaxId {
    /// Reads nine digits, with dashes between them or not; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let ends_with_digits = !text.starts_with('-') && !text.ends_with('-');
        if text.len() > TAX_ID_DIGITS + 2 || !ends_with_digits || text.contains("--") {
            return None;
        }
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let fits = digits.len() == TAX_ID_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| Self(Sensitive::new(digits)))
    }

    /// The nine digits. Do not format them.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The last four digits, for somebody who knows the number.
    #[must_use]
    pub fn last_four(&self) -> &str {
        self.expose().get(TAX_ID_DIGITS - 4..).unwrap_or_default()
    }
}

impl fmt::Debug for TaxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What is known about a company, checked. A broker has everything that is needed of one; a lender
/// its name at least.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyFacts {
    /// What the lender a broker belongs to calls it.
    pub partner_uid: Option<String>,
    /// Trading name.
    pub name: String,
    /// Name in the register.
    pub legal_name: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
    /// Second line of the address.
    pub unit: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State.
    pub state: Option<StateCode>,
    /// Postal code: `92649` or `92649-1234`.
    pub postal_code: Option<String>,
    /// County.
    pub county: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Site for consumers, with `http://` or `https://`.
    pub website: Option<String>,
    /// Telephone, digits only.
    pub phone: Option<String>,
    /// Extension of the telephone.
    pub phone_extension: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Registry number.
    pub nmls: Option<String>,
    /// Broker or correspondent.
    pub originator: Option<OriginatorType>,
    /// Legal form.
    pub legal_form: Option<LegalForm>,
    /// Description, several lines.
    pub about: Option<String>,
    /// Short description.
    pub about_short: Option<String>,
    /// Tax number.
    pub tax_id: Option<TaxId>,
    /// What its loan officers earn, in percent of the loan: 0 to 100.
    pub officer_compensation: Option<Pct>,
    /// Pricing tier.
    pub pricing_tier: Option<String>,
    /// Whether it offers conventional loans.
    pub offers_conventional: Option<bool>,
    /// Whether it offers FHA loans.
    pub offers_fha: Option<bool>,
    /// Whether it offers VA loans.
    pub offers_va: Option<bool>,
    /// Licences, by state.
    pub licenses: Vec<License>,
    /// Main colour of its pages: `#rrggbb`.
    pub brand_color: Option<String>,
    /// Second colour of its pages: `#rrggbb`.
    pub accent_color: Option<String>,
}

#[cfg(test)]
mod tests;
