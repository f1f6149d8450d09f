//! The Lender API: form POST in, JSON or XML out, wire-compatible with the public text.
//!
//! Wire names stop in this crate, domain words stop at its writers. One verb per file; to add an
//! endpoint, add a file with `handle`, a route below, its rows to the coverage test and its oddities
//! to [`quirks`]. Must never know of any other face.

pub mod call;
mod company;
mod document;
mod draft;
pub mod error;
pub mod form;
mod loan;
pub mod names;
mod notification;
mod partner;
mod people;
mod pricing;
pub mod quirks;
pub mod refusal;
pub mod reply;
mod token;
pub mod tree;

use axum::Router;
use axum::routing::post;
use lintel_app::context::App;
use lintel_edge::Limits;
use lintel_edge::one::one;

pub use crate::partner::PARTNER_ENDPOINTS;

use crate::call::Face;
use crate::error::{ErrorStatus, LenderShape};

/// The paths of this API that are built, without the prefix. The coverage test reads them.
pub const ENDPOINTS: &[&str] = &[
    "/access-token",
    "/access-token/destroy",
    "/create-loan",
    "/import-loan",
    "/get-list-loans",
    "/upload-documents",
    "/download-documents",
    "/download-condition-documents",
    "/get-apr-closing-costs",
    "/get-ppe-anonymous",
    "/set-signup-product-pricing",
    "/rate-watch",
    "/email-application",
    "/custom-ppe/update-rates-points",
    "/broker-setup-url",
    "/connect-vendor",
    "/update-headshot",
    "/set-account-status",
    "/add-users",
    "/update/user",
    "/get-single-sign-on-url",
    "/get-internal-users",
    "/create-notifications",
];

/// Paths beside them that the public text does not know.
pub const OUR_ENDPOINTS: &[&str] = &[
    "/custom-ppe/get-catalogue",
    "/custom-ppe/update-catalogue",
    "/get-loan",
    "/update-loan-status",
    "/create-condition",
    "/update-condition",
    "/export-loan",
    "/validate-mismo",
];

/// All routes under `/api/lender`, `/api/partner` and `/api/loan`, with this face's own answers for
/// whatever is not there.
pub fn router(app: App, limits: &Limits, status: ErrorStatus) -> Router {
    let routes = Router::new()
        .route("/access-token", post(one(token::issue::handle)))
        .route("/access-token/destroy", post(one(token::destroy::handle)))
        .route("/create-loan", post(one(loan::create::handle)))
        .route("/import-loan", post(one(loan::import::handle)))
        .route("/get-loan", post(one(loan::full::handle)))
        .route("/update-loan-status", post(one(loan::status::handle)))
        .route("/create-condition", post(one(loan::condition::create)))
        .route("/update-condition", post(one(loan::condition::update)))
        .route("/export-loan", post(one(loan::export::handle)))
        .route("/validate-mismo", post(one(loan::validate::handle)))
        .route("/get-list-loans", post(one(loan::list::handle)))
        .route("/upload-documents", post(one(document::upload::handle)))
        .route("/download-documents", post(one(document::download::handle)))
        .route(
            "/download-condition-documents",
            post(one(document::condition::handle)),
        )
        .route(
            "/get-apr-closing-costs",
            post(one(pricing::apr_closing_costs::handle)),
        )
        .route("/get-ppe-anonymous", post(one(pricing::ppe::handle)))
        .route(
            "/set-signup-product-pricing",
            post(one(pricing::signup::handle)),
        )
        .route("/rate-watch", post(one(pricing::watch::handle)))
        .route(
            "/email-application",
            post(one(pricing::application_mail::handle)),
        )
        .route(
            "/custom-ppe/update-rates-points",
            post(one(pricing::rates_points::handle)),
        )
        .route(
            "/custom-ppe/get-catalogue",
            post(one(pricing::catalogue::get)),
        )
        .route(
            "/custom-ppe/update-catalogue",
            post(one(pricing::catalogue::update)),
        )
        .route(
            "/custom-ppe/quote-replay",
            post(one(pricing::replay::handle)),
        )
        .route("/broker-setup-url", post(one(company::setup::handle)))
        .route("/connect-vendor", post(one(company::vendor::handle)))
        .route("/update-headshot", post(one(people::headshot::handle)))
        .route("/set-account-status", post(one(people::status::handle)))
        .route("/add-users", post(one(people::add::handle)))
        .route("/update/user", post(one(people::preferences::handle)))
        .route(
            "/get-single-sign-on-url",
            post(one(people::sign_on::handle)),
        )
        .route("/get-internal-users", post(one(people::internal::handle)))
        .route("/create-notifications", post(one(notification::handle)));
    let nested = Router::new()
        .nest("/api/lender", routes)
        .merge(partner::routes())
        .with_state(Face::new(app, limits, status));
    lintel_edge::wrap(nested, LenderShape::new(status), limits)
}
