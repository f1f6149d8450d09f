//! Figures as data files write them.

use lintel_engine::bands::Step;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::load::pct;

/// An amount with cents.
pub(super) fn cents(text: &str) -> Result<Cents, String> {
    Cents::parse_decimal(text)
        .ok()
        .filter(|amount| !amount.is_negative())
        .ok_or_else(|| format!("{text} is not an amount"))
}

/// An amount in whole currency units, more than zero.
pub(super) fn dollars(units: u32) -> Result<Cents, String> {
    if units == 0 {
        return Err("an amount of 0".to_owned());
    }
    Ok(Cents::new(i64::from(units) * 100))
}

pub(super) fn maybe_cents(text: Option<&String>) -> Result<Option<Cents>, String> {
    text.map(|t| cents(t)).transpose()
}

pub(super) fn maybe_pct(text: Option<&String>) -> Result<Option<Pct>, String> {
    text.map(|t| pct(t)).transpose()
}

/// Bands from the highest: each holds from its edge to below the one before, the last has no edge
/// and holds for all that is lower.
pub(super) fn falling<T: Copy + PartialOrd>(edges: &[Option<T>]) -> Result<Vec<Step<T>>, String> {
    let mut steps = Vec::with_capacity(edges.len());
    let mut below = None;
    for (index, at_least) in edges.iter().enumerate() {
        let is_last = index + 1 == edges.len();
        if at_least.is_none() != is_last {
            return Err(
                "all bands but the last must say at_least, and the last must not".to_owned(),
            );
        }
        if let (Some(edge), Some(above)) = (at_least, below)
            && *edge >= above
        {
            return Err("bands must fall from the highest".to_owned());
        }
        steps.push(Step {
            at_least: *at_least,
            below,
        });
        below = *at_least;
    }
    if steps.is_empty() {
        return Err("there are no bands".to_owned());
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_without_gap_or_overlap() {
        let steps = falling(&[Some(10), Some(5), None]).unwrap();
        let found = |value| steps.iter().filter(|step| step.contains(value)).count();
        assert!([0, 5, 9, 10, 99].iter().all(|value| found(*value) == 1));
        for bad in [
            &[] as &[Option<u32>],
            &[Some(10)],
            &[None, None],
            &[Some(5), Some(10), None],
            &[Some(5), Some(5), None],
        ] {
            assert!(falling(bad).is_err(), "{bad:?}");
        }
    }
}
