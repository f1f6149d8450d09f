//! The fields of a form as they come: gathered, scanned for contents, or handed on as contents.

use super::Wanted;
use super::out::{FileHead, Out};
use super::scan::{KnownTexts, Place, Scanner, Target};
use super::utf8::Utf8;
use crate::body::BodyError;
use crate::form::nested::{Nest, split};
use crate::form::{FilePart, not_utf8};
use bytes::Bytes;
use serde_json::{Map, Value};

/// The bytes of a file part that is no text, for whoever wants to read it as one.
const NO_TEXT: u8 = 0xFF;

/// The fields of one form.
#[derive(Debug)]
pub(super) struct Fields {
    wanted: Wanted,
    nest: Nest,
    files: Vec<FilePart>,
    pub(super) known: KnownTexts,
    open: Option<Field>,
    gathered: usize,
}

#[derive(Debug)]
struct Field {
    name: String,
    file: Option<FileHead>,
    utf8: Utf8,
    how: How,
}

#[derive(Debug)]
enum How {
    Gather(Vec<u8>),
    /// A document with contents, and what was kept of it.
    Scan(Box<Scanner>, Vec<u8>),
    /// A content, with its number.
    Content(usize),
}

impl Fields {
    pub(super) fn new(wanted: Wanted) -> Self {
        Self {
            wanted,
            nest: Nest::default(),
            files: Vec::new(),
            known: KnownTexts::default(),
            open: None,
            gathered: 0,
        }
    }

    /// A field begins; the one before was ended.
    pub(super) fn begin(&mut self, name: String, file: Option<FileHead>, out: &mut Out) {
        let how = if name == self.wanted.field {
            let scanner = Scanner::new(self.wanted, Place::Field);
            How::Scan(Box::new(scanner), Vec::new())
        } else if self.is_content(&name, file.as_ref()) {
            How::Content(out.begin(file.clone()))
        } else {
            How::Gather(Vec::new())
        };
        self.gathered += name.len();
        self.open = Some(Field {
            name,
            file,
            utf8: Utf8::default(),
            how,
        });
    }

    fn is_content(&self, name: &str, file: Option<&FileHead>) -> bool {
        let (first, steps) = split(name);
        match file {
            // A browser sends a nameless empty file for a file input left blank.
            Some(file) => self.wanted.files.contains(&first) && !file.file_name.is_empty(),
            None => {
                first == self.wanted.field
                    && matches!(steps[..], [list, _, member]
                        if self.wanted.lists.contains(&list) && member == self.wanted.member)
            }
        }
    }

    pub(super) fn bytes(&mut self, bytes: &[u8], out: &mut Out) {
        let Some(field) = &mut self.open else { return };
        field.utf8.push(bytes);
        match &mut field.how {
            How::Gather(gathered) => gathered.extend_from_slice(bytes),
            How::Scan(scanner, kept) => scanner.push(
                bytes,
                &mut Target {
                    kept,
                    out,
                    known: &mut self.known,
                },
            ),
            How::Content(_) => out.bytes(bytes),
        }
    }

    pub(super) fn end(&mut self, out: &mut Out) -> Result<(), BodyError> {
        let Some(Field {
            name,
            file,
            utf8,
            how,
        }) = self.open.take()
        else {
            return Ok(());
        };
        let mut bytes = match how {
            How::Gather(gathered) => gathered,
            How::Scan(mut scanner, mut kept) => {
                scanner.close(&mut Target {
                    kept: &mut kept,
                    out,
                    known: &mut self.known,
                });
                kept
            }
            How::Content(index) => {
                out.end();
                index.to_string().into_bytes()
            }
        };
        self.gathered += bytes.len();
        let Some(file) = file else {
            // A content is refused like any text that is none.
            if !utf8.is_whole() {
                return Err(not_utf8());
            }
            let text = String::from_utf8(bytes).map_err(|_| not_utf8())?;
            if let Some(known) = self.wanted.known.iter().find(|known| **known == name) {
                self.known.set(known, text.as_bytes());
            }
            return self.nest.insert(&name, text);
        };
        if name == self.wanted.field && !utf8.is_whole() {
            bytes.push(NO_TEXT);
        }
        if !(file.file_name.is_empty() && bytes.is_empty()) {
            self.files.push(FilePart {
                name,
                file_name: file.file_name,
                content_type: file.content_type,
                bytes: Bytes::from(bytes),
            });
        }
        Ok(())
    }

    /// Bytes gathered so far, those of the field that is being read included.
    pub(super) fn gathered(&self) -> usize {
        let open = self.open.as_ref().map_or(0, |field| match &field.how {
            How::Gather(bytes) | How::Scan(_, bytes) => bytes.len(),
            How::Content(_) => 0,
        });
        self.gathered.saturating_add(open)
    }

    /// Bytes held, whatever they hold.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        let open = self.open.as_ref().map_or(0, |field| match &field.how {
            How::Gather(bytes) => bytes.capacity(),
            How::Scan(scanner, bytes) => scanner.held() + bytes.capacity(),
            How::Content(_) => 0,
        });
        self.gathered + open
    }

    pub(super) fn finish(self) -> (Map<String, Value>, Vec<FilePart>) {
        (self.nest.finish(), self.files)
    }
}
