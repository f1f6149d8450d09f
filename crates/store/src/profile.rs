//! What an organisation says about itself, and its licences.

use lintel_domain::company::{CompanyFacts, LegalForm, OriginatorType};
use lintel_domain::id::{Instant, RowId};
use lintel_domain::image::ImageRef;
use lintel_domain::license::{License, StateCode};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, at, pct};
use crate::vals;

pub(crate) const LOAD: &str = "SELECT o.name, o.nmls, o.partner_uid, p.legal_name, p.street, \
     p.unit, p.city, p.state, p.postal_code, p.county, p.country, p.website, p.phone, \
     p.phone_extension, p.email, p.originator_type, p.legal_form, p.about, p.about_short, \
     p.tax_id_sealed, p.officer_compensation_pct_e9, p.pricing_tier, p.offers_conventional, \
     p.offers_fha, p.offers_va, p.logo, p.favicon, p.brand_color, p.accent_color, p.updated_at_us \
     FROM organisation o LEFT JOIN organisation_profile p ON p.org_id = o.id WHERE o.id = $1";
pub(crate) const SET_NAME: &str =
    "UPDATE organisation SET name = $2, nmls = $3, updated_at_us = $4 WHERE id = $1";
pub(crate) const PUT: &str = "INSERT INTO organisation_profile (org_id, legal_name, street, unit, \
     city, state, postal_code, county, country, website, phone, phone_extension, email, \
     originator_type, legal_form, about, about_short, tax_id_sealed, officer_compensation_pct_e9, \
     pricing_tier, offers_conventional, offers_fha, offers_va, logo, favicon, brand_color, \
     accent_color, updated_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
     $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28) \
     ON CONFLICT (org_id) DO UPDATE SET legal_name = excluded.legal_name, \
     street = excluded.street, unit = excluded.unit, city = excluded.city, \
     state = excluded.state, postal_code = excluded.postal_code, county = excluded.county, \
     country = excluded.country, website = excluded.website, phone = excluded.phone, \
     phone_extension = excluded.phone_extension, email = excluded.email, \
     originator_type = excluded.originator_type, legal_form = excluded.legal_form, \
     about = excluded.about, about_short = excluded.about_short, \
     tax_id_sealed = excluded.tax_id_sealed, \
     officer_compensation_pct_e9 = excluded.officer_compensation_pct_e9, \
     pricing_tier = excluded.pricing_tier, offers_conventional = excluded.offers_conventional, \
     offers_fha = excluded.offers_fha, offers_va = excluded.offers_va, logo = excluded.logo, \
     favicon = excluded.favicon, brand_color = excluded.brand_color, \
     accent_color = excluded.accent_color, updated_at_us = excluded.updated_at_us";
pub(crate) const LICENSES: &str =
    "SELECT state, number FROM organisation_license WHERE org_id = $1 ORDER BY state";
pub(crate) const DROP_LICENSES: &str = "DELETE FROM organisation_license WHERE org_id = $1";
pub(crate) const INSERT_LICENSE: &str =
    "INSERT INTO organisation_license (org_id, state, number) VALUES ($1, $2, $3)";

/// An organisation's profile as stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredProfile {
    /// Everything but the tax number, which is sealed.
    pub facts: CompanyFacts,
    /// The tax number, sealed.
    pub tax_id_sealed: Option<Vec<u8>>,
    /// Name of the logo.
    pub logo: Option<ImageRef>,
    /// Name of the favicon.
    pub favicon: Option<ImageRef>,
    /// When it was last changed; none while nothing but the name is known.
    pub updated_at: Option<Instant>,
}

#[derive(FromRow)]
struct Row {
    name: String,
    nmls: Option<String>,
    partner_uid: Option<String>,
    legal_name: Option<String>,
    street: Option<String>,
    unit: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    county: Option<String>,
    country: Option<String>,
    website: Option<String>,
    phone: Option<String>,
    phone_extension: Option<String>,
    email: Option<String>,
    originator_type: Option<String>,
    legal_form: Option<String>,
    about: Option<String>,
    about_short: Option<String>,
    tax_id_sealed: Option<Vec<u8>>,
    officer_compensation_pct_e9: Option<i64>,
    pricing_tier: Option<String>,
    offers_conventional: Option<bool>,
    offers_fha: Option<bool>,
    offers_va: Option<bool>,
    logo: Option<String>,
    favicon: Option<String>,
    brand_color: Option<String>,
    accent_color: Option<String>,
    updated_at_us: Option<i64>,
}

