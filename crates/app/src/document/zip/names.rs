//! Names of files in a zip that every system can unpack, beside each other, where they were told to.

use std::collections::{HashMap, HashSet};

/// Longest name in bytes. With a folder's path before it, it fits everywhere.
pub const NAME_MAX_BYTES: usize = 150;
/// Longest ending that is kept when a name is cut.
const ENDING_MAX_BYTES: usize = 16;
/// What a file is called of whose name nothing is left.
const NAMELESS: &str = "document";

/// Names for files in one folder, as near to the wishes as is safe, in their order: no folders, no
/// control or invisible characters, nothing a system forbids or reads as a device, at most
/// [`NAME_MAX_BYTES`], and no two the same for a system that takes capitals for small letters. The
/// second of two gets ` (2)` before its ending.
#[must_use]
pub fn unique_names(wishes: &[String]) -> Vec<String> {
    let mut taken = HashSet::with_capacity(wishes.len());
    // Where to go on counting for a name that comes very often.
    let mut counted: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::with_capacity(wishes.len());
    for wish in wishes {
        let safe = safe_name(wish);
        let count = counted.entry(folded(&safe)).or_insert(0);
        let mut name;
        loop {
            *count += 1;
            name = numbered(&safe, *count);
            if taken.insert(folded(&name)) {
                break;
            }
        }
        names.push(name);
    }
    names
}

/// The same for names that a system without regard to case takes for one.
fn folded(name: &str) -> String {
    // By way of capitals: that brings together what has two small forms, such as the final sigma.
    let capitals = name.chars().flat_map(char::to_uppercase);
    capitals.flat_map(char::to_lowercase).collect()
}

fn numbered(name: &str, count: usize) -> String {
    let (stem, ending) = parted(name);
    let number = if count > 1 {
        format!(" ({count})")
    } else {
        String::new()
    };
    let room = NAME_MAX_BYTES.saturating_sub(number.len() + ending.len());
    format!("{}{number}{ending}", cut(stem, room))
}

fn safe_name(wish: &str) -> String {
    let last = wish
        .split(['/', '\\'])
        .rev()
        .find(|part| !part.trim().is_empty());
    let kept: String = last
        .unwrap_or_default()
        .chars()
        .filter(|c| !is_unseen(*c))
        .map(|c| if is_forbidden(c) { '_' } else { c })
        .collect();
    let trimmed = kept.trim().trim_end_matches(is_lost);
    let mut name = match trimmed {
        "" => NAMELESS.to_owned(),
        other => other.to_owned(),
    };
    // Hidden files, options of commands, somebody's home.
    if name.starts_with(['.', '-', '~']) {
        name.replace_range(..1, "_");
    }
    // Cut first, with room for the mark: `con`, many spaces and a letter become a device only then.
    let (stem, ending) = parted(&name);
    name = format!("{}{ending}", cut(stem, NAME_MAX_BYTES - 1 - ending.len()));
    if is_device(&name) {
        name.insert(0, '_');
    }
    name
}

/// What comes before the ending, and the ending with its dot; long ones are part of the name.
fn parted(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= ENDING_MAX_BYTES => name.split_at(at),
        _ => (name, ""),
    }
}

/// The first characters of a text that fit in so many bytes, without spaces or dots at a cut.
fn cut(text: &str, room: usize) -> &str {
    if text.len() <= room {
        return text;
    }
    let mut end = room;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].trim_end_matches(is_lost)
}

