//! A lender's colours made readable, on pages and in letters: contrast after the accessibility
//! guidelines (WCAG 2.2).

/// A colour of the sRGB space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// Paper white.
pub const WHITE: Colour = Colour::new(255, 255, 255);
/// Text on colours that white cannot be read on.
const BLACK: Colour = Colour::new(0, 0, 0);
/// What light schemes darken towards.
const INK: Colour = Colour::new(15, 23, 32);
/// The darkest surface text stands on in the dark scheme is darker than this.
pub const NIGHT: Colour = Colour::new(28, 36, 46);
/// The darkest surface of the light scheme that text stands on.
pub const PAPER: Colour = Colour::new(238, 241, 245);
/// Least contrast of text (WCAG 2.2, success criterion 1.4.3).
const READABLE: f64 = 4.5;

impl Colour {
    const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#rrggbb` or `rrggbb`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self::new(part(0)?, part(2)?, part(4)?))
    }

    /// `#rrggbb`.
    #[must_use]
    pub fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// How bright it is, 0 to 1 (WCAG 2.2, relative luminance).
    fn luminance(self) -> f64 {
        let part = |byte: u8| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(self.red) + 0.7152 * part(self.green) + 0.0722 * part(self.blue)
    }

    /// How far two colours are apart, 1 to 21 (WCAG 2.2, contrast ratio).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// White or black, whichever is easier to read on it. One of them always is: what is closer than
    /// √21 to the one is further than that from the other.
    #[must_use]
    pub fn text_on(self) -> Self {
        if self.contrast(WHITE) >= READABLE {
            WHITE
        } else {
            BLACK
        }
    }

    /// So many parts of a hundred towards another colour.
    fn towards(self, other: Self, percent: u16) -> Self {
        let part = |from: u8, to: u8| {
            let sum = u16::from(from) * (100 - percent) + u16::from(to) * percent;
            // At most 255 × 100, so it fits again.
            u8::try_from(sum / 100).unwrap_or(u8::MAX)
        };
        Self::new(
            part(self.red, other.red),
            part(self.green, other.green),
            part(self.blue, other.blue),
        )
    }

    /// The nearest shade of it that text can be written with on a background: darker on light ones,
    /// lighter on dark ones.
    #[must_use]
    pub fn readable_on(self, background: Self) -> Self {
        let end = if background.luminance() > 0.18 {
            INK
        } else {
            WHITE
        };
        (0..=20_u16)
            .map(|step| self.towards(end, step * 5))
            .find(|shade| shade.contrast(background) >= READABLE)
            .unwrap_or(end)
    }

    /// A little darker, for a button under the pointer; lighter where it is dark already.
    #[must_use]
    pub fn pressed(self) -> Self {
        if self.luminance() > 0.02 {
            self.towards(INK, 16)
        } else {
            self.towards(WHITE, 16)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_in_one_spelling() {
        assert_eq!(
            Colour::parse("#0A7cff").map(Colour::css).as_deref(),
            Some("#0a7cff")
        );
        assert_eq!(Colour::parse("0A7CFF"), Colour::parse("#0a7cff"));
        for bad in [
            "", "#fff", "#12345g", "#1234567", "red", "#+12345", "##12345", "é1234",
        ] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let black = Colour::new(0, 0, 0);
        assert!((black.contrast(WHITE) - 21.0).abs() < 1e-9);
        // The guideline's often quoted grey: #767676 on white is 4.54.
        let grey = Colour::new(0x76, 0x76, 0x76);
        assert!((grey.contrast(WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn every_brand_is_readable_in_both_schemes() {
        for red in (0..=255).step_by(17) {
            for green in (0..=255).step_by(17) {
                for blue in (0..=255).step_by(17) {
                    let brand = Colour::new(red, green, blue);
                    let css = brand.css();
                    for fill in [brand, brand.pressed()] {
                        assert!(fill.contrast(fill.text_on()) >= 4.5, "on {css}");
                    }
                    for background in [WHITE, PAPER, NIGHT] {
                        let ink = brand.readable_on(background);
                        assert!(ink.contrast(background) >= 4.5, "{css} as ink");
                    }
                }
            }
        }
    }
}
