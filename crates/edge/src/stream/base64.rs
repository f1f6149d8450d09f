//! Base64 as it comes, in pieces of any size.

/// How many significant characters may precede the comma of a data address.
const LONGEST_PREFIX: usize = 128;

/// How a data address begins.
const SCHEME: &[u8] = b"data:";

/// The content is not base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotBase64;

/// A decoder of one content.
///
/// Takes both alphabets (RFC 4648, sections 4 and 5), padded or not, with white space anywhere, and a
/// `data:…;base64,` in front. Everything else is [`NotBase64`], from then on for good. Bits beyond the
/// last byte are not looked at.
#[derive(Debug, Clone)]
pub struct Base64 {
    spaces_are_plus: bool,
    stage: Stage,
    /// Characters that may yet turn out to be a data address; decoded once they cannot be.
    prefix: Vec<u8>,
    /// Up to three characters that make no three bytes yet, six bits each.
    bits: u32,
    held: u8,
    padding: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing tells yet whether this is a data address.
    Beginning,
    /// Between `data:` and the comma.
    Address,
    Text,
    Broken,
}

impl Base64 {
    /// A decoder. In a urlencoded form a plus sign that was not escaped arrives as a space, so there a
    /// space has to be taken for one.
    pub fn new(spaces_are_plus: bool) -> Self {
        Self {
            spaces_are_plus,
            stage: Stage::Beginning,
            prefix: Vec::new(),
            bits: 0,
            held: 0,
            padding: 0,
        }
    }

    /// Decodes a piece and appends its bytes.
    ///
    /// # Errors
    /// [`NotBase64`], for this piece and all that follow.
    pub fn push(&mut self, piece: &[u8], to: &mut Vec<u8>) -> Result<(), NotBase64> {
        let mut rest = piece;
        while let Some((byte, after)) = rest.split_first() {
            match self.stage {
                Stage::Broken => return Err(NotBase64),
                Stage::Text => {
                    self.text(rest, to)?;
                    return Ok(());
                }
                Stage::Beginning | Stage::Address => self.begin(*byte, to)?,
            }
            rest = after;
        }
        if self.stage == Stage::Broken {
            return Err(NotBase64);
        }
        Ok(())
    }

    /// Decodes what is left at the end.
    ///
    /// # Errors
    /// [`NotBase64`] when the end does not fit: one character left over, wrong padding, an unfinished
    /// data address.
    pub fn finish(mut self, to: &mut Vec<u8>) -> Result<(), NotBase64> {
        match self.stage {
            Stage::Broken | Stage::Address => return Err(NotBase64),
            Stage::Beginning => self.no_address(to)?,
            Stage::Text => {}
        }
        let is_padded = self.padding == 0 || self.held + self.padding == 4;
        let [_, first, second, _] = self.bits.to_be_bytes();
        match (is_padded, self.held) {
            (true, 0) if self.padding == 0 => Ok(()),
            (true, 2) => {
                // Twelve bits, of which the upper eight count.
                let [_, _, high, low] = self.bits.to_be_bytes();
                to.push(high << 4 | low >> 4);
                Ok(())
            }
            (true, 3) => {
                // Eighteen bits, of which the upper sixteen count.
                let [_, _, _, third] = self.bits.to_be_bytes();
                to.push(first << 6 | second >> 2);
                to.push(second << 6 | third >> 2);
                Ok(())
            }
            _ => Err(NotBase64),
        }
    }

    fn broken(&mut self) -> NotBase64 {
        self.stage = Stage::Broken;
        NotBase64
    }

    /// One character while it is open whether a data address stands in front.
    fn begin(&mut self, byte: u8, to: &mut Vec<u8>) -> Result<(), NotBase64> {
        if self.stage == Stage::Beginning {
            let is_plus = byte == b' ' && self.spaces_are_plus;
            if is_blank(byte) && !is_plus && self.prefix.is_empty() {
                return Ok(());
            }
            self.prefix.push(byte);
            let is_scheme = |text: &[u8]| {
                let begun = SCHEME.get(..text.len());
                begun.is_some_and(|begun| begun.eq_ignore_ascii_case(text))
            };
            if !is_scheme(&self.prefix) {
                return self.no_address(to);
            }
            if self.prefix.len() == SCHEME.len() {
                self.stage = Stage::Address;
            }
            return Ok(());
        }
        if byte != b',' {
            self.prefix.push(byte);
            if self.prefix.len() > LONGEST_PREFIX {
                return Err(self.broken());
            }
            return Ok(());
        }
        let marker = self.prefix.rsplit(|b| *b == b';').next();
        let is_base64 = marker.is_some_and(|m| m.trim_ascii().eq_ignore_ascii_case(b"base64"));
        if !is_base64 || !self.prefix.contains(&b';') {
            return Err(self.broken());
        }
        self.prefix = Vec::new();
        self.stage = Stage::Text;
        Ok(())
    }

    /// What was held back is ordinary text.
    fn no_address(&mut self, to: &mut Vec<u8>) -> Result<(), NotBase64> {
        self.stage = Stage::Text;
        let begun = std::mem::take(&mut self.prefix);
        self.text(&begun, to)
    }

