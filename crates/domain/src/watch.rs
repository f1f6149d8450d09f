//! Rate watches: the closed words rows hold, and the names rates are watched by.

use crate::id::DAY_SECONDS;
use crate::loan::Program;
use crate::product::{ProductTerms, RateKind};
use crate::words::words;

words! {
    /// What a consumer wants to hear.
    WatchKind {
        /// The rates as they are, every so often.
        Regular = "regular",
        /// That a rate has come down to what was wished.
        RateTarget = "rate_target",
    }
}

words! {
    /// How often a watch is looked at by the clock.
    Frequency {
        /// Every day.
        Daily = "daily",
        /// On one day of the week.
        Weekly = "weekly",
        /// On one day of the month.
        Monthly = "monthly",
    }
}

words! {
    /// How long a watch lasts.
    WatchDuration {
        /// Seven days.
        OneWeek = "one_week",
        /// Thirty days.
        OneMonth = "one_month",
        /// Ninety days.
        ThreeMonths = "three_months",
        /// A hundred and eighty days.
        SixMonths = "six_months",
        /// Until somebody ends it.
        UntilCancel = "until_cancel",
    }
}

impl WatchDuration {
    /// How long that is, in seconds; none without an end. A month counts thirty days: the sample answer
    /// of the Lender API's text lies 180 days, to the second, behind its date.
    #[must_use]
    pub const fn seconds(self) -> Option<i64> {
        match self {
            Self::OneWeek => Some(7 * DAY_SECONDS),
            Self::OneMonth => Some(30 * DAY_SECONDS),
            Self::ThreeMonths => Some(90 * DAY_SECONDS),
            Self::SixMonths => Some(180 * DAY_SECONDS),
            Self::UntilCancel => None,
        }
    }
}

words! {
    /// How a watch stands.
    WatchState {
        /// Looked at when it is due.
        Active = "active",
        /// Ended by its consumer or a caller.
        Stopped = "stopped",
        /// Its time is over.
        Expired = "expired",
    }
}

/// Months in a year.
const YEAR: u32 = 12;

/// What a programme is called in the names rates are watched by.
const fn program(program: Program) -> &'static str {
    match program {
        Program::Conventional => "Conventional",
        Program::Fha => "FHA",
        Program::Va => "VA",
        Program::Usda => "USDA",
        Program::Other => "Other",
    }
}

/// The name by which a product's rate is watched together with those of its kind: "Conventional 30
/// Year Fixed", "VA 5 Year ARM". Years are the nearest for fixed rates, and those before the first
/// change for others.
#[must_use]
pub fn loan_program(terms: &ProductTerms) -> String {
    let program = program(terms.program);
    match &terms.rate_kind {
        RateKind::Fixed => {
            let years = terms.term_months.saturating_add(YEAR / 2) / YEAR;
            format!("{program} {years} Year Fixed")
        }
        RateKind::Adjustable(arm) => {
            let fixed_years = arm.first_adjustment_months / YEAR;
            format!("{program} {fixed_years} Year ARM")
        }
    }
}

/// A watched product's name as it is compared: in lower case, one blank between words.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_months_are_those_of_the_sample() {
        assert_eq!(
            WatchDuration::SixMonths.seconds(),
            Some(1_577_518_614 - 1_561_966_614)
        );
    }

    #[test]
    fn names_go_by_programme_and_years() {
        let terms = |program, term_months| ProductTerms {
            program,
            term_months,
            amortization_months: term_months,
            interest_only_months: 0,
            lender_paid_mi: false,
            rate_kind: RateKind::Fixed,
        };
        assert_eq!(
            loan_program(&terms(Program::Conventional, 120)),
            "Conventional 10 Year Fixed"
        );
        assert_eq!(loan_program(&terms(Program::Fha, 361)), "FHA 30 Year Fixed");
        assert_eq!(
            fold_name("  Conventional\t10  Year FIXED "),
            "conventional 10 year fixed"
        );
    }
}
