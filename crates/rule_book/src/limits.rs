//! The loan limits of a place on a day: of the imported county list where there is one, otherwise
//! what the national figures give.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::us::loan_limits::{LimitArea, conforming_limit, fha_limit};

use crate::RuleBook;
use crate::dated::NotInForce;
use crate::us::UnitLimits;

/// Conforming limits of a place, by number of units from 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConformingLimits {
    /// The baseline of the place: the nation's, or the general ceiling in Alaska, Hawaii, Guam and
    /// the Virgin Islands, 12 USC 1717(b)(2). A loan above it and within [`Self::limit`] is a
    /// high-balance loan.
    pub baseline: UnitLimits,
    /// The limit of the place.
    pub limit: UnitLimits,
    /// Whether [`Self::limit`] is the county's own, from an imported list. If not, a county with
    /// costly homes is given the baseline, which may be too low.
    pub is_imported: bool,
    /// Whether a list of counties is in force on the day, with the county or without it.
    pub has_list: bool,
}

/// FHA limits of a place, by number of units from 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FhaLimits {
    /// The nation's lowest.
    pub floor: UnitLimits,
    /// The highest of any county; none in Alaska, Hawaii, Guam and the Virgin Islands, where HUD
    /// announces a higher one that the table does not hold.
    pub ceiling: Option<UnitLimits>,
    /// The limit of the place.
    pub limit: UnitLimits,
    /// Whether [`Self::limit`] is the county's own. No list of them can be imported so far, so that
    /// it is the floor everywhere, too low where homes are costly.
    pub is_imported: bool,
}

impl RuleBook {
    /// Conforming limits of a county, or of a state when the county is not known.
    ///
    /// The county (by FIPS code, the state's number times 1000 plus the county's) has its limits
    /// from the imported list in force on the day. Without such a list, or when the list does not
    /// have the county, the limit is the baseline of the place. In Alaska, Hawaii, Guam and the
    /// Virgin Islands the baseline itself is the general ceiling, 12 USC 1717(b)(2): loans up to it
    /// are no high-balance loans there. The state counts only without a county: two letters in
    /// either case; an unknown one is as none.
    ///
    /// # Errors
    /// When the national limits have no edition in force on the day, or lack a number of units. A
    /// missing edition of the county list is none: it is published after the national figures.
    pub fn conforming_limits(
        &self,
        county_fips: Option<u32>,
        state: Option<&str>,
        day: Date,
    ) -> Result<ConformingLimits, NotInForce> {
        let national = &self.us.loan_limits;
        let rows = &national.on(day)?.rows;
        let missing = || national.without(day);
        let general = |units| conforming_limit(rows, units, LimitArea::General);
        let is_special = is_special(county_fips, state);
        let baseline = by_units(|units| {
            let limits = general(units)?;
            Some(if is_special {
                limits.ceiling
            } else {
                limits.baseline
            })
        });
        let baseline = baseline.ok_or_else(missing)?;
        let list = self.us.county_limits.as_ref();
        let list = list.and_then(|counties| Some(&counties.on(day).ok()?.rows));
        let own = county_fips.and_then(|fips| list?.of(fips));
        Ok(ConformingLimits {
            baseline,
            limit: own.unwrap_or(baseline),
            is_imported: own.is_some(),
            has_list: list.is_some(),
        })
    }

    /// FHA limits of a county, or of a state when the county is not known; as far as the national
    /// figures go, see [`FhaLimits`].
    ///
    /// # Errors
    /// When the table has no edition in force on the day, or lacks a number of units.
    pub fn fha_limits(
        &self,
        county_fips: Option<u32>,
        state: Option<&str>,
        day: Date,
    ) -> Result<FhaLimits, NotInForce> {
        let national = &self.us.fha_limits;
        let rows = &national.on(day)?.rows;
        let missing = || national.without(day);
        let floor = by_units(|units| Some(fha_limit(rows, units)?.floor)).ok_or_else(missing)?;
        let ceiling = if is_special(county_fips, state) {
            None
        } else {
            let highest = by_units(|units| Some(fha_limit(rows, units)?.ceiling));
            Some(highest.ok_or_else(missing)?)
        };
        Ok(FhaLimits {
            floor,
            ceiling,
            limit: floor,
            is_imported: false,
        })
    }
}

fn by_units(of: impl Fn(u32) -> Option<Cents>) -> Option<UnitLimits> {
    Some([of(1)?, of(2)?, of(3)?, of(4)?])
}

