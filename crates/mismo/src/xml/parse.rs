//! Building the table in one pass.

mod attributes;
mod texts;

use std::borrow::Cow;
use std::collections::HashMap;

use super::chars::{self, BLANK, NAME, START, class};
use super::{Document, Entry, What, at};
use crate::finding::Code;
use crate::limits::Limits;

/// Why a text is no document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    /// Byte offset of the offending markup.
    pub(crate) offset: usize,
    pub(crate) message: Cow<'static, str>,
}

type Outcome<T> = Result<T, Refusal>;

/// Reads a document.
///
/// # Errors
/// When it is not well-formed, has a document type, or is beyond a limit.
pub(crate) fn parse<'t>(text: &'t str, limits: &Limits) -> Outcome<Document<'t>> {
    let refuse = |code, offset, message: &'static str| Refusal {
        code,
        offset,
        message: message.into(),
    };
    if u32::try_from(text.len()).is_err() {
        return Err(refuse(Code::TooLarge, 0, "The document is too large."));
    }
    if let Some(place) = chars::forbidden(text) {
        let message = "The document contains a character that XML forbids.";
        return Err(refuse(Code::XmlMalformed, place, message));
    }
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        limits,
        doc: Document {
            text,
            entries: Vec::with_capacity(text.len() / 48),
            attributes: Vec::with_capacity(text.len() / 256),
            spaces: vec![Cow::Borrowed("")],
            decoded: Vec::new(),
            root_spaces: 0,
            longest: 0,
        },
        open: Vec::new(),
        scope: Vec::new(),
        default: 0,
        declared: 0,
        further: HashMap::new(),
        raw: Vec::new(),
    };
    parser.run()?;
    Ok(parser.doc)
}

/// An element whose end has not come yet.
struct Open<'t> {
    index: u32,
    /// Name with prefix, as the end tag must repeat it.
    name: &'t str,
    /// Declarations in scope outside.
    scope: usize,
    has_text: bool,
}

/// An attribute of the tag being read, before prefixes are looked up.
struct Raw<'t> {
    prefix: &'t str,
    name: &'t str,
    value: &'t str,
    decoded: Option<u32>,
    offset: usize,
}

struct Parser<'t, 'l> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    limits: &'l Limits,
    doc: Document<'t>,
    open: Vec<Open<'t>>,
    /// Prefixes in scope with their namespaces, the innermost last; the default's prefix is empty.
    scope: Vec<(&'t str, u32)>,
    /// The namespace of names without a prefix.
    default: u32,
    declared: usize,
    /// Numbers of namespaces beyond the first few.
    further: HashMap<Cow<'t, str>, u32>,
    raw: Vec<Raw<'t>>,
}

const NOT_WELL_FORMED: &str = "The document is not well-formed XML.";
const CUT_OFF: &str = "The document ends before its elements do; was it cut off?";
const AMPERSAND: &str = "An ampersand starts no known entity; write it as `&amp;`.";

