//! Text made fit to be printed, and broken into lines.

use crate::pdf::{Face, Faces, Mp};

/// A text as it is printed: white space as single spaces, characters that steer devices or the
/// direction of writing left out, characters without a glyph as the replacement sign. A no-break space
/// stays; it is printed as a space that does not break.
pub(crate) fn clean(text: &str, faces: &Faces) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{a0}' | '\u{202f}' | '\u{2007}' => out.push('\u{a0}'),
            _ if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            _ if c.is_control() || is_silent(c) => {}
            _ if faces.regular.glyph(c).is_some() && faces.bold.glyph(c).is_some() => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// Characters that print nothing: joiners, marks of direction, soft hyphens, variation selectors, tags.
const fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// The lines of a clean text. Lines break at spaces, which stay at their ends so that a reader of the
/// text finds the words apart; a word wider than the line breaks where the line ends.
pub(crate) fn wrap<'t>(text: &'t str, face: &Face, size: Mp, width: Mp) -> Vec<&'t str> {
    let mut lines = Vec::new();
    // The line in the making, and where it could break last: offsets into the text and widths in
    // thousandths of the size.
    let (mut start, mut used) = (0, 0);
    let mut chance: Option<(usize, Mp)> = None;
    let limit = width.max(size) * 1000 / size.max(1);
    for (at, c) in text.char_indices() {
        let advance = Mp::from(face.printed(c).advance);
        if c == ' ' {
            used += advance;
            chance = Some((at + 1, used));
            continue;
        }
        if used + advance > limit && at > start {
            match chance.take() {
                Some((end, before)) => {
                    lines.extend(text.get(start..end));
                    start = end;
                    used -= before;
                }
                None => {
                    lines.extend(text.get(start..at));
                    start = at;
                    used = 0;
                }
            }
            // What was carried over may itself fill the new line.
            if used + advance > limit && at > start {
                lines.extend(text.get(start..at));
                start = at;
                used = 0;
            }
        }
        used += advance;
    }
    if start < text.len() {
        lines.extend(text.get(start..));
    }
    lines
}

/// A clean text cut to a width, with dots where something is missing.
pub(crate) fn cut(text: &str, face: &Face, size: Mp, width: Mp) -> String {
    if face.width(text, size) <= width {
        return text.to_owned();
    }
    let room = width - face.width("…", size);
    let mut used = 0;
    let mut out = String::new();
    for c in text.chars() {
        used += Mp::from(face.printed(c).advance) * size / 1000;
        if used > room {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::{clean, cut, wrap};
    use crate::pdf::faces;

    #[test]
    fn text_is_cleaned() {
        let faces = faces().unwrap();
        for (given, printed) in [
            ("  a \t\r\n b  ", "a b"),
            ("1\u{202f}000\u{a0}€", "1\u{a0}000\u{a0}€"),
            ("x\u{0}\u{7}\u{200e}\u{ad}y", "xy"),
            (
                "João Ñandú Ştefan Ελένη Юлия",
                "João Ñandú Ştefan Ελένη Юлия",
            ),
            ("a😀b", "a\u{fffd}b"),
            ("👩\u{200d}👩\u{fe0f}", "\u{fffd}\u{fffd}"),
            ("שלום", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("\u{e000}\u{10ffff}", "\u{fffd}\u{fffd}"),
            ("\u{202e}gnp.exe", "gnp.exe"),
            (" \n ", ""),
        ] {
            assert_eq!(clean(given, faces), printed, "{given:?}");
        }
    }

    #[test]
    fn lines_hold_the_whole_text_and_fit() {
        let face = &faces().unwrap().regular;
        let long = "W".repeat(10_000);
        let mixed = format!("início {long} fim de uma linha com palavras de vários tamanhos");
        let unbroken = "180\u{a0}000,00\u{a0}€ ".repeat(40);
        for text in [
            "",
            "a",
            "a b",
            &long,
            &mixed,
            &unbroken,
            "     ",
            "ação ação",
        ] {
            for width in [1, 5_000, 40_000, 300_000] {
                let lines = wrap(text, face, 9_500, width);
                assert_eq!(lines.concat(), text);
                for line in lines {
                    let width_of = face.width(line.trim_end_matches(' '), 9_500);
                    assert!(
                        width_of <= width.max(9_500) || line.chars().count() == 1,
                        "{width_of} in {width}: {line}"
                    );
                }
            }
        }
        assert!(
            wrap(&unbroken, face, 9_500, 200_000)
                .iter()
                .all(|line| line.ends_with("€ "))
        );
    }

    #[test]
    fn a_cut_text_says_so() {
        let face = &faces().unwrap().regular;
        assert_eq!(cut("curto", face, 8_000, 100_000), "curto");
        let cut = cut(&"muito comprido ".repeat(30), face, 8_000, 100_000);
        assert!(cut.ends_with('…') && face.width(&cut, 8_000) <= 100_000);
    }
}
