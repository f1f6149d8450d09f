//! What the letter of approval is told.

use lintel_engine::date::Date;

use super::loan::Variant;
use super::sheet::{Intermediary, Lender, Loan, Rights};

/// The bank's binding offer for a process, as a letter.
#[derive(Clone, PartialEq, Eq)]
pub struct ProposalLetter {
    /// Number of the proposal.
    pub number: String,
    /// Number of the process.
    pub process_number: String,
    /// The day it is made, in Lisbon; also the date in the file's metadata.
    pub issued_on: Date,
    /// The last day it can be accepted.
    pub valid_until: Date,
    /// Who offers.
    pub lender: Lender,
    /// Who brought the borrowers, if anybody.
    pub intermediary: Option<Intermediary>,
    /// Who signs, the key borrower first; at least one.
    pub borrowers: Vec<Signatory>,
    /// The property in one line; empty when there is none.
    pub property: String,
    /// The loan.
    pub loan: Loan,
    /// The terms decided; its repayment table is not printed and may be empty.
    pub terms: Variant,
    /// Conditions to be met before the contract, a sentence each.
    pub conditions: Vec<String>,
    /// Periods the law gives.
    pub rights: Rights,
}

/// Somebody who signs.
#[derive(Clone, PartialEq, Eq)]
pub struct Signatory {
    /// Name.
    pub name: String,
    /// Taxpayer number, as it shall be printed; empty to leave it out.
    pub nif: String,
}
