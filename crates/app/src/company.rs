//! What an organisation says about itself, and how its pages look.

mod brand;
mod write;

use lintel_domain::company::{CompanyDraft, CompanyFacts, TaxId};
use lintel_domain::entry::Entry;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::image::ImageRef;
use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::profile::{self, StoredProfile};

pub(crate) use brand::address;
pub use brand::{Brand, brand, brand_of};
pub(crate) use write::{Pictures, WriteProfile, facts_in, refused, tell_in, write_in};

use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;
use crate::session::SignedIn;

/// An organisation and what it says about itself.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The organisation.
    pub org: Organisation,
    /// What it says.
    pub facts: CompanyFacts,
    /// Name of its logo.
    pub logo: Option<ImageRef>,
    /// Name of its favicon.
    pub favicon: Option<ImageRef>,
    /// When it was last changed; none while nothing but the name is known.
    pub updated_at: Option<Instant>,
}

/// A picture of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompanyPicture {
    /// The mark at the top of its pages.
    Logo,
    /// The small mark in a browser's tab.
    Favicon,
}

/// Reads what an organisation says about itself.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn profile(app: &App, org: &Organisation) -> Result<Profile, Fault> {
    let stored = profile::load(app.db(), &org.id).await?;
    let stored = stored.ok_or_else(|| gone(&org.id))?;
    Ok(Profile {
        facts: facts_of(app, &org.id, &stored)?,
        org: Organisation {
            name: stored.facts.name,
            nmls: stored.facts.nmls,
            ..org.clone()
        },
        logo: stored.logo,
        favicon: stored.favicon,
        updated_at: stored.updated_at,
    })
}

/// Changes what the signed-in person's organisation says about itself. What it did not say anything
/// about stays. What its lender calls a broker, what its officers earn and which tier it is priced at
/// are the lender's to say: a broker's words on that are left aside.
///
/// # Errors
/// Refused with every mistake; denied to people whose roles do not allow it.
#[boxed]
pub async fn update(
    app: &App,
    who: &SignedIn,
    mut draft: CompanyDraft,
) -> Result<Profile, AppError> {
    who.require(Permission::EditCompany)?;
    draft.partner_uid = Entry::Absent;
    if who.org.kind.has_parent() {
        draft.officer_compensation = Entry::Absent;
        draft.pricing_tier = Entry::Absent;
    }
    keep_tax_id(&mut draft);
    let mut mistakes = Vec::new();
    let pictures = Pictures::prepare(app, &mut draft, &mut mistakes).await?;
    // Everything that is wrong is told at once, so the texts are looked at before the pictures'
    // mistakes are; what counts is looked at again once nobody else can change it.
    let known = profile(app, &who.org).await?.facts;
    let (_, wrong) = draft.clone().over(&known).read_for(who.org.kind);
    refused(wrong, mistakes)?;
    pictures.keep(app).await?;
    let mut tx = app.db().begin().await?;
    let actor = who.actor();
    let write = WriteProfile {
        org: &who.org,
        actor: &actor,
        pictures: &pictures,
    };
    let kind = who.org.kind;
    write_in(app, &mut tx, &write, |known| {
        draft.over(known).check_for(kind)
    })
    .await?;
    tx.commit().await?;
    Ok(profile(app, &who.org).await?)
}

/// Takes a picture of the signed-in person's organisation away. Doing it again changes nothing.
///
/// # Errors
/// Denied to people whose roles do not allow it.
#[boxed]
pub async fn remove_picture(
    app: &App,
    who: &SignedIn,
    which: CompanyPicture,
) -> Result<(), AppError> {
    who.require(Permission::EditCompany)?;
    let mut tx = app.db().begin().await?;
    if write::remove_in(app, &mut tx, &who.org, &who.actor(), which).await? {
        tx.commit().await?;
    }
    Ok(())
}

/// A form does not show a tax number, so an empty field says nothing about it.
pub(crate) fn keep_tax_id(draft: &mut CompanyDraft) {
    let is_blank = matches!(&draft.tax_id, Entry::Given(text) if text.expose().trim().is_empty());
    if is_blank {
        draft.tax_id = Entry::Absent;
    }
}

/// Stored facts with the tax number opened.
pub(crate) fn facts_of(
    app: &App,
    org_id: &RowId,
    stored: &StoredProfile,
) -> Result<CompanyFacts, Fault> {
    let Some(sealed) = &stored.tax_id_sealed else {
        return Ok(stored.facts.clone());
    };
    let id = org_id.as_str();
    let corrupt = || Fault::corrupt("organisation_profile", "tax_id_sealed", id);
    let plain = app.keys().unseal(Purpose::OrganisationTaxId, id, sealed)?;
    let tax_id = std::str::from_utf8(&plain).ok().and_then(TaxId::parse);
    Ok(CompanyFacts {
        tax_id: Some(tax_id.ok_or_else(corrupt)?),
        ..stored.facts.clone()
    })
}

/// An organisation that was found a moment ago and is not there any more.
pub(crate) fn gone(org_id: &RowId) -> Fault {
    Fault::corrupt("organisation", "id", org_id.as_str())
}
