//! The inside of a JSON string, as it comes.

/// Reads to the end of one string and undoes its escapes, as strictly as the parser of documents.
#[derive(Debug, Default)]
pub(super) struct Unescape {
    stage: Stage,
    /// The first half of a character of two.
    high: Option<u32>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[default]
    Plain,
    /// After a backslash.
    Escape,
    /// After `\u` and this many digits.
    Digits { read: u8, value: u32 },
    /// The string is malformed; only its end is looked for.
    Broken { escaped: bool },
}

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    /// How much of it belonged to the string, the closing quote included.
    pub(super) length: usize,
    /// Whether the closing quote was met.
    pub(super) is_end: bool,
    /// Whether it is in this piece that the string turned out to be malformed.
    pub(super) turned_bad: bool,
}

impl Unescape {
    /// Reads a piece and appends what it says.
    pub(super) fn read(&mut self, piece: &[u8], to: &mut Vec<u8>) -> Taken {
        let mut at = 0;
        let mut turned_bad = false;
        let mut is_end = false;
        while let (false, Some(byte)) = (is_end, piece.get(at)) {
            let was_bad = self.is_bad();
            if self.stage == Stage::Plain && self.high.is_none() {
                let run = plain_length(&piece[at..]);
                to.extend_from_slice(&piece[at..at + run]);
                at += run;
                if run > 0 {
                    continue;
                }
            }
            is_end = self.step(*byte, to);
            at += 1;
            turned_bad |= self.is_bad() && !was_bad;
        }
        Taken {
            length: at,
            is_end,
            turned_bad,
        }
    }

    fn is_bad(&self) -> bool {
        matches!(self.stage, Stage::Broken { .. })
    }

    /// One byte that is not plain text; says whether it was the closing quote.
    fn step(&mut self, byte: u8, to: &mut Vec<u8>) -> bool {
        const BAD: Stage = Stage::Broken { escaped: false };
        match self.stage {
            Stage::Plain => match byte {
                b'\\' => self.stage = Stage::Escape,
                // Half a character cannot stand alone.
                b'"' if self.high.is_some() => {
                    self.stage = BAD;
                    return true;
                }
                b'"' => return true,
                _ => self.stage = BAD,
            },
            Stage::Escape => self.escape(byte, to),
            Stage::Digits { read, value } => match char::from(byte).to_digit(16) {
                Some(digit) if read == 3 => self.unit(value * 16 + digit, to),
                Some(digit) => {
                    self.stage = Stage::Digits {
                        read: read + 1,
                        value: value * 16 + digit,
                    };
                }
                None => {
                    self.stage = BAD;
                    return byte == b'"';
                }
            },
            Stage::Broken { escaped } => {
                self.stage = Stage::Broken {
                    escaped: byte == b'\\' && !escaped,
                };
                return byte == b'"' && !escaped;
            }
        }
        false
    }

    fn escape(&mut self, byte: u8, to: &mut Vec<u8>) {
        let plain = match byte {
            b'u' => {
                self.stage = Stage::Digits { read: 0, value: 0 };
                return;
            }
            b'"' | b'\\' | b'/' => byte,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            _ => {
                self.stage = Stage::Broken { escaped: false };
                return;
            }
        };
        self.stage = if self.high.is_some() {
            Stage::Broken { escaped: false }
        } else {
            to.push(plain);
            Stage::Plain
        };
    }

    /// One unit of UTF-16.
    fn unit(&mut self, unit: u32, to: &mut Vec<u8>) {
        self.stage = Stage::Plain;
        let code = match (self.high.take(), unit) {
            (None, 0xD800..0xDC00) => {
                self.high = Some(unit);
                return;
            }
            (Some(high), 0xDC00..0xE000) => 0x1_0000 + ((high - 0xD800) << 10) + (unit - 0xDC00),
            (Some(_), _) => u32::MAX,
            (None, unit) => unit,
        };
        match char::from_u32(code) {
            Some(c) => to.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => self.stage = Stage::Broken { escaped: false },
        }
    }
}

/// How much of a piece is neither quote, backslash nor control character.
fn plain_length(piece: &[u8]) -> usize {
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    piece.iter().position(special).unwrap_or(piece.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the parser of documents makes of the same string.
    fn parsed(inside: &[u8]) -> Option<String> {
        let document = [b"\"", inside, b"\""].concat();
        serde_json::from_slice(&document).ok()
    }

    fn read(inside: &[u8], size: usize) -> Option<String> {
        let document = [inside, b"\""].concat();
        let (mut reading, mut said) = (Unescape::default(), Vec::new());
        let mut is_bad = false;
        let mut pieces = document.chunks(size);
        let ended = pieces.any(|piece| {
            let taken = reading.read(piece, &mut said);
            is_bad |= taken.turned_bad;
            taken.is_end
        });
        assert!(ended, "{inside:?}");
        (!is_bad).then(|| String::from_utf8(said).ok()).flatten()
    }

    #[test]
    fn strings_read_as_the_parser_reads_them() {
        let insides: [&[u8]; 25] = [
            b"",
            b"plain text",
            b"a\\/b\\\\c\\\"d",
            b"\\b\\f\\n\\r\\t",
            b"\\u0041\\u00e9\\u20AC\\u0000",
            b"\\ud83d\\ude00",
            "é€😀".as_bytes(),
            b"\\ud83d",
            b"\\ude00",
            b"\\ud83dx",
            b"\\ud83d\\n",
            b"\\ud83d\\ud83d",
            b"\\ud83d\\u0041",
            b"\\q",
            b"\\u12",
            b"\\u12g4",
            b"\\uD83D\\",
            b"a\nb",
            b"a\0b",
            b"\t",
            b"\\U0041",
            b"\\'",
            b"x\\u00",
            b"\\u 041",
            b"\\ud83d\\ude0",
        ];
        for inside in insides {
            // A backslash at the end takes the quote with it: no string, for either.
            if inside.ends_with(b"\\") {
                continue;
            }
            for size in [1, 2, 3, 7, 100] {
                let text = String::from_utf8_lossy(inside);
                assert_eq!(read(inside, size), parsed(inside), "{text} by {size}");
            }
        }
    }

    #[test]
    fn the_end_is_found_behind_a_malformed_part() {
        let (mut reading, mut said) = (Unescape::default(), Vec::new());
        let taken = reading.read(b"a\\qb\\\"c\\\\\"rest", &mut said);
        assert_eq!(
            (taken.length, taken.is_end, taken.turned_bad),
            (10, true, true)
        );
    }
}
