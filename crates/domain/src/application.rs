//! The US residential loan application (the URLA's content) as plain types.
//!
//! What a borrower, an originator and a property state about themselves before underwriting. The
//! types hold what a document said, resolved: owners are indexes into `borrowers`, debts know the
//! property they are secured by. Reading and writing documents is another crate's work; this one
//! must not know their element names. Stored as JSON: names of fields and variants are for ever.
//!
//! To add a fact, add an `Option` field to the part it belongs to; old rows then still load.

pub mod borrower;
mod choice;
pub mod closing;
pub mod codec;
pub mod declaration;
pub mod employment;
pub mod holding;
pub mod partial_date;
pub mod party;
pub mod place;
pub mod program;
pub mod property;
pub mod sensitive;
pub mod terms;
mod totals;

use serde::{Deserialize, Serialize};

use borrower::Borrower;
use closing::{ClosingFigures, Fee, HousingExpense, PurchaseCredit};
use holding::{Asset, Expense, Liability, OwnedProperty};
use party::{OriginationCompany, Originator, OtherParty};
use property::SubjectProperty;
use terms::{LoanTerms, RelatedLoan, VerificationReport};

/// One application for one loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// What is asked for.
    pub loan: LoanTerms,
    /// What secures it; mostly empty while the borrower is still looking for a house.
    pub property: SubjectProperty,
    /// Everybody who will owe the loan, in document order; at least one.
    pub borrowers: Vec<Borrower>,
    /// Borrowers whose credit is reported together, each pair once.
    #[serde(default)]
    pub joint_credit_pairs: Vec<JointCreditPair>,
    /// Money and things of value, real estate apart.
    #[serde(default)]
    pub assets: Vec<Asset>,
    /// Real estate the borrowers own now.
    #[serde(default)]
    pub owned_properties: Vec<OwnedProperty>,
    /// What the borrowers owe.
    #[serde(default)]
    pub liabilities: Vec<Liability>,
    /// Regular obligations that are not debts, such as child support.
    #[serde(default)]
    pub expenses: Vec<Expense>,
    /// Other loans of the same transaction, such as a second lien.
    #[serde(default)]
    pub related_loans: Vec<RelatedLoan>,
    /// Monthly housing cost, mostly the proposed one.
    #[serde(default)]
    pub housing_expenses: Vec<HousingExpense>,
    /// The loan officer.
    #[serde(default)]
    pub originator: Option<Originator>,
    /// The company the loan officer works for.
    #[serde(default)]
    pub origination_company: Option<OriginationCompany>,
    /// Everybody else the document names.
    #[serde(default)]
    pub other_parties: Vec<OtherParty>,
    /// Money the borrower gets credit for at closing.
    #[serde(default)]
    pub purchase_credits: Vec<PurchaseCredit>,
    /// Fees the sender has already worked out; none in an underwriting request.
    #[serde(default)]
    pub fees: Vec<Fee>,
    /// Estimated sums of the closing.
    #[serde(default)]
    pub closing: ClosingFigures,
    /// Reports ordered to verify what borrowers state.
    #[serde(default)]
    pub verifications: Vec<VerificationReport>,
}

/// Two borrowers whose credit report is joint: indexes into [`Application::borrowers`], the lower
/// one first. Neither needs to be the primary borrower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JointCreditPair {
    /// The borrower that comes first in the application.
    pub first: usize,
    /// The other one.
    pub second: usize,
}
