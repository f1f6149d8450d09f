//! Where figures of a table hold: days, bands and steps.

use crate::date::Date;

/// The days on which a table row is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Effective {
    /// First day.
    pub from: Date,
    /// Last day; none while it has not been replaced.
    pub to: Option<Date>,
}

impl Effective {
    /// True when `date` is within.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
}

/// A band "over … up to …": the lower edge is outside, the upper edge inside, as loan-to-value and
/// loan-amount bands are worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Band<T> {
    /// Values must be above this; none for no lower edge.
    pub over: Option<T>,
    /// Values may be at most this; none for no upper edge.
    pub up_to: Option<T>,
}

impl<T: Copy + PartialOrd> Band<T> {
    /// The band without edges.
    pub const ALL: Self = Self {
        over: None,
        up_to: None,
    };

    /// True when `value` is within.
    #[must_use]
    pub fn contains(&self, value: T) -> bool {
        self.over.is_none_or(|over| value > over) && self.up_to.is_none_or(|up_to| value <= up_to)
    }
}

/// A band "at least … and less than …": the lower edge is inside, the upper edge outside, as
/// down-payment and credit-score bands are worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step<T> {
    /// Values must be at least this; none for no lower edge.
    pub at_least: Option<T>,
    /// Values must be below this; none for no upper edge.
    pub below: Option<T>,
}

impl<T: Copy + PartialOrd> Step<T> {
    /// The step without edges.
    pub const ALL: Self = Self {
        at_least: None,
        below: None,
    };

    /// True when `value` is within.
    #[must_use]
    pub fn contains(&self, value: T) -> bool {
        self.at_least.is_none_or(|least| value >= least)
            && self.below.is_none_or(|below| value < below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_and_steps_keep_their_edges() {
        let band = Band {
            over: Some(90),
            up_to: Some(95),
        };
        assert_eq!(
            [90, 91, 95, 96].map(|v| band.contains(v)),
            [false, true, true, false]
        );
        let step = Step {
            at_least: Some(5),
            below: Some(10),
        };
        assert_eq!(
            [4, 5, 9, 10].map(|v| step.contains(v)),
            [false, true, true, false]
        );
        assert!(Band::<i32>::ALL.contains(0) && Step::<i32>::ALL.contains(0));
    }
}
