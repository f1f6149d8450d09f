//! One JSON value into one typed scalar, or nothing when it is not one.

use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde_json::Value;
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// 10^11 dollars: no figure of one loan, person or company is larger.
const MOST_MONEY: Cents = Cents::new(10_000_000_000_000);

/// Longest number looked at; the widest legal one is far shorter.
const LONGEST_NUMBER: usize = 40;

/// The trimmed text of a string, or a number's digits.
pub(super) fn plain(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text.trim())),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

pub(super) fn text(value: &Value, max_len: usize) -> Option<String> {
    let text = plain(value)?;
    // PostgreSQL cannot store NUL, and the others have no business in a form.
    let control = |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r');
    let fits = text.chars().count() <= max_len && !text.contains(control);
    fits.then(|| text.into_owned())
}

/// A plain decimal, `[-]digits[.digits]` or `[-].digits`, with fraction zeros beyond `decimals`
/// dropped. Exponents, signs of currency, separators and words are refused.
fn decimal(text: &str, decimals: usize) -> Option<String> {
    if text.len() > LONGEST_NUMBER {
        return None;
    }
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None if unsigned.is_empty() => return None,
        None => (unsigned, ""),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let kept = match fraction.get(decimals..) {
        Some(beyond) if beyond.bytes().all(|b| b == b'0') => &fraction[..decimals],
        Some(_) | None => fraction,
    };
    let point = if kept.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{kept}"))
}

pub(super) fn money(value: &Value) -> Option<Cents> {
    signed_money(value).filter(|amount| !amount.is_negative())
}

/// Half-up to the cent: the text calls amounts doubles, and a price times 0.8 has many decimals.
pub(super) fn signed_money(value: &Value) -> Option<Cents> {
    let amount = Cents::parse_decimal_half_up(&decimal(&plain(value)?, 2)?).ok()?;
    let least = MOST_MONEY.checked_neg()?;
    (least..=MOST_MONEY).contains(&amount).then_some(amount)
}

/// Reads a percentage's text, -100 to 100, without a percent sign.
pub fn parse_pct(text: &str) -> Option<Pct> {
    const LEAST: Pct = Pct::new(-Pct::HUNDRED.e9());
    pct_text(text).filter(|rate| (LEAST..=Pct::HUNDRED).contains(rate))
}

fn pct_text(text: &str) -> Option<Pct> {
    Pct::parse_decimal(&decimal(text.trim(), 9)?).ok()
}

pub(super) fn pct_in(value: &Value, range: &RangeInclusive<Pct>) -> Option<Pct> {
    pct_text(&plain(value)?).filter(|rate| range.contains(rate))
}

pub(super) fn signed_pct(value: &Value) -> Option<Pct> {
    parse_pct(&plain(value)?)
}

pub(super) fn pct(value: &Value) -> Option<Pct> {
    let text = plain(value)?;
    // "-0.0" is refused with the other negatives: nobody means it.
    if text.starts_with('-') {
        None
    } else {
        parse_pct(&text)
    }
}

pub(super) fn int(value: &Value, range: &RangeInclusive<i64>) -> Option<i64> {
    let int: i64 = decimal(&plain(value)?, 0)?.parse().ok()?;
    range.contains(&int).then_some(int)
}

pub(super) fn bit(value: &Value) -> Option<bool> {
    if let Value::Bool(set) = value {
        return Some(*set);
    }
    match plain(value)?.as_ref() {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}

pub(super) fn date(value: &Value) -> Option<Date> {
    let Value::String(text) = value else {
        return None;
    };
    let text = text.trim();
    if !text.contains('/') {
        return Date::parse_iso(text).ok();
    }
    let mut parts = text.split('/');
    let mut part = |lengths: RangeInclusive<usize>| {
        parts
            .next()
            .filter(|p| lengths.contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    let (month, day, year) = (part(1..=2)?, part(1..=2)?, part(4..=4)?);
    if parts.next().is_some() {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

pub(super) fn choice<T: Copy>(value: &Value, table: &[(&str, T)]) -> Option<T> {
    let text = plain(value)?;
    table
        .iter()
        .find(|(spelling, _)| *spelling == text)
        .map(|(_, choice)| *choice)
}

/// Midnight UTC at the start of a day.
pub fn start_of(day: Date) -> Instant {
    let epoch = Date::new(1970, 1, 1);
    let days = epoch.map_or(0, |epoch| epoch.days_until(day));
    Instant::from_seconds(i64::from(days) * DAY_SECONDS)
}
