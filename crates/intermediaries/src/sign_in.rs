//! Signing in: network, intermediary and user, each of the one before.
//!
//! Whoever of them is unknown or shut out, the same statements run, one keyed hash is proved, one
//! failure is counted, and the answer is the same. After many failures the wait tells who knows the
//! secret from who does not, which only somebody who knows it can see.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::intermediary::{
    ADDRESS_MAX_LEN, BrokerNames, PARTNER_IDLE_SECONDS, Partner, fold_username,
};
use lintel_domain::refusal::Denial;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::partner_session::{self as sessions, By, Chain, NewSession};

use crate::audit::Audit;
use crate::stated::Stated;
use crate::throttle::{Attempt, Throttle};

/// Characters of a token: 256 random bits.
pub(crate) const TOKEN_LEN: usize = 43;
/// Seconds after which a session ends whatever happens.
const LONGEST_SECONDS: i64 = 12 * 3600;
/// Sessions one user keeps; beginning another ends the one not used for longest.
const KEPT: u32 = 500;
/// Longest client id and secret looked at; ours are shorter.
const CREDENTIAL_MAX_LEN: usize = 200;
/// Proved against when there is no such network: as long as a real hash, and the hash of nothing.
const NOBODYS_HASH: [u8; 32] = [0; 32];

/// A session the moment it begins: the only time its token exists outside the caller's hands.
pub struct Session {
    /// What later calls show.
    pub token: String,
    /// Seconds without a call after which it is over.
    pub expires_in: u32,
    /// Who is signed in.
    pub partner: Partner,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("expires_in", &self.expires_in)
            .field("partner", &self.partner)
            .finish_non_exhaustive()
    }
}

/// Where an attempt failed: for operators, never for callers.
#[derive(Debug, Clone, Copy)]
enum Level {
    Credentials,
    Intermediary,
    User,
}

impl Level {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Intermediary => "intermediary",
            Self::User => "user",
        }
    }
}

/// Begins a session for a user who is let in at every level. `from` is the client's address.
///
/// # Errors
/// Denied, always as an unknown partner, when anything that was stated is missing, unknown, shut out
/// or contradicts the rest; denied for a while after many failures; any fault of the database.
#[boxed]
pub async fn sign_in(app: &App, stated: &Stated, from: &str) -> Result<Session, AppError> {
    let client_id = searchable(stated.client_id.as_deref(), CREDENTIAL_MAX_LEN);
    let secret = searchable(stated.client_secret.as_deref(), CREDENTIAL_MAX_LEN);
    let username = fold_username(searchable(stated.username.as_deref(), ADDRESS_MAX_LEN));
    let names = Names::of(app, &stated.broker)?;
    let chain = sessions::chain(app.db(), client_id, names.by(), &username).await?;
    let is_proved = prove(app, chain.as_ref(), secret)?;
    // Whose failures hold whom up depends on who knows the secret; so it is proved first.
    let known = chain.as_ref().filter(|_| is_proved);
    let named = known.map(|chain| chain.intermediary.as_ref());
    let attempt = Attempt {
        client_id,
        username: &username,
        from,
        proved_for: named.map(|found| found.map_or("", |found| found.id.as_str())),
    };
    let throttle = match Throttle::look(app, &attempt).await? {
        Ok(throttle) => throttle,
        Err(wait_seconds) => {
            count("throttled");
            return Err(Denial::PartnerThrottled { wait_seconds }.into());
        }
    };
    let level = match admit(chain, is_proved, &names) {
        Ok(admitted) if !stated.is_unreadable => {
            return begin(app, &throttle, &admitted).await;
        }
        Ok(_) => Level::Credentials,
        Err(level) => level,
    };
    throttle.failed(app).await?;
    count("refused");
    tracing::info!(level = level.as_str(), "a partner's sign-in was refused");
    Err(Denial::PartnerUnknown.into())
}

/// The text when it can be a name; else one that is nobody's, and is looked up all the same.
fn searchable(text: Option<&str>, longest: usize) -> &str {
    let text = text.unwrap_or_default().trim();
    // PostgreSQL takes no text with a NUL in it.
    if text.len() > longest || text.contains(char::is_control) {
        return "";
    }
    text
}

