//! Writing a page: the layout around it, its status, its cookies, its headers.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use minijinja::value::{Serde, Value};

use super::{Visit, with_cookie};
use crate::Answer;
use crate::cookie::Cookie;
use crate::fields::Mistakes;
use crate::headers;
use crate::layout::{BrandView, Layout, Section};
use crate::pages::Pages;
use crate::templates::Template;

/// A page about to be written.
pub(crate) struct PageBuilder<'a> {
    visit: &'a Visit,
    title: String,
    section: Option<Section>,
    brand: Option<BrandView>,
    is_narrow: bool,
    is_framing: bool,
    mistakes: Mistakes,
    status: StatusCode,
    cookies: Vec<HeaderValue>,
    retry_after: Option<u32>,
}

impl<'a> PageBuilder<'a> {
    pub(super) fn new(visit: &'a Visit, title: &str) -> Self {
        Self {
            visit,
            title: title.to_owned(),
            section: None,
            brand: None,
            is_narrow: false,
            is_framing: false,
            mistakes: Mistakes::default(),
            status: StatusCode::OK,
            cookies: Vec::new(),
            retry_after: None,
        }
    }

    /// The part of the console it belongs to.
    #[must_use]
    pub(crate) const fn section(mut self, section: Section) -> Self {
        self.section = Some(section);
        self
    }

    /// Whose page it is, where nobody is signed in.
    #[must_use]
    pub(crate) fn brand(mut self, brand: &BrandView) -> Self {
        self.brand = Some(brand.clone());
        self
    }

    /// One column without the console's bar.
    #[must_use]
    pub(crate) const fn narrow(mut self) -> Self {
        self.is_narrow = true;
        self
    }

    /// With a letter in a frame: the only pages that may have one.
    #[must_use]
    pub(crate) const fn framing(mut self) -> Self {
        self.is_framing = true;
        self
    }

    /// What is wrong with the form: said on top of the page and beside each field.
    #[must_use]
    pub(crate) fn mistakes(mut self, mistakes: &Mistakes) -> Self {
        if !mistakes.is_empty() {
            self.mistakes = mistakes.clone();
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self
    }

    /// Another status than 200.
    #[must_use]
    pub(crate) const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// How long to wait before asking again.
    #[must_use]
    pub(crate) const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A cookie that goes with it.
    #[must_use]
    pub(crate) fn cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        self.cookies.extend(cookie);
        self
    }

    /// Writes it.
    pub(crate) fn render<T: Template>(self, it: &T) -> Answer {
        self.render_value(T::FILE, Value::from(Serde(it)))
    }

    fn render_value(self, file: &'static str, it: Value) -> Answer {
        let visit = self.visit;
        let (form_token, visitor_cookie) = visit.form_token()?;
        let flash = visit.flash();
        let used_flash = flash.as_ref().and(visit.clear_cookie(Cookie::Flash));
        let console = visit.console.as_ref().filter(|_| !self.is_narrow);
        let brand = self
            .brand
            .or_else(|| visit.console.as_ref().map(|c| c.brand.clone()))
            .unwrap_or_default();
        let layout = Layout {
            title: self.title,
            form_token,
            flash,
            mistakes: self.mistakes.views(),
            is_narrow: self.is_narrow,
            path: visit.path.clone(),
            ..Layout::plain(&visit.pages, brand, console, self.section)
        };
        let html = visit.pages.engine().render_value(file, &layout, it)?;
        let mut answer = document(self.status, html);
        if self.is_framing {
            let policy = HeaderValue::from_static(headers::FRAMING_POLICY);
            answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
        if let Some(seconds) = self.retry_after {
            let seconds = HeaderValue::from(seconds);
            answer.headers_mut().insert(RETRY_AFTER, seconds);
        }
        for cookie in self.cookies {
            answer = with_cookie(answer, Some(cookie));
        }
        answer = with_cookie(answer, visitor_cookie);
        Ok(with_cookie(answer, used_flash))
    }
}

/// A page as an answer.
pub(crate) fn document(status: StatusCode, html: String) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let mut answer = (status, [(CONTENT_TYPE, kind)], html).into_response();
    headers::protect(answer.headers_mut());
    answer
}

/// A page without a visit: what the plumbing has to say.
pub(crate) fn bare<T: Template>(
    pages: &Pages,
    title: &str,
    status: StatusCode,
    it: &T,
) -> Response {
    let layout = Layout {
        title: title.to_owned(),
        is_narrow: true,
        ..Layout::plain(pages, BrandView::default(), None, None)
    };
    match pages.engine().render(&layout, it) {
        Ok(html) => document(status, html),
        Err(fault) => {
            crate::failure::log(&fault);
            document(
                status,
                format!("<!doctype html><title>{}</title>", status.as_u16()),
            )
        }
    }
}
