//! One span and two metrics per request, without query strings, bodies or headers.

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use std::future::Future;
use std::time::Instant;
use tracing::Instrument;

/// What may be said about a request in logs and metrics.
pub(crate) struct Facts {
    face: &'static str,
    method: &'static str,
    /// The route's pattern, never the path: paths may hold ids and are unbounded.
    route: String,
    request_bytes: u64,
    span: tracing::Span,
}

impl Facts {
    pub(crate) fn of(request: &Request, face: &'static str, id: &str) -> Self {
        let matched = request.extensions().get::<MatchedPath>();
        let route = matched.map_or("unmatched", MatchedPath::as_str).to_owned();
        let method = method_label(request.method());
        let length = request
            .headers()
            .get(CONTENT_LENGTH)
            .and_then(|v| v.to_str().ok());
        let request_bytes = length.and_then(|text| text.parse().ok()).unwrap_or(0);
        let span = tracing::info_span!("http", request_id = id, face, method, route);
        Self {
            face,
            method,
            route,
            request_bytes,
            span,
        }
    }
}

/// The method as a label; callers can invent methods, so all others share one.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

/// Runs a request inside its span, then logs and counts how it ended.
pub(crate) async fn traced(facts: Facts, run: impl Future<Output = Response>) -> Response {
    let started = Instant::now();
    let answer = run.instrument(facts.span.clone()).await;
    let elapsed = started.elapsed();
    let status = answer.status().as_u16();
    facts.span.in_scope(|| {
        tracing::info!(
            status,
            latency_ms = elapsed.as_secs_f64() * 1000.0,
            request_bytes = facts.request_bytes,
            // Zero for an answer that is streamed.
            bytes = answer.body().size_hint().exact().unwrap_or(0),
            "answered"
        );
    });
    let Facts {
        face,
        method,
        route,
        ..
    } = facts;
    metrics::counter!(
        "lintel_http_requests_total",
        "face" => face, "route" => route.clone(), "method" => method, "status" => status.to_string()
    )
    .increment(1);
    metrics::histogram!("lintel_http_request_seconds", "face" => face, "route" => route)
        .record(elapsed.as_secs_f64());
    answer
}

#[cfg(test)]
mod tests;
