//! The text of a letter that came as HTML only.

use std::sync::OnceLock;

use ammonia::Builder;

use super::reference::Copier;
use super::tag::is_block;
use super::token::{Tag, Token, tokens};
use super::within_bounds;
use crate::engine::{is_unwanted, tidy};

/// The text of HTML, for programs that show no HTML: paragraphs apart, items with a dash, cells
/// apart, links with their address, pictures as their alternative text. Of more than a mebibyte, the
/// beginning.
#[must_use]
pub fn text_of_html(html: &str) -> String {
    let mut writer = Writer::default();
    for token in tokens(within_bounds(html)) {
        match token {
            Token::Text(text) | Token::Raw("plaintext" | "textarea" | "xmp", text) => {
                writer.text(text);
            }
            Token::Raw(..) | Token::Comment(_) => {}
            Token::Start(tag) => writer.start(&tag),
            Token::End(name) => writer.end(&name),
        }
    }
    let plain: String = resolved(&writer.out)
        .chars()
        .map(|c| if c == '\u{a0}' { ' ' } else { c })
        .filter(|c| !is_unwanted(*c))
        .collect();
    tidy(&plain)
}

/// Text with references as the characters they stand for, read as browsers do.
fn resolved(text: &str) -> String {
    static NOTHING: OnceLock<Builder<'static>> = OnceLock::new();
    let nothing = NOTHING.get_or_init(Builder::empty);
    // A character first: blanks at the very beginning would be left out.
    let mut quoted = ".".to_owned();
    Copier::default().copy_text(text, &mut quoted);
    let read = nothing.clean(&quoted).to_string();
    let read = read.strip_prefix('.').unwrap_or(&read);
    // The ampersand last: what it stands before is not a reference.
    read.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Blanks that are written when something follows.
    is_apart: bool,
    /// `pre` elements that are open.
    pre: usize,
    /// Where the link that is open began, and its address.
    link: Option<(usize, String)>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_ascii_whitespace() && self.pre == 0 {
                self.is_apart = true;
                continue;
            }
            if self.is_apart && !self.out.is_empty() && !self.out.ends_with(['\n', ' ']) {
                self.out.push(' ');
            }
            self.is_apart = false;
            self.out.push(c);
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag.name.as_str() {
            "br" => {
                self.is_apart = false;
                self.out.push('\n');
            }
            "hr" => self.lines(),
            "li" => {
                self.line();
                self.out.push_str("- ");
            }
            "tr" => self.line(),
            "td" | "th" => self.is_apart = true,
            "img" => {
                let alt = tag.attribute("alt").unwrap_or_default();
                self.text(alt);
            }
            "a" => {
                let href = tag.attribute("href").unwrap_or_default().trim();
                let folded = href.get(..8).unwrap_or(href).to_ascii_lowercase();
                let is_site = folded.starts_with("http://") || folded.starts_with("https://");
                self.link = is_site.then(|| (self.out.len(), href.to_owned()));
            }
            "pre" => {
                self.lines();
                self.pre += 1;
            }
            name if is_block(name) => self.lines(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "a" => self.end_link(),
            "pre" => {
                self.pre = self.pre.saturating_sub(1);
                self.lines();
            }
            "li" | "tr" => self.line(),
            "td" | "th" => self.is_apart = true,
            name if is_block(name) => self.lines(),
            _ => {}
        }
    }

    /// Writes a link's address behind what it says, unless that is the address.
    fn end_link(&mut self) {
        let Some((from, href)) = self.link.take() else {
            return;
        };
        let said = self.out.get(from..).unwrap_or_default().trim();
        if said.is_empty() || said == href || href.ends_with(&format!("://{said}")) {
            if said.is_empty() {
                self.text(&href);
            }
            return;
        }
        self.is_apart = true;
        self.text(&format!("({href})"));
    }

    fn line(&mut self) {
        self.is_apart = false;
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn lines(&mut self) {
        self.is_apart = false;
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            let missing = if self.out.ends_with('\n') {
                "\n"
            } else {
                "\n\n"
            };
            self.out.push_str(missing);
        }
    }
}
