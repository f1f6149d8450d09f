//! The catcher's mailbox: what a demo would have sent, for everybody who tries it out. It is there
//! only while the server catches its mail instead of sending it.

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use lintel_app::message::caught::{self, CaughtLine, CaughtMessage};
use lintel_domain::message::Channel;
use lintel_edge::one::one;
use serde::Serialize;

use crate::Answer;
use crate::failure::Failure;
use crate::flash::Flash;
use crate::letter;
use crate::messages;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::show::{self, When};
use crate::templates::Template;
use crate::visit::Visit;

/// Where it is.
pub(crate) const MAILBOX: &str = "/mailbox";
/// Most of a source that is shown, in bytes.
const SOURCE_MAX_LEN: usize = 256 * 1024;
/// Most links that are listed.
const LINKS_MAX: usize = 20;
/// Longest link that is listed, in bytes.
const LINK_MAX_LEN: usize = 2000;

/// The list.
#[derive(Debug, Serialize)]
pub(crate) struct MailboxPage {
    rows: Vec<RowView>,
}

#[derive(Debug, Clone, Serialize)]
struct RowView {
    id: String,
    is_sms: bool,
    subject: String,
    sender: String,
    recipient: String,
    at: When,
}

/// One message, in one of its forms.
#[derive(Debug, Serialize)]
pub(crate) struct CaughtPage {
    subject: String,
    facts: Vec<(&'static str, String)>,
    at: When,
    tabs: Vec<TabView>,
    frame: Option<String>,
    text: String,
    source: Option<String>,
    links: Vec<String>,
    files: Vec<FileView>,
}

/// A file that goes with a message.
#[derive(Debug, Clone, Serialize)]
struct FileView {
    href: String,
    name: String,
    size: String,
}

#[derive(Debug, Clone, Serialize)]
struct TabView {
    href: String,
    label: &'static str,
    is_current: bool,
}

/// The forms a message is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Text,
    Source,
}

impl Form {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Html, "html", "Letter"),
        (Self::Text, "text", "Plain text"),
        (Self::Source, "source", "Source"),
    ];

    /// The form asked for, else the first one the message has.
    fn of(word: Option<&str>, has_html: bool) -> Self {
        let found = Self::ALL.iter().find(|(_, known, _)| Some(*known) == word);
        match found {
            Some((form, ..)) if *form != Self::Html => *form,
            _ if has_html => Self::Html,
            _ => Self::Text,
        }
    }
}

fn subject(line: &CaughtLine) -> String {
    let text = line.subject.trim();
    if text.is_empty() {
        return "(no subject)".to_owned();
    }
    text.to_owned()
}

impl RowView {
    fn of(line: &CaughtLine) -> Self {
        Self {
            id: line.id.to_string(),
            is_sms: line.channel == Channel::Sms,
            subject: subject(line),
            sender: line.sender.clone(),
            recipient: messages::address(&line.recipient),
            at: When::of(line.caught_at),
        }
    }
}

/// Addresses of pages in a text, each once. Nobody else's scheme, and nothing a text merely looks like.
fn links(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let words = text.split(|c: char| c.is_whitespace() || "<>\"".contains(c));
    for word in words {
        let at = match (word.find("https://"), word.find("http://")) {
            (Some(a), Some(b)) => a.min(b),
            (Some(at), None) | (None, Some(at)) => at,
            (None, None) => continue,
        };
        let link = word[at..].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
        let is_whole = link.len() > "https://".len() && link.len() <= LINK_MAX_LEN;
        if is_whole && !found.iter().any(|known| known == link) && found.len() < LINKS_MAX {
            found.push(link.to_owned());
        }
    }
    found
}

/// The first part of a source, as far as it is text.
fn source(raw: &[u8]) -> String {
    let end = raw.len().min(SOURCE_MAX_LEN);
    String::from_utf8_lossy(&raw[..end]).into_owned()
}

impl CaughtPage {
    fn of(message: &CaughtMessage, asked: Option<&str>) -> Self {
        let line = &message.line;
        let id = line.id.as_str();
        let form = Form::of(asked, message.html.is_some());
        let forms = Form::ALL.iter();
        let forms = forms.filter(|(one, ..)| match one {
            Form::Html => message.html.is_some(),
            Form::Text => true,
            Form::Source => line.channel == Channel::Mail,
        });
        let mut facts = vec![
            ("From", line.sender.clone()),
            ("To", messages::address(&line.recipient)),
            ("By", messages::channel_label(line.channel).to_owned()),
        ];
        facts.retain(|(_, value)| !value.is_empty());
        Self {
            subject: subject(line),
            facts,
            at: When::of(line.caught_at),
            tabs: forms
                .map(|(one, word, label)| TabView {
                    href: format!("{MAILBOX}/{id}?as={word}"),
                    label,
                    is_current: *one == form,
                })
                .collect(),
            frame: (form == Form::Html).then(|| format!("{MAILBOX}/{id}/html")),
            source: (form == Form::Source).then(|| source(&message.raw)),
            links: links(&message.text),
            files: (message.attachments.iter().enumerate())
                .map(|(n, file)| FileView {
                    href: format!("{MAILBOX}/{id}/files/{n}"),
                    name: file.name.clone(),
                    size: messages::size(file.bytes.len()),
                })
                .collect(),
            text: message.text.clone(),
        }
    }
}

