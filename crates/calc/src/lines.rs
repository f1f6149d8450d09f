//! Lines of bounded length from a reader, in bounded memory.

use std::io::{self, BufRead};

/// What was read.
pub(crate) enum Line<'a> {
    /// Nothing but white space.
    Blank,
    /// More than the limit; the rest of it has been skipped.
    TooLong,
    /// A line without its newline.
    Text(&'a [u8]),
}

/// A reader of lines.
pub(crate) struct Lines<R> {
    input: R,
    limit: usize,
    line: Vec<u8>,
    buffer_is_empty: bool,
    started: bool,
}

impl<R: BufRead> Lines<R> {
    pub(crate) const fn new(input: R, limit: usize) -> Self {
        Self {
            input,
            limit,
            line: Vec::new(),
            buffer_is_empty: true,
            started: false,
        }
    }

    /// The next line, or none at the end of the input.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let mut too_long = false;
        let mut any = false;
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                break;
            }
            any = true;
            let newline = newline(buffer);
            let part = newline.map_or(buffer, |end| &buffer[..end]);
            too_long |= self.line.len() + part.len() > self.limit;
            if !too_long {
                self.line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(newline.is_some());
            self.buffer_is_empty = used == buffer.len();
            self.input.consume(used);
            if newline.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        // A byte order mark, which some editors put at the start of a file.
        if !self.started && self.line.starts_with(b"\xef\xbb\xbf") {
            self.line.drain(..3);
        }
        self.started = true;
        Ok(Some(if too_long {
            Line::TooLong
        } else if self.line.iter().all(u8::is_ascii_whitespace) {
            Line::Blank
        } else {
            Line::Text(&self.line)
        }))
    }

    /// True when reading on may have to wait for more input.
    pub(crate) const fn would_wait(&self) -> bool {
        self.buffer_is_empty
    }
}

/// Where the first newline is. Whole blocks are searched by the library's fast `contains`.
fn newline(buffer: &[u8]) -> Option<usize> {
    let mut passed = 0;
    for block in buffer.chunks(256) {
        if block.contains(&b'\n') {
            let inside = block.iter().position(|byte| *byte == b'\n');
            return inside.map(|inside| passed + inside);
        }
        passed += block.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::*;

    #[test]
    fn long_lines_are_skipped_to_the_next_newline() {
        let input = io::BufReader::with_capacity(3, &b"abcd\n\nabcde\nxy\r\nlast"[..]);
        let mut lines = Lines::new(input, 4);
        let mut seen = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            seen.push(match line {
                Line::Blank => "-".to_owned(),
                Line::TooLong => "!".to_owned(),
                Line::Text(text) => String::from_utf8_lossy(text).into_owned(),
            });
        }
        assert_eq!(seen, ["abcd", "-", "!", "xy\r", "last"]);
        assert!(lines.line.capacity() < 16);
    }
}
