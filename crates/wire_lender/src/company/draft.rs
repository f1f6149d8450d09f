//! `company` of `/broker-setup-url`.

use lintel_domain::application::sensitive::Sensitive;
use lintel_domain::company::CompanyDraft;
use lintel_domain::entry::Entry;

use crate::draft::{licenses, picture};
use crate::form::Reader;
use crate::names::people::{LEGAL_FORMS, ORIGINATOR_TYPES};

/// The company as it was sent.
pub fn company(reader: &Reader<'_>) -> CompanyDraft {
    let text = |name| reader.entry_text(name);
    let [offers_conventional, offers_fha, offers_va] = offers(reader);
    CompanyDraft {
        partner_uid: text("brokerUID"),
        name: text("name"),
        legal_name: text("nameLegal"),
        street: text("addressStreet"),
        unit: text("addressStreet2"),
        city: text("addressCity"),
        state: text("addressState"),
        postal_code: text("addressZipcode"),
        county: text("addressCounty"),
        country: text("addressCountry"),
        website: text("website"),
        phone: text("phone"),
        phone_extension: text("phoneExtension"),
        email: text("email"),
        nmls: text("nmls"),
        originator: reader.entry_word("originatorType", ORIGINATOR_TYPES),
        legal_form: reader.entry_word("organizationType", LEGAL_FORMS),
        about: text("about"),
        about_short: text("aboutShort"),
        tax_id: reader.entry_as("tin", |tin| Some(Sensitive::new(tin.to_owned()))),
        officer_compensation: text("loCompensation"),
        pricing_tier: text("pricingTier"),
        offers_conventional,
        offers_fha,
        offers_va,
        licenses: licenses(reader),
        logo: picture(reader, "logo"),
        favicon: picture(reader, "favicon"),
        // Set on a page; the text has no colours.
        brand_color: Entry::Absent,
        accent_color: Entry::Absent,
    }
}

/// `productTypesOffer`, whose three flags are needed even when it is not an object at all.
fn offers(reader: &Reader<'_>) -> [Entry<bool>; 3] {
    let names = ["conventional", "fha", "va"];
    match reader.entry_object("productTypesOffer") {
        Entry::Absent => names.map(|_| Entry::Absent),
        Entry::Unreadable => names.map(|_| Entry::Unreadable),
        Entry::Given(offers) => names.map(|name| offers.entry_bit(name)),
    }
}
