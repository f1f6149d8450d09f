//! From the bytes received to the text of the document.
//!
//! Documents travel inside JSON inside form fields, and arrive escaped, encoded, or in the wrong
//! character set. At most one such layer is taken off, and a note says which: undoing more would
//! be guessing.

mod escapes;

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::finding::{Code, Finding, Log, Severity};
use crate::kind;
use crate::limits::Limits;

/// Base64 as senders write it: with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Unwraps the text of a document. Notes what it undid; an error is the reason it could not.
pub(crate) fn unwrap<'b>(
    bytes: &'b [u8],
    limits: &Limits,
    log: &mut Log,
) -> Result<Cow<'b, str>, Finding> {
    if bytes.len() > limits.max_bytes {
        let message = format!("The document is larger than {} bytes.", limits.max_bytes);
        return Err(error(Code::TooLarge, message));
    }
    if let Some(refusal) = kind::of_bytes(bytes) {
        return Err(refusal);
    }
    let text = trimmed(characters(bytes, log)?);
    let text = trimmed(peel(text, log)?);
    if let Some(refusal) = kind::of_text(&text) {
        return Err(refusal);
    }
    if let Some(place) = text.find('\0') {
        let message = "The document contains NUL characters, which XML does not allow.";
        return Err(error(Code::XmlMalformed, message).at_line(line_at(&text, place)));
    }
    note_label(&text, log);
    Ok(text)
}

fn error(code: Code, message: impl Into<Cow<'static, str>>) -> Finding {
    Finding::whole(code, Severity::Error, message)
}

fn decoded(log: &mut Log, severity: Severity, message: &'static str) {
    log.push(Finding::whole(Code::TransportDecoded, severity, message));
}

/// Line of a byte offset, counted from 1.
pub(crate) fn line_at(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let breaks = before.iter().filter(|b| **b == b'\n').count();
    u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1)
}

/// Without a byte order mark and leading blanks, which strict parsers refuse before a declaration.
fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    let start = |c: char| c == '\u{feff}' || c.is_ascii_whitespace();
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches(start)),
        Cow::Owned(mut text) => {
            let cut = text.len() - text.trim_start_matches(start).len();
            text.drain(..cut);
            Cow::Owned(text)
        }
    }
}

/// Characters out of bytes: UTF-8, else UTF-16 by its mark or by the look of its first character,
/// else Windows-1252.
fn characters<'b>(bytes: &'b [u8], log: &mut Log) -> Result<Cow<'b, str>, Finding> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => return utf16(rest, u16::from_le_bytes, log).map(Cow::Owned),
        [0xfe, 0xff, rest @ ..] => return utf16(rest, u16::from_be_bytes, log).map(Cow::Owned),
        [b'<', 0, ..] => return utf16(bytes, u16::from_le_bytes, log).map(Cow::Owned),
        [0, b'<', ..] => return utf16(bytes, u16::from_be_bytes, log).map(Cow::Owned),
        _ => {}
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    if bytes.contains(&0) {
        return Err(error(Code::NotXml, "The document is neither text nor XML."));
    }
    decoded(
        log,
        Severity::Warning,
        "The document is not valid UTF-8; it was read as Windows-1252. Send UTF-8.",
    );
    Ok(Cow::Owned(
        bytes.iter().map(|b| escapes::windows_1252(*b)).collect(),
    ))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, log: &mut Log) -> Result<String, Finding> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(error(
            Code::XmlMalformed,
            "The UTF-16 document ends within a character.",
        ));
    }
    let units = pairs.map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    let text = text.map_err(|_| {
        error(
            Code::XmlMalformed,
            "The UTF-16 document contains half a character.",
        )
    })?;
    decoded(
        log,
        Severity::Note,
        "The document was UTF-16 and was converted to UTF-8.",
    );
    Ok(text)
}

/// Takes off one layer of escaping or encoding, if there is one.
fn peel<'b>(text: Cow<'b, str>, log: &mut Log) -> Result<Cow<'b, str>, Finding> {
    let inner = if text.starts_with('<') {
        if !escapes::looks_json_escaped(&text) {
            return Ok(text);
        }
        escapes::json(&text).map(|inner| (inner, "The document was escaped for JSON twice."))
    } else if let Some(body) = json_string(&text) {
        escapes::json(body).map(|inner| (inner, "The document was a quoted JSON string."))
    } else if escapes::starts_with_escaped_bracket(&text) {
        Some((escapes::html(&text), "The document was escaped for HTML."))
    } else {
        match from_base64(&text, log)? {
            Some(inner) => Some((inner, "The document was base64.")),
            None => return Ok(text),
        }
    };
    let Some((inner, what)) = inner else {
        return Err(error(
            Code::NotXml,
            "The document is a JSON string that cannot be read.",
        ));
    };
    decoded(log, Severity::Note, what);
    let inner = trimmed(Cow::Owned(inner));
    let is_wrapped_again = json_string(&inner).is_some()
        || escapes::starts_with_escaped_bracket(&inner)
        || (inner.starts_with('<') && escapes::looks_json_escaped(&inner));
    if is_wrapped_again {
        let message = "The document is escaped or encoded more than once; one layer was undone.";
        return Err(error(Code::NotXml, message));
    }
    Ok(inner)
}

/// The body of a quoted JSON string that holds markup.
fn json_string(text: &str) -> Option<&str> {
    let body = text.strip_prefix('"')?.trim_end().strip_suffix('"')?;
    body.contains('<').then_some(body)
}

/// Decodes base64 of something that looks like markup; `None` for anything else.
fn from_base64(text: &str, log: &mut Log) -> Result<Option<String>, Finding> {
    let is_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    if packed.len() < 8 || !packed.iter().all(|b| is_base64(*b)) {
        return Ok(None);
    }
    let Ok(bytes) = BASE64.decode(&packed) else {
        return Ok(None);
    };
    drop(packed);
    if let Some(refusal) = kind::of_bytes(&bytes) {
        return Err(refusal);
    }
    let is_markup = matches!(
        bytes.as_slice(),
        [b'<' | b' ' | b'\r' | b'\n' | b'\t', ..]
            | [0xef, 0xbb, 0xbf, ..]
            | [0xff, 0xfe, ..]
            | [0xfe, 0xff, ..]
    );
    if is_markup {
        characters(&bytes, log).map(|text| Some(text.into_owned()))
    } else {
        Ok(None)
    }
}

/// Notes a declaration that names another encoding than the text now has.
fn note_label(text: &str, log: &mut Log) {
    let Some(declaration) = text
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split("?>").next())
    else {
        return;
    };
    let label = declaration.split("encoding").nth(1).map(|rest| {
        rest.trim_start_matches(|c: char| c == '=' || c.is_ascii_whitespace() || "\"'".contains(c))
    });
    let is_utf8 = |label: &str| {
        let name: String = label
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        matches!(
            name.to_ascii_lowercase().as_str(),
            "utf-8" | "utf8" | "us-ascii" | "ascii"
        )
    };
    if label.is_some_and(|label| !is_utf8(label)) {
        let message = "The declaration names another encoding than UTF-8; it was ignored because \
                       the text had already been decoded.";
        decoded(log, Severity::Note, message);
    }
}
