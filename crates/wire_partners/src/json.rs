//! JSON as it was sent: numbers keep their digits, a name that stands twice is refused, and what is
//! wrong has a place.
//!
//! Of our own because amounts must not go through floating point, and because "the last of two members
//! wins" lets two readers of one request disagree about what it says.

mod text;

use std::collections::HashSet;

use lintel_edge::BodyError;

/// Most levels of arrays and objects; no document of this contract has a tenth of them.
const DEEPEST: usize = 64;
/// Most characters of a number: longer ones are no amount, no rate and no id.
const LONGEST_NUMBER: usize = 64;
/// Objects up to this many members are searched for doubles without a table.
const FEW: usize = 12;

/// A value that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number in plain decimal notation where it has one of sensible length, else as it was sent.
    Number(String),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// An object, in the order sent; no name stands twice.
    Object(Vec<(String, Node)>),
}

/// Why a document was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// The reader of bodies would say the same.
    Body(BodyError),
    /// A name stands twice in one object. Both positions count from 1.
    Twice {
        /// Line of the second.
        line: usize,
        /// Column of the second, in bytes.
        column: usize,
    },
}

impl From<BodyError> for Wrong {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

/// Reads one document of at most `most` values. A leading byte order mark is tolerated.
///
/// # Errors
/// What is not UTF-8, not JSON, too deep, too much, or ambiguous.
pub(crate) fn parse(bytes: &[u8], most: usize) -> Result<Node, Wrong> {
    let start = if bytes.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(bad(bytes, error.valid_up_to())),
    };
    let mut reader = Reader {
        text,
        at: start,
        left: most,
        depth: 0,
    };
    let value = reader.value()?;
    reader.blank();
    if reader.at < text.len() {
        return Err(reader.bad());
    }
    Ok(value)
}

/// Line and column of an offset, both from 1.
fn place(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
    (line, column)
}

fn bad(bytes: &[u8], at: usize) -> Wrong {
    let (line, column) = place(bytes, at);
    Wrong::Body(BodyError::BadJson { line, column })
}

/// A document that is being read.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    left: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn bad(&self) -> Wrong {
        bad(self.text.as_bytes(), self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Result<(), Wrong> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.bad())
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Result<Node, Wrong> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(Wrong::Body(BodyError::TooManyFields))?;
        self.blank();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => Ok(Node::Text(self.string()?)),
            Some(b't') => self.word("true", Node::Flag(true)),
            Some(b'f') => self.word("false", Node::Flag(false)),
            Some(b'n') => self.word("null", Node::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) | None => Err(self.bad()),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Node, Wrong>) -> Result<Node, Wrong> {
        if self.depth == DEEPEST {
            return Err(Wrong::Body(BodyError::TooDeep));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn word(&mut self, word: &str, value: Node) -> Result<Node, Wrong> {
        let here = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if here.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.bad())
    }

    fn list(&mut self) -> Result<Node, Wrong> {
        let mut entries = Vec::new();
        self.blank();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Node::List(entries));
        }
        loop {
            entries.push(self.value()?);
            self.blank();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Node::List(entries));
            }
            self.take(b',')?;
        }
    }

    fn object(&mut self) -> Result<Node, Wrong> {
        let mut members: Vec<(String, Node)> = Vec::new();
        let mut names: HashSet<String> = HashSet::new();
        self.blank();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Node::Object(members));
        }
        loop {
            self.blank();
            let start = self.at;
            let name = self.string()?;
            if members.len() == FEW {
                names.extend(members.iter().map(|(name, _)| name.clone()));
            }
            let is_double = if members.len() < FEW {
                members.iter().any(|(other, _)| *other == name)
            } else {
                !names.insert(name.clone())
            };
            if is_double {
                let (line, column) = place(self.text.as_bytes(), start);
                return Err(Wrong::Twice { line, column });
            }
            self.blank();
            self.take(b':')?;
            members.push((name, self.value()?));
            self.blank();
            if self.peek() == Some(b'}') {
                self.at += 1;
                return Ok(Node::Object(members));
            }
            self.take(b',')?;
        }
    }

    fn digits(&mut self) -> Result<(), Wrong> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.bad());
        }
        Ok(())
    }

    /// A number by RFC 8259, section 6.
    fn number(&mut self) -> Result<Node, Wrong> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let sent = self.text.get(start..self.at).unwrap_or_default();
        let kept = plain(sent).unwrap_or_else(|| sent.chars().take(LONGEST_NUMBER + 1).collect());
        Ok(Node::Number(kept))
    }
}

/// The number in plain decimal notation without needless zeros; none when that is too long.
fn plain(sent: &str) -> Option<String> {
    if sent.len() > LONGEST_NUMBER {
        return None;
    }
    let (sign, sent) = sent
        .strip_prefix('-')
        .map_or(("", sent), |rest| ("-", rest));
    let (mantissa, exponent) = match sent.find(['e', 'E']) {
        Some(at) => (sent.get(..at)?, sent.get(at + 1..)?.parse::<i64>().ok()?),
        None => (sent, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let limit = i64::try_from(LONGEST_NUMBER).ok()?;
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    if digits.bytes().all(|b| b == b'0') {
        return Some("0".to_owned());
    }
    if point < -limit || point > limit {
        return None;
    }
    let before = usize::try_from(point).unwrap_or(0);
    let lead = usize::try_from(point.checked_neg()?).unwrap_or(0);
    let padded = format!("{}{digits}{}", "0".repeat(lead), "0".repeat(before));
    let (whole, fraction) = padded.split_at_checked(before)?;
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{dot}{fraction}"))
}

#[cfg(test)]
mod tests;
