//! From a draft to facts: everything that is wrong with it, in the order of its parts.

use lintel_engine::rate::Pct;

use super::{CompanyDraft, CompanyFacts, OriginatorType, TaxId};
use crate::contact;
use crate::entry::Entry;
use crate::license::{self, License, LicenseDraft, StateCode};
use crate::organisation::OrganisationKind;
use crate::refusal::{CompanyField, Rule};

/// Longest id a partner gives a company or a person.
pub const UID_MAX_CHARS: usize = 100;
const NAME_MAX_CHARS: usize = 200;
const STREET_MAX_CHARS: usize = 200;
const UNIT_MAX_CHARS: usize = 100;
const CITY_MAX_CHARS: usize = 100;
const COUNTRY_MAX_CHARS: usize = 100;
const ABOUT_MAX_CHARS: usize = 10_000;
const ABOUT_SHORT_MAX_CHARS: usize = 1000;
const TIER_MAX_CHARS: usize = 100;
/// Digits after the point a percentage is stored with.
const PERCENT_DECIMALS: usize = 9;

/// What is wrong with a company, in the order of its parts.
pub type CompanyMistakes = Vec<(CompanyField, Rule)>;

impl CompanyDraft {
    /// Checks a broker's company as its lender sends it: everything a broker needs must be there,
    /// and what the lender calls it.
    ///
    /// # Errors
    /// Every mistake, in order. Pictures are not looked at.
    pub fn check(&self) -> Result<CompanyFacts, CompanyMistakes> {
        let (facts, mut mistakes) = self.read_for(OrganisationKind::Broker);
        let is_named = facts.partner_uid.is_some()
            || mistakes
                .iter()
                .any(|(field, _)| *field == CompanyField::Uid);
        if !is_named {
            mistakes.insert(0, (CompanyField::Uid, Rule::Missing));
        }
        faultless(facts, mistakes)
    }

    /// Checks a company of a kind: a broker must say everything a broker needs, everybody else its
    /// name; what is said must be good in either case.
    ///
    /// # Errors
    /// Every mistake, in order. Pictures are not looked at.
    pub fn check_for(&self, kind: OrganisationKind) -> Result<CompanyFacts, CompanyMistakes> {
        let (facts, mistakes) = self.read_for(kind);
        faultless(facts, mistakes)
    }

    /// What could be read of a company of a kind, and everything that is wrong with it. Parts with a
    /// mistake are absent from the facts.
    #[must_use]
    pub fn read_for(&self, kind: OrganisationKind) -> (CompanyFacts, CompanyMistakes) {
        let mut reader = Reader {
            mistakes: Vec::new(),
            is_broker: kind.has_parent(),
        };
        let mut facts = CompanyFacts::default();
        reader.identity(self, &mut facts);
        reader.address(self, &mut facts);
        reader.contact(self, &mut facts);
        reader.business(self, &mut facts);
        facts.licenses = reader.licenses(&self.licenses);
        facts.brand_color =
            reader.text(CompanyField::BrandColor, &self.brand_color, contact::color);
        facts.accent_color = reader.text(
            CompanyField::AccentColor,
            &self.accent_color,
            contact::color,
        );
        (facts, reader.mistakes)
    }
}

fn faultless(
    facts: CompanyFacts,
    mistakes: CompanyMistakes,
) -> Result<CompanyFacts, CompanyMistakes> {
    if mistakes.is_empty() {
        Ok(facts)
    } else {
        Err(mistakes)
    }
}

struct Reader {
    mistakes: CompanyMistakes,
    is_broker: bool,
}

impl Reader {
    fn refuse<T>(&mut self, field: CompanyField, rule: Rule) -> Option<T> {
        self.mistakes.push((field, rule));
        None
    }

    /// A text that may be absent; blank is absent.
    fn text<T>(
        &mut self,
        field: CompanyField,
        entry: &Entry<String>,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        match entry {
            Entry::Absent => None,
            Entry::Given(text) if text.trim().is_empty() => None,
            Entry::Unreadable => self.refuse(field, Rule::Malformed),
            Entry::Given(text) => match read(text) {
                Some(value) => Some(value),
                None => self.refuse(field, Rule::Malformed),
            },
        }
    }

    /// A text a broker needs.
    fn needed_text<T>(
        &mut self,
        field: CompanyField,
        entry: &Entry<String>,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let before = self.mistakes.len();
        let value = self.text(field, entry, read);
        if value.is_none() && self.mistakes.len() == before && self.is_broker {
            return self.refuse(field, Rule::Missing);
        }
        value
    }

    /// A word or a yes or no that was translated already.
    fn value<T: Copy>(
        &mut self,
        field: CompanyField,
        entry: &Entry<T>,
        is_needed: bool,
    ) -> Option<T> {
        match entry {
            Entry::Absent if is_needed => self.refuse(field, Rule::Missing),
            Entry::Absent => None,
            Entry::Unreadable => self.refuse(field, Rule::Malformed),
            Entry::Given(value) => Some(*value),
        }
    }

