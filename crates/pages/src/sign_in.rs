//! Signing in and out: address and password, then a code where somebody has set one up.

mod enter;
mod link;
mod password;

pub(crate) use enter::{is_signed_in, next_page};
pub(crate) use password::{new_password, new_password_fields};

use axum::Router;
use axum::routing::{MethodFilter, get, on, post};

use crate::pages::Pages;

#[cfg(test)]
pub(crate) use enter::{ChoosePage, CodePage, SignInPage};
#[cfg(test)]
pub(crate) use password::{ForgotPage, NewPasswordPage, SentPage};

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route("/lender/sign-in", get(enter::show).post(enter::sign_in))
        .route("/lender/sign-in/company", post(enter::choose))
        .route(
            "/lender/sign-in/code",
            get(enter::show_code).post(enter::code),
        )
        .route("/lender/sign-out", post(enter::sign_out))
        .route(
            "/lender/forgot-password",
            get(password::show_forgot).post(password::forgot),
        )
        .route(
            "/lender/new-password/{token}",
            get(password::show_new).post(password::set_new),
        )
        // By name: a HEAD of whoever looks at links must not use one up.
        .route(
            "/lender/single-sign-on/{token}",
            on(MethodFilter::GET, link::land).on(MethodFilter::HEAD, link::look),
        )
}
