//! What a handler says when there is no page: which page says it instead.

mod shape;

pub(crate) use shape::PagesShape;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use lintel_app::error::{AppError, Fault, FaultKind};
use lintel_domain::refusal::{Denial, Refusal};
use lintel_edge::BodyError;
use serde::Serialize;

use crate::headers;
use crate::layout::ConsoleSlot;
use crate::pages::Pages;
use crate::templates::Template;
use crate::visit::{Visit, see_other};

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nothing is there, or nothing this person may know of.
    NotFound,
    /// A link that was used, ran out, or never was one.
    Gone,
    /// The person's roles do not allow it.
    Forbidden,
    /// The form did not come from a page of ours, or from one that is too old.
    ForeignForm,
    /// The form cannot be read.
    BadForm,
    /// The form is larger than any of ours.
    TooLarge,
    /// Not a form at all.
    NotAForm,
    /// Too often.
    Throttled {
        /// How long to wait.
        seconds: u32,
    },
    /// Worth trying again.
    Busy,
    /// Ours.
    Broken,
    /// Somewhere else instead.
    SeeOther(String),
}

/// What a page about a failure says.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ErrorPage {
    status: u16,
    heading: &'static str,
    text: String,
    action: Option<(&'static str, &'static str)>,
    request_id: Option<String>,
}

impl Template for ErrorPage {
    const FILE: &'static str = "error.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        [Failure::NotFound, Failure::Gone, Failure::Broken]
            .iter()
            .map(|failure| failure.page(crate::templates::HOSTILE))
            .collect()
    }
}

impl Failure {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::Forbidden | Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::BadForm => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Self::SeeOther(_) => StatusCode::SEE_OTHER,
        }
    }

    pub(crate) const fn heading(&self) -> &'static str {
        match self {
            Self::NotFound => "Page not found",
            Self::Gone => "This link no longer works",
            Self::Forbidden => "You do not have access to this page",
            Self::ForeignForm => "Please send the form again",
            Self::BadForm => "The form could not be read",
            Self::TooLarge => "That is too large",
            Self::NotAForm => "This cannot be read",
            Self::Throttled { .. } => "Too many attempts",
            Self::Busy => "Busy at the moment",
            Self::Broken => "Something went wrong",
            Self::SeeOther(_) => "See elsewhere",
        }
    }

    fn text(&self) -> String {
        match self {
            Self::NotFound => "There is nothing at this address, or it is not yours to see. Check the address, or start from the beginning.".to_owned(),
            Self::Gone => "Links like this one work once and for a short time. Ask whoever sent it to you for a new one, or open it again from the system you came from.".to_owned(),
            Self::Forbidden => "Your role does not include it. An administrator of your company can change that.".to_owned(),
            Self::ForeignForm => "The page it was on is too old, or it was opened before you signed in. Go back, load the page again and send it once more. Cookies must be allowed.".to_owned(),
            Self::BadForm => "Part of it was missing or damaged on the way. Go back and send it once more.".to_owned(),
            Self::TooLarge => "A picture may have 2 MB at most, documents what their page says. Go back, choose smaller files or fewer of them and send the form once more.".to_owned(),
            Self::NotAForm => "Pages take forms and nothing else. Programs use the Lender API.".to_owned(),
            Self::Throttled { seconds } => format!("For the safety of your account there is a pause now. Try again in {}.", wait(*seconds)),
            Self::Busy => "Many people are working with us right now. Wait a moment and try again.".to_owned(),
            Self::Broken => "It is our fault, not yours, and nothing was changed. Try again; if it stays like this, tell us the reference below.".to_owned(),
            Self::SeeOther(_) => String::new(),
        }
    }

    const fn action(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::NotFound | Self::Forbidden => Some(("/", "Go to the start page")),
            Self::Gone => Some(("/lender/sign-in", "Sign in instead")),
            Self::ForeignForm
            | Self::BadForm
            | Self::TooLarge
            | Self::NotAForm
            | Self::Throttled { .. }
            | Self::Busy
            | Self::Broken
            | Self::SeeOther(_) => None,
        }
    }

    pub(crate) fn page(&self, request_id: &str) -> ErrorPage {
        let is_ours = matches!(self, Self::Broken | Self::Busy);
        ErrorPage {
            status: self.status().as_u16(),
            heading: self.heading(),
            text: self.text(),
            action: self.action(),
            request_id: (is_ours && !request_id.is_empty()).then(|| request_id.to_owned()),
        }
    }
}

