//! Rows of separated text, as offices publish it: commas, semicolons, bars or tabs; quoted cells
//! that may hold separators and line ends; any of the three line ends.

use std::borrow::Cow;

use super::{ImportError, MAX_INPUT};

/// Most rows of a file.
const MAX_ROWS: usize = 400_000;
/// Most cells of a file: twice what the longest series with all its columns has.
const MAX_ALL_CELLS: usize = 2_500_000;
/// Most cells of a row.
const MAX_CELLS: usize = 128;
/// Longest cell, in bytes.
const MAX_CELL: usize = 4096;
/// How much of a file is looked at to find its separator.
const SAMPLE: usize = 8192;
/// Rows between two reports of progress.
const PROGRESS_ROWS: usize = 512;

/// One row that has something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Line it begins on, from 1.
    pub(super) line: usize,
    /// Its cells, without the white space around them.
    pub(super) cells: Vec<String>,
}

impl Row {
    /// A cell; empty when the row is shorter.
    pub(super) fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", String::as_str)
    }
}

/// Bytes as text. Names in an older encoding do no harm, since only figures are used; what is no
/// separated text at all is refused by name.
pub(super) fn decode(input: &[u8]) -> Result<Cow<'_, str>, ImportError> {
    if input.len() > MAX_INPUT {
        let what = format!("the file is larger than {MAX_INPUT} bytes");
        return Err(ImportError::whole(what));
    }
    let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    let kind = match input {
        [b'P', b'K', 3, 4, ..] => {
            "the file is a spreadsheet (XLSX): save it as CSV (in Excel or LibreOffice: File, Save As, CSV)"
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "the file is a spreadsheet (XLS): save it as CSV",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the file is UTF-16 text: save it as UTF-8",
        [b'%', b'P', b'D', b'F', ..] => "the file is a PDF document, not separated text",
        [0x1f, 0x8b, ..] => "the file is compressed: unpack it first",
        _ if input.trim_ascii_start().starts_with(b"<") => {
            "the file is a web page or XML, not separated text"
        }
        _ if input.trim_ascii_start().starts_with(b"{") => "the file is JSON, not separated text",
        _ if input.contains(&0) => "the file is not text",
        _ if input.trim_ascii().is_empty() => "the file is empty",
        _ => return Ok(String::from_utf8_lossy(input)),
    };
    Err(ImportError::whole(kind))
}

/// The separator: the candidate seen most often outside quotes at the beginning of the file.
fn separator(text: &str) -> u8 {
    let mut counts = [(b'|', 0_usize), (b'\t', 0), (b';', 0), (b',', 0)];
    let mut in_quotes = false;
    for byte in text.bytes().take(SAMPLE) {
        if byte == b'"' {
            in_quotes = !in_quotes;
        } else if !in_quotes && let Some(found) = counts.iter_mut().find(|(c, _)| *c == byte) {
            found.1 += 1;
        }
    }
    // The last of equals: a comma.
    counts
        .iter()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(candidate, _)| *candidate)
}

