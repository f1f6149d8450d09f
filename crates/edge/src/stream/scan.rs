//! A JSON document as it comes, without its contents.
//!
//! Everything but the contents is kept as it is, for the parser of documents to judge at the end;
//! where a content was, its number stands as a text. So a document is well-formed without its contents
//! exactly when it was with them: a malformed content leaves something malformed in its place.

use super::Wanted;
use super::out::Out;
use super::unescape::Unescape;
use crate::form::DEEPEST_JSON;

/// Longest member name that is looked at; all that matter are shorter.
const LONGEST_WORD: usize = 64;
/// Longest text that is told before the end.
const LONGEST_KNOWN: usize = 256;
/// What no JSON document may hold, in a string or beside one.
const MALFORMED: u8 = 1;

/// Texts of the form itself that are told before the end. The last of a name counts.
#[derive(Debug, Default)]
pub(super) struct KnownTexts(Vec<(&'static str, String)>);

impl KnownTexts {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| text.as_str())
    }

    /// Remembers a text of at most [`LONGEST_KNOWN`] bytes, and forgets the one before.
    pub(super) fn set(&mut self, name: &'static str, text: &[u8]) {
        self.0.retain(|(known, _)| *known != name);
        if text.len() > LONGEST_KNOWN {
            return;
        }
        if let Ok(text) = std::str::from_utf8(text) {
            self.0.push((name, text.to_owned()));
        }
    }
}

/// Where a scanner puts what it reads.
pub(super) struct Target<'a> {
    /// The document without its contents.
    pub(super) kept: &'a mut Vec<u8>,
    pub(super) out: &'a mut Out,
    pub(super) known: &'a mut KnownTexts,
}

/// Where in a request a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A body that is JSON.
    Body,
    /// The field that has the contents, as an object.
    Field,
    /// One of the lists in it.
    List,
    /// One item of a list.
    Item,
    /// The member of an item that is a content when it is a text.
    Content,
    /// A text of the body that is told before the end.
    Known(&'static str),
    Elsewhere,
}

#[derive(Debug)]
struct Level {
    place: Place,
    is_object: bool,
    at_key: bool,
    key: Word,
}

/// The name of a member, as far as it matters.
#[derive(Debug, Default)]
struct Word {
    text: Vec<u8>,
    is_long: bool,
}

impl Word {
    fn take(&mut self, read: &mut Vec<u8>) {
        if self.is_long || self.text.len() + read.len() > LONGEST_WORD {
            self.is_long = true;
        } else {
            self.text.extend_from_slice(read);
        }
        read.clear();
    }

    fn is(&self, name: &str) -> bool {
        !self.is_long && self.text == name.as_bytes()
    }
}

/// The string that is being read.
#[derive(Debug)]
enum Text {
    /// Kept as it is; whether the next character is escaped.
    Plain(bool),
    Key(Unescape),
    Known(&'static str, Unescape, Vec<u8>),
    Content(Unescape),
    /// The field that has the contents, as a text that holds a document.
    Inner(Unescape, Box<Scanner>),
}

/// Reads one document.
#[derive(Debug)]
pub(super) struct Scanner {
    wanted: Wanted,
    root: Place,
    levels: Vec<Level>,
    /// Levels deeper than any document may be; it is refused at its end.
    beyond: usize,
    text: Option<Text>,
    scratch: Vec<u8>,
}

impl Scanner {
    pub(super) fn new(wanted: Wanted, root: Place) -> Self {
        Self {
            wanted,
            root,
            levels: Vec::new(),
            beyond: 0,
            text: None,
            scratch: Vec::new(),
        }
    }

    /// Reads a piece.
    pub(super) fn push(&mut self, piece: &[u8], to: &mut Target<'_>) {
        let mut at = 0;
        while at < piece.len() {
            if let Some(text) = self.text.take() {
                at += self.read_text(text, &piece[at..], to);
                continue;
            }
            let rest = &piece[at..];
            let special = |b: &u8| matches!(b, b'"' | b'[' | b'{' | b']' | b'}' | b',' | b':');
            let run = rest.iter().position(special).unwrap_or(rest.len());
            to.kept.extend_from_slice(&rest[..run]);
            at += run;
            if let Some(byte) = piece.get(at) {
                at += 1;
                self.structure(*byte, to);
            }
        }
    }