/// What Windows drops at the end of a name, and then finds the file no more.
fn is_lost(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

/// Characters that cannot be seen, or change how the others are: controls, marks that turn the
/// direction of writing (`exe.fdp` reads as `pdf.exe`), spaces of no width, tags.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// What Windows does not take in a name.
const fn is_forbidden(c: char) -> bool {
    matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')
}

/// Names of devices, which Windows opens whatever their ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_uppercase();
    if matches!(
        &*stem,
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$"
    ) {
        return true;
    }
    let number = stem
        .strip_prefix("COM")
        .or_else(|| stem.strip_prefix("LPT"));
    number.is_some_and(|rest| {
        let mut digits = rest.chars();
        matches!(digits.next(), Some('0'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(wishes: &[&str]) -> Vec<String> {
        let wishes: Vec<String> = wishes.iter().map(|&wish| wish.to_owned()).collect();
        unique_names(&wishes)
    }

    #[test]
    fn what_is_harmless_stays() {
        for name in [
            "W-2.pdf",
            "Lohnzettel März.pdf",
            "a.b.c.pdf",
            "給与明細.pdf",
            "no ending",
            "(1).pdf",
        ] {
            assert_eq!(names(&[name]), [name]);
        }
    }

    #[test]
    fn what_is_not_safe_becomes_so() {
        for (wish, name) in [
            ("", "document"),
            (".", "document"),
            ("a/..", "document"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ada\\W-2.pdf", "W-2.pdf"),
            ("a/b/", "b"),
            ("///", "document"),
            ("C:evil.pdf", "C_evil.pdf"),
            ("a\0b\r\n.pdf", "ab.pdf"),
            ("pay\u{202e}fdp.exe", "payfdp.exe"),
            ("x\u{200b}\u{feff}.pdf", "x.pdf"),
            ("what?*<is>|\"this\".pdf", "what___is___this_.pdf"),
            ("  spaces .pdf. . ", "spaces .pdf"),
            ("CON", "_CON"),
            ("nul.pdf", "_nul.pdf"),
            ("com1.tar.gz", "_com1.tar.gz"),
            ("LPT³.pdf", "_LPT³.pdf"),
            ("aux .pdf", "_aux .pdf"),
            ("console.pdf", "console.pdf"),
            ("com10.pdf", "com10.pdf"),
            (".htaccess", "_htaccess"),
            ("-rf", "_rf"),
            ("~root", "_root"),
        ] {
            assert_eq!(names(&[wish]), [name], "{wish:?}");
        }
    }

    #[test]
    fn the_second_of_two_is_numbered_before_its_ending() {
        assert_eq!(
            names(&["a.pdf", "A.PDF", "b", "B", "a.pdf", "a (2).pdf", "x/a.pdf"]),
            [
                "a.pdf",
                "A (2).PDF",
                "b",
                "B (2)",
                "a (3).pdf",
                "a (2) (2).pdf",
                "a (4).pdf"
            ]
        );
        assert_eq!(names(&["ΟΔΟΣ", "οδος", "οδοσ"]).len(), 3);
        let folded: HashSet<String> = names(&["ΟΔΟΣ", "οδος", "οδοσ"])
            .iter()
            .map(|n| folded(n))
            .collect();
        assert_eq!(folded.len(), 3);
    }

    #[test]
    fn long_names_are_cut_before_their_ending() {
        let long = format!("{}.pdf", "ä".repeat(200));
        let cut = names(&[&long, &long]);
        assert_eq!(cut[0], format!("{}.pdf", "ä".repeat(72)));
        assert_eq!(cut[1], format!("{} (2).pdf", "ä".repeat(71)));
        let no_ending = format!("a.{}", "b".repeat(300));
        assert_eq!(names(&[&no_ending])[0].len(), NAME_MAX_BYTES - 1);
        let device = format!("con{}x.pdf", " ".repeat(150));
        assert_eq!(names(&[&device])[0], "_con.pdf");
    }

    #[test]
    fn ten_thousand_of_one_name_take_no_time() {
        let wishes = vec!["a.pdf".to_owned(); 10_000];
        let names = unique_names(&wishes);
        assert_eq!(names[9_999], "a (10000).pdf");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

        #[test]
        fn whatever_is_wished_names_are_safe_and_differ(
            wishes in proptest::collection::vec(
                prop_oneof![
                    any::<String>(),
                    "[aA. ]{0,4}(/|\\\\)?[aA]?( \\(2\\))?[.]?(pdf)?",
                    "(con|NUL|com1|\\.\\.|\\.)[ .]{0,3}(pdf)?",
                    "[a-zé. ]{140,400}(\\.pdf)?",
                ],
                0..30,
            ),
        ) {
            let names = unique_names(&wishes);
            prop_assert_eq!(names.len(), wishes.len());
            let mut seen = HashSet::new();
            for name in &names {
                prop_assert!(!name.is_empty() && name.len() <= NAME_MAX_BYTES, "{:?}", name);
                prop_assert!(!name.contains(['/', '\\']), "{:?}", name);
                prop_assert!(!name.chars().any(|c| is_unseen(c) || is_forbidden(c)), "{:?}", name);
                prop_assert!(!name.ends_with(['.', ' ']) && name.trim() == name, "{:?}", name);
                prop_assert!(!is_device(name) && !name.starts_with('.'), "{:?}", name);
                prop_assert!(seen.insert(folded(name)), "{:?} twice", name);
            }
        }
    }
}
