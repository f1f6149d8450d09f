//! Entity tags: what a detail looked like, and which of its revisions it was. RFC 9110, sections 8.8.3,
//! 13.1.1 and 13.1.2.

use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName};

/// Tags looked at; the rest of a header is not.
const MOST_TAGS: usize = 32;

/// The tag of a detail: its revision, which `If-Match` is held against, and a sum of the bytes, because
/// one revision reads differently in two languages and on two days.
pub(crate) fn of_revision(revision: i64, body: &[u8]) -> String {
    format!("\"{revision}-{:016x}\"", sum(body))
}

/// The tag of something that has no revisions.
pub(crate) fn of_content(body: &[u8]) -> String {
    format!("\"{:016x}\"", sum(body))
}

/// FNV-1a of 64 bits. It tells versions of one's own answers apart; nobody gains by a collision.
fn sum(body: &[u8]) -> u64 {
    body.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Whether the caller has this answer already.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let weak = tag.strip_prefix("W/").unwrap_or(tag);
    tags(headers, &IF_NONE_MATCH)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == weak)
}

/// The revisions a change is meant for, of which any will do: `None` without the header and for `*`,
/// and no revision at all when it names none of ours. RFC 9110, section 13.1.1.
pub(crate) fn expected(headers: &HeaderMap) -> Option<Vec<i64>> {
    if !headers.contains_key(IF_MATCH) || tags(headers, &IF_MATCH).any(|tag| tag == "*") {
        return None;
    }
    Some(tags(headers, &IF_MATCH).filter_map(revision).collect())
}

/// A weak tag never matches, RFC 9110, section 13.1.1.
fn revision(tag: &str) -> Option<i64> {
    let bare = tag.strip_prefix('"')?.strip_suffix('"')?;
    let (revision, sum) = bare.split_once('-')?;
    let is_ours = sum.len() == 16 && revision.bytes().all(|b| b.is_ascii_digit());
    is_ours.then(|| revision.parse().ok()).flatten()
}

fn tags<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .take(MOST_TAGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().expect("a header"));
        headers
    }

    #[test]
    fn a_revision_comes_back() {
        let tag = of_revision(7, b"x");
        let stale = of_revision(6, b"x");
        for (header, wanted) in [
            (tag.clone(), Some(vec![7])),
            ("*".to_owned(), None),
            (format!("{stale}, {tag}"), Some(vec![6, 7])),
            (format!("{tag},\"x\",{stale}"), Some(vec![7, 6])),
            (format!("W/{tag}"), Some(vec![])),
            ("\"7\"".to_owned(), Some(vec![])),
            ("7".to_owned(), Some(vec![])),
            (String::new(), Some(vec![])),
            (", ,".to_owned(), Some(vec![])),
            (
                "\"99999999999999999999-0123456789abcdef\"".to_owned(),
                Some(vec![]),
            ),
        ] {
            assert_eq!(expected(&with(IF_MATCH, &header)), wanted, "{header}");
        }
        assert_eq!(expected(&HeaderMap::new()), None);
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let tag = of_content(b"x");
        assert_ne!(tag, of_content(b"y"));
        for header in [
            tag.clone(),
            format!("W/{tag}"),
            "*".to_owned(),
            format!("\"a\", {tag}"),
        ] {
            assert!(is_known(&with(IF_NONE_MATCH, &header), &tag), "{header}");
        }
        assert!(!is_known(&with(IF_NONE_MATCH, "\"a\""), &tag));
        assert!(!is_known(&HeaderMap::new(), &tag));
    }
}
