//! `multipart/form-data` as it comes (RFC 7578, RFC 2046 section 5.1).

use super::fields::Fields;
use super::out::{FileHead, Out};
use crate::body::BodyError;
use crate::form::multipart::{Head, malformed, read_head};

/// Longest head of one part.
const LONGEST_HEAD: usize = 16 * 1024;
/// Most parts of one body: each member of each item may be a part of its own.
const MOST_PARTS: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Before the first boundary.
    Preamble,
    /// Behind a boundary, where the last one has two hyphens.
    Boundary,
    /// Behind a boundary, before the end of its line.
    Padding,
    Head,
    Content,
    /// Behind the last boundary.
    Epilogue,
}

/// Splits a body at its boundaries.
#[derive(Debug)]
pub(super) struct Parts {
    /// A line break, two hyphens and the boundary.
    delimiter: Vec<u8>,
    stage: Stage,
    held: Vec<u8>,
    count: usize,
}

impl Parts {
    pub(super) fn new(boundary: &str) -> Self {
        Self {
            delimiter: [b"\r\n--", boundary.as_bytes()].concat(),
            stage: Stage::Preamble,
            held: Vec::new(),
            count: 0,
        }
    }

    pub(super) fn push(
        &mut self,
        piece: &[u8],
        fields: &mut Fields,
        out: &mut Out,
    ) -> Result<(), BodyError> {
        if self.stage == Stage::Epilogue {
            return Ok(());
        }
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(piece);
        let mut rest = &held[..];
        while let Some(used) = self.step(rest, fields, out)? {
            rest = &rest[used..];
        }
        let used = held.len() - rest.len();
        held.drain(..used);
        self.held = held;
        Ok(())
    }

    /// What is held back until more is known.
    pub(super) fn held(&self) -> usize {
        self.held.capacity()
    }

    /// The body has ended.
    pub(super) fn finish(self) -> Result<(), BodyError> {
        match self.stage {
            Stage::Epilogue => Ok(()),
            Stage::Preamble | Stage::Boundary | Stage::Padding | Stage::Head | Stage::Content => {
                Err(malformed())
            }
        }
    }

    /// One step on; how much of `rest` it used, or nothing when more has to come first.
    fn step(
        &mut self,
        rest: &[u8],
        fields: &mut Fields,
        out: &mut Out,
    ) -> Result<Option<usize>, BodyError> {
        match self.stage {
            Stage::Preamble => Ok(self.preamble(rest)),
            Stage::Boundary => {
                let Some(next) = rest.get(..2) else {
                    return Ok(None);
                };
                if next == b"--" {
                    self.stage = Stage::Epilogue;
                    return Ok(Some(rest.len()));
                }
                self.stage = Stage::Padding;
                Ok(Some(0))
            }
            Stage::Padding => {
                let padding = rest.iter().position(|b| !matches!(b, b' ' | b'\t'));
                let padding = padding.unwrap_or(rest.len());
                match rest.get(padding..padding + 2) {
                    Some(b"\r\n") => {
                        self.stage = Stage::Head;
                        Ok(Some(padding + 2))
                    }
                    Some(_) => Err(malformed()),
                    None => Ok((padding > 0).then_some(padding)),
                }
            }
            Stage::Head => self.head(rest, fields, out),
            Stage::Content => self.content(rest, fields, out),
            Stage::Epilogue => Ok(None),
        }
    }

    fn preamble(&mut self, rest: &[u8]) -> Option<usize> {
        // The first boundary needs no line break before it.
        let boundary = self.delimiter.get(2..).unwrap_or_default();
        match find(rest, boundary) {
            Found::At(at) => {
                self.stage = Stage::Boundary;
                Some(at + boundary.len())
            }
            Found::Perhaps(at) => (at > 0).then_some(at),
        }
    }

    fn head(
        &mut self,
        rest: &[u8],
        fields: &mut Fields,
        out: &mut Out,
    ) -> Result<Option<usize>, BodyError> {
        const END: &[u8] = b"\r\n\r\n";
        let length = match find(rest, END) {
            Found::At(length) => length,
            Found::Perhaps(_) if rest.len() <= LONGEST_HEAD => return Ok(None),
            Found::Perhaps(_) => return Err(malformed()),
        };
        self.count += 1;
        if self.count > MOST_PARTS || length > LONGEST_HEAD {
            return Err(BodyError::TooManyFields);
        }
        let Head {
            name,
            file_name,
            content_type,
        } = read_head(&rest[..length])?;
        let file = file_name.map(|file_name| FileHead {
            name: name.clone(),
            file_name,
            content_type,
        });
        fields.begin(name, file, out);
        self.stage = Stage::Content;
        Ok(Some(length + END.len()))
    }

    fn content(
        &mut self,
        rest: &[u8],
        fields: &mut Fields,
        out: &mut Out,
    ) -> Result<Option<usize>, BodyError> {
        match find(rest, &self.delimiter) {
            Found::At(length) => {
                fields.bytes(&rest[..length], out);
                fields.end(out)?;
                self.stage = Stage::Boundary;
                Ok(Some(length + self.delimiter.len()))
            }
            Found::Perhaps(0) => Ok(None),
            Found::Perhaps(length) => {
                fields.bytes(&rest[..length], out);
                Ok(Some(length))
            }
        }
    }
}

enum Found {
    At(usize),
    /// Nowhere before this place, from which on the rest may be its beginning.
    Perhaps(usize),
}

fn find(text: &[u8], pattern: &[u8]) -> Found {
    let Some((first, _)) = pattern.split_first() else {
        return Found::At(0);
    };
    let mut at = 0;
    while let Some(next) = text[at..].iter().position(|b| b == first) {
        at += next;
        let rest = &text[at..];
        if rest.starts_with(pattern) {
            return Found::At(at);
        }
        if rest.len() < pattern.len() && pattern.starts_with(rest) {
            return Found::Perhaps(at);
        }
        at += 1;
    }
    Found::Perhaps(text.len())
}

/// The boundary of a content type that the parser of whole bodies has taken for a good one.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    // Another parameter may be a quoted text with a semicolon in it.
    let mut rest = content_type.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => {
                let end = after.find([';', ' ', '\t']).unwrap_or(after.len());
                after.split_at(end)
            }
        };
        if name
            .trim_matches([';', ' ', '\t'])
            .eq_ignore_ascii_case("boundary")
        {
            return Some(value);
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries() {
        for (content_type, expected) in [
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=x", Some("x")),
            ("multipart/form-data; Boundary=\"a b;c\"", Some("a b;c")),
            (
                "multipart/form-data;charset=utf-8;boundary=--x--",
                Some("--x--"),
            ),
            (
                "multipart/form-data; a=\"boundary=y;\"; boundary=x; b=c",
                Some("x"),
            ),
            ("multipart/form-data; boundary", None),
        ] {
            assert_eq!(boundary(content_type), expected, "{content_type}");
        }
    }

    #[test]
    fn a_pattern_is_found_or_may_begin() {
        let at = |text: &[u8], pattern: &[u8]| match find(text, pattern) {
            Found::At(at) => (true, at),
            Found::Perhaps(at) => (false, at),
        };
        assert_eq!(at(b"abc\r\n--xy", b"\r\n--x"), (true, 3));
        assert_eq!(at(b"abc\r\n-", b"\r\n--x"), (false, 3));
        assert_eq!(at(b"\r\r\n--x", b"\r\n--x"), (true, 1));
        assert_eq!(at(b"a\rb", b"\r\n--x"), (false, 3));
        assert_eq!(at(b"", b"\r\n"), (false, 0));
    }
}
