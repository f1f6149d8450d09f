//! The two places where Appendix J can be read in two ways. A creditor picks one and stores it with
//! the disclosure.

/// Odd days beside whole years, when the unit-period is a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OddYear {
    /// The days over 365: the text of (b)(5)(v)(B).
    #[default]
    Over365,
    /// 30 days a month over 360: what the FFIEC's web tool evidently does.
    Over360,
}

/// The unit-periods a year of a single payment after whole months, under a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SingleTerm {
    /// Twelve over the months. The two can lie more than an eighth of a point apart.
    #[default]
    Months,
    /// 365 over the days; (b)(5)(vi) allows either.
    Days,
}

/// A creditor's choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Reading {
    /// How odd days count beside whole years.
    pub odd_year: OddYear,
    /// How a single payment's term becomes unit-periods a year.
    pub single_term: SingleTerm,
}
