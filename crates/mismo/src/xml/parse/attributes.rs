//! Attributes and declarations of namespaces.

use std::borrow::Cow;

use super::{CUT_OFF, NOT_WELL_FORMED, Outcome, Parser, Raw};
use crate::finding::Code;
use crate::xml::chars::{VALUE_MARK, class};
use crate::xml::{AttributeEntry, at};

/// Namespace declarations in scope at one element. Real documents have ten or so.
const MAX_NAMESPACES_IN_SCOPE: usize = 32;

/// Namespace declarations in a document; some writers repeat them on every extension.
const MAX_NAMESPACE_DECLARATIONS: usize = 20_000;

const XML_SPACE: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_SPACE: &str = "http://www.w3.org/2000/xmlns/";

impl<'t> Parser<'t, '_> {
    /// Reads the rest of a start tag; answers whether the element is closed by it.
    pub(super) fn attributes(&mut self, from: usize) -> Outcome<bool> {
        self.raw.clear();
        let mut count = 0_usize;
        loop {
            let had_blank = self.skip_blanks();
            match self.peek() {
                Some(b'>') => {
                    self.at += 1;
                    return Ok(false);
                }
                Some(b'/') => {
                    self.at += 1;
                    if self.peek() != Some(b'>') {
                        return self.fail(self.at, NOT_WELL_FORMED);
                    }
                    self.at += 1;
                    return Ok(true);
                }
                Some(_) if had_blank => {
                    count += 1;
                    if count > usize::from(self.limits.max_attributes) {
                        let message = "An element has too many attributes.";
                        return self.stop(Code::TooLarge, from, message);
                    }
                    self.attribute()?;
                }
                _ => return self.fail(self.at, NOT_WELL_FORMED),
            }
        }
    }

    pub(super) fn attribute(&mut self) -> Outcome<()> {
        let offset = self.at;
        let (prefix, name) = self.qualified_name()?;
        self.skip_blanks();
        if self.peek() != Some(b'=') {
            return self.fail(self.at, NOT_WELL_FORMED);
        }
        self.at += 1;
        self.skip_blanks();
        let Some(quote @ (b'"' | b'\'')) = self.peek() else {
            return self.fail(self.at, NOT_WELL_FORMED);
        };
        self.at += 1;
        let from = self.at;
        let mut is_plain = true;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or(&[]);
            let mark = rest.iter().position(|b| class(*b) & VALUE_MARK != 0);
            self.at += mark.unwrap_or(rest.len());
            match self.peek() {
                None => return self.fail(self.at, CUT_OFF),
                Some(b) if b == quote => break,
                Some(b'"' | b'\'') => {}
                Some(b'<') => return self.fail(self.at, NOT_WELL_FORMED),
                Some(_) => is_plain = false,
            }
            self.at += 1;
        }
        let value = self.slice(from, self.at);
        self.at += 1;
        let decoded = match is_plain {
            true => None,
            false => Some(self.decode(from, value, true)?),
        };
        let text = decoded.map_or(value, |_| "");
        if prefix.is_empty() && name == "xmlns" {
            return self.declare(offset, "", text, decoded);
        }
        if prefix == "xmlns" {
            return self.declare(offset, name, text, decoded);
        }
        self.raw.push(Raw {
            prefix,
            name,
            value: text,
            decoded,
            offset,
        });
        Ok(())
    }

    /// Takes up a declaration of a namespace. Marked by its place so that a second one of the same
    /// prefix on the same element is known.
    pub(super) fn declare(
        &mut self,
        offset: usize,
        prefix: &'t str,
        text: &'t str,
        decoded: Option<u32>,
    ) -> Outcome<()> {
        let uri: Cow<'t, str> = match decoded {
            None => Cow::Borrowed(text),
            Some(index) => Cow::Owned(self.doc.decoded(index).to_owned()),
        };
        self.declared += 1;
        if self.scope.len() >= MAX_NAMESPACES_IN_SCOPE || self.declared > MAX_NAMESPACE_DECLARATIONS
        {
            let message = "There are too many namespace declarations.";
            return self.stop(Code::TooLarge, offset, message);
        }
        let is_reserved = prefix == "xmlns"
            || (prefix == "xml") != (uri == XML_SPACE)
            || uri == XMLNS_SPACE
            || (uri.is_empty() && !prefix.is_empty());
        if is_reserved {
            return self.fail(offset, NOT_WELL_FORMED);
        }
        // A declaration is an attribute too: twice is once too often.
        if self
            .raw
            .iter()
            .any(|raw| raw.prefix == "xmlns" && raw.name == prefix)
        {
            return self.fail(offset, "An element has the same attribute twice.");
        }
        self.raw.push(Raw {
            prefix: "xmlns",
            name: prefix,
            value: "",
            decoded: None,
            offset,
        });
        let space = self.space(uri);
        self.scope.push((prefix, space));
        if prefix.is_empty() {
            self.default = space;
        }
        Ok(())
    }

    /// The number of a namespace; the same address has one number.
    pub(super) fn space(&mut self, uri: Cow<'t, str>) -> u32 {
        // The first few by looking, the many of a document made to hurt by hashing.
        let few = self.doc.spaces.iter().take(16);
        let known = few.into_iter().position(|known| *known == uri);
        let known = known.and_then(|place| u32::try_from(place).ok());
        if let Some(place) = known.or_else(|| self.further.get(&uri).copied()) {
            return place;
        }
        let place = u32::try_from(self.doc.spaces.len()).unwrap_or(0);
        if place >= 16 {
            self.further.insert(uri.clone(), place);
        }
        self.doc.spaces.push(uri);
        place
    }

    pub(super) fn innermost(&self, prefix: &str) -> Option<u32> {
        let mut inner = self.scope.iter().rev();
        let found = inner.find(|(known, _)| *known == prefix);
        found.map(|(_, space)| *space)
    }

    pub(super) fn look_up(&mut self, prefix: &'t str, offset: usize) -> Outcome<u32> {
        if prefix.is_empty() {
            return Ok(self.default);
        }
        if let Some(space) = self.innermost(prefix) {
            return Ok(space);
        }
        match prefix {
            "xml" => Ok(self.space(Cow::Borrowed(XML_SPACE))),
            _ => {
                let message = match shown(prefix) {
                    Some(prefix) => format!("The prefix `{prefix}` is used and not declared."),
                    None => "A prefix is used and not declared.".to_owned(),
                };
                self.stop(Code::PrefixUndeclared, offset, message)
            }
        }
    }

    pub(super) fn add_attributes(&mut self, index: u32) -> Outcome<()> {
        let raw = std::mem::take(&mut self.raw);
        let from = self.doc.attributes.len();
        for raw in &raw {
            if raw.prefix == "xmlns" {
                continue;
            }
            let space = match raw.prefix {
                "" => 0,
                prefix => self.look_up(prefix, raw.offset)?,
            };
            let own = self.doc.attributes.get(from..).unwrap_or(&[]);
            let is_same = |known: &AttributeEntry<'_>| {
                known.name == raw.name && self.doc.space(known.space) == self.doc.space(space)
            };
            if own.iter().any(is_same) {
                return self.fail(raw.offset, "An element has the same attribute twice.");
            }
            let length = raw
                .decoded
                .map_or(raw.value, |at| self.doc.decoded(at))
                .len();
            self.doc.longest = self.doc.longest.max(length);
            self.doc.attributes.push(AttributeEntry {
                space,
                name: raw.name,
                value: raw.value,
                decoded: raw.decoded,
            });
        }
        let all = u32::try_from(self.doc.attributes.len()).unwrap_or(u32::MAX);
        if all > self.limits.max_nodes {
            let offset = raw.first().map_or(0, |raw| raw.offset);
            return self.stop(
                Code::TooLarge,
                offset,
                "The document has too many attributes.",
            );
        }
        if let Some(entry) = self.doc.entries.get_mut(at(index)) {
            entry.attributes = all.saturating_sub(u32::try_from(from).unwrap_or(u32::MAX));
        }
        self.raw = raw;
        Ok(())
    }
}

/// A prefix as it may be repeated to a sender: short, and without a number anybody could know
/// somebody by.
fn shown(prefix: &str) -> Option<&str> {
    let digits = prefix.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = prefix.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_plain && prefix.len() <= 8 && digits <= 2).then_some(prefix)
}
