//! Who is calling: from a key pair and a token to a principal.

use lintel_domain::credential::KeyPair;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::Denial;
use lintel_macros::boxed;
use lintel_store::token::StoredToken;
use lintel_store::{credential, token};
use ring::digest::{SHA256, digest};

use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;

/// The organisation a call is made for, and the credential it was made with.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Whose data the call may see.
    pub org: Organisation,
    /// The key pair's name; the actor in the audit log.
    pub api_id: String,
}

/// Checks a lender's or a broker's key pair.
///
/// # Errors
/// Denied when no active lender or broker has this pair; any fault of the database.
#[boxed]
pub async fn check_pair(app: &App, pair: &KeyPair) -> Result<Principal, AppError> {
    let principal = check_secret(app, pair).await?;
    // A vendor reaches lenders' data only through what they granted it, never as a lender. A bank is
    // no lender of this kind at all: its partners have credentials of their own.
    if !principal.org.kind.may_call_as_lender() {
        return Err(Denial::CredentialsUnknown.into());
    }
    Ok(principal)
}

/// Checks a vendor's key pair.
///
/// # Errors
/// Denied when no active vendor has this pair; any fault of the database.
pub(crate) async fn check_vendor_pair(app: &App, pair: &KeyPair) -> Result<Principal, AppError> {
    let principal = check_secret(app, pair).await?;
    if principal.org.kind != OrganisationKind::Vendor {
        return Err(Denial::CredentialsUnknown.into());
    }
    Ok(principal)
}

/// Proves a pair, whosever it is.
async fn check_secret(app: &App, pair: &KeyPair) -> Result<Principal, AppError> {
    let unknown = || AppError::from(Denial::CredentialsUnknown);
    let stored = credential::load_secret(app.db(), &pair.api_id)
        .await?
        .ok_or_else(unknown)?;
    let proved = app.keys().verify(
        Purpose::ApiKey,
        &stored.key_id,
        pair.api_key.as_bytes(),
        &stored.key_hash,
    )?;
    if !proved {
        return Err(unknown());
    }
    Ok(Principal {
        org: stored.organisation,
        api_id: pair.api_id.clone(),
    })
}

/// Checks a key pair and the access token presented with it, in the contract's order: pair, then
/// expiry, then whose token it is, then whether there is one at all.
///
/// # Errors
/// Denied for the first of these that fails; any fault of the database.
#[boxed]
pub async fn authenticate(
    app: &App,
    pair: &KeyPair,
    access_token: &str,
) -> Result<Principal, AppError> {
    let principal = check_pair(app, pair).await?;
    check_token(app, &principal, access_token).await?;
    Ok(principal)
}

/// Finds the token a proved caller presents.
///
/// # Errors
/// Denied when it is unknown, ran out, or was given to other credentials; any fault of the database.
pub(crate) async fn check_token(
    app: &App,
    principal: &Principal,
    access_token: &str,
) -> Result<StoredToken, AppError> {
    let stored = token::load_by_hash(app.db(), &token_hash(access_token))
        .await?
        .ok_or(Denial::TokenUnknown)?;
    if stored.expires_at <= app.now() {
        return Err(Denial::TokenExpired.into());
    }
    if stored.api_id != principal.api_id {
        return Err(Denial::TokenMismatch.into());
    }
    Ok(stored)
}

/// What a token is found by. A plain hash is enough: a token has 238 random bits.
#[must_use]
pub fn token_hash(access_token: &str) -> Vec<u8> {
    digest(&SHA256, access_token.as_bytes()).as_ref().to_vec()
}
