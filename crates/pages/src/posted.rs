//! A form that was sent: from one of our pages, within bounds, read once.

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use lintel_app::session;
use lintel_edge::Form;
use serde_json::{Map, Value};

use crate::cookie::Cookie;
use crate::failure::Failure;
use crate::pages::Pages;
use crate::visit::{Bound, is_seed};

/// The hidden field every form has.
pub(crate) const FORM_TOKEN: &str = "form_token";

/// A form's fields and files. An extractor; it stands last, behind whoever is to be signed in.
pub(crate) struct Posted {
    form: Form,
}

/// One of several groups of fields with the same names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a>(&'a Map<String, Value>);

impl FromRequest<Pages> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, pages: &Pages) -> Result<Self, Failure> {
        let token = TokenCheck::of(&request, pages)?;
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|k| k.to_str().ok()).unwrap_or_default();
        let kind = kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        if !matches!(
            &*kind,
            "application/x-www-form-urlencoded" | "multipart/form-data"
        ) {
            return Err(Failure::NotAForm);
        }
        let form = pages.gate().form(request).await?;
        if !token.is_good(form.text(FORM_TOKEN).unwrap_or_default()) {
            return Err(Failure::ForeignForm);
        }
        Ok(Self { form })
    }
}

/// Compares the token of a form that is read while it comes.
pub(crate) struct TokenCheck {
    pages: Pages,
    bound: String,
}

impl TokenCheck {
    /// Of a request from one of our pages.
    ///
    /// # Errors
    /// When a browser says that it comes from elsewhere, and without a cookie of ours.
    pub(crate) fn of(request: &Request, pages: &Pages) -> Result<Self, Failure> {
        if !is_from_us(request.headers(), pages.app().public_url()) {
            return Err(Failure::ForeignForm);
        }
        // Bound to the session when the extractor before found one, else to the visitor.
        let bound = request.extensions().get::<Bound>().map(|b| b.0.clone());
        let bound = bound.or_else(|| {
            Cookie::Visitor
                .read(pages.is_https(), request.headers())
                .filter(|seed| is_seed(seed))
        });
        Ok(Self {
            pages: pages.clone(),
            bound: bound.ok_or(Failure::ForeignForm)?,
        })
    }

    /// Whether a token belongs to the session or the visitor.
    pub(crate) fn is_good(&self, token: &str) -> bool {
        session::is_form_token(self.pages.app(), &self.bound, token)
    }
}

/// Whether a browser sent this from one of our own pages. Browsers that say nothing about it are
/// left to the form token.
fn is_from_us(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let site = headers
        .get("sec-fetch-site")
        .map(|v| v.to_str().unwrap_or("?"));
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    if public_url.is_some_and(|ours| origin_of(ours) == Some(origin)) {
        return true;
    }
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty()) && host == text(HOST)
}

/// Scheme and host of an address.
fn origin_of(url: &str) -> Option<&str> {
    let after_scheme = url.find("://")? + 3;
    let end = url[after_scheme..]
        .find('/')
        .map_or(url.len(), |slash| after_scheme + slash);
    Some(&url[..end])
}

impl Posted {
    /// A field as it was sent; the empty text when it was not.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.at(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A field's text, trimmed; `None` when it is blank.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        some(self.raw(name))
    }

    /// Whether a box is ticked.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        matches!(self.raw(name), "1" | "on" | "true" | "yes")
    }

    /// Whether a field was sent at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.at(name).is_some()
    }

    /// Every value of `name[]`, blank ones left out.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        match self.at(name) {
            Some(Value::Array(values)) => values
                .iter()
                .filter_map(Value::as_str)
                .filter_map(some)
                .collect(),
            Some(Value::Object(values)) => values
                .values()
                .filter_map(Value::as_str)
                .filter_map(some)
                .collect(),
            Some(Value::String(value)) => some(value).into_iter().collect(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => Vec::new(),
        }
    }

    /// The groups `name[0][…]`, `name[1][…]`, at most so many.
    pub(crate) fn rows(&self, name: &str, most: usize) -> Vec<Row<'_>> {
        rows(self.at(name), most)
    }

    /// A chosen file's bytes; `None` when none was chosen.
    pub(crate) fn file(&self, name: &str) -> Option<&[u8]> {
        let file = self.form.files().iter().find(|file| file.name == name)?;
        (!file.bytes.is_empty()).then_some(&*file.bytes)
    }

    /// A field by its name, in brackets or not.
    fn at(&self, name: &str) -> Option<&Value> {
        let mut steps = name.split(['[', ']']).filter(|step| !step.is_empty());
        let mut value = self.form.fields().get(steps.next()?)?;
        for step in steps {
            value = match value {
                Value::Object(members) => members.get(step)?,
                Value::Array(values) => values.get(step.parse::<usize>().ok()?)?,
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
            };
        }
        Some(value)
    }
}

impl<'a> Row<'a> {
    /// A field's text, trimmed; `None` when it is blank.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        some(self.0.get(name)?.as_str()?)
    }

    /// Whether nothing was written into it.
    pub(crate) fn is_blank(&self) -> bool {
        self.0
            .values()
            .all(|v| v.as_str().is_none_or(|t| t.trim().is_empty()))
    }
}

fn rows<'a>(value: Option<&'a Value>, most: usize) -> Vec<Row<'a>> {
    let row = |value: &'a Value| match value {
        Value::Object(members) => Some(Row(members)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    };
    match value {
        Some(Value::Array(values)) => values.iter().filter_map(row).take(most).collect(),
        Some(Value::Object(values)) => values.values().filter_map(row).take(most).collect(),
        Some(_) | None => Vec::new(),
    }
}

fn some(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    fn is_ours(pairs: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        is_from_us(&headers, Some("https://loans.example.com/base"))
    }

    #[test]
    fn only_our_own_pages_send_forms() {
        let host = ("host", "loans.example.com");
        for good in [
            vec![host],
            vec![host, ("origin", "https://loans.example.com")],
            vec![
                ("host", "127.0.0.1:8080"),
                ("origin", "https://loans.example.com"),
            ],
            vec![
                ("host", "127.0.0.1:8080"),
                ("origin", "http://127.0.0.1:8080"),
            ],
            vec![host, ("sec-fetch-site", "same-origin")],
            vec![host, ("sec-fetch-site", "none")],
        ] {
            assert!(is_ours(&good), "{good:?}");
        }
        for bad in [
            vec![host, ("origin", "https://evil.example")],
            vec![host, ("origin", "null")],
            vec![host, ("origin", "https://loans.example.com.evil.example")],
            vec![host, ("origin", "loans.example.com")],
            vec![host, ("origin", "")],
            vec![("origin", "http://"), ("host", "")],
            vec![host, ("sec-fetch-site", "cross-site")],
            vec![host, ("sec-fetch-site", "same-site")],
            vec![
                host,
                ("origin", "https://loans.example.com"),
                ("sec-fetch-site", "cross-site"),
            ],
        ] {
            assert!(!is_ours(&bad), "{bad:?}");
        }
    }
}
