//! Looking at a document without making anything of it.

use crate::finding::{Finding, Severity};
use crate::import::Import;
use crate::limits::Limits;

/// What a document is worth: whether it makes a loan, what is wrong with it, what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// Whether it makes a loan; there is then no finding that is an error.
    pub is_valid: bool,
    /// Everything found, errors first, then warnings, then notes. At most `max_findings`; a note
    /// at the end says how many more there were.
    pub findings: Vec<Finding>,
    /// How many there are of what; only of a document that makes a loan.
    pub counts: Option<Counts>,
}

/// How many there are of what in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Parties, each once whatever its roles.
    pub parties: usize,
    /// Borrowers.
    pub borrowers: usize,
    /// Assets, owned properties apart.
    pub assets: usize,
    /// Real estate owned.
    pub owned_properties: usize,
    /// Debts.
    pub liabilities: usize,
    /// Expenses that are no debts.
    pub expenses: usize,
    /// Income items of all borrowers.
    pub incomes: usize,
    /// Employments of all borrowers, former ones among them.
    pub employments: usize,
    /// Other loans of the transaction.
    pub related_loans: usize,
}

impl Validation {
    /// How many findings of a severity are listed.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let of = self.findings.iter().filter(|f| f.severity == severity);
        of.count()
    }
}

/// Looks at a document as [`crate::read`] does and tells what it found, good or bad.
#[must_use]
pub fn validate(bytes: &[u8], limits: &Limits) -> Validation {
    match crate::read(bytes, limits) {
        Ok(import) => Validation {
            is_valid: true,
            counts: Some(counts(&import)),
            findings: import.findings,
        },
        Err(rejection) => Validation {
            is_valid: false,
            counts: None,
            findings: rejection.findings,
        },
    }
}

fn counts(import: &Import) -> Counts {
    let loan = &import.application;
    Counts {
        parties: import.party_count,
        borrowers: loan.borrowers.len(),
        assets: loan.assets.len(),
        owned_properties: loan.owned_properties.len(),
        liabilities: loan.liabilities.len(),
        expenses: loan.expenses.len(),
        incomes: loan.borrowers.iter().map(|who| who.incomes.len()).sum(),
        employments: loan.borrowers.iter().map(|who| who.employments.len()).sum(),
        related_loans: loan.related_loans.len(),
    }
}
