//! `us/county_limits.toml`: conforming loan limits of every county, a year an edition.
//!
//! A line is the limits of one to four units in dollars, a colon, and the counties they hold in, by
//! their five-digit FIPS codes.

use std::collections::BTreeMap;

use lintel_engine::money::Cents;
use serde::Deserialize;

/// Most counties of an edition; there are about 3,200.
pub(crate) const MAX_COUNTIES: usize = 10_000;
/// Limits outside these are misread: dollars for cents, a column too few.
const PLAUSIBLE_DOLLARS: std::ops::RangeInclusive<i64> = 50_000..=50_000_000;

/// Limits of properties of one, two, three and four units.
pub type UnitLimits = [Cents; 4];

/// The limits of every county, found by its FIPS code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CountyLimits {
    /// Different limits there are.
    limits: Vec<UnitLimits>,
    /// FIPS code and index into `limits`, ascending by code.
    counties: Vec<(u32, usize)>,
}

impl CountyLimits {
    /// The limits of a county, by its FIPS code: the state's number times 1000 plus the county's,
    /// so that Los Angeles County, 06-037, is 6037. None when the list does not have the county.
    #[must_use]
    pub fn of(&self, fips: u32) -> Option<UnitLimits> {
        let at = self.counties.binary_search_by_key(&fips, |(code, _)| *code);
        let (_, index) = self.counties.get(at.ok()?)?;
        self.limits.get(*index).copied()
    }

    /// How many counties the list has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counties.len()
    }

    /// True when the list has no county.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counties.is_empty()
    }

    /// Every county with its limits, by FIPS code.
    pub fn iter(&self) -> impl Iterator<Item = (u32, UnitLimits)> {
        let one = |(fips, index): &(u32, usize)| Some((*fips, *self.limits.get(*index)?));
        self.counties.iter().filter_map(one)
    }

    /// Of counties in any order. The text names the county at fault.
    pub(crate) fn try_new(
        counties: impl IntoIterator<Item = (u32, UnitLimits)>,
    ) -> Result<Self, String> {
        let mut places: BTreeMap<UnitLimits, usize> = BTreeMap::new();
        let mut list = Self::default();
        for (fips, limits) in counties {
            check(fips, &limits).map_err(|what| format!("county {fips:05}: {what}"))?;
            let next = places.len();
            let index = *places.entry(limits).or_insert(next);
            if index == next {
                list.limits.push(limits);
            }
            list.counties.push((fips, index));
            if list.counties.len() > MAX_COUNTIES {
                return Err(format!("has more than {MAX_COUNTIES} counties"));
            }
        }
        list.counties.sort_unstable();
        let twice = list.counties.windows(2).find_map(|pair| match pair {
            [one, next] if one.0 == next.0 => Some(one.0),
            _ => None,
        });
        match twice {
            Some(fips) => Err(format!("county {fips:05} stands there twice")),
            None => Ok(list),
        }
    }
}

fn check(fips: u32, limits: &UnitLimits) -> Result<(), String> {
    check_fips(fips)?;
    for limit in limits {
        check_limit(*limit)?;
    }
    if limits.is_sorted() {
        Ok(())
    } else {
        Err("has a limit below that of fewer units".to_owned())
    }
}

/// A state's number and a county's, neither of them 0.
pub(crate) fn check_fips(fips: u32) -> Result<(), String> {
    if (1..=99).contains(&(fips / 1000)) && !fips.is_multiple_of(1000) {
        Ok(())
    } else {
        Err("is not a FIPS code of a county".to_owned())
    }
}

/// A limit that can be one.
pub(crate) fn check_limit(limit: Cents) -> Result<(), String> {
    let dollars = limit.get() / 100;
    if limit.get() % 100 == 0 && PLAUSIBLE_DOLLARS.contains(&dollars) {
        Ok(())
    } else {
        Err(format!("{limit} is not a loan limit in whole dollars"))
    }
}

/// What an edition holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rows {
    counties: String,
}

/// The counties of an edition.
pub(crate) fn read(rows: Rows) -> Result<CountyLimits, String> {
    let mut counties = Vec::new();
    for line in rows.counties.lines().filter(|line| !line.trim().is_empty()) {
        let start: String = line.chars().take(40).collect();
        let refused = || format!("counties: not four limits, a colon and FIPS codes: {start}");
        let (limits, codes) = line.split_once(':').ok_or_else(refused)?;
        let limits: Option<Vec<Cents>> = limits.split_ascii_whitespace().map(dollars).collect();
        let limits: UnitLimits = limits
            .and_then(|limits| limits.try_into().ok())
            .ok_or_else(refused)?;
        for code in codes.split_ascii_whitespace() {
            let digits = code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit());
            let fips = code.parse().ok().filter(|_| digits).ok_or_else(refused)?;
            counties.push((fips, limits));
        }
    }
    if counties.is_empty() {
        return Err("counties: there are none".to_owned());
    }
    CountyLimits::try_new(counties)
}

fn dollars(text: &str) -> Option<Cents> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| Cents::parse_decimal(text).ok()).flatten()
}

/// The text that [`read`] reads.
pub(crate) fn render(list: &CountyLimits) -> String {
    /// Codes on one line.
    const ON_A_LINE: usize = 16;
    let mut by_limits: BTreeMap<UnitLimits, Vec<u32>> = BTreeMap::new();
    for (fips, limits) in list.iter() {
        by_limits.entry(limits).or_default().push(fips);
    }
    let mut text = String::new();
    for (limits, codes) in by_limits {
        let [one, two, three, four] = limits.map(|limit| limit.get() / 100);
        for some in codes.chunks(ON_A_LINE) {
            text.push_str(&format!("{one} {two} {three} {four}:"));
            for fips in some {
                text.push_str(&format!(" {fips:05}"));
            }
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(counties: &str) -> Result<CountyLimits, String> {
        read(Rows {
            counties: counties.to_owned(),
        })
    }

    #[test]
    fn a_county_is_found_by_its_code() {
        let text = "111111 222222 333333 444444: 01001 72153\n555555 666666 777777 888888: 06037\n";
        let list = read_text(text).unwrap();
        assert_eq!(
            list.of(6037).map(|limits| limits[3]),
            Some(Cents::new(88_888_800))
        );
        assert_eq!(
            list.of(1001).map(|limits| limits[0]),
            Some(Cents::new(11_111_100))
        );
        assert_eq!(list.of(6038), None);
        assert_eq!((list.len(), list.limits.len()), (3, 2));
        assert_eq!(render(&list), text);
    }

    #[test]
    fn slips_are_refused() {
        for (text, named) in [
            ("", "none"),
            ("1 2 3 4: 01001", "whole dollars"),
            ("111111 222222 333333: 01001", "four limits"),
            ("111111 222222 333333 444444 01001", "four limits"),
            ("111111 222222 333333 444444: 1001", "four limits"),
            ("111111 222222 333333 4e5: 01001", "four limits"),
            ("111111 222222 333333 444444: 01000", "FIPS"),
            ("111111 222222 333333 444444: 00001", "FIPS"),
            ("222222 111111 333333 444444: 01001", "fewer units"),
            ("111111 222222 333333 444444: 01001 01001", "twice"),
        ] {
            let found = read_text(text).unwrap_err();
            assert!(found.contains(named), "{text}: {found}");
        }
    }
}
