//! Links that a partner's own application sends its users through.

use lintel_domain::access::{LinkPurpose, Subject, Way};
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::staff::Person;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::{link, organisation, setup, sign_in, staff};

use super::{make_in, use_in, works};
use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::session::{Visitor, start_staff_in};

/// An address that signs a member of staff on, once.
///
/// While the company's set-up is not finished: the address of the set-up for whoever started it, and
/// none for anybody else.
///
/// # Errors
/// Not found for an organisation or a person that does not exist, is switched off, or is not the
/// caller's to name: a lender may name itself and its brokers, a broker itself.
#[boxed]
pub async fn single_sign_on_url(
    app: &App,
    principal: &Principal,
    lender_id: &str,
    user_id: &str,
) -> Result<Option<String>, AppError> {
    let org = visible(app, &principal.org, lender_id)
        .await?
        .filter(|org| org.is_active)
        .ok_or(Refusal::NotFound {
            what: Noun::Organisation,
        })?;
    let unknown = Refusal::NotFound { what: Noun::Staff };
    // Our own id only: whom a partner's word means is the partner's to change.
    let user_id = PublicId::parse(user_id).ok_or(unknown.clone())?;
    let person = staff::load(app.db(), &org.id, &user_id)
        .await?
        .filter(|person| person.is_active)
        .ok_or(unknown.clone())?;
    let mut tx = app.db().begin().await?;
    // Whoever switches the person off at this moment waits, and ends this link too.
    let is_active = sign_in::lock_in(&mut tx, &org.id, &person.id).await?
        && link::is_org_active_in(&mut tx, &org.id).await?;
    if !is_active {
        return Err(unknown.into());
    }
    let actor = &principal.api_id;
    let url = match setup::load_in(&mut tx, &org.id).await? {
        Some(standing) if standing.awaits(&person.id) => {
            setup_url_in(app, &mut tx, &org, &person.id, actor).await?
        }
        Some(standing) if !standing.is_completed() => return Ok(None),
        Some(_) | None => sign_on_url_in(app, &mut tx, &person, actor).await?,
    };
    tx.commit().await?;
    Ok(Some(url))
}

/// The organisation named, when it is the caller or a broker of the caller.
async fn visible(app: &App, own: &Organisation, id: &str) -> Result<Option<Organisation>, Fault> {
    if id == own.public_id.as_str() {
        return Ok(Some(own.clone()));
    }
    let Some(id) = PublicId::parse(id) else {
        return Ok(None);
    };
    let named = organisation::load(app.db(), &id).await?;
    Ok(named.filter(|org| org.parent_id.as_ref() == Some(&own.id)))
}

async fn sign_on_url_in(
    app: &App,
    tx: &mut Tx,
    person: &Person,
    actor: &str,
) -> Result<String, Fault> {
    let whom = (&person.org_id, &person.id);
    let token = make_in(app, tx, LinkPurpose::SignOn, whom, actor).await?;
    Ok(format!(
        "{}/lender/single-sign-on/{token}",
        public_url(app)?
    ))
}

/// The address of a company's set-up, for whoever started it. Older ones of that person stop working.
///
/// # Errors
/// Any fault of the database.
pub(crate) async fn setup_url_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    person_id: &RowId,
    actor: &str,
) -> Result<String, Fault> {
    let token = make_in(app, tx, LinkPurpose::Setup, (&org.id, person_id), actor).await?;
    let (url, lender) = (public_url(app)?, &org.public_id);
    Ok(format!(
        "{url}/lender/sign-up/start-basic?lenderID={lender}&token={token}"
    ))
}

fn public_url(app: &App) -> Result<&str, Fault> {
    app.public_url()
        .ok_or_else(|| Fault::internal("the public address is not set"))
}

/// Uses a sign-on link up and signs its person in, in one transaction. The session's cookie, or `None`
/// when the link is unknown, used, past its end, or its person is switched off.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn land_sign_on(
    app: &App,
    token: &str,
    visitor: &Visitor,
) -> Result<Option<String>, Fault> {
    land(app, LinkPurpose::SignOn, token, visitor).await
}

/// Uses a link to the set-up and begins a session within it. The session's cookie, or `None` as for
/// [`land_sign_on`]; also when the set-up is done, or the link is another organisation's.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn land_setup(
    app: &App,
    lender_id: &str,
    token: &str,
    visitor: &Visitor,
) -> Result<Option<String>, Fault> {
    match works(app, LinkPurpose::Setup, token).await? {
        Some(used) if used.org.public_id.as_str() == lender_id => {
            land(app, LinkPurpose::Setup, token, visitor).await
        }
        Some(_) | None => Ok(None),
    }
}

async fn land(
    app: &App,
    purpose: LinkPurpose,
    token: &str,
    visitor: &Visitor,
) -> Result<Option<String>, Fault> {
    let Some(found) = works(app, purpose, token).await? else {
        return Ok(None);
    };
    let mut tx = app.db().begin().await?;
    // The person before the link, as everybody takes them: two who wait for each other wait long.
    if !sign_in::lock_in(&mut tx, &found.org.id, &found.person_id).await? {
        return Ok(None);
    }
    let Some(used) = use_in(app, &mut tx, purpose, token).await? else {
        return Ok(None);
    };
    let person_id = &used.person_id;
    let standing = setup::load_in(&mut tx, &used.org.id).await?;
    let (is_due, how) = if purpose == LinkPurpose::Setup {
        let awaited = standing.is_some_and(|s| s.awaits(person_id));
        (awaited, (Subject::Setup, Way::Setup))
    } else {
        let is_done = standing.is_none_or(|s| s.is_completed());
        (is_done, (Subject::Staff, Way::SignOn))
    };
    if !is_due {
        return Ok(None);
    }
    let who = (&used.org.id, person_id);
    let cookie = start_staff_in(app, &mut tx, who, how, visitor).await?;
    if cookie.is_some() {
        tx.commit().await?;
    }
    Ok(cookie)
}
