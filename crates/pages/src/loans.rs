//! One loan, and the people who asked for one.

mod leads;
mod loan;

use axum::Router;
use axum::routing::get;

use crate::pages::Pages;

#[cfg(test)]
pub(crate) use leads::LeadsPage;
#[cfg(test)]
pub(crate) use loan::LoanView;

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        // By name: looking at the head of a page is not opening a loan.
        .route("/lender/loans/{id}", get(loan::show).head(loan::head))
        .route("/lender/leads", get(leads::show))
}
