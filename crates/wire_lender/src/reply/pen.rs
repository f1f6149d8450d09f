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
mod tests;
