//! Intermediaries of a network: added, listed, switched on and off.

use lintel_app::by::By;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::contact;
use lintel_domain::event::EventKind;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::intermediary::{
    Intermediary, NUMBER_FIRST, NUMBER_MAX, Network, PARTICULAR_MAX_CHARS, Particulars, check_name,
};
use lintel_domain::nif::Nif;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::partner_session::{self as sessions, Whose};
use lintel_store::{intermediary as intermediaries, organisation};
use lintel_taxonomy::{List, by_code, usable};

use crate::audit::Audit;
use crate::network::{self, bank};

/// Intermediaries of one bank that are shown.
const LIST_MAX: u32 = 10_000;

/// An intermediary about to be added.
#[derive(Debug, Clone, Default)]
pub struct NewIntermediary {
    /// Client id of its network.
    pub client_id: String,
    /// Name.
    pub name: String,
    /// Tax number.
    pub nif: String,
    /// Where it is written to.
    pub email: String,
    /// What papers say of it besides; empty what is not known.
    pub particulars: Particulars,
    /// Its number; the next one when none is given.
    pub number: Option<u32>,
    /// Id in the list of broker types; the first of the list when none is given.
    pub type_id: Option<u32>,
    /// Id in the list of broker sub types.
    pub sub_type_id: Option<u32>,
    /// Id in the list of broker classifications.
    pub classification_id: Option<u32>,
}

/// What is switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// Whether it works with the bank at all.
    Active,
    /// Whether it may come in over the API.
    ApiAccess,
}

/// What a tax number is found by.
pub(crate) fn nif_hash(app: &App, nif: &str) -> Result<Vec<u8>, Fault> {
    app.keys()
        .stable_mac(Purpose::IntermediaryNif, nif.as_bytes())
}

fn sealed_in(id: &RowId) -> String {
    format!("intermediary/{id}/nif")
}

fn open_nif(app: &App, id: &RowId, sealed: &[u8]) -> Result<Nif, Fault> {
    let corrupt = || Fault::corrupt("intermediary", "nif", id.as_str());
    let plain = app
        .keys()
        .unseal(Purpose::IntermediaryNif, &sealed_in(id), sealed)
        .map_err(|fault| corrupt().caused_by(fault))?;
    let text = String::from_utf8(plain).map_err(|_| corrupt())?;
    Nif::parse(&text).map_err(|_| corrupt())
}

/// Adds an intermediary to a network, switched on and with API access. It has its tax number once in
/// the network; another network of the bank may know the same company.
///
/// # Errors
/// Denied without the permission; not found for an unknown network; findings about everything that
/// cannot be used; any fault of the database.
#[boxed]
pub async fn add(app: &App, by: &By<'_>, new: NewIntermediary) -> Result<Intermediary, AppError> {
    let network = network::find(app, by, &new.client_id).await?;
    let draft = check(app, &network, &new)?;
    let sealed = app.keys().seal(
        Purpose::IntermediaryNif,
        &sealed_in(&draft.id),
        draft.nif.as_str().as_bytes(),
        app.rng(),
    )?;
    let hash = nif_hash(app, draft.nif.as_str())?;
    let mut tx = app.db().begin().await?;
    organisation::lock_in(&mut tx, &network.org_id).await?;
    let number = match new.number {
        Some(number) => number,
        None => next_number_in(&mut tx, &network.org_id).await?,
    };
    let added = Intermediary { number, ..draft };
    if !intermediaries::insert_in(&mut tx, &added, sealed, &hash).await? {
        drop(tx);
        return Err(taken(app, &added, &hash).await?);
    }
    let actor = by.actor();
    let audit = Audit {
        org_id: &added.org_id,
        actor: &actor,
        now: added.created_at,
    };
    audit
        .record_in(&mut tx, EventKind::IntermediaryAdded, &added.id)
        .await?;
    tx.commit().await?;
    Ok(added)
}