impl Row {
    fn read(self, id: &str, licenses: Vec<License>) -> Result<StoredProfile, Fault> {
        let place = At {
            table: "organisation_profile",
            id,
        };
        let facts = CompanyFacts {
            partner_uid: self.partner_uid,
            name: self.name,
            legal_name: self.legal_name,
            street: self.street,
            unit: self.unit,
            city: self.city,
            state: place.maybe_word("state", self.state.as_deref(), StateCode::parse)?,
            postal_code: self.postal_code,
            county: self.county,
            country: self.country,
            website: self.website,
            phone: self.phone,
            phone_extension: self.phone_extension,
            email: self.email,
            nmls: self.nmls,
            originator: place.maybe_word(
                "originator_type",
                self.originator_type.as_deref(),
                OriginatorType::parse,
            )?,
            legal_form: place.maybe_word(
                "legal_form",
                self.legal_form.as_deref(),
                LegalForm::parse,
            )?,
            about: self.about,
            about_short: self.about_short,
            tax_id: None,
            officer_compensation: self.officer_compensation_pct_e9.map(pct),
            pricing_tier: self.pricing_tier,
            offers_conventional: self.offers_conventional,
            offers_fha: self.offers_fha,
            offers_va: self.offers_va,
            licenses,
            brand_color: self.brand_color,
            accent_color: self.accent_color,
        };
        Ok(StoredProfile {
            facts,
            tax_id_sealed: self.tax_id_sealed,
            logo: place.maybe_word("logo", self.logo.as_deref(), ImageRef::parse)?,
            favicon: place.maybe_word("favicon", self.favicon.as_deref(), ImageRef::parse)?,
            updated_at: self.updated_at_us.map(at),
        })
    }
}

fn read_licenses(rows: Vec<(String, String)>, id: &str) -> Result<Vec<License>, Fault> {
    let place = At {
        table: "organisation_license",
        id,
    };
    let read = |(state, number): (String, String)| {
        let state = place.word("state", &state, StateCode::parse)?;
        Ok(License { state, number })
    };
    rows.into_iter().map(read).collect()
}

/// Reads an organisation's profile; `None` when there is no such organisation.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId) -> Result<Option<StoredProfile>, Fault> {
    let id = org_id.as_str();
    let Some(row) = db.maybe::<Row>(LOAD, vals![id]).await? else {
        return Ok(None);
    };
    let licenses = read_licenses(db.all(LICENSES, vals![id]).await?, id)?;
    row.read(id, licenses).map(Some)
}

/// As [`load`], within a transaction.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_in(tx: &mut Tx, org_id: &RowId) -> Result<Option<StoredProfile>, Fault> {
    let id = org_id.as_str();
    let Some(row) = tx.maybe::<Row>(LOAD, vals![id]).await? else {
        return Ok(None);
    };
    let licenses = read_licenses(tx.all(LICENSES, vals![id]).await?, id)?;
    row.read(id, licenses).map(Some)
}

/// Replaces an organisation's profile. The organisation's row is locked until the transaction ends.
/// What a partner calls it is not changed.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn put_in(
    tx: &mut Tx,
    org_id: &RowId,
    profile: &StoredProfile,
    now: Instant,
) -> Result<(), Fault> {
    let id = org_id.as_str();
    let facts = &profile.facts;
    let named = vals![id, &facts.name, facts.nmls.clone(), now.micros()];
    tx.exec(SET_NAME, named).await?;
    let args = vals![
        id,
        facts.legal_name.clone(),
        facts.street.clone(),
        facts.unit.clone(),
        facts.city.clone(),
        facts.state.map(StateCode::as_str),
        facts.postal_code.clone(),
        facts.county.clone(),
        facts.country.clone(),
        facts.website.clone(),
        facts.phone.clone(),
        facts.phone_extension.clone(),
        facts.email.clone(),
        facts.originator.map(OriginatorType::as_str),
        facts.legal_form.map(LegalForm::as_str),
        facts.about.clone(),
        facts.about_short.clone(),
        profile.tax_id_sealed.clone(),
        facts.officer_compensation.map(lintel_engine::rate::Pct::e9),
        facts.pricing_tier.clone(),
        facts.offers_conventional,
        facts.offers_fha,
        facts.offers_va,
        profile.logo.as_ref().map(ToString::to_string),
        profile.favicon.as_ref().map(ToString::to_string),
        facts.brand_color.clone(),
        facts.accent_color.clone(),
        now.micros(),
    ];
    tx.exec(PUT, args).await?;
    tx.exec(DROP_LICENSES, vals![id]).await?;
    for license in &facts.licenses {
        let args = vals![id, license.state.as_str(), &license.number];
        tx.exec(INSERT_LICENSE, args).await?;
    }
    Ok(())
}
