//! The annual percentage rate of Regulation Z, 12 CFR 1026.22 and Appendix J (b)(8).
//!
//! The rate `i` per unit-period balances advances and payments, with simple interest inside the
//! odd fraction of a unit-period and compound interest over whole ones:
//!
//! ```text
//! Σ_k A_k / ((1 + e_k i)(1 + i)^q_k)  =  Σ_j P_j / ((1 + f_j i)(1 + i)^t_j),   APR = 100 w i
//! ```
//!
//! [`solve`] takes the general case; [`solve_levels`] is the fast road for monthly levels. Both
//! answer with a [`Solution`]: a rate that was found, or the reason there is none. Never a guess.

pub(crate) mod bracket;
mod equation;
mod levels;

use std::fmt;

use crate::rate::Pct;

pub(crate) use equation::found;
pub use equation::{Advance, Stream, solve};
pub use levels::{Level, LevelLoan, solve_level_loans, solve_levels};

/// The outcome of a search for a rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Solution {
    /// The one rate that balances the equation.
    Found(Found),
    /// The search ran out of steps. Not expected of any input; reported rather than guessed.
    NotConverged {
        /// Steps taken.
        iterations: u32,
    },
    /// The equation has no rate, or not a single one.
    NoSolution(NoRate),
}

/// A rate and how it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Rate per unit-period as a fraction of one; above −1.
    pub rate_per_period: f64,
    /// The annual percentage rate, half up at the ninth digit. Negative when the payments come to
    /// less than the advances.
    pub apr: Pct,
    /// Evaluations of the equation.
    pub iterations: u32,
}

/// Why an equation has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoRate {
    /// Even a loss of everything leaves the payments short of the advances.
    BelowMinusHundred,
    /// The payments exceed the advances at every rate up to 1,000,000 % a year.
    AboveLimit,
    /// Advances follow payments in such a way that several rates may balance them.
    NotUnique,
}

impl Solution {
    /// The annual percentage rate, when one was found.
    #[must_use]
    pub const fn apr(&self) -> Option<Pct> {
        match self {
            Self::Found(found) => Some(found.apr),
            Self::NotConverged { .. } | Self::NoSolution(_) => None,
        }
    }
}

impl fmt::Display for NoRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BelowMinusHundred => "no rate above -100 % a unit-period balances the payments",
            Self::AboveLimit => "no rate up to 1000000 % a year balances the payments",
            Self::NotUnique => {
                "advances after payments: it cannot be shown that only one rate balances them"
            }
        })
    }
}