/// Alaska, Hawaii, Guam and the Virgin Islands, where building costs more.
fn is_special(county_fips: Option<u32>, state: Option<&str>) -> bool {
    match (county_fips, state) {
        (Some(fips), _) => matches!(fips / 1000, 2 | 15 | 66 | 78),
        (None, Some(state)) => {
            let special = ["AK", "HI", "GU", "VI"];
            special.iter().any(|code| state.eq_ignore_ascii_case(code))
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Invented limits for Los Angeles, Maui and a planning region of Connecticut, in 2026 only.
    const COUNTIES: &str = r#"
source = "invented"
checked_on = "2026-11-21"
[[edition]]
from = "2026-01-01"
to = "2026-12-31"
counties = """
1111100 2222200 3333300 4444400: 06037 15009
999900 1999900 2999900 3999900: 09120
"""
"#;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).expect("a date")
    }

    fn with_counties() -> RuleBook {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("us")).expect("made");
        std::fs::write(folder.path().join(crate::us::COUNTY_LIMITS), COUNTIES).expect("written");
        RuleBook::load(Some(folder.path())).expect("every file reads")
    }

    fn dollars(limits: UnitLimits) -> [i64; 4] {
        limits.map(|limit| limit.get() / 100)
    }

    const BASELINE: [i64; 4] = [832_750, 1_066_250, 1_288_800, 1_601_750];
    const CEILING: [i64; 4] = [1_249_125, 1_599_375, 1_933_200, 2_402_625];

    #[test]
    fn a_county_of_the_list_has_its_own_limits() {
        let book = with_counties();
        let own = [1_111_100, 2_222_200, 3_333_300, 4_444_400];
        for (fips, state) in [(6037, Some("CA")), (15_009, Some("HI")), (6037, Some("AK"))] {
            let limits = book.conforming_limits(Some(fips), state, day("2026-06-01"));
            let limits = limits.expect("in force");
            assert_eq!((dollars(limits.limit), limits.is_imported), (own, true));
            let is_hawaii = fips == 15_009;
            let baseline = if is_hawaii { CEILING } else { BASELINE };
            assert_eq!(dollars(limits.baseline), baseline);
            assert!(limits.has_list);
        }
        let region = book.conforming_limits(Some(9120), None, day("2026-12-31"));
        assert_eq!(region.expect("in force").limit[0], Cents::new(99_990_000));
    }

    #[test]
    fn others_have_the_baseline_or_the_special_limit() {
        let general = [
            (Some(6059), Some("CA")),
            (Some(6059), Some("HI")),
            (Some(9001), None),
            (Some(72_127), Some("PR")),
            (Some(69_110), Some("MP")),
            (Some(60_010), None),
            (Some(0), Some("AK")),
            (Some(u32::MAX), None),
            (None, Some("CA")),
            (None, Some("")),
            (None, Some("Alaska")),
            (None, None),
        ];
        let special = [
            (Some(2020), None),
            (Some(2020), Some("CA")),
            (Some(15_003), Some("HI")),
            (Some(66_010), None),
            (Some(78_030), None),
            (None, Some("AK")),
            (None, Some("hi")),
            (None, Some("GU")),
            (None, Some("VI")),
        ];
        for book in [
            RuleBook::embedded().expect("every file reads"),
            with_counties(),
        ] {
            for (places, expected) in [(&general[..], BASELINE), (&special[..], CEILING)] {
                for (fips, state) in places {
                    let limits = book.conforming_limits(*fips, *state, day("2026-11-21"));
                    let limits = limits.expect("in force");
                    assert_eq!(dollars(limits.limit), expected, "{fips:?} {state:?}");
                    assert_eq!(dollars(limits.baseline), expected, "{fips:?} {state:?}");
                    let has_list = book.us.county_limits.is_some();
                    assert_eq!((limits.is_imported, limits.has_list), (false, has_list));
                }
            }
        }
    }

    #[test]
    fn a_list_of_another_year_does_not_count() {
        let book = with_counties();
        let before = book.conforming_limits(Some(6037), Some("CA"), day("2025-12-31"));
        let before = before.expect("in force");
        assert_eq!(
            (before.limit[0], before.is_imported, before.has_list),
            (Cents::new(80_650_000), false, false)
        );
        // That year's table has no line for the special areas: the general ceiling is theirs.
        let alaska = book.conforming_limits(None, Some("AK"), day("2025-12-31"));
        assert_eq!(alaska.expect("in force").limit[0], Cents::new(120_975_000));
        for out in ["2024-12-31", "2027-01-01"] {
            let missing = book.conforming_limits(Some(6037), None, day(out));
            assert_eq!(
                missing.map_err(|m| m.file),
                Err("us/loan_limits.toml"),
                "{out}"
            );
            let missing = book.fha_limits(None, None, day(out));
            assert_eq!(
                missing.map_err(|m| m.file),
                Err("us/fha_limits.toml"),
                "{out}"
            );
        }
    }

    #[test]
    fn fha_limits_are_the_floor() {
        let book = with_counties();
        let floor = [541_287, 693_050, 837_700, 1_041_125];
        for (fips, state) in [(Some(6037), None), (None, Some("TX")), (None, None)] {
            let limits = book
                .fha_limits(fips, state, day("2026-11-21"))
                .expect("in force");
            assert_eq!(
                (dollars(limits.floor), dollars(limits.limit)),
                (floor, floor)
            );
            assert_eq!(limits.ceiling.map(dollars), Some(CEILING));
            assert!(!limits.is_imported);
        }
        let alaska = book
            .fha_limits(Some(2020), None, day("2026-11-21"))
            .expect("in force");
        assert_eq!((dollars(alaska.limit), alaska.ceiling), (floor, None));
    }
}
