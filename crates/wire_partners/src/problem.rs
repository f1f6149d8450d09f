//! What went wrong, as RFC 9457 has it: `application/problem+json` with every finding and its code.
//!
//! A problem travels in the extensions of an unfinished response, because the one place that knows the
//! caller's language and correlation id is the outermost ([`crate::dress`]). It is written there.

mod refused;
mod words;

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use lintel_domain::finding::{CreditField, CreditRule, Finding};

use crate::codes;
use crate::language::Language;
use crate::names;
use crate::write::{Object, Value, list};

/// Seconds after which a call that met a busy server may come again.
const BUSY_S: u32 = 2;

/// A failed answer that is not written yet.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// The status.
    pub status: StatusCode,
    /// Whether fields are named as members of the body of one borrower or property.
    pub is_own: bool,
    /// What the status to look for is called in this list; that of simulations when nobody says.
    pub status_filter: Option<&'static str>,
    findings: Vec<Finding>,
    /// What the findings are about, when that is not the name of their field.
    named: Option<&'static str>,
    /// A sentence of its own instead of the status's.
    about: Option<&'static (&'static str, &'static str)>,
    /// Line and column of a document that cannot be read, both from 1.
    at: Option<(u32, u32)>,
    retry_after_s: Option<u32>,
}

impl Problem {
    const fn new(status: StatusCode, findings: Vec<Finding>) -> Self {
        Self {
            status,
            is_own: false,
            status_filter: None,
            findings,
            named: None,
            about: None,
            at: None,
            retry_after_s: None,
        }
    }

    fn one(status: StatusCode, field: CreditField, rule: CreditRule) -> Self {
        Self::new(status, vec![Finding::new(field, rule)])
    }

    const fn named(mut self, name: &'static str) -> Self {
        self.named = Some(name);
        self
    }

    const fn about(mut self, words: &'static (&'static str, &'static str)) -> Self {
        self.about = Some(words);
        self
    }

    /// Says where in the document it is.
    fn place(mut self, line: usize, column: usize) -> Self {
        let short = |number| u32::try_from(number).unwrap_or(u32::MAX);
        self.at = Some((short(line), short(column)));
        self
    }

    const fn after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// 400 for one finding.
    pub fn found(finding: Finding) -> Self {
        vec![finding].into()
    }

    /// 404: not there, or somebody else's; nobody can tell which.
    pub fn not_found() -> Self {
        let (field, rule) = (CreditField::Path, CreditRule::Unknown);
        Self::one(StatusCode::NOT_FOUND, field, rule)
    }

    /// 401: no living session. The same whatever is wrong with it.
    pub fn no_session() -> Self {
        let (field, rule) = (CreditField::SessionToken, CreditRule::Expired);
        Self::one(StatusCode::UNAUTHORIZED, field, rule)
    }

    /// 401: nobody goes by what was stated. The same whichever of it is wrong.
    pub fn nobody() -> Self {
        let (field, rule) = (CreditField::Header, CreditRule::Unknown);
        Self::one(StatusCode::UNAUTHORIZED, field, rule).about(&words::NOBODY)
    }

    /// 405.
    pub fn wrong_method() -> Self {
        let (field, rule) = (CreditField::Path, CreditRule::Unsupported);
        Self::one(StatusCode::METHOD_NOT_ALLOWED, field, rule).named("method")
    }

    /// 412: changed meanwhile.
    pub fn stale() -> Self {
        let (field, rule) = (CreditField::Header, CreditRule::Conflict);
        Self::one(StatusCode::PRECONDITION_FAILED, field, rule).named("If-Match")
    }

    /// 415: no JSON, or compressed.
    pub fn unsupported_type() -> Self {
        let (field, rule) = (CreditField::Header, CreditRule::Unsupported);
        Self::one(StatusCode::UNSUPPORTED_MEDIA_TYPE, field, rule).named("Content-Type")
    }

    /// 422: the key was used for something else.
    pub fn other_request() -> Self {
        let (field, rule) = (CreditField::IdempotencyKey, CreditRule::Conflict);
        Self::one(StatusCode::UNPROCESSABLE_ENTITY, field, rule)
    }

    /// 409: the request with this key is being answered.
    pub fn under_way() -> Self {
        let (field, rule) = (CreditField::IdempotencyKey, CreditRule::NotAllowedNow);
        Self::one(StatusCode::CONFLICT, field, rule)
            .about(&words::UNDER_WAY)
            .after(BUSY_S)
    }

    /// 500: our fault.
    pub const fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Vec::new())
    }

    /// 503: nothing was done; try again.
    pub const fn busy() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, Vec::new()).after(BUSY_S)
    }

    /// 503: the work took too long. Whether it was done is not known.
    pub const fn timed_out() -> Self {
        Self::busy().about(&words::TIMED_OUT)
    }

    /// The body.
    pub fn value(&self, language: Language, correlation: &str) -> Value {
        let (pt, en) = words::title(self.status);
        let title = language.of(pt, en);
        let (pt, en) = match self.about {
            Some(words) => *words,
            None => words::detail(self.status),
        };
        let mut detail = language.of(pt, en).to_owned();
        if let Some(place) = self.said_place(language) {
            detail = format!("{detail} ({place})");
        }
        Object::new()
            .with("type", "about:blank")
            .with("title", title)
            .with("status", self.status.as_u16())
            .with("detail", detail)
            .with("correlationId", correlation)
            .with(
                "errors",
                list(self.findings.iter().map(|f| self.error(f, language))),
            )
            .done()
    }

    fn said_place(&self, language: Language) -> Option<String> {
        let (line, column) = self.at?;
        let (down, across) = (
            language.of("linha", "line"),
            language.of("coluna", "column"),
        );
        Some(format!("{down} {line}, {across} {column}"))
    }

    fn error(&self, finding: &Finding, language: Language) -> Value {
        let path = || names::path(finding.field, finding.place, self.is_own);
        let filter = self
            .status_filter
            .filter(|_| finding.field == CreditField::FilterStatus);
        let field = self.named.or(filter).map_or_else(path, str::to_owned);
        let document_type = match finding.rule {
            CreditRule::PaperMissing { document_type } => Some(document_type),
            _ => None,
        };
        let mut message = codes::message(finding, language);
        if let Some(place) = self.said_place(language) {
            message = format!("{} ({place}).", message.trim_end_matches('.'));
        }
        Object::new()
            .with("code", codes::code(finding))
            .with("field", field)
            .with("message", message)
            .with_some("uniqueID", finding.subject.as_ref())
            .with_some("documentTypeID", document_type)
            .done()
    }

    /// The finished answer, which keeps the headers of the unfinished one.
    pub fn written(&self, unfinished: Response, language: Language, correlation: &str) -> Response {
        let (mut head, _) = unfinished.into_parts();
        head.status = self.status;
        // The router measured the empty body.
        head.headers.remove(CONTENT_LENGTH);
        let json = HeaderValue::from_static("application/problem+json");
        head.headers.insert(CONTENT_TYPE, json);
        if self.status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            head.headers.insert(WWW_AUTHENTICATE, bearer);
        }
        if let Some(seconds) = self.retry_after_s {
            head.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status != StatusCode::METHOD_NOT_ALLOWED {
            head.headers.remove(ALLOW);
        }
        let body = self.value(language, correlation).bytes();
        Response::from_parts(head, Body::from(body))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests;
