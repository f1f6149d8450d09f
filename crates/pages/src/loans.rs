//! One loan with all its pages, and the people who asked for one.

mod application;
mod conditions;
mod documents;
mod duties;
mod export;
mod facts;
mod frame;
mod history;
mod leads;
mod loan;
mod messages;
mod status;

use axum::Router;
use axum::routing::get;
use lintel_edge::one::one;

use crate::pages::Pages;

pub(crate) use history::by as done_by;

#[cfg(test)]
pub(crate) use application::ApplicationPage;
#[cfg(test)]
pub(crate) use conditions::{ConditionPage, ConditionsPage};
#[cfg(test)]
pub(crate) use documents::{DocumentConfirmPage, DocumentsPage};
#[cfg(test)]
pub(crate) use export::ExportPage;
#[cfg(test)]
pub(crate) use history::HistoryPage;
#[cfg(test)]
pub(crate) use leads::LeadsPage;
#[cfg(test)]
pub(crate) use loan::LoanView;
#[cfg(test)]
pub(crate) use messages::{LoanMessagePage, LoanMessagesPage};
#[cfg(test)]
pub(crate) use status::StatusPage;

/// Where a loan's first page is.
pub(crate) fn href(id: &str) -> String {
    frame::Part::Overview.href(id)
}

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    // By name: looking at the head of a page is not opening a loan.
    let head = loan::head;
    Router::new()
        .route("/lender/loans/{id}", get(one(loan::show)).head(head))
        .route(
            "/lender/loans/{id}/application",
            get(one(application::show)).head(head),
        )
        .route(
            "/lender/loans/{id}/status",
            get(one(status::show)).head(head).post(one(status::change)),
        )
        .route(
            "/lender/loans/{id}/messages",
            get(one(messages::list)).head(head),
        )
        .route(
            "/lender/loans/{id}/messages/{message}",
            get(one(messages::show)).head(head),
        )
        .route(
            "/lender/loans/{id}/messages/{message}/preview",
            get(one(messages::preview)).head(head),
        )
        .route(
            "/lender/loans/{id}/history",
            get(one(history::show)).head(head),
        )
        .route(
            "/lender/loans/{id}/export",
            get(one(export::show)).head(head).post(one(export::send)),
        )
        .merge(conditions::routes())
        .merge(documents::routes())
        .route("/lender/leads", get(one(leads::show)))
}