/// There is such a page only while mail is caught.
fn require_catching(visit: &Visit) -> Result<(), Failure> {
    if visit.app().is_catching() {
        Ok(())
    } else {
        Err(Failure::NotFound)
    }
}

async fn find(visit: &Visit, id: &str) -> Result<CaughtMessage, Failure> {
    require_catching(visit)?;
    caught::one(visit.app(), id).await?.ok_or(Failure::NotFound)
}

async fn list(visit: Visit) -> Answer {
    require_catching(&visit)?;
    let found = caught::list(visit.app()).await?;
    let view = MailboxPage {
        rows: found.iter().map(RowView::of).collect(),
    };
    visit.page("Mailbox").narrow().render(&view)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let message = find(&visit, &id).await?;
    let view = CaughtPage::of(&message, visit.query().text("as"));
    visit.page(&view.subject).narrow().framing().render(&view)
}

/// What its reader sees, for the frame.
async fn html(visit: Visit, Path(id): Path<String>) -> Answer {
    let message = find(&visit, &id).await?;
    let html = message.html.ok_or(Failure::NotFound)?;
    let pictures = visit.app().public_url().map(|url| format!("{url}/images/"));
    let cleaning = move || lintel_letters::preview_html(&html, pictures.as_deref());
    let cleaned = visit.app().heavy("cleaning a letter", cleaning).await?;
    Ok(letter::document(&cleaned, true))
}

/// A file that goes with a message, to be kept: nothing in it is shown here.
async fn file(visit: Visit, Path((id, n)): Path<(String, String)>) -> Answer {
    let mut message = find(&visit, &id).await?;
    let n: usize = n.parse().map_err(|_| Failure::NotFound)?;
    if n >= message.attachments.len() {
        return Err(Failure::NotFound);
    }
    let file = message.attachments.swap_remove(n);
    let kind = match file.content_type.as_str() {
        "application/pdf" => "application/pdf",
        _ => "application/octet-stream",
    };
    let name = show::encoded(&file.name);
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox".to_owned(),
        ),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{name}"),
        ),
    ];
    Ok((headers, file.bytes).into_response())
}

async fn clear(visit: Visit, _form: Posted) -> Answer {
    require_catching(&visit)?;
    caught::clear(visit.app()).await?;
    visit.go_with(MAILBOX, Flash::MailboxEmptied)
}

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route(MAILBOX, get(one(list)))
        .route("/mailbox/clear", post(one(clear)))
        .route("/mailbox/{id}", get(one(show)))
        .route("/mailbox/{id}/html", get(one(html)))
        .route("/mailbox/{id}/files/{n}", get(one(file)))
}

impl Template for MailboxPage {
    const FILE: &'static str = "mailbox/list.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let row = |is_sms| RowView {
            id: text(),
            is_sms,
            subject: text(),
            sender: if is_sms { String::new() } else { text() },
            recipient: text(),
            at: When::of(lintel_domain::id::Instant::from_seconds(0)),
        };
        let page = |rows| Self { rows };
        vec![page(vec![row(true), row(false)]), page(Vec::new())]
    }
}

impl Template for CaughtPage {
    const FILE: &'static str = "mailbox/message.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |frame, source, links| Self {
            subject: text(),
            facts: vec![("From", text())],
            at: When::of(lintel_domain::id::Instant::from_seconds(0)),
            tabs: [true, false]
                .map(|is_current| TabView {
                    href: text(),
                    label: "Source",
                    is_current,
                })
                .to_vec(),
            frame,
            text: text(),
            source,
            links,
            files: vec![FileView {
                href: text(),
                name: text(),
                size: messages::size(1),
            }],
        };
        vec![
            page(Some(text()), None, vec![text()]),
            page(None, Some(text()), Vec::new()),
            page(None, None, Vec::new()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_pages_are_links() {
        let text = "Go to https://a.example/x?y=1&z=2, or (http://b.example/é). Not javascript:alert(1),\n\
             data:text/html,x or https:// alone; <https://a.example/x?y=1&z=2> again.";
        assert_eq!(
            links(text),
            ["https://a.example/x?y=1&z=2", "http://b.example/é"]
        );
        let many: String = (0..100).map(|n| format!("http://x.example/{n} ")).collect();
        assert_eq!(links(&many).len(), LINKS_MAX);
        assert!(links(&format!("http://x.example/{}", "y".repeat(3000))).is_empty());
        assert!(links("").is_empty());
    }

    #[test]
    fn a_form_a_message_has_not_is_not_shown() {
        for (word, has_html, form) in [
            (None, true, Form::Html),
            (None, false, Form::Text),
            (Some("html"), false, Form::Text),
            (Some("source"), true, Form::Source),
            (Some("<b>"), true, Form::Html),
            (Some("text"), true, Form::Text),
        ] {
            assert_eq!(Form::of(word, has_html), form, "{word:?}");
        }
    }
}
