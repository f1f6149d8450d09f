//! Links that work once: to sign on, to finish a set-up, to choose a password, to open an account.
//!
//! A link's token is chance; the database holds its hash. Using it is one update that succeeds once,
//! whichever node does it.

mod sign_on;

use lintel_macros::boxed;
pub(crate) use sign_on::setup_url_in;
pub use sign_on::{land_setup, land_sign_on, single_sign_on_url};

use lintel_domain::access::LinkPurpose;
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::organisation::Organisation;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::link::{self, LinkOwner, NewLink};
use lintel_store::{organisation, partner_session, session, token};

use crate::auth::token_hash;
use crate::context::App;

/// Characters of a link's token: 297 random bits.
pub const TOKEN_LEN: usize = 50;

/// Whom a link is for.
#[derive(Debug, Clone)]
pub struct Used {
    /// Whose person: active, as is the lender above it. A borrower's is the lender of the family.
    pub org: Organisation,
    /// The person. Whether it is active is for the caller to see.
    pub person_id: RowId,
}

/// Makes a link and returns its token. `actor` is who asked for it.
pub(crate) async fn make_in(
    app: &App,
    tx: &mut Tx,
    purpose: LinkPurpose,
    (org_id, person_id): (&RowId, &RowId),
    actor: &str,
) -> Result<String, Fault> {
    let token = app.secret_base62(TOKEN_LEN)?;
    let now = app.now();
    if purpose.replaces_older() {
        link::drop_older_in(tx, org_id, person_id, purpose).await?;
    }
    let new = NewLink {
        purpose,
        org_id,
        person_id,
        created_at: now,
        expires_at: now.plus_seconds(app.sign_in_rules().link_seconds(purpose)),
    };
    link::insert_in(tx, &token_hash(&token), &new).await?;
    let body = serde_json::json!({ "purpose": purpose.as_str() }).to_string();
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(org_id, now, actor, EventKind::LinkMade, person_id.as_str())
    };
    record_in(tx, &event).await?;
    Ok(token)
}

fn is_token(text: &str) -> bool {
    text.len() == TOKEN_LEN && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Looks at a link without using it: `None` when it is unknown, used, past its end, or its
/// organisation is switched off.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn works(app: &App, purpose: LinkPurpose, token: &str) -> Result<Option<Used>, Fault> {
    if !is_token(token) {
        return Ok(None);
    }
    let owner = link::look(app.db(), &token_hash(token), purpose, app.now()).await?;
    let Some(owner) = owner else {
        return Ok(None);
    };
    let org = organisation::load_by_id(app.db(), &owner.org_id).await?;
    Ok(org.map(|org| Used {
        org,
        person_id: owner.person_id,
    }))
}

/// Uses a link: of any number of callers at the same moment one gets it. `None` as for [`works`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn use_once(app: &App, purpose: LinkPurpose, token: &str) -> Result<Option<Used>, Fault> {
    let mut tx = app.db().begin().await?;
    let used = use_in(app, &mut tx, purpose, token).await?;
    if used.is_some() {
        tx.commit().await?;
    }
    Ok(used)
}

/// As [`use_once`], in the transaction of what the link is used for.
pub(crate) async fn use_in(
    app: &App,
    tx: &mut Tx,
    purpose: LinkPurpose,
    token: &str,
) -> Result<Option<Used>, Fault> {
    if !is_token(token) {
        return Ok(None);
    }
    match link::use_in(tx, &token_hash(token), purpose, app.now()).await? {
        Some(owner) => active_in(tx, owner).await,
        None => Ok(None),
    }
}

async fn active_in(tx: &mut Tx, owner: LinkOwner) -> Result<Option<Used>, Fault> {
    if !link::is_org_active_in(tx, &owner.org_id).await? {
        return Ok(None);
    }
    let org = organisation::load_by_id_in(tx, &owner.org_id).await?;
    Ok(org.map(|org| Used {
        org,
        person_id: owner.person_id,
    }))
}

/// Ends what a person, or an organisation with all its people, could still come in with: sessions,
/// links, and for an organisation its access tokens. They stay dead when it is switched on again.
///
/// To be called after the rows were switched off, in the same transaction: what begins at the same
/// moment holds the person's row, and is either found here or finds the person switched off.
pub(crate) async fn end_all_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: Option<&RowId>,
) -> Result<(), Fault> {
    match person_id {
        Some(person_id) => {
            session::end_others_in(tx, org_id, person_id, None).await?;
            link::end_all_of_person_in(tx, org_id, person_id).await?;
        }
        None => {
            session::end_all_of_org_in(tx, org_id).await?;
            link::end_all_of_org_in(tx, org_id).await?;
            token::end_of_org_in(tx, org_id).await?;
            partner_session::end_of_org_in(tx, org_id).await?;
        }
    }
    Ok(())
}
