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

/// Runs a request inside its span, then logs and counts how it ended; also one whose caller went
/// away before there was an answer.
pub(crate) async fn traced(facts: Facts, run: impl Future<Output = Response>) -> Response {
    let span = facts.span.clone();
    let watch = Watch {
        facts,
        started: Instant::now(),
        is_answered: false,
    };
    let answer = run.instrument(span).await;
    watch.answered(&answer);
    answer
}

/// A request under way. Dropped without an answer, it says so.
struct Watch {
    facts: Facts,
    started: Instant,
    is_answered: bool,
}

impl Watch {
    fn answered(mut self, answer: &Response) {
        self.is_answered = true;
        let elapsed = self.started.elapsed();
        let status = answer.status().as_u16();
        self.facts.span.in_scope(|| {
            tracing::info!(
                status,
                latency_ms = elapsed.as_secs_f64() * 1000.0,
                request_bytes = self.facts.request_bytes,
                // Zero for an answer that is streamed.
                bytes = answer.body().size_hint().exact().unwrap_or(0),
                "answered"
            );
        });
        self.count(status.to_string());
        metrics::histogram!(
            "lintel_http_request_seconds",
            "face" => self.facts.face, "route" => self.facts.route.clone()
        )
        .record(elapsed.as_secs_f64());
    }

    fn count(&self, status: String) {
        let Facts {
            face,
            method,
            route,
            span: _,
            request_bytes: _,
        } = &self.facts;
        metrics::counter!(
            "lintel_http_requests_total",
            "face" => *face, "route" => route.clone(), "method" => *method, "status" => status
        )
        .increment(1);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.is_answered {
            self.facts.span.in_scope(|| {
                let latency_ms = self.started.elapsed().as_secs_f64() * 1000.0;
                tracing::info!(latency_ms, "abandoned by its caller");
            });
            self.count("abandoned".to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
