//! The language of descriptions: `Accept-Language`, RFC 9110, section 12.5.4.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

/// Ranges looked at; the rest of the header is not.
const MOST_RANGES: usize = 32;

/// A language texts are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Language {
    /// European Portuguese, unless something else is asked for.
    #[default]
    Portuguese,
    /// English.
    English,
}

impl Language {
    /// The tag answers carry.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Portuguese => "pt-PT",
            Self::English => "en",
        }
    }

    /// One of two texts.
    pub const fn of<'a>(self, pt: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Portuguese => pt,
            Self::English => en,
        }
    }

    /// The language a request likes best; of two it likes alike, the first it names. Portuguese when it
    /// names none that is written here.
    pub fn wanted(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT_LANGUAGE).iter();
        let ranges = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .take(MOST_RANGES);
        let mut weights = [None::<u16>; 2];
        let mut order = [usize::MAX; 2];
        let mut any = None;
        for (place, range) in ranges.enumerate() {
            let (tag, weight) = weighed(range);
            let slot = match tag.split('-').next().unwrap_or_default() {
                t if t.eq_ignore_ascii_case("pt") => 0,
                t if t.eq_ignore_ascii_case("en") => 1,
                "*" => {
                    any = any.max(Some(weight));
                    continue;
                }
                _ => continue,
            };
            // "en-GB;q=0, en" still takes English: each range speaks for itself.
            if weights[slot].is_none_or(|old| weight > old) {
                weights[slot] = Some(weight);
                order[slot] = place;
            }
        }
        let weight = |slot: usize| weights[slot].or(any).unwrap_or(0);
        let (pt, en) = (weight(0), weight(1));
        let is_english = en > pt || (en == pt && en > 0 && order[1] < order[0]);
        if is_english {
            Self::English
        } else {
            Self::Portuguese
        }
    }
}

/// A range and its weight in thousandths; one that cannot be read weighs nothing.
fn weighed(range: &str) -> (&str, u16) {
    let mut parts = range.split(';');
    let tag = parts.next().unwrap_or_default().trim();
    for part in parts {
        let Some((name, value)) = part.split_once('=') else {
            continue;
        };
        if name.trim().eq_ignore_ascii_case("q") {
            return (tag, thousandths(value.trim()).unwrap_or(0));
        }
    }
    (tag, 1000)
}

/// `0`, `0.5`, `1.000`; nothing above one.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits_only = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if fraction.len() > 3 || !digits_only(fraction) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_language_wins() {
        for (header, expected) in [
            ("", Language::Portuguese),
            ("pt-PT", Language::Portuguese),
            ("en", Language::English),
            ("EN-gb", Language::English),
            ("fr", Language::Portuguese),
            ("fr, en;q=0.1", Language::English),
            ("pt;q=0.5, en;q=0.7", Language::English),
            ("pt;q=0.7, en;q=0.5", Language::Portuguese),
            ("en, pt", Language::English),
            ("pt, en", Language::Portuguese),
            ("en;q=0", Language::Portuguese),
            ("*;q=0.5, en;q=0.8", Language::English),
            ("pt;q=0, *", Language::English),
            ("*", Language::Portuguese),
            ("en;q=2", Language::Portuguese),
            ("en;q=x, ;;==,,", Language::Portuguese),
            ("pt-BR;q=0.2, en-US;q=0.3", Language::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, header.parse().expect("a header"));
            assert_eq!(Language::wanted(&headers), expected, "{header:?}");
        }
        assert_eq!(Language::wanted(&HeaderMap::new()), Language::Portuguese);
    }
}
