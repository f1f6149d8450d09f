//! The composite path of an adjustable rate, commentary to 12 CFR 1026.17(c)(1).

use crate::error::{EngineError, Problem};
use crate::money::Rounding;
use crate::rate::Pct;
use crate::schedule::{MAX_TERM_MONTHS, RateStep};

/// The adjustment terms of a note. All rates and caps are percentage points a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ArmTerms {
    /// Months the initial rate lasts.
    pub first_adjustment_months: u32,
    /// Months between later adjustments.
    pub adjustment_months: u32,
    /// Value of the index, taken within the note's look-back. May be negative.
    pub index: Pct,
    /// Points over the index.
    pub margin: Pct,
    /// Most the rate may move at the first adjustment, either way.
    pub first_cap: Option<Pct>,
    /// Most it may move at each later adjustment, either way.
    pub periodic_cap: Option<Pct>,
    /// Most it may ever rise above the initial rate.
    pub lifetime_cap: Option<Pct>,
    /// Lowest rate of the note; zero when it names none.
    pub floor: Option<Pct>,
    /// Index plus margin is rounded to the nearest multiple of this, commonly 0.125.
    pub rounding: Option<Pct>,
}

/// The rates an annual percentage rate assumes: the initial rate while it lasts, then index plus
/// margin as at consummation, approached at the pace the caps allow. Neighbouring equal rates are
/// one step; the months add up to `term_months`.
///
/// # Errors
/// A negative cap or rounding, a period of no months, a term out of bounds, or a rate that leaves
/// the bound of [`Pct`].
pub fn composite_path(
    initial: Pct,
    arm: &ArmTerms,
    term_months: u32,
) -> Result<Vec<RateStep>, EngineError> {
    path_to(initial, arm, term_months, fully_indexed(arm)?)
}

/// The rates when the index rises as fast as the note lets it: up by the cap at each change, to the
/// lifetime maximum (1026.37(c)(1)(iii), 1026.43(c)(5)).
///
/// # Errors
/// As [`composite_path`], and field `lifetime_cap` when the note names no maximum.
pub fn highest_path(
    initial: Pct,
    arm: &ArmTerms,
    term_months: u32,
) -> Result<Vec<RateStep>, EngineError> {
    let why = "is needed: without it there is no highest rate";
    let cap = arm
        .lifetime_cap
        .ok_or(EngineError::new("lifetime_cap", Problem::Inconsistent(why)))?;
    let highest = initial
        .checked_add(cap)
        .ok_or(EngineError::too_large("lifetime_cap"))?;
    path_to(initial, arm, term_months, highest)
}

/// The rates when the index falls as fast as the note lets it: down by the cap at each change, to
/// the floor; without a floor to the margin, as with an index of zero, or lower still where the index
/// already is negative.
///
/// # Errors
/// As [`composite_path`].
pub fn lowest_path(
    initial: Pct,
    arm: &ArmTerms,
    term_months: u32,
) -> Result<Vec<RateStep>, EngineError> {
    let lowest = match arm.floor {
        Some(floor) => floor,
        None => arm.margin.min(fully_indexed(arm)?),
    };
    let lowest = lowest.max(Pct::ZERO);
    path_to(initial, arm, term_months, lowest)
}

/// Index and margin as at consummation, rounded as the note says.
fn fully_indexed(arm: &ArmTerms) -> Result<Pct, EngineError> {
    arm.index
        .checked_add(arm.margin)
        // Half up: notes say "nearest"; a tie is settled upwards.
        .and_then(|sum| sum.round_to(arm.rounding.unwrap_or_default(), Rounding::HalfUp))
        .ok_or(EngineError::too_large("index"))
}

/// From the initial rate towards `target` at the pace the caps allow.
fn path_to(
    initial: Pct,
    arm: &ArmTerms,
    term_months: u32,
    target: Pct,
) -> Result<Vec<RateStep>, EngineError> {
    check(arm, term_months)?;
    let floor = arm.floor.unwrap_or(Pct::ZERO).max(Pct::ZERO);
    let ceiling = match arm.lifetime_cap {
        Some(cap) => initial
            .checked_add(cap)
            .ok_or(EngineError::too_large("lifetime_cap"))?,
        None => Pct::MAX,
    };
    let mut path: Vec<RateStep> = Vec::new();
    let mut rate = initial;
    let mut left = term_months;
    let mut months = arm.first_adjustment_months;
    let mut cap = arm.first_cap;
    while left > 0 {
        let lasting = months.min(left);
        match path.last_mut().filter(|step| step.rate == rate) {
            Some(step) => step.months = step.months.saturating_add(lasting),
            None => path.push(RateStep {
                rate,
                months: lasting,
            }),
        }
        left = left.saturating_sub(lasting);
        rate = moved(rate, target, cap).max(floor).min(ceiling.max(floor));
        months = arm.adjustment_months;
        cap = arm.periodic_cap;
    }
    Ok(path)
}