/// `40 seconds`, `2 minutes`.
pub(crate) fn wait(seconds: u32) -> String {
    match seconds {
        0 | 1 => "one second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// Logs a fault of ours once, with everything that led to it.
pub(crate) fn log(fault: &Fault) {
    tracing::error!(fault = %fault.chain(), "page failed");
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault.kind() {
            FaultKind::Busy | FaultKind::Unavailable => {
                log(&fault);
                Self::Busy
            }
            FaultKind::Corrupt | FaultKind::Internal => {
                log(&fault);
                Self::Broken
            }
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound { .. } => Self::NotFound,
            Refusal::Denied(Denial::NotPermitted) => Self::Forbidden,
            // Somebody else's is as good as nobody's.
            Refusal::Denied(_) => Self::NotFound,
            Refusal::Invalid { .. }
            | Refusal::Several(_)
            | Refusal::Findings(_)
            | Refusal::WrongState { .. }
            | Refusal::Stale { .. } => Self::BadForm,
        }
    }
}

impl From<Denial> for Failure {
    fn from(denial: Denial) -> Self {
        Refusal::Denied(denial).into()
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(refusal) => refusal.into(),
            AppError::Document(_) => Self::BadForm,
            AppError::Failed(fault) => fault.into(),
        }
    }
}

impl From<BodyError> for Failure {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge { .. } | BodyError::TooMuchBeside { .. } => Self::TooLarge,
            BodyError::Busy => Self::Busy,
            BodyError::UnsupportedType => Self::NotAForm,
            BodyError::TimedOut
            | BodyError::Broken
            | BodyError::BadMultipart(_)
            | BodyError::BadForm(_)
            | BodyError::BadJson { .. }
            | BodyError::TooManyFields
            | BodyError::TooDeep => Self::BadForm,
        }
    }
}

impl IntoResponse for Failure {
    /// Only a mark: [`finish`] writes the page, for it knows the visit.
    fn into_response(self) -> Response {
        if let Self::SeeOther(path) = &self {
            return see_other(path);
        }
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

/// Around all routes: writes the page of a failure, and the headers every answer has.
pub(crate) async fn finish(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let slot = ConsoleSlot::default();
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(slot.clone());
    let Ok(mut visit) = Visit::from_request_parts(&mut parts, &pages).await;
    let is_text = is_text(parts.uri.path());
    let mut answer = if is_text {
        next.run(Request::from_parts(parts, body)).await
    } else {
        Failure::NotFound.into_response()
    };
    if let Some(failure) = answer.extensions_mut().remove::<Failure>() {
        visit.console = slot.get().cloned();
        answer = failed(&visit, &failure);
    }
    headers::protect(answer.headers_mut());
    if pages.is_https() {
        headers::insist_on_tls(answer.headers_mut());
    }
    answer
}

/// Whether an address is text once its escapes are undone. Ours all are, and the router would answer
/// others in words of its own.
fn is_text(path: &str) -> bool {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    std::str::from_utf8(&bytes).is_ok()
}

fn failed(visit: &Visit, failure: &Failure) -> Response {
    let page = failure.page(&visit.request_id);
    let builder = visit.page(failure.heading()).status(failure.status());
    let builder = if visit.console.is_none() {
        builder.narrow()
    } else {
        builder
    };
    let mut answer = builder.render(&page).unwrap_or_else(|_| {
        crate::visit::bare_page(&visit.pages, failure.heading(), failure.status(), &page)
    });
    if let Failure::Throttled { seconds } = failure {
        let seconds = HeaderValue::from(*seconds);
        answer.headers_mut().insert(RETRY_AFTER, seconds);
    }
    answer
}
