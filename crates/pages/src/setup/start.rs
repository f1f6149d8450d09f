//! The link's landing: a one-time token becomes a session within the set-up.

use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use lintel_app::{link, setup};
use lintel_domain::access::LinkPurpose;
use lintel_edge::one::one;
use serde::Serialize;

use super::path_of;
use crate::Answer;
use crate::cookie::Cookie;
use crate::failure::Failure;
use crate::pages::Pages;
use crate::templates::Template;
use crate::visit::{Setup, Visit, see_other, with_cookie};

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(
            "/lender/sign-up/start-basic",
            // Programs that look at links before people do must not use them up.
            get(one(land)).head(look),
        )
        .route(super::SIGN_UP, get(one(resume)))
}

/// Why a link does not open the set-up, and how to get one that does.
#[derive(Serialize)]
pub(crate) struct StartPage {
    is_finished: bool,
    is_open_here: bool,
}

impl Template for StartPage {
    const FILE: &'static str = "setup/start.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |is_finished, is_open_here| Self {
            is_finished,
            is_open_here,
        };
        vec![page(false, false), page(true, false), page(false, true)]
    }
}

async fn look() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn land(open: Result<Setup, Failure>, visit: Visit) -> Answer {
    let (lender, token) = (visit.query().text("lenderID"), visit.query().text("token"));
    let (lender, token) = (lender.unwrap_or_default(), token.unwrap_or_default());
    let cookie = link::land_setup(visit.app(), lender, token, &visit.visitor).await?;
    if let Some(cookie) = cookie {
        let answer = see_other(super::SIGN_UP);
        return Ok(with_cookie(
            answer,
            visit.set_cookie(Cookie::Setup, &cookie),
        ));
    }
    // The link was used by this very browser: it goes on where it was.
    if let Ok(open) = &open
        && open.org().public_id.as_str() == lender
    {
        return visit.go(super::SIGN_UP);
    }
    let title = "This link no longer works";
    visit
        .page(title)
        .narrow()
        .status(StatusCode::GONE)
        .render(&StartPage {
            is_finished: is_finished(&visit, token).await?,
            is_open_here: open.is_ok(),
        })
}

/// Whether a link that was never used leads to a set-up that is done.
async fn is_finished(visit: &Visit, token: &str) -> Result<bool, Failure> {
    let Some(used) = link::works(visit.app(), LinkPurpose::Setup, token).await? else {
        return Ok(false);
    };
    let standing = setup::standing(visit.app(), &used.org).await?;
    Ok(standing.is_some_and(|standing| standing.is_completed()))
}

/// Back to the first step that is not confirmed.
async fn resume(setup: Setup) -> Answer {
    let standing = super::at(&setup, lintel_domain::setup::SetupStep::Company).await?;
    setup.go(path_of(standing.step))
}
