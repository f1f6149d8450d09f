//! Writing TOML: one key a line, in one order, so that a text says the same thing the same way.

use std::fmt::{Display, Write as _};

use super::word::Word;

/// A TOML text in the making.
#[derive(Debug, Default)]
pub(super) struct Out {
    text: String,
}

impl Out {
    /// A text that begins with comment lines.
    pub(super) fn with_head(head: &str) -> Self {
        let mut text = String::new();
        for line in head.lines() {
            text.push_str(format!("# {line}").trim_end());
            text.push('\n');
        }
        Self { text }
    }

    /// Bytes written so far.
    pub(super) const fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Begins a row of a list of tables.
    pub(super) fn row(&mut self, list: &str) {
        let _ = write!(self.text, "\n[[{list}]]\n");
    }

    /// Begins a table of the row.
    pub(super) fn table(&mut self, path: &str) {
        let _ = writeln!(self.text, "[{path}]");
    }

    /// A key and a value that is TOML already, when there is one.
    pub(super) fn maybe(&mut self, key: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            let _ = writeln!(self.text, "{key} = {value}");
        }
    }

    /// A key and a text.
    pub(super) fn text(&mut self, key: &str, text: &str) {
        self.maybe(key, Some(Self::quoted(text)));
    }

    /// A key and a text, when there is one.
    pub(super) fn maybe_text(&mut self, key: &str, text: Option<&str>) {
        self.maybe(key, text.map(Self::quoted));
    }

    /// A list of texts, unless it is empty.
    pub(super) fn texts<T: Display>(&mut self, key: &str, texts: &[T]) {
        if !texts.is_empty() {
            let texts: Vec<String> = texts.iter().map(|t| Self::quoted(&t.to_string())).collect();
            self.maybe(key, Some(format!("[{}]", texts.join(", "))));
        }
    }

    /// A list of words, unless it is empty.
    pub(super) fn words<W: Word>(&mut self, key: &str, words: &[W]) {
        let words: Vec<&str> = words.iter().map(|word| word.spelling()).collect();
        self.texts(key, &words);
    }

    /// A block of lines, verbatim; it must not contain quotes or backslashes.
    pub(super) fn block(&mut self, key: &str, lines: &str) {
        let _ = writeln!(self.text, "{key} = \"\"\"\n{lines}\"\"\"");
    }

    /// A text between quotes.
    pub(super) fn quoted(text: &str) -> String {
        let mut quoted = String::with_capacity(text.len().saturating_add(2));
        quoted.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => {
                    quoted.push('\\');
                    quoted.push(letter);
                }
                letter if letter.is_control() => {
                    let _ = write!(quoted, "\\U{:08X}", u32::from(letter));
                }
                letter => quoted.push(letter),
            }
        }
        quoted.push('"');
        quoted
    }

    /// A key, between quotes when it has to be.
    pub(super) fn key(text: &str) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !text.is_empty() && text.chars().all(plain) {
            text.to_owned()
        } else {
            Self::quoted(text)
        }
    }
}
