//! Instants as text: `2026-11-21T09:12:33.123456Z`, to the microsecond.

use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_engine::date::Date;

const MICROS: i64 = 1_000_000;

/// The day of an instant, in UTC; none beyond the dates there are.
pub(super) fn day(at: Instant) -> Option<Date> {
    let days = i32::try_from(at.seconds().div_euclid(DAY_SECONDS)).ok()?;
    Date::new(1970, 1, 1).ok()?.add_days(days).ok()
}

/// The text of an instant; none beyond the dates there are.
pub(super) fn text(at: Instant) -> Option<String> {
    let second = at.seconds().rem_euclid(DAY_SECONDS);
    Some(format!(
        "{}T{:02}:{:02}:{:02}.{:06}Z",
        day(at)?,
        second / 3600,
        second / 60 % 60,
        second % 60,
        at.micros().rem_euclid(MICROS),
    ))
}

/// Reads `2026-11-21T09:12:33Z`, with up to six decimals of a second.
pub(super) fn parse(text: &str) -> Option<Instant> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    let day = Date::parse_iso(day).ok()?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *time.as_bytes() else {
        return None;
    };
    let two = |a: u8, b: u8| {
        let digit = |byte: u8| char::from(byte).to_digit(10).map(i64::from);
        Some(digit(a)? * 10 + digit(b)?)
    };
    let (hour, minute, second) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if !(1..=6).contains(&fraction.len()) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let micros: i64 = format!("{fraction:0<6}").parse().ok()?;
    let days = i64::from(Date::new(1970, 1, 1).ok()?.days_until(day));
    let seconds = days * DAY_SECONDS + hour * 3600 + minute * 60 + second;
    Some(Instant::from_micros(seconds * MICROS + micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_instant_are_the_same() {
        for (shown, micros) in [
            ("1970-01-01T00:00:00.000000Z", 0),
            ("1969-12-31T23:59:59.999999Z", -1),
            ("2026-11-21T09:12:33.000120Z", 1_795_252_353_000_120),
        ] {
            assert_eq!(text(Instant::from_micros(micros)).unwrap(), shown);
            assert_eq!(parse(shown).unwrap().micros(), micros);
        }
        let short = parse("2026-11-21T09:12:33Z").unwrap();
        assert_eq!(short.micros(), 1_795_252_353_000_000);
        assert_eq!(
            parse("2026-11-21T09:12:33.5Z").unwrap().micros() % 1_000_000,
            500_000
        );
    }

    #[test]
    fn other_texts_are_refused() {
        for bad in [
            "",
            "2026-11-21",
            "2026-11-21T09:12:33",
            "2026-11-21T24:00:00Z",
            "2026-11-21T09:60:00Z",
            "2026-02-30T09:00:00Z",
            "2026-11-21T09:12:33.Z",
            "2026-11-21T09:12:33.1234567Z",
            "2026-11-21T09:12:33+01:00",
            "2026-11-21t09:12:33z",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(text(Instant::from_micros(i64::MAX)), None);
    }
}
