//! The body of a request: JSON within bounds.

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_edge::body::{Loaded, Ticket};

use super::{Found, Obj};
use crate::call::Face;
use crate::json::{self, Node};
use crate::problem::Problem;

/// A body that was read; whether it is the object an endpoint wants is asked by [`Body::object`].
#[derive(Debug)]
pub(crate) struct Body {
    root: Node,
    room: Option<Ticket>,
}

impl Body {
    /// The object the body is.
    ///
    /// # Errors
    /// A finding when it is anything else.
    pub fn object<'a>(&'a self, found: &'a Found) -> Result<Obj<'a>, Problem> {
        match &self.root {
            Node::Object(members) => Ok(Obj::of(members, found)),
            Node::Null | Node::Flag(_) | Node::Number(_) | Node::Text(_) | Node::List(_) => {
                Err(refused(CreditRule::Malformed))
            }
        }
    }

    /// Frees the body, and keeps the room it had: for as long as something of its size that was read
    /// from it is in memory.
    #[must_use]
    pub fn into_room(self) -> Option<Ticket> {
        self.room
    }
}

/// A body that may be missing.
#[derive(Debug)]
pub(crate) struct OptionalBody(pub Option<Body>);

impl OptionalBody {
    /// The object the body is; none when there is no body.
    ///
    /// # Errors
    /// A finding when it is anything else.
    pub fn object<'a>(&'a self, found: &'a Found) -> Result<Option<Obj<'a>>, Problem> {
        self.0.as_ref().map(|body| body.object(found)).transpose()
    }
}

impl FromRequest<Face> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, face: &Face) -> Result<Self, Problem> {
        match read(request, face).await? {
            Some(body) => Ok(body),
            None => Err(refused(CreditRule::Missing)),
        }
    }
}

impl FromRequest<Face> for OptionalBody {
    type Rejection = Problem;

    async fn from_request(request: Request, face: &Face) -> Result<Self, Problem> {
        Ok(Self(read(request, face).await?))
    }
}

/// A body that was read before the endpoint was reached; a request extension.
#[derive(Debug, Clone)]
pub(crate) struct Early(std::sync::Arc<std::sync::Mutex<Option<Loaded>>>);

impl Early {
    /// Keeps a body for the endpoint.
    pub fn new(loaded: Loaded) -> Self {
        Self(std::sync::Arc::new(std::sync::Mutex::new(Some(loaded))))
    }

    fn take(&self) -> Option<Loaded> {
        let mut held = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        held.take()
    }
}

async fn read(mut request: Request, face: &Face) -> Result<Option<Body>, Problem> {
    let is_json = is_json(request.headers());
    let early = request.extensions_mut().remove::<Early>();
    let loaded = match early.and_then(|early| early.take()) {
        Some(loaded) => loaded,
        None => {
            // Nobody reads megabytes of what it does not take.
            if !is_json && request.headers().contains_key(CONTENT_TYPE) {
                return Err(Problem::unsupported_type());
            }
            face.gate.bytes(request).await?
        }
    };
    if loaded.bytes.is_empty() {
        return Ok(None);
    }
    if !is_json {
        return Err(Problem::unsupported_type());
    }
    let root = json::parse(&loaded.bytes, face.json_nodes)?;
    Ok(Some(Body {
        root,
        room: Some(loaded.ticket),
    }))
}

/// Whether a body says it is JSON: `application/json` or a type built on it, in UTF-8.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()) else {
        return false;
    };
    let mut parts = kind.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_json = essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"));
    let is_utf8 = parts
        .filter_map(|part| part.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"));
    is_json && is_utf8
}

fn refused(rule: CreditRule) -> Problem {
    Problem::found(Finding::new(CreditField::Body, rule))
}

#[cfg(test)]
impl Body {
    /// A body for tests of readers.
    pub fn of(text: &str) -> Self {
        let root = json::parse(text.as_bytes(), 10_000).expect("JSON");
        Self { root, room: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_json_or_built_on_it() {
        for (kind, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json;charset=\"utf-8\"", true),
            ("application/merge-patch+json", true),
            ("application/json; charset=latin1", false),
            ("text/json", false),
            ("text/plain", false),
            ("application/jsonp", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().expect("a header"));
            assert_eq!(is_json(&headers), expected, "{kind}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
