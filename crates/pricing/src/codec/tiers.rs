//! Tiers of a charge as one line of text, for cells of a CSV file:
//! `up to 100000: 300; over 100000 up to 500000: 300 + 0.2%; over 500000: 1100 + 0.1%`.

use lintel_engine::bands::Band;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::catalogue::FeeTier;

use super::fees::PERCENT;
use super::finding::echo;
use super::number::Unit;

/// Most tiers of a charge.
const MAX_TIERS: usize = 100;

/// Reads the line.
///
/// # Errors
/// What is wrong, naming the tier.
pub(super) fn read(text: &str) -> Result<Vec<FeeTier>, String> {
    let tiers = text
        .split(';')
        .map(|tier| read_one(tier).map_err(|what| format!("{what}, in \"{}\"", echo(tier.trim()))));
    tiers.collect()
}

fn read_one(text: &str) -> Result<FeeTier, String> {
    let (range, charge) = text
        .split_once(':')
        .ok_or("a tier is like \"over 100000 up to 500000: 300 + 0.2%\"")?;
    let (over, up_to) = read_range(range.trim())?;
    if let (Some(over), Some(up_to)) = (over, up_to)
        && over >= up_to
    {
        return Err("the range is empty".to_owned());
    }
    let mut tier = FeeTier {
        band: Band { over, up_to },
        flat: Cents::ZERO,
        rate: Pct::ZERO,
    };
    let (first, second) = match charge.split_once('+') {
        Some((first, second)) => (first, Some(second)),
        None => (charge, None),
    };
    match (first.trim().strip_suffix('%'), second) {
        (Some(percent), None) => tier.rate = Pct::new(PERCENT.read(percent)?),
        (None, None) => tier.flat = dollars(first)?,
        (None, Some(second)) => {
            let percent = second.trim().strip_suffix('%');
            tier.flat = dollars(first)?;
            tier.rate = Pct::new(PERCENT.read(percent.ok_or("no % after the +")?)?);
        }
        (Some(_), Some(_)) => return Err("the fixed amount comes before the +".to_owned()),
    }
    Ok(tier)
}

fn dollars(text: &str) -> Result<Cents, String> {
    Unit::DOLLARS.read(text).map(Cents::new)
}

fn read_range(text: &str) -> Result<(Option<Cents>, Option<Cents>), String> {
    if text == "all" {
        return Ok((None, None));
    }
    if let Some(up_to) = text.strip_prefix("up to ") {
        return Ok((None, Some(dollars(up_to)?)));
    }
    let over = text
        .strip_prefix("over ")
        .ok_or("a range begins with \"over\", \"up to\" or is \"all\"")?;
    match over.split_once(" up to ") {
        Some((over, up_to)) => Ok((Some(dollars(over)?), Some(dollars(up_to)?))),
        None => Ok((Some(dollars(over)?), None)),
    }
}

/// Writes the line.
pub(super) fn write(tiers: &[FeeTier]) -> String {
    let tiers: Vec<String> = tiers.iter().map(write_one).collect();
    tiers.join("; ")
}

fn write_one(tier: &FeeTier) -> String {
    let range = match (tier.band.over, tier.band.up_to) {
        (None, None) => "all".to_owned(),
        (None, Some(up_to)) => format!("up to {up_to}"),
        (Some(over), None) => format!("over {over}"),
        (Some(over), Some(up_to)) => format!("over {over} up to {up_to}"),
    };
    if tier.rate.is_zero() {
        format!("{range}: {}", tier.flat)
    } else {
        format!("{range}: {} + {}%", tier.flat, tier.rate)
    }
}

/// Checks that tiers rise and do not overlap.
///
/// # Errors
/// What is wrong, naming the tier.
pub(super) fn check(tiers: &[FeeTier]) -> Result<(), String> {
    if tiers.is_empty() {
        return Err("there are none".to_owned());
    }
    if tiers.len() > MAX_TIERS {
        return Err(format!("more than {MAX_TIERS}"));
    }
    for (index, pair) in tiers.windows(2).enumerate() {
        let (lower, upper) = (pair[0].band.up_to, pair[1].band.over);
        let is_apart = matches!((lower, upper), (Some(lower), Some(upper)) if lower <= upper);
        if !is_apart {
            let (first, second) = (index.saturating_add(1), index.saturating_add(2));
            return Err(format!("tiers {first} and {second} overlap or do not rise"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_tiers_is_read_and_written() {
        let text = "up to 100000.00: 300.00; over 100000.00 up to 500000.00: 300.00 + 0.2%; \
                    over 500000.00: 0.00 + 0.1%";
        let tiers = read(text).unwrap();
        assert_eq!(write(&tiers), text);
        assert_eq!(check(&tiers), Ok(()));
        assert_eq!(read("all: 0.5%").unwrap()[0].rate, Pct::new(500_000_000));
    }

    #[test]
    fn slips_in_tiers_are_told() {
        for (text, part) in [
            ("up to 1", "a tier is like"),
            ("under 5: 1", "begins with"),
            ("over 5 up to 5: 1", "empty"),
            ("all: -1", "not within"),
            ("all: 1%+2", "before the +"),
            ("all: 1 + 2", "no %"),
            ("all: nan", "plain number"),
        ] {
            assert!(read(text).unwrap_err().contains(part), "{text}");
        }
        let overlapping = read("up to 10: 1; over 9: 2").unwrap();
        assert!(check(&overlapping).unwrap_err().contains("1 and 2"));
        assert!(check(&[]).is_err());
    }
}
