//! The pen: writes a large answer straight to bytes, in either format, from one description.
//!
//! A priced search is thousands of small members; building a tree of them first costs more than all
//! pricing. What the pen writes is byte for byte what the tree's two writers would write; the test
//! below compares them.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::{Format, json, xml};

/// Fraction digits of a [`Pct`].
const PCT_SCALE: usize = 9;
/// Fraction digits of [`Cents`].
const CENTS_SCALE: usize = 2;
/// The widest 64-bit number has 19 digits; with a point and a leading zero it needs two more.
const DIGITS_MAX: usize = 24;

/// Writes members in order. Names are words of this crate: letters only, so that they need no
/// escaping and are elements in XML.
#[derive(Debug)]
pub struct Pen {
    format: Format,
    out: Vec<u8>,
    /// Whether the next member or item follows another one in JSON.
    needs_comma: bool,
}

/// A place in what has been written, to come back to.
#[derive(Debug, Clone, Copy)]
pub struct Mark(usize);

impl Pen {
    /// A pen at the beginning of an answer: inside its root object.
    #[must_use]
    pub fn new(format: Format) -> Self {
        let mut pen = Self {
            format,
            out: Vec::with_capacity(64 * 1024),
            needs_comma: false,
        };
        match format {
            Format::Json => pen.out.push(b'{'),
            Format::Xml => {
                pen.out.extend_from_slice(xml::DECLARATION.as_bytes());
                pen.open(xml::ROOT);
            }
        }
        pen
    }

    /// Ends the root object.
    pub fn finish(&mut self) {
        match self.format {
            Format::Json => self.out.push(b'}'),
            Format::Xml => self.close(xml::ROOT),
        }
    }

