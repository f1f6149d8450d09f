//! A company as somebody sent it.

use super::{CompanyFacts, LegalForm, OriginatorType};
use crate::application::sensitive::Sensitive;
use crate::entry::Entry;
use crate::image::ImageDraft;
use crate::license::LicenseDraft;

/// A company as somebody sent it, nothing checked. A part nobody said anything about keeps what is
/// stored; a blank text clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyDraft {
    /// What the lender a broker belongs to calls it.
    pub partner_uid: Entry<String>,
    /// Trading name.
    pub name: Entry<String>,
    /// Name in the register.
    pub legal_name: Entry<String>,
    /// Street and house number.
    pub street: Entry<String>,
    /// Second line of the address.
    pub unit: Entry<String>,
    /// City.
    pub city: Entry<String>,
    /// State: two capital letters.
    pub state: Entry<String>,
    /// Postal code.
    pub postal_code: Entry<String>,
    /// County.
    pub county: Entry<String>,
    /// Country.
    pub country: Entry<String>,
    /// Site for consumers.
    pub website: Entry<String>,
    /// Telephone.
    pub phone: Entry<String>,
    /// Extension of the telephone.
    pub phone_extension: Entry<String>,
    /// Mail address.
    pub email: Entry<String>,
    /// Registry number.
    pub nmls: Entry<String>,
    /// Broker or correspondent.
    pub originator: Entry<OriginatorType>,
    /// Legal form.
    pub legal_form: Entry<LegalForm>,
    /// Description.
    pub about: Entry<String>,
    /// Short description.
    pub about_short: Entry<String>,
    /// Tax number.
    pub tax_id: Entry<Sensitive<String>>,
    /// What its loan officers earn, in percent of the loan, as decimal text.
    pub officer_compensation: Entry<String>,
    /// Pricing tier.
    pub pricing_tier: Entry<String>,
    /// Whether it offers conventional loans.
    pub offers_conventional: Entry<bool>,
    /// Whether it offers FHA loans.
    pub offers_fha: Entry<bool>,
    /// Whether it offers VA loans.
    pub offers_va: Entry<bool>,
    /// Licences.
    pub licenses: Entry<Vec<LicenseDraft>>,
    /// Logo; a new one replaces the old one.
    pub logo: Option<ImageDraft>,
    /// Small picture for a browser's tab.
    pub favicon: Option<ImageDraft>,
    /// Main colour of its pages.
    pub brand_color: Entry<String>,
    /// Second colour of its pages.
    pub accent_color: Entry<String>,
}

impl CompanyDraft {
    /// This draft with what is stored where it says nothing.
    #[must_use]
    pub fn over(self, stored: &CompanyFacts) -> Self {
        let text = |new: Entry<String>, old: &Option<String>| new.or(old.clone());
        let old_licenses: Vec<LicenseDraft> =
            stored.licenses.iter().map(LicenseDraft::from).collect();
        let old_tax_id = stored.tax_id.as_ref();
        let old_compensation = stored.officer_compensation.map(|pct| pct.to_fixed(9));
        Self {
            partner_uid: text(self.partner_uid, &stored.partner_uid),
            name: self.name.or(Some(stored.name.clone())),
            legal_name: text(self.legal_name, &stored.legal_name),
            street: text(self.street, &stored.street),
            unit: text(self.unit, &stored.unit),
            city: text(self.city, &stored.city),
            state: self.state.or(stored.state.map(|s| s.as_str().to_owned())),
            postal_code: text(self.postal_code, &stored.postal_code),
            county: text(self.county, &stored.county),
            country: text(self.country, &stored.country),
            website: text(self.website, &stored.website),
            phone: text(self.phone, &stored.phone),
            phone_extension: text(self.phone_extension, &stored.phone_extension),
            email: text(self.email, &stored.email),
            nmls: text(self.nmls, &stored.nmls),
            originator: self.originator.or(stored.originator),
            legal_form: self.legal_form.or(stored.legal_form),
            about: text(self.about, &stored.about),
            about_short: text(self.about_short, &stored.about_short),
            tax_id: self
                .tax_id
                .or(old_tax_id.map(|id| Sensitive::new(id.expose().to_owned()))),
            officer_compensation: self.officer_compensation.or(old_compensation),
            pricing_tier: text(self.pricing_tier, &stored.pricing_tier),
            offers_conventional: self.offers_conventional.or(stored.offers_conventional),
            offers_fha: self.offers_fha.or(stored.offers_fha),
            offers_va: self.offers_va.or(stored.offers_va),
            licenses: self.licenses.or(Some(old_licenses)),
            logo: self.logo,
            favicon: self.favicon,
            brand_color: text(self.brand_color, &stored.brand_color),
            accent_color: text(self.accent_color, &stored.accent_color),
        }
    }
}
