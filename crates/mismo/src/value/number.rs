//! Amounts, percentages, counts, indicators and dates, from the standard's text forms.

use std::borrow::Cow;

use lintel_domain::application::partial_date::PartialDate;
use lintel_engine::date::Date;
use lintel_engine::money::{Cents, MoneyError};
use lintel_engine::rate::Pct;

use super::Complaint;

/// Longest percentage looked at.
const MAX_LEN: usize = 40;

/// An amount of dollars: a plain decimal, at most cents.
pub(super) fn amount(text: &str) -> Result<Cents, Complaint> {
    if text.contains(['$', '€']) {
        return Err("An amount has no currency sign; write it like 1234.56.");
    }
    if text.contains(',') {
        return Err("An amount has no commas; write it like 1234.56.");
    }
    let malformed = "An amount is a decimal number with at most two digits after the point.";
    if !is_decimal(text) {
        return Err(malformed);
    }
    // The engine bounds the length it looks at, so no length needs to be refused here first.
    Cents::parse_decimal(&cents_only(text)).map_err(|error| match error {
        MoneyError::TooLarge => "The amount is too large to be meant.",
        MoneyError::NotADecimal | MoneyError::TooManyFractionDigits { .. } => malformed,
    })
}

/// Drops zeros behind the cents, which some systems write.
fn cents_only(text: &str) -> Cow<'_, str> {
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.len() > 2 => {
            let (cents, rest) = fraction.split_at(2);
            format!("{whole}.{cents}{}", rest.trim_end_matches('0')).into()
        }
        Some(_) | None => text.into(),
    }
}

/// A decimal in ASCII and of sane length, else `None`.
fn plain(text: &str) -> Option<&str> {
    (is_decimal(text) && text.len() <= MAX_LEN).then_some(text)
}

fn is_decimal(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'))
}

/// A number of percent: 4.25 means 4.25 %.
pub(super) fn percent(text: &str) -> Result<Pct, Complaint> {
    if text.contains('%') {
        return Err("A percentage has no percent sign; write 4.25 for 4.25 %.");
    }
    let value = plain(text).and_then(|text| Pct::parse_decimal(text).ok());
    let value = value.ok_or("A percentage is a decimal number; write 4.25 for 4.25 %.")?;
    let hundred = Pct::new(100_000_000_000);
    if value > hundred || value < Pct::new(-100_000_000_000) {
        return Err(
            "The percentage is above 100; it looks like basis points. Write 4.25 for 4.25 %.",
        );
    }
    Ok(value)
}

/// An interest rate. No mortgage bears between 0 and a quarter percent, so such a value is a
/// fraction (0.065 for 6.5 %); nor more than 30 percent.
pub(super) fn rate(text: &str) -> Result<Pct, Complaint> {
    let value = percent(text)?;
    if value.is_negative() || value > Pct::new(30_000_000_000) {
        return Err("The rate is outside 0 to 30 percent; write 4.25 for 4.25 %.");
    }
    if !value.is_zero() && value < Pct::new(250_000_000) {
        return Err("The rate looks like a fraction; write 6.5 for 6.5 %, not 0.065.");
    }
    Ok(value)
}

/// A whole number from zero.
pub(super) fn count(text: &str) -> Result<u32, Complaint> {
    let is_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_digits
        .then(|| text.parse().ok())
        .flatten()
        .ok_or("A count is a whole number from zero.")
}

/// True or false in the spellings of XML.
pub(super) fn flag(text: &str) -> Result<bool, Complaint> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err("An indicator is true or false."),
    }
}

/// Drops a zone suffix (`Z` or `-05:00`), which a civil date may carry and never means.
fn without_zone(text: &str) -> &str {
    if let Some(date) = text.strip_suffix('Z') {
        return date;
    }
    let Some(place) = text.len().checked_sub(6).filter(|place| *place >= 4) else {
        return text;
    };
    match text.as_bytes().get(place..) {
        Some([b'+' | b'-', h1, h2, b':', m1, m2])
            if [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit()) =>
        {
            text.get(..place).unwrap_or(text)
        }
        Some(_) | None => text,
    }
}

/// A full civil date.
pub(super) fn date(text: &str) -> Result<Date, Complaint> {
    if text.contains('T') {
        return Err("A date has no time; write it like 2024-03-31.");
    }
    Date::parse_iso(without_zone(text))
        .map_err(|_| "A date of the calendar is needed, written like 2024-03-31.")
}

/// A year, a month or a date.
pub(super) fn partial_date(text: &str) -> Result<PartialDate, Complaint> {
    PartialDate::parse(without_zone(text))
        .ok_or("A date is written like 2024-03-31, a month like 2024-03, a year like 2024.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_plain_decimals_of_cents() {
        let cents = |text| amount(text).map(Cents::get);
        assert_eq!(cents("300000.00"), Ok(30_000_000));
        assert_eq!(cents("-12.5"), Ok(-1_250));
        assert_eq!(cents("7"), Ok(700));
        assert_eq!(cents("7.2500"), Ok(725));
        for bad in [
            "",
            "$5",
            "1,000",
            "1.005",
            "abc",
            "1e6",
            "٣",
            "NaN",
            "--1",
            "99999999999999999999",
        ] {
            assert!(amount(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rates_that_cannot_be_meant_are_refused() {
        assert_eq!(rate("4.250").map(Pct::e9), Ok(4_250_000_000));
        assert_eq!(rate("6.8755").map(Pct::e9), Ok(6_875_500_000));
        assert_eq!(rate("0"), Ok(Pct::new(0)));
        for bad in ["0.065", "650", "6.5%", "-1", "31", "six"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
        assert!(percent("0.125").is_ok());
        assert!(percent("250").is_err());
    }

    #[test]
    fn indicators_and_counts_follow_xml() {
        assert_eq!((flag("1"), flag("false")), (Ok(true), Ok(false)));
        for bad in ["Y", "N", "TRUE", "yes", ""] {
            assert!(flag(bad).is_err(), "{bad}");
        }
        assert_eq!(count("360"), Ok(360));
        for bad in ["-1", "1.0", "30 years", "", "4294967296"] {
            assert!(count(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn dates_may_carry_a_zone_but_no_time() {
        for good in [
            "2019-01-29",
            "2019-01-29Z",
            "2019-01-29-05:00",
            "2019-01-29+14:00",
        ] {
            assert_eq!(
                date(good).map(|d| d.to_string()).as_deref(),
                Ok("2019-01-29"),
                "{good}"
            );
        }
        for bad in [
            "2019-01",
            "01/29/2019",
            "2019-01-29T00:00:00",
            "2019-02-30",
            "",
            "20190129",
        ] {
            assert!(date(bad).is_err(), "{bad}");
        }
        assert!(partial_date("2008-05").is_ok());
        assert!(partial_date("2008-05Z").is_ok());
        assert!(partial_date("05/2008").is_err());
    }
}
