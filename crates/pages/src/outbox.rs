//! What the organisation sent to whom: the list, one message with its preview, addresses that are not
//! written to any more.

mod list;
mod message;
mod suppressed;

use axum::Router;
use axum::routing::{get, post};
use lintel_edge::one::one;

use crate::layout::Section;
use crate::pages::Pages;
use crate::visit::{PageBuilder, Staff};

#[cfg(test)]
pub(crate) use list::OutboxPage;
#[cfg(test)]
pub(crate) use message::MessagePage;
#[cfg(test)]
pub(crate) use suppressed::SuppressedPage;

const OUTBOX: &str = "/lender/outbox";
const SUPPRESSED: &str = "/lender/outbox/suppressed";

/// Where the page of a message is.
pub(crate) fn href(id: &str) -> String {
    format!("{OUTBOX}/{}", crate::show::encoded(id))
}

/// A page of the outbox.
fn page<'a>(staff: &'a Staff, title: &str) -> PageBuilder<'a> {
    staff.page(title).section(Section::Outbox)
}

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route(OUTBOX, get(one(list::show)))
        .route(
            SUPPRESSED,
            get(one(suppressed::show)).post(one(suppressed::add)),
        )
        .route(
            "/lender/outbox/suppressed/release",
            post(one(suppressed::release)),
        )
        .route("/lender/outbox/{id}", get(one(message::show)))
        .route("/lender/outbox/{id}/preview", get(one(message::preview)))
        .route("/lender/outbox/{id}/retry", post(one(message::retry)))
        .route("/lender/outbox/{id}/cancel", post(one(message::cancel)))
}
