//! The home of staff: the pipeline, filtered, page by page, and as a file.

mod csv;
mod filter;
mod page;

use axum::Router;
use axum::routing::get;
use lintel_edge::one::one;

use crate::pages::Pages;

#[cfg(test)]
pub(crate) use page::HomePage;
pub(crate) use page::Pager;

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route("/lender/home", get(one(page::show)))
        .route("/lender/home.csv", get(one(csv::download)).head(csv::head))
}
