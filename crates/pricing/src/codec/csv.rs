//! Comma-separated values after RFC 4180: cells may stand between quotes, a quote within is doubled.
//! Blanks around unquoted cells, empty lines and lines that begin with `#` are left out.

use std::borrow::Cow;

/// Most cells a line may have.
pub(super) const MAX_CELLS: usize = 300;
/// What a cell begins with that spreadsheets take for a formula.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A line with its number, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

/// Reads a text, at most `most` lines with cells.
///
/// # Errors
/// The line at fault and what is wrong there.
pub(super) fn read(text: &str, most: usize) -> Result<Vec<Record>, (usize, String)> {
    read_narrow(text, most, MAX_CELLS)
}

/// As [`read`], with at most `widest` cells in a line.
pub(super) fn read_narrow(
    text: &str,
    most: usize,
    widest: usize,
) -> Result<Vec<Record>, (usize, String)> {
    // Spreadsheets begin their files with a byte order mark.
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1_usize;
    let mut records = Vec::new();
    while !rest.is_empty() {
        let first = rest.split('\n').next().unwrap_or_default();
        if first.trim().is_empty() || first.starts_with('#') {
            rest = rest
                .get(first.len().saturating_add(1)..)
                .unwrap_or_default();
            line = line.saturating_add(1);
            continue;
        }
        if records.len() >= most {
            return Err((line, format!("more than {most} lines")));
        }
        let (cells, after) = record(rest, widest).map_err(|what| (line, what))?;
        let used = rest.len().saturating_sub(after.len());
        let lines = rest.get(..used).unwrap_or_default().matches('\n').count();
        records.push(Record { line, cells });
        line = line.saturating_add(lines);
        rest = after;
    }
    Ok(records)
}

/// One record and what follows it.
fn record(mut rest: &str, widest: usize) -> Result<(Vec<String>, &str), String> {
    let mut cells = Vec::new();
    loop {
        if cells.len() >= widest {
            return Err(format!("more than {widest} cells"));
        }
        let trimmed = rest.trim_start_matches([' ', '\t']);
        let (cell, after) = match trimmed.strip_prefix('"') {
            Some(quoted) => quoted_cell(quoted)?,
            None => plain_cell(trimmed)?,
        };
        cells.push(cell);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => {
                let after = after.strip_prefix('\r').unwrap_or(after);
                return match after.strip_prefix('\n') {
                    Some(next) => Ok((cells, next)),
                    None if after.is_empty() => Ok((cells, after)),
                    None => Err("text after a closing quote".to_owned()),
                };
            }
        }
    }
}

fn plain_cell(text: &str) -> Result<(String, &str), String> {
    let end = text.find([',', '\n']).unwrap_or(text.len());
    let (cell, after) = text.split_at(end);
    if cell.contains('"') {
        return Err("a quote within a cell that does not begin with one".to_owned());
    }
    Ok((cell.trim().to_owned(), after))
}

fn quoted_cell(mut text: &str) -> Result<(String, &str), String> {
    let mut cell = String::new();
    loop {
        let (inside, after) = text.split_once('"').ok_or("a quote is not closed")?;
        cell.push_str(inside);
        match after.strip_prefix('"') {
            Some(next) => {
                cell.push('"');
                text = next;
            }
            None => return Ok((cell, after.trim_start_matches([' ', '\t']))),
        }
    }
}

/// Writes a line.
pub(super) fn write<'c>(out: &mut String, cells: impl IntoIterator<Item = &'c str>) {
    let mut cells = cells.into_iter().peekable();
    let mut is_first = true;
    while let Some(cell) = cells.next() {
        if !is_first {
            out.push(',');
        }
        // Neither an empty line nor one that begins like a comment.
        let hides = cell.starts_with('#') || (cell.is_empty() && cells.peek().is_none());
        let needs_quotes =
            cell.contains([',', '"', '\n', '\r']) || cell.trim() != cell || (is_first && hides);
        is_first = false;
        if needs_quotes {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}

/// A text as a cell that no spreadsheet takes for a formula: behind an apostrophe when it begins like
/// one. Numbers stay as they are.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    let is_number = !text.starts_with('\'') && text.parse::<f64>().is_ok_and(f64::is_finite);
    if begins_like_formula(text) && !is_number {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text [`guarded`] made a cell of.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if begins_like_formula(text) => text,
        Some(_) | None => cell,
    }
}

/// Apostrophes before it do not count, so that those of a text are told from the one of a cell.
fn begins_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text, 100)
            .unwrap()
            .into_iter()
            .map(|r| r.cells)
            .collect()
    }

    #[test]
    fn quotes_blanks_comments_and_line_ends_are_understood() {
        let text = "\u{feff}a, b ,\"c,\"\"d\"\"\"\r\n# note\n\n\"x\ny\" ,z,\n";
        assert_eq!(
            cells(text),
            [vec!["a", "b", "c,\"d\""], vec!["x\ny", "z", ""]]
        );
        let lines = read(text, 100).unwrap();
        assert_eq!((lines[0].line, lines[1].line), (1, 4));
        assert_eq!(read("", 1), Ok(vec![]));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let rows = [
            vec!["#a", "b,c", " d", "e\"f", "g\nh", ""],
            vec!["", ""],
            vec!["x"],
        ];
        let mut text = String::new();
        for row in &rows {
            write(&mut text, row.iter().copied());
        }
        assert_eq!(cells(&text), rows);
    }

    #[test]
    fn no_text_goes_out_as_a_formula() {
        for (text, cell) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+1 (2)", "'+1 (2)"),
            ("-", "'-"),
            ("-0.25", "-0.25"),
            ("@x", "'@x"),
            ("＝x", "'＝x"),
            ("'=x", "''=x"),
            ("'-5", "''-5"),
            ("'quoted'", "'quoted'"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), cell);
            assert_eq!(unguarded(cell), text);
        }
    }

    #[test]
    fn a_broken_file_is_refused() {
        for (text, line) in [("a\n\"b", 2), ("a\"b", 1), ("\"a\"b", 1), ("a\nb\nc", 3)] {
            assert_eq!(read(text, 2).unwrap_err().0, line, "{text}");
        }
        assert!(read(&",".repeat(400), 2).is_err());
    }
}
