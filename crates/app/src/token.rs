//! Giving out access tokens, and taking them back.

use lintel_domain::credential::{KeyPair, TOKEN_LEN, TOKEN_LIFE_SECONDS};
use lintel_domain::event::EventKind;
use lintel_domain::id::{DAY_SECONDS, Instant, PublicId};
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::token::StoredToken;
use lintel_store::{organisation, token};

use crate::auth::{Principal, check_pair, token_hash};
use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;

/// Bytes a token is derived from.
const NONCE_LEN: usize = 24;
/// How long a token that ran out is still recognised as expired rather than unknown.
const REMEMBERED_SECONDS: i64 = 180 * DAY_SECONDS;
/// Another node may win the race for a credential's first token; then its token is the answer.
const ATTEMPTS: usize = 3;

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
    let message = [principal.api_id.as_bytes(), b"|", address.as_bytes()].concat();
    let device = app.keys().stable_mac(Purpose::Device, &message)?;
    let device = device.iter().map(|b| format!("{b:02x}")).collect();
    for _ in 0..ATTEMPTS {
        let mut tx = app.db().begin().await?;
        if let Some(token) = issue_in(app, &mut tx, &principal).await? {
            tx.commit().await?;
            return Ok(Issued {
                token: token.0,
                created_at: token.1,
                expires_at: token.2,
                device,
            });
        }
    }
    Err(Fault::internal("another node kept winning the race for a token").into())
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
async fn issue_in(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
) -> Result<Option<(String, Instant, Instant)>, Fault> {
    let now = app.now();
    let expires_at = now.plus_seconds(TOKEN_LIFE_SECONDS);
    let api_id = &principal.api_id;
    if token::extend_in(tx, api_id, expires_at, now).await? {
        let Some(stored) = token::load_current_in(tx, api_id).await? else {
            return Ok(None);
        };
        let text = derive(app, &stored)?;
        record(tx, principal, now, EventKind::TokenExtended).await?;
        return Ok(Some((text, stored.created_at, expires_at)));
    }
    token::retire_in(tx, api_id, now, now.plus_seconds(-REMEMBERED_SECONDS)).await?;
    let mut nonce = [0_u8; NONCE_LEN];
    app.rng().fill(&mut nonce)?;
    let fresh = StoredToken {
        org_id: principal.org.id.clone(),
        api_id: api_id.clone(),
        nonce: nonce.to_vec(),
        key_id: app.keys().current_id()?.to_owned(),
        created_at: now,
        expires_at,
    };
    let text = derive(app, &fresh)?;
    if !token::insert_in(tx, &token_hash(&text), &fresh).await? {
        return Ok(None);
    }
    record(tx, principal, now, EventKind::TokenIssued).await?;
    Ok(Some((text, now, expires_at)))
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
pub async fn destroy(app: &App, pair: &KeyPair, access_token: &str) -> Result<(), AppError> {
    let principal = check_pair(app, pair).await?;
    let mut tx = app.db().begin().await?;
    if !token::destroy_in(&mut tx, &token_hash(access_token), &principal.api_id).await? {
        return Err(Denial::TokenUnknown.into());
    }
    record(&mut tx, &principal, app.now(), EventKind::TokenDestroyed).await?;
    tx.commit().await?;
    Ok(())
}
