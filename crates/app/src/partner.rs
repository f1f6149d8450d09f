//! What a vendor asks for: everything through a lender's grant, looked up again on every call.
//!
//! A vendor learns of an organisation only what was granted: unknown, foreign, not granted and
//! switched off are one answer.

use lintel_domain::credential::KeyPair;
use lintel_domain::id::PublicId;
use lintel_domain::loan::{LoanPage, LoanQuery};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_domain::role::Role;
use lintel_domain::staff::Person;
use lintel_macros::boxed;
use lintel_store::vendor::{self, Reached};

use crate::auth::{Principal, check_token, check_vendor_pair};
use crate::context::App;
use crate::error::AppError;
use crate::lead::{self, NewLead};
use crate::people::{InternalUsers, internal_users};
use crate::token::{ATTEMPTS, Issued, destroy_of, device, issue_in, lost_race};

fn unknown_lender() -> Refusal {
    Refusal::NotFound {
        what: Noun::Organisation,
    }
}

/// Gives a vendor's credential the access token it uses with one lender or broker. While one lives it
/// is the same token, and lives 25 days from now.
///
/// # Errors
/// Denied when no active vendor has this pair; not found when the vendor does not reach that
/// organisation.
#[boxed]
pub async fn token(
    app: &App,
    pair: &KeyPair,
    lender: &PublicId,
    address: &str,
) -> Result<Issued, AppError> {
    let principal = check_vendor_pair(app, pair).await?;
    let device = device(app, &principal.api_id, address)?;
    for _ in 0..ATTEMPTS {
        let reached = vendor::reached_by_public_id(app.db(), &principal.org.id, lender).await?;
        let org = reached.ok_or_else(unknown_lender)?.organisation;
        let mut tx = app.db().begin().await?;
        // A grant that is withdrawn at this moment takes its tokens along.
        let grant = vendor::lock_in(&mut tx, org.lender_id(), &principal.org.id).await?;
        if grant.is_none_or(|grant| grant.withdrawn_at.is_some()) {
            return Err(unknown_lender().into());
        }
        if let Some(token) = issue_in(app, &mut tx, &principal, Some(&org)).await? {
            tx.commit().await?;
            return Ok(token.given_to(device));
        }
    }
    Err(lost_race().into())
}

/// Destroys a vendor's access token for good. An expired one may be destroyed too.
///
/// # Errors
/// Denied when the pair is unknown, or has no such token.
#[boxed]
pub async fn destroy(app: &App, pair: &KeyPair, access_token: &str) -> Result<(), AppError> {
    let principal = check_vendor_pair(app, pair).await?;
    destroy_of(app, &principal, access_token).await
}

/// A vendor, and the organisation it calls for.
#[derive(Debug, Clone)]
pub struct PartnerCaller {
    /// Who calls.
    pub vendor: Organisation,
    /// The lender or broker the token is for.
    pub org: Organisation,
    /// The key pair's name; the actor in the audit log.
    pub api_id: String,
    /// Whether it sees that organisation's loans.
    pub sees_loans: bool,
}

impl PartnerCaller {
    /// The vendor in the lender's stead, for use cases that take a caller and not for what lenders
    /// alone may do.
    pub(crate) fn principal(&self) -> Principal {
        Principal {
            org: self.org.clone(),
            api_id: self.api_id.clone(),
        }
    }

    /// Whether the caller sees loans.
    pub(crate) fn check_loans(&self) -> Result<(), Denial> {
        self.sees_loans.then_some(()).ok_or(Denial::NotPermitted)
    }
}

/// Checks a vendor's key pair, its access token, and that the grant behind it still holds.
///
/// # Errors
/// Denied for the first that fails. A token whose grant was withdrawn, or whose organisation was
/// switched off, is no token any more.
#[boxed]
pub async fn authenticate(
    app: &App,
    pair: &KeyPair,
    access_token: &str,
) -> Result<PartnerCaller, AppError> {
    let principal = check_vendor_pair(app, pair).await?;
    let stored = check_token(app, &principal, access_token).await?;
    let for_org = stored.for_org_id.ok_or(Denial::TokenUnknown)?;
    let reached = vendor::reached(app.db(), &principal.org.id, &for_org).await?;
    let Reached {
        organisation,
        sees_loans,
    } = reached.ok_or(Denial::TokenUnknown)?;
    Ok(PartnerCaller {
        vendor: principal.org,
        org: organisation,
        api_id: principal.api_id,
        sees_loans,
    })
}

/// Checks the organisation a call names beside its token.
///
/// # Errors
/// Not found unless it is the one the token is for.
pub fn check_lender(caller: &PartnerCaller, lender: &str) -> Result<(), AppError> {
    if lender.trim() == caller.org.public_id.as_str() {
        return Ok(());
    }
    Err(unknown_lender().into())
}

/// Everybody a vendor reaches, by name; none when nobody let it in.
///
/// # Errors
/// Denied when no active vendor has this pair.
#[boxed]
pub async fn lenders(app: &App, pair: &KeyPair) -> Result<Option<Vec<Organisation>>, AppError> {
    let principal = check_vendor_pair(app, pair).await?;
    let reached = vendor::reach(app.db(), &principal.org.id).await?;
    let orgs: Vec<Organisation> = reached.into_iter().map(|r| r.organisation).collect();
    Ok((!orgs.is_empty()).then_some(orgs))
}

/// One page of the organisation's loans.
///
/// # Errors
/// Not permitted when the vendor was not granted access to loans.
#[boxed]
pub async fn loans(
    app: &App,
    caller: &PartnerCaller,
    query: &LoanQuery,
) -> Result<LoanPage, AppError> {
    caller.check_loans()?;
    crate::loan::list(app, &caller.principal(), query).await
}

/// The organisation's switched-on loan officers, by name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn officers(app: &App, caller: &PartnerCaller) -> Result<Vec<Person>, AppError> {
    let wanted = InternalUsers {
        role: Role::LoanOfficer,
        branch: None,
        licensed: Vec::new(),
        assignable: None,
    };
    internal_users(app, &caller.org, wanted).await
}

/// Takes a lead in for the organisation. Answers the lead's public id.
///
/// # Errors
/// Not found for a loan officer who is not the organisation's or its lender's.
#[boxed]
pub async fn create_lead(
    app: &App,
    caller: &PartnerCaller,
    lead: NewLead,
) -> Result<PublicId, AppError> {
    lead::create_lead(app, &caller.org, &caller.api_id, lead).await
}
