//! Instants as the wire has them.

use jiff::Timestamp;
use lintel_domain::id::Instant;

/// RFC 3339, UTC, with milliseconds. What no calendar has is the epoch.
pub(crate) fn rfc3339(at: Instant) -> String {
    let stamp = Timestamp::from_microsecond(at.micros()).unwrap_or(Timestamp::UNIX_EPOCH);
    stamp.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_always() {
        let at = Instant::from_micros(1_795_302_752_120_999);
        assert_eq!(rfc3339(at), "2026-11-21T23:12:32.120Z");
        let whole = Instant::from_seconds(1_795_302_752);
        assert_eq!(rfc3339(whole), "2026-11-21T23:12:32.000Z");
    }
}
