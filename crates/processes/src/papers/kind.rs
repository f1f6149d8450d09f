//! What bytes are, by themselves: a file's name says nothing.
//!
//! A look, not a parser. PDF as loans' papers are looked at; JPEG (ITU-T T.81, annex B) and PNG (W3C,
//! third edition, section 5) by their first and last marks, as photographs of papers come so.

use lintel_app::document::pdf::PdfLook;

const PNG_BEGIN: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const PNG_END: &[u8] = b"IEND\xaeB`\x82";
const JPEG_BEGIN: &[u8] = b"\xff\xd8\xff";
const JPEG_END: &[u8] = b"\xff\xd9";
/// Cameras write a little behind the end of a picture.
const TAIL_BYTES: usize = 2048;

/// What kind of file bytes are; `None` for a kind that is not taken.
#[must_use]
pub fn content_type(bytes: &[u8]) -> Option<&'static str> {
    let tail = &bytes[bytes.len().saturating_sub(TAIL_BYTES)..];
    let ends = |mark: &[u8]| tail.windows(mark.len()).any(|window| window == mark);
    if bytes.starts_with(PNG_BEGIN) {
        return ends(PNG_END).then_some("image/png");
    }
    if bytes.starts_with(JPEG_BEGIN) {
        return ends(JPEG_END).then_some("image/jpeg");
    }
    let mut look = PdfLook::default();
    look.push(bytes);
    look.is_pdf().then_some("application/pdf")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n";

    #[test]
    fn kinds_are_told_by_their_bytes() {
        let png = [PNG_BEGIN, b"....", PNG_END].concat();
        let jpeg = [JPEG_BEGIN, b"\xe0....", JPEG_END, b"trailing"].concat();
        assert_eq!(content_type(PDF), Some("application/pdf"));
        assert_eq!(content_type(&png), Some("image/png"));
        assert_eq!(content_type(&jpeg), Some("image/jpeg"));
        let others: [&[u8]; 8] = [
            b"",
            b"%PDF-1.7",
            b"PK\x03\x04 a zip",
            b"<html>%PDF-1.7 1 0 obj < %%EOF",
            b"MZ\x90",
            PNG_BEGIN,
            JPEG_BEGIN,
            b"{}",
        ];
        for other in others {
            assert_eq!(content_type(other), None);
        }
    }
}
