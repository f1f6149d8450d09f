//! An operator connects an organisation to its system, looks at that, tries it, ends it.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Field, Noun, Refusal};
use lintel_macros::boxed;
use lintel_mismo::Limits;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::los::{self, StoredConnector};

use super::import::{ImportError, fetch};
use super::settings::LosSettings;
use crate::admin::{OPERATOR, find_organisation};
use crate::context::App;
use crate::error::{AppError, Finding};
use crate::keys::Purpose;
use crate::ports::LosLoan;

/// An organisation's connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connector {
    /// How the system is reached.
    pub settings: LosSettings,
    /// Since when the organisation is connected.
    pub created_at: Instant,
    /// When the settings last changed.
    pub updated_at: Instant,
}

/// What became of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOutcome {
    /// The organisation is connected for the first time.
    Connected,
    /// They replaced others.
    Changed,
    /// They are the ones that were there.
    Unchanged,
}

/// What a loan would come to, with nothing stored.
#[derive(Debug, Clone)]
pub struct Tried {
    /// Length of the document.
    pub byte_count: usize,
    /// What was noticed in it; with an error among it the loan would be refused.
    pub findings: Vec<Finding>,
    /// How many borrowers it has; none when it would be refused.
    pub borrower_count: Option<usize>,
}

/// Connects an organisation, or replaces its settings. The same settings again change nothing.
///
/// # Errors
/// Not found for an unknown organisation and for a vendor, whose loans are its lenders'; refused for
/// settings that cannot be used.
#[boxed]
pub async fn set(app: &App, org: &PublicId, settings: LosSettings) -> Result<SetOutcome, AppError> {
    let org = find(app, org).await?;
    if settings.check().is_err() {
        return Err(Refusal::malformed(Field::LosSettings).into());
    }
    let plain = serde_json::to_vec(&settings)
        .map_err(|_| Fault::internal("a connector's settings could not be written"))?;
    let (purpose, row) = (Purpose::LosSettings, org.id.as_str());
    let sealed = app.keys().seal(purpose, row, &plain, app.rng())?;
    let mut tx = app.db().begin().await?;
    let before = los::load_in(&mut tx, &org.id).await?;
    let outcome = match &before {
        None => SetOutcome::Connected,
        // Settings that cannot be read any more are replaced like others.
        Some(stored) => match opened(app, &org, stored) {
            Ok(connector) if connector.settings == settings => return Ok(SetOutcome::Unchanged),
            Ok(_) | Err(_) => SetOutcome::Changed,
        },
    };
    let now = app.now();
    los::put_in(&mut tx, &org.id, settings.kind(), &sealed, now).await?;
    let body = serde_json::json!({ "kind": settings.kind() }).to_string();
    let event = NewEvent {
        org_id: &org.id,
        at: now,
        actor: OPERATOR,
        kind: EventKind::LosConnected,
        subject: org.id.as_str(),
        body: &body,
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Disconnects an organisation; `false` when it was not connected.
///
/// # Errors
/// Not found for an unknown organisation.
#[boxed]
pub async fn remove(app: &App, org: &PublicId) -> Result<bool, AppError> {
    let org = find(app, org).await?;
    let mut tx = app.db().begin().await?;
    if !los::remove_in(&mut tx, &org.id).await? {
        return Ok(false);
    }
    let (now, kind) = (app.now(), EventKind::LosDisconnected);
    let event = NewEvent::plain(&org.id, now, OPERATOR, kind, org.id.as_str());
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(true)
}

/// An organisation's connector, if it has one.
///
/// # Errors
/// Not found for an unknown organisation; corrupt when the stored settings cannot be read.
#[boxed]
pub async fn show(app: &App, org: &PublicId) -> Result<Option<Connector>, AppError> {
    let org = find(app, org).await?;
    load(app, &org).await
}

/// Fetches one loan and reads it, and stores nothing.
///
/// # Errors
/// As an import has them, but for what only storing can tell. A document that would be refused is
/// none: its findings are the result.
#[boxed]
pub async fn try_out(app: &App, org: &PublicId, loan: LosLoan) -> Result<Tried, ImportError> {
    let org = find(app, org).await?;
    let document = fetch(app, &org, &loan).await?;
    let byte_count = document.len();
    let read = app
        .heavy("reading a loan document", move || {
            lintel_mismo::read(&document, &Limits::default())
        })
        .await
        .map_err(AppError::from)?;
    Ok(match read {
        Ok(import) => Tried {
            byte_count,
            findings: import.findings,
            borrower_count: Some(import.application.borrowers.len()),
        },
        Err(rejection) => Tried {
            byte_count,
            findings: rejection.findings,
            borrower_count: None,
        },
    })
}

/// The connector of an organisation that was looked up already.
pub(super) async fn load(app: &App, org: &Organisation) -> Result<Option<Connector>, AppError> {
    let stored = los::load(app.db(), &org.id).await?;
    Ok(stored.map(|stored| opened(app, org, &stored)).transpose()?)
}

/// The parser's message may quote what it read: it is left out.
fn opened(app: &App, org: &Organisation, stored: &StoredConnector) -> Result<Connector, Fault> {
    let corrupt = || Fault::corrupt("los_connector", "settings_sealed", org.id.as_str());
    let (purpose, row) = (Purpose::LosSettings, org.id.as_str());
    let plain = app
        .keys()
        .unseal(purpose, row, &stored.settings_sealed)
        .map_err(|fault| corrupt().caused_by(fault))?;
    let settings: LosSettings = serde_json::from_slice(&plain).map_err(|_| corrupt())?;
    if settings.kind() != stored.kind {
        return Err(Fault::corrupt("los_connector", "kind", org.id.as_str()));
    }
    Ok(Connector {
        settings,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    })
}

async fn find(app: &App, id: &PublicId) -> Result<Organisation, AppError> {
    let org = find_organisation(app, id).await?;
    if org.kind == OrganisationKind::Vendor || org.kind.is_bank() {
        let what = Noun::Organisation;
        return Err(Refusal::NotFound { what }.into());
    }
    Ok(org)
}
