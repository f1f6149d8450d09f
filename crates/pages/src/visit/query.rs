//! The query of a page's address: text by name, within bounds. Nothing in it is an error; what
//! cannot be used is not there.

use lintel_edge::form::parse_urlencoded;
use serde_json::Value;

/// Most of a query that is looked at, in bytes.
const LONGEST: usize = 64 * 1024;
/// Most pairs that are looked at.
const MOST: usize = 200;
/// Longest value in bytes.
const LONGEST_VALUE: usize = 2000;
/// Last page that can be asked for.
const LAST_PAGE: u32 = 100_000;

/// Names and values in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads a query. Each pair by itself: one that is not UTF-8 does not spoil the others.
    pub(crate) fn of(text: &str) -> Self {
        let end = text.len().min(LONGEST);
        // A query is ASCII; if it were not, there would be nothing to read.
        let text = text.get(..end).unwrap_or_default();
        let mut pairs = Vec::new();
        for pair in text.split('&').filter(|p| !p.is_empty()).take(MOST) {
            let Ok(one) = parse_urlencoded(pair) else {
                continue;
            };
            for (name, value) in one {
                if let Value::String(value) = value
                    && value.len() <= LONGEST_VALUE
                {
                    pairs.push((name, value));
                }
            }
        }
        Self { pairs }
    }

    /// The first value of a name, trimmed; `None` when it is absent, blank, or holds a control
    /// character.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(key, _)| key == name)?;
        let value = value.trim();
        (!value.is_empty() && !value.contains(char::is_control)).then_some(value)
    }

    /// The page asked for, from 1.
    pub(crate) fn page(&self) -> u32 {
        self.text("page")
            .and_then(|text| text.parse().ok())
            .unwrap_or(1)
            .clamp(1, LAST_PAGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_not_there() {
        let long = "x".repeat(LONGEST_VALUE + 1);
        let text = format!("a=1&a=2&b=+%20&c=%FF&d=%3Cb%3E&e={long}&f[g]=1&h=%0A%00x&i");
        let query = Query::of(&text);
        assert_eq!(query.text("a"), Some("1"));
        for none in ["b", "c", "e", "f", "h", "i", "nowhere", ""] {
            assert_eq!(query.text(none), None, "{none}");
        }
        assert_eq!(query.text("d"), Some("<b>"));
        let huge = format!("{}&z=1", "y=2&".repeat(1_000_000));
        assert_eq!(Query::of(&huge).text("z"), None);
        assert_eq!(Query::of("").pairs.len(), 0);
    }

    #[test]
    fn pages_start_at_one_and_end() {
        for (text, page) in [
            ("", 1),
            ("page=0", 1),
            ("page=-5", 1),
            ("page=7", 7),
            ("page=4294967295", LAST_PAGE),
            ("page=99999999999999", 1),
            ("page=x", 1),
        ] {
            assert_eq!(Query::of(text).page(), page, "{text}");
        }
    }
}
