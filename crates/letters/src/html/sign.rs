//! What styles do beside being seen.

/// What gives them away, in small letters, without blanks, quotes and comments.
const SIGNS: &[&str] = &[
    "expression(",
    "javascript:",
    "vbscript:",
    "behavior:",
    "behaviour:",
    "-moz-binding",
    "@import",
    "@charset",
    "url(data:text",
    "url(data:image/svg",
    "</style",
    "<script",
];
/// Before `behavior:`, it is about how a page moves (`overscroll-behavior` ends so, too).
const HARMLESS: &str = "scroll-";

/// What a style does beside being seen.
///
/// A sign counts wherever it begins, in comments and texts, too: whether a place is in one depends on
/// everything before it, and programs differ about that. Within a sign, blanks, quotes, and all of a
/// comment are passed over, and escapes stand for what they mean.
pub(super) fn active_css(css: &str) -> Option<&'static str> {
    let style = Style::of(css);
    let mut signs = SIGNS.iter();
    signs
        .any(|sign| style.has(sign))
        .then_some("a style that acts")
}

/// A style, with the way through it.
struct Style {
    chars: Vec<char>,
    /// From each place, the next that says something; where they end when none does.
    next: Vec<usize>,
}

impl Style {
    fn of(css: &str) -> Self {
        let chars: Vec<char> = css.chars().collect();
        let end = chars.len();
        let mut next = vec![end; end + 1];
        // Behind the next end of a comment from a place on; the whole rest is one that has no end.
        let mut close = end;
        // As much two places on, for a comment's own star is not part of its end.
        let mut close_behind = [end, end];
        for at in (0..end).rev() {
            let pair = (chars[at], chars.get(at + 1).copied());
            if pair == ('*', Some('/')) {
                close = at + 2;
            }
            let skips_one = is_blank(chars[at]) || (chars[at] == '\\' && !begins_code(pair.1));
            next[at] = if pair == ('/', Some('*')) {
                next[close_behind[1]]
            } else if skips_one {
                next[at + 1]
            } else {
                at
            };
            close_behind = [close, close_behind[0]];
        }
        Self { chars, next }
    }

    fn has(&self, sign: &str) -> bool {
        (0..self.chars.len()).any(|at| self.next[at] == at && self.is_at(at, sign))
    }

    fn is_at(&self, begin: usize, sign: &str) -> bool {
        let mut at = begin;
        for wanted in sign.chars() {
            match self.read(at) {
                Some((c, after)) if c == wanted => at = after,
                Some(_) | None => return false,
            }
        }
        !(sign.starts_with("behavio") && self.is_before(begin, HARMLESS))
    }

    /// What is said at a place or next, in small letters, and where that ends.
    fn read(&self, at: usize) -> Option<(char, usize)> {
        let at = self.next[at];
        let c = *self.chars.get(at)?;
        if c != '\\' {
            return Some((c.to_ascii_lowercase(), at + 1));
        }
        let rest = self.chars.get(at + 1..).unwrap_or_default();
        let digits = rest.iter().take(6).map_while(|c| c.to_digit(16));
        let (count, code) = digits.fold((0, 0), |(count, code), d| (count + 1, code * 16 + d));
        let meant = char::from_u32(code).unwrap_or('\u{fffd}');
        // One blank ends an escape; it would be passed over all the same.
        Some((meant.to_ascii_lowercase(), at + 1 + count))
    }

    fn is_before(&self, at: usize, text: &str) -> bool {
        let begin = at.checked_sub(text.len());
        let before = begin.and_then(|begin| self.chars.get(begin..at));
        before.is_some_and(|before| before.iter().map(char::to_ascii_lowercase).eq(text.chars()))
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'')
}

/// Whether a backslash before it begins a character's code; before others it says nothing.
fn begins_code(next: Option<char>) -> bool {
    next.is_some_and(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn no_comment_hides_a_sign() {
        for css in [
            "a{content:\"/*\"} b{behavior:url(x)} c{content:\"*/\"}",
            "a{content:\"/*\"} b{width:exp/**/ression(1)}",
            "a{background:url(/*)} b{width:exp/*x*/ression(1)}",
            "a{background:url(/*)} b{width:exp/*/**/ression(1)}",
            "a{width:exp/*/*/ression(1)}",
            "a{width:exp/** /x*/ression(1)}",
            "a{width:e/**//**/ /**/xpression(1)}",
            "a{width:exp/*\\*/ression(1)}",
            "a{width:\\65\r\nxpression(1)}",
            "a{width:\\000065xpression(1)}",
            "a{width:e\\xpression(1)}",
            "a{content:\"scroll-\"behavior:url(x)}",
            "@IMPORT 'x'",
        ] {
            assert!(active_css(css).is_some(), "{css}");
        }
        for css in [
            "",
            "\\",
            "/*",
            "a{scroll-behavior:smooth;overscroll-behavior: none} /* expression */",
            "a{width:exp/*",
            "a{width:exp/*/ression(1)}",
            "a{content:'\\110000'}",
        ] {
            assert!(active_css(css).is_none(), "{css}");
        }
    }

    #[test]
    fn a_long_style_is_read_in_one_go() {
        let (part, blanks) = ("e/*", " ".repeat(300_000));
        let css = part.repeat(200_000) + "*/" + &blanks + &"/**/".repeat(50_000) + "xpressio(";
        let begin = Instant::now();
        assert!(active_css(&css).is_none());
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
}
