//! One form, whichever of three ways it was sent.
//!
//! `multipart/form-data` (what PHP's curl sends for an array), `application/x-www-form-urlencoded`
//! (what `http_build_query` makes, bracket names included) and `application/json` all become a
//! [`Form`]: an ordered map of JSON values, in which everything that was not JSON is text, plus the
//! uploaded files. A name sent twice keeps its last value, as in PHP.

pub(crate) mod json;
pub(crate) mod multipart;
pub(crate) mod nested;
mod urlencoded;

pub use json::parse_json;
pub use urlencoded::parse_urlencoded;

use crate::body::{BodyError, BodyGate, Loaded, Ticket};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use serde_json::{Map, Value};
use std::fmt;

/// Longest field name in bytes, brackets included.
pub const LONGEST_NAME: usize = 256;
/// Most parts of one multipart body.
pub const MOST_PARTS: usize = 200;
/// Most names (fields and the arrays above them) of one urlencoded body.
pub const MOST_NAMES: usize = 20_000;
/// Deepest bracket nesting of a field name.
pub const DEEPEST_NAME: usize = 16;
/// Deepest nesting of a JSON document.
pub const DEEPEST_JSON: usize = 64;

/// What one parsed value may weigh in memory beyond its own bytes, with room for growing arrays.
const NODE_BYTES: usize = 160;

/// A part of a multipart body that carried a file name.
#[derive(Clone, PartialEq, Eq)]
pub struct FilePart {
    /// The field's name as sent, for example `documents[]` or `documents[0]`.
    pub name: String,
    /// The client's name for the file, without folders. Still untrusted text.
    pub file_name: String,
    /// The part's own content type, as claimed.
    pub content_type: Option<String>,
    /// The content.
    pub bytes: Bytes,
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "FilePart {{ name: {:?}, {} bytes, .. }}",
            self.name,
            self.bytes.len()
        )
    }
}

/// The fields and files of one request. Holds room in the body budget until dropped, so keep it
/// as long as anything taken from it.
pub struct Form {
    fields: Map<String, Value>,
    files: Vec<FilePart>,
    json_nodes: usize,
    ticket: Option<Ticket>,
}

/// Values are not shown: forms carry credentials and personal data.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Form {{ {} fields, {} files }}",
            self.fields.len(),
            self.files.len()
        )
    }
}

impl Form {
    pub(crate) fn new(fields: Map<String, Value>, files: Vec<FilePart>, json_nodes: usize) -> Self {
        Self {
            fields,
            files,
            json_nodes,
            ticket: None,
        }
    }

    /// Keeps the room that the form holds in the body budget.
    pub(crate) fn hold(&mut self, ticket: Ticket) {
        self.ticket = Some(ticket);
    }

    /// A text field, or a file part whose content is UTF-8: PHP callers send long fields either way.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.fields.get(name) {
            Some(value) => value.as_str(),
            None => self
                .text_file(name)
                .and_then(|file| std::str::from_utf8(&file.bytes).ok()),
        }
    }

    fn text_file(&self, name: &str) -> Option<&FilePart> {
        self.files.iter().rev().find(|file| file.name == name)
    }

    /// A field as sent: text from forms, any JSON value from a JSON body or bracket names.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// All fields in the order they came, without files.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// The uploaded files in the order they came.
    pub fn files(&self) -> &[FilePart] {
        &self.files
    }

    /// A field that carries a JSON document: text is parsed (once; the field is taken out), an
    /// array or object is handed over as it is. Absent, null and blank are `None`.
    ///
    /// # Errors
    /// [`BodyError::BadJson`] for anything else, [`BodyError::TooDeep`], [`BodyError::TooManyFields`].
    pub fn take_json(&mut self, name: &str) -> Option<Result<Value, BodyError>> {
        let text = match self.fields.shift_remove(name) {
            Some(value @ (Value::Object(_) | Value::Array(_))) => return Some(Ok(value)),
            Some(Value::Null) => return None,
            Some(Value::Bool(_) | Value::Number(_)) => {
                return Some(Err(BodyError::BadJson { line: 1, column: 1 }));
            }
            Some(Value::String(text)) => text,
            None => String::from_utf8(self.text_file(name)?.bytes.to_vec()).ok()?,
        };
        if text.trim().is_empty() {
            return None;
        }
        Some(parse_json(&text, self.json_nodes))
    }
}

