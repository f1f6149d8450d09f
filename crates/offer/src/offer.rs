//! The bank's offer: its identity, branches, schemes, charges and tariffs, as one document.

mod charges;
mod scheme;
mod tariff;

use lintel_domain::simulation::{MAX_BORROWERS, nif_is_valid};
use lintel_engine::date::Date;
use lintel_engine::pt::loan::NegativeInterest;
use lintel_engine::rate::Pct;
use toml::Table;

use crate::bank::Bank;
use crate::calculation::Choice;
use crate::error::{Mistake, OfferError};
use crate::read::{Mistakes, Section};

pub(crate) use charges::ChargeRule;
pub(crate) use scheme::GridRow;
pub use scheme::Scheme;
pub(crate) use tariff::{LifeTariff, MultiRiskTariff};

/// Most bytes of a document.
const MAX_BYTES: usize = 1024 * 1024;
/// Highest percentage of the document: rates, shares, discounts.
pub(crate) const MAX_PERCENT: Pct = Pct::new(200_000_000_000);

/// A branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Number, for ever.
    pub id: u32,
    /// Short code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Not offered any more; stays readable.
    pub retired: bool,
}

/// A product that is sold together with loans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProductRule {
    pub(crate) code: String,
    pub(crate) pt: String,
    pub(crate) en: String,
}

/// What every loan of the bank keeps to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Youngest borrower, completed years.
    pub(crate) min_age: u32,
    /// Oldest borrower on the day of the last instalment, completed years.
    pub(crate) max_age_at_end: u32,
    pub(crate) max_borrowers: usize,
    pub(crate) negative_interest: NegativeInterest,
    /// Fees for repaying early, before the cap of the law.
    pub(crate) early_variable: Pct,
    pub(crate) early_fixed: Pct,
}

/// What a bank offers from a day on.
#[derive(Debug, Clone)]
pub struct Offer {
    edition: String,
    effective_from: Date,
    bank: Bank,
    branches: Vec<Branch>,
    pub(crate) terms: Terms,
    pub(crate) products: Vec<ProductRule>,
    schemes: Vec<Scheme>,
    pub(crate) charges: Vec<ChargeRule>,
    pub(crate) life: LifeTariff,
    pub(crate) multi_risk: MultiRiskTariff,
}

impl Offer {
    /// Reads a document.
    ///
    /// # Errors
    /// Every mistake in it, each with its path; only the first when it is no TOML at all.
    pub fn parse(text: &str) -> Result<Self, OfferError> {
        let alone = |what: String| OfferError {
            mistakes: vec![Mistake {
                path: String::new(),
                what,
            }],
        };
        if text.len() > MAX_BYTES {
            return Err(alone(format!(
                "the document has more than {MAX_BYTES} bytes"
            )));
        }
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count();
            alone(format!(
                "line {}: {}",
                line.saturating_add(1),
                error.message()
            ))
        })?;
        let mistakes = Mistakes::default();
        let offer = Self::of(&Section::new(&table, String::new(), &mistakes));
        let mistakes = mistakes.into_vec();
        match offer {
            Some(offer) if mistakes.is_empty() => Ok(offer),
            Some(_) | None if mistakes.is_empty() => {
                Err(alone("the document is not whole".to_owned()))
            }
            Some(_) | None => Err(OfferError { mistakes }),
        }
    }

    fn of(top: &Section<'_>) -> Option<Self> {
        let edition = top.text("edition");
        let effective_from = top.day("effective_from");
        let bank = top.section("bank").map(|section| bank(&section));
        let terms = top.section("terms").map(|section| terms(&section));
        let branches = branches(top);
        let products = products(top);
        let schemes = scheme::schemes(top, &products);
        let charges = charges::charges(top, &schemes);
        let life = top
            .section("life")
            .map(|section| tariff::life(&section, &products));
        let multi_risk = top.section("multi_risk");
        let multi_risk = multi_risk.map(|section| tariff::multi_risk(&section, &products));
        top.done();
        Some(Self {
            edition,
            effective_from,
            bank: bank?,
            branches,
            terms: terms?,
            products,
            schemes,
            charges,
            life: life?,
            multi_risk: multi_risk?,
        })
    }

    /// Its name.
    #[must_use]
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// First day it is in force.
    #[must_use]
    pub const fn effective_from(&self) -> Date {
        self.effective_from
    }

    /// The bank.
    #[must_use]
    pub const fn bank(&self) -> &Bank {
        &self.bank
    }

    /// Every branch, retired ones too, in the order of the document.
    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// A branch by its number.
    #[must_use]
    pub fn branch(&self, id: u32) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.id == id)
    }

    /// Every scheme, retired ones too, in the order of the document.
    #[must_use]
    pub fn schemes(&self) -> &[Scheme] {
        &self.schemes
    }

    /// Schemes and branches of an earlier version that this one has not, or has with another code: their
    /// numbers are kept for ever, so they have to stay, marked as retired.
    #[must_use]
    pub fn lost_since(&self, earlier: &Self) -> Vec<String> {
        let mut lost = Vec::new();
        for scheme in &earlier.schemes {
            let Choice { id, code, .. } = &scheme.choice;
            if self.scheme(*id).is_none_or(|now| now.choice.code != *code) {
                lost.push(format!("scheme {id} ({code}) is gone or has another code"));
            }
        }
        for branch in &earlier.branches {
            let Branch { id, code, .. } = branch;
            if self.branch(*id).is_none_or(|now| now.code != *code) {
                lost.push(format!("branch {id} ({code}) is gone or has another code"));
            }
        }
        lost
    }

    /// A scheme by its number.
    #[must_use]
    pub fn scheme(&self, id: u32) -> Option<&Scheme> {
        self.schemes.iter().find(|scheme| scheme.choice.id == id)
    }
}

