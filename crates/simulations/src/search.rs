//! How simulations and processes are found by a text: a part of a borrower's name or of the branch's,
//! whatever its case and accents, or a whole NIF.

use lintel_app::context::App;
use lintel_app::keys::Purpose;
use lintel_domain::simulation::{Borrower, nif_is_valid};
use lintel_store::fault::Fault;
use lintel_store::simulation::FoundBy;

/// Longest text that is searched, in characters.
pub const TEXT_MAX_CHARS: usize = 100;

/// A text as it is searched: small letters without accents, words with one space between them.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        for letter in word.chars().flat_map(char::to_lowercase) {
            match plain(letter) {
                Some(plain) => out.push_str(plain),
                None => out.push(letter),
            }
        }
    }
    out
}

/// What a small letter with an accent is without it; nothing for an accent that stands alone.
const fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => "a",
        'æ' => "ae",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ē' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => "o",
        'œ' => "oe",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' => "u",
        'ý' | 'ÿ' => "y",
        'ß' => "ss",
        '\u{300}'..='\u{36f}' => "",
        _ => return None,
    })
}

/// A pattern that finds a text anywhere: `LIKE … ESCAPE '!'`. Empty for a text with nothing in it.
#[must_use]
pub fn pattern(text: &str) -> String {
    let folded = folded(text);
    if folded.is_empty() {
        return folded;
    }
    let mut pattern = String::from("%");
    for letter in folded.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// What a NIF is found by: a hash only our keys can make. None for a text that is no NIF.
///
/// # Errors
/// Any fault of the key ring.
pub fn nif_hash(app: &App, nif: &str) -> Result<Option<Vec<u8>>, Fault> {
    let nif = nif.trim();
    if !nif_is_valid(nif) {
        return Ok(None);
    }
    let keys = app.keys();
    keys.stable_mac(Purpose::BorrowerNif, nif.as_bytes())
        .map(Some)
}

/// What the borrowers of a request are found by.
///
/// # Errors
/// Any fault of the key ring.
pub fn found_by(app: &App, borrowers: &[Borrower]) -> Result<Vec<FoundBy>, Fault> {
    let one = |borrower: &Borrower| {
        let nif = borrower.nif.as_deref().map(|nif| nif_hash(app, nif));
        Ok(FoundBy {
            name_folded: borrower.name.as_deref().map(folded).unwrap_or_default(),
            nif_hash: nif.transpose()?.flatten(),
        })
    };
    borrowers.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_spaces_do_not_matter() {
        for (text, shown) in [
            ("  João\tda  CONCEIÇÃO ", "joao da conceicao"),
            ("Jo\u{61}\u{303}o", "joao"),
            ("Straße Œuvre", "strasse oeuvre"),
            ("日本 Ω", "日本 ω"),
            ("\u{0}a\u{0}b", "a b"),
            ("\u{301}", ""),
            ("   ", ""),
        ] {
            assert_eq!(folded(text), shown, "{text:?}");
        }
    }

    #[test]
    fn what_a_pattern_would_give_a_meaning_means_itself() {
        assert_eq!(pattern("100%_A!"), "%100!%!_a!!%");
        assert_eq!(pattern(" \u{301} "), "");
    }
}
