//! Names that strangers typed. Anybody may type anybody's address into a page: what is no plain name
//! is left out of the letter.

/// Longest name a letter repeats, in characters.
const MAX_CHARS: usize = 60;
/// Most words of a name; more of them are a sentence.
const MAX_WORDS: usize = 6;

/// A name that is nothing but a name, without blanks around it: letters, blanks, hyphens,
/// apostrophes, dots that no mail program takes for the address of a site. `None` for anything else.
#[must_use]
pub fn plain_name(name: &str) -> Option<String> {
    let name = name.trim();
    let fits = |c: char| {
        c.is_alphabetic() || is_mark(c) || matches!(c, ' ' | '-' | '\'' | '\u{2019}' | '.')
    };
    let is_name = name.starts_with(char::is_alphabetic)
        && name.chars().take(MAX_CHARS + 1).count() <= MAX_CHARS
        && name.chars().all(fits)
        && name.split_whitespace().count() <= MAX_WORDS
        && !has_host(name);
    is_name.then(|| name.to_owned())
}

/// Accents written as characters of their own.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Whether a mail program could take a part of the name for the address of a site: a dot with
/// letters on both sides.
fn has_host(name: &str) -> bool {
    let mut inner = name.split('.').skip(1);
    inner.any(|part| part.starts_with(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_stay() {
        for name in [
            "Tam",
            "O'Hara",
            "Anne-Marie",
            "Olive O\u{2019}Hara Jr.",
            "J. R.",
            "Zoë",
            "Nguyễn Thị",
            "Ana Maria de la Cruz",
            "Zoe\u{308}",
        ] {
            assert_eq!(plain_name(&format!(" {name} ")).as_deref(), Some(name));
        }
    }

    #[test]
    fn anything_else_is_left_out() {
        let long = "a".repeat(MAX_CHARS + 1);
        for odd in [
            "",
            "  ",
            "1",
            "www.evil.example",
            "Tam evil.com",
            "http://x",
            "a\nb",
            "a\u{202e}b",
            "a\u{0}",
            "<b>Tam</b>",
            "you have won a prize call us now",
            ". Tam",
            "{{ it }}",
            &long,
        ] {
            assert_eq!(plain_name(odd), None, "{odd}");
        }
    }
}