/// `target`, or as far towards it as the cap lets the rate go.
fn moved(rate: Pct, target: Pct, cap: Option<Pct>) -> Pct {
    let Some(cap) = cap else { return target };
    let lowest = rate.checked_sub(cap).unwrap_or(Pct::MIN);
    let highest = rate.checked_add(cap).unwrap_or(Pct::MAX);
    target.max(lowest).min(highest)
}

fn check(arm: &ArmTerms, term_months: u32) -> Result<(), EngineError> {
    let months = [
        ("term_months", term_months),
        ("first_adjustment_months", arm.first_adjustment_months),
        ("adjustment_months", arm.adjustment_months),
    ];
    for (field, months) in months {
        if months == 0 || months > MAX_TERM_MONTHS {
            let problem = Problem::OutOfRange {
                min: 1,
                max: i64::from(MAX_TERM_MONTHS),
            };
            return Err(EngineError::new(field, problem));
        }
    }
    let points = [
        ("first_cap", arm.first_cap),
        ("periodic_cap", arm.periodic_cap),
        ("lifetime_cap", arm.lifetime_cap),
        ("floor", arm.floor),
        ("rounding", arm.rounding),
    ];
    match points
        .iter()
        .find(|(_, value)| value.is_some_and(Pct::is_negative))
    {
        Some((field, _)) => Err(EngineError::new(field, Problem::MustNotBeNegative)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pct(text: &str) -> Pct {
        Pct::parse_decimal(text).unwrap()
    }

    fn terms() -> ArmTerms {
        ArmTerms {
            first_adjustment_months: 36,
            adjustment_months: 12,
            index: pct("2.5"),
            margin: pct("2.75"),
            first_cap: Some(pct("2")),
            periodic_cap: Some(pct("2")),
            lifetime_cap: Some(pct("6")),
            floor: None,
            rounding: Some(pct("0.125")),
        }
    }

    fn path(initial: &str, arm: &ArmTerms, term: u32) -> String {
        let steps = composite_path(pct(initial), arm, term).unwrap();
        let texts: Vec<_> = steps
            .iter()
            .map(|step| format!("{}x{}", step.rate, step.months))
            .collect();
        texts.join(" ")
    }

    #[test]
    fn capfed_three_year_arm_walks_up_at_the_cap() {
        assert_eq!(path("3.125", &terms(), 360), "3.125x36 5.125x12 5.25x312");
    }

    #[test]
    fn h_24_c_highest_and_lowest_rates() {
        let arm = ArmTerms {
            first_adjustment_months: 60,
            adjustment_months: 36,
            margin: pct("4"),
            lifetime_cap: Some(pct("8")),
            floor: Some(pct("3.25")),
            rounding: None,
            ..terms()
        };
        let text = |steps: Vec<RateStep>| {
            let texts = steps
                .iter()
                .map(|step| format!("{}x{}", step.rate, step.months));
            texts.collect::<Vec<_>>().join(" ")
        };
        let highest = highest_path(pct("4"), &arm, 360).unwrap();
        assert_eq!(text(highest), "4x60 6x36 8x36 10x36 12x192");
        let lowest = lowest_path(pct("4"), &arm, 360).unwrap();
        assert_eq!(text(lowest), "4x60 3.25x300");
        // A negative index already goes below the margin.
        let negative = ArmTerms {
            index: pct("-1"),
            margin: pct("2.75"),
            floor: None,
            ..arm
        };
        let lowest = lowest_path(pct("4"), &negative, 360).unwrap();
        assert_eq!(text(lowest), "4x60 2x36 1.75x264");
        let endless = ArmTerms {
            lifetime_cap: None,
            ..arm
        };
        let refused = highest_path(pct("4"), &endless, 360).unwrap_err();
        assert_eq!(refused.field, "lifetime_cap");
    }

    #[test]
    fn an_initial_rate_by_the_same_formula_lasts() {
        assert_eq!(path("5.25", &terms(), 360), "5.25x360");
    }

    #[test]
    fn falls_to_the_floor_and_stops_at_the_lifetime_cap() {
        let low = ArmTerms {
            index: pct("-2"),
            floor: Some(pct("2.75")),
            ..terms()
        };
        assert_eq!(path("6", &low, 60), "6x36 4x12 2.75x12");
        let high = ArmTerms {
            index: pct("20"),
            lifetime_cap: Some(pct("3")),
            ..terms()
        };
        assert_eq!(path("6", &high, 84), "6x36 8x12 9x36");
        let free = ArmTerms {
            first_cap: None,
            lifetime_cap: None,
            index: pct("20"),
            ..terms()
        };
        assert_eq!(path("6", &free, 48), "6x36 22.75x12");
    }

    #[test]
    fn a_term_inside_the_initial_period_never_adjusts() {
        assert_eq!(path("3", &terms(), 24), "3x24");
    }

    #[test]
    fn refuses_bad_terms() {
        let bad = ArmTerms {
            adjustment_months: 0,
            ..terms()
        };
        let field = |arm| composite_path(pct("3"), arm, 360).unwrap_err().field;
        assert_eq!(field(&bad), "adjustment_months");
        assert_eq!(
            field(&ArmTerms {
                first_cap: Some(pct("-1")),
                ..terms()
            }),
            "first_cap"
        );
    }
}
