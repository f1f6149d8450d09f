//! An answer as it is kept: the headers that belong to it, a blank line, the body.

use axum::body::Body;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

/// Largest answer that is kept. No `POST` has one near it.
pub(super) const ANSWER_MAX_BYTES: u64 = 8 * 1024 * 1024;

const KEPT: [HeaderName; 4] = [CONTENT_TYPE, CONTENT_LANGUAGE, ETAG, LOCATION];

/// Packs an answer.
pub(super) fn packed(headers: &HeaderMap, body: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(body.len() + 256);
    for name in KEPT {
        if let Some(value) = headers.get(&name) {
            packed.extend_from_slice(name.as_str().as_bytes());
            packed.push(b':');
            packed.extend_from_slice(value.as_bytes());
            packed.push(b'\n');
        }
    }
    packed.push(b'\n');
    packed.extend_from_slice(body);
    packed
}

/// Unpacks an answer; none when it is not one.
pub(super) fn opened(status: u16, packed: &[u8]) -> Option<Response> {
    let mut headers = HeaderMap::new();
    let mut rest = packed;
    loop {
        let end = rest.iter().position(|b| *b == b'\n')?;
        let (line, after) = rest.split_at_checked(end)?;
        rest = after.get(1..)?;
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|b| *b == b':')?;
        let (name, value) = line.split_at_checked(colon)?;
        let name = HeaderName::from_bytes(name).ok()?;
        headers.insert(name, HeaderValue::from_bytes(value.get(1..)?).ok()?);
    }
    let mut response = Response::new(Body::from(rest.to_vec()));
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    *response.headers_mut() = headers;
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_back_with_its_own_headers() {
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, HeaderValue::from_static("\"1-0:a\""));
        headers.insert("x-other", HeaderValue::from_static("no"));
        let answer = opened(201, &packed(&headers, b"{\"a\":1}\n\n")).expect("an answer");
        assert_eq!(answer.status(), 201);
        assert_eq!(answer.headers().len(), 1);
        assert_eq!(answer.headers()[ETAG], "\"1-0:a\"");
        assert!(opened(200, b"").is_none());
        assert!(opened(99, b"\n").is_none());
    }
}