fn bank(section: &Section<'_>) -> Bank {
    let nipc = section.text("nipc");
    if !nipc.is_empty() && !nif_is_valid(&nipc) {
        section.wrong("nipc", "is not a tax number with a right check digit");
    }
    let bank = Bank {
        legal_name: section.text("legal_name"),
        nipc,
        address: section.text("address"),
        phone: section.text("phone"),
        email: section.text("email"),
        website: section.text("website"),
        registration: section.text("registration"),
        gives_advice: section.flag("gives_advice"),
        complaints: section
            .texts("complaints")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        reflection_days: section.number("reflection_days", 7, 60),
        offer_days: section.number("offer_days", 30, 365),
        default_surcharge: section.percent("default_surcharge_percent", MAX_PERCENT),
    };
    section.done();
    bank
}

fn terms(section: &Section<'_>) -> Terms {
    let words = [
        ("credited_to_capital", NegativeInterest::CreditedToCapital),
        ("banked", NegativeInterest::Banked),
    ];
    let negative = section.word("negative_interest", &words, None);
    let most = u32::try_from(MAX_BORROWERS).unwrap_or(1);
    let max_borrowers = section.number("max_borrowers", 1, most);
    let terms = Terms {
        min_age: section.number("min_age", 18, 100),
        max_age_at_end: section.number("max_age_at_end", 19, 120),
        max_borrowers: usize::try_from(max_borrowers).unwrap_or(1),
        negative_interest: negative.unwrap_or(NegativeInterest::CreditedToCapital),
        early_variable: section.percent("early_variable_fee_percent", MAX_PERCENT),
        early_fixed: section.percent("early_fixed_fee_percent", MAX_PERCENT),
    };
    if section.whole() && terms.max_age_at_end <= terms.min_age {
        section.wrong("max_age_at_end", "must be above min_age");
    }
    section.done();
    terms
}

fn branches(top: &Section<'_>) -> Vec<Branch> {
    let mut branches: Vec<Branch> = Vec::new();
    for section in top.sections("branch") {
        let branch = Branch {
            id: section.number("id", 1, 999_999_999),
            code: section.text("code"),
            name: section.text("name"),
            retired: section.flag("retired"),
        };
        section.done();
        if branches.iter().any(|other| other.id == branch.id) {
            section.wrong("id", "is there twice");
        }
        branches.push(branch);
    }
    branches
}

fn products(top: &Section<'_>) -> Vec<ProductRule> {
    let mut products: Vec<ProductRule> = Vec::new();
    for section in top.sections("product") {
        let product = ProductRule {
            code: section.text("code"),
            pt: section.text("pt"),
            en: section.text("en"),
        };
        section.done();
        if products.iter().any(|other| other.code == product.code) {
            section.wrong("code", "is there twice");
        }
        products.push(product);
    }
    products
}

#[cfg(test)]
mod tests;
