//! Registrations: where a partner is told of which type.

mod check;

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::callback::{NotificationType, OffReason};
use lintel_domain::event::EventKind;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::{Instant, RowId};
use lintel_domain::intermediary::Partner;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_store::callback::{self, StoredCallback, Whose};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::{Fault, FaultKind};
use serde_json::json;

use crate::office::Office;
use crate::sign::Secret;
use check::{Checked, check};

/// Two calls may make the first registration at the same moment; the later one begins anew.
const TRIES: usize = 3;

/// What a partner asks for. What is not given stays as it is.
#[derive(Clone, Default)]
pub struct Wanted {
    /// Where to tell; needed for a new one.
    pub url: Option<String>,
    /// What to sign with; drawn for a new one when it is not given.
    pub secret: Option<String>,
    /// Whether to tell; on for a new one.
    pub is_active: Option<bool>,
}

impl std::fmt::Debug for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wanted")
            .field("is_active", &self.is_active)
            .finish_non_exhaustive()
    }
}

/// A registration, without its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Registration {
    /// What is told.
    pub kind: NotificationType,
    /// Where.
    pub url: String,
    /// Whether it is told.
    pub is_active: bool,
    /// Why it is not.
    pub off_reason: Option<OffReason>,
    /// Since when deliveries have failed without one that succeeded.
    pub failing_since: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl std::fmt::Debug for Registration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registration")
            .field("kind", &self.kind)
            .field("is_active", &self.is_active)
            .finish_non_exhaustive()
    }
}

impl Registration {
    fn of(app: &App, stored: StoredCallback) -> Result<Self, Fault> {
        Ok(Self {
            kind: stored.kind,
            url: url_of(app, &stored)?,
            is_active: stored.is_active,
            off_reason: stored.off_reason,
            failing_since: stored.failing_since,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        })
    }
}

/// What became of a registration.
#[derive(Debug, Clone)]
pub struct Registered {
    /// As it is now.
    pub registration: Registration,
    /// Whether it is new.
    pub is_new: bool,
    /// The secret that was drawn for it: never shown again.
    pub drawn: Option<Secret>,
}

/// Makes a registration or changes it. The address is looked up: every address it has must be public.
/// What waits under a registration that is switched off is dropped.
///
/// # Errors
/// Every finding at once, with those of `found`; denied for a while after too many addresses; any fault of
/// the database; busy while too many names are being looked up.
#[boxed]
pub async fn register(
    app: &App,
    office: &Office,
    partner: &Partner,
    kind: NotificationType,
    wanted: Wanted,
    mut found: Vec<Finding>,
) -> Result<Registered, AppError> {
    let whose = whose(partner, kind);
    let known = callback::load(app.db(), &whose).await?;
    let checked = check((app, office, partner), &wanted, known.is_none(), &mut found).await?;
    if let Some(refusal) = Refusal::of_findings(found) {
        return Err(refusal.into());
    }
    for _ in 0..TRIES {
        let mut tx = app.db().begin().await?;
        let registered = match callback::lock_in(&mut tx, &whose).await? {
            Some(known) => Some(change_in(app, &mut tx, partner, known, &checked).await?),
            None => make_in(app, &mut tx, partner, kind, &checked).await?,
        };
        let Some(registered) = registered else {
            continue;
        };
        tx.commit().await?;
        return Ok(registered);
    }
    Err(Fault::new(FaultKind::Busy, "a callback changes too fast").into())
}

pub(crate) const fn whose(partner: &Partner, kind: NotificationType) -> Whose<'_> {
    Whose {
        org_id: &partner.org_id,
        intermediary_id: &partner.intermediary_id,
        kind,
    }
}

fn sealed(app: &App, id: &RowId, secret: &Secret) -> Result<Vec<u8>, Fault> {
    let (keys, bytes) = (app.keys(), secret.bytes());
    keys.seal(Purpose::CallbackSecret, id.as_str(), bytes, app.rng())
}

/// The secret of a registration.
pub(crate) fn secret_of(app: &App, stored: &StoredCallback) -> Result<Secret, Fault> {
    let (id, sealed) = (stored.id.as_str(), &stored.secret_sealed);
    let bytes = app.keys().unseal(Purpose::CallbackSecret, id, sealed)?;
    Ok(Secret::of_bytes(bytes))
}

/// The address of a registration.
pub(crate) fn url_of(app: &App, stored: &StoredCallback) -> Result<String, Fault> {
    let (id, keys) = (stored.id.as_str(), app.keys());
    let bytes = keys.unseal(Purpose::CallbackSecret, &url_row(id), &stored.url_sealed)?;
    String::from_utf8(bytes).map_err(|_| Fault::corrupt("callback", "url", id))
}

fn url_sealed(app: &App, id: &RowId, url: &str) -> Result<Vec<u8>, Fault> {
    let (keys, row) = (app.keys(), url_row(id.as_str()));
    keys.seal(Purpose::CallbackSecret, &row, url.as_bytes(), app.rng())
}

