//! Networks: made, listed, given another secret, switched on and off.

use lintel_app::by::By;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::event::EventKind;
use lintel_domain::finding::CreditField;
use lintel_domain::id::Instant;
use lintel_domain::intermediary::{Network, check_name};
use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::network as networks;
use lintel_store::partner_session::{self as sessions, Whose};

use crate::audit::Audit;

/// Characters of a client id.
const CLIENT_ID_LEN: usize = 24;
/// Characters of a secret: 238 random bits.
const SECRET_LEN: usize = 40;
/// Networks of one bank that are shown.
const LIST_MAX: u32 = 1000;

/// A network the moment it is given a secret: the only time the secret exists outside its hands.
pub struct Made {
    /// The network.
    pub network: Network,
    /// The secret, to be shown once.
    pub client_secret: String,
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Made")
            .field("network", &self.network)
            .finish_non_exhaustive()
    }
}

/// The bank somebody works on, when the person may. An organisation that is no bank has nothing of
/// the kind.
pub(crate) fn bank<'a>(by: &'a By<'_>) -> Result<&'a Organisation, AppError> {
    by.require(Permission::EditNetworks)?;
    if !by.org().kind.is_bank() {
        let what = Noun::Organisation;
        return Err(Refusal::NotFound { what }.into());
    }
    Ok(by.org())
}

/// Lets a network in, and makes its credentials.
///
/// # Errors
/// Denied without the permission; findings for an unusable name; any fault of the database.
#[boxed]
pub async fn add(app: &App, by: &By<'_>, name: &str) -> Result<Made, AppError> {
    let bank = bank(by)?;
    let name = check_name(name, CreditField::NetworkName)
        .map_err(|finding| Refusal::Findings(vec![finding]))?;
    let now = app.now();
    let network = Network {
        id: app.row_id()?,
        org_id: bank.id.clone(),
        client_id: app.secret_base62(CLIENT_ID_LEN)?,
        name,
        is_active: true,
        created_at: now,
    };
    let fresh = Secret::draw(app)?;
    let mut tx = app.db().begin().await?;
    if !networks::insert_in(&mut tx, &network, &fresh.hash, &fresh.key_id).await? {
        // Twenty-four characters of base 62 do not collide; if they do, something else is wrong.
        return Err(Fault::internal("a fresh client id was taken").into());
    }
    audit(&by.actor(), &network, now)
        .record_in(&mut tx, EventKind::NetworkAdded, &network.id)
        .await?;
    tx.commit().await?;
    Ok(Made {
        network,
        client_secret: fresh.text,
    })
}

struct Secret {
    text: String,
    hash: Vec<u8>,
    key_id: String,
}

impl Secret {
    fn draw(app: &App) -> Result<Self, Fault> {
        let text = app.secret_base62(SECRET_LEN)?;
        let (hash, key_id) = app.keys().mac(Purpose::NetworkSecret, text.as_bytes())?;
        Ok(Self {
            hash,
            key_id: key_id.to_owned(),
            text,
        })
    }
}

fn audit<'a>(actor: &'a str, network: &'a Network, now: Instant) -> Audit<'a> {
    Audit {
        org_id: &network.org_id,
        actor,
        now,
    }
}

/// A bank's networks, oldest first.
///
/// # Errors
/// Denied without the permission; any fault of the database.
#[boxed]
pub async fn list(app: &App, by: &By<'_>) -> Result<Vec<Network>, AppError> {
    let bank = bank(by)?;
    Ok(networks::list(app.db(), &bank.id, LIST_MAX).await?)
}

/// Finds one of a bank's networks by its client id.
///
/// # Errors
/// Denied without the permission; not found; any fault of the database.
#[boxed]
pub async fn find(app: &App, by: &By<'_>, client_id: &str) -> Result<Network, AppError> {
    let bank = bank(by)?;
    let client_id = client_id.trim();
    let missing = || Refusal::NotFound {
        what: Noun::Network,
    };
    // Nothing else is the name of one, and PostgreSQL takes no text with a NUL in it.
    if client_id.is_empty() || !client_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(missing().into());
    }
    let found = networks::load(app.db(), &bank.id, client_id).await?;
    Ok(found.ok_or_else(missing)?)
}

/// Gives a network another secret. The old one and every session that was begun with it are dead at
/// once.
///
/// # Errors
/// As [`find`].
#[boxed]
pub async fn rotate(app: &App, by: &By<'_>, client_id: &str) -> Result<Made, AppError> {
    let network = find(app, by, client_id).await?;
    let fresh = Secret::draw(app)?;
    let now = app.now();
    let mut tx = app.db().begin().await?;
    networks::set_secret_in(&mut tx, &network, &fresh.hash, &fresh.key_id, now).await?;
    sessions::end_all_in(&mut tx, &network.org_id, Whose::Network(&network.id)).await?;
    audit(&by.actor(), &network, now)
        .record_in(&mut tx, EventKind::NetworkChanged, &network.id)
        .await?;
    tx.commit().await?;
    Ok(Made {
        network,
        client_secret: fresh.text,
    })
}

/// Switches a network on or off; off ends every session of it at once. `false` beside it when that
/// changed nothing.
///
/// # Errors
/// As [`find`].
#[boxed]
pub async fn switch(
    app: &App,
    by: &By<'_>,
    client_id: &str,
    is_active: bool,
) -> Result<(Network, bool), AppError> {
    let network = find(app, by, client_id).await?;
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let changed = networks::set_active_in(&mut tx, &network, is_active, now).await?;
    if changed {
        if !is_active {
            sessions::end_all_in(&mut tx, &network.org_id, Whose::Network(&network.id)).await?;
        }
        audit(&by.actor(), &network, now)
            .record_in(&mut tx, EventKind::NetworkChanged, &network.id)
            .await?;
        tx.commit().await?;
    }
    let network = Network {
        is_active,
        ..network
    };
    Ok((network, changed))
}
