//! A QR code as lines of an SVG.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;

/// Empty cells around the code (ISO/IEC 18004, section 6.3.8).
const QUIET: i32 = 4;

/// A code to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Qr {
    /// Cells a side, with the quiet ones.
    pub side: i32,
    /// The dark cells as a path.
    pub path: String,
}

impl Qr {
    /// Encodes a text; `None` when it is too long for any code.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let size = code.size();
        let mut path = String::new();
        for y in 0..size {
            let mut x = 0;
            while x < size {
                let start = x;
                while x < size && code.get_module(x, y) {
                    x += 1;
                }
                if x > start {
                    // Writing to a text cannot fail.
                    let _ = write!(
                        path,
                        "M{} {}h{}v1h-{}z",
                        start + QUIET,
                        y + QUIET,
                        x - start,
                        x - start
                    );
                }
                x += 1;
            }
        }
        let side = size + 2 * QUIET;
        Some(Self { side, path })
    }
}

#[cfg(test)]
mod tests {
    use super::Qr;

    #[test]
    fn the_three_finders_are_drawn() {
        let qr = Qr::of("otpauth://totp/Lintel:olive@example.com?secret=GEZDGNBV").unwrap();
        assert!(qr.path.starts_with("M4 4h7v1h-7z"));
        assert!(qr.path.contains(&format!("M{} 4h7v1h-7z", qr.side - 11)));
        assert!(qr.path.contains(&format!("M4 {}h7v1h-7z", qr.side - 5)));
        assert!(Qr::of(&"x".repeat(5000)).is_none());
    }
}
