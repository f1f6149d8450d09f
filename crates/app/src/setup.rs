//! Setting up a broker: a lender sends company and people, and whoever started it finishes the rest
//! on pages. Until then the broker works like any other; only its people's way in is the set-up.

mod broker;
mod sent;
mod steps;

use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::Denial;
use lintel_domain::setup::Setup;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::setup;

pub use broker::{BrokerSetup, BrokerSetupOutcome, set_up_broker};
pub use steps::{complete, save_branding, save_company, save_licenses, save_people};

use crate::context::App;
use crate::error::AppError;
use crate::session::SignedIn;

/// How far the set-up of an organisation has come; `None` when it never had one.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn standing(app: &App, org: &Organisation) -> Result<Option<Setup>, Fault> {
    setup::load(app.db(), &org.id).await
}

/// The set-up the signed-in person is to go on with.
///
/// # Errors
/// Denied when there is none, it is done, or somebody else started it.
#[boxed]
pub async fn open(app: &App, who: &SignedIn) -> Result<Setup, AppError> {
    awaited(standing(app, &who.org).await?, who)
}

fn awaited(setup: Option<Setup>, who: &SignedIn) -> Result<Setup, AppError> {
    let setup = setup.filter(|setup| setup.awaits(&who.person.id));
    setup.ok_or_else(|| Denial::NotPermitted.into())
}
