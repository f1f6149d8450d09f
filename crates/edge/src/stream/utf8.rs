//! Whether text that comes in pieces is UTF-8.

/// Longest sequence of one character.
const LONGEST: usize = 4;

/// Looks at pieces of text; a character may be cut by the border of two.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Utf8 {
    /// The beginning of a character whose rest is to come.
    begun: [u8; LONGEST],
    length: usize,
    is_broken: bool,
}

impl Utf8 {
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        while self.length > 0 && !self.is_broken {
            let Some((first, rest)) = bytes.split_first() else {
                return;
            };
            bytes = rest;
            // At most three bytes are kept waiting, so there is room for one more.
            self.begun[self.length] = *first;
            self.length += 1;
            match std::str::from_utf8(&self.begun[..self.length]) {
                Ok(_) => self.length = 0,
                Err(error) => self.is_broken = error.error_len().is_some(),
            }
        }
        if self.is_broken {
            return;
        }
        let Err(error) = std::str::from_utf8(bytes) else {
            return;
        };
        let cut = &bytes[error.valid_up_to()..];
        if error.error_len().is_some() || cut.len() >= LONGEST {
            self.is_broken = true;
        } else {
            self.begun[..cut.len()].copy_from_slice(cut);
            self.length = cut.len();
        }
    }

    /// Whether all of it was UTF-8, the last character whole.
    pub(super) fn is_whole(&self) -> bool {
        !self.is_broken && self.length == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_judged_like_the_whole() {
        let texts: [&[u8]; 11] = [
            b"",
            b"plain",
            "é€😀x".as_bytes(),
            b"\xC3",
            b"\xE2\x82",
            b"\xF0\x9F\x98",
            b"\xED\xA0\x80",
            b"\xFF",
            b"a\x80b",
            b"\xC3x",
            b"\xF4\x90\x80\x80",
        ];
        for text in texts {
            let whole = std::str::from_utf8(text).is_ok();
            for size in 1..=5 {
                let mut check = Utf8::default();
                text.chunks(size).for_each(|piece| check.push(piece));
                assert_eq!(check.is_whole(), whole, "{text:?} in pieces of {size}");
            }
        }
    }
}
