//! Papers on their way out: a PDF as it is, or a zip of several, in bounded memory.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt as _};
use lintel_app::document::{Download, zip, zip_length};
use lintel_app::error::{AppError, Fault};
use lintel_domain::id::PublicId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::call::Face;
use crate::error::LenderError;
use crate::refusal::lender_error;
use crate::reply::{Content, flow};

/// Downloads at once, over all callers: each holds a few pieces of a paper for as long as its client
/// reads.
const AT_ONCE: usize = 64;

/// The downloads of a face.
#[derive(Debug, Clone)]
pub struct Downloads(Arc<Semaphore>);

impl Default for Downloads {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Downloads {
    /// A place for one more; taken before it is noted that somebody was given something.
    ///
    /// # Errors
    /// Busy.
    pub fn slot(&self) -> Result<Slot, LenderError> {
        let place = Arc::clone(&self.0).try_acquire_owned();
        place.map(Slot).map_err(|_| LenderError::busy())
    }
}

/// A place among the downloads, free again at the end of the answer.
pub struct Slot(OwnedSemaphorePermit);

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, Fault>> + Send>>;

/// What goes out.
struct Parcel {
    content_type: &'static str,
    name: String,
    bytes: u64,
    pieces: Pieces,
}

impl Slot {
    /// The answer with these papers: the only one as it is, several as a zip that has the loan's name.
    ///
    /// # Errors
    /// When the only paper cannot be read, or the zip not begun.
    pub async fn send(
        self,
        face: &Face,
        mut papers: Vec<Download>,
        loan: &PublicId,
    ) -> Result<Content, LenderError> {
        let parcel = match (papers.pop(), papers.is_empty()) {
            (Some(only), true) => single(only).await,
            (Some(last), false) => {
                papers.push(last);
                several(papers, loan)
            }
            (None, _) => return Err(LenderError::internal()),
        };
        let parcel = parcel.map_err(|fault| lender_error(&AppError::Failed(fault)))?;
        let (mut flow, body) = flow::open(face.app.document_rules().longest);
        let mut pieces = parcel.pieces;
        flow::start(async move {
            let _slot = self.0;
            while let Some(piece) = pieces.next().await {
                // A fault has been logged where it happened; without its end the answer breaks off.
                let Ok(piece) = piece else { return };
                if flow.send(piece).await.is_err() {
                    return;
                }
            }
            flow.finish(Bytes::new()).await;
        });
        let head = (parcel.content_type, parcel.name.as_str(), parcel.bytes);
        answer(head, body)
    }
}

async fn single(paper: Download) -> Result<Parcel, Fault> {
    Ok(Parcel {
        content_type: "application/pdf",
        name: paper.line.download_name(),
        bytes: paper.line.bytes,
        pieces: paper.open().await?,
    })
}

fn several(papers: Vec<Download>, loan: &PublicId) -> Result<Parcel, Fault> {
    Ok(Parcel {
        content_type: "application/zip",
        name: format!("{loan}.zip"),
        bytes: zip_length(&papers)?,
        pieces: Box::pin(zip(papers)?),
    })
}

fn answer(
    (content_type, name, bytes): (&'static str, &str, u64),
    body: Body,
) -> Result<Content, LenderError> {
    let disposition = HeaderValue::from_str(&disposition(name));
    let disposition = disposition.map_err(|_| LenderError::internal())?;
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_DISPOSITION, disposition);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes));
    Ok(Content::Whole(response))
}

/// An attachment of this name (RFC 6266): in ASCII for old clients, then in full (RFC 8187).
fn disposition(name: &str) -> String {
    let plain = |c: char| match c {
        '"' | '\\' | '%' | '/' => '_',
        ' '..='~' => c,
        _ => '_',
    };
    let ascii: String = name.chars().map(plain).collect();
    let mut full = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            full.push(char::from(byte));
        } else {
            full.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_header_are_harmless() {
        for (name, expected) in [
            ("W2.pdf", "filename=\"W2.pdf\"; filename*=UTF-8''W2.pdf"),
            (
                "pay stub (1).pdf",
                "filename=\"pay stub (1).pdf\"; filename*=UTF-8''pay%20stub%20%281%29.pdf",
            ),
            (
                "März.pdf",
                "filename=\"M_rz.pdf\"; filename*=UTF-8''M%C3%A4rz.pdf",
            ),
            (
                "a\"; x=\"b\\%41/\r\nSet-Cookie: y",
                "filename=\"a_; x=_b__41___Set-Cookie: y\"; \
                 filename*=UTF-8''a%22%3B%20x%3D%22b%5C%2541%2F%0D%0ASet-Cookie%3A%20y",
            ),
        ] {
            let header = disposition(name);
            assert_eq!(header, format!("attachment; {expected}"));
            assert!(HeaderValue::from_str(&header).is_ok());
        }
    }
}
