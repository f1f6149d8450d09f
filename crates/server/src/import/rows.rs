//! Tables of files people save: CSV with any usual separator, or JSON; UTF-8 or the older Western
//! encoding. Columns are found by their names, whatever their order.

use serde_json::Value;

/// Most columns of a file.
const MAX_COLUMNS: usize = 200;
/// Most rows of a file: twice as many as any list that is loaded has.
pub(super) const MAX_ROWS: usize = 20_000;

/// A row: where it stands, and its values by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Line of a CSV file, place of a JSON list; for messages.
    pub place: usize,
    values: Vec<String>,
}

/// A file as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    columns: Vec<String>,
    /// The rows without the header.
    pub rows: Vec<Row>,
    /// Lines that begin with `#`, without the sign.
    pub comments: Vec<String>,
}

impl Rows {
    /// Reads a file.
    ///
    /// # Errors
    /// A sentence that names the line.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = decode(bytes)?;
        match text.trim_start().as_bytes().first() {
            Some(b'[' | b'{') => json(&text),
            Some(_) => csv(&text),
            None => Err("is empty".to_owned()),
        }
    }

    /// The column that has one of these names, the first name that is there winning. Names are folded:
    /// no accents, letters and digits only.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        names
            .iter()
            .find_map(|name| self.columns.iter().position(|column| column == name))
    }
}

impl Row {
    /// The value of a column, without the white space around it; empty when the row is too short.
    pub fn value(&self, column: usize) -> &str {
        self.values.get(column).map_or("", |value| value.trim())
    }
}

/// UTF-8 if it is, Windows-1252 otherwise.
fn decode(bytes: &[u8]) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("is UTF-16; save it as UTF-8".to_owned());
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| western(*byte)).collect(),
    };
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(control) {
        return Err("has control characters: neither UTF-8 nor Latin-1 text".to_owned());
    }
    Ok(text)
}

/// A character of Windows-1252, which is Latin-1 but for signs where that has control characters. Those
/// without a sign, and signs no list has, stay control characters, which are refused.
const fn western(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x96 => '–',
        0x97 => '—',
        other => other as char,
    }
}

/// A column's name as it is compared.
fn fold(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .map(without_accent)
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

const fn without_accent(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' => 'u',
        'ç' => 'c',
        other => other,
    }
}

fn csv(text: &str) -> Result<Rows, String> {
    let mut comments = Vec::new();
    let mut columns: Option<(char, Vec<String>)> = None;
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let place = index.saturating_add(1);
        if let Some(comment) = line.strip_prefix('#') {
            comments.push(comment.trim().to_owned());
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let at = |what: String| format!("line {place}: {what}");
        match &columns {
            None => {
                let separator = separator(line).ok_or_else(|| at("is no header".to_owned()))?;
                let names = split(line, separator).map_err(at)?;
                columns = Some((separator, names.iter().map(|name| fold(name)).collect()));
            }
            Some((separator, names)) => {
                let values = split(line, *separator).map_err(at)?;
                if values.len() > names.len() {
                    return Err(at("has more values than there are columns".to_owned()));
                }
                push(&mut rows, place, values)?;
            }
        }
    }
    let (_, columns) = columns.ok_or("has no header")?;
    Ok(Rows {
        columns,
        rows,
        comments,
    })
}

fn push(rows: &mut Vec<Row>, place: usize, values: Vec<String>) -> Result<(), String> {
    if rows.len() >= MAX_ROWS {
        return Err(format!("has more than {MAX_ROWS} rows"));
    }
    rows.push(Row { place, values });
    Ok(())
}

/// The separator that occurs most in the header.
fn separator(header: &str) -> Option<char> {
    [';', ',', '\t', '|']
        .into_iter()
        .map(|sign| (header.matches(sign).count(), sign))
        .filter(|(count, _)| *count > 0)
        .max_by_key(|(count, _)| *count)
        .map(|(_, sign)| sign)
}

/// The values of a line. A value in quotes may have the separator in it, and quotes doubled.
fn split(line: &str, separator: char) -> Result<Vec<String>, String> {
    let mut values = vec![String::new()];
    let mut is_quoted = false;
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        let Some(value) = values.last_mut() else {
            break;
        };
        match sign {
            '"' if is_quoted && signs.peek() == Some(&'"') => {
                signs.next();
                value.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if value.trim().is_empty() => {
                value.clear();
                is_quoted = true;
            }
            sign if sign == separator && !is_quoted => {
                if values.len() >= MAX_COLUMNS {
                    return Err(format!("has more than {MAX_COLUMNS} values"));
                }
                values.push(String::new());
            }
            other => value.push(other),
        }
    }
    if is_quoted {
        return Err("a quote is not closed".to_owned());
    }
    Ok(values)
}

