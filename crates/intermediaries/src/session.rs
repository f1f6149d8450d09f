//! Living sessions: who is behind a token, looked at anew with every call.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::event::EventKind;
use lintel_domain::intermediary::{PARTNER_IDLE_SECONDS, Partner, fold_username};
use lintel_domain::refusal::Denial;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::partner_session::{self as sessions, LivingSession};

use crate::audit::Audit;
use crate::sign_in::{Names, TOKEN_LEN, token_hash};
use crate::stated::Stated;

/// Seconds between two notes that a session was used. What was not noted makes it end as much
/// earlier.
const USED_EVERY_SECONDS: i64 = 1;

/// Finds who is behind a token, and lets the session live for another while. What the caller states
/// about itself beside the token must be so.
///
/// # Errors
/// Denied when there is no living session behind the token, somebody of its chain is shut out, or
/// what is stated is somebody else's; any fault of the database.
#[boxed]
pub async fn partner(app: &App, token: &str, stated: &Stated) -> Result<Partner, AppError> {
    let (hash, session) = look(app, token).await?;
    if !agrees(app, &session, stated)? {
        return Err(Denial::PartnerSessionOver.into());
    }
    let now = app.now();
    if now >= session.used_at.plus_seconds(USED_EVERY_SECONDS) {
        let mut tx = app.db().begin().await?;
        sessions::touch_in(&mut tx, &hash, now).await?;
        tx.commit().await?;
    }
    Ok(session.partner)
}

async fn look(app: &App, token: &str) -> Result<(Vec<u8>, LivingSession), AppError> {
    let over = || AppError::from(Denial::PartnerSessionOver);
    if token.len() != TOKEN_LEN || !token.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(over());
    }
    let hash = token_hash(app, token)?;
    let now = app.now();
    let used_after = now.plus_seconds(-PARTNER_IDLE_SECONDS);
    let found = sessions::look(app.db(), &hash, now, used_after).await?;
    Ok((hash, found.ok_or_else(over)?))
}

/// Whether everything that is stated is what the session was begun with.
fn agrees(app: &App, session: &LivingSession, stated: &Stated) -> Result<bool, Fault> {
    let Stated {
        client_id,
        client_secret,
        broker,
        username,
        is_unreadable,
    } = stated;
    if *is_unreadable {
        return Ok(false);
    }
    let same_client = client_id
        .as_ref()
        .is_none_or(|id| id.trim() == session.client_id);
    let same_user = username
        .as_ref()
        .is_none_or(|name| fold_username(name) == session.username_folded);
    let same_broker = broker.is_empty()
        || Names::of(app, broker)?.agree(
            &session.partner.intermediary_id,
            session.number,
            &session.nif_hash,
        );
    let same_secret = match client_secret {
        None => true,
        Some(secret) => app.keys().verify(
            Purpose::NetworkSecret,
            &session.secret.key_id,
            secret.trim().as_bytes(),
            &session.secret.hash,
        )?,
    };
    Ok(same_client && same_user && same_broker && same_secret)
}

/// Signs out: the token is nobody's from now on.
///
/// # Errors
/// Denied when there is no living session behind the token; any fault of the database.
#[boxed]
pub async fn sign_out(app: &App, token: &str) -> Result<(), AppError> {
    let (hash, session) = look(app, token).await?;
    let actor = session.partner.actor();
    let audit = Audit {
        org_id: &session.partner.org_id,
        actor: &actor,
        now: app.now(),
    };
    let mut tx = app.db().begin().await?;
    if let Some((_, user)) = sessions::end_in(&mut tx, &hash).await? {
        let kind = EventKind::PartnerSignedOut;
        audit.record_in(&mut tx, kind, &user).await?;
        tx.commit().await?;
    }
    Ok(())
}
