//! Before an endpoint: who calls, and whether the request was answered before.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::call::{Face, Session};
use crate::problem::Problem;
use crate::{PREFIX, authentication, idempotency};

/// What may be called without a session. This list may only shrink.
pub(crate) const OPEN: &[(&str, &str)] = &[("POST", "/authentication"), ("GET", "/openapi.json")];

/// Lets a request through to its endpoint, with the session it came with.
pub(crate) async fn enter(
    State(face): State<Face>,
    path: MatchedPath,
    mut request: Request,
    next: Next,
) -> Response {
    let path = path.as_str();
    if is_open(request.method(), path.strip_prefix(PREFIX).unwrap_or(path)) {
        return next.run(request).await;
    }
    match session(&face, request.headers()).await {
        Ok(session) => request.extensions_mut().insert(session),
        Err(problem) => return problem.into_response(),
    };
    if request.method() == Method::POST {
        return Box::pin(idempotency::answered(&face, request, next)).await;
    }
    next.run(request).await
}

fn is_open(method: &Method, path: &str) -> bool {
    let method = if method == Method::HEAD {
        "GET"
    } else {
        method.as_str()
    };
    OPEN.contains(&(method, path))
}

/// The session a request came with. Whatever is wrong with it, the answer is the same.
async fn session(face: &Face, headers: &HeaderMap) -> Result<Session, Problem> {
    let token = authentication::token(headers).ok_or_else(Problem::no_session)?;
    let stated = authentication::stated(headers).map_err(|_| Problem::no_session())?;
    let partner = lintel_intermediaries::partner(&face.app, &token, &stated).await?;
    Ok(Session {
        partner: partner.into(),
        token: token.into(),
    })
}