/// What an address is sealed for, apart from the secret of the same row.
fn url_row(id: &str) -> String {
    format!("{id}.url")
}

async fn make_in(
    app: &App,
    tx: &mut Tx,
    partner: &Partner,
    kind: NotificationType,
    checked: &Checked,
) -> Result<Option<Registered>, AppError> {
    let Some(target) = &checked.target else {
        // It was removed since it was looked at, and only a change was asked for.
        let finding = Finding::new(CreditField::CallbackUrl, CreditRule::Missing);
        return Err(Refusal::Findings(vec![finding]).into());
    };
    let (secret, drawn) = match &checked.secret {
        Some(secret) => (secret.clone(), None),
        None => {
            let drawn = Secret::draw(app)?;
            (drawn.clone(), Some(drawn))
        }
    };
    let (id, now) = (app.row_id()?, app.now());
    let is_active = checked.is_active.unwrap_or(true);
    let new = StoredCallback {
        kind,
        secret_sealed: sealed(app, &id, &secret)?,
        url_sealed: url_sealed(app, &id, target.url())?,
        id,
        is_active,
        off_reason: (!is_active).then_some(OffReason::Partner),
        failing_since: None,
        created_at: now,
        updated_at: now,
    };
    if !callback::insert_in(tx, &whose(partner, kind), &new).await? {
        return Ok(None);
    }
    note_in(app, tx, partner, &new, EventKind::CallbackSet).await?;
    Ok(Some(Registered {
        registration: Registration::of(app, new)?,
        is_new: true,
        drawn,
    }))
}

async fn change_in(
    app: &App,
    tx: &mut Tx,
    partner: &Partner,
    known: StoredCallback,
    checked: &Checked,
) -> Result<Registered, AppError> {
    let mut next = known.clone();
    if let Some(target) = &checked.target
        && url_of(app, &known)? != target.url()
    {
        next.url_sealed = url_sealed(app, &known.id, target.url())?;
    }
    if let Some(secret) = &checked.secret
        && secret_of(app, &known)? != *secret
    {
        next.secret_sealed = sealed(app, &known.id, secret)?;
    }
    if let Some(is_active) = checked.is_active
        && is_active != known.is_active
    {
        next.is_active = is_active;
        next.off_reason = (!is_active).then_some(OffReason::Partner);
    }
    // Another address, or one that was put right, begins anew.
    if next.url_sealed != known.url_sealed || (next.is_active && !known.is_active) {
        next.failing_since = None;
    }
    // The same once more changes nothing.
    if next != known {
        next.updated_at = known.after(app.now());
        let whose = whose(partner, known.kind);
        callback::change_in(tx, &whose, &next).await?;
        // The log before the jobs (ADR 19, order of locks).
        note_in(app, tx, partner, &next, EventKind::CallbackSet).await?;
        if known.is_active && !next.is_active {
            callback::event::drop_in(tx, &whose, None, app.now()).await?;
        }
    }
    Ok(Registered {
        registration: Registration::of(app, next)?,
        is_new: false,
        drawn: None,
    })
}

async fn note_in(
    app: &App,
    tx: &mut Tx,
    partner: &Partner,
    what: &StoredCallback,
    kind: EventKind,
) -> Result<(), Fault> {
    let body = json!({
        "type": what.kind.as_str(),
        "active": what.is_active,
        "intermediary": partner.intermediary_id.as_str(),
    });
    let event = NewEvent {
        org_id: &partner.org_id,
        at: app.now(),
        actor: &partner.actor(),
        kind,
        subject: what.id.as_str(),
        body: &body.to_string(),
    };
    record_in(tx, &event).await.map(|_| ())
}

/// Removes a registration; what waits under it is dropped.
///
/// # Errors
/// Not found when there is none; any fault of the database.
#[boxed]
pub async fn remove(app: &App, partner: &Partner, kind: NotificationType) -> Result<(), AppError> {
    let whose = whose(partner, kind);
    let mut tx = app.db().begin().await?;
    let Some(known) = callback::lock_in(&mut tx, &whose).await? else {
        return Err(not_found().into());
    };
    callback::remove_in(&mut tx, &whose).await?;
    // The log before the jobs (ADR 19, order of locks).
    note_in(app, &mut tx, partner, &known, EventKind::CallbackRemoved).await?;
    callback::event::drop_in(&mut tx, &whose, None, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) const fn not_found() -> Refusal {
    Refusal::NotFound {
        what: Noun::Callback,
    }
}

/// The registrations of the partner, in the order of the types.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(app: &App, partner: &Partner) -> Result<Vec<Registration>, AppError> {
    let stored = callback::of(app.db(), &partner.org_id, &partner.intermediary_id).await?;
    let read = stored.into_iter().map(|one| Registration::of(app, one));
    let mut list = read.collect::<Result<Vec<Registration>, Fault>>()?;
    list.sort_by_key(|registration| registration.kind);
    Ok(list)
}
