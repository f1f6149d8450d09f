//! Typed contexts to PDF bytes: the information sheet (FINE) and the proposal letter.
//!
//! Pure: no clock, no I/O, no random numbers; the same context twice gives the same bytes. Files are
//! tagged after the rules of PDF/UA-1 and PDF/A-2a, with their fonts inside. Any text is printed or, where
//! the fonts have no glyph for it, shown by a replacement sign; none may panic.
#![deny(missing_docs)]

mod check;
mod context;
mod error;
mod figures;
mod fine;
mod layout;
mod letter;
mod pdf;
pub mod sample;
mod terms;

pub use context::{
    Cost, CostTiming, EarlyRepayment, Fine, Guarantee, Illustrative, IndexUsed, Intermediary,
    Lender, Loan, LoanRate, MAX_ENTRIES, MAX_ROWS, MAX_TEXT, Obligation, Phase, PhaseRate,
    ProposalLetter, Rights, Row, Signatory, Stage, Utilisation, Variant,
};
pub use error::PaperError;
pub use figures::{date, euro, short_rate};
pub use fine::fine;
pub use letter::proposal_letter;
