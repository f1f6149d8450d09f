//! Exact decimal text to scaled integers and back: the shared reader and writer of money and rates.

use std::fmt;

/// Why a decimal text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalError {
    /// Not of the form `[+-]digits[.digits]`.
    NotADecimal,
    /// More fraction digits than the type keeps, and the caller did not ask for rounding.
    TooManyFractionDigits {
        /// Digits kept after the point.
        max: u32,
    },
    /// Beyond the bound of the type.
    TooLarge,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotADecimal => f.write_str("must be a decimal number like 1234.56"),
            Self::TooManyFractionDigits { max } => {
                write!(f, "must have at most {max} digits after the point")
            }
            Self::TooLarge => f.write_str("is too large"),
        }
    }
}

impl std::error::Error for DecimalError {}

/// Longest text looked at. Bounds the work on hostile input; no meaningful figure is longer.
const MAX_TEXT: usize = 400;

/// A decimal text read at a fixed number of fraction digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scaled {
    /// The value times 10 to the scale; ties beyond the scale went away from zero.
    pub value: i128,
    /// True when no non-zero digit was dropped and no digit at all lay beyond the scale.
    pub fits: bool,
}

/// Reads exact or longer decimal text as an integer of `scale` fraction digits, rounding further
/// digits half away from zero: for figures stated finer than cents.
///
/// # Errors
/// When the text is not a plain decimal or does not fit.
pub fn parse_scaled(text: &str, scale: u32) -> Result<i128, DecimalError> {
    parse(text, scale).map(|scaled| scaled.value)
}

/// Reads `[+-]digits[.digits]`, keeping `scale` fraction digits and rounding half away from zero
/// on the first dropped digit (which decides, since one half is exactly a 5).
pub(crate) fn parse(text: &str, scale: u32) -> Result<Scaled, DecimalError> {
    if text.len() > MAX_TEXT {
        return Err(DecimalError::TooLarge);
    }
    let (negative, body) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut halves = body.splitn(2, |b| *b == b'.');
    let whole = halves.next().unwrap_or_default();
    let fraction = halves.next();
    let digits_only = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    if !digits_only(whole) || fraction.is_some_and(|part| !digits_only(part)) {
        return Err(DecimalError::NotADecimal);
    }
    let fraction = fraction.unwrap_or_default();
    let mut value: i128 = 0;
    let kept = usize::try_from(scale).map_err(|_| DecimalError::TooLarge)?;
    let padding = std::iter::repeat(&b'0');
    for digit in whole
        .iter()
        .chain(fraction.iter().chain(padding).take(kept))
    {
        value = push_digit(value, *digit).ok_or(DecimalError::TooLarge)?;
    }
    if fraction.get(kept).is_some_and(|digit| *digit >= b'5') {
        value = value.checked_add(1).ok_or(DecimalError::TooLarge)?;
    }
    let value = if negative {
        value.checked_neg()
    } else {
        Some(value)
    };
    Ok(Scaled {
        value: value.ok_or(DecimalError::TooLarge)?,
        fits: fraction.len() <= kept,
    })
}

fn push_digit(value: i128, digit: u8) -> Option<i128> {
    value
        .checked_mul(10)?
        .checked_add(i128::from(digit.checked_sub(b'0')?))
}

/// Writes a scaled integer with all `scale` fraction digits: `(-5, 2)` is `-0.05`.
pub(crate) fn write(f: &mut fmt::Formatter<'_>, value: i64, scale: u32) -> fmt::Result {
    f.pad(&fixed(value, scale))
}

/// The text behind [`write`].
pub(crate) fn fixed(value: i64, scale: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let mut digits = value.unsigned_abs().to_string();
    let places = usize::try_from(scale).unwrap_or(0);
    if digits.len() <= places {
        let width = places.saturating_add(1);
        digits = format!("{digits:0>width$}");
    }
    let point = digits.len().saturating_sub(places);
    match digits.split_at_checked(point) {
        Some((whole, part)) if !part.is_empty() => [sign, whole, ".", part].concat(),
        Some(_) | None => [sign, &digits].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_decimals_and_refuses_the_rest() {
        assert_eq!(
            parse("-12.345", 2).unwrap(),
            Scaled {
                value: -1235,
                fits: false
            }
        );
        assert_eq!(
            parse("+7", 2).unwrap(),
            Scaled {
                value: 700,
                fits: true
            }
        );
        assert_eq!(parse("0.004999", 2).unwrap().value, 0);
        for bad in [
            "", "-", ".5", "5.", "1e3", "1,000", " 1", "1 ", "--1", "1.2.3", "٣", "NaN",
        ] {
            assert_eq!(parse(bad, 2), Err(DecimalError::NotADecimal), "{bad}");
        }
        assert_eq!(parse(&"9".repeat(60), 2), Err(DecimalError::TooLarge));
        assert_eq!(parse(&"0".repeat(5000), 2), Err(DecimalError::TooLarge));
    }

    #[test]
    fn writes_all_fraction_digits() {
        assert_eq!(fixed(-5, 2), "-0.05");
        assert_eq!(fixed(123_456, 2), "1234.56");
        assert_eq!(fixed(0, 2), "0.00");
        assert_eq!(fixed(-100, 2), "-1.00");
        assert_eq!(fixed(12, 9), "0.000000012");
        assert_eq!(fixed(i64::MIN, 0), "-9223372036854775808");
        assert_eq!(fixed(i64::MIN, 2), "-92233720368547758.08");
    }
}