    /// What has been written since the last time; the pen goes on after it.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// How much has been written and not been taken.
    #[must_use]
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether everything has been taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The present place. Good until the next [`Pen::take`].
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark(self.out.len())
    }

    /// The members written since a mark, to be written again with [`Pen::again`].
    #[must_use]
    pub fn since(&self, mark: Mark) -> &[u8] {
        self.out.get(mark.0..).unwrap_or_default()
    }

    /// Writes members that a pen wrote before, after the same member in an object of the same shape.
    pub fn again(&mut self, members: &[u8]) {
        self.out.extend_from_slice(members);
        self.needs_comma = true;
    }

    fn open(&mut self, name: &str) {
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
    }

    fn close(&mut self, name: &str) {
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
    }

    fn comma(&mut self) {
        if self.needs_comma {
            self.out.push(b',');
        }
        self.needs_comma = true;
    }

    /// A comma if due, the name, a colon.
    fn key(&mut self, name: &str) {
        debug_assert!(xml::is_xml_name(name), "{name} is no plain name");
        self.comma();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    /// A member whose value is the same bytes in both formats.
    fn plain(&mut self, name: &str, write: impl FnOnce(&mut Vec<u8>)) {
        match self.format {
            Format::Json => {
                self.key(name);
                write(&mut self.out);
            }
            Format::Xml => {
                self.open(name);
                write(&mut self.out);
                self.close(name);
            }
        }
    }

    /// Text.
    pub fn text(&mut self, name: &'static str, text: &str) {
        match self.format {
            Format::Json => {
                self.key(name);
                json::text(&mut self.out, text);
            }
            Format::Xml => {
                self.open(name);
                self.out
                    .extend_from_slice(xml::escaped_text(text).as_bytes());
                self.close(name);
            }
        }
    }

    /// Text, or null.
    pub fn maybe(&mut self, name: &'static str, text: Option<&str>) {
        match text {
            Some(text) => self.text(name, text),
            None => self.null(name),
        }
    }

    /// Null.
    pub fn null(&mut self, name: &'static str) {
        match self.format {
            Format::Json => {
                self.key(name);
                self.out.extend_from_slice(b"null");
            }
            Format::Xml => {
                self.out.push(b'<');
                self.out.extend_from_slice(name.as_bytes());
                self.out.extend_from_slice(b"/>");
            }
        }
    }

    /// A whole number.
    pub fn int(&mut self, name: &'static str, int: i64) {
        self.plain(name, |out| decimal(out, int, 0));
    }

    /// `1` or `0`.
    pub fn bit(&mut self, name: &'static str, set: bool) {
        self.plain(name, |out| out.push(if set { b'1' } else { b'0' }));
    }

    /// An amount as a number of dollars, with as few decimals as say it: 1211.62, 200.
    pub fn money(&mut self, name: &'static str, amount: Cents) {
        self.plain(name, |out| decimal(out, amount.get(), CENTS_SCALE));
    }

    /// A percentage as a number, with as few decimals as say it: 4.125, 4.
    pub fn pct(&mut self, name: &'static str, rate: Pct) {
        self.plain(name, |out| decimal(out, rate.e9(), PCT_SCALE));
    }

    /// A day, `YYYY-MM-DD`.
    pub fn date(&mut self, name: &'static str, day: Date) {
        let (year, month, day) = (day.year(), day.month(), day.day());
        let is_json = matches!(self.format, Format::Json);
        self.plain(name, |out| {
            let quote = if is_json { "\"" } else { "" };
            out.extend_from_slice(quote.as_bytes());
            digits(out, year.unsigned_abs().into(), 4);
            out.push(b'-');
            digits(out, month.unsigned_abs().into(), 2);
            out.push(b'-');
            digits(out, day.unsigned_abs().into(), 2);
            out.extend_from_slice(quote.as_bytes());
        });
    }

    /// An object.
    pub fn object(&mut self, name: &'static str, members: impl FnOnce(&mut Self)) {
        match self.format {
            Format::Json => self.key(name),
            Format::Xml => (),
        }
        self.braced(name, members);
    }

    fn braced(&mut self, name: &str, members: impl FnOnce(&mut Self)) {
        match self.format {
            Format::Json => {
                self.out.push(b'{');
                self.needs_comma = false;
                members(self);
                self.out.push(b'}');
                self.needs_comma = true;
            }
            Format::Xml => {
                self.open(name);
                let start = self.out.len();
                members(self);
                if self.out.len() == start {
                    // Nothing in it: the start tag becomes the whole element.
                    self.out.pop();
                    self.out.extend_from_slice(b"/>");
                } else {
                    self.close(name);
                }
            }
        }
    }

    /// A list of objects.
    pub fn list<T>(
        &mut self,
        name: &'static str,
        items: impl IntoIterator<Item = T>,
        mut members: impl FnMut(&mut Self, T),
    ) {
        self.begin_list(name);
        for item in items {
            self.item(name, |pen| members(pen, item));
        }
        self.end_list();
    }

    /// A list of texts.
    pub fn texts<T: AsRef<str>>(&mut self, name: &'static str, texts: impl IntoIterator<Item = T>) {
        self.begin_list(name);
        for text in texts {
            match self.format {
                Format::Json => {
                    self.comma();
                    json::text(&mut self.out, text.as_ref());
                }
                Format::Xml => self.text(name, text.as_ref()),
            }
        }
        self.end_list();
    }

    /// Begins a list whose items come one by one.
    pub fn begin_list(&mut self, name: &'static str) {
        match self.format {
            Format::Json => {
                self.key(name);
                self.out.push(b'[');
                self.needs_comma = false;
            }
            Format::Xml => (),
        }
    }

    /// An item, an object, of the list that was begun under this name.
    pub fn item(&mut self, name: &'static str, members: impl FnOnce(&mut Self)) {
        match self.format {
            Format::Json => self.comma(),
            Format::Xml => (),
        }
        self.braced(name, members);
    }

    /// Ends the list.
    pub fn end_list(&mut self) {
        match self.format {
            Format::Json => {
                self.out.push(b']');
                self.needs_comma = true;
            }
            Format::Xml => (),
        }
    }
}

