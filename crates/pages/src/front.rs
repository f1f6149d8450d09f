//! The front door: who comes here without a link finds the way in.

use axum::Router;
use axum::routing::get;
use lintel_edge::one::one;
use serde::Serialize;

use crate::Answer;
use crate::mailbox::MAILBOX;
use crate::pages::Pages;
use crate::sign_in::is_signed_in;
use crate::templates::Template;
use crate::visit::Visit;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct FrontPage {
    is_signed_in: bool,
    /// Where caught mail is read, while it is caught.
    mailbox: Option<&'static str>,
}

impl Template for FrontPage {
    const FILE: &'static str = "front.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        [true, false]
            .map(|is| Self {
                is_signed_in: is,
                mailbox: is.then_some("/mailbox"),
            })
            .into()
    }
}

async fn show(visit: Visit) -> Answer {
    let page = FrontPage {
        is_signed_in: is_signed_in(&visit).await?,
        mailbox: visit.app().is_catching().then_some(MAILBOX),
    };
    visit.page("Welcome").narrow().render(&page)
}

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new().route("/", get(one(show)))
}
