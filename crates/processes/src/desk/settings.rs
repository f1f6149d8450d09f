//! How a bank decides.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::session::SignedIn;
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::permission::Permission;
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::proposal as store;
use serde::{Deserialize, Serialize};

use super::enter;
use crate::process::{json_of, read_json};

/// How a bank decides. What nobody ever set is as it is by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Whoever approves or declines needs a second person who confirms it.
    pub four_eyes: bool,
}

/// A bank's settings.
///
/// # Errors
/// Any fault; corrupt for settings that cannot be read.
#[boxed]
pub async fn settings(app: &App, org_id: &RowId) -> Result<Settings, Fault> {
    let stored = store::settings(app.db(), org_id).await?;
    match stored {
        Some(text) => read_json(&text, ("bank_settings", "settings", org_id)),
        None => Ok(Settings::default()),
    }
}

/// Changes how a bank decides. Decisions that wait for a second person go on waiting for one.
///
/// # Errors
/// Not found outside banks; denied; any fault.
#[boxed]
pub async fn set_settings(app: &App, who: &SignedIn, new: Settings) -> Result<(), AppError> {
    let org_id = enter(who, Permission::EditNetworks)?.org_id;
    let mut tx = app.db().begin().await?;
    let now = app.now();
    let text = json_of(&new)?;
    store::set_settings_in(&mut tx, org_id, &text, now).await?;
    let actor = who.actor();
    let event = NewEvent {
        body: &text,
        ..NewEvent::plain(
            org_id,
            now,
            &actor,
            EventKind::BankSettingsChanged,
            org_id.as_str(),
        )
    };
    record_in(&mut tx, &event).await?;
    Ok(tx.commit().await?)
}
