//! Texts with a shape: ZIP codes, states, phone numbers, mail addresses, public ids.

use lintel_domain::id::PublicId;
use serde_json::Value;

use super::{Read, Reader, scalar};

/// Longest mail address (RFC 5321, section 4.5.3.1, less the angle brackets).
const EMAIL_MAX: usize = 254;
/// Longest phone number as written, separators included.
const PHONE_MAX: usize = 40;

impl<'a> Reader<'a> {
    /// A required ZIP code as five digits; nine, with or without a hyphen, are cut.
    pub fn req_zip(&self, name: &str) -> Read<String> {
        self.required(name, zip)
    }

    /// An optional ZIP code; see [`Reader::req_zip`].
    pub fn opt_zip(&self, name: &str) -> Read<Option<String>> {
        self.optional(name, zip)
    }

    /// One required ZIP code or a list of at most `max`; see [`Reader::req_zip`].
    pub fn req_zips(&self, name: &str, max: usize) -> Read<Vec<String>> {
        self.one_or_more(name, max, zip)
    }

    /// An optional state: two letters, made capitals.
    pub fn opt_state(&self, name: &str) -> Read<Option<String>> {
        self.optional(name, state)
    }

    /// An optional phone number as its digits: seven to fifteen (ITU-T E.164), between which the
    /// usual separators may stand.
    pub fn opt_phone(&self, name: &str) -> Read<Option<String>> {
        self.optional(name, phone)
    }

    /// An optional mail address: something, an at sign, a domain; no blanks.
    pub fn opt_email(&self, name: &str) -> Read<Option<String>> {
        self.optional(name, email)
    }

    /// An optional public id by its shape.
    pub fn opt_public_id(&self, name: &str) -> Read<Option<PublicId>> {
        self.optional(name, |value| PublicId::parse(value.as_str()?.trim()))
    }
}

fn zip(value: &Value) -> Option<String> {
    // A number has lost the zeros in front of it.
    let text = match value.as_u64() {
        Some(number) => format!("{number:05}"),
        None => value.as_str()?.trim().to_owned(),
    };
    let digits = match text.split_once('-') {
        Some((five, four)) if five.len() == 5 && four.len() == 4 => format!("{five}{four}"),
        Some(_) => return None,
        None => text,
    };
    let is_shaped = matches!(digits.len(), 5 | 9) && digits.bytes().all(|b| b.is_ascii_digit());
    is_shaped.then(|| digits.chars().take(5).collect())
}

fn state(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let is_shaped = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    is_shaped.then(|| text.to_ascii_uppercase())
}

fn phone(value: &Value) -> Option<String> {
    let text = scalar::text(value, PHONE_MAX)?;
    let separates = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '+' | '/');
    let is_clean = text.chars().all(|c| c.is_ascii_digit() || separates(c));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (is_clean && (7..=15).contains(&digits.len())).then_some(digits)
}

fn email(value: &Value) -> Option<String> {
    let text = scalar::text(value, EMAIL_MAX)?;
    let (local, domain) = text.rsplit_once('@')?;
    let is_odd = |c: char| c.is_whitespace() || c.is_control();
    let is_shaped = !local.is_empty()
        && !domain.is_empty()
        && !domain.contains('@')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !text.contains(is_odd);
    is_shaped.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn zip_codes() {
        for (sent, read) in [
            (json!("92649"), Some("92649")),
            (json!(" 92649 "), Some("92649")),
            (json!("92649-1234"), Some("92649")),
            (json!("926491234"), Some("92649")),
            (json!(92649), Some("92649")),
            (json!(4083), Some("04083")),
            (json!("4083"), None),
            (json!("9264A"), None),
            (json!("92-649"), None),
            (json!("9264-91234"), None),
            (json!("-92649"), None),
            (json!(-92649), None),
            (json!(92649.5), None),
            (json!(1e308), None),
            (json!("٩٢٦٤٩"), None),
            (json!([]), None),
            (json!(true), None),
        ] {
            assert_eq!(zip(&sent).as_deref(), read, "{sent}");
        }
    }

    #[test]
    fn phones_and_mail_addresses() {
        for (sent, read) in [
            (json!("7142458223"), Some("7142458223")),
            (json!("714-245-8223"), Some("7142458223")),
            (json!("+1 (714) 245-8223"), Some("17142458223")),
            (json!(7_142_458_223_u64), Some("7142458223")),
            (json!("714x2458223"), None),
            (json!("12345"), None),
            (json!("1234567890123456"), None),
        ] {
            assert_eq!(phone(&sent).as_deref(), read, "{sent}");
        }
        for (sent, fits) in [
            ("charlescooper@mail.com", true),
            ("a@b", true),
            ("a b@mail.com", false),
            ("@mail.com", false),
            ("a@", false),
            ("a@.com", false),
            ("mail.com", false),
        ] {
            assert_eq!(email(&json!(sent)).is_some(), fits, "{sent}");
        }
    }
}
