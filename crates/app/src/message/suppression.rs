//! Addresses that are not written to any more. They are the family's: what bounced for one of its
//! organisations bounces for all.

use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::message::{Channel, SuppressionReason};
use lintel_domain::permission::Permission;
use lintel_domain::person::fold_email;
use lintel_domain::refusal::{Denial, Field, MessagingField, Refusal};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::suppression::{self, Suppressed};

use super::address::{is_sendable, sms_number};
use crate::context::App;
use crate::error::AppError;
use crate::session::SignedIn;

/// Lines of a page.
const PAGE: u32 = 50;
/// The last page that is looked at.
const LAST_PAGE: u32 = 1000;

/// Lists addresses that are not written to, newest first, and whether there are more: to people of the
/// lender all of the family's, to a broker's those the broker wrote to.
///
/// # Errors
/// Denied without the permission; any fault of the database.
#[boxed]
pub async fn suppressed(
    app: &App,
    who: &SignedIn,
    page: u32,
) -> Result<(Vec<Suppressed>, bool), AppError> {
    who.require(Permission::EditMessages)?;
    let (org, lender) = (&who.org.id, who.org.lender_id());
    let only = (org != lender).then_some(org);
    let (limit, offset) = (
        PAGE.saturating_add(1),
        page.min(LAST_PAGE).saturating_mul(PAGE),
    );
    let mut found = suppression::list(app.db(), lender, only, limit, offset).await?;
    let has_more = u32::try_from(found.len()).is_ok_and(|n| n > PAGE);
    found.truncate(usize::try_from(PAGE).unwrap_or(0));
    Ok((found, has_more))
}

/// Whether somebody may suppress and release addresses: they are the family's, so people of its lender
/// may, and a broker's may look only. Otherwise one broker could silence the others, and its lender.
#[must_use]
pub fn may_suppress(who: &SignedIn) -> bool {
    who.may(Permission::EditMessages) && who.org.id == *who.org.lender_id()
}

fn require(who: &SignedIn) -> Result<(), AppError> {
    if may_suppress(who) {
        Ok(())
    } else {
        Err(Denial::NotPermitted.into())
    }
}

/// Has nobody of the family write to an address again, but about the owner's account; `false` when it
/// was so.
///
/// # Errors
/// Denied where [`may_suppress`] says no; refused for what is no address; any fault of the database.
#[boxed]
pub async fn suppress(
    app: &App,
    who: &SignedIn,
    channel: Channel,
    address: &str,
    reason: SuppressionReason,
) -> Result<bool, AppError> {
    require(who)?;
    let new = Suppressed {
        channel,
        address: address_of(channel, address)?,
        reason,
        created_at: app.now(),
        created_by: who.actor(),
    };
    let mut tx = app.db().begin().await?;
    if !suppression::insert_in(&mut tx, who.org.lender_id(), &new).await? {
        return Ok(false);
    }
    let body = serde_json::json!({ "channel": channel, "reason": reason }).to_string();
    note(app, tx, who, EventKind::AddressSuppressed, &body).await?;
    Ok(true)
}

/// Lets an address be written to again; `false` when it was so.
///
/// # Errors
/// As [`suppress`].
#[boxed]
pub async fn release(
    app: &App,
    who: &SignedIn,
    channel: Channel,
    address: &str,
) -> Result<bool, AppError> {
    require(who)?;
    let address = address_of(channel, address)?;
    let mut tx = app.db().begin().await?;
    if !suppression::remove_in(&mut tx, who.org.lender_id(), channel, &address).await? {
        return Ok(false);
    }
    let body = serde_json::json!({ "channel": channel }).to_string();
    note(app, tx, who, EventKind::AddressReleased, &body).await?;
    Ok(true)
}

/// Whether nobody of a lender's family writes to an address.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn is_suppressed_in(
    tx: &mut Tx,
    lender: &RowId,
    channel: Channel,
    address: &str,
) -> Result<bool, Fault> {
    let found = suppression::load_in(tx, lender, channel, address).await?;
    Ok(found.is_some())
}

/// The address as rows have it.
fn address_of(channel: Channel, address: &str) -> Result<String, Refusal> {
    let address = address.trim();
    let malformed = || Refusal::malformed(Field::Messaging(MessagingField::Address));
    match channel {
        Channel::Mail if is_sendable(address) => Ok(fold_email(address)),
        Channel::Mail => Err(malformed()),
        Channel::Sms => sms_number(address).ok_or_else(malformed),
    }
}

/// Nothing personal is in the log: it says that it was done, not to which address.
async fn note(
    app: &App,
    mut tx: Tx,
    who: &SignedIn,
    kind: EventKind,
    body: &str,
) -> Result<(), Fault> {
    let (actor, subject) = (who.actor(), who.org.id.as_str());
    let event = NewEvent {
        body,
        ..NewEvent::plain(&who.org.id, app.now(), &actor, kind, subject)
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await
}
