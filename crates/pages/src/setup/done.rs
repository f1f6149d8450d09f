//! The end of the set-up: what happens now, and the way to the console.

use axum::Router;
use axum::routing::get;
use lintel_app::{setup as steps, setup_done};
use lintel_edge::one::one;
use serde::Serialize;

use super::{DONE, path_of};
use crate::Answer;
use crate::cookie::Cookie;
use crate::failure::Failure;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::templates::Template;
use crate::visit::{Setup, see_other, with_cookie};

pub(super) fn routes() -> Router<Pages> {
    Router::new().route(DONE, get(one(show)).post(one(go_on)))
}

/// The set-up is finished, and this browser may go on.
#[derive(Serialize)]
pub(crate) struct DonePage {
    company: String,
    first_name: String,
    lender_id: String,
}

/// The set-up is finished, and there is nothing to go on with here.
#[derive(Serialize)]
pub(crate) struct FinishedPage {}

impl Template for DonePage {
    const FILE: &'static str = "setup/done.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        vec![Self {
            company: text(),
            first_name: text(),
            lender_id: text(),
        }]
    }
}

impl Template for FinishedPage {
    const FILE: &'static str = "setup/finished.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

async fn show(setup: Setup) -> Answer {
    let standing = steps::standing(setup.app(), setup.org()).await?;
    let standing = standing.filter(|s| s.started_by == setup.who.person.id);
    let standing = standing.ok_or(Failure::Gone)?;
    if !standing.is_completed() {
        return setup.go(path_of(standing.step));
    }
    let person = &setup.who.person;
    let first_name = person.preferred_name.as_ref().unwrap_or(&person.first_name);
    setup
        .page("Your set-up is finished")
        .narrow()
        .render(&DonePage {
            company: setup.org().name.clone(),
            first_name: first_name.clone(),
            lender_id: setup.org().public_id.to_string(),
        })
}

async fn go_on(setup: Setup, _form: Posted) -> Answer {
    let cookie = setup.cookie(Cookie::Setup).unwrap_or_default();
    let started =
        setup_done::go_on_as_staff(setup.app(), &setup.who, &cookie, &setup.visitor).await?;
    let Some(started) = started else {
        return setup
            .page("Your set-up is finished")
            .narrow()
            .render(&FinishedPage {});
    };
    let answer = see_other("/lender/home");
    let answer = with_cookie(answer, setup.set_cookie(Cookie::Staff, &started));
    Ok(with_cookie(answer, setup.clear_cookie(Cookie::Setup)))
}
