//! People a partner adds to an organisation, or changes there.

use lintel_domain::id::PublicId;
use lintel_domain::refusal::Refusal;
use lintel_domain::staff::{PersonDraft, UidRule};
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::organisation;

use super::{SameAddress, check, keep_pictures, named_organisation, upsert_in};
use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;

/// Who was added or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedUsers {
    /// What the lender calls the organisation, when it is a broker the lender has a name for.
    pub broker_uid: Option<String>,
    /// The sender's id and the public id of each person, in the order of the request.
    pub people: Vec<(Option<String>, PublicId)>,
}

/// Adds people to the caller's organisation or one of its brokers; somebody who is there already, by
/// the sender's id or by mail address, is changed. All of it or nothing; doing it again changes
/// nothing.
///
/// # Errors
/// Not found for an organisation that is not there to be named. Refused with every mistake.
#[boxed]
pub async fn add_users(
    app: &App,
    principal: &Principal,
    lender_id: &str,
    people: Vec<PersonDraft>,
) -> Result<AddedUsers, AppError> {
    let org = named_organisation(app, &principal.org, lender_id).await?;
    let people = match check(app, people, UidRule::Needed).await? {
        Ok(people) => people,
        Err(mistakes) => return Err(refused(mistakes)),
    };
    keep_pictures(app, &people).await?;
    let mut tx = app.db().begin().await?;
    let (actor, updates) = (&principal.api_id, SameAddress::Updates);
    let ids = upsert_in(app, &mut tx, &org, actor, updates, &people).await?;
    tx.commit().await?;
    let uids = people.into_iter().map(|person| person.facts.uid);
    Ok(AddedUsers {
        broker_uid: organisation::load_partner_uid(app.db(), &org.id).await?,
        people: uids.zip(ids).collect(),
    })
}

/// The refusal of a list of mistakes that is not empty.
pub(super) fn refused(mistakes: super::check::Mistakes) -> AppError {
    match Refusal::of(mistakes) {
        Some(refusal) => refusal.into(),
        None => Fault::internal("refused without a mistake").into(),
    }
}
