//! United States rules: what a loan costs and discloses, and which price tests it meets.
//!
//! - costs: [`finance_charge`], [`points_and_fees`], [`prepaid_interest`], [`mi`], [`hpa`],
//!   [`programs`], [`llpa`];
//! - disclosures: [`loan_apr`], [`trid`], [`projected_payments`], [`tolerance`], on the rate paths of [`arm`];
//! - tests: [`apor`], [`price_tests`], [`loan_limits`].
//!
//! No figure that changes by decree is here. Fees, premiums and thresholds arrive as arguments or
//! as rows of the tables in force.

pub mod apor;
pub mod arm;
pub mod finance_charge;
pub mod hpa;
pub mod llpa;
pub mod loan_apr;
pub mod loan_limits;
pub mod mi;
pub mod points_and_fees;
pub mod prepaid_interest;
pub mod price_tests;
pub mod programs;
pub mod projected_payments;
pub mod tolerance;
pub mod trid;
