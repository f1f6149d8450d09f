//! United States rules that are pure arithmetic: mortgage insurance, adjustable-rate paths, prepaid
//! interest, the finance charge, the loan's annual percentage rate and the disclosure totals.
//!
//! No figure that changes by decree is here. Fees, premiums and thresholds arrive as arguments or
//! as rows of dated tables ([`programs`]).

pub mod arm;
pub mod finance_charge;
pub mod loan_apr;
pub mod mi;
pub mod prepaid_interest;
pub mod programs;
pub mod trid;
