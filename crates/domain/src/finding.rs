//! What is wrong with a request about a home loan in Portugal: which field, which rule, where.
//!
//! A vocabulary of its own beside [`crate::refusal::Field`]: its face tells all findings of a request
//! at once, each with a code. Order of groups and fields is the order they are listed in.

mod field;
mod text;

pub use field::{CreditField, FieldGroup};

use lintel_engine::{Cents, Date, Pct};

use crate::id::RowId;

/// A figure a field was measured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Euro cents.
    Amount(Cents),
    /// Percent.
    Percent(Pct),
    /// Months.
    Months(u32),
    /// Completed years.
    Years(u32),
    /// A day.
    Day(Date),
    /// How many things or characters; for contents, bytes.
    Count(u64),
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditRule {
    /// It is needed and not there.
    Missing,
    /// It is there and cannot be read.
    Malformed,
    /// It is no value of its list.
    Unknown,
    /// It was a value of its list and is not offered any more.
    Retired,
    /// Its check digit is wrong.
    CheckDigit,
    /// It is below the lowest.
    TooSmall(Bound),
    /// It is above the highest.
    TooLarge(Bound),
    /// It has too many characters, bytes or entries.
    TooLong(Bound),
    /// It has too few.
    TooShort(Bound),
    /// It lies in the past and must not.
    InThePast,
    /// It lies in the future and must not.
    InTheFuture,
    /// It contradicts another field.
    Conflict,
    /// It does not lie within its parent: a municipality in another district.
    Mismatch,
    /// It is there twice.
    Duplicate,
    /// The bank does not offer it in this combination.
    NotOffered,
    /// A limit of the supervisor or the bank is not kept.
    LimitExceeded {
        /// What it comes to.
        value: Bound,
        /// The limit.
        limit: Bound,
    },
    /// A paper of this type is not there.
    PaperMissing {
        /// Id of the type in its list.
        document_type: u32,
    },
    /// The state does not allow it.
    NotAllowedNow,
    /// Its time is over.
    Expired,
    /// It has not been done.
    NotDone,
    /// It could not be done: made, sent or reached.
    Failed,
    /// It leads to an address that is not public.
    NotPublic,
    /// It is not of a kind that is taken.
    Unsupported,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which field.
    pub field: CreditField,
    /// Zero-based place in its list, when it is in one.
    pub place: Option<usize>,
    /// Which borrower, paper or request for information it is about, when it is about one that is stored.
    pub subject: Option<RowId>,
    /// What is wrong.
    pub rule: CreditRule,
}

impl Finding {
    /// A finding about a field that is not in a list.
    #[must_use]
    pub const fn new(field: CreditField, rule: CreditRule) -> Self {
        Self {
            field,
            place: None,
            subject: None,
            rule,
        }
    }

    /// A finding about a field of the entry at `place`.
    #[must_use]
    pub const fn at(field: CreditField, place: usize, rule: CreditRule) -> Self {
        Self {
            field,
            place: Some(place),
            subject: None,
            rule,
        }
    }

    /// The same finding about something that is stored.
    #[must_use]
    pub fn about(self, subject: RowId) -> Self {
        Self {
            subject: Some(subject),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_lies_in_a_group_and_groups_follow_each_other() {
        let mut last = 0;
        for field in CreditField::ALL {
            let group = FieldGroup::ALL
                .iter()
                .position(|group| *group == field.group())
                .expect("a group of the list");
            assert!(
                group >= last,
                "{field} stands with the fields of another group"
            );
            last = group;
        }
    }
}
