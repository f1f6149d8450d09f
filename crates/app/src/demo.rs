//! The demo lender: an obviously invented organisation with people, branches, brokers, a vendor, a
//! catalogue and rate sheets, so that every endpoint has something to work on and the samples of the
//! Lender API's public text work as they stand. Loading it again changes nothing; what an older
//! version did not have yet is added.

mod bank;
mod cast;
mod complete;
mod leads;
mod loans;
mod organisations;
mod sign_in;

pub use bank::{BankLogin, BankPassword, bank_logins, load_bank};
use lintel_macros::boxed;
pub use loans::load_loans;
pub use sign_in::{ADMIN_EMAIL, has_password, password_works, set_password};

use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_pricing::codec::sheet::read_sheets;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::{catalogue as versions, organisation};

use crate::catalogue::{self, Change, ChangeError};
use crate::context::App;
use crate::error::AppError;

/// The demo lender's id: fixed, so that loading twice finds the first.
const DEMO_LENDER: &str = "DEMOLEND";
/// The demo vendor's id.
const DEMO_VENDOR: &str = "ABCD1234";
/// The actor of the demo's events.
const ACTOR: &str = "demo";

/// Sets up the demo lender, or finds it. The flag says whether it is new. People, branches, brokers
/// and the vendor that are missing are added; whoever is there stays as it is. A lender that has no
/// catalogue is given the demo's; one that has any keeps it.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(app: &App) -> Result<(Organisation, bool), AppError> {
    let id = public_id(DEMO_LENDER)?;
    let (org, is_new) = match organisation::load(app.db(), &id).await? {
        Some(org) => (org, false),
        None => create(app, id).await?,
    };
    complete::complete(app, &org).await?;
    let head = versions::head(app.db(), &org.id).await?;
    if head.generation == 0 {
        load_prices(app, &org).await?;
    }
    Ok((org, is_new))
}

async fn create(app: &App, id: PublicId) -> Result<(Organisation, bool), AppError> {
    let now = app.now();
    let org = Organisation {
        id: app.row_id()?,
        public_id: id.clone(),
        kind: OrganisationKind::Retail,
        name: "Harbor Light Mortgage (demo)".to_owned(),
        parent_id: None,
        nmls: Some("9900001".to_owned()),
        is_active: true,
    };
    let mut tx = app.db().begin().await?;
    if !organisation::insert_in(&mut tx, &org, now).await? {
        // Another node was faster by a moment: its demo lender is as good.
        drop(tx);
        let there = organisation::load(app.db(), &id).await?;
        return Ok((
            there.ok_or_else(|| Fault::internal("the demo lender vanished"))?,
            false,
        ));
    }
    let kind = EventKind::OrganisationCreated;
    let event = NewEvent::plain(&org.id, now, ACTOR, kind, org.id.as_str());
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok((org, true))
}

/// The demo's vendor, once the demo is loaded.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn vendor(app: &App) -> Result<Option<Organisation>, Fault> {
    organisation::load(app.db(), &public_id(DEMO_VENDOR)?).await
}

/// The demo's own ids are well-formed: a test loads them all.
fn public_id(text: &str) -> Result<PublicId, Fault> {
    PublicId::parse(text).ok_or_else(|| Fault::internal("an id of the demo"))
}

/// Writes the demo's catalogue and sheets, in one stroke: a process that is killed meanwhile leaves
/// nothing, and the next one loads them.
async fn load_prices(app: &App, org: &Organisation) -> Result<(), AppError> {
    let sheets = read_sheets(lintel_pricing::demo::sheets_csv()).map_err(|findings| {
        let first = findings.first().map(ToString::to_string);
        unusable(&first.unwrap_or_default())
    })?;
    let change = Change {
        parts: lintel_pricing::demo::parts(),
        sheets,
        effective_at: None,
        note: "the demo's catalogue".to_owned(),
        actor: ACTOR.to_owned(),
        source: "the demo's sheets".to_owned(),
        is_dry_run: false,
    };
    let changed = catalogue::change(app, org, change).await;
    changed.map(|_| ()).map_err(|error| match error {
        ChangeError::App(error) => error,
        ChangeError::Parts(_) | ChangeError::Sheets(_) => unusable(&error.to_string()),
    })
}

/// A test keeps that from shipping.
fn unusable(what: &str) -> AppError {
    Fault::internal(format!("the demo's own prices cannot be used: {what}")).into()
}
