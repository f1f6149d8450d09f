//! The length of the first period and the irregularities a creditor may ignore.

use crate::date::Date;
use crate::error::{EngineError, Problem};
use crate::ratio::Ratio;
use crate::unit_period::{Interval, UnitPeriod, interval};

/// How long it is from the advance to the first payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FirstPeriod {
    /// One month.
    Regular,
    /// Counted from the dates.
    Dates {
        /// When interest begins to be earned, normally consummation or disbursement.
        closing: Date,
        /// Due date of the first payment.
        first_payment: Date,
        /// Treat a slightly long or short first period as one month, 12 CFR 1026.17(c)(4). A
        /// choice of the lender, to be stored with the disclosure.
        ignore_minor_irregularities: bool,
    },
}

impl FirstPeriod {
    /// Unit-periods (months) from the advance to the first payment.
    pub(super) fn start(&self, term_months: u32) -> Result<Interval, EngineError> {
        let regular = Interval {
            whole: 1,
            fraction: Ratio::over(0, 30),
        };
        let Self::Dates {
            closing,
            first_payment,
            ignore_minor_irregularities,
        } = *self
        else {
            return Ok(regular);
        };
        if first_payment <= closing {
            return Err(EngineError::new("first_payment_date", Problem::OutOfOrder));
        }
        let ignored = ignore_minor_irregularities
            && is_minor_irregularity(closing, first_payment, term_months)?;
        if ignored {
            return Ok(regular);
        }
        interval(closing, first_payment, UnitPeriod::Months(1), false)
    }

    /// Due date of the first payment, when dates are known.
    pub(super) const fn first_payment(&self) -> Option<Date> {
        match self {
            Self::Regular => None,
            Self::Dates {
                first_payment,
                closing: _,
                ignore_minor_irregularities: _,
            } => Some(*first_payment),
        }
    }
}

/// True when a monthly loan's first period may be treated as regular, 12 CFR 1026.17(c)(4): not
/// more than 6 days shorter or 13 days longer than a month for terms under a year, 11 and 21 days
/// for terms under ten years, 11 and 32 days from ten years on.
///
/// # Errors
/// Field `date` when the month before the first payment is out of the calendar's bounds.
pub fn is_minor_irregularity(
    closing: Date,
    first_payment: Date,
    term_months: u32,
) -> Result<bool, EngineError> {
    let regular_start = first_payment.add_months(-1)?;
    Ok(may_be_ignored(
        closing.days_until(regular_start),
        term_months,
    ))
}

/// True when a first period `extra_days` longer than a regular one (negative: shorter) may be
/// treated as regular, whatever the unit-period; bounds as [`is_minor_irregularity`].
#[must_use]
pub fn may_be_ignored(extra_days: i32, term_months: u32) -> bool {
    // Of ten years and more the text may let any shorter period pass; counting it by its dates is
    // right in every case, so the bound of shorter terms is kept.
    let (longest, shortest) = match term_months {
        0..=11 => (13, -6),
        12..=119 => (21, -11),
        120.. => (32, -11),
    };
    (shortest..=longest).contains(&extra_days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_irregularities_by_term() {
        let ignored = |closing: &str, term| {
            let first = Date::parse_iso("2026-06-01").unwrap();
            is_minor_irregularity(Date::parse_iso(closing).unwrap(), first, term).unwrap()
        };
        // The regular start is 1 May.
        assert!(ignored("2026-03-30", 360));
        assert!(!ignored("2026-03-29", 360));
        assert!(ignored("2026-05-12", 360));
        assert!(!ignored("2026-05-13", 360));
        assert!(ignored("2026-04-10", 60));
        assert!(!ignored("2026-04-09", 60));
        assert!(ignored("2026-05-07", 6));
        assert!(!ignored("2026-05-08", 6));
        assert!(!ignored("2026-04-17", 11));
    }
}
