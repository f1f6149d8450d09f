//! The bank's desk: the queue of processes, one process with everything that can be done with it, how
//! the bank decides, and the networks whose intermediaries work with it.

mod acts;
mod case;
mod decide;
mod networks;
mod paper;
mod queue;
mod settings;
mod views;

#[cfg(test)]
pub(crate) use case::CasePage;
#[cfg(test)]
pub(crate) use networks::NetworksPage;
#[cfg(test)]
pub(crate) use queue::QueuePage;
#[cfg(test)]
pub(crate) use settings::BankSettingsPage;

use axum::Router;
use axum::routing::{get, post};
use lintel_domain::id::RowId;
use lintel_domain::organisation::OrganisationKind;
use lintel_edge::one::one;
use lintel_engine::money::Cents;

use crate::failure::Failure;
use crate::pages::Pages;
use crate::show;
use crate::visit::Staff;

/// The queue, where a bank's staff begins.
pub(crate) const QUEUE: &str = "/bank/processes";
/// Networks and intermediaries.
const NETWORKS: &str = "/bank/networks";
/// How the bank decides.
const SETTINGS: &str = "/bank/settings";

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route(QUEUE, get(one(queue::show)))
        .route("/bank/processes/{id}", get(one(case::show)))
        .route("/bank/processes/{id}/take", post(one(acts::take)))
        .route("/bank/processes/{id}/take-over", post(one(acts::take_over)))
        .route("/bank/processes/{id}/ask", post(one(acts::ask)))
        .route(
            "/bank/processes/{id}/requests/{request}/withdraw",
            post(one(acts::withdraw)),
        )
        .route("/bank/processes/{id}/messages", post(one(acts::message)))
        .route("/bank/processes/{id}/approve", post(one(decide::approve)))
        .route("/bank/processes/{id}/decline", post(one(decide::decline)))
        .route(
            "/bank/processes/{id}/decisions/{decision}/confirm",
            post(one(decide::confirm)),
        )
        .route(
            "/bank/processes/{id}/decisions/{decision}/return",
            post(one(decide::send_back)),
        )
        .route(
            "/bank/processes/{id}/documents/{document}",
            get(one(paper::document)),
        )
        .route("/bank/proposals/{id}/{paper}", get(one(paper::of_proposal)))
        .route(NETWORKS, get(one(networks::show)))
        .route("/bank/networks/{id}/switch", post(one(networks::switch)))
        .route(
            "/bank/intermediaries/{id}/switch",
            post(one(networks::switch_broker)),
        )
        .route(SETTINGS, get(one(settings::show)).post(one(settings::save)))
}

/// Goes on only for a bank's staff; for others there are no such pages.
fn of_bank(staff: &Staff) -> Result<(), Failure> {
    if staff.org().kind == OrganisationKind::Bank {
        Ok(())
    } else {
        Err(Failure::NotFound)
    }
}

/// An id of an address. What can be none is as unknown as one that is nobody's.
fn row_id(text: &str) -> Result<RowId, Failure> {
    let is_id = text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    if is_id {
        Ok(RowId::new(text.to_ascii_lowercase()))
    } else {
        Err(Failure::NotFound)
    }
}

/// Where a process is.
fn case_path(id: &RowId) -> String {
    format!("{QUEUE}/{id}")
}

/// `€1,234.56`.
fn euro(amount: Cents) -> String {
    show::money(amount).replacen('$', "€", 1)
}
