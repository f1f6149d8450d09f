//! When borrower-paid conventional mortgage insurance ends, Homeowners Protection Act of 1998,
//! 12 USC 4901 and 4902.
//!
//! All three dates follow the schedule, not what was really paid: of an adjustable loan, the
//! schedule of the rates in force (here the path the caller scheduled).

use crate::date::Date;
use crate::error::EngineError;
use crate::money::Cents;
use crate::rate::Pct;
use crate::schedule::Row;
use crate::us::loan_apr::due_date;
use crate::us::mi::{MiStop, MiThreshold, mi_payments};

/// The percentages of the Act, as arguments: 80 for the borrower's request, 78 for the automatic
/// end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HpaPercents {
    /// Part of the original value at which the borrower may ask, 4901(2).
    pub request: Pct,
    /// Part of the original value at which insurance ends by itself, 4901(18).
    pub automatic: Pct,
}

/// The payment after which insurance may or must end, by number. Zero: before the first payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HpaEnds {
    /// The scheduled balance first reaches the request percentage, 4902(a).
    pub request_after: u32,
    /// The scheduled balance first reaches the automatic percentage, 4902(b).
    pub automatic_after: u32,
    /// The midpoint of the amortisation period, 4902(c): the last end there is.
    pub final_after: u32,
}

impl HpaEnds {
    /// The last payment that carries a premium when nobody asks.
    #[must_use]
    pub fn last_premium(&self) -> u32 {
        self.automatic_after.min(self.final_after)
    }
}

/// Finds the three ends on a schedule.
///
/// # Errors
/// `original_value` not positive, a percentage outside 0 to 100.
pub fn hpa_ends(
    rows: &[Row],
    original_value: Cents,
    percents: HpaPercents,
    amortization_months: u32,
) -> Result<HpaEnds, EngineError> {
    let after = |percent| {
        let threshold = MiThreshold {
            original_value,
            percent,
        };
        let stop = MiStop {
            threshold: Some(threshold),
            ..MiStop::default()
        };
        mi_payments(rows, &stop, amortization_months)
    };
    Ok(HpaEnds {
        request_after: after(percents.request)?,
        automatic_after: after(percents.automatic)?,
        final_after: amortization_months / 2,
    })
}

/// The due date of the payment that brings the balance to the mark, when the first one is known;
/// none when the mark is reached before any payment.
///
/// # Errors
/// Field `date` when the date leaves the years 1900 to 2200.
pub fn end_date(first_payment: Date, after: u32) -> Result<Option<Date>, EngineError> {
    (after > 0)
        .then(|| due_date(first_payment, after))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::schedule::Plan;

    #[test]
    fn h_25_b_ends_by_itself_after_80_payments() {
        let principal = Cents::new(16_200_000);
        let plan = Plan::fixed(principal, Pct::new(3_875_000_000), 360).unwrap();
        let rows = plan.schedule().unwrap().rows;
        let percents = HpaPercents {
            request: Pct::new(80 * Pct::SCALE),
            automatic: Pct::new(78 * Pct::SCALE),
        };
        let ends = hpa_ends(&rows, Cents::new(18_000_000), percents, 360).unwrap();
        assert_eq!(ends.automatic_after, 80);
        assert_eq!((ends.request_after, ends.final_after), (68, 180));
        assert_eq!(ends.last_premium(), 80);
        let first = Date::new(2013, 6, 1).unwrap();
        let date = end_date(first, ends.automatic_after).unwrap().unwrap();
        assert_eq!(date.to_string(), "2020-01-01");
        assert_eq!(end_date(first, 0).unwrap(), None);
    }

    #[test]
    fn the_midpoint_ends_what_interest_only_keeps_up() {
        let plan = Plan::fixed(Cents::new(9_500_000), Pct::new(6_000_000_000), 360)
            .unwrap()
            .interest_only(240)
            .unwrap();
        let rows = plan.schedule().unwrap().rows;
        let percents = HpaPercents {
            request: Pct::new(80 * Pct::SCALE),
            automatic: Pct::new(78 * Pct::SCALE),
        };
        let ends = hpa_ends(&rows, Cents::new(10_000_000), percents, 360).unwrap();
        assert!(ends.automatic_after > 240);
        assert_eq!(ends.last_premium(), 180);
    }
}
