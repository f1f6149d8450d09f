//! Who asks for a page: the address, the cookies, the query; and whoever is signed in.

mod page;
mod people;
mod query;

pub(crate) use page::{PageBuilder, bare as bare_page};
pub(crate) use people::{Setup, Staff};
pub(crate) use query::Query;

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{LOCATION, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use lintel_app::context::App;
use lintel_app::error::Fault;
use lintel_app::session::{self, Visitor};
use lintel_edge::{ClientAddr, RequestId};

use crate::Answer;
use crate::cookie::Cookie;
use crate::flash::{self, Flash, FlashView};
use crate::layout::Console;
use crate::pages::Pages;

/// Characters of the cookie forms of visitors are bound to.
const VISITOR_LEN: usize = 43;

/// A request for a page, by anybody.
#[derive(Clone)]
pub(crate) struct Visit {
    /// What every page works with.
    pub pages: Pages,
    /// Where the request came from.
    pub visitor: Visitor,
    /// The path asked for.
    pub path: String,
    /// The id this request has in the log.
    pub request_id: String,
    query: Query,
    raw_query: String,
    headers: HeaderMap,
    is_get: bool,
    /// What form tokens are made from; `None` until a page needs one.
    bound: Option<String>,
    /// Bar and brand of whoever is signed in.
    pub(crate) console: Option<Console>,
}

/// What the form tokens of a request are bound to; a request extension, so that [`crate::posted`]
/// finds what the extractor before it found.
#[derive(Clone)]
pub(crate) struct Bound(pub(crate) String);

impl Visit {
    /// The application.
    pub(crate) fn app(&self) -> &App {
        self.pages.app()
    }

    /// The query, within bounds.
    pub(crate) fn query(&self) -> &Query {
        &self.query
    }

    /// The query as sent.
    pub(crate) fn raw_query(&self) -> &str {
        &self.raw_query
    }

    /// A cookie's value.
    pub(crate) fn cookie(&self, cookie: Cookie) -> Option<String> {
        cookie.read(self.pages.is_https(), &self.headers)
    }

    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether it is a GET (or HEAD), which may be repeated after signing in.
    pub(crate) const fn is_get(&self) -> bool {
        self.is_get
    }

    /// Binds forms to a session instead of to the visitor.
    pub(crate) fn bind(&mut self, cookie_value: &str, parts: &mut Parts) {
        self.bound = Some(cookie_value.to_owned());
        parts.extensions.insert(Bound(cookie_value.to_owned()));
    }

    /// The form token of a page, and the cookie that has to go with it.
    pub(crate) fn form_token(&self) -> Result<(String, Option<HeaderValue>), Fault> {
        if let Some(bound) = &self.bound {
            return Ok((session::form_token(self.app(), bound)?, None));
        }
        if let Some(seed) = self.cookie(Cookie::Visitor).filter(|v| is_seed(v)) {
            return Ok((session::form_token(self.app(), &seed)?, None));
        }
        let seed = self.app().secret_base62(VISITOR_LEN)?;
        let token = session::form_token(self.app(), &seed)?;
        Ok((token, Cookie::Visitor.set(self.pages.is_https(), &seed)))
    }

    /// What the last answer left to say.
    pub(crate) fn flash(&self) -> Option<FlashView> {
        flash::of_word(&self.cookie(Cookie::Flash)?)
    }

    /// A page about to be written.
    pub(crate) fn page(&self, title: &str) -> PageBuilder<'_> {
        PageBuilder::new(self, title)
    }

    /// To another of our pages, by GET.
    #[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
    pub(crate) fn go(&self, path: &str) -> Answer {
        Ok(see_other(path))
    }

    /// To another of our pages, which says something once.
    #[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
    pub(crate) fn go_with(&self, path: &str, flash: Flash) -> Answer {
        let answer = see_other(path);
        Ok(with_cookie(
            answer,
            self.set_cookie(Cookie::Flash, flash.word()),
        ))
    }

    /// A cookie to be set, for [`with_cookie`].
    pub(crate) fn set_cookie(&self, cookie: Cookie, value: &str) -> Option<HeaderValue> {
        cookie.set(self.pages.is_https(), value)
    }

    /// A cookie to be removed, for [`with_cookie`].
    pub(crate) fn clear_cookie(&self, cookie: Cookie) -> Option<HeaderValue> {
        cookie.clear(self.pages.is_https())
    }
}

/// Whether a visitor's cookie can be one of ours.
pub(crate) fn is_seed(text: &str) -> bool {
    text.len() == VISITOR_LEN && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// `303 See Other` to one of our own paths. Anything else goes to the front door.
pub(crate) fn see_other(path: &str) -> Response {
    let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    let path = if is_ours { path } else { "/" };
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// Adds a cookie to an answer.
pub(crate) fn with_cookie(mut answer: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

impl FromRequestParts<Pages> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<ClientAddr>();
        let request_id = parts.extensions.get::<RequestId>();
        let browser = parts.headers.get(USER_AGENT);
        let raw_query = parts.uri.query().unwrap_or_default();
        Ok(Self {
            pages: pages.clone(),
            visitor: Visitor {
                address: address.map(|a| a.0.to_string()).unwrap_or_default(),
                browser: browser
                    .map(|b| String::from_utf8_lossy(b.as_bytes()).into_owned())
                    .unwrap_or_default(),
            },
            path: parts.uri.path().to_owned(),
            request_id: request_id.map(ToString::to_string).unwrap_or_default(),
            query: Query::of(raw_query),
            raw_query: raw_query.to_owned(),
            headers: parts.headers.clone(),
            is_get: matches!(parts.method, Method::GET | Method::HEAD),
            bound: None,
            console: None,
        })
    }
}
