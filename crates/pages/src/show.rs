//! How amounts, rates, instants and telephone numbers are written for people.

use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::Serialize;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// An instant, for people and for the script that shows it in the reader's own time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct When {
    /// ISO 8601 in UTC, for the attribute.
    pub iso: String,
    /// `Nov 21, 2026, 14:05 UTC`.
    pub text: String,
    /// `Nov 21, 2026`.
    pub day: String,
}

impl When {
    /// Writes an instant. One that no calendar has is written as a dash.
    pub(crate) fn of(at: Instant) -> Self {
        let seconds = at.seconds();
        let Some(date) = civil(seconds.div_euclid(DAY_SECONDS)) else {
            return Self {
                iso: String::new(),
                text: "–".to_owned(),
                day: "–".to_owned(),
            };
        };
        let of_day = seconds.rem_euclid(DAY_SECONDS);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let day = long_date(date);
        Self {
            iso: format!("{}T{hour:02}:{minute:02}:{second:02}Z", iso_date(date)),
            text: format!("{day}, {hour:02}:{minute:02} UTC"),
            day,
        }
    }
}

/// The date so many days after the first of January 1970.
fn civil(days: i64) -> Option<Date> {
    let epoch = Date::new(1970, 1, 1).ok()?;
    epoch.add_days(i32::try_from(days).ok()?).ok()
}

/// `2026-11-21`.
pub(crate) fn iso_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `Nov 21, 2026`.
pub(crate) fn long_date(date: Date) -> String {
    let month = usize::try_from(date.month()).unwrap_or(0);
    let month = MONTHS.get(month.saturating_sub(1)).copied().unwrap_or("");
    format!("{month} {}, {}", date.day(), date.year())
}

/// The midnight (UTC) a date begins with.
pub(crate) fn midnight(date: Date) -> Option<Instant> {
    let epoch = Date::new(1970, 1, 1).ok()?;
    let days = i64::from(epoch.days_until(date));
    Some(Instant::from_seconds(days.checked_mul(DAY_SECONDS)?))
}

/// `$1,234.56`.
pub(crate) fn money(amount: Cents) -> String {
    let cents = amount.get();
    let sign = if cents < 0 { "−" } else { "" };
    let positive = cents.unsigned_abs();
    format!("{sign}${}.{:02}", grouped(positive / 100), positive % 100)
}

/// `$1,235`: without the cents where they say nothing.
pub(crate) fn whole_money(amount: Cents) -> String {
    if amount.get() % 100 == 0 {
        let text = money(amount);
        return text.trim_end_matches(".00").to_owned();
    }
    money(amount)
}

/// `6.125%`: at least `decimals` places, and those that say something.
pub(crate) fn percent(rate: Pct) -> String {
    let text = rate.to_fixed(9);
    let trimmed = text.trim_end_matches('0');
    let places = trimmed
        .len()
        .saturating_sub(trimmed.find('.').map_or(0, |dot| dot + 1));
    let kept = text.len() - 9 + places.max(3);
    format!("{}%", &text[..kept])
}

/// Thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `(714) 555-0100` for ten digits; anything else as it is.
pub(crate) fn phone(number: &str) -> String {
    if number.len() == 10 && number.bytes().all(|b| b.is_ascii_digit()) {
        return format!("({}) {}-{}", &number[..3], &number[3..6], &number[6..]);
    }
    number.to_owned()
}

/// `95814`, or `95814-1234` when the last four of nine digits say something; anything else as it is.
pub(crate) fn zip(code: &str) -> String {
    let is_long = code.len() == 9 && code.bytes().all(|b| b.is_ascii_digit());
    match code.split_at_checked(5).filter(|_| is_long) {
        Some((five, "0000")) => five.to_owned(),
        Some((five, four)) => format!("{five}-{four}"),
        None => code.to_owned(),
    }
}

/// The address of a link that writes to somebody. What may stand before the `@` may mean something
/// in a link: `?` and `&` begin what else the letter shall hold.
pub(crate) fn mail_link(email: &str) -> String {
    let (local, host) = email.rsplit_once('@').unwrap_or((email, ""));
    format!("mailto:{}@{}", encoded(local), encoded(host))
}

/// `loan_officer` as `Loan officer`: stored words for people.
pub(crate) fn words(stored: &str) -> String {
    let text = stored.replace(['_', '.'], " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The first letters of a name, at most two.
pub(crate) fn initials(first: &str, last: &str) -> String {
    [first, last]
        .iter()
        .filter_map(|name| name.chars().find(|c| c.is_alphanumeric()))
        .flat_map(char::to_uppercase)
        .collect()
}

/// Percent-encodes a text for one place in a query or a path.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_rates_are_written_exactly() {
        let cents = |n: i64| Cents::new(n);
        assert_eq!(money(cents(123_456_789)), "$1,234,567.89");
        assert_eq!(money(cents(-5)), "−$0.05");
        assert_eq!(money(cents(i64::MIN)), "−$92,233,720,368,547,758.08");
        assert_eq!(whole_money(cents(100_000)), "$1,000");
        assert_eq!(whole_money(cents(100_001)), "$1,000.01");
        assert_eq!(whole_money(cents(0)), "$0");
        for (text, shown) in [
            ("6.125", "6.125%"),
            ("6", "6.000%"),
            ("-0.5", "-0.500%"),
            ("6.1234567", "6.1234567%"),
            ("0", "0.000%"),
        ] {
            assert_eq!(percent(Pct::parse_decimal(text).unwrap()), shown);
        }
    }

    #[test]
    fn instants_are_written_in_utc() {
        let when = When::of(Instant::from_seconds(1_780_315_200));
        assert_eq!(when.iso, "2026-06-01T12:00:00Z");
        assert_eq!(when.text, "Jun 1, 2026, 12:00 UTC");
        let before = When::of(Instant::from_seconds(-1));
        assert_eq!(before.iso, "1969-12-31T23:59:59Z");
        for odd in [i64::MAX, i64::MIN] {
            assert_eq!(When::of(Instant::from_micros(odd)).day, "–");
        }
        let date = Date::new(2026, 6, 1).unwrap();
        assert_eq!(midnight(date), Some(Instant::from_seconds(1_780_272_000)));
    }

    #[test]
    fn small_texts() {
        assert_eq!(phone("7145550100"), "(714) 555-0100");
        assert_eq!(phone("+4930555"), "+4930555");
        for (code, shown) in [
            ("958140000", "95814"),
            ("958141234", "95814-1234"),
            ("95814", "95814"),
            ("95814-1234", "95814-1234"),
            ("K1A 0B1", "K1A 0B1"),
            ("ÄÄÄÄ1", "ÄÄÄÄ1"),
            ("", ""),
        ] {
            assert_eq!(zip(code), shown);
        }
        let plain = "wil.o-ne_1@mail.example.com";
        assert_eq!(mail_link(plain), format!("mailto:{plain}"));
        assert_eq!(
            mail_link("a?cc=b&c%@d@x.example"),
            "mailto:a%3Fcc%3Db%26c%25%40d@x.example"
        );
        assert_eq!(words("loan_officer"), "Loan officer");
        assert_eq!(words(""), "");
        assert_eq!(initials("ágnes", "<o'neil"), "ÁO");
        assert_eq!(encoded("/a b?ä"), "%2Fa%20b%3F%C3%A4");
    }
}