fn check(app: &App, network: &Network, new: &NewIntermediary) -> Result<Intermediary, AppError> {
    let mut findings = Vec::new();
    let name = check_name(&new.name, CreditField::IntermediaryName);
    let nif = read_nif(&new.nif);
    let email = read_email(&new.email);
    let particulars = read_particulars(&new.particulars);
    for wrong in [
        particulars.as_ref().err(),
        name.as_ref().err(),
        nif.as_ref().err(),
        email.as_ref().err(),
    ] {
        findings.extend(wrong.cloned());
    }
    if new.number == Some(0) || new.number.is_some_and(|number| number > NUMBER_MAX) {
        let most = Bound::Count(u64::from(NUMBER_MAX));
        let rule = match new.number {
            Some(0) => CreditRule::TooSmall(Bound::Count(1)),
            Some(_) | None => CreditRule::TooLarge(most),
        };
        findings.push(Finding::new(CreditField::IntermediaryNumber, rule));
    }
    let listed = |list: List, id: Option<u32>| id.is_none_or(|id| usable(list, id));
    if !listed(List::BrokerTypes, new.type_id)
        || !listed(List::BrokerSubTypes, new.sub_type_id)
        || !listed(List::BrokerClassifications, new.classification_id)
    {
        findings.push(Finding::new(CreditField::BrokerId, CreditRule::Unknown));
    }
    findings.sort_by_key(|finding| finding.field);
    let (Ok(name), Ok(nif), Ok(email), Ok(particulars), true) =
        (name, nif, email, particulars, findings.is_empty())
    else {
        return Err(Refusal::Findings(findings).into());
    };
    Ok(Intermediary {
        id: app.row_id()?,
        org_id: network.org_id.clone(),
        network_id: network.id.clone(),
        number: 0,
        nif,
        name,
        email,
        particulars,
        type_id: first_of(List::BrokerTypes, new.type_id)?,
        sub_type_id: new.sub_type_id,
        classification_id: new.classification_id,
        status_id: first_of(List::BrokerStatuses, None)?,
        is_active: true,
        has_api_access: true,
        created_at: app.now(),
    })
}

fn read_nif(text: &str) -> Result<Nif, Finding> {
    let field = CreditField::IntermediaryNif;
    if text.trim().is_empty() {
        return Err(Finding::new(field, CreditRule::Missing));
    }
    Nif::parse(text).map_err(|error| Finding::new(field, error.into()))
}

/// Each a line of bounded length, or nothing.
fn read_particulars(given: &Particulars) -> Result<Particulars, Finding> {
    let line = |text: &str| {
        if text.trim().is_empty() {
            return Ok(String::new());
        }
        let field = CreditField::IntermediaryParticulars;
        contact::line(text, PARTICULAR_MAX_CHARS)
            .ok_or_else(|| Finding::new(field, CreditRule::Malformed))
    };
    Ok(Particulars {
        registration: line(&given.registration)?,
        address: line(&given.address)?,
        phone: line(&given.phone)?,
    })
}

/// A mail address of an intermediary or one of its people.
pub(crate) fn read_email(text: &str) -> Result<String, Finding> {
    let field = CreditField::UserEmail;
    if text.trim().is_empty() {
        return Err(Finding::new(field, CreditRule::Missing));
    }
    contact::email(text).ok_or_else(|| Finding::new(field, CreditRule::Malformed))
}

/// The id given, else the one of the active status or the first usable of a list.
fn first_of(list: List, given: Option<u32>) -> Result<u32, Fault> {
    let active = by_code(list, "active").map(|entry| entry.id);
    let first = || {
        lintel_taxonomy::list(list)
            .iter()
            .find(|entry| entry.active)
    };
    given
        .or(active)
        .or_else(|| first().map(|entry| entry.id))
        .ok_or_else(|| Fault::internal("a list of brokers' values is empty"))
}

async fn next_number_in(tx: &mut Tx, org_id: &RowId) -> Result<u32, AppError> {
    let last = intermediaries::last_number_in(tx, org_id).await?;
    let next = match last {
        None => NUMBER_FIRST,
        Some(last) => last.saturating_add(1).max(NUMBER_FIRST),
    };
    if next > NUMBER_MAX {
        return Err(Fault::internal("the bank's numbers of intermediaries are used up").into());
    }
    Ok(next)
}

