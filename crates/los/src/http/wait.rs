//! `Retry-After`: when a system wants to be asked again.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use lintel_domain::id::Instant;

/// Seconds, or an HTTP date (RFC 9110, 10.2.3). What is neither says nothing; a date that is over says
/// at once.
pub(super) fn wanted_wait(text: &str, now: Instant) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number has are more than anybody waits.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = DateTimeParser::new().parse_timestamp(text).ok()?;
    let micros = date.as_microsecond().saturating_sub(now.micros());
    Some(Duration::from_micros(u64::try_from(micros).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates() {
        // Sun, 06 Nov 1994 08:49:37 GMT, the standard's own example.
        let then = Instant::from_seconds(784_111_777);
        let before = Instant::from_seconds(784_111_700);
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let seconds = |n| Some(Duration::from_secs(n));
        for (text, now, wait) in [
            ("120", then, seconds(120)),
            (" 0 ", then, seconds(0)),
            (date, before, seconds(77)),
            (date, then, seconds(0)),
            (date, Instant::from_seconds(1_800_000_000), seconds(0)),
            ("99999999999999999999999", then, seconds(u64::MAX)),
            ("", then, None),
            ("-5", then, None),
            ("1.5", then, None),
            ("soon", then, None),
        ] {
            assert_eq!(wanted_wait(text, now), wait, "{text:?}");
        }
    }
}
