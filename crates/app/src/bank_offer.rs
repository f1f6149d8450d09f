//! Versions of what a bank offers.

use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::organisation::Organisation;
use lintel_engine::date::Date;
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::offer::{self, Version};
use lintel_store::organisation;
use ring::digest::{SHA256, digest};

use crate::context::App;
use crate::error::AppError;

/// What a load of an offer came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferLoad {
    /// A version was stored, or would be.
    Stored(RowId),
    /// The newest version of its day is the same document: nothing was written.
    Same,
}

/// Stores a document as the bank's offer from a day on. The document has to be checked already; a version
/// is never changed, a later one of the same day takes its place.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn store_offer(
    app: &App,
    bank: &Organisation,
    actor: &str,
    (effective_from, document): (Date, &str),
    dry_run: bool,
) -> Result<OfferLoad, AppError> {
    let now = app.now();
    let sha = digest(&SHA256, document.as_bytes()).as_ref().to_vec();
    let mut tx = app.db().begin().await?;
    // One load of a bank at a time: two of the same document store it once.
    organisation::lock_in(&mut tx, &bank.id).await?;
    if offer::digest_in(&mut tx, &bank.id, effective_from)
        .await?
        .as_ref()
        == Some(&sha)
    {
        return Ok(OfferLoad::Same);
    }
    let version = Version {
        id: app.row_id()?,
        effective_from,
        digest: sha,
        document: document.to_owned(),
        created_by: actor.to_owned(),
        created_at: now,
    };
    offer::insert_in(&mut tx, &bank.id, &version).await?;
    let body = format!("{{\"effectiveFrom\":\"{effective_from}\"}}");
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(
            &bank.id,
            now,
            actor,
            EventKind::OfferImported,
            version.id.as_str(),
        )
    };
    record_in(&mut tx, &event).await?;
    if !dry_run {
        tx.commit().await?;
    }
    Ok(OfferLoad::Stored(version.id))
}
