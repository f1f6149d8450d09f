//! One's own account: details, password, second step, sessions.

mod codes;
mod details;
mod qr;
mod security;

use axum::Router;
use axum::routing::{get, post};

use crate::pages::Pages;

#[cfg(test)]
pub(crate) use codes::{CodesPage, RecoveryPage};
#[cfg(test)]
pub(crate) use details::AccountPage;

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route("/lender/account", get(details::show).post(details::save))
        .route("/lender/account/password", post(security::change_password))
        .route(
            "/lender/account/codes",
            get(codes::show).post(codes::confirm),
        )
        .route("/lender/account/codes/off", post(security::codes_off))
        .route("/lender/account/sessions/end", post(security::end_session))
        .route(
            "/lender/account/sessions/end-others",
            post(security::end_others),
        )
}
