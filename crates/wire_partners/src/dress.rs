//! The outermost layer: the prefix in any letter case, the correlation id, the language, and problems
//! put into words.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue, VARY};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use lintel_edge::{EdgeFault, Shape};
use tower::ServiceExt as _;
use tracing::Instrument as _;

use crate::PREFIX;
use crate::correlation::{Correlation, X_CORRELATION_ID};
use crate::etag;
use crate::language::Language;
use crate::problem::Problem;

/// How this API says what the plumbing has to say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartnersShape;

impl Shape for PartnersShape {
    fn face(&self) -> &'static str {
        "partners"
    }

    fn fault(&self, kind: EdgeFault, _request_id: &str) -> Response {
        let problem = match kind {
            EdgeFault::NotFound => Problem::not_found(),
            EdgeFault::MethodNotAllowed => Problem::wrong_method(),
            EdgeFault::Panicked => Problem::internal(),
            EdgeFault::TimedOut => Problem::timed_out(),
            EdgeFault::Overloaded => Problem::busy(),
        };
        problem.into_response()
    }
}

/// Whether a path belongs to this API: its two segments match in any letter case.
#[must_use]
pub fn is_mine(path: &str) -> bool {
    path.get(..PREFIX.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
        && path
            .get(PREFIX.len()..)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers one request, whatever happens inside.
pub(crate) async fn dressed(inner: Router, mut request: Request) -> Response {
    let correlation = Correlation::of(request.headers());
    let language = Language::wanted(request.headers());
    let is_get = matches!(*request.method(), Method::GET | Method::HEAD);
    let asked = is_get.then(|| request.headers().clone());
    if let Some(uri) = with_prefix(request.uri()) {
        *request.uri_mut() = uri;
    }
    let filter = status_filter(request.uri().path());
    let extensions = request.extensions_mut();
    extensions.insert(correlation.clone());
    extensions.insert(language);
    let span = tracing::info_span!("partners", correlation_id = correlation.as_str());
    let answer = inner.oneshot(request).instrument(span).await;
    let mut answer = match answer {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    if let Some(problem) = answer.extensions_mut().get_mut::<Problem>() {
        problem.status_filter = filter;
    }
    let answer = worded(answer, language, &correlation);
    let answer = match asked {
        Some(headers) => unless_known(answer, &headers),
        None => answer,
    };
    with_headers(answer, language, &correlation)
}

/// Puts a problem into words; anything else stays as it is.
pub(crate) fn worded(
    mut answer: Response,
    language: Language,
    correlation: &Correlation,
) -> Response {
    match answer.extensions_mut().remove::<Problem>() {
        Some(problem) => problem.written(answer, language, correlation.as_str()),
        None => answer,
    }
}

/// What the status to look for is called in a list, where it is not the one of simulations.
fn status_filter(path: &str) -> Option<&'static str> {
    match path.strip_prefix(PREFIX)? {
        "/processes" => Some("filterProcessStatus"),
        "/proposals" => Some("filterProposalStatus"),
        _ => None,
    }
}

/// Not modified, when the caller has this answer already.
fn unless_known(answer: Response, asked: &HeaderMap) -> Response {
    let tag = answer.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
    let is_known = tag.is_some_and(|tag| etag::is_known(asked, tag));
    if !is_known || answer.status() != StatusCode::OK {
        return answer;
    }
    let (mut head, _) = answer.into_parts();
    head.status = StatusCode::NOT_MODIFIED;
    head.headers.remove(CONTENT_TYPE);
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::empty())
}

fn with_headers(mut answer: Response, language: Language, correlation: &Correlation) -> Response {
    let headers = answer.headers_mut();
    if let Some(value) = correlation.header_value() {
        headers.insert(X_CORRELATION_ID, value);
    }
    // An answer that is given again keeps the language it was first given in.
    headers
        .entry(CONTENT_LANGUAGE)
        .or_insert(HeaderValue::from_static(language.tag()));
    headers.insert(VARY, HeaderValue::from_static("Accept-Language"));
    answer
}

/// The address with the prefix as the routes have it; none when it has it already.
fn with_prefix(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if !is_mine(path) || path.starts_with(PREFIX) {
        return None;
    }
    let rest = path.get(PREFIX.len()..)?;
    let query = uri.query().map(|q| format!("?{q}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    let changed: PathAndQuery = format!("{PREFIX}{rest}{query}").parse().ok()?;
    parts.path_and_query = Some(changed);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_the_plumbing_are_problems() {
        for (kind, expected) in [
            (EdgeFault::NotFound, 404),
            (EdgeFault::MethodNotAllowed, 405),
            (EdgeFault::Panicked, 500),
            (EdgeFault::TimedOut, 503),
            (EdgeFault::Overloaded, 503),
        ] {
            let correlation = Correlation::of(&HeaderMap::new());
            let answer = PartnersShape.fault(kind, "r-1");
            let answer = worded(answer, Language::English, &correlation);
            assert_eq!(answer.status().as_u16(), expected);
            assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
            assert_eq!(
                answer.headers().contains_key("retry-after"),
                expected == 503
            );
        }
    }

    #[test]
    fn the_prefix_matches_in_any_letter_case() {
        for path in [
            "/API/partnersPortal",
            "/api/partnersPortal/",
            "/Api/PARTNERSPORTAL/simulations",
        ] {
            assert!(is_mine(path), "{path}");
        }
        for path in [
            "/",
            "/API",
            "/API/partnersPortals",
            "/api/lender",
            "/API/partnersPortaé",
        ] {
            assert!(!is_mine(path), "{path}");
        }
        let uri: Uri = "/api/partnersportal/Simulations?a=%20b"
            .parse()
            .expect("a URI");
        let changed = with_prefix(&uri).expect("changed");
        assert_eq!(changed, "/API/partnersPortal/Simulations?a=%20b");
        assert_eq!(with_prefix(&changed), None);
    }
}