    fn text(&mut self, piece: &[u8], to: &mut Vec<u8>) -> Result<(), NotBase64> {
        to.reserve(piece.len() / 4 * 3 + 3);
        for byte in piece {
            let value = match SEXTETS[usize::from(*byte)] {
                sextet @ 0..=63 if self.padding == 0 => sextet,
                PADDING if self.padding < 2 && self.held >= 2 => {
                    self.padding += 1;
                    continue;
                }
                SPACE if self.spaces_are_plus && self.padding == 0 => PLUS,
                SPACE | BLANK => continue,
                _ => return Err(self.broken()),
            };
            self.bits = self.bits << 6 | u32::from(value);
            self.held += 1;
            if self.held == 4 {
                let [_, first, second, third] = self.bits.to_be_bytes();
                to.extend_from_slice(&[first, second, third]);
                (self.bits, self.held) = (0, 0);
            }
        }
        Ok(())
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// What a character stands for: six bits, or one of the marks below.
const SEXTETS: [u8; 256] = sextets();
const PLUS: u8 = 62;
const PADDING: u8 = 64;
const SPACE: u8 = 65;
const BLANK: u8 = 66;
const OTHER: u8 = 67;

const fn sextets() -> [u8; 256] {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [OTHER; 256];
    let mut value = 0_u8;
    while value < 64 {
        table[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    table[b'-' as usize] = PLUS;
    table[b'_' as usize] = 63;
    table[b'=' as usize] = PADDING;
    table[b' ' as usize] = SPACE;
    table[b'\t' as usize] = BLANK;
    table[b'\r' as usize] = BLANK;
    table[b'\n' as usize] = BLANK;
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &[u8], size: usize, spaces_are_plus: bool) -> Option<Vec<u8>> {
        let mut decoder = Base64::new(spaces_are_plus);
        let mut bytes = Vec::new();
        for piece in text.chunks(size) {
            decoder.push(piece, &mut bytes).ok()?;
        }
        decoder.finish(&mut bytes).ok()?;
        Some(bytes)
    }

    #[track_caller]
    fn is(text: &str, expected: Option<&[u8]>) {
        for size in [1, 2, 3, 5, 1000] {
            let decoded = decode(text.as_bytes(), size, false);
            assert_eq!(decoded.as_deref(), expected, "{text} in pieces of {size}");
        }
    }

    /// RFC 4648, section 10.
    #[test]
    fn published_examples() {
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
        ] {
            is(text, Some(bytes.as_bytes()));
            is(text.trim_end_matches('='), Some(bytes.as_bytes()));
        }
    }

    #[test]
    fn both_alphabets_white_space_and_addresses() {
        is("+/+/-_-_", Some(&[0xFB, 0xFF, 0xBF, 0xFB, 0xFF, 0xBF]));
        is(" Z\r\nm\t9v \r\n", Some(b"foo"));
        is("Zg= =\r\n", Some(b"f"));
        is("data:application/pdf;base64,Zm9v", Some(b"foo"));
        is("\r\nData:;Base64,Zm9v", Some(b"foo"));
        is("data:application/pdf;x=1;base64,", Some(b""));
        // A word that only begins like an address.
        is("data", Some(&[0x75, 0xAB, 0x5A]));
        is("dat+", Some(&[0x75, 0xAB, 0x7E]));
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "Z",
            "Zm9vY",
            "Zg=",
            "Zg===",
            "Zm8==",
            "=",
            "====",
            "Zm9v=",
            "Zg==Zm9v",
            "Zm9v!",
            "Zm\u{0}9v",
            "Zm9vé",
            "data:",
            "data:application/pdf",
            "data:base64,Zm9v",
            "data:application/pdf,Zm9v",
            "data:application/pdf;base64;charset=x,Zm9v",
            "xdata:;base64,Zm9v",
        ] {
            is(text, None);
        }
        is(&format!("data:{};base64,", "x".repeat(200)), None);
    }

    #[test]
    fn a_space_of_a_urlencoded_form_is_a_plus_sign() {
        assert_eq!(decode(b"  /x", 1, true), decode(b"++/x", 9, false));
        assert_eq!(decode(b"Zg==\r\n", 9, true).as_deref(), Some(&b"f"[..]));
        assert_eq!(decode(b"\r\nZg==", 9, true).as_deref(), Some(&b"f"[..]));
    }

    #[test]
    fn broken_stays_broken() {
        let mut decoder = Base64::new(false);
        let mut bytes = Vec::new();
        assert_eq!(decoder.push(b"Zm9v!", &mut bytes), Err(NotBase64));
        assert_eq!(decoder.push(b"Zm9v", &mut bytes), Err(NotBase64));
        assert_eq!(decoder.finish(&mut bytes), Err(NotBase64));
    }

    #[test]
    fn every_length_comes_back() {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bytes: Vec<u8> = (0..=255_u8).cycle().take(600).collect();
        for length in 0..bytes.len() {
            let mut text = Vec::new();
            for group in bytes[..length].chunks(3) {
                let at = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
                let bits = at(0) << 16 | at(1) << 8 | at(2);
                for n in 0..=group.len() {
                    let index = (bits >> (18 - 6 * n)) & 63;
                    text.push(ALPHABET[usize::try_from(index).unwrap()]);
                }
            }
            for size in [1, 7, 4096] {
                let decoded = decode(&text, size, false);
                assert_eq!(decoded.as_deref(), Some(&bytes[..length]));
            }
        }
    }
}
