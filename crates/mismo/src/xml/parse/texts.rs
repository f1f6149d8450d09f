//! Texts, and what stands in them for something else.

use super::{AMPERSAND, NOT_WELL_FORMED, Outcome, Parser};
use crate::xml::chars::{self, BLANK, BadReference, TEXT_MARK, class};
use crate::xml::{What, at};

impl<'t> Parser<'t, '_> {
    /// Reads text up to the next `<` or the end.
    pub(super) fn content(&mut self) -> Outcome<()> {
        let from = self.at;
        let mut is_plain = true;
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        let blanks = rest.iter().position(|b| class(*b) & BLANK == 0);
        let blanks = rest.get(..blanks.unwrap_or(rest.len())).unwrap_or(&[]);
        is_plain &= !blanks.contains(&b'\r');
        self.at += blanks.len();
        let is_blank = self.peek().is_none_or(|b| b == b'<');
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or(&[]);
            let mark = rest.iter().position(|b| class(*b) & TEXT_MARK != 0);
            self.at += mark.unwrap_or(rest.len());
            match self.peek() {
                None | Some(b'<') => break,
                Some(b']') if self.rest().starts_with("]]>") => {
                    return self.fail(self.at, NOT_WELL_FORMED);
                }
                Some(b']') => {}
                Some(_) => is_plain = false,
            }
            self.at += 1;
        }
        if from == self.at {
            return Ok(());
        }
        let Some(open) = self.open.last() else {
            // Outside the root only blanks may stand.
            return if is_blank {
                Ok(())
            } else {
                let ahead = self.slice(from, self.at);
                let place = ahead.len() - ahead.trim_start().len();
                self.fail(from + place, NOT_WELL_FORMED)
            };
        };
        if is_blank && !open.has_text {
            return Ok(());
        }
        let text = self.slice(from, self.at);
        if is_plain {
            return self.add_text(from, text, What::Text);
        }
        let decoded = self.decode(from, text, false)?;
        self.add_text(from, text, What::Decoded(decoded))
    }

    pub(super) fn add_text(&mut self, from: usize, text: &'t str, what: What) -> Outcome<()> {
        let Some(open) = self.open.last_mut() else {
            return self.fail(from, NOT_WELL_FORMED);
        };
        open.has_text = true;
        let parent = open.index;
        self.doc.longest = self.doc.longest.max(text.len());
        let index = self.add(from, text, what, parent)?;
        if let Some(entry) = self.doc.entries.get_mut(at(index)) {
            entry.end = index.saturating_add(1);
        }
        Ok(())
    }

    /// Replaces references and line ends; in a value also the other blanks, by spaces.
    pub(super) fn decode(&mut self, from: usize, text: &str, is_value: bool) -> Outcome<u32> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(place) = rest.find(['&', '\r', '\n', '\t']) {
            let (before, mark) = rest.split_at(place);
            out.push_str(before);
            let length = match mark.as_bytes().first() {
                Some(b'&') => {
                    let offset = from + (text.len() - mark.len());
                    let (c, length) = match chars::reference(mark) {
                        Ok(found) => found,
                        Err(BadReference::Unknown) => return self.fail(offset, AMPERSAND),
                        Err(BadReference::Forbidden) => {
                            let message = "A reference names a character that XML forbids.";
                            return self.fail(offset, message);
                        }
                    };
                    out.push(c);
                    length
                }
                Some(b'\r') => {
                    out.push(if is_value { ' ' } else { '\n' });
                    if mark.starts_with("\r\n") { 2 } else { 1 }
                }
                other => {
                    let is_tab = other == Some(&b'\t');
                    out.push(match (is_value, is_tab) {
                        (true, _) => ' ',
                        (false, true) => '\t',
                        (false, false) => '\n',
                    });
                    1
                }
            };
            rest = mark.get(length..).unwrap_or("");
        }
        out.push_str(rest);
        let index = u32::try_from(self.doc.decoded.len()).unwrap_or(u32::MAX);
        self.doc.decoded.push(out);
        Ok(index)
    }
}
