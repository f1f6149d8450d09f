//! Tags, comments and text, told apart as browsers do (HTML Living Standard, 13.2.5), in one pass
//! over the text. Simpler than a browser in two ways that its callers know: every element is taken for
//! one of HTML, and references (`&amp;`) stay as they are.

/// Most attributes of a tag that are kept.
const MAX_ATTRIBUTES: usize = 64;

/// Elements whose content is text up to their own end tag.
const RAW: &[&str] = &[
    "script",
    "style",
    "title",
    "textarea",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "plaintext",
];

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text, references as they are.
    Text(&'a str),
    /// What stands in an element that holds no tags. The element's start came before it.
    Raw(&'static str, &'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag, by its name in small letters.
    End(String),
    /// A comment, a declaration, an instruction: what stands between its marks.
    Comment(&'a str),
}

/// A start tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Name in small letters.
    pub name: String,
    /// Names in small letters, with values as they are written, references and all.
    pub attributes: Vec<(String, &'a str)>,
    /// Ends with `/>`.
    pub is_closed: bool,
    /// Whether it has more attributes than are kept.
    pub is_cut: bool,
}

impl<'a> Tag<'a> {
    /// The first attribute of a name, as browsers take it.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut all = self.attributes.iter();
        all.find(|(n, _)| n == name).map(|(_, value)| *value)
    }
}

/// The pieces of a text, one after the other.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    raw: Option<&'static str>,
}

/// Cuts HTML into pieces.
pub(super) fn tokens(html: &str) -> Tokens<'_> {
    Tokens {
        rest: html,
        raw: None,
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.raw.take() {
            let end = raw_end(self.rest, name);
            if end > 0 {
                return Some(Token::Raw(name, self.take(end)));
            }
        }
        if self.rest.is_empty() {
            return None;
        }
        let end = text_end(self.rest);
        if end > 0 {
            return Some(Token::Text(self.take(end)));
        }
        let next = self.rest.as_bytes().get(1).copied();
        Some(match next {
            Some(b'!') => self.declaration(),
            Some(b'?') => self.bogus(1),
            Some(b'/') => {
                let letter = self.rest.as_bytes().get(2);
                if letter.is_some_and(u8::is_ascii_alphabetic) {
                    let tag = self.tag(2);
                    Token::End(tag.name)
                } else {
                    self.bogus(2)
                }
            }
            _ => self.start(),
        })
    }
}

