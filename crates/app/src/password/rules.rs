//! What a password must be: long, and not one of those that are tried first.

use std::fmt;

use lintel_domain::person::fold_email;

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 12;
/// Most characters of a password.
pub const MAX_CHARS: usize = 128;
/// Fewest different characters.
const MIN_DIFFERENT: usize = 5;
/// A text of this many characters, over and over, is a short password.
const LONGEST_UNIT: usize = 8;
/// What must be left when words and rows of keys that everybody thinks of are taken out.
const MIN_LEFT: usize = 6;
/// Shortest piece of a row that is taken out.
const MIN_RUN: usize = 4;

/// Words that begin most of the passwords in leaked lists, and some of our trade.
const WORDS: &[&str] = &[
    "administrator",
    "password",
    "passwort",
    "passord",
    "motdepasse",
    "contrasena",
    "letmein",
    "changeme",
    "iloveyou",
    "football",
    "baseball",
    "basketball",
    "sunshine",
    "princess",
    "superman",
    "batman",
    "starwars",
    "whatever",
    "trustno",
    "welcome",
    "mortgage",
    "borrower",
    "company",
    "default",
    "dragon",
    "monkey",
    "shadow",
    "master",
    "secret",
    "summer",
    "winter",
    "autumn",
    "spring",
    "lender",
    "broker",
    "lintel",
    "access",
    "london",
    "office",
    "access",
    "qwerty",
    "azerty",
    "admin",
    "login",
    "hello",
    "house",
    "money",
    "guest",
    "please",
    "test",
    "user",
    "root",
    "loan",
];

/// Rows that fingers follow, both ways.
const ROWS: &[&str] = &[
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
];

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than 12 characters.
    TooShort,
    /// More than 128 characters.
    TooLong,
    /// The person's mail address, or the part of it before the `@`.
    IsAddress,
    /// One of those that are tried first.
    TooCommon,
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooShort => "A password needs at least 12 characters.",
            Self::TooLong => "A password may have at most 128 characters.",
            Self::IsAddress => "Your e-mail address cannot be your password.",
            Self::TooCommon => {
                "This password is easy to guess. Several words that have nothing to do with each other are better."
            }
        })
    }
}

/// Looks at a password somebody chose.
///
/// # Errors
/// The first reason why it cannot be taken.
pub fn check(password: &str, email: &str) -> Result<(), Weakness> {
    let chars = password.chars().take(MAX_CHARS + 1).count();
    if chars < MIN_CHARS {
        return Err(Weakness::TooShort);
    }
    if chars > MAX_CHARS {
        return Err(Weakness::TooLong);
    }
    let folded = password.trim().to_lowercase();
    let email = fold_email(email);
    let local = email.split('@').next().unwrap_or_default();
    if folded == email || folded == local {
        return Err(Weakness::IsAddress);
    }
    if is_common(&folded) {
        return Err(Weakness::TooCommon);
    }
    Ok(())
}

fn is_common(folded: &str) -> bool {
    let chars: Vec<char> = folded.chars().collect();
    let mut different = chars.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() < MIN_DIFFERENT || repeats(&chars) {
        return true;
    }
    let (mut left, runs) = without_runs(&chars);
    let words = WORDS.iter().map(|word| take_out(&mut left, word)).sum();
    let rest = left.iter().filter(|c| c.is_alphanumeric()).count();
    runs.max(words) > 0 && rest < MIN_LEFT
}

/// Takes a word out wherever it stands, signs in the place of letters or not; how often it did.
fn take_out(text: &mut Vec<char>, word: &str) -> usize {
    let word: Vec<char> = word.chars().collect();
    let (mut times, mut at) = (0, 0);
    while at + word.len() <= text.len() {
        let meant = text[at..at + word.len()].iter().copied().map(unmask);
        if meant.eq(word.iter().copied()) {
            text.splice(at..at + word.len(), [' ']);
            times += 1;
        }
        at += 1;
    }
    times
}

/// Whether a text is a short one over and over.
fn repeats(chars: &[char]) -> bool {
    (1..=LONGEST_UNIT.min(chars.len() / 2))
        .any(|unit| chars.iter().zip(&chars[unit..]).all(|(a, b)| a == b))
}

/// What is left without pieces of rows, and how many pieces there were.
fn without_runs(chars: &[char]) -> (Vec<char>, usize) {
    let (mut left, mut runs, mut at) = (Vec::new(), 0, 0);
    while at < chars.len() {
        let longest = ROWS.iter().map(|row| run(row, &chars[at..])).max();
        match longest.filter(|length| *length >= MIN_RUN) {
            Some(length) => {
                left.push(' ');
                runs += 1;
                at += length;
            }
            None => {
                left.push(chars[at]);
                at += 1;
            }
        }
    }
    (left, runs)
}

/// How many characters at the beginning follow a row, forwards or backwards.
fn run(row: &str, chars: &[char]) -> usize {
    let row: Vec<char> = row.chars().collect();
    let back: Vec<char> = row.iter().rev().copied().collect();
    let along = |row: &[char]| {
        let starts = (0..row.len()).filter(|at| row[*at] == chars[0]);
        let lengths = starts.map(|at| {
            let same = row[at..].iter().zip(chars).take_while(|(a, b)| a == b);
            same.count()
        });
        lengths.max().unwrap_or(0)
    };
    along(&row).max(along(&back))
}

/// The letter somebody means who writes a sign in its place.
fn unmask(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMAIL: &str = "Olive.Officer@example.com";

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(check("éléphant-vï", EMAIL), Err(Weakness::TooShort));
        assert_eq!(check("éléphant-vïp", EMAIL), Ok(()));
        let long: String = "correct horse battery staple "
            .chars()
            .cycle()
            .take(128)
            .collect();
        assert_eq!(check(&long, EMAIL), Ok(()));
        assert_eq!(check(&format!("{long}x"), EMAIL), Err(Weakness::TooLong));
        assert_eq!(check(&"x".repeat(1_000_000), EMAIL), Err(Weakness::TooLong));
    }

    #[test]
    fn the_address_is_no_password() {
        for text in [
            "olive.officer@example.com",
            "OLIVE.OFFICER@EXAMPLE.COM",
            " olive.officer ",
        ] {
            assert_eq!(check(text, EMAIL), Err(Weakness::IsAddress), "{text}");
        }
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for text in [
            "password1234",
            "Password12345!",
            "P@ssw0rd1234",
            "passwordpassword",
            "123456789012",
            "098765432109",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "qwertyuiop12",
            "1q2w3e4r5t6y",
            "Welcome12345",
            "Summer2026!!!",
            "iloveyou1234",
            "LetMeIn!!!!!!2026",
            "zxcvbnm,./12345",
            "Mortgage2026!",
            "AdminAdmin2026",
            "abcdefghijkl",
        ] {
            assert_eq!(check(text, EMAIL), Err(Weakness::TooCommon), "{text}");
        }
    }

    #[test]
    fn what_takes_long_to_guess_is_taken() {
        for text in [
            "correct horse battery staple",
            "tZ9$kLq2!vXw",
            "839201746352",
            "the password of my grandmother",
            "ブルースカイと静かな海の夜明け",
            "🦔🐙🦆🐝🦉🐌🐫🦚🦭🐿🦩🦫",
            "\u{0}\u{1}tz9 klq2 vxw",
        ] {
            assert_eq!(check(text, EMAIL), Ok(()), "{text}");
        }
    }
}