/// All rows with something in them, and the separator.
pub(super) fn rows(
    text: &str,
    progress: &mut dyn FnMut(usize),
) -> Result<(Vec<Row>, u8), ImportError> {
    let separator = separator(text);
    let mut reader = Reader {
        text,
        separator,
        at: 0,
        line: 1,
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut cells = 0;
    while let Some(row) = reader.row()? {
        if row.cells.iter().all(String::is_empty) {
            continue;
        }
        cells += row.cells.len();
        if rows.len() == MAX_ROWS || cells > MAX_ALL_CELLS {
            let what = format!("the file has more than {MAX_ROWS} rows or {MAX_ALL_CELLS} cells");
            return Err(ImportError::at(row.line, what));
        }
        if rows.len().is_multiple_of(PROGRESS_ROWS) {
            progress(reader.at);
        }
        rows.push(row);
    }
    progress(text.len());
    Ok((rows, separator))
}

struct Reader<'a> {
    text: &'a str,
    separator: u8,
    at: usize,
    line: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next row, none at the end of the text.
    fn row(&mut self) -> Result<Option<Row>, ImportError> {
        if self.peek().is_none() {
            return Ok(None);
        }
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            if cells.len() == MAX_CELLS {
                let what = format!("the row has more than {MAX_CELLS} columns");
                return Err(ImportError::at(line, what));
            }
            let cell = self.cell(line)?;
            if cell.len() > MAX_CELL {
                let what = format!("the text is longer than {MAX_CELL} bytes");
                let column = (cells.len() + 1).to_string();
                return Err(ImportError::cell(line, column, what));
            }
            cells.push(cell);
            match self.peek() {
                Some(byte) if byte == self.separator => self.at += 1,
                _ => break,
            }
        }
        self.end_line();
        Ok(Some(Row { line, cells }))
    }

    fn cell(&mut self, line: usize) -> Result<String, ImportError> {
        let start = self.at;
        while matches!(self.peek(), Some(b' ')) {
            self.at += 1;
        }
        if self.peek() == Some(b'"') {
            return self.quoted_cell(line);
        }
        self.at = start;
        while let Some(byte) = self.peek() {
            if byte == self.separator || byte == b'\n' || byte == b'\r' {
                break;
            }
            self.at += 1;
        }
        // Separators and line ends are ASCII, so both ends lie between characters.
        let cell = self.text.get(start..self.at).unwrap_or_default();
        Ok(cell.trim().to_owned())
    }

    fn quoted_cell(&mut self, line: usize) -> Result<String, ImportError> {
        let opened = self.line;
        self.at += 1;
        let mut cell = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), Some(b'"') | None) {
                if self.peek() == Some(b'\n') {
                    self.line += 1;
                }
                self.at += 1;
            }
            cell.push_str(self.text.get(start..self.at).unwrap_or_default());
            if self.peek().is_none() {
                return Err(ImportError::at(opened, "a quotation mark is never closed"));
            }
            self.at += 1;
            if self.peek() != Some(b'"') {
                break;
            }
            cell.push('"');
            self.at += 1;
        }
        while matches!(self.peek(), Some(b' ')) {
            self.at += 1;
        }
        match self.peek() {
            None | Some(b'\n' | b'\r') => {}
            Some(byte) if byte == self.separator => {}
            Some(_) => {
                return Err(ImportError::at(
                    line,
                    "text follows a closing quotation mark",
                ));
            }
        }
        Ok(cell.trim().to_owned())
    }

    fn end_line(&mut self) {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
        }
        self.line += 1;
    }
}

/// The beginning of a cell, in quotation marks, for messages.
pub(super) fn start(cell: &str) -> String {
    format!("{:?}", cell.chars().take(24).collect::<String>())
}

/// A heading reduced to its letters and digits: `One-Unit\nLimit` and `One_Unit Limit` are the same.
pub(super) fn heading(cell: &str) -> String {
    let kept = cell.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(usize, Vec<String>)>, ImportError> {
        let (rows, _) = rows(text, &mut |_| {})?;
        Ok(rows.into_iter().map(|row| (row.line, row.cells)).collect())
    }

    #[test]
    fn quoted_cells_hold_separators_quotes_and_line_ends() {
        let rows = read("\"a\nb\",\"1,2\"\r\n\r\n x , \"\"\"q\"\" \" \rlast,\n").unwrap();
        let cells: Vec<_> = rows.iter().map(|(_, cells)| cells.as_slice()).collect();
        assert_eq!(cells[0], ["a\nb", "1,2"]);
        assert_eq!(cells[1], ["x", "\"q\""]);
        assert_eq!(cells[2], ["last", ""]);
        assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [1, 4, 5]);
    }

    #[test]
    fn broken_quotes_and_endless_rows_are_refused() {
        assert_eq!(read("a,b\n\"c,d\n").unwrap_err().line, Some(2));
        assert_eq!(read("a,b\n\"c\"d,e").unwrap_err().line, Some(2));
        assert!(read(&",".repeat(200)).is_err());
        assert!(read(&format!("{},b", "a".repeat(5000))).is_err());
    }

    #[test]
    fn the_separator_is_found() {
        let found = |text| super::separator(text);
        assert_eq!(found("01|001|A, B|AL\n"), b'|');
        assert_eq!(found("2024-01-02;3,905;\n2024-01-03;3,9;"), b';');
        assert_eq!(found("\"a;b;c\",\"d\"\n"), b',');
        assert_eq!(found("plain"), b',');
    }

    #[test]
    fn what_is_no_separated_text_is_named() {
        for (bytes, named) in [
            (&b"PK\x03\x04rest"[..], "XLSX"),
            (b"\xff\xfea\0", "UTF-16"),
            (b" <!DOCTYPE html>", "web page"),
            (b"{\"a\":1}", "JSON"),
            (b"a,b\0", "not text"),
            (b" \r\n", "empty"),
        ] {
            let error = decode(bytes).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
        assert_eq!(decode(b"\xef\xbb\xbfa").unwrap(), "a");
        assert_eq!(decode(b"DO\xd1A").unwrap(), "DO\u{fffd}A");
    }
}