impl<'t> Parser<'t, '_> {
    fn fail<T>(&self, offset: usize, message: &'static str) -> Outcome<T> {
        // What a cut-off document lacks is not in the line where it ends.
        let message = match offset >= self.bytes.len() {
            true => CUT_OFF,
            false => message,
        };
        self.stop(Code::XmlMalformed, offset, message)
    }

    #[expect(clippy::unused_self, reason = "reads better beside `fail`")]
    fn stop<T>(
        &self,
        code: Code,
        offset: usize,
        message: impl Into<Cow<'static, str>>,
    ) -> Outcome<T> {
        Err(Refusal {
            code,
            offset,
            message: message.into(),
        })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or("")
    }

    fn skip_blanks(&mut self) -> bool {
        let from = self.at;
        while self.peek().is_some_and(|b| class(b) & BLANK != 0) {
            self.at += 1;
        }
        self.at > from
    }

    fn run(&mut self) -> Outcome<()> {
        if self.rest().starts_with("<?xml")
            && self.bytes.get(5).is_some_and(|b| class(*b) & BLANK != 0)
        {
            // What it says about the encoding no longer matters: this is text already.
            let declaration = self.skip_past(5, "?>")?;
            if !declaration.trim_start().starts_with("version") || !is_pairs(declaration) {
                return self.fail(0, NOT_WELL_FORMED);
            }
        }
        loop {
            self.content()?;
            let start = self.at;
            match self.bytes.get(start + 1) {
                _ if start >= self.bytes.len() => break,
                Some(b'/') => self.end_tag()?,
                Some(b'!') => self.declaration()?,
                Some(b'?') => self.instruction()?,
                Some(_) => self.start_tag()?,
                None => return self.fail(self.bytes.len(), CUT_OFF),
            }
        }
        if self.doc.entries.is_empty() || !self.open.is_empty() {
            return self.fail(self.bytes.len(), CUT_OFF);
        }
        Ok(())
    }

    /// Moves behind the next `end`, which must come.
    fn skip_past(&mut self, ahead: usize, end: &str) -> Outcome<&'t str> {
        let from = self.at + ahead;
        let inside = self.text.get(from..).unwrap_or("");
        match inside.find(end) {
            Some(length) => {
                self.at = from + length + end.len();
                Ok(self.slice(from, from + length))
            }
            None => self.fail(self.bytes.len(), CUT_OFF),
        }
    }

    fn add(&mut self, from: usize, content: &'t str, what: What, parent: u32) -> Outcome<u32> {
        let index = u32::try_from(self.doc.entries.len()).unwrap_or(u32::MAX);
        if index >= self.limits.max_nodes {
            let message = "The document has too many elements.";
            return self.stop(Code::TooLarge, from, message);
        }
        self.doc.entries.push(Entry {
            content,
            key: super::key(content),
            what,
            parent,
            end: 0,
            offset: u32::try_from(from).unwrap_or(u32::MAX),
            first_attribute: u32::try_from(self.doc.attributes.len()).unwrap_or(u32::MAX),
            attributes: 0,
        });
        Ok(index)
    }

    /// A comment or a CDATA section; anything else that begins so could define entities.
    fn declaration(&mut self) -> Outcome<()> {
        let from = self.at;
        if self.rest().starts_with("<!--") {
            let comment = self.skip_past(4, "--")?;
            let end = from + 4 + comment.len() + 2;
            self.at = end + 1;
            return match self.bytes.get(end) {
                Some(b'>') => Ok(()),
                _ => self.fail(end, NOT_WELL_FORMED),
            };
        }
        if !self.rest().starts_with("<![CDATA[") {
            let is_cut = "<![CDATA[".starts_with(self.rest()) || "<!--".starts_with(self.rest());
            if is_cut {
                return self.fail(self.bytes.len(), CUT_OFF);
            }
            return self.stop(
                Code::DoctypeForbidden,
                from,
                "A document type declaration is not accepted: it could define entities or name \
                 files to fetch. Send the document without it.",
            );
        }
        let inside = self.skip_past(9, "]]>")?;
        if self.open.is_empty() {
            return self.fail(from, NOT_WELL_FORMED);
        }
        if inside.is_empty() {
            return Ok(());
        }
        let what = match inside.contains('\r') {
            false => What::Text,
            true => {
                let text = inside.replace("\r\n", "\n").replace('\r', "\n");
                self.doc.decoded.push(text);
                let index = self.doc.decoded.len().saturating_sub(1);
                What::Decoded(u32::try_from(index).unwrap_or(u32::MAX))
            }
        };
        self.add_text(from, inside, what)
    }

    fn instruction(&mut self) -> Outcome<()> {
        let from = self.at;
        self.at += 2;
        let name = self.plain_name()?;
        if name.eq_ignore_ascii_case("xml") {
            return self.fail(from, NOT_WELL_FORMED);
        }
        if !self.rest().starts_with("?>") && !self.skip_blanks() {
            return self.fail(self.at, NOT_WELL_FORMED);
        }
        self.skip_past(0, "?>").map(|_| ())
    }

    fn end_tag(&mut self) -> Outcome<()> {
        let from = self.at;
        let Some(open) = self.open.pop() else {
            return self.fail(from, NOT_WELL_FORMED);
        };
        self.at += 2;
        let rest = self.rest();
        if !rest.starts_with(open.name) {
            // What is cut off may still have been going to match.
            let offset = match open.name.starts_with(rest) {
                true => self.bytes.len(),
                false => from,
            };
            return self.fail(offset, "An end tag does not match its start tag.");
        }
        self.at += open.name.len();
        self.skip_blanks();
        match self.peek() {
            Some(b'>') => self.at += 1,
            Some(b) if class(b) & NAME != 0 || b == b':' => {
                return self.fail(from, "An end tag does not match its start tag.");
            }
            _ => return self.fail(self.at, NOT_WELL_FORMED),
        }
        self.close(&open);
        Ok(())
    }

    fn close(&mut self, open: &Open<'t>) {
        let end = u32::try_from(self.doc.entries.len()).unwrap_or(u32::MAX);
        if let Some(entry) = self.doc.entries.get_mut(at(open.index)) {
            entry.end = end;
        }
        if self.scope.len() > open.scope {
            self.scope.truncate(open.scope);
            self.default = self.innermost("").unwrap_or(0);
        }
    }

    /// A name without a colon, which must begin here.
    fn plain_name(&mut self) -> Outcome<&'t str> {
        let from = self.at;
        if self.peek().is_none_or(|b| class(b) & START == 0) {
            return self.fail(from, NOT_WELL_FORMED);
        }
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        let end = rest.iter().position(|b| class(*b) & NAME == 0);
        self.at += end.unwrap_or(rest.len());
        let name = self.slice(from, self.at);
        if !name.is_ascii() && !chars::is_name_beyond_ascii(name) {
            return self.fail(from, NOT_WELL_FORMED);
        }
        Ok(name)
    }

    /// A prefix, empty for none, and a local name.
    fn qualified_name(&mut self) -> Outcome<(&'t str, &'t str)> {
        let first = self.plain_name()?;
        if self.peek() != Some(b':') {
            return Ok(("", first));
        }
        self.at += 1;
        Ok((first, self.plain_name()?))
    }

    fn start_tag(&mut self) -> Outcome<()> {
        let from = self.at;
        if self.open.is_empty() && !self.doc.entries.is_empty() {
            return self.fail(from, NOT_WELL_FORMED);
        }
        if self.open.len() >= usize::from(self.limits.max_depth) {
            return self.stop(Code::TooDeep, from, "Elements are nested too deeply.");
        }
        self.at += 1;
        let (prefix, local) = self.qualified_name()?;
        let name = self.slice(from + 1, self.at);
        let scope = self.scope.len();
        let is_empty = self.attributes(from)?;
        let parent = self.open.last().map_or(0, |open| open.index);
        let space = self.look_up(prefix, from)?;
        let index = self.add(from, local, What::Element(space), parent)?;
        self.add_attributes(index)?;
        if index == 0 {
            self.doc.root_spaces = self.doc.spaces.len();
        }
        let open = Open {
            index,
            name,
            scope,
            has_text: false,
        };
        if is_empty {
            self.close(&open);
        } else {
            self.open.push(open);
        }
        Ok(())
    }
}

/// Whether a text is names with quoted values and nothing else.
fn is_pairs(text: &str) -> bool {
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((name, value)) = rest.split_once('=') else {
            return false;
        };
        let value = value.trim_start();
        let quoted = value
            .strip_prefix('"')
            .and_then(|value| value.split_once('"'))
            .or_else(|| value.strip_prefix('\'')?.split_once('\''));
        let is_name = name.trim_end().bytes().all(|b| b.is_ascii_alphabetic());
        match quoted {
            Some((inside, behind)) if is_name && !inside.contains('<') => {
                rest = behind.trim_start()
            }
            Some(_) | None => return false,
        }
    }
    true
}
