//! Calls a router in-process, the way a client on the loopback interface would.
//!
//! Tests only (feature `test-client`), so a request that cannot be built panics with the reason.

use crate::client_addr::PeerAddr;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use tower::ServiceExt;

const BOUNDARY: &str = "----lintel-test-7d1c2b";

/// A router and the headers sent with every request to it.
#[derive(Debug, Clone)]
pub struct TestClient {
    router: Router,
    headers: HeaderMap,
    peer: IpAddr,
}

/// One part of a multipart body.
#[derive(Debug, Clone)]
pub struct Part {
    head: String,
    content: Vec<u8>,
}

impl Part {
    /// A text field.
    pub fn text(name: &str, text: &str) -> Self {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"\r\n");
        Self {
            head,
            content: text.as_bytes().to_vec(),
        }
    }

    /// A file.
    pub fn file(name: &str, file_name: &str, content_type: &str, content: &[u8]) -> Self {
        let head = format!(
            "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: {content_type}\r\n"
        );
        Self {
            head,
            content: content.to_vec(),
        }
    }
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status line's code.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text; bytes that are not UTF-8 become U+FFFD.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as JSON; panics with the body when it is not.
    pub fn json(&self) -> serde_json::Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("answer is not JSON ({error}): {}", self.text()),
        }
    }

    /// A header's text, or "" when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl TestClient {
    /// A client at 127.0.0.1.
    pub fn new(router: Router) -> Self {
        Self {
            router,
            headers: HeaderMap::new(),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }

    /// Sends this header with every request.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers
            .insert(HeaderName::from_static(name), header_value(value));
        self
    }

    /// Calls from this address instead.
    #[must_use]
    pub fn from_peer(mut self, peer: IpAddr) -> Self {
        self.peer = peer;
        self
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Body::empty()).await
    }

    /// POST of a urlencoded form; names may have brackets.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let body = form.finish();
        self.post_raw(path, "application/x-www-form-urlencoded", body.as_bytes())
            .await
    }

    /// POST of a multipart form.
    pub async fn post_multipart(&self, path: &str, parts: &[Part]) -> Answer {
        let mut body = Vec::new();
        for part in parts {
            body.extend_from_slice(format!("--{BOUNDARY}\r\n{}\r\n", part.head).as_bytes());
            body.extend_from_slice(&part.content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.post_raw(
            path,
            &format!("multipart/form-data; boundary={BOUNDARY}"),
            &body,
        )
        .await
    }

    /// POST of a JSON document.
    pub async fn post_json(&self, path: &str, document: &serde_json::Value) -> Answer {
        self.post_raw(path, "application/json", document.to_string().as_bytes())
            .await
    }

    /// POST of any bytes; an empty content type sends none.
    pub async fn post_raw(&self, path: &str, content_type: &str, bytes: &[u8]) -> Answer {
        let content_type = (!content_type.is_empty()).then_some(content_type);
        self.send(Method::POST, path, content_type, Body::from(bytes.to_vec()))
            .await
    }

    /// Any method and body.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Body,
    ) -> Answer {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        match path.parse() {
            Ok(uri) => *request.uri_mut() = uri,
            Err(error) => panic!("{path:?} is not a path: {error}"),
        }
        request.headers_mut().clone_from(&self.headers);
        if let Some(content_type) = content_type {
            request
                .headers_mut()
                .insert(CONTENT_TYPE, header_value(content_type));
        }
        request
            .extensions_mut()
            .insert(PeerAddr(SocketAddr::new(self.peer, 0)));
        let answer = match self.router.clone().oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let (head, body) = answer.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes().to_vec(),
            Err(error) => panic!("answer broke off: {error}"),
        };
        Answer {
            status: head.status,
            headers: head.headers,
            body,
        }
    }
}

fn header_value(text: &str) -> HeaderValue {
    match HeaderValue::from_str(text) {
        Ok(value) => value,
        Err(error) => panic!("{text:?} is not a header value: {error}"),
    }
}
