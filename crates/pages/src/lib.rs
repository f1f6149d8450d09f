//! Pages written by the server: the front door, signing in, the console of staff, the set-up of a
//! broker, the sign-up of a borrower, what a rate mail leads to, a demo's mailbox.
//!
//! A face beside the Lender API. A handler reads a form, calls one use case and writes a page; it
//! decides no rule. Everything works without script. One page is one file here and one template
//! beside it; to add one, add its routes to the router of its part and its type to the test that
//! renders every template.

mod account;
mod assets;
mod bank;
mod brand;
mod colour;
mod cookie;
mod desk;
mod failure;
mod fields;
mod flash;
mod front;
mod headers;
mod home;
mod images;
mod layout;
mod letter;
mod loans;
mod mailbox;
mod messages;
mod outbox;
mod pages;
mod posted;
mod rates;
mod settings;
mod setup;
mod show;
mod sign_in;
mod signup;
mod templates;
mod visit;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use lintel_app::context::App;
use lintel_app::error::Fault;
use lintel_edge::Limits;

use crate::failure::{Failure, PagesShape, finish};
use crate::pages::Pages;

/// What a handler answers.
pub(crate) type Answer = Result<Response, Failure>;

/// All pages, with pages of their own for whatever is not there.
///
/// # Errors
/// When a template cannot be read: a bug that a test finds first.
pub fn router(app: App, limits: &Limits) -> Result<Router, Fault> {
    let pages = Pages::try_new(app, limits)?;
    let routes = Router::new()
        .merge(assets::routes())
        .merge(brand::routes())
        .merge(signup::routes())
        .merge(sign_in::routes())
        .merge(account::routes())
        .merge(front::routes())
        .merge(home::routes())
        .merge(bank::routes())
        .merge(loans::routes())
        .merge(desk::routes())
        .merge(outbox::routes())
        .merge(rates::routes())
        .merge(mailbox::routes())
        .merge(images::routes())
        .merge(settings::routes())
        .merge(setup::routes())
        .layer(from_fn_with_state(pages.clone(), finish))
        .with_state(pages.clone());
    Ok(lintel_edge::wrap(routes, PagesShape(pages), limits))
}
