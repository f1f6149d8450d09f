//! Signing in and out: address and password, then a code where somebody has set one up.

mod enter;
mod link;
mod password;

pub(crate) use enter::{is_signed_in, next_page};
pub(crate) use password::{new_password, new_password_fields};

use axum::Router;
use axum::routing::{MethodFilter, get, on, post};
use lintel_edge::one::one;

use crate::pages::Pages;

#[cfg(test)]
pub(crate) use enter::{ChoosePage, CodePage, SignInPage};
#[cfg(test)]
pub(crate) use password::{ForgotPage, NewPasswordPage, SentPage};

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route(
            "/lender/sign-in",
            get(one(enter::show)).post(one(enter::sign_in)),
        )
        .route("/lender/sign-in/company", post(one(enter::choose)))
        .route(
            "/lender/sign-in/code",
            get(one(enter::show_code)).post(one(enter::code)),
        )
        .route("/lender/sign-out", post(one(enter::sign_out)))
        .route(
            "/lender/forgot-password",
            get(one(password::show_forgot)).post(one(password::forgot)),
        )
        .route(
            "/lender/new-password/{token}",
            get(one(password::show_new)).post(one(password::set_new)),
        )
        // By name: a HEAD of whoever looks at links must not use one up.
        .route(
            "/lender/single-sign-on/{token}",
            on(MethodFilter::GET, link::land).on(MethodFilter::HEAD, link::look),
        )
}
