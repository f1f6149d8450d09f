//! What a paper is told: figures and names, already decided. How they are written is the paper's
//! business; what they are is not.
//!
//! None of these types has a `Debug` form: they carry names of people.

mod letter;
mod loan;
mod sheet;

pub use letter::{ProposalLetter, Signatory};
pub use loan::{
    Cost, CostTiming, Illustrative, IndexUsed, Phase, PhaseRate, Row, Utilisation, Variant,
};
pub use sheet::{
    EarlyRepayment, Fine, Guarantee, Intermediary, Lender, Loan, LoanRate, Obligation, Rights,
    Stage,
};

/// How many entries a list of a context may have: costs, obligations, conditions, borrowers.
pub const MAX_ENTRIES: usize = 200;
/// How many months a repayment table may have.
pub const MAX_ROWS: usize = 600;
/// How many bytes one text may have.
pub const MAX_TEXT: usize = 40_000;
