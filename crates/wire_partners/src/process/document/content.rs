//! An answer whose last member is a file in base64, sent piece by piece.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream::{StreamExt as _, try_unfold};
use lintel_processes::papers::PaperStream;
use lintel_store::fault::Fault;

use crate::etag;
use crate::write::{Object, Value};

const END: &[u8] = b"\"}";

/// The answer: the members of `head`, then `content`.
pub(super) fn answer(
    head: Object,
    revision: i64,
    (length, pieces): (u64, PaperStream),
) -> Response {
    let mut begin = Value::from(head).bytes();
    let tag = etag::of_revision(revision, &begin);
    // The object goes on.
    begin.pop();
    begin.extend_from_slice(b",\"content\":\"");
    let all = encoded_length(length)
        .saturating_add(len(&begin))
        .saturating_add(len(END));
    let encoded = Encoded {
        begin: Some(begin),
        rest: Vec::new(),
        pieces: Some(pieces),
    };
    let body = Body::from_stream(try_unfold(encoded, Encoded::next));
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(all));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    response
}

fn len(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Characters of base64 for so many bytes, padding included.
const fn encoded_length(bytes: u64) -> u64 {
    bytes.div_ceil(3).saturating_mul(4)
}

/// A body that is encoded as it is read. Holds one piece.
struct Encoded {
    /// What comes first, until it went.
    begin: Option<Vec<u8>>,
    /// What did not fill a group of three.
    rest: Vec<u8>,
    /// Gone once it came to its end.
    pieces: Option<PaperStream>,
}

impl Encoded {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Fault> {
        if let Some(begin) = self.begin.take() {
            return Ok(Some((Bytes::from(begin), self)));
        }
        loop {
            let Some(pieces) = &mut self.pieces else {
                return Ok(None);
            };
            match pieces.next().await.transpose() {
                Ok(Some(piece)) => {
                    self.rest.extend_from_slice(&piece);
                    let whole = self.rest.len() - self.rest.len() % 3;
                    if whole > 0 {
                        let text = STANDARD.encode(&self.rest[..whole]);
                        self.rest.drain(..whole);
                        return Ok(Some((Bytes::from(text), self)));
                    }
                }
                Ok(None) => {
                    self.pieces = None;
                    let mut last = STANDARD.encode(&self.rest).into_bytes();
                    last.extend_from_slice(END);
                    return Ok(Some((Bytes::from(last), self)));
                }
                Err(fault) => {
                    let error = fault.chain();
                    tracing::error!(error, "a paper cannot be handed out to its end");
                    return Err(fault);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(pieces: &[&[u8]]) -> serde_json::Value {
        let all: Vec<Bytes> = pieces.iter().map(|p| Bytes::copy_from_slice(p)).collect();
        let length = all.iter().map(|piece| len(piece)).sum();
        let stream = futures_util::stream::iter(all.into_iter().map(Ok));
        let head = Object::new().with("title", "a \"title\"");
        let response = answer(head, 3, (length, Box::pin(stream)));
        let promised = response.headers().get(CONTENT_LENGTH).cloned();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
        assert_eq!(promised, Some(HeaderValue::from(len(&bytes))));
        serde_json::from_slice(&bytes).expect("JSON")
    }

    #[tokio::test]
    async fn pieces_of_any_length_come_to_the_same_text() {
        let whole = b"Many hands make light work, and many pieces one text.";
        for size in [1, 2, 3, 4, 7, 100] {
            let pieces: Vec<&[u8]> = whole.chunks(size).collect();
            let got = sent(&pieces).await;
            assert_eq!(got["content"], STANDARD.encode(whole), "{size}");
            assert_eq!(got["title"], "a \"title\"");
        }
        assert_eq!(sent(&[]).await["content"], "");
    }
}
