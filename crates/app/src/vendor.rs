//! A lender lets a vendor in, changes what it may do, shuts it out.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Field, Noun, Refusal, Rule};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::vendor::{self, Grant};
use lintel_store::{organisation, token};

use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;

/// What a vendor is to be allowed. What is not said stays as it was; at first that is no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GrantFlags {
    /// Whether it sees loans.
    pub sees_loans: Option<bool>,
    /// Whether it may do with the lender's brokers what it may do with the lender.
    pub sees_brokers: Option<bool>,
}

/// A vendor a lender let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The vendor. One that is switched off is listed too, and reaches nothing.
    pub vendor: Organisation,
    /// Whether it sees loans.
    pub sees_loans: bool,
    /// Whether it reaches the lender's brokers.
    pub sees_brokers: bool,
    /// Since when it is let in.
    pub since: Instant,
    /// When that last changed.
    pub changed_at: Instant,
}

fn unknown_vendor() -> Refusal {
    Refusal::NotFound { what: Noun::Vendor }
}

/// Lets a vendor in, or changes what one may do that is in already.
///
/// # Errors
/// Not found when there is no such active vendor, or the caller is no lender; taken when nothing
/// would change.
#[boxed]
pub async fn connect(
    app: &App,
    principal: &Principal,
    vendor: &str,
    flags: GrantFlags,
) -> Result<(), AppError> {
    let lender = lender_of(principal)?;
    let vendor = find(app, vendor).await?.filter(|v| v.is_active);
    let vendor = vendor.ok_or_else(unknown_vendor)?;
    let now = app.now();
    let first = Grant {
        sees_loans: flags.sees_loans.unwrap_or(false),
        sees_brokers: flags.sees_brokers.unwrap_or(false),
        since: now,
        changed_at: now,
        withdrawn_at: None,
    };
    let mut tx = app.db().begin().await?;
    let both = (first.sees_loans, first.sees_brokers);
    let is_new = vendor::insert_in(&mut tx, &lender.id, &vendor.id, both, now).await?;
    let (grant, kind) = if is_new {
        (first, EventKind::VendorConnected)
    } else {
        changed_in(&mut tx, (lender, &vendor), flags, first).await?
    };
    let body = serde_json::json!({
        "seesLoans": grant.sees_loans,
        "seesBrokers": grant.sees_brokers,
    })
    .to_string();
    let event = NewEvent {
        org_id: &lender.id,
        at: now,
        actor: &principal.api_id,
        kind,
        subject: vendor.id.as_str(),
        body: &body,
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes a grant that is there, or makes a withdrawn one hold again as if it were new.
async fn changed_in(
    tx: &mut Tx,
    (lender, vendor): (&Organisation, &Organisation),
    flags: GrantFlags,
    first: Grant,
) -> Result<(Grant, EventKind), AppError> {
    let old = vendor::lock_in(tx, &lender.id, &vendor.id).await?;
    let old = old.ok_or_else(|| Fault::internal("a grant that is there cannot be read"))?;
    if old.withdrawn_at.is_some() {
        vendor::update_in(tx, &lender.id, &vendor.id, &first).await?;
        return Ok((first, EventKind::VendorConnected));
    }
    let new = Grant {
        sees_loans: flags.sees_loans.unwrap_or(old.sees_loans),
        sees_brokers: flags.sees_brokers.unwrap_or(old.sees_brokers),
        changed_at: first.changed_at,
        ..old
    };
    if (new.sees_loans, new.sees_brokers) == (old.sees_loans, old.sees_brokers) {
        let (field, rule) = (Field::VendorGrant, Rule::Conflict);
        return Err(Refusal::Invalid { field, rule }.into());
    }
    vendor::update_in(tx, &lender.id, &vendor.id, &new).await?;
    if old.sees_brokers && !new.sees_brokers {
        token::end_of_vendor_at_brokers_in(tx, &vendor.id, &lender.id).await?;
    }
    Ok((new, EventKind::VendorGrantChanged))
}

/// The vendors an organisation let in, by name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(app: &App, org: &Organisation) -> Result<Vec<Granted>, Fault> {
    let rows = vendor::list(app.db(), &org.id).await?;
    let granted = rows.into_iter().map(|(vendor, grant)| Granted {
        vendor,
        sees_loans: grant.sees_loans,
        sees_brokers: grant.sees_brokers,
        since: grant.since,
        changed_at: grant.changed_at,
    });
    Ok(granted.collect())
}

/// Shuts a vendor out: its tokens for the lender and the lender's brokers stop at once, and stay
/// dead when it is let in again.
///
/// # Errors
/// Not found when that vendor is not in.
#[boxed]
pub async fn withdraw(app: &App, principal: &Principal, vendor: &str) -> Result<(), AppError> {
    let lender = lender_of(principal)?;
    let vendor = find(app, vendor).await?.ok_or_else(unknown_vendor)?;
    let now = app.now();
    let mut tx = app.db().begin().await?;
    if !vendor::withdraw_in(&mut tx, &lender.id, &vendor.id, now).await? {
        return Err(unknown_vendor().into());
    }
    token::end_of_vendor_in(&mut tx, &vendor.id, &lender.id).await?;
    let (actor, subject) = (&principal.api_id, vendor.id.as_str());
    let event = NewEvent::plain(&lender.id, now, actor, EventKind::VendorWithdrawn, subject);
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(())
}

/// The caller, if it is a lender: brokers work with the vendors their lender let in.
fn lender_of(principal: &Principal) -> Result<&Organisation, Refusal> {
    let is_lender = principal.org.kind.may_have_brokers();
    is_lender
        .then_some(&principal.org)
        .ok_or_else(unknown_vendor)
}

/// A vendor by the id partners see. Whatever else has that id is none.
async fn find(app: &App, vendor: &str) -> Result<Option<Organisation>, Fault> {
    let Some(id) = PublicId::parse(vendor.trim()) else {
        return Ok(None);
    };
    let found = organisation::load(app.db(), &id).await?;
    Ok(found.filter(|org| org.kind == OrganisationKind::Vendor))
}
