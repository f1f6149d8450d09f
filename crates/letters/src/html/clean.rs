//! HTML from outside made harmless for somebody to look at.

use std::sync::OnceLock;

use ammonia::{Builder, UrlRelative};

use super::reference::Copier;
use super::style::{OWN_PROPERTIES, PROPERTIES, declarations};
use super::tag::{KEPT, Role, ended_by, is_border, kept};
use super::token::{Tag, Token, tokens};
use super::within_bounds;
use crate::engine::{escaped, is_unwanted};

/// Deepest nesting that is kept.
const MAX_DEPTH: usize = 40;
/// Most open elements of the kind that browsers open again after each block. Every one of them can
/// cost an element for each block that follows.
const MAX_FORMATTING: usize = 8;
/// Most elements that are kept; of what comes after, only the text.
const MAX_ELEMENTS: usize = 20_000;
/// Addresses that links may have.
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];
/// Attributes of any element, and of some.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    (
        "*",
        &["align", "bgcolor", "dir", "style", "title", "valign"],
    ),
    ("a", &["href"]),
    ("font", &["color", "size"]),
    ("img", &["src", "alt", "width", "height"]),
    ("ol", &["start"]),
    (
        "table",
        &["border", "cellpadding", "cellspacing", "role", "width"],
    ),
    ("td", &["colspan", "rowspan", "width"]),
    ("th", &["colspan", "rowspan", "scope", "width"]),
];

/// HTML from outside without anything that runs, loads, covers, hides or posts: no script, style
/// sheet, form, frame, class or id; no pictures, which tell their sender who looks and when (their
/// alternative text stays); links to sites, addresses and telephones only. Of more than a mebibyte, the
/// beginning.
#[must_use]
pub fn clean_html(html: &str) -> String {
    finish(html, None)
}

/// The same for letters of our own in an outbox: what is hidden stays hidden, and pictures stay
/// whose address begins with `own_pictures`, such as `https://loans.example.com/images/`.
#[must_use]
pub fn preview_html(html: &str, own_pictures: Option<&str>) -> String {
    finish(html, Some(own_pictures))
}

fn finish(html: &str, own: Option<Option<&str>>) -> String {
    static OUTSIDE: OnceLock<Builder<'static>> = OnceLock::new();
    static OWN: OnceLock<Builder<'static>> = OnceLock::new();
    let plain: String = within_bounds(html)
        .chars()
        .filter(|c| !is_unwanted(*c))
        .collect();
    let balanced = Writer::new(own).write(&plain);
    let builder = match own {
        Some(_) => OWN.get_or_init(|| builder(true)),
        None => OUTSIDE.get_or_init(|| builder(false)),
    };
    let clean = builder.clean(&balanced).to_string();
    // What references stood for.
    clean.chars().filter(|c| !is_unwanted(*c)).collect()
}

fn builder(is_own: bool) -> Builder<'static> {
    let tags = KEPT.iter().map(|(name, _)| *name);
    let tags = tags.filter(|name| is_own || *name != "img");
    let mut builder = Builder::default();
    builder
        .tags(tags.collect())
        .clean_content_tags(["script", "style", "title", "svg", "math"].into())
        .generic_attributes(attributes("*").iter().copied().collect())
        .tag_attributes(
            ATTRIBUTES
                .iter()
                .filter(|(name, _)| *name != "*" && (is_own || *name != "img"))
                .map(|(name, list)| (*name, list.iter().copied().collect()))
                .collect(),
        )
        .tag_attribute_values([].into())
        .url_schemes(SCHEMES.iter().copied().collect())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .filter_style_properties(
            PROPERTIES
                .iter()
                .chain(OWN_PROPERTIES.iter().filter(|_| is_own))
                .copied()
                .collect(),
        );
    builder
}

fn attributes(tag: &str) -> &'static [&'static str] {
    let mut lists = ATTRIBUTES.iter();
    lists
        .find(|(name, _)| *name == tag)
        .map_or(&[], |(_, list)| *list)
}

