//! What people have to do and to know: tasks and alerts.

mod alerts;
mod tasks;
mod views;

use axum::Router;
use axum::routing::{get, post};
use lintel_edge::one::one;

use crate::pages::Pages;

#[cfg(test)]
pub(crate) use alerts::AlertsPage;
#[cfg(test)]
pub(crate) use tasks::{TaskPage, TasksPage};
pub(crate) use views::{AlertView, TaskView};

const TASKS: &str = "/lender/tasks";
const ALERTS: &str = "/lender/alerts";

/// Where a form about a task or an alert leads back to: a page of the same list, or a loan. Any other
/// place is as good as none.
fn back_to(text: &str, otherwise: &str) -> String {
    let is_loan = text
        .strip_prefix("/lender/loans/")
        .is_some_and(|id| lintel_domain::id::PublicId::parse(id).is_some());
    let is_list = [TASKS, ALERTS]
        .iter()
        .any(|list| text == *list || text.starts_with(&format!("{list}?")));
    if (is_loan || is_list) && !text.contains(char::is_control) {
        return text.to_owned();
    }
    otherwise.to_owned()
}

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route(TASKS, get(one(tasks::list)).post(one(tasks::add)))
        .route(
            "/lender/tasks/{id}",
            get(one(tasks::show)).post(one(tasks::assign)),
        )
        .route("/lender/tasks/{id}/done", post(one(tasks::finish)))
        .route("/lender/tasks/{id}/reopen", post(one(tasks::reopen)))
        .route(ALERTS, get(one(alerts::list)))
        .route("/lender/alerts/{id}/put-away", post(one(alerts::put_away)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_back_to_pages_of_ours_only() {
        for good in [
            "/lender/tasks",
            "/lender/tasks?show=all&page=2",
            "/lender/alerts?page=3",
            "/lender/loans/ABCD2345",
        ] {
            assert_eq!(back_to(good, TASKS), good);
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example/lender/tasks",
            "/lender/tasksx",
            "/lender/loans/../sign-out",
            "/lender/loans/ABCD2345/export",
            "/lender/tasks?a=\r\nb",
        ] {
            assert_eq!(back_to(bad, TASKS), TASKS, "{bad}");
        }
    }
}
