//! Figures as letters write them.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::Serializer;

/// Fraction digits of rates and points.
const PLACES: u32 = 3;

/// `6.125%`: three places, rounded half up.
#[must_use]
pub fn percent(rate: Pct) -> String {
    format!("{}%", decimals(rate))
}

/// `0.250`, or `−0.500` for a credit: points in percent of the loan, to three places, rounded half up.
#[must_use]
pub fn points(points: Pct) -> String {
    decimals(points)
}

fn decimals(number: Pct) -> String {
    number.to_fixed(PLACES).replace('-', "\u{2212}")
}

/// `$1,234.56`.
#[must_use]
pub fn money(amount: Cents) -> String {
    let cents = amount.get();
    let sign = if cents < 0 { "\u{2212}" } else { "" };
    let positive = cents.unsigned_abs();
    let digits = (positive / 100).to_string();
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}${grouped}.{:02}", positive % 100)
}

/// `$1,234`, with cents only where there are some: for a line that sums up.
#[must_use]
pub fn short_money(amount: Cents) -> String {
    let text = money(amount);
    text.strip_suffix(".00").unwrap_or(&text).to_owned()
}

/// `(714) 555-0100` for ten digits; anything else as it is.
#[must_use]
pub fn phone(number: &str) -> String {
    if number.len() == 10 && number.bytes().all(|b| b.is_ascii_digit()) {
        return format!("({}) {}-{}", &number[..3], &number[3..6], &number[6..]);
    }
    number.to_owned()
}

pub(crate) fn write_percent<S: Serializer>(rate: &Pct, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&percent(*rate))
}

pub(crate) fn write_percent_or_none<S: Serializer>(
    rate: &Option<Pct>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match rate {
        Some(rate) => to.serialize_some(&percent(*rate)),
        None => to.serialize_none(),
    }
}

pub(crate) fn write_points<S: Serializer>(rate: &Pct, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&points(*rate))
}

pub(crate) fn write_money_or_none<S: Serializer>(
    amount: &Option<Cents>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match amount {
        Some(amount) => to.serialize_some(&money(*amount)),
        None => to.serialize_none(),
    }
}

pub(crate) fn write_phone_or_none<S: Serializer>(
    number: &Option<String>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) => to.serialize_some(&phone(number)),
        None => to.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_for_people() {
        let pct = |e9| percent(Pct::new(e9));
        assert_eq!(pct(6_125_000_000), "6.125%");
        assert_eq!(pct(4_000_000_000), "4.000%");
        assert_eq!(pct(4_062_500_000), "4.063%");
        assert_eq!(pct(6_349_500_568), "6.350%");
        assert_eq!(pct(6_349_499_999), "6.349%");
        assert_eq!(pct(6_371_677_084), "6.372%");
        assert_eq!(points(Pct::new(124_500_000)), "0.125");
        assert_eq!(points(Pct::new(-100_000)), "0.000");
        assert_eq!(points(Pct::new(-500_000_000)), "\u{2212}0.500");
        assert_eq!(points(Pct::ZERO), "0.000");
        assert_eq!(money(Cents::new(123_456_789)), "$1,234,567.89");
        assert_eq!(short_money(Cents::new(25_000_000)), "$250,000");
        assert_eq!(short_money(Cents::new(25_000_050)), "$250,000.50");
        assert_eq!(money(Cents::new(-5)), "\u{2212}$0.05");
        assert_eq!(
            money(Cents::new(i64::MIN)),
            "\u{2212}$92,233,720,368,547,758.08"
        );
        assert_eq!(phone("7145550100"), "(714) 555-0100");
        assert_eq!(phone("+49 30 123"), "+49 30 123");
    }
}
