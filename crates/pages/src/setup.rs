//! The set-up of a broker: from the link its lender's system opened to the first page of the console.
//!
//! Steps in order, each stored when it is confirmed, so that somebody can close the browser and come
//! back. Only the person who started the set-up has a session that opens it.

mod branding;
mod company;
mod done;
mod licensing;
mod people;
mod progress;
mod review;
mod start;

use axum::Router;
use axum::response::Response;
use lintel_app::setup;
use lintel_domain::setup::{Setup as Standing, SetupStep};

use crate::failure::Failure;
use crate::pages::Pages;
use crate::visit::{PageBuilder, Setup, see_other};

#[cfg(test)]
pub(crate) use self::{
    branding::BrandingPage,
    company::CompanyPage,
    done::{DonePage, FinishedPage},
    licensing::LicensingPage,
    people::{PeoplePage, PersonPage},
    review::ReviewPage,
    start::StartPage,
};

/// Where the set-up lives.
pub(crate) const SIGN_UP: &str = "/lender/sign-up";
/// Where a finished set-up leads.
pub(crate) const DONE: &str = "/lender/sign-up/done";

/// All routes of the set-up.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .merge(start::routes())
        .merge(company::routes())
        .merge(licensing::routes())
        .merge(people::routes())
        .merge(branding::routes())
        .merge(review::routes())
        .merge(done::routes())
}

/// Where a step's page is.
pub(crate) const fn path_of(step: SetupStep) -> &'static str {
    match step {
        SetupStep::Company => "/lender/sign-up/company",
        SetupStep::Licensing => "/lender/sign-up/licensing",
        SetupStep::People => "/lender/sign-up/people",
        SetupStep::Branding => "/lender/sign-up/branding",
        SetupStep::Review => "/lender/sign-up/review",
    }
}

/// Goes on only when the set-up is open for this person and has come as far as a step. A finished one
/// leads to its last page, a step too far to the first one that is not confirmed.
pub(crate) async fn at(setup: &Setup, step: SetupStep) -> Result<Standing, Failure> {
    let standing = setup::standing(setup.app(), setup.org()).await?;
    let standing = standing.filter(|s| s.started_by == setup.who.person.id);
    let standing = standing.ok_or(Failure::Gone)?;
    if standing.is_completed() {
        return Err(Failure::SeeOther(DONE.to_owned()));
    }
    if standing.step < step {
        return Err(Failure::SeeOther(path_of(standing.step).to_owned()));
    }
    Ok(standing)
}

/// A page of the set-up.
pub(crate) fn page<'a>(setup: &'a Setup, title: &str) -> PageBuilder<'a> {
    setup.page(title).narrow()
}

/// On to the step after this one.
pub(crate) fn onward(step: SetupStep) -> Response {
    see_other(path_of(step.next()))
}
