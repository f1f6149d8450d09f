//! The annual percentage rate of charge of the European Union: Directive 2014/17/EU (mortgage
//! credit), Article 17 and Annex I; the same equation as Directive 2008/48/EC.
//!
//! ```text
//! Σ_k C_k (1 + X)^(−t_k)  =  Σ_l D_l (1 + X)^(−s_l)
//! ```
//!
//! Drawdowns on the left, repayments and charges on the right, times in years from the first
//! drawdown, pure powers: no simple interest inside a period as in the United States. `X` is an
//! effective yearly rate.
//!
//! [`solve`] finds it for flows at given times; [`interval`] measures times between dates by remark
//! (c); [`disclosed`] rounds the answer by remark (d). [`assumptions`] says what rate, term and dates
//! stand for what a contract leaves open, [`costs`] which costs count, [`repayment`] works out
//! instalments, [`table`] lays them out as the information sheet does, and [`credit`] does all of it
//! for a whole credit.

pub mod assumptions;
pub mod costs;
pub mod credit;
mod equation;
mod interval;
pub mod repayment;
pub mod table;
mod years;

use crate::money::Rounding;
use crate::rate::Pct;

pub use equation::{Flow, solve};
pub use interval::{Interval, PeriodUnit, interval};
pub use years::Years;

/// The rate as it is disclosed: half up at `decimals` fraction digits, at least one and at most nine
/// (Annex I, remark (d)).
#[must_use]
pub fn disclosed(aprc: Pct, decimals: u32) -> Pct {
    let unit = 10_i64.saturating_pow(9_u32.saturating_sub(decimals.clamp(1, 9)));
    // Remark (d) raises a digit followed by 5 or more, whatever the sign: half away from zero.
    aprc.round_to(Pct::new(unit), Rounding::HalfUp)
        .unwrap_or(aprc)
}
