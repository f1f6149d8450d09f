//! The Partners Portal API: REST JSON, header credentials, session token, callbacks.
//!
//! Wire names stop in this crate, domain words stop at its writers. One file per endpoint's noun: to add
//! an endpoint, add its route to the file's `routes`, its description to `openapi/`, and its fields to
//! `names`; codes follow by themselves. Must never know of any other face.
#![deny(missing_docs)]

mod answer;
mod authentication;
mod call;
mod callback;
mod codes;
mod correlation;
mod dress;
mod enter;
mod etag;
mod idempotency;
mod json;
mod language;
mod names;
mod openapi;
mod page;
mod problem;
mod process;
mod proposal;
mod read;
mod routes;
mod simulation;
mod taxonomy;
mod thread;
mod write;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use lintel_app::context::App;
use lintel_edge::Limits;

pub use dress::is_mine;

use crate::call::Face;
use crate::dress::{PartnersShape, dressed};
use crate::routes::Routes;

/// What every path of this API begins with, as the public text spells it.
pub const PREFIX: &str = "/API/partnersPortal";

/// Every route below the prefix.
fn all() -> Routes {
    Routes::new()
        .and(openapi::routes())
        .and(authentication::routes())
        .and(taxonomy::routes())
        .and(simulation::routes())
        .and(process::routes())
        .and(proposal::routes())
        .and(callback::routes())
}

/// All routes of this API, with its own answers for whatever is not there. The prefix is taken in any
/// letter case.
pub fn router(app: App, limits: &Limits) -> Router {
    let face = Face::new(app, limits);
    let routes = all()
        .router()
        .route_layer(from_fn_with_state(face.clone(), enter::enter));
    let routes = Router::new().nest(PREFIX, routes).with_state(face);
    let inner = lintel_edge::wrap(routes, PartnersShape, limits);
    Router::new().fallback(move |request: Request| dressed(inner.clone(), request))
}

/// The words callbacks are told in.
#[must_use]
pub fn callback_words() -> std::sync::Arc<dyn lintel_callbacks::Render> {
    std::sync::Arc::new(callback::Words)
}

/// Gives the routes what delivers callbacks: without it, those that need it answer 500.
pub fn with_callbacks(router: Router, office: lintel_callbacks::Office) -> Router {
    router.layer(axum::Extension(office))
}

/// The paths routed, below the prefix. The coverage test holds them against the description.
#[must_use]
pub fn paths() -> Vec<&'static str> {
    all().paths().to_vec()
}

/// What may be called without a session, as method and path. The coverage test reads it.
pub const WITHOUT_SESSION: &[(&str, &str)] = enter::OPEN;