/// Writes tags again, each with its end, within the bounds.
struct Writer<'a> {
    out: String,
    copier: Copier,
    open: Vec<(&'static str, Role)>,
    /// Starts that were left out, whose ends are to be left out too.
    left_out: Vec<&'static str>,
    formatting: usize,
    elements: usize,
    /// A drawing of another language whose content is passed over, and how many of it are open.
    foreign: Option<(&'static str, usize)>,
    own: Option<Option<&'a str>>,
}

impl<'a> Writer<'a> {
    fn new(own: Option<Option<&'a str>>) -> Self {
        Self {
            out: String::new(),
            copier: Copier::default(),
            open: Vec::new(),
            left_out: Vec::new(),
            formatting: 0,
            elements: 0,
            foreign: None,
            own,
        }
    }

    fn write(mut self, html: &str) -> String {
        for token in tokens(html) {
            if self.passes_over(&token) {
                continue;
            }
            match token {
                Token::Text(text) | Token::Raw("plaintext", text) => self.text(text),
                Token::Raw(..) | Token::Comment(_) => {}
                Token::Start(tag) => self.start(&tag),
                Token::End(name) => self.end(&name),
            }
        }
        while let Some((name, _)) = self.open.pop() {
            self.out.push_str(&format!("</{name}>"));
        }
        self.out
    }

    /// Whether a piece belongs to a drawing.
    fn passes_over(&mut self, token: &Token<'_>) -> bool {
        let Some((name, depth)) = self.foreign else {
            let Token::Start(tag) = token else {
                return false;
            };
            let name = ["svg", "math"].into_iter().find(|name| *name == tag.name);
            self.foreign = name.filter(|_| !tag.is_closed).map(|name| (name, 1));
            return name.is_some();
        };
        let depth = match token {
            Token::Start(tag) if tag.name == name && !tag.is_closed => depth + 1,
            Token::End(end) if end == name => depth - 1,
            _ => depth,
        };
        self.foreign = (depth > 0).then_some((name, depth));
        true
    }

    fn text(&mut self, text: &str) {
        self.copier.copy_text(text, &mut self.out);
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if tag.name == "img" && !self.keeps_picture(tag) {
            return self.picture(tag);
        }
        let Some((name, role)) = kept(&tag.name) else {
            return;
        };
        self.close_before(name, role);
        let is_formatting = role == Role::Formatting;
        let has_room = self.elements < MAX_ELEMENTS
            && self.open.len() < MAX_DEPTH
            && (!is_formatting || self.formatting < MAX_FORMATTING);
        if !has_room {
            if role != Role::Void && self.left_out.len() < MAX_ELEMENTS {
                self.left_out.push(name);
            }
            return;
        }
        self.elements += 1;
        self.copier.end_text();
        self.formatting += usize::from(is_formatting);
        self.out.push('<');
        self.out.push_str(name);
        self.write_attributes(name, tag);
        self.out.push('>');
        if role != Role::Void {
            self.open.push((name, role));
        }
    }

    /// Closes what browsers close when this element begins.
    fn close_before(&mut self, name: &str, role: Role) {
        if role == Role::Block
            && let Some(("p", _)) = self.open.last()
        {
            self.close_to(self.open.len() - 1);
        }
        let (ended, stops) = ended_by(name);
        let within = self
            .open
            .iter()
            .rposition(|(open, _)| stops.contains(open))
            .map_or(0, |at| at + 1);
        let first = self.open[within..]
            .iter()
            .position(|(open, _)| ended.contains(open));
        if let Some(at) = first {
            self.close_to(within + at);
        }
    }

    fn close_to(&mut self, len: usize) {
        for (name, role) in self.open.drain(len..).rev() {
            self.formatting -= usize::from(role == Role::Formatting);
            self.out.push_str(&format!("</{name}>"));
        }
    }

    fn end(&mut self, name: &str) {
        let last_left_out = self.left_out.last().copied();
        if last_left_out.is_some_and(|left_out| left_out == name) {
            self.left_out.pop();
            return;
        }
        let mut from_top = self.open.iter().enumerate().rev();
        let reached = from_top.find(|(_, (open, _))| *open == name || is_border(open, name));
        match reached {
            Some((at, (open, _))) if *open == name => self.close_to(at),
            _ => {}
        }
    }

    fn write_attributes(&mut self, name: &str, tag: &Tag<'_>) {
        for list in [attributes("*"), attributes(name)] {
            for attribute in list {
                let Some(value) = tag.attribute(attribute) else {
                    continue;
                };
                let value = match *attribute {
                    "style" => declarations(&unquoted(value), self.own.is_some()),
                    "href" | "src" => value.to_owned(),
                    _ if value.len() <= 200 => value.to_owned(),
                    _ => continue,
                };
                let is_plain = !value.contains(['&', '<', '>', '"']);
                if !value.is_empty() && (is_plain || self.copier.has_room()) {
                    self.out.push_str(&format!(" {attribute}=\""));
                    self.copier.copy(&value, &mut self.out);
                    self.out.push('"');
                }
            }
        }
    }

    fn keeps_picture(&self, tag: &Tag<'_>) -> bool {
        let own = self.own.flatten().filter(|own| !own.is_empty());
        own.zip(tag.attribute("src")).is_some_and(|(own, src)| {
            let name = src
                .strip_prefix(own)
                .or_else(|| src.strip_prefix(&escaped(own)));
            let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
            name.is_some_and(|name| name.bytes().all(is_name))
        })
    }

    /// What stands for a picture that is left out.
    fn picture(&mut self, tag: &Tag<'_>) {
        let alt = tag.attribute("alt").unwrap_or_default();
        if !alt.trim().is_empty() {
            self.text(alt);
        }
    }
}

/// The references an attribute's style is likely to have; with any other, the declaration is not
/// plain and goes.
fn unquoted(value: &str) -> String {
    value.replace("&quot;", "\"").replace("&#39;", "'")
}
