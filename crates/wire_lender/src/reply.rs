//! A finished answer: status, tree and format, and its way onto the wire.

pub mod flow;
mod json;
mod pen;
mod xml;

pub use json::to_json;
pub use pen::{Mark, Pen};
pub use xml::to_xml;

use crate::tree::Node;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};

/// The two answer formats of this API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `format=json`.
    Json,
    /// `format=xml`.
    Xml,
}

impl Format {
    /// Reads the `format` parameter, strictly: exactly `json` or `xml`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "json" => Some(Self::Json),
            "xml" => Some(Self::Xml),
            _ => None,
        }
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "application/xml; charset=utf-8",
        })
    }
}

/// The content of a successful answer.
#[derive(Debug)]
pub enum Content {
    /// A tree still to be written.
    Tree(Node),
    /// Already written in the format wanted.
    Written(Vec<u8>),
    /// Being written while it is sent.
    Streamed(Body),
    /// An answer with headers of its own, in neither format.
    Whole(Response),
}

impl From<Node> for Content {
    fn from(node: Node) -> Self {
        Self::Tree(node)
    }
}

impl Content {
    /// The answer with this content.
    pub fn into_response(self, format: Format) -> Response {
        let body = match self {
            Self::Tree(node) => return Reply::ok(node, format).into_response(),
            Self::Written(bytes) => Body::from(bytes),
            Self::Streamed(body) => body,
            Self::Whole(response) => return response,
        };
        let mut response = Response::new(body);
        response
            .headers_mut()
            .insert(CONTENT_TYPE, format.content_type());
        response
    }
}

/// An answer ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: StatusCode,
    /// The content.
    pub node: Node,
    /// How it is written.
    pub format: Format,
    /// Seconds after which a call that met a 503 may come again; none for a moment.
    pub retry_after_s: Option<u32>,
}

impl Reply {
    /// A successful answer.
    pub fn ok(node: Node, format: Format) -> Self {
        Self {
            status: StatusCode::OK,
            node,
            format,
            retry_after_s: None,
        }
    }

    /// The body's bytes.
    pub fn body(&self) -> Vec<u8> {
        match self.format {
            Format::Json => to_json(&self.node),
            Format::Xml => to_xml(&self.node),
        }
    }
}

/// Seconds after which a client that met a busy server may try again.
const RETRY_AFTER_S: u32 = 2;

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, self.format.content_type());
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            let seconds = self.retry_after_s.unwrap_or(RETRY_AFTER_S);
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_is_strict() {
        assert_eq!(Format::parse("json"), Some(Format::Json));
        assert_eq!(Format::parse("xml"), Some(Format::Xml));
        for bad in ["", "JSON", "Xml", " json", "json ", "yaml"] {
            assert_eq!(Format::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn headers_follow_format_and_status() {
        let content_type = |reply: Reply| {
            let response = reply.into_response();
            response
                .headers()
                .get(CONTENT_TYPE)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(
            content_type(Reply::ok(Node::Null, Format::Json)),
            "application/json; charset=utf-8"
        );
        assert_eq!(
            content_type(Reply::ok(Node::Null, Format::Xml)),
            "application/xml; charset=utf-8"
        );
        let mut busy = Reply::ok(Node::Null, Format::Json);
        busy.status = StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(
            busy.into_response().headers().get(RETRY_AFTER).unwrap(),
            "2"
        );
        let plain = Reply::ok(Node::Null, Format::Json).into_response();
        assert!(plain.headers().get(RETRY_AFTER).is_none());
    }
}
