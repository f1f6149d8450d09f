//! A browser without script: keeps cookies, follows what a page's form says, sends it as a person
//! would.

use std::collections::BTreeMap;

use lintel_edge::test_client::{Answer, Part, TestClient};

/// Where the pages under test live.
pub const URL: &str = "http://lintel.example.com";

/// A browser.
pub struct Tab {
    router: axum::Router,
    cookies: BTreeMap<String, String>,
}

/// The fields of a form as a page shows it, in order.
pub type Fields = Vec<(String, String)>;

impl Tab {
    pub fn new(router: &axum::Router) -> Self {
        Self {
            router: router.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// With a cookie of a session that was started elsewhere.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.cookies.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    fn client(&self) -> TestClient {
        let pairs = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let cookies = pairs.collect::<Vec<_>>().join("; ");
        TestClient::new(self.router.clone())
            .with_header("host", "lintel.example.com")
            .with_header("cookie", &cookies)
    }

    fn keep(&mut self, answer: &Answer) {
        for header in answer.headers.get_all("set-cookie") {
            let text = header.to_str().expect("a cookie");
            let (pair, rest) = text.split_once(';').expect("attributes");
            assert!(
                rest.contains("HttpOnly") && rest.contains("SameSite=Lax"),
                "{text}"
            );
            let (name, value) = pair.split_once('=').expect("a pair");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// One request, without following.
    pub async fn get(&mut self, path: &str) -> Answer {
        let answer = self.client().get(path).await;
        self.keep(&answer);
        answer
    }

    /// A page with this status, as text.
    pub async fn page(&mut self, path: &str, status: u16) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
        answer.text().into_owned()
    }

    /// Sends fields as they are.
    pub async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (&**n, &**v)).collect();
        let answer = self.client().post_form(path, &fields).await;
        self.keep(&answer);
        answer
    }

    /// Sends the form of a page, with some fields changed and one button pressed.
    pub async fn send(&mut self, page: &str, action: &str, changes: &[(&str, &str)]) -> Answer {
        let html = self.page(page, 200).await;
        let fields = filled(form(&html, action), changes);
        self.post(action, &fields).await
    }

    /// Sends the form of a page with files.
    pub async fn upload(
        &mut self,
        page: &str,
        action: &str,
        files: &[(&str, &[u8])],
        changes: &[(&str, &str)],
    ) -> Answer {
        let html = self.page(page, 200).await;
        let fields = filled(form(&html, action), changes);
        let mut parts: Vec<Part> = fields.iter().map(|(n, v)| Part::text(n, v)).collect();
        for (name, bytes) in files {
            parts.push(Part::file(name, "picture.png", "image/png", bytes));
        }
        let answer = self.client().post_multipart(action, &parts).await;
        self.keep(&answer);
        answer
    }
}

impl Tab {
    /// Sends parts as they are, in their order; with a token in the header as the script does.
    pub async fn parts(&mut self, path: &str, parts: &[Part], token: Option<&str>) -> Answer {
        let client = match token {
            Some(token) => self.client().with_header("x-form-token", token),
            None => self.client(),
        };
        let answer = client.post_multipart(path, parts).await;
        self.keep(&answer);
        answer
    }

    /// Sends bytes as they are.
    pub async fn raw(&mut self, path: &str, content_type: &str, bytes: &[u8]) -> Answer {
        let answer = self.client().post_raw(path, content_type, bytes).await;
        self.keep(&answer);
        answer
    }

    /// The token the forms of a page carry.
    pub async fn token(&mut self, page: &str) -> String {
        let html = self.page(page, 200).await;
        let marker = "name=\"form_token\" value=\"";
        let rest = html.split_once(marker).expect("a form").1;
        rest.split('"').next().expect("an end").to_owned()
    }
}

/// Where an answer leads.
#[track_caller]
pub fn leads_to(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
    answer.header("location").to_owned()
}

/// Fields with some of them changed, or added when the form does not have them.
pub fn filled(mut fields: Fields, changes: &[(&str, &str)]) -> Fields {
    for (name, value) in changes {
        let is_list = name.ends_with("[]");
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) if !is_list => (*value).clone_into(old),
            Some(_) | None => fields.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    fields
}

/// What a browser would send of the form with this action: hidden fields, texts, ticks, choices.
#[track_caller]
pub fn form(html: &str, action: &str) -> Fields {
    let marker = format!("action=\"{action}\"");
    let at = html
        .find(&marker)
        .unwrap_or_else(|| panic!("no form to {action} in {html}"));
    let end = html[at..].find("</form>").expect("an end") + at;
    let mut fields = Vec::new();
    let mut rest = &html[at..end];
    while let Some(open) = rest.find('<') {
        rest = &rest[open..];
        let close = rest.find('>').expect("a tag ends");
        let tag = &rest[..close];
        let after = &rest[close + 1..];
        let name = attribute(tag, "name");
        if let Some(name) = name {
            if tag.starts_with("<input") {
                let kind = attribute(tag, "type").unwrap_or_default();
                let is_ticked = tag.contains(" checked");
                let is_sent = match &*kind {
                    "checkbox" | "radio" => is_ticked,
                    "file" => false,
                    _ => true,
                };
                if is_sent {
                    fields.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            } else if tag.starts_with("<textarea") {
                let text = &after[..after.find("</textarea>").expect("an end")];
                fields.push((name, unescaped(text.trim_start_matches('\n'))));
            } else if tag.starts_with("<select") {
                let list = &after[..after.find("</select>").expect("an end")];
                let options: Vec<&str> = list.split("<option").skip(1).collect();
                let chosen = options
                    .iter()
                    .find(|option| option.split('>').next().unwrap_or("").contains(" selected"));
                let chosen = chosen.or(options.first()).expect("an option");
                fields.push((name, attribute(chosen, "value").unwrap_or_default()));
            }
        }
        rest = after;
    }
    fields
}

/// An attribute's value, unescaped.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let end = tag[at..].find('"')? + at;
    Some(unescaped(&tag[at..end]))
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&#x2f;", "/")
        .replace("&amp;", "&")
}

/// The value a form shows for a field.
#[track_caller]
pub fn value(html: &str, action: &str, name: &str) -> String {
    let fields = form(html, action);
    let found = fields.into_iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no field {name}")).1
}
