//! `multipart/form-data`, over bytes that are already within the cap.

use super::nested::Nest;
use super::{FilePart, LONGEST_NAME, MOST_PARTS};
use crate::body::BodyError;
use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use futures_util::FutureExt;
use serde_json::{Map, Value};

type Parts = (Map<String, Value>, Vec<FilePart>);

/// How one part announces itself.
pub(crate) struct Head {
    pub(crate) name: String,
    /// The last component of the client's path; none for a text field.
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
}

/// Reads the head lines of one part, without the empty line after them: the same reading as in a whole
/// body.
pub(crate) fn read_head(lines: &[u8]) -> Result<Head, BodyError> {
    let body = [b"--x\r\n", lines, b"\r\n\r\n\r\n--x--\r\n"].concat();
    let head = async {
        let mut multipart = open("multipart/form-data; boundary=x", Bytes::from(body)).await?;
        let field = multipart.next_field().await.map_err(|_| malformed())?;
        let field = field.ok_or_else(malformed)?;
        Ok(Head {
            name: name_of(&field)?,
            file_name: field.file_name().map(base_name),
            content_type: field.content_type().map(ToOwned::to_owned),
        })
    };
    // Nothing has to be waited for: the bytes are there.
    head.now_or_never().unwrap_or_else(|| Err(malformed()))
}

fn name_of(field: &Field<'_>) -> Result<String, BodyError> {
    let name = field.name().ok_or_else(|| bad("a part has no name"))?;
    if name.len() > LONGEST_NAME {
        return Err(bad(&format!(
            "a field name is longer than {LONGEST_NAME} bytes"
        )));
    }
    Ok(name.to_owned())
}

/// Splits the body into text fields (bracket names are nested) and files.
pub(super) async fn parse(content_type: &str, bytes: Bytes) -> Result<Parts, BodyError> {
    let mut multipart = open(content_type, bytes).await?;
    let (mut nest, mut files) = (Nest::default(), Vec::new());
    let mut count = 0;
    while let Some(field) = multipart.next_field().await.map_err(|_| malformed())? {
        count += 1;
        if count > MOST_PARTS {
            return Err(BodyError::TooManyFields);
        }
        let name = name_of(&field)?;
        match field.file_name().map(base_name) {
            Some(file_name) => files.extend(file(field, name, file_name).await?),
            None => nest.insert(&name, text(field).await?)?,
        }
    }
    Ok((nest.finish(), files))
}

pub(crate) async fn open(content_type: &str, bytes: Bytes) -> Result<Multipart, BodyError> {
    let mut request = Request::new(Body::from(bytes));
    let content_type =
        HeaderValue::from_str(content_type).map_err(|_| BodyError::UnsupportedType)?;
    request.headers_mut().insert(CONTENT_TYPE, content_type);
    // The gate has already applied the configured cap; the framework's own is 2 MB.
    DefaultBodyLimit::disable().apply(&mut request);
    Multipart::from_request(request, &())
        .await
        .map_err(|_| bad("the boundary is missing or invalid"))
}

fn bad(what: &str) -> BodyError {
    BodyError::BadMultipart(what.to_owned())
}

/// The parser's own message may quote the body, so it is not passed on.
pub(crate) fn malformed() -> BodyError {
    bad("the parts are not well-formed or the last one is cut off")
}

async fn text(field: Field<'_>) -> Result<String, BodyError> {
    let bytes = field.bytes().await.map_err(|_| malformed())?;
    String::from_utf8(bytes.into()).map_err(|_| super::not_utf8())
}

/// A browser sends a nameless empty file for a file input left blank: that is no file.
async fn file(
    field: Field<'_>,
    name: String,
    file_name: String,
) -> Result<Option<FilePart>, BodyError> {
    let content_type = field.content_type().map(ToOwned::to_owned);
    let bytes = field.bytes().await.map_err(|_| malformed())?;
    let blank = file_name.is_empty() && bytes.is_empty();
    Ok((!blank).then_some(FilePart {
        name,
        file_name,
        content_type,
        bytes,
    }))
}

/// The last component of a client's path, whichever slash it uses.
fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_owned()
}