impl<'a> Tokens<'a> {
    /// Cuts off so many bytes; both callers and [`text_end`] cut beside ASCII only.
    fn take(&mut self, len: usize) -> &'a str {
        let (piece, rest) = self.rest.split_at(len);
        self.rest = rest;
        piece
    }

    fn start(&mut self) -> Token<'a> {
        let tag = self.tag(1);
        self.raw = RAW.iter().copied().find(|name| *name == tag.name);
        Token::Start(tag)
    }

    fn declaration(&mut self) -> Token<'a> {
        if !self.rest.starts_with("<!--") {
            return self.bogus(2);
        }
        self.take(4);
        // `<!-->` and `<!--->` are comments too.
        for short in [">", "->"] {
            if self.rest.starts_with(short) {
                self.take(short.len());
                return Token::Comment("");
            }
        }
        // One pass for both marks: looking for one that never comes, again and again, would be slow.
        let (end, mark) = comment_end(self.rest);
        let comment = self.take(end);
        self.take(mark);
        Token::Comment(comment)
    }

    /// What browsers take for a comment: up to the next `>`.
    fn bogus(&mut self, marks: usize) -> Token<'a> {
        self.take(marks);
        let end = self.rest.find('>').unwrap_or(self.rest.len());
        let comment = self.take(end);
        self.take(usize::from(!self.rest.is_empty()));
        Token::Comment(comment)
    }

    /// A tag, with its `<` or `</`. One without an end takes the rest of the text with it.
    fn tag(&mut self, marks: usize) -> Tag<'a> {
        self.take(marks);
        let name = self.take(run(self.rest, |b| !is_blank(b) && b != b'/' && b != b'>'));
        let mut tag = Tag {
            name: name.to_ascii_lowercase(),
            attributes: Vec::new(),
            is_closed: false,
            is_cut: false,
        };
        loop {
            self.take(run(self.rest, is_blank));
            match self.rest.as_bytes().first() {
                None => return tag,
                Some(b'>') => {
                    self.take(1);
                    return tag;
                }
                Some(b'/') => {
                    self.take(1);
                    tag.is_closed = self.rest.starts_with('>');
                }
                Some(_) => {
                    let attribute = self.attribute();
                    if tag.attributes.len() < MAX_ATTRIBUTES {
                        tag.attributes.push(attribute);
                    } else {
                        tag.is_cut = true;
                    }
                }
            }
        }
    }

    fn attribute(&mut self) -> (String, &'a str) {
        // An equals sign at its beginning belongs to the name.
        let first = usize::from(self.rest.starts_with('='));
        let is_name = |b: u8| !is_blank(b) && !b"/>=".contains(&b);
        let len = first + run(&self.rest[first..], is_name);
        let name = self.take(len).to_ascii_lowercase();
        self.take(run(self.rest, is_blank));
        if !self.rest.starts_with('=') {
            return (name, "");
        }
        self.take(1);
        self.take(run(self.rest, is_blank));
        let quote = self.rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let Some(quote) = quote else {
            let len = run(self.rest, |b| !is_blank(b) && b != b'>');
            return (name, self.take(len));
        };
        self.take(1);
        let end = self.rest.find(quote).unwrap_or(self.rest.len());
        let value = self.take(end);
        self.take(usize::from(!self.rest.is_empty()));
        (name, value)
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

/// How many bytes at the beginning are of a kind. Kinds end beside ASCII, so that the cut is between
/// characters.
fn run(text: &str, is_in: impl Fn(u8) -> bool) -> usize {
    let end = text.bytes().position(|b| !is_in(b));
    end.unwrap_or(text.len())
}

/// Where the text before the next tag ends: at a `<` that a name, `/`, `!` or `?` follows.
fn text_end(text: &str) -> usize {
    let opens = |pair: &[u8]| matches!(pair, [b'<', next] if next.is_ascii_alphabetic() || b"/!?".contains(next));
    let at = text.as_bytes().windows(2).position(opens);
    at.unwrap_or(text.len())
}

/// Where a comment ends, and how long its mark is: `-->` or `--!>`.
fn comment_end(text: &str) -> (usize, usize) {
    let bytes = text.as_bytes();
    let mark = |at: usize| match bytes.get(at..) {
        Some([b'-', b'-', b'>', ..]) => Some((at, 3)),
        Some([b'-', b'-', b'!', b'>', ..]) => Some((at, 4)),
        _ => None,
    };
    let mut marks = (0..bytes.len()).filter_map(mark);
    marks.next().unwrap_or((bytes.len(), 0))
}

/// Where the content of a raw element ends: at its end tag.
fn raw_end(text: &str, name: &str) -> usize {
    let bytes = text.as_bytes();
    if name == "plaintext" {
        return bytes.len();
    }
    let ends = |at: &usize| {
        let after = bytes.get(at + 2..).unwrap_or_default();
        let is_name = after
            .get(..name.len())
            .is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
        let next = after.get(name.len()).copied();
        is_name && next.is_none_or(|b| is_blank(b) || b == b'/' || b == b'>')
    };
    let mut marks = text.match_indices("</").map(|(at, _)| at);
    marks.find(ends).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        let name = |token: Token<'_>| match token {
            Token::Text(text) => format!("text {text}"),
            Token::Raw(name, text) => format!("raw {name} {text}"),
            Token::Start(tag) => format!("start {} {}", tag.name, tag.attributes.len()),
            Token::End(name) => format!("end {name}"),
            Token::Comment(text) => format!("comment {text}"),
        };
        tokens(html).map(name).collect()
    }

    #[test]
    fn pieces_are_those_of_browsers() {
        for (html, pieces) in [
            ("a < b", vec!["text a < b"]),
            ("1<2", vec!["text 1<2"]),
            ("<P CLASS=x>y</P >", vec!["start p 1", "text y", "end p"]),
            ("<br/>", vec!["start br 0"]),
            ("<!-->a-->", vec!["comment ", "text a-->"]),
            ("<!-- a --!>b", vec!["comment  a ", "text b"]),
            ("<!-- a", vec!["comment  a"]),
            ("<!doctype html>x", vec!["comment doctype html", "text x"]),
            ("</ x>y", vec!["comment  x", "text y"]),
            ("<?x?>y", vec!["comment ?x?", "text y"]),
            (
                "<style></p></style >",
                vec!["start style 0", "raw style </p>", "end style"],
            ),
            (
                "<title></titles></TITLE>",
                vec!["start title 0", "raw title </titles>", "end title"],
            ),
            ("<script>", vec!["start script 0"]),
            ("<script><", vec!["start script 0", "raw script <"]),
            ("<a href='>'>", vec!["start a 1"]),
            ("<a href=\"x", vec!["start a 1"]),
            ("<a/onclick=x/y>", vec!["start a 1"]),
            ("<a =x=y>", vec!["start a 1"]),
            ("<é>", vec!["text <é>"]),
            ("<", vec!["text <"]),
            ("</", vec!["comment "]),
        ] {
            assert_eq!(names(html), pieces, "{html}");
        }
    }

    #[test]
    fn attributes_are_read_with_and_without_quotes() {
        let read = |html: &'static str| match tokens(html).next() {
            Some(Token::Start(tag)) => tag.attributes,
            other => panic!("{other:?}"),
        };
        let one = |name: &str, value: &'static str| vec![(name.to_owned(), value)];
        assert_eq!(read("<a HREF = 'x y'>"), one("href", "x y"));
        assert_eq!(read("<a href=x/>"), one("href", "x/"));
        assert_eq!(read("<a href>"), one("href", ""));
        assert_eq!(read("<a =x>"), one("=x", ""));
        assert_eq!(read("<a\u{c}href=é>"), one("href", "é"));
    }
}