/// Writes `value` divided by ten to `scale`, exactly, without zeros at the end of the fraction.
fn decimal(out: &mut Vec<u8>, value: i64, scale: usize) {
    // Filled from the end.
    let mut digits = [b'0'; DIGITS_MAX];
    let (mut rest, mut at, mut written) = (value.unsigned_abs(), DIGITS_MAX, 0);
    let mut is_significant = scale == 0;
    while rest > 0 || written <= scale {
        let digit = u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if written == scale && is_significant && scale > 0 {
            at -= 1;
            digits[at] = b'.';
        }
        is_significant |= digit != 0 || written >= scale;
        if is_significant {
            at -= 1;
            digits[at] = b'0' + digit;
        }
        written += 1;
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// Writes the last `width` digits of a number.
fn digits(out: &mut Vec<u8>, value: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = value / 10_u32.pow(place) % 10;
        out.push(b'0' + u8::try_from(digit).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::{to_json, to_xml};
    use crate::tree::Node;

    #[test]
    fn decimals_are_exact_and_short() {
        let written = |value, scale| {
            let mut out = Vec::new();
            decimal(&mut out, value, scale);
            String::from_utf8(out).unwrap()
        };
        for (value, scale, text) in [
            (0, 0, "0"),
            (0, 2, "0"),
            (7, 0, "7"),
            (-70, 0, "-70"),
            (20_000, 2, "200"),
            (121_162, 2, "1211.62"),
            (121_160, 2, "1211.6"),
            (5, 2, "0.05"),
            (-5, 2, "-0.05"),
            (100, 2, "1"),
            (4_125_000_000, 9, "4.125"),
            (10_000_000_000, 9, "10"),
            (-250_000_000, 9, "-0.25"),
            (1, 9, "0.000000001"),
            (i64::MAX, 9, "9223372036.854775807"),
            (i64::MIN, 0, "-9223372036854775808"),
            (i64::MIN, 9, "-9223372036.854775808"),
        ] {
            assert_eq!(written(value, scale), text);
        }
    }

    #[test]
    fn every_pct_is_written_as_it_is_shown() {
        for e9 in [
            1,
            10,
            999_999_999,
            1_000_000_000,
            4_671_500_000,
            -1_250_000_000,
        ] {
            let mut pen = Pen::new(Format::Json);
            pen.pct("rate", Pct::new(e9));
            pen.finish();
            let text = String::from_utf8(pen.take()).unwrap();
            assert_eq!(text, format!("{{\"rate\":{}}}", Pct::new(e9)));
        }
    }

    fn written(format: Format) -> Vec<u8> {
        let mut pen = Pen::new(format);
        pen.text("status", "a<b & \"c\" é\u{2028}\r\n");
        pen.null("percent");
        pen.maybe("other", None);
        pen.maybe("named", Some("x"));
        pen.int("loanTerm", -30);
        pen.bit("lpmi", true);
        pen.money("fee", Cents::new(62_500));
        pen.date("startDate", Date::new(2026, 9, 1).unwrap());
        pen.object("piti", |pen| {
            pen.pct("rate", Pct::new(4_125_000_000));
            pen.object("nothing", |_| ());
        });
        pen.list("fees", [1, 2], |pen, n| {
            pen.int("n", n);
            pen.texts("words", ["a", "b"]);
        });
        pen.list("none", Vec::<i64>::new(), |pen, n| pen.int("n", n));
        pen.texts("noWords", Vec::<String>::new());
        pen.begin_list("permutations");
        for n in 0..2 {
            pen.item("permutations", |pen| pen.int("n", n));
        }
        pen.end_list();
        pen.bit("last", false);
        pen.finish();
        pen.take()
    }

    #[test]
    fn the_pen_and_the_tree_write_the_same() {
        let numbered = |n: i64| Node::object([("n", Node::Int(n))]);
        let fee = |n: i64| numbered(n).with("words", vec!["a", "b"]);
        let tree = Node::object([
            ("status", Node::text("a<b & \"c\" é\u{2028}\r\n")),
            ("percent", Node::Null),
            ("other", Node::Null),
            ("named", Node::text("x")),
            ("loanTerm", Node::Int(-30)),
            ("lpmi", Node::bit(true)),
            ("fee", Node::number("625")),
            ("startDate", Node::text("2026-09-01")),
            (
                "piti",
                Node::object([
                    ("rate", Node::number("4.125")),
                    ("nothing", Node::Object(Vec::new())),
                ]),
            ),
            ("fees", Node::List(vec![fee(1), fee(2)])),
            ("none", Node::List(Vec::new())),
            ("noWords", Node::List(Vec::new())),
            ("permutations", Node::List(vec![numbered(0), numbered(1)])),
            ("last", Node::bit(false)),
        ]);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        assert_eq!(text(written(Format::Json)), text(to_json(&tree)));
        assert_eq!(text(written(Format::Xml)), text(to_xml(&tree)));
    }

    #[test]
    fn members_can_be_written_again() {
        for format in [Format::Json, Format::Xml] {
            let all = |second: &dyn Fn(&mut Pen, &[u8])| {
                let mut pen = Pen::new(format);
                let mut kept = Vec::new();
                pen.begin_list("permutations");
                pen.item("permutations", |pen| {
                    pen.text("zipcode", "1");
                    let mark = pen.mark();
                    pen.texts("words", ["a"]);
                    kept = pen.since(mark).to_vec();
                });
                pen.item("permutations", |pen| {
                    pen.text("zipcode", "2");
                    second(pen, &kept);
                    pen.bit("more", true);
                });
                pen.end_list();
                pen.finish();
                pen.take()
            };
            let again = all(&|pen, kept| pen.again(kept));
            let anew = all(&|pen, _| pen.texts("words", ["a"]));
            assert_eq!(again, anew);
        }
    }
}
