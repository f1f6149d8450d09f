//! Whether bytes that come in piece by piece are a PDF.
//!
//! A look, not a parser: `%PDF-` at the beginning, behind white space at most, `%%EOF` within the last
//! 2048 bytes, as readers insist on, and the beginning of an indirect object somewhere. Readers take
//! other bytes before the header, too; but a file that is a page for a browser first is none for us. What passes may still be
//! broken; what fails is no PDF. Nothing of the file is interpreted, so nothing in it can do harm.

/// The header lies within so many bytes from the beginning, behind nothing but white space.
const HEAD_BYTES: usize = 1024;
/// The end mark lies within so many bytes from the end.
const TAIL_BYTES: usize = 2048;
const HEADER: &[u8] = b"%PDF-";
const END: &[u8] = b"%%EOF";

/// A look at a file that is still coming in. The verdict depends on the bytes only, never on how
/// they were cut into pieces. Holds some four kibibytes.
#[derive(Debug, Default)]
pub struct PdfLook {
    /// The first bytes, at most [`HEAD_BYTES`].
    head: Vec<u8>,
    /// The last bytes: [`TAIL_BYTES`] at least once so many came, twice as many at most.
    tail: Vec<u8>,
    object: ObjectLook,
}

impl PdfLook {
    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        let room = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend_from_slice(&bytes[..room.min(bytes.len())]);
        self.object.push(bytes);
        if bytes.len() >= TAIL_BYTES {
            self.tail.clear();
            self.tail.extend_from_slice(last(bytes));
        } else {
            self.tail.extend_from_slice(bytes);
            if self.tail.len() > 2 * TAIL_BYTES {
                let from = self.tail.len() - TAIL_BYTES;
                self.tail.drain(..from);
            }
        }
    }

    /// Whether what came so far is a PDF.
    #[must_use]
    pub fn is_pdf(&self) -> bool {
        begins(&self.head) && self.object == ObjectLook::Found && holds(last(&self.tail), END)
    }
}

fn last(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.len().saturating_sub(TAIL_BYTES)..]
}

/// Whether the header comes first, a byte order mark and white space apart.
fn begins(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let blank = head.iter().take_while(|byte| is_space(**byte)).count();
    head[blank..].starts_with(HEADER)
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// How much of `12 0 obj` the last bytes are: two whole numbers and the word, with white space
/// between, and white space or a delimiter behind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum ObjectLook {
    #[default]
    Nothing,
    Number,
    NumberSpace,
    Generation,
    GenerationSpace,
    O,
    Ob,
    Obj,
    Found,
}

impl ObjectLook {
    fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if *self == Self::Found {
                return;
            }
            *self = self.after(*byte);
        }
    }

    const fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Obj, b) if is_space(b) || is_delimiter(b) => Self::Found,
            (Self::NumberSpace | Self::Generation | Self::GenerationSpace, b'0'..=b'9') => {
                // The last two numbers count: in `5 12 0 obj` the 5 is somebody else's.
                Self::Generation
            }
            (_, b'0'..=b'9') => Self::Number,
            (Self::Number | Self::NumberSpace, b) if is_space(b) => Self::NumberSpace,
            (Self::Generation | Self::GenerationSpace, b) if is_space(b) => Self::GenerationSpace,
            (Self::GenerationSpace, b'o') => Self::O,
            (Self::O, b'b') => Self::Ob,
            (Self::Ob, b'j') => Self::Obj,
            _ => Self::Nothing,
        }
    }
}

/// White space as ISO 32000-1, table 1, has it.
const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

/// Delimiters as ISO 32000-1, table 2, has them.
const fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SMALL: &[u8] =
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< >>\n%%EOF\n";

    fn looked(bytes: &[u8]) -> bool {
        let mut look = PdfLook::default();
        look.push(bytes);
        look.is_pdf()
    }

    #[test]
    fn a_pdf_is_one_also_with_bytes_before_and_behind() {
        assert!(looked(SMALL));
        let before = [&[b'\n'; HEAD_BYTES - 5][..], SMALL].concat();
        assert!(looked(&before));
        let behind = [SMALL, &[0; TAIL_BYTES - 6]].concat();
        assert!(looked(&behind));
        let long = [SMALL, &[b'y'; 100_000], b"%%EOF"].concat();
        assert!(looked(&long));
    }

    #[test]
    fn what_lacks_a_part_is_none() {
        let too_late = [&[b' '; HEAD_BYTES - 4][..], SMALL].concat();
        let page_first = [b"<script>1</script>", SMALL].concat();
        let too_early = [SMALL, &[0; TAIL_BYTES - 5]].concat();
        let without = |part: &str| {
            let text = String::from_utf8_lossy(SMALL).replace(part, "");
            text.into_bytes()
        };
        for bytes in [
            Vec::new(),
            b"%PDF-".to_vec(),
            b"%%EOF".to_vec(),
            b"%PDF-1.7\n%%EOF".to_vec(),
            b"%PDF-1.7 1 0 object %%EOF".to_vec(),
            b"%PDF-1.7\nx 1 obj %%EOF".to_vec(),
            b"%PDF-1.7 1 0 ob %%EOF".to_vec(),
            b"PK\x03\x04 a zip with 1 0 obj %%EOF".to_vec(),
            b"<html>%PDF 1 0 obj %%EOF".to_vec(),
            without("%PDF-"),
            without("1 0 obj"),
            without("%%EOF"),
            too_late,
            page_first,
            too_early,
        ] {
            assert!(!looked(&bytes), "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn objects_are_found_in_every_spelling() {
        for object in [
            "1 0 obj ",
            "12\r\n0\tobj<<",
            "5 12 0 obj[",
            "endobj3 0 obj\n",
            "1  00  obj%",
            "9 1\0 0 obj/",
            "1 0 ob 2 0 obj(",
        ] {
            let text = format!("%PDF-2.0\n{object} %%EOF");
            assert!(looked(text.as_bytes()), "{object}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        #[test]
        fn pieces_do_not_matter(
            filling in proptest::collection::vec(
                prop_oneof![
                    Just(SMALL.to_vec()),
                    Just(b"%PDF-".to_vec()),
                    Just(b"%%%EOF".to_vec()),
                    Just(b"1 0 obj<<".to_vec()),
                    Just(b"1 1 0 o".to_vec()),
                    proptest::collection::vec(any::<u8>(), 0..1500),
                ],
                0..6,
            ),
            cuts in proptest::collection::vec(1..4000_usize, 1..40),
        ) {
            let whole = filling.concat();
            let mut look = PdfLook::default();
            let mut rest = &whole[..];
            for cut in cuts {
                let (piece, behind) = rest.split_at(cut.min(rest.len()));
                look.push(piece);
                rest = behind;
            }
            look.push(rest);
            prop_assert_eq!(look.is_pdf(), looked(&whole));
            let mut bytewise = PdfLook::default();
            for byte in &whole {
                bytewise.push(std::slice::from_ref(byte));
            }
            prop_assert_eq!(bytewise.is_pdf(), looked(&whole));
        }
    }
}