    fn identity(&mut self, draft: &CompanyDraft, facts: &mut CompanyFacts) {
        // An operator may set up a broker that no partner's system knows.
        facts.partner_uid = self.text(CompanyField::Uid, &draft.partner_uid, |text| {
            contact::line(text, UID_MAX_CHARS)
        });
        let before = self.mistakes.len();
        let name = self.text(CompanyField::Name, &draft.name, name_of);
        if name.is_none() && self.mistakes.len() == before {
            self.refuse::<()>(CompanyField::Name, Rule::Missing);
        }
        facts.name = name.unwrap_or_default();
        facts.legal_name = self.needed_text(CompanyField::LegalName, &draft.legal_name, name_of);
    }

    fn address(&mut self, draft: &CompanyDraft, facts: &mut CompanyFacts) {
        facts.street = self.needed_text(CompanyField::Street, &draft.street, |text| {
            contact::line(text, STREET_MAX_CHARS)
        });
        facts.unit = self.text(CompanyField::Unit, &draft.unit, |text| {
            contact::line(text, UNIT_MAX_CHARS)
        });
        facts.city = self.needed_text(CompanyField::City, &draft.city, |text| {
            contact::line(text, CITY_MAX_CHARS)
        });
        facts.state = self.needed_text(CompanyField::State, &draft.state, |text| {
            StateCode::parse(text.trim())
        });
        facts.postal_code = self.needed_text(
            CompanyField::PostalCode,
            &draft.postal_code,
            contact::postal_code,
        );
        facts.county = self.text(CompanyField::County, &draft.county, |text| {
            contact::line(text, CITY_MAX_CHARS)
        });
        facts.country = self.text(CompanyField::Country, &draft.country, |text| {
            contact::line(text, COUNTRY_MAX_CHARS)
        });
    }

    fn contact(&mut self, draft: &CompanyDraft, facts: &mut CompanyFacts) {
        facts.website = self.text(CompanyField::Website, &draft.website, contact::website);
        facts.phone = self.needed_text(CompanyField::Phone, &draft.phone, contact::phone);
        facts.phone_extension = self.text(
            CompanyField::PhoneExtension,
            &draft.phone_extension,
            contact::phone_extension,
        );
        facts.email = self.text(CompanyField::Email, &draft.email, contact::email);
    }

    fn business(&mut self, draft: &CompanyDraft, facts: &mut CompanyFacts) {
        facts.nmls = self.needed_text(CompanyField::Nmls, &draft.nmls, contact::nmls);
        let originator = self.value(CompanyField::OriginatorType, &draft.originator, false);
        let default = self.is_broker.then_some(OriginatorType::Broker);
        facts.originator = originator.or(default);
        facts.legal_form = self.value(CompanyField::LegalForm, &draft.legal_form, false);
        facts.about = self.text(CompanyField::About, &draft.about, |text| {
            contact::prose(text, ABOUT_MAX_CHARS)
        });
        facts.about_short = self.text(CompanyField::AboutShort, &draft.about_short, |text| {
            contact::prose(text, ABOUT_SHORT_MAX_CHARS)
        });
        let tax_id = match &draft.tax_id {
            Entry::Absent => Entry::Absent,
            Entry::Unreadable => Entry::Unreadable,
            Entry::Given(text) => Entry::Given(text.expose().clone()),
        };
        facts.tax_id = self.needed_text(CompanyField::TaxId, &tax_id, TaxId::parse);
        facts.officer_compensation = self.needed_text(
            CompanyField::OfficerCompensation,
            &draft.officer_compensation,
            percent,
        );
        facts.pricing_tier = self.text(CompanyField::PricingTier, &draft.pricing_tier, |text| {
            contact::line(text, TIER_MAX_CHARS)
        });
        let is_needed = self.is_broker;
        facts.offers_conventional = self.value(
            CompanyField::OffersConventional,
            &draft.offers_conventional,
            is_needed,
        );
        facts.offers_fha = self.value(CompanyField::OffersFha, &draft.offers_fha, is_needed);
        facts.offers_va = self.value(CompanyField::OffersVa, &draft.offers_va, is_needed);
    }

    fn licenses(&mut self, entry: &Entry<Vec<LicenseDraft>>) -> Vec<License> {
        let drafts = match entry {
            Entry::Unreadable => {
                self.refuse::<()>(CompanyField::Licenses, Rule::Malformed);
                return Vec::new();
            }
            Entry::Absent => &[][..],
            Entry::Given(drafts) => drafts,
        };
        if drafts.is_empty() && self.is_broker {
            self.refuse::<()>(CompanyField::Licenses, Rule::Missing);
        }
        license::check(drafts).unwrap_or_else(|mistakes| {
            let mistakes = mistakes.into_iter();
            self.mistakes.extend(
                mistakes
                    .map(|(license, part, rule)| (CompanyField::License { license, part }, rule)),
            );
            Vec::new()
        })
    }
}

fn name_of(text: &str) -> Option<String> {
    contact::line(text, NAME_MAX_CHARS)
}

/// A percentage from 0 to 100 with at most nine digits after the point that are not zero.
fn percent(text: &str) -> Option<Pct> {
    let text = text.trim();
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    if fraction.trim_end_matches('0').len() > PERCENT_DECIMALS {
        return None;
    }
    let pct = Pct::parse_decimal(text).ok()?;
    (Pct::ZERO..=Pct::HUNDRED).contains(&pct).then_some(pct)
}
