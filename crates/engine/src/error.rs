//! The one error type of the calculations: which input, and what is wrong with it.

use std::fmt;

/// An input a calculation cannot accept. `field` is the engine's own name of the input (the name
/// of the parameter or struct member), so a caller can point at the offending value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineError {
    /// Name of the parameter or struct member, for example `principal` or `term_months`.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What may be wrong with an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Zero or less where more than zero is needed.
    MustBePositive,
    /// Less than zero where zero or more is needed.
    MustNotBeNegative,
    /// A whole number outside the closed interval.
    OutOfRange {
        /// Smallest accepted value.
        min: i64,
        /// Largest accepted value.
        max: i64,
    },
    /// More than the engine's documented bound, or the arithmetic would leave that bound.
    TooLarge,
    /// A list with more elements than accepted.
    TooMany {
        /// Largest accepted number.
        limit: u32,
    },
    /// A list that must have at least one element has none.
    Empty,
    /// A date earlier than the one it must follow.
    OutOfOrder,
    /// Not a calendar date in ISO form between the years 1900 and 2200.
    NotADate,
    /// Text that is not one of the names of this list.
    UnknownName,
    /// Two inputs contradict each other; the text says how.
    Inconsistent(&'static str),
}

impl EngineError {
    /// Names the field and its problem.
    #[must_use]
    pub const fn new(field: &'static str, problem: Problem) -> Self {
        Self { field, problem }
    }

    /// Shorthand for a value above its bound, used where arithmetic would overflow.
    #[must_use]
    pub const fn too_large(field: &'static str) -> Self {
        Self::new(field, Problem::TooLarge)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MustBePositive => f.write_str("must be more than 0"),
            Self::MustNotBeNegative => f.write_str("must be 0 or more"),
            Self::OutOfRange { min, max } => write!(f, "must be between {min} and {max}"),
            Self::TooLarge => f.write_str("is larger than the calculation can hold"),
            Self::TooMany { limit } => write!(f, "has more than {limit} elements"),
            Self::Empty => f.write_str("must not be empty"),
            Self::OutOfOrder => f.write_str("is earlier than the date it must follow"),
            Self::NotADate => f.write_str("must be a date like 2026-01-31, from 1900 to 2200"),
            Self::UnknownName => f.write_str("is not a known name"),
            Self::Inconsistent(how) => f.write_str(how),
        }
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.problem)
    }
}

impl std::error::Error for EngineError {}
