//! Giving papers out: one to be looked at, one to be kept, several as a zip.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};
use lintel_app::document::{self, Download};
use lintel_app::error::Fault;
use lintel_app::loan::{self, LoanCaller};

use crate::Answer;
use crate::failure::{self, Failure};
use crate::loans::frame::{self, Part};
use crate::posted::Posted;
use crate::show;
use crate::visit::Staff;

/// Most papers in one zip.
const MOST_IN_ZIP: usize = 200;
/// What a paper may do in the browser that shows it: be shown. Chromium's reader is an embedded object
/// with a style of its own.
const PAPER_POLICY: &str =
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// Whether something is shown or kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Shown,
    Kept,
}

/// `attachment; filename="…"; filename*=UTF-8''…` (RFC 6266): the first for old browsers, in letters
/// that need no quoting.
fn disposition(how: As, name: &str) -> String {
    let kind = match how {
        As::Shown => "inline",
        As::Kept => "attachment",
    };
    let plain = |c: char| {
        let is_plain = c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_' | '(' | ')');
        if is_plain { c } else { '_' }
    };
    let ascii: String = name.chars().map(plain).collect();
    format!(
        "{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}",
        show::encoded(name)
    )
}

/// An answer whose bytes follow as they are read. It is nobody else's and not kept by anybody between.
fn streamed<S>(kind: &'static str, disposition: &str, length: u64, bytes: S) -> Answer
where
    S: Stream<Item = Result<Bytes, Fault>> + Send + 'static,
{
    let bytes = bytes.inspect_err(failure::log);
    let mut answer = Response::new(Body::from_stream(bytes));
    let headers: &mut HeaderMap = answer.headers_mut();
    let fixed = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "private, no-store"),
        (CONTENT_SECURITY_POLICY, PAPER_POLICY),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let disposition = HeaderValue::from_str(disposition);
    headers.insert(
        CONTENT_DISPOSITION,
        disposition.map_err(|_| Failure::Broken)?,
    );
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    Ok(answer)
}

async fn one(staff: &Staff, id: &str, how: As) -> Answer {
    let id = frame::public_id(id)?;
    let caller = LoanCaller::Person(&staff.who);
    let download = document::one(staff.app(), &caller, &id).await?;
    let name = disposition(how, &download.line.download_name());
    let length = download.line.bytes;
    streamed("application/pdf", &name, length, download.open().await?)
}

pub(super) async fn view(staff: Staff, Path(id): Path<String>) -> Answer {
    one(&staff, &id, As::Shown).await
}

pub(super) async fn download(staff: Staff, Path(id): Path<String>) -> Answer {
    one(&staff, &id, As::Kept).await
}

pub(super) async fn zip(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let loan = frame::public_id(&id)?;
    let caller = LoanCaller::Person(&staff.who);
    loan::find(staff.app(), &caller, &loan).await?;
    let mut wanted = form.list("doc");
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        // Nothing was ticked: the list again.
        return staff.go(&Part::Documents.href(&id));
    }
    if wanted.len() > MOST_IN_ZIP {
        return Err(Failure::TooLarge);
    }
    let known = document::list(staff.app(), &caller, &loan).await?;
    let mut downloads: Vec<Download> = Vec::with_capacity(wanted.len());
    for one in wanted {
        // Of this loan only: what is another's is as good as nothing.
        let line = known.iter().find(|line| line.id.as_str() == one);
        let line = line.ok_or(Failure::NotFound)?;
        downloads.push(document::one(staff.app(), &caller, &line.id).await?);
    }
    let name = disposition(As::Kept, &format!("loan-{loan}-documents.zip"));
    let length = document::zip_length(&downloads)?;
    streamed("application/zip", &name, length, document::zip(downloads)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_cannot_leave_their_place() {
        let hostile = "a\"b\\c;\r\nx: y/../ü\u{202e}😀.pdf";
        let text = disposition(As::Kept, hostile);
        assert_eq!(
            text,
            "attachment; filename=\"a_b_c___x_ y_..____.pdf\"; \
             filename*=UTF-8''a%22b%5Cc%3B%0D%0Ax%3A%20y%2F..%2F%C3%BC%E2%80%AE%F0%9F%98%80.pdf"
        );
        assert!(HeaderValue::from_str(&text).is_ok());
        assert!(disposition(As::Shown, "a.pdf").starts_with("inline; filename=\"a.pdf\""));
    }
}
