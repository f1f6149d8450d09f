//! Giving out access tokens, and taking them back.

use lintel_domain::credential::{KeyPair, TOKEN_LEN, TOKEN_LIFE_SECONDS};
use lintel_domain::event::EventKind;
use lintel_domain::id::{DAY_SECONDS, Instant, PublicId};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::token::{Holder, StoredToken};
use lintel_store::{link, organisation, token};

use crate::auth::{Principal, check_pair, token_hash};
use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;

/// Bytes a token is derived from.
const NONCE_LEN: usize = 24;
/// How long a token that ran out is still recognised as expired rather than unknown.
const REMEMBERED_SECONDS: i64 = 180 * DAY_SECONDS;
/// Another node may win the race for a credential's first token; then its token is the answer.
pub(crate) const ATTEMPTS: usize = 3;

/// An access token as given to a caller.
#[derive(Clone)]
pub struct Issued {
    /// The token: forty characters of base 62.
    pub token: String,
    /// When it was first given out.
    pub created_at: Instant,
    /// When it stops working unless asked for again.
    pub expires_at: Instant,
    /// Names the caller's address under this credential: 64 hexadecimal digits, stable.
    pub device: String,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Gives out the credential's access token. While one lives it is the same token, and lives 25 days
/// from now; otherwise it is a new one.
///
/// `lender` is the organisation the caller believes the pair belongs to, when it says so.
///
/// # Errors
/// Denied when the pair is unknown, or belongs to another visible organisation; not found when no
/// such organisation is visible.
#[boxed]
pub async fn issue(
    app: &App,
    pair: &KeyPair,
    lender: Option<&PublicId>,
    address: &str,
) -> Result<Issued, AppError> {
    let principal = check_pair(app, pair).await?;
    if let Some(lender) = lender {
        check_lender(app, &principal, lender).await?;
    }
    let device = device(app, &principal.api_id, address)?;
    for _ in 0..ATTEMPTS {
        let mut tx = app.db().begin().await?;
        if let Some(token) = issue_in(app, &mut tx, &principal, None).await? {
            tx.commit().await?;
            return Ok(token.given_to(device));
        }
    }
    Err(lost_race().into())
}

/// What asking for a first token comes to when other nodes keep making one.
pub(crate) fn lost_race() -> Fault {
    Fault::internal("another node kept winning the race for a token")
}

/// Names an address under a credential.
pub(crate) fn device(app: &App, api_id: &str, address: &str) -> Result<String, Fault> {
    let message = [api_id.as_bytes(), b"|", address.as_bytes()].concat();
    let mac = app.keys().stable_mac(Purpose::Device, &message)?;
    Ok(mac.iter().map(|b| format!("{b:02x}")).collect())
}

/// A token on its way to a caller.
pub(crate) struct Fresh {
    token: String,
    created_at: Instant,
    expires_at: Instant,
}

impl Fresh {
    pub(crate) fn given_to(self, device: String) -> Issued {
        Issued {
            token: self.token,
            created_at: self.created_at,
            expires_at: self.expires_at,
            device,
        }
    }
}

/// A wholesale lender sees its brokers, so naming one of them is a mismatch; everybody else's id
/// answers like one that does not exist.
async fn check_lender(app: &App, principal: &Principal, lender: &PublicId) -> Result<(), AppError> {
    if *lender == principal.org.public_id {
        return Ok(());
    }
    let named = organisation::load(app.db(), lender).await?;
    let related = named.is_some_and(|o| {
        o.parent_id.as_ref() == Some(&principal.org.id)
            || principal.org.parent_id.as_ref() == Some(&o.id)
    });
    if related {
        Err(Denial::OrganisationMismatch.into())
    } else {
        Err(Refusal::NotFound {
            what: Noun::Organisation,
        }
        .into())
    }
}

/// Extends the living token or makes a new one; `None` when another node made one meanwhile.
/// `for_org` is the organisation a vendor's token is for.
pub(crate) async fn issue_in(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    for_org: Option<&Organisation>,
) -> Result<Option<Fresh>, AppError> {
    hold_active_in(tx, &principal.org, for_org).await?;
    let for_org = for_org.map(|org| &org.id);
    let now = app.now();
    let expires_at = now.plus_seconds(TOKEN_LIFE_SECONDS);
    let holder = Holder {
        api_id: &principal.api_id,
        for_org,
    };
    if token::extend_in(tx, holder, expires_at, now).await? {
        let Some(stored) = token::load_current_in(tx, holder).await? else {
            return Ok(None);
        };
        record(tx, principal, now, EventKind::TokenExtended).await?;
        return Ok(Some(Fresh {
            token: derive(app, &stored)?,
            created_at: stored.created_at,
            expires_at,
        }));
    }
    token::retire_in(tx, holder, now, now.plus_seconds(-REMEMBERED_SECONDS)).await?;
    let mut nonce = [0_u8; NONCE_LEN];
    app.rng().fill(&mut nonce)?;
    let stored = StoredToken {
        org_id: principal.org.id.clone(),
        api_id: principal.api_id.clone(),
        for_org_id: for_org.cloned(),
        nonce: nonce.to_vec(),
        key_id: app.keys().current_id()?.to_owned(),
        created_at: now,
        expires_at,
    };
    let text = derive(app, &stored)?;
    if !token::insert_in(tx, &token_hash(&text), &stored).await? {
        return Ok(None);
    }
    record(tx, principal, now, EventKind::TokenIssued).await?;
    Ok(Some(Fresh {
        token: text,
        created_at: now,
        expires_at,
    }))
}

/// Holds the rows of those whose token it is to be: an organisation that is switched off at this
/// moment waits, and takes the token along, or was faster, and there is none.
async fn hold_active_in(
    tx: &mut Tx,
    own: &Organisation,
    for_org: Option<&Organisation>,
) -> Result<(), AppError> {
    let held = [Some(own), for_org].into_iter().flatten();
    for org in held.clone() {
        // The lender above first, as everywhere.
        for id in org.parent_id.iter().chain([&org.id]) {
            organisation::lock_in(tx, id).await?;
        }
    }
    for org in held.map(|org| &org.id) {
        if !link::is_org_active_in(tx, org).await? {
            return Err(Denial::CredentialsUnknown.into());
        }
    }
    Ok(())
}

fn derive(app: &App, stored: &StoredToken) -> Result<String, Fault> {
    let mut message = stored.nonce.clone();
    message.extend_from_slice(stored.api_id.as_bytes());
    app.keys()
        .derive_base62(Purpose::AccessToken, &stored.key_id, &message, TOKEN_LEN)
}

async fn record(
    tx: &mut Tx,
    principal: &Principal,
    at: Instant,
    kind: EventKind,
) -> Result<(), Fault> {
    let event = NewEvent::plain(
        &principal.org.id,
        at,
        &principal.api_id,
        kind,
        &principal.api_id,
    );
    record_in(tx, &event).await.map(|_| ())
}

/// Destroys an access token for good. An expired one may be destroyed too.
///
/// # Errors
/// Denied when the pair is unknown, or has no such token.
#[boxed]
pub async fn destroy(app: &App, pair: &KeyPair, access_token: &str) -> Result<(), AppError> {
    let principal = check_pair(app, pair).await?;
    destroy_of(app, &principal, access_token).await
}

/// Destroys a token of a proved caller.
pub(crate) async fn destroy_of(
    app: &App,
    principal: &Principal,
    access_token: &str,
) -> Result<(), AppError> {
    let mut tx = app.db().begin().await?;
    if !token::destroy_in(&mut tx, &token_hash(access_token), &principal.api_id).await? {
        return Err(Denial::TokenUnknown.into());
    }
    record(&mut tx, principal, app.now(), EventKind::TokenDestroyed).await?;
    tx.commit().await?;
    Ok(())
}
