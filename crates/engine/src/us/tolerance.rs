//! How far a disclosed rate or finance charge may lie from the actual one and still be accurate,
//! 12 CFR 1026.22(a), 1026.18(d)(1), 1026.23(g) and (h); 15 USC 1606(c).
//!
//! The figures arrive as [`Tolerances`]. The rules were recalled, not re-read, but for the eighth
//! of a point, which the statute has. Tests of the finance charge are those of loans secured by
//! real property or a dwelling; do not ask them of others.

use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;

/// The tolerances in force, each zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tolerances {
    /// Percentage points either side of a regular transaction's rate, 1026.22(a)(2).
    pub regular: Pct,
    /// Percentage points either side of an irregular transaction's rate, 1026.22(a)(3).
    pub irregular: Pct,
    /// Most a finance charge may be understated, 1026.18(d)(1).
    pub finance_charge: Cents,
    /// Most it may be understated for rescission, in percent of the face amount, 1026.23(g)(1).
    pub rescission_percent: Pct,
    /// As `rescission_percent`, of certain refinances without a new advance, 1026.23(g)(2).
    pub rescission_refinance_percent: Pct,
    /// Most it may be understated for rescission after foreclosure has begun, 1026.23(h)(2).
    pub foreclosure: Cents,
}

/// What a test found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Verdict<T> {
    /// True when the disclosed figure counts as accurate.
    pub accurate: bool,
    /// The largest difference that does: either way of a rate, below the actual one of a charge.
    pub limit: T,
}

/// Which of the tests for rescission is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rescission {
    /// The usual one, 1026.23(g)(1).
    Usual,
    /// One of the refinances without a new advance that have the wider limit, 1026.23(g)(2).
    /// Which ones do, the caller decides.
    NoNewAdvance,
    /// Foreclosure has begun, 1026.23(h)(2). A mortgage broker's fee left out altogether permits
    /// rescission whatever its amount, 1026.23(h)(1)(i): the caller looks for it first.
    Foreclosure,
}

impl Tolerances {
    /// Whether a disclosed annual percentage rate lies within the tolerance of the actual one,
    /// edges included. A transaction is irregular with multiple advances, or with irregular periods
    /// or payments other than an odd first period and an odd first or last payment, 1026.22(a)(2)
    /// and (3); recalled.
    ///
    /// # Errors
    /// Field `disclosed` when the difference is beyond what a rate can hold.
    pub fn apr(
        &self,
        disclosed: Pct,
        actual: Pct,
        irregular: bool,
    ) -> Result<Verdict<Pct>, EngineError> {
        let limit = if irregular {
            self.irregular
        } else {
            self.regular
        };
        let apart = disclosed
            .checked_sub(actual)
            .ok_or(EngineError::too_large("disclosed"))?;
        Ok(Verdict {
            accurate: apart.e9().unsigned_abs() <= limit.e9().unsigned_abs(),
            limit,
        })
    }

    /// Whether a disclosed finance charge is accurate: overstated, or understated by no more than
    /// the limit, 1026.18(d)(1); recalled.
    ///
    /// # Errors
    /// A charge below zero.
    pub fn charge(&self, disclosed: Cents, actual: Cents) -> Result<Verdict<Cents>, EngineError> {
        let understated = understated(disclosed, actual)?;
        Ok(within(understated, self.finance_charge))
    }

    /// Whether a disclosed finance charge is accurate for rescission: overstated, or understated by
    /// no more than the limit, 1026.23(g) and (h); recalled. A percentage of `face`, the face amount
    /// of the note, is compared exactly; the limit reported is its whole cents.
    ///
    /// # Errors
    /// A charge below zero; a face amount of zero or less; field `face` when the limit is beyond
    /// what an amount can hold.
    pub fn rescission(
        &self,
        disclosed: Cents,
        actual: Cents,
        face: Cents,
        test: Rescission,
    ) -> Result<Verdict<Cents>, EngineError> {
        if !face.is_positive() {
            return Err(EngineError::new("face", Problem::MustBePositive));
        }
        let understated = understated(disclosed, actual)?;
        let percent = match test {
            Rescission::Usual => self.rescission_percent,
            Rescission::NoNewAdvance => self.rescission_refinance_percent,
            Rescission::Foreclosure => return Ok(within(understated, self.foreclosure)),
        };
        // An understatement has whole cents: it is within a limit when within its whole cents.
        let limit = face
            .percent(percent, Rounding::Down)
            .ok_or(EngineError::too_large("face"))?;
        Ok(within(understated, limit))
    }
}

/// Whether the disclosed rate is accurate by either way there is: within its own tolerance, or
/// because it follows from a disclosed finance charge that is accurate itself, for loans secured by
/// real property or a dwelling, 1026.22(a)(4); recalled. `follows_from_charge`: the disclosed rate
/// is the one the disclosed charge gives.
#[must_use]
pub fn apr_accurate(
    apr: &Verdict<Pct>,
    charge: Option<&Verdict<Cents>>,
    follows_from_charge: bool,
) -> bool {
    apr.accurate || (follows_from_charge && charge.is_some_and(|charge| charge.accurate))
}

