//! One's own account: details, password, second step, sessions.

mod codes;
mod details;
mod qr;
mod security;

use axum::Router;
use axum::routing::{get, post};
use lintel_edge::one::one;

use crate::pages::Pages;

#[cfg(test)]
pub(crate) use codes::{CodesPage, RecoveryPage};
#[cfg(test)]
pub(crate) use details::AccountPage;

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route(
            "/lender/account",
            get(one(details::show)).post(one(details::save)),
        )
        .route(
            "/lender/account/password",
            post(one(security::change_password)),
        )
        .route(
            "/lender/account/codes",
            get(one(codes::show)).post(one(codes::confirm)),
        )
        .route("/lender/account/codes/off", post(one(security::codes_off)))
        .route(
            "/lender/account/sessions/end",
            post(one(security::end_session)),
        )
        .route(
            "/lender/account/sessions/end-others",
            post(one(security::end_others)),
        )
}
