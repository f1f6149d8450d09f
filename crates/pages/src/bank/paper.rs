//! Papers, to be read: those of a process, and those of its proposals.

use axum::body::Body;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use futures_util::TryStreamExt as _;
use lintel_domain::proposal::SheetKind;
use lintel_processes::{desk, proposal};

use super::row_id;
use crate::Answer;
use crate::failure::{self, Failure};
use crate::show;
use crate::visit::Staff;

/// A paper as a file to keep: what others sent is never shown as a page of ours.
fn kept(body: Body, (kind, name): (&str, &str), length: u64) -> Answer {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') {
            c
        } else {
            '_'
        }
    };
    let ascii: String = name.chars().map(plain).collect();
    let disposition = format!(
        "attachment; filename=\"{ascii}\"; filename*=UTF-8''{}",
        show::encoded(name)
    );
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Failure::Broken);
    let mut answer = Response::new(body);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, value(kind)?);
    headers.insert(CONTENT_DISPOSITION, value(&disposition)?);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    let nobody_else = HeaderValue::from_static("private, no-store");
    headers.insert(CACHE_CONTROL, nobody_else);
    Ok(answer)
}

pub(super) async fn document(staff: Staff, Path((id, paper)): Path<(String, String)>) -> Answer {
    let ids = (row_id(&id)?, row_id(&paper)?);
    let found = desk::paper(staff.app(), &staff.who, (&ids.0, &ids.1)).await?;
    let (name, kind) = (
        found.paper.names.file_name.clone(),
        found.paper.content_type.clone(),
    );
    let length = found.paper.byte_len;
    let bytes = found.open().await?.inspect_err(failure::log);
    kept(Body::from_stream(bytes), (&kind, &name), length)
}

pub(super) async fn of_proposal(staff: Staff, Path((id, paper)): Path<(String, String)>) -> Answer {
    let id = row_id(&id)?;
    let kind = SheetKind::parse(&paper).ok_or(Failure::NotFound)?;
    let bytes = proposal::bank_sheet(staff.app(), &staff.who, &id, kind).await?;
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let name = match kind {
        SheetKind::Fine => "FINE.pdf",
        SheetKind::Letter => "Carta.pdf",
    };
    kept(Body::from(bytes), ("application/pdf", name), length)
}
