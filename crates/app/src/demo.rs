//! The demo lender: an obviously invented organisation with staff, a catalogue and rate sheets, so
//! that every endpoint has something to work on. Loading it again changes nothing.

use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_pricing::codec::sheet::read_sheets;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::{catalogue as versions, organisation};

use crate::admin::{self, NewStaff};
use crate::catalogue::{self, Change, ChangeError};
use crate::context::App;
use crate::error::AppError;

/// The demo lender's id: fixed, so that loading twice finds the first.
const DEMO_LENDER: &str = "DEMOLEND";
/// Public id of the demo's first loan officer: the one the samples of the Lender API's public text
/// name, so that they work as they stand.
const DEMO_OFFICER: &str = "6ETBTZ4N";
/// The actor of the demo's events.
const ACTOR: &str = "demo";

/// Sets up the demo lender, or finds it. The flag says whether it is new. One that has no catalogue
/// is given the demo's; one that has any keeps it.
///
/// # Errors
/// Any fault of the database.
pub async fn load(app: &App) -> Result<(Organisation, bool), AppError> {
    let id = PublicId::parse(DEMO_LENDER).ok_or_else(|| Fault::internal("the demo's id"))?;
    let (org, is_new) = match organisation::load(app.db(), &id).await? {
        Some(org) => (org, false),
        None => create(app, id).await?,
    };
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
    for (at, new) in staff().into_iter().enumerate() {
        let mut person = admin::member(app, new)?;
        if let (0, Some(id)) = (at, PublicId::parse(DEMO_OFFICER)) {
            person.public_id = id;
        }
        admin::add_member_in(app, &mut tx, &org, ACTOR, person).await?;
    }
    tx.commit().await?;
    Ok((org, true))
}

fn staff() -> [NewStaff; 2] {
    let person = |first: &str, last: &str, email: &str, nmls: &str, los: &str| NewStaff {
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        email: email.to_owned(),
        nmls: Some(nmls.to_owned()),
        los_id: Some(los.to_owned()),
    };
    [
        person(
            "Olive",
            "Officer",
            "olive.officer@example.com",
            "9900101",
            "LO-1",
        ),
        person(
            "Lionel",
            "Lender",
            "lionel.lender@example.com",
            "9900102",
            "LO-2",
        ),
    ]
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