/// The content types that carry a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Multipart,
    Urlencoded,
    Json,
}

impl Kind {
    /// Reads a content type; parameters such as `charset` do not matter. None sent means urlencoded.
    pub(crate) fn of(content_type: Option<&str>) -> Result<Self, BodyError> {
        let Some(content_type) = content_type else {
            return Ok(Self::Urlencoded);
        };
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        match essence.to_ascii_lowercase().as_str() {
            "multipart/form-data" => Ok(Self::Multipart),
            "application/x-www-form-urlencoded" => Ok(Self::Urlencoded),
            "application/json" => Ok(Self::Json),
            _ => Err(BodyError::UnsupportedType),
        }
    }
}

impl BodyGate {
    /// Reads a request's body as a form of any of the three kinds. An empty body is an empty form.
    ///
    /// # Errors
    /// Those of [`BodyGate::bytes`], and one per way a form can be malformed or too big. An
    /// unsupported content type is refused before the body is read.
    pub async fn form(&self, request: Request) -> Result<Form, BodyError> {
        let content_type = content_type_of(&request)?;
        let kind = Kind::of(content_type.as_deref())?;
        let Loaded { bytes, mut ticket } = self.bytes(request).await?;
        if bytes.is_empty() {
            return Ok(Form::new(Map::new(), Vec::new(), self.json_nodes));
        }
        let raw_length = bytes.len();
        let mut form = match kind {
            Kind::Multipart => {
                let (fields, files) =
                    multipart::parse(&content_type.unwrap_or_default(), bytes).await?;
                ticket
                    .cover(weight(raw_length, text_parts(&fields, &files)))
                    .await?;
                Form::new(fields, files, self.json_nodes)
            }
            Kind::Urlencoded => {
                ticket.cover(weight(raw_length, [&bytes[..]])).await?;
                let text = std::str::from_utf8(&bytes).map_err(|_| not_utf8())?;
                Form::new(parse_urlencoded(text)?, Vec::new(), self.json_nodes)
            }
            Kind::Json => {
                ticket.cover(weight(raw_length, [&bytes[..]])).await?;
                let text = std::str::from_utf8(&bytes).map_err(|_| not_utf8())?;
                Form::new(
                    json::parse_object(text, self.json_nodes)?,
                    Vec::new(),
                    self.json_nodes,
                )
            }
        };
        form.hold(ticket);
        Ok(form)
    }
}

/// The content type as sent; a request need not have one.
pub(crate) fn content_type_of(request: &Request) -> Result<Option<String>, BodyError> {
    let value = request.headers().get(CONTENT_TYPE);
    let text = value.map(|value| value.to_str().map(ToOwned::to_owned));
    text.transpose().map_err(|_| BodyError::UnsupportedType)
}

pub(crate) fn not_utf8() -> BodyError {
    BodyError::BadForm("text is not valid UTF-8".to_owned())
}

/// The parts that may still be parsed as JSON.
pub(crate) fn text_parts<'a>(
    fields: &'a Map<String, Value>,
    files: &'a [FilePart],
) -> impl Iterator<Item = &'a [u8]> {
    let texts = fields.values().filter_map(Value::as_str).map(str::as_bytes);
    let files = files.iter().map(|file| &file.bytes[..]);
    texts.chain(files.filter(|bytes| std::str::from_utf8(bytes).is_ok()))
}

/// What a body and everything parsed from its text may occupy: each value of a JSON document needs
/// a comma, a bracket or a brace before it, percent-encoded or not.
pub(crate) fn weight<'a>(raw_length: usize, texts: impl IntoIterator<Item = &'a [u8]>) -> usize {
    let nodes: usize = texts.into_iter().map(separators).sum();
    raw_length.saturating_add(nodes.saturating_mul(NODE_BYTES))
}

fn separators(text: &[u8]) -> usize {
    // %2C is a comma, %5B a bracket, %7B a brace, in either case.
    let encoded = |at: usize| {
        let digits = text.get(at + 1..at + 3);
        digits.is_some_and(|d| matches!(d, b"2C" | b"2c" | b"5B" | b"5b" | b"7B" | b"7b"))
    };
    let begins_value = |(at, byte): (usize, &u8)| match byte {
        b',' | b'[' | b'{' => true,
        b'%' => encoded(at),
        _ => false,
    };
    text.iter()
        .enumerate()
        .filter(|&item| begins_value(item))
        .count()
}

#[cfg(test)]
mod tests;
