//! Conforming and FHA loan limits by year and number of units, as published.

use crate::money::Cents;

/// Where the property lies, as far as national limits distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitArea {
    /// The states but two, the District of Columbia and Puerto Rico.
    General,
    /// Alaska, Hawaii, Guam and the Virgin Islands, 12 USC 1717(b)(2).
    Special,
}

/// A row of the conforming limits (Federal Housing Finance Agency).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConformingRow {
    /// Number of units, 1 to 4.
    pub units: u32,
    /// Area.
    pub area: LimitArea,
    /// Limit where no county limit is higher.
    pub baseline: Cents,
    /// Highest limit of any county.
    pub ceiling: Cents,
}

/// A row of the FHA's national limits (HUD Mortgagee Letters).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FhaLimitRow {
    /// Number of units, 1 to 4.
    pub units: u32,
    /// Lowest limit of any county: 65 % of the conforming baseline, rounded down.
    pub floor: Cents,
    /// Highest limit of any county.
    pub ceiling: Cents,
}

/// The conforming limits; none when the table has no such row.
#[must_use]
pub fn conforming_limit(
    rows: &[ConformingRow],
    units: u32,
    area: LimitArea,
) -> Option<&ConformingRow> {
    rows.iter()
        .find(|row| row.units == units && row.area == area)
}

/// The FHA limits; none when the table has no such row.
#[must_use]
pub fn fha_limit(rows: &[FhaLimitRow], units: u32) -> Option<&FhaLimitRow> {
    rows.iter().find(|row| row.units == units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_by_units_and_area() {
        let row = ConformingRow {
            units: 1,
            area: LimitArea::General,
            baseline: Cents::new(83_275_000),
            ceiling: Cents::new(124_912_500),
        };
        let rows = [row];
        let find = |units, area| conforming_limit(&rows, units, area).is_some();
        assert!(find(1, LimitArea::General));
        assert!(!find(2, LimitArea::General));
        assert!(!find(1, LimitArea::Special));
        let fha = [FhaLimitRow {
            units: 1,
            floor: Cents::new(54_128_700),
            ceiling: Cents::new(124_912_500),
        }];
        assert!(fha_limit(&fha, 1).is_some());
        assert!(fha_limit(&fha, 4).is_none());
    }
}
