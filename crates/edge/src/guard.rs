//! The layers around a face: id, address, span, deadline, panic and overload protection, headers.
//!
//! What goes wrong here is answered by the face itself through [`Shape`], so that a client never
//! meets an answer in a shape its contract does not know.

use crate::deadline::Deadline;
use crate::limits::Limits;
use crate::request_id::X_REQUEST_ID;
use crate::{client_addr, request_id, trace};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::time::timeout_at;

/// What the plumbing has to answer in a face's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeFault {
    /// No such path.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The handler panicked: a bug of ours.
    Panicked,
    /// The handler did not finish within the request time-out.
    TimedOut,
    /// As many requests are in flight as are allowed; worth trying again.
    Overloaded,
}

/// How one face says what the plumbing has to say.
pub trait Shape: Clone + Send + Sync + 'static {
    /// The face's name in metrics and logs, for example `lender`.
    fn face(&self) -> &'static str;

    /// The answer for a fault. `request_id` is plain ASCII without markup.
    fn fault(&self, kind: EdgeFault, request_id: &str) -> Response;
}

#[derive(Clone)]
struct Guard<S> {
    shape: S,
    limits: Arc<Limits>,
    slots: Arc<Semaphore>,
}

/// Puts every protection around a face's routes and answers what they leave unanswered.
///
/// Call it once, last, on a router that has all its routes; then nest the result. Merging two
/// wrapped routers is a conflict of fallbacks. Handlers find [`crate::RequestId`] and
/// [`crate::ClientAddr`] in the extensions, and [`Deadline`] to ask for more time; every answer carries `X-Request-Id` and the security
/// headers (`Cache-Control` and `Referrer-Policy` only where the handler chose none).
pub fn wrap<S: Shape>(router: Router, shape: S, limits: &Limits) -> Router {
    let (unknown, wrong_method) = (shape.clone(), shape.clone());
    let guard = Guard {
        shape,
        slots: Arc::new(Semaphore::new(limits.in_flight.min(Semaphore::MAX_PERMITS))),
        limits: Arc::new(limits.clone()),
    };
    router
        .fallback(move |request: Request| {
            let answer = unknown.fault(EdgeFault::NotFound, &request_id::of(&request));
            async { answer }
        })
        .method_not_allowed_fallback(move |request: Request| {
            let id = request_id::of(&request);
            let answer = wrong_method.fault(EdgeFault::MethodNotAllowed, &id);
            async { answer }
        })
        .layer(from_fn_with_state(guard, pass::<S>))
}

/// One request through all protections, outermost first.
async fn pass<S: Shape>(
    State(guard): State<Guard<S>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = request_id::assign(&mut request);
    client_addr::assign(&mut request, &guard.limits.trusted_proxies);
    let facts = trace::Facts::of(&request, guard.shape.face(), id.as_str());
    let mut answer = trace::traced(facts, protected(&guard, request, next, id.as_str())).await;
    let headers = answer.headers_mut();
    if let Some(value) = id.header_value() {
        headers.insert(X_REQUEST_ID, value);
    }
    set_security_headers(headers);
    answer
}

/// Sheds when full, else runs the handler under a deadline and catches its panic.
async fn protected<S: Shape>(
    guard: &Guard<S>,
    mut request: Request,
    next: Next,
    id: &str,
) -> Response {
    let Ok(_slot) = guard.slots.try_acquire() else {
        return guard.shape.fault(EdgeFault::Overloaded, id);
    };
    let deadline = Deadline::after(guard.limits.request);
    request.extensions_mut().insert(deadline.clone());
    // The handler's state is dropped with the future; what it shares is behind locks that poison.
    let handler = AssertUnwindSafe(next.run(request)).catch_unwind();
    match until(&deadline, handler).await {
        Some(Ok(answer)) => answer,
        Some(Err(_panic)) => {
            // The message may hold personal data; the process's panic hook has the location.
            tracing::error!("request handler panicked");
            metrics::counter!("lintel_http_panics_total", "face" => guard.shape.face())
                .increment(1);
            guard.shape.fault(EdgeFault::Panicked, id)
        }
        None => guard.shape.fault(EdgeFault::TimedOut, id),
    }
}

/// Waits for work until its deadline, which the work may have moved meanwhile.
async fn until<T>(deadline: &Deadline, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    loop {
        let at = deadline.at();
        if let Ok(done) = timeout_at(at, &mut work).await {
            return Some(done);
        }
        if deadline.at() <= at {
            return None;
        }
    }
}

fn set_security_headers(headers: &mut axum::http::HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let unless_chosen: [(HeaderName, &'static str); 2] = [
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in unless_chosen {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests;
