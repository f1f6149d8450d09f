//! Links to the sign-up page.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::lead::{LeadBorrower, PricedLoan};
use lintel_domain::organisation::Organisation;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::{lead, slug};

use super::sealed::unseal;
use super::{CODE_LEN, borrower_of, unknown_lead};
use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;

/// What a link to the sign-up page leads to.
#[derive(Debug, Clone)]
pub struct OpenedLink {
    /// Whose page.
    pub org: Organisation,
    /// Public id of the lead.
    pub lead: PublicId,
    /// Row id of the officer the lead is meant for.
    pub officer: Option<RowId>,
    /// When somebody signed up with it: the page tells nobody about the lead from then on.
    pub signed_up_at: Option<Instant>,
    /// When the link was made.
    pub made_at: Instant,
    /// Who it is, as far as known by now.
    pub borrower: LeadBorrower,
    /// The offer the link was made for.
    pub loan: PricedLoan,
}

/// Opens a link.
///
/// # Errors
/// Not found when there is no such link under that organisation's word, or the organisation is not
/// active.
#[boxed]
pub async fn open_link(app: &App, slug: &str, code: &str) -> Result<OpenedLink, AppError> {
    if code.len() != CODE_LEN || !is_plain(code) {
        return Err(unknown_lead().into());
    }
    let org = organisation_of(app, slug).await?;
    let link = lead::load_link(app.db(), code).await?;
    // A link stands under the word of its lead's organisation, and under no other.
    let link = link.filter(|link| link.org_id == org.id);
    let link = link.ok_or_else(unknown_lead)?;
    let stored = lead::load(app.db(), &link.org_id, &link.lead_id).await?;
    let stored = stored.ok_or_else(|| Fault::corrupt("signup_link", "lead_id", code))?;
    let loan = unseal(app, Purpose::SignupLoan, code, &link.loan_sealed)?
        .ok_or_else(|| Fault::corrupt("signup_link", "loan_sealed", stored.id.as_str()))?;
    Ok(OpenedLink {
        borrower: borrower_of(app, &stored)?,
        lead: stored.uid,
        officer: stored.officer_id,
        signed_up_at: stored.signup.map(|signup| signup.at),
        made_at: link.created_at,
        org,
        loan,
    })
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The active organisation a public word stands for.
///
/// # Errors
/// Not found when it stands for none, or the organisation or its lender is not active.
#[boxed]
pub async fn organisation_of(app: &App, slug: &str) -> Result<Organisation, AppError> {
    if !is_plain(slug) {
        return Err(unknown_lead().into());
    }
    let org = slug::organisation(app.db(), slug).await?;
    let org = org.filter(|org| org.is_active).ok_or_else(unknown_lead)?;
    if let Some(parent) = &org.parent_id {
        let lender = lintel_store::organisation::load_by_id(app.db(), parent).await?;
        lender
            .filter(|lender| lender.is_active)
            .ok_or_else(unknown_lead)?;
    }
    Ok(org)
}

/// Address of an organisation's own sign-up page. An organisation without a word for its links gets
/// one.
///
/// # Errors
/// A fault when the public address is not set; any fault of the database.
#[boxed]
pub async fn signup_url(app: &App, org: &Organisation) -> Result<String, AppError> {
    let slug = match slug::load(app.db(), &org.id).await? {
        Some(slug) => slug,
        None => {
            let mut tx = app.db().begin().await?;
            let slug = slug::ensure_in(&mut tx, org).await?;
            tx.commit().await?;
            slug
        }
    };
    Ok(format!("{}/app/signup/p/{slug}", public_url(app)?))
}

/// Address of an officer's own sign-up page.
///
/// # Errors
/// A fault when the public address is not set.
pub fn officer_signup_url(app: &App, person: &PublicId) -> Result<String, AppError> {
    Ok(format!("{}/app/signup/partner/{person}", public_url(app)?))
}

pub(super) fn public_url(app: &App) -> Result<&str, Fault> {
    app.public_url()
        .ok_or_else(|| Fault::internal("the public address is not set"))
}
