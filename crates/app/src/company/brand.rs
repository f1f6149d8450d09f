//! How an organisation's pages look, and how to reach it.

use lintel_domain::company::CompanyFacts;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::{organisation, profile};
use ring::digest::{SHA256, digest};

use super::gone;
use crate::context::App;
use crate::image;

/// Characters of a version.
const VERSION_LEN: usize = 12;

/// How an organisation's pages look, and how to reach it. Everything in it may be shown to anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// The `lenderID`.
    pub lender_id: PublicId,
    /// Trading name.
    pub name: String,
    /// Name in the register.
    pub legal_name: Option<String>,
    /// Address of its logo.
    pub logo_url: Option<String>,
    /// Address of its favicon.
    pub favicon_url: Option<String>,
    /// Main colour: `#rrggbb`.
    pub brand_color: Option<String>,
    /// Second colour: `#rrggbb`.
    pub accent_color: Option<String>,
    /// Registry number.
    pub nmls: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Extension of the telephone.
    pub phone_extension: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Site.
    pub website: Option<String>,
    /// Address in one line.
    pub address: Option<String>,
    /// Short description.
    pub about_short: Option<String>,
    /// Changes with the colours: for the address of a style sheet that may be kept for long.
    pub version: String,
}

/// How the pages of the organisation with a public id look; `None` when there is none, or it or the
/// lender above it is not active.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn brand(app: &App, lender_id: &PublicId) -> Result<Option<Brand>, Fault> {
    let org = organisation::load(app.db(), lender_id).await?;
    let Some(org) = org.filter(|org| org.is_active) else {
        return Ok(None);
    };
    if let Some(parent) = &org.parent_id {
        let lender = organisation::load_by_id(app.db(), parent).await?;
        if !lender.is_some_and(|lender| lender.is_active) {
            return Ok(None);
        }
    }
    brand_of(app, &org).await.map(Some)
}

/// How an organisation's pages look.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn brand_of(app: &App, org: &Organisation) -> Result<Brand, Fault> {
    let stored = profile::load(app.db(), &org.id).await?;
    let stored = stored.ok_or_else(|| gone(&org.id))?;
    let url = |name: Option<lintel_domain::image::ImageRef>| {
        name.map(|name| image::url(app, &name.to_string()))
            .transpose()
    };
    let facts = stored.facts;
    Ok(Brand {
        lender_id: org.public_id.clone(),
        version: version(&facts),
        address: address(&facts),
        logo_url: url(stored.logo)?,
        favicon_url: url(stored.favicon)?,
        name: facts.name,
        legal_name: facts.legal_name,
        brand_color: facts.brand_color,
        accent_color: facts.accent_color,
        nmls: facts.nmls,
        phone: facts.phone,
        phone_extension: facts.phone_extension,
        email: facts.email,
        website: facts.website,
        about_short: facts.about_short,
    })
}

/// Street, unit, city, state and postal code, as far as they are known.
pub(crate) fn address(facts: &CompanyFacts) -> Option<String> {
    let state = facts.state.map(|state| state.as_str());
    let place: Vec<&str> = [state, facts.postal_code.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let place = place.join(" ");
    let street = [&facts.street, &facts.unit, &facts.city];
    let parts = street.into_iter().flatten().map(String::as_str);
    let parts: Vec<&str> = parts
        .chain(std::iter::once(place.as_str()))
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn version(facts: &CompanyFacts) -> String {
    let text = |color: &Option<String>| color.clone().unwrap_or_default();
    let colors = format!("{} {}", text(&facts.brand_color), text(&facts.accent_color));
    let hash = digest(&SHA256, colors.as_bytes());
    let hex: String = hash.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    hex.chars().take(VERSION_LEN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lintel_domain::license::StateCode;

    #[test]
    fn an_address_has_only_the_parts_that_are_known() {
        let mut facts = CompanyFacts::default();
        assert_eq!(address(&facts), None);
        facts.state = StateCode::parse("CA");
        assert_eq!(address(&facts).as_deref(), Some("CA"));
        facts.street = Some("1 Example Street".to_owned());
        facts.city = Some("Sampleton".to_owned());
        facts.postal_code = Some("90001".to_owned());
        let all = "1 Example Street, Sampleton, CA 90001";
        assert_eq!(address(&facts).as_deref(), Some(all));
    }

    #[test]
    fn a_version_follows_the_colours_and_nothing_else() {
        let plain = CompanyFacts::default();
        let coloured = CompanyFacts {
            brand_color: Some("#112233".to_owned()),
            ..plain.clone()
        };
        let renamed = CompanyFacts {
            name: "Other".to_owned(),
            ..plain.clone()
        };
        assert_ne!(version(&plain), version(&coloured));
        assert_eq!(version(&plain), version(&renamed));
        assert_eq!(version(&plain).len(), VERSION_LEN);
    }
}
