//! Figures as people read them.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

/// An amount with its thousands apart: `1,200,000.00`.
pub(crate) fn amount(cents: Cents) -> String {
    let plain = cents.to_string();
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut text = String::with_capacity(plain.len() + plain.len() / 3);
    text.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push('.');
    text.push_str(fraction);
    text
}

/// A percentage with two digits: `97.00`.
fn percent(value: Pct) -> String {
    value.to_fixed(2)
}

/// Points with three digits: `-0.375`.
pub(crate) fn points(value: Pct) -> String {
    value.to_fixed(3)
}

/// A percentage with every digit it has, two at least: `97.00`, `96.125`.
pub(super) fn exact_percent(value: Pct) -> String {
    let two = value.to_fixed(2);
    let same = Pct::parse_decimal(&two).is_ok_and(|rounded| rounded == value);
    if same { two } else { value.to_string() }
}

/// A percentage with two digits where `same` says that those lead to the same answer, otherwise
/// with all of them.
pub(crate) fn telling_percent(value: Pct, same: impl Fn(Pct) -> bool) -> String {
    let short = percent(value);
    let tells = Pct::parse_decimal(&short).is_ok_and(same);
    if tells { short } else { exact_percent(value) }
}

/// A value beside the limit it misses: with two digits, and with all of them where two would hide
/// on which side of the limit it is.
pub(super) fn beside(value: Pct, limit: Pct) -> (String, String) {
    let same = |shown: Pct| shown.cmp(&limit) == value.cmp(&limit);
    (telling_percent(value, same), exact_percent(limit))
}

/// A caller's word, cut to what fits a sentence.
pub(super) fn quoted(word: &str) -> String {
    const LONGEST: usize = 60;
    if word.chars().count() <= LONGEST {
        return word.to_owned();
    }
    word.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        for (cents, text) in [
            (0, "0.00"),
            (99_900, "999.00"),
            (100_000, "1,000.00"),
            (-123_456_789, "-1,234,567.89"),
            (i64::MAX, "92,233,720,368,547,758.07"),
        ] {
            assert_eq!(amount(Cents::new(cents)), text);
        }
        let pct = |text: &str| Pct::parse_decimal(text).unwrap();
        assert_eq!(exact_percent(pct("95")), "95.00");
        assert_eq!(exact_percent(pct("96.125")), "96.125");
        let pair = |a, b| beside(pct(a), pct(b));
        assert_eq!(pair("97", "95"), ("97.00".to_owned(), "95.00".to_owned()));
        assert_eq!(pair("95.001", "95").0, "95.001");
        assert_eq!(pair("66.666666667", "60").0, "66.67");
        assert_eq!(pair("97.004", "97.001").0, "97.004");
        assert_eq!(pair("60", "60").0, "60.00");
        assert_eq!(quoted(&"ä".repeat(61)).chars().count(), 61);
    }
}