/// Says which of its names is taken.
async fn taken(app: &App, new: &Intermediary, hash: &[u8]) -> Result<AppError, AppError> {
    let open = |id: &RowId, sealed: &[u8]| open_nif(app, id, sealed);
    let (org, network) = (&new.org_id, &new.network_id);
    let known = intermediaries::load_by_nif(app.db(), org, network, hash, &open).await?;
    let field = match known {
        Some(_) => CreditField::IntermediaryNif,
        None => CreditField::IntermediaryNumber,
    };
    let finding = Finding::new(field, CreditRule::Duplicate);
    Ok(Refusal::Findings(vec![finding]).into())
}

/// A bank's intermediaries, by number.
///
/// # Errors
/// Denied without the permission; any fault of the database.
#[boxed]
pub async fn list(app: &App, by: &By<'_>) -> Result<Vec<Intermediary>, AppError> {
    let bank = bank(by)?;
    let open = |id: &RowId, sealed: &[u8]| open_nif(app, id, sealed);
    Ok(intermediaries::list(app.db(), &bank.id, LIST_MAX, &open).await?)
}

/// Finds one of a bank's intermediaries by its UniqueID, for papers and pages.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(app: &App, org_id: &RowId, id: &RowId) -> Result<Option<Intermediary>, Fault> {
    let open = |id: &RowId, sealed: &[u8]| open_nif(app, id, sealed);
    intermediaries::load(app.db(), org_id, id, &open).await
}

/// Finds a network's intermediary by its tax number.
pub(crate) async fn load_by_nif(
    app: &App,
    network: &Network,
    nif: &str,
) -> Result<Option<Intermediary>, Fault> {
    let open = |id: &RowId, sealed: &[u8]| open_nif(app, id, sealed);
    let hash = nif_hash(app, nif)?;
    intermediaries::load_by_nif(app.db(), &network.org_id, &network.id, &hash, &open).await
}

/// Finds one of a bank's intermediaries by its number or its UniqueID.
///
/// # Errors
/// Denied without the permission; not found; any fault of the database.
#[boxed]
pub async fn find(app: &App, by: &By<'_>, name: &str) -> Result<Intermediary, AppError> {
    let bank: &Organisation = bank(by)?;
    let open = |id: &RowId, sealed: &[u8]| open_nif(app, id, sealed);
    let name = name.trim();
    let is_id = name.len() == 36 && name.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let found = match name.parse::<u32>() {
        Ok(number) => intermediaries::load_by_number(app.db(), &bank.id, number, &open).await?,
        Err(_) if is_id => {
            let id = RowId::new(name.to_ascii_lowercase());
            intermediaries::load(app.db(), &bank.id, &id, &open).await?
        }
        Err(_) => None,
    };
    let missing = Refusal::NotFound {
        what: Noun::Intermediary,
    };
    Ok(found.ok_or(missing)?)
}

/// Switches an intermediary or its API access on or off; off ends every session of it at once.
/// `false` beside it when that changed nothing.
///
/// # Errors
/// As [`find`].
#[boxed]
pub async fn switch(
    app: &App,
    by: &By<'_>,
    name: &str,
    what: Switch,
    is_on: bool,
) -> Result<(Intermediary, bool), AppError> {
    let mut found = find(app, by, name).await?;
    match what {
        Switch::Active => found.is_active = is_on,
        Switch::ApiAccess => found.has_api_access = is_on,
    }
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let changed = intermediaries::set_access_in(&mut tx, &found, now).await?;
    if changed {
        if !is_on {
            sessions::end_all_in(&mut tx, &found.org_id, Whose::Intermediary(&found.id)).await?;
        }
        let actor = by.actor();
        let audit = Audit {
            org_id: &found.org_id,
            actor: &actor,
            now,
        };
        audit
            .record_in(&mut tx, EventKind::IntermediaryChanged, &found.id)
            .await?;
        tx.commit().await?;
    }
    Ok((found, changed))
}
