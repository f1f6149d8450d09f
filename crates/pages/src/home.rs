//! The home of staff: the pipeline, filtered, page by page, and as a file.

mod csv;
mod filter;
mod page;

use axum::Router;
use axum::routing::get;

use crate::pages::Pages;

#[cfg(test)]
pub(crate) use page::HomePage;
pub(crate) use page::Pager;

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route("/lender/home", get(page::show))
        .route("/lender/home.csv", get(csv::download).head(csv::head))
}
