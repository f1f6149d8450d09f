//! What a text of the sign-up page says, if it says anything.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::{ApplicationScope, Channel};
use crate::license::StateCode;
use crate::loan::Purpose;

/// Longest text looked at, in bytes; anything longer is no value of this page.
const RAW_MAX: usize = 1_000;
/// Longest name, address line or city, in characters.
const TEXT_MAX: usize = 100;
/// Longest id of another system.
const ID_MAX: usize = 64;
/// Youngest and oldest borrower: contracts of minors do not bind, and nobody is known to have been
/// older.
const AGES: std::ops::RangeInclusive<i16> = 18..=120;
/// Largest amount: a hundred million dollars.
const AMOUNT_MAX: Cents = Cents::new(10_000_000_000);
/// Largest note rate: 30 %.
const RATE_MAX: Pct = Pct::new(30_000_000_000);

/// A text without what does not show: control characters, marks that turn the direction of writing
/// (they make a text read as another one), characters of no width. Blanks become single spaces.
/// Emoji and their joiner stay. None for a blank text, and for one that is too long to be looked at.
#[must_use]
pub fn clean(text: &str) -> Option<String> {
    if text.len() > RAW_MAX {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_unseen(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    // A joiner with nothing to join shows nothing either.
    let shows = out.chars().any(|c| !is_joiner(c));
    shows.then_some(out)
}

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}')
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // Soft hyphen, grapheme joiner, Arabic letter mark, Hangul and Mongolian fillers.
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{3164}'
            | '\u{FFA0}'
            // Zero width, and left-to-right and right-to-left marks.
            | '\u{200B}' | '\u{200E}' | '\u{200F}'
            // Embeddings and overrides, invisible operators, isolates.
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            // Byte order mark, annotations, what a broken encoding became.
            | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFD}'..='\u{FFFF}'
            // Private use, and letters that only a machine reads.
            | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{E007F}' | '\u{F0000}'..='\u{10FFFF}'
        )
}

/// A name, a line of an address, a city.
pub(super) fn line(text: &str) -> Option<String> {
    (text.chars().count() <= TEXT_MAX).then(|| text.to_owned())
}

/// A day: month, day and year between strokes (or hyphens), or the ISO form.
fn day(text: &str) -> Option<Date> {
    if let Ok(date) = Date::parse_iso(text) {
        return Some(date);
    }
    let mark = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.split(mark);
    let mut number = |longest: usize| {
        let part = parts.next()?;
        let is_number = (1..=longest).contains(&part.len());
        let is_number = is_number && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse::<i16>().ok()).flatten()
    };
    let (month, day, year) = (number(2)?, number(2)?, number(4)?);
    let small = |n: i16| i8::try_from(n).ok();
    let date = Date::new(year, small(month)?, small(day)?).ok()?;
    parts.next().is_none().then_some(date)
}

/// The birth date of somebody who may borrow.
pub(super) fn birth_date(text: &str, today: Date) -> Option<Date> {
    let born = day(text)?;
    let years = today.year().checked_sub(born.year())?;
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    let age = if had_birthday {
        years
    } else {
        years.checked_sub(1)?
    };
    AGES.contains(&age).then_some(born)
}

/// How the page writes a day.
pub(super) fn month_first(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.month(), date.day(), date.year())
}

/// Married or not, by the stored words.
pub(super) fn is_married(text: &str) -> Option<bool> {
    match text {
        "married" => Some(true),
        "unmarried" => Some(false),
        _ => None,
    }
}

/// The two letters of a state, in either case.
pub(super) fn state(text: &str) -> Option<String> {
    let code = StateCode::parse(&text.to_ascii_uppercase())?;
    Some(code.as_str().to_owned())
}

/// Dollars, with or without sign and thousands' commas.
pub(super) fn amount(text: &str) -> Option<Cents> {
    let text = text.strip_prefix('$').unwrap_or(text).trim_start();
    let cents = Cents::parse_decimal(&without_commas(text)?).ok()?;
    (!cents.is_negative() && cents <= AMOUNT_MAX).then_some(cents)
}

/// Commas stand between groups of three digits or not at all.
fn without_commas(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.contains(',') {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let is_grouped = whole.contains(',');
    let fits = !is_grouped || ((1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3));
    fits.then(|| text.replace(',', ""))
}

/// A note rate, with or without the sign.
pub(super) fn note_rate(text: &str) -> Option<Pct> {
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    let rate = Pct::parse_decimal(text).ok()?;
    (!rate.is_negative() && rate <= RATE_MAX).then_some(rate)
}

/// Yes or no.
pub(super) fn bit(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The id another system has for something: no blanks, nothing that could be markup.
pub(super) fn foreign_id(text: &str) -> Option<String> {
    let fits = (1..=ID_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.:{}".contains(&b));
    fits.then(|| text.to_owned())
}

pub(super) fn channel(text: &str) -> Option<Channel> {
    Channel::parse(text)
}

pub(super) fn scope(text: &str) -> Option<ApplicationScope> {
    ApplicationScope::parse(text)
}

pub(super) fn purpose(text: &str) -> Option<Purpose> {
    Purpose::parse(text)
}

#[cfg(test)]
mod tests;
