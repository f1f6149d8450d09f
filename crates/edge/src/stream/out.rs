//! What a reading hands on: contents, in the order they came.

use std::ops::Range;

/// How a content comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begin {
    /// Its number within the request, from 0. The same number, as text, stands in the form where the
    /// content was.
    pub index: usize,
    /// Whether the body is a urlencoded form, in which an unescaped plus sign arrives as a space.
    pub is_urlencoded: bool,
    /// For a file part of a multipart body: how it was announced. Its content is the file itself.
    pub file: Option<FileHead>,
}

/// The head of a file part. All of it is untrusted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileHead {
    /// The field's name.
    pub name: String,
    /// The client's name for the file, without folders.
    pub file_name: String,
    /// The part's own content type, as claimed.
    pub content_type: Option<String>,
}

/// One thing that happened to a content. There is at most one open at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Begin(Begin),
    Bytes(Range<usize>),
    End,
}

/// Steps since the last [`Out::clear`].
#[derive(Debug, Default)]
pub(super) struct Out {
    pub(super) bytes: Vec<u8>,
    pub(super) steps: Vec<Step>,
    is_urlencoded: bool,
    begun: usize,
}

impl Out {
    pub(super) fn new(is_urlencoded: bool) -> Self {
        Self {
            is_urlencoded,
            ..Self::default()
        }
    }

    /// A content begins; its number.
    pub(super) fn begin(&mut self, file: Option<FileHead>) -> usize {
        let index = self.begun;
        self.begun += 1;
        self.steps.push(Step::Begin(Begin {
            index,
            is_urlencoded: self.is_urlencoded,
            file,
        }));
        index
    }

    /// The content goes on.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.went_on(start);
    }

    /// As [`Out::bytes`], for what was appended to the bytes already, from here on.
    pub(super) fn went_on(&mut self, start: usize) {
        let end = self.bytes.len();
        match self.steps.last_mut() {
            _ if start == end => {}
            Some(Step::Bytes(range)) if range.end == start => range.end = end,
            Some(Step::Begin(_) | Step::Bytes(_) | Step::End) | None => {
                self.steps.push(Step::Bytes(start..end));
            }
        }
    }

    pub(super) fn end(&mut self) {
        self.steps.push(Step::End);
    }

    /// Bytes held, whatever they hold.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.bytes.capacity() + self.steps.capacity() * size_of::<Step>()
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.steps.clear();
    }
}
