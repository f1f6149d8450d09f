//! A successful answer.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::PREFIX;
use crate::etag;
use crate::write::Value;

/// A successful answer that is being written.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    body: Option<Value>,
    tag: Tag,
    headers: Vec<(HeaderName, String)>,
}

#[derive(Debug)]
enum Tag {
    None,
    Revision(i64),
    Content,
}

impl Answer {
    const fn new(status: StatusCode, body: Option<Value>) -> Self {
        Self {
            status,
            body,
            tag: Tag::None,
            headers: Vec::new(),
        }
    }

    /// 200 with a body.
    pub fn ok(body: impl Into<Value>) -> Self {
        Self::new(StatusCode::OK, Some(body.into()))
    }

    /// 201 with a body.
    pub fn created(body: impl Into<Value>) -> Self {
        Self::new(StatusCode::CREATED, Some(body.into()))
    }

    /// 202 with a body: it will be done.
    pub fn accepted(body: impl Into<Value>) -> Self {
        Self::new(StatusCode::ACCEPTED, Some(body.into()))
    }

    /// 204 without a body.
    pub const fn empty() -> Self {
        Self::new(StatusCode::NO_CONTENT, None)
    }

    /// Carries an entity tag of this revision.
    #[must_use]
    pub fn revision(mut self, revision: i64) -> Self {
        self.tag = Tag::Revision(revision);
        self
    }

    /// Carries an entity tag of its bytes, and may be kept by the caller to ask again with.
    #[must_use]
    pub fn etag_of_content(mut self) -> Self {
        self.tag = Tag::Content;
        self.header(CACHE_CONTROL, "private, no-cache")
    }

    /// Says where what was created is, by its path below the prefix.
    #[must_use]
    pub fn location(self, path: impl AsRef<str>) -> Self {
        let place = format!("{PREFIX}{}", path.as_ref());
        self.header(LOCATION, place)
    }

    /// Adds a header; one that cannot be written is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let Self {
            status,
            body,
            tag,
            headers,
        } = self;
        let bytes = body.as_ref().map(Value::bytes);
        let tag = bytes.as_ref().and_then(|bytes| match tag {
            Tag::None => None,
            Tag::Revision(revision) => Some(etag::of_revision(revision, bytes)),
            Tag::Content => Some(etag::of_content(bytes)),
        });
        let mut response = Response::new(bytes.map_or_else(Body::empty, Body::from));
        *response.status_mut() = status;
        let written = response.headers_mut();
        if body.is_some() {
            written.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let tag = tag.map(|tag| (ETAG, tag));
        for (name, value) in headers.into_iter().chain(tag) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                written.insert(name, value);
            }
        }
        response
    }
}
