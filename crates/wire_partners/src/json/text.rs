//! Texts of JSON: escapes, and pairs of surrogates.

use super::{Reader, Wrong};

impl Reader<'_> {
    /// A text by RFC 8259, section 7. Half a surrogate pair is refused: it is no character.
    pub(super) fn string(&mut self) -> Result<String, Wrong> {
        self.take(b'"')?;
        let mut text = String::new();
        loop {
            let start = self.at;
            while self
                .peek()
                .is_some_and(|b| b != b'"' && b != b'\\' && b >= 0x20)
            {
                self.at += 1;
            }
            text.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escaped()?);
                }
                Some(_) | None => return Err(self.bad()),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Wrong> {
        let Some(byte) = self.peek() else {
            return Err(self.bad());
        };
        let plain = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.bad()),
        };
        self.at += 1;
        Ok(plain)
    }

    fn unicode(&mut self) -> Result<char, Wrong> {
        let first = self.four()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.bad());
        }
        self.take(b'\\')?;
        self.take(b'u')?;
        let second = self.four()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(self.bad());
        }
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
            .ok_or_else(|| self.bad())
    }

    fn four(&mut self) -> Result<u32, Wrong> {
        let mut value = 0_u32;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.bad());
            };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }
}