/// How much less is disclosed than is charged; negative when more is.
fn understated(disclosed: Cents, actual: Cents) -> Result<Cents, EngineError> {
    for (field, charge) in [("disclosed", disclosed), ("actual", actual)] {
        if charge.is_negative() {
            return Err(EngineError::new(field, Problem::MustNotBeNegative));
        }
    }
    actual
        .checked_sub(disclosed)
        .ok_or(EngineError::too_large("actual"))
}

fn within(understated: Cents, limit: Cents) -> Verdict<Cents> {
    Verdict {
        accurate: understated <= limit,
        limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Tolerances = Tolerances {
        regular: Pct::new(125_000_000),
        irregular: Pct::new(250_000_000),
        finance_charge: Cents::new(10_000),
        rescission_percent: Pct::new(500_000_000),
        rescission_refinance_percent: Pct::new(1_000_000_000),
        foreclosure: Cents::new(3_500),
    };

    const ACTUAL: i64 = 6_500_000_000;

    fn apr(apart: i64, irregular: bool) -> bool {
        let actual = Pct::new(ACTUAL);
        let verdict = TABLE.apr(Pct::new(ACTUAL + apart), actual, irregular);
        verdict.unwrap().accurate
    }

    fn rescission(understated: i64, face: i64, test: Rescission) -> Verdict<Cents> {
        let actual = Cents::new(30_000_000);
        let disclosed = Cents::new(30_000_000 - understated);
        TABLE
            .rescission(disclosed, actual, Cents::new(face), test)
            .unwrap()
    }

    #[test]
    fn a_rate_may_be_an_eighth_or_a_quarter_of_a_point_off_either_way() {
        for sign in [-1, 1] {
            assert!(apr(sign * 125_000_000, false));
            assert!(!apr(sign * 125_000_001, false));
            assert!(apr(sign * 250_000_000, true));
            assert!(!apr(sign * 250_000_001, true));
        }
        assert!(apr(0, false));
        let apart = TABLE.apr(Pct::MAX, Pct::MIN, false);
        assert_eq!(apart, Err(EngineError::too_large("disclosed")));
    }

    #[test]
    fn a_charge_may_be_understated_by_the_limit_and_overstated_by_anything() {
        let accurate = |disclosed, actual| {
            let verdict = TABLE.charge(Cents::new(disclosed), Cents::new(actual));
            verdict.unwrap().accurate
        };
        assert!(accurate(20_000_000, 20_010_000));
        assert!(!accurate(20_000_000, 20_010_001));
        assert!(accurate(20_000_001, 20_000_000));
        assert!(accurate(Cents::MAX.get(), 0));
        let negative = TABLE.charge(Cents::new(-1), Cents::ZERO);
        let refused = EngineError::new("disclosed", Problem::MustNotBeNegative);
        assert_eq!(negative, Err(refused));
    }

    #[test]
    fn rescission_looks_at_the_face_amount_but_not_in_foreclosure() {
        let face = 30_000_000;
        assert!(rescission(150_000, face, Rescission::Usual).accurate);
        assert!(!rescission(150_001, face, Rescission::Usual).accurate);
        assert!(rescission(300_000, face, Rescission::NoNewAdvance).accurate);
        assert!(!rescission(300_001, face, Rescission::NoNewAdvance).accurate);
        assert!(rescission(3_500, face, Rescission::Foreclosure).accurate);
        assert!(!rescission(3_501, face, Rescission::Foreclosure).accurate);
        for test in [
            Rescission::Usual,
            Rescission::NoNewAdvance,
            Rescission::Foreclosure,
        ] {
            assert!(rescission(-1, face, test).accurate, "{test:?}");
        }
        // Half a percent of 300,001.99 is 1,500.00995: a cent more is too much.
        assert!(rescission(150_000, 30_000_199, Rescission::Usual).accurate);
        let cut = rescission(150_001, 30_000_199, Rescission::Usual);
        assert_eq!((cut.accurate, cut.limit), (false, Cents::new(150_000)));
        let nothing = TABLE.rescission(Cents::ZERO, Cents::ZERO, Cents::ZERO, Rescission::Usual);
        let refused = EngineError::new("face", Problem::MustBePositive);
        assert_eq!(nothing, Err(refused));
    }

    #[test]
    fn a_rate_that_follows_from_an_accurate_charge_is_accurate() {
        let far = TABLE.apr(Pct::new(6_000_000_000), Pct::new(ACTUAL), false);
        let far = far.unwrap();
        let near = TABLE
            .apr(Pct::new(ACTUAL), Pct::new(ACTUAL), false)
            .unwrap();
        let good = TABLE
            .charge(Cents::new(10_000), Cents::new(20_000))
            .unwrap();
        let bad = TABLE
            .charge(Cents::new(10_000), Cents::new(20_001))
            .unwrap();
        assert!(apr_accurate(&far, Some(&good), true));
        assert!(!apr_accurate(&far, Some(&good), false));
        assert!(!apr_accurate(&far, Some(&bad), true));
        assert!(!apr_accurate(&far, None, true));
        assert!(apr_accurate(&near, Some(&bad), false));
    }
}
