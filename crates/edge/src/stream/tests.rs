//! However a body is cut into pieces, its form is the one of the whole body, with numbers for contents,
//! and the contents are the texts that stood there.

#[path = "bodies.rs"]
mod bodies;
#[path = "memory.rs"]
mod memory;
#[path = "whole.rs"]
mod whole;

use super::*;
use crate::limits::Limits;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method};
use futures_util::stream;
use std::convert::Infallible;

/// What the document endpoints of a face want.
const WANTED: Wanted = Wanted {
    field: "data",
    lists: &["documents", "uploads"],
    member: "fileContent",
    files: &["paper"],
    known: &["apiID", "format"],
};

const BOUNDS: StreamBounds = StreamBounds {
    body_bytes: 1024 * 1024,
    gathered_bytes: 256 * 1024,
};

const JSON: &str = "application/json";
const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=XX";

/// Keeps everything.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Kept {
    contents: Vec<Vec<u8>>,
    begins: Vec<Begin>,
    /// What was known of `apiID` when a content began.
    known: Vec<Option<String>>,
    open: bool,
    refuse_from: Option<usize>,
}

impl Sink for Kept {
    type Error = &'static str;

    async fn begin(&mut self, begin: &Begin, so_far: SoFar<'_>) -> Result<(), Self::Error> {
        assert!(!self.open, "one content at a time");
        assert_eq!(begin.index, self.contents.len());
        if self.refuse_from == Some(begin.index) {
            return Err("enough");
        }
        self.open = true;
        self.begins.push(begin.clone());
        self.known.push(so_far.text("apiID").map(ToOwned::to_owned));
        self.contents.push(Vec::new());
        Ok(())
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        assert!(self.open && !bytes.is_empty());
        if let Some(content) = self.contents.last_mut() {
            content.extend_from_slice(bytes);
        }
        Ok(())
    }

    async fn end(&mut self) -> Result<(), Self::Error> {
        assert!(std::mem::take(&mut self.open), "nothing is open");
        Ok(())
    }
}

fn gate() -> BodyGate {
    BodyGate::new(&Limits::default())
}

fn request(content_type: &str, pieces: Vec<Bytes>) -> Request {
    let pieces = pieces.into_iter().map(Ok::<_, Infallible>);
    let mut request = Request::new(Body::from_stream(stream::iter(pieces)));
    *request.method_mut() = Method::POST;
    if !content_type.is_empty() {
        let value = HeaderValue::from_str(content_type).unwrap();
        request.headers_mut().insert(CONTENT_TYPE, value);
    }
    request
}

fn pieces(body: &[u8], sizes: impl FnMut() -> usize) -> Vec<Bytes> {
    let mut sizes = sizes;
    let mut rest = body;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(sizes().clamp(1, rest.len()));
        pieces.push(Bytes::copy_from_slice(piece));
        rest = after;
    }
    pieces
}

type Outcome = Result<(Form, Kept), Stopped<&'static str>>;

async fn streamed(content_type: &str, pieces: Vec<Bytes>) -> Outcome {
    let mut kept = Kept::default();
    let request = request(content_type, pieces);
    let form = gate().stream(request, WANTED, BOUNDS, &mut kept).await?;
    assert!(!kept.open, "what begins ends");
    Ok((form, kept))
}

async fn of(content_type: &str, body: &str) -> Outcome {
    streamed(content_type, pieces(body.as_bytes(), || 7)).await
}

/// Numbers without a library, the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}
