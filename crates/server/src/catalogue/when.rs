//! Instants as typed on the command line.

use lintel_domain::id::Instant;
use lintel_engine::date::Date;

/// Reads `2026-12-01`, `2026-12-01T08:00`, with seconds, with a blank for the T, with a Z; always UTC.
///
/// # Errors
/// What it should look like.
pub(super) fn instant(text: &str) -> Result<Instant, String> {
    read(text).ok_or_else(|| "not a time like 2026-12-01 or 2026-12-01T08:00 (UTC)".to_owned())
}

fn read(text: &str) -> Option<Instant> {
    let text = text.trim();
    let text = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let (day, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, "00:00"));
    let epoch = Date::new(1970, 1, 1).ok()?;
    let days = epoch.days_until(Date::parse_iso(day).ok()?);
    let mut clock = time.split(':').map(|part| {
        let is_plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| part.parse::<i64>().ok()).flatten()
    });
    let (hour, minute) = (clock.next()??, clock.next()??);
    let second = match clock.next() {
        Some(second) => second?,
        None => 0,
    };
    if clock.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = i64::from(days) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(Instant::from_seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::utc;

    #[test]
    fn times_are_read_as_utc() {
        for (text, wanted) in [
            ("2026-12-01", "2026-12-01 00:00:00Z"),
            ("2026-12-01T08:30", "2026-12-01 08:30:00Z"),
            (" 2026-12-01 08:30:59z", "2026-12-01 08:30:59Z"),
        ] {
            assert_eq!(utc(instant(text).unwrap()), wanted);
        }
        for bad in [
            "",
            "tomorrow",
            "2026-13-01",
            "2026-12-01T",
            "2026-12-01T24:00",
            "2026-12-01T08",
            "2026-12-01T08:00:00:00",
            "2026-12-01T+8:00",
            "2026-12-01T08:00+01",
        ] {
            assert!(instant(bad).is_err(), "{bad}");
        }
    }
}