fn count(outcome: &'static str) {
    metrics::counter!("lintel_partner_sign_ins_total", "outcome" => outcome).increment(1);
}

/// The names of an intermediary with the tax number as it is stored.
pub(crate) struct Names<'a> {
    given: &'a BrokerNames,
    nif_hash: Vec<u8>,
}

impl<'a> Names<'a> {
    pub fn of(app: &App, given: &'a BrokerNames) -> Result<Self, Fault> {
        let nif = given.nif.as_ref().map_or("", |nif| nif.as_str());
        let nif_hash = crate::intermediary::nif_hash(app, nif)?;
        Ok(Self { given, nif_hash })
    }

    fn by(&self) -> By<'_> {
        match (&self.given.unique_id, self.given.number) {
            (Some(id), _) => By::Id(id.as_str()),
            (None, Some(number)) => By::Number(number),
            (None, None) => By::NifHash(&self.nif_hash),
        }
    }

    /// Whether every name that was given is that of this intermediary.
    pub fn agree(&self, id: &RowId, number: u32, nif_hash: &[u8]) -> bool {
        let BrokerNames {
            unique_id,
            number: named,
            nif,
        } = self.given;
        unique_id.as_ref().is_none_or(|named| named == id)
            && named.is_none_or(|named| named == number)
            && (nif.is_none() || self.nif_hash == nif_hash)
    }
}

/// Proves the secret, or something else in the same time.
fn prove(app: &App, chain: Option<&Chain>, secret: &str) -> Result<bool, Fault> {
    let (key_id, hash) = match chain {
        Some(chain) => (chain.secret.key_id.as_str(), chain.secret.hash.as_slice()),
        None => (app.keys().current_id()?, NOBODYS_HASH.as_slice()),
    };
    app.keys()
        .verify(Purpose::NetworkSecret, key_id, secret.as_bytes(), hash)
}

/// Somebody who is let in.
struct Admitted {
    partner: Partner,
    secret_hash: Vec<u8>,
}

fn admit(chain: Option<Chain>, is_proved: bool, names: &Names<'_>) -> Result<Admitted, Level> {
    let chain = chain
        .filter(|chain| is_proved && chain.is_open)
        .ok_or(Level::Credentials)?;
    let intermediary = chain
        .intermediary
        .filter(|found| {
            found.is_open
                && !names.given.is_empty()
                && names.agree(&found.id, found.number, &found.nif_hash)
        })
        .ok_or(Level::Intermediary)?;
    let user = chain.user.filter(|user| user.is_open).ok_or(Level::User)?;
    Ok(Admitted {
        partner: Partner {
            org_id: chain.org_id,
            network_id: chain.network_id,
            intermediary_id: intermediary.id,
            intermediary_name: intermediary.name,
            user_id: user.id,
            user_name: user.name,
        },
        secret_hash: chain.secret.hash,
    })
}

async fn begin(app: &App, throttle: &Throttle, who: &Admitted) -> Result<Session, AppError> {
    let token = app.secret_base62(TOKEN_LEN)?;
    let now = app.now();
    let partner = &who.partner;
    let new = NewSession {
        token_hash: &token_hash(app, &token)?,
        partner,
        secret_hash: &who.secret_hash,
        now,
        ends_at: now.plus_seconds(LONGEST_SECONDS),
    };
    let actor = partner.actor();
    let audit = Audit {
        org_id: &partner.org_id,
        actor: &actor,
        now,
    };
    let mut tx = app.db().begin().await?;
    sessions::insert_in(&mut tx, &new, KEPT).await?;
    throttle.succeeded_in(&mut tx).await?;
    let kind = EventKind::PartnerSignedIn;
    audit.record_in(&mut tx, kind, &partner.user_id).await?;
    tx.commit().await?;
    count("done");
    Ok(Session {
        token,
        expires_in: u32::try_from(PARTNER_IDLE_SECONDS).unwrap_or(u32::MAX),
        partner: who.partner.clone(),
    })
}

/// What a session is found by.
pub(crate) fn token_hash(app: &App, token: &str) -> Result<Vec<u8>, Fault> {
    app.keys()
        .stable_mac(Purpose::PartnerSession, token.as_bytes())
}
