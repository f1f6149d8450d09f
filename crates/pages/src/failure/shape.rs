//! What the plumbing has to say, as pages.

use axum::http::StatusCode;
use axum::response::Response;
use lintel_edge::{EdgeFault, Shape};

use super::{ErrorPage, Failure};
use crate::pages::Pages;
use crate::visit::bare_page;

/// This face's answers for what no handler answers.
#[derive(Clone)]
pub(crate) struct PagesShape(pub(crate) Pages);

impl Shape for PagesShape {
    fn face(&self) -> &'static str {
        "pages"
    }

    fn fault(&self, kind: EdgeFault, request_id: &str) -> Response {
        let (failure, status) = match kind {
            EdgeFault::NotFound => (Failure::NotFound, StatusCode::NOT_FOUND),
            EdgeFault::MethodNotAllowed => {
                let status = StatusCode::METHOD_NOT_ALLOWED;
                let page = ErrorPage {
                    status: status.as_u16(),
                    heading: "This page cannot be used like that",
                    text: "It can be opened but not sent to, or the other way round. Start from the beginning.".to_owned(),
                    action: Some(("/", "Go to the start page")),
                    request_id: None,
                };
                return bare_page(&self.0, page.heading, status, &page);
            }
            EdgeFault::Panicked => (Failure::Broken, StatusCode::INTERNAL_SERVER_ERROR),
            EdgeFault::TimedOut => (Failure::Busy, StatusCode::GATEWAY_TIMEOUT),
            EdgeFault::Overloaded => (Failure::Busy, StatusCode::SERVICE_UNAVAILABLE),
        };
        let mut page = failure.page(request_id);
        page.status = status.as_u16();
        bare_page(&self.0, failure.heading(), status, &page)
    }
}