/// A list of objects, or the features of a map with their properties.
fn json(text: &str) -> Result<Rows, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let list = match &value {
        Value::Array(list) => list,
        Value::Object(object) => object
            .get("features")
            .and_then(Value::as_array)
            .ok_or("is neither a list nor a map with features")?,
        _ => return Err("is not a list".to_owned()),
    };
    let mut columns: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (index, item) in list.iter().enumerate() {
        let place = index.saturating_add(1);
        let object = item.get("properties").unwrap_or(item);
        let object = object
            .as_object()
            .ok_or_else(|| format!("item {place}: is not an object"))?;
        let mut values = vec![String::new(); columns.len()];
        for (name, value) in object {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => continue,
            };
            if text.contains(char::is_control) {
                return Err(format!("item {place}: has control characters"));
            }
            let name = fold(name);
            match columns.iter().position(|column| *column == name) {
                Some(column) => {
                    if let Some(slot) = values.get_mut(column) {
                        *slot = text;
                    }
                }
                None if columns.len() >= MAX_COLUMNS => {
                    return Err(format!("has more than {MAX_COLUMNS} members"));
                }
                None => {
                    columns.push(name);
                    values.push(text);
                }
            }
        }
        push(&mut rows, place, values)?;
    }
    Ok(Rows {
        columns,
        rows,
        comments: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<Vec<String>> {
        let rows = Rows::read(text.as_bytes()).expect(text);
        let all = rows.rows.iter();
        all.map(|row| {
            (0..rows.columns.len())
                .map(|i| row.value(i).to_owned())
                .collect()
        })
        .collect()
    }

    #[test]
    fn separators_quotes_and_comments() {
        let expected = [["010103", "Aguada; \"de\" Cima"], ["010109", ""]];
        for text in [
            "# x\nc;n\n010103;\"Aguada; \"\"de\"\" Cima\"\n\n010109;\n",
            "c,n\r\n010103,\"Aguada; \"\"de\"\" Cima\"\r\n010109",
            "c\tn\n 010103 \t\"Aguada; \"\"de\"\" Cima\"\n010109\t",
            r#"[{"c":"010103","n":"Aguada; \"de\" Cima"},{"c":"010109","x":null}]"#,
            r#"{"features":[{"properties":{"c":"010103","n":"Aguada; \"de\" Cima"}},{"properties":{"c":"010109"}}]}"#,
        ] {
            assert_eq!(table(text), expected, "{text}");
        }
    }

    #[test]
    fn columns_are_found_by_folded_names() {
        let rows = Rows::read("Código_INE;Designação;x\n1;2;3".as_bytes()).expect("read");
        assert_eq!(rows.column(&["nome", "designacao"]), Some(1));
        assert_eq!(rows.column(&["codigoine"]), Some(0));
        assert_eq!(rows.column(&["nome"]), None);
    }

    #[test]
    fn older_encodings_are_read() {
        let latin = b"c;n\n1;S\xe3o Jo\xe3o \x96 \x93x\x94\n";
        let rows = Rows::read(latin).expect("read");
        assert_eq!(rows.rows[0].value(1), "São João – “x”");
        assert!(Rows::read(b"\xff\xfec\x00;\x00").is_err());
        assert!(Rows::read(b"c;n\n1;\x81").is_err());
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for wrong in [
            "",
            "   \n",
            "only one column\n1",
            "c;n\n1;\"open\n",
            "c;n\n1;2;3",
            "c;n\n1;\u{0}",
            "{\"a\":1}",
            "[1]",
            "[{\"a\":\"\\u0000\"}]",
            "[{",
        ] {
            assert!(Rows::read(wrong.as_bytes()).is_err(), "{wrong:?}");
        }
        let wide = ";".repeat(MAX_COLUMNS + 1);
        assert!(Rows::read(wide.as_bytes()).is_err());
        let long = format!("c;n\n{}", "1;2\n".repeat(MAX_ROWS + 1));
        assert!(Rows::read(long.as_bytes()).is_err());
        let deep = "[".repeat(100_000);
        assert!(Rows::read(deep.as_bytes()).is_err());
    }
}