    /// Bytes held, whatever they hold.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        let text = match &self.text {
            Some(Text::Inner(_, scanner)) => scanner.held(),
            Some(Text::Known(_, _, said)) => said.capacity(),
            Some(Text::Plain(_) | Text::Key(_) | Text::Content(_)) | None => 0,
        };
        self.scratch.capacity() + self.levels.capacity() * size_of::<Level>() + text
    }

    /// The document ended, whole or not: a content that was begun is ended too.
    pub(super) fn close(&mut self, to: &mut Target<'_>) {
        match self.text.take() {
            Some(Text::Content(_)) => to.out.end(),
            Some(Text::Inner(_, mut scanner)) => scanner.close(to),
            Some(Text::Plain(_) | Text::Key(_) | Text::Known(..)) | None => {}
        }
    }

    fn structure(&mut self, byte: u8, to: &mut Target<'_>) {
        match byte {
            b'"' => self.begin_text(to),
            b'[' | b'{' => {
                to.kept.push(byte);
                self.open(byte == b'{');
            }
            _ => {
                to.kept.push(byte);
                if matches!(byte, b']' | b'}') {
                    self.leave();
                } else if let (0, Some(level)) = (self.beyond, self.levels.last_mut()) {
                    level.at_key = byte == b',' && level.is_object;
                }
            }
        }
    }

    fn open(&mut self, is_object: bool) {
        if self.levels.len() > DEEPEST_JSON {
            self.beyond += 1;
            return;
        }
        let place = if self.levels.is_empty() {
            self.root
        } else {
            self.place()
        };
        self.levels.push(Level {
            place,
            is_object,
            at_key: is_object,
            key: Word::default(),
        });
    }

    fn leave(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else {
            self.levels.pop();
        }
    }

    /// Where the value stands that comes next.
    fn place(&self) -> Place {
        let (0, Some(level)) = (self.beyond, self.levels.last()) else {
            return Place::Elsewhere;
        };
        let key = level.is_object.then_some(&level.key);
        let is = |name: &&str| key.is_some_and(|key| key.is(name));
        match level.place {
            Place::Body if is(&self.wanted.field) => Place::Field,
            Place::Body => {
                let known = self.wanted.known.iter().find(|name| is(name));
                known.map_or(Place::Elsewhere, |name| Place::Known(name))
            }
            Place::Field if self.wanted.lists.iter().any(is) => Place::List,
            // An object of items is what bracket names make of keys that are no indices.
            Place::List => Place::Item,
            Place::Item if is(&self.wanted.member) => Place::Content,
            Place::Field | Place::Item => Place::Elsewhere,
            Place::Content | Place::Known(_) | Place::Elsewhere => Place::Elsewhere,
        }
    }

    fn begin_text(&mut self, to: &mut Target<'_>) {
        let level = self.levels.last_mut().filter(|_| self.beyond == 0);
        if let Some(level) = level.filter(|level| level.at_key) {
            level.key = Word::default();
            to.kept.push(b'"');
            self.text = Some(Text::Key(Unescape::default()));
            return;
        }
        let place = self.place();
        if place == Place::Content {
            let index = to.out.begin(None);
            to.kept.extend_from_slice(format!("\"{index}\"").as_bytes());
            self.text = Some(Text::Content(Unescape::default()));
            return;
        }
        to.kept.push(b'"');
        self.text = Some(match place {
            Place::Known(name) => Text::Known(name, Unescape::default(), Vec::new()),
            Place::Field => {
                let inner = Scanner::new(self.wanted, Place::Field);
                Text::Inner(Unescape::default(), Box::new(inner))
            }
            Place::Body | Place::List | Place::Item | Place::Content | Place::Elsewhere => {
                Text::Plain(false)
            }
        });
    }

    /// Reads on in a string; says how much of the piece belonged to it.
    fn read_text(&mut self, mut text: Text, piece: &[u8], to: &mut Target<'_>) -> usize {
        let (length, is_end) = match &mut text {
            Text::Plain(escaped) => {
                let (length, is_end) = plain_text(piece, escaped);
                to.kept.extend_from_slice(&piece[..length]);
                (length, is_end)
            }
            Text::Key(unescape) => {
                let taken = unescape.read(piece, &mut self.scratch);
                to.kept.extend_from_slice(&piece[..taken.length]);
                if let Some(level) = self.levels.last_mut() {
                    level.key.take(&mut self.scratch);
                }
                (taken.length, taken.is_end)
            }
            Text::Known(name, unescape, said) => {
                let taken = unescape.read(piece, said);
                to.kept.extend_from_slice(&piece[..taken.length]);
                said.truncate(LONGEST_KNOWN + 1);
                if taken.is_end {
                    to.known.set(name, said);
                }
                (taken.length, taken.is_end)
            }
            Text::Content(unescape) => {
                let start = to.out.bytes.len();
                let taken = unescape.read(piece, &mut to.out.bytes);
                to.out.went_on(start);
                if taken.turned_bad {
                    to.kept.push(MALFORMED);
                }
                if taken.is_end {
                    to.out.end();
                }
                (taken.length, taken.is_end)
            }
            Text::Inner(unescape, inner) => {
                let taken = unescape.read(piece, &mut self.scratch);
                read_inner(inner, &self.scratch, to);
                self.scratch.clear();
                if taken.turned_bad {
                    to.kept.push(MALFORMED);
                }
                if taken.is_end {
                    inner.close(to);
                    to.kept.push(b'"');
                }
                (taken.length, taken.is_end)
            }
        };
        if !is_end {
            self.text = Some(text);
        }
        length
    }
}

/// Reads on in the document inside a text, and keeps it as a text.
fn read_inner(inner: &mut Scanner, said: &[u8], to: &mut Target<'_>) {
    let mut kept = Vec::new();
    inner.push(
        said,
        &mut Target {
            kept: &mut kept,
            out: to.out,
            known: to.known,
        },
    );
    for byte in kept {
        match byte {
            b'"' | b'\\' => to.kept.extend_from_slice(&[b'\\', byte]),
            0..0x20 => to
                .kept
                .extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => to.kept.push(byte),
        }
    }
}

/// How much of a piece belongs to a string that is kept as it is, and whether it ends there.
fn plain_text(piece: &[u8], escaped: &mut bool) -> (usize, bool) {
    for (at, byte) in piece.iter().enumerate() {
        if *escaped {
            *escaped = false;
        } else if *byte == b'\\' {
            *escaped = true;
        } else if *byte == b'"' {
            return (at + 1, true);
        }
    }
    (piece.len(), false)
}
