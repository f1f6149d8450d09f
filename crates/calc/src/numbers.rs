//! Numbers as requests write them: decimals, fractions, and decimals that stand for fractions.

use lintel_engine::money::divide;
use lintel_engine::{Rounding, parse_scaled};

/// Decimals kept as written; a longer text stands for the simplest fraction that rounds to it.
const EXACT_PLACES: usize = 9;
/// Digits looked at, before or after the point: those a binary float is sure of.
const SURE_DIGITS: usize = 15;

/// Billionths of a decimal text, or of a fraction such as `13/3`, rounded half up.
pub(crate) fn e9(text: &str) -> Result<i128, String> {
    let Some((num, den)) = text.split_once('/') else {
        return parse_scaled(text, 9).map_err(|error| error.to_string());
    };
    let (negative, num) = num
        .strip_prefix('-')
        .map_or((false, num), |num| (true, num));
    let message = "must be a number, or a fraction of whole numbers like 13/3";
    let (num, den) = whole(num).zip(whole(den)).ok_or(message)?;
    let value = i128::from(num)
        .checked_mul(1_000_000_000)
        .and_then(|num| divide(num, i128::from(den), Rounding::HalfUp))
        .ok_or(message)?;
    Ok(if negative { -value } else { value })
}

/// A decimal text or a fraction as a float, for solvers.
pub(crate) fn float(text: &str) -> Result<f64, String> {
    e9(text)?;
    let parsed = |part: &str| part.parse::<f64>().map_err(|_| "must be a number");
    Ok(match text.split_once('/') {
        Some((num, den)) => parsed(num)? / parsed(den)?,
        None => parsed(text)?,
    })
}

/// Digits only, at most eighteen.
fn whole(digits: &str) -> Option<u64> {
    let plain = digits.len() <= 18 && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// Numerator and denominator of a fraction like `19/30` or of a decimal text, not negative.
///
/// # Errors
/// The message for whoever wrote it.
pub(crate) fn ratio(text: &str) -> Result<(u32, u32), String> {
    let message = "must be a fraction like 19/30 or a decimal number, of parts below 2^32";
    if text.starts_with('-') {
        return Err("must not be negative".to_owned());
    }
    if let Some((num, den)) = text.split_once('/') {
        let part = |text: &str| u32::try_from(whole(text.trim())?).ok();
        let parts = part(num).zip(part(den)).filter(|(_, den)| *den > 0);
        return parts.ok_or_else(|| message.to_owned());
    }
    parse_scaled(text, 0).map_err(|_| message)?;
    let (units, decimals) = text.split_once('.').unwrap_or((text, ""));
    let units = units.trim_start_matches(['+', '0']);
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() <= EXACT_PLACES
        && let Some(exact) = power(decimals.len())
            .and_then(|den| Some((whole(&format!("0{units}{decimals}"))?, den)))
            .and_then(|(num, den)| Some((u32::try_from(num).ok()?, u32::try_from(den).ok()?)))
    {
        return Ok(exact);
    }
    let sure = SURE_DIGITS.saturating_sub(units.len()).max(EXACT_PLACES);
    let found = (EXACT_PLACES..=decimals.len().min(sure)).rev();
    let mut found = found.filter_map(|places| rounding_to(text, places));
    found.next().ok_or_else(|| message.to_owned())
}

fn power(places: usize) -> Option<u64> {
    10_u64.checked_pow(u32::try_from(places).ok()?)
}

/// The simplest fraction that rounds half up to the text at so many decimals.
fn rounding_to(text: &str, places: usize) -> Option<(u32, u32)> {
    let value = parse_scaled(text, u32::try_from(places).ok()?).ok()?;
    let value = u64::try_from(value).ok()?;
    if value == 0 {
        return Some((0, 1));
    }
    let den = power(places)?.checked_mul(2)?;
    let twice = value.checked_mul(2)?;
    let low = (twice.checked_sub(1)?, den);
    let high = (twice.checked_add(1)?, den);
    let (num, den) = simplest(low, high)?;
    Some((u32::try_from(num).ok()?, u32::try_from(den).ok()?))
}

/// The simplest fraction from `low` (included) to `high` (excluded), by continued fractions: while
/// no whole number lies between, the whole part goes and both are turned over.
fn simplest(low: (u64, u64), high: (u64, u64)) -> Option<(u64, u64)> {
    let (mut low, mut high) = (low, high);
    let (mut low_in, mut high_in) = (true, false);
    let mut parts = Vec::new();
    // Euclid's algorithm on sixty-four bits ends within a hundred steps.
    for _ in 0..100 {
        let below = low.0.checked_div(low.1)?;
        let rest = low.0.checked_rem(low.1)?;
        let least = if rest == 0 && low_in {
            below
        } else {
            below + 1
        };
        let reach = least.checked_mul(high.1);
        if high.1 == 0 || reach.is_some_and(|reach| reach < high.0 || high_in && reach == high.0) {
            parts.push(least);
            break;
        }
        parts.push(below);
        let turned = (high.1, high.0.checked_sub(below.checked_mul(high.1)?)?);
        high = (low.1, rest);
        low = turned;
        (low_in, high_in) = (high_in, low_in);
    }
    let (mut num, mut den) = (1_u64, 0_u64);
    for part in parts.iter().rev() {
        (num, den) = (part.checked_mul(num)?.checked_add(den)?, num);
    }
    Some((num, den))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_decimals_are_the_simplest_fraction() {
        for (text, parts) in [
            ("19/30", (19, 30)),
            ("0.5", (5, 10)),
            ("0.500000000000", (5, 10)),
            ("0.6333333333333333", (19, 30)),
            ("1.4313725490196079", (73, 51)),
            ("0.6666666667", (2, 3)),
            ("0.08333333333333333", (1, 12)),
            ("0.0082191780822", (3, 365)),
            ("0.30000000000000004", (3, 10)),
            ("12.1666666666666667", (73, 6)),
            ("0.00000000000000005", (0, 1)),
            ("365.24219", (36_524_219, 100_000)),
        ] {
            let found = ratio(text).unwrap();
            let product = |a: u32, b: u32| u64::from(a) * u64::from(b);
            let same = product(found.0, parts.1) == product(found.1, parts.0);
            assert!(same, "{text} {found:?}");
        }
        for bad in ["", "1/0", "x", "1e3", "1/2/3", ".5", "5000000000", "-1/2"] {
            assert!(ratio(bad).is_err(), "{bad}");
        }
        assert_eq!(ratio("-0.5").unwrap_err(), "must not be negative");
        // Half up: the lower end of what rounds to the digits is one of them.
        assert_eq!(rounding_to("0.0004882813", 10), Some((1, 2048)));
    }

    #[test]
    fn every_fraction_comes_back_from_a_float() {
        for den in 1..=366_u32 {
            for num in (0..=den).step_by(7) {
                let text = (f64::from(num) / f64::from(den)).to_string();
                let (a, b) = ratio(&text).unwrap();
                let same = u64::from(a) * u64::from(den) == u64::from(b) * u64::from(num);
                assert!(same, "{num}/{den}: {a}/{b}");
            }
        }
    }

    #[test]
    fn fractions_in_billionths() {
        assert_eq!(e9("13/3"), Ok(4_333_333_333));
        assert_eq!(e9("-1/8"), Ok(-125_000_000));
        assert_eq!(e9("5"), Ok(5_000_000_000));
        for bad in ["1/0", "1.5/2", "/", "1/", "--1/2", "1e3"] {
            assert!(e9(bad).is_err(), "{bad}");
        }
    }
}
