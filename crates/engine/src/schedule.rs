//! Payment schedules: level, interest-only, adjustable, balloon and dated.
//!
//! The rules, which are options of every lender's contract and so are stated here:
//! - the level payment is rounded half up to whole cents;
//! - interest of a month is `balance × rate / 12`, computed exactly and rounded half up to cents;
//! - the payment is worked out again, over the months that remain, at every change date and
//!   when an interest-only period ends;
//! - the last payment is chosen by [`LastPayment`].

mod dated;
mod exact;
mod payment;
mod plan;

use crate::money::{Cents, MoneyError};
use crate::rate::Pct;

pub use dated::{DatedRow, dated_schedule, equal_periods_schedule};
pub use exact::{ExactRow, exact_schedule};
pub(crate) use payment::level_payment_wide;
pub use payment::{
    interest_only_payment, level_payment, level_payment_exact, level_payment_of_e9,
    monthly_interest,
};
pub(crate) use plan::Run;
pub use plan::{Plan, RateStep};

/// Longest monthly schedule: one hundred years.
pub const MAX_TERM_MONTHS: u32 = 1200;
/// Most payments of any schedule or stream.
pub const MAX_PAYMENTS: u32 = 100_000;
/// Highest note rate accepted, 10,000 %: beyond it a text is a slip of the decimal point.
pub const MAX_NOTE_RATE: Pct = Pct::new(10_000_000_000_000);

/// What the last scheduled payment does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LastPayment {
    /// It pays whatever is owed, so it differs from the others by the accumulated cents, or by the
    /// whole balloon. The usual contract.
    ClearsBalance,
    /// It equals the others; what is still owed (or was overpaid, as zero) is reported as
    /// [`Schedule::remainder`].
    Level,
}

/// One payment of a schedule in whole cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Number of the payment, from 1.
    pub number: u32,
    /// Interest and principal together.
    pub payment: Cents,
    /// The part that is interest.
    pub interest: Cents,
    /// The part that reduces the balance.
    pub principal: Cents,
    /// Balance after the payment.
    pub balance: Cents,
    /// Yearly note rate the interest accrued at.
    pub rate: Pct,
}

impl Row {
    /// Balance before the payment: what mortgage insurance rules look at.
    #[must_use]
    pub fn balance_before(&self) -> Cents {
        Cents::new(self.balance.get().saturating_add(self.principal.get()))
    }
}

/// All payments of a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The payments in order.
    pub rows: Vec<Row>,
    /// Balance left after the last payment; zero under [`LastPayment::ClearsBalance`].
    pub remainder: Cents,
}

impl Schedule {
    /// Sum of the interest parts.
    ///
    /// # Errors
    /// When the sum leaves the bound of [`Cents`].
    pub fn total_interest(&self) -> Result<Cents, MoneyError> {
        Cents::try_sum(self.rows.iter().map(|row| row.interest))
    }

    /// Sum of the payments.
    ///
    /// # Errors
    /// When the sum leaves the bound of [`Cents`].
    pub fn total_payments(&self) -> Result<Cents, MoneyError> {
        Cents::try_sum(self.rows.iter().map(|row| row.payment))
    }
}
