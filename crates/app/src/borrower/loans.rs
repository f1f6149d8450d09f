//! A borrower's own loans.

use lintel_domain::condition::{ConditionStatus, Responsible};
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::loan::{OfficerName, PropertyAddress, Status};
use lintel_engine::money::Cents;
use lintel_macros::boxed;
use lintel_store::condition;
use lintel_store::fault::Fault;
use lintel_store::loan::invitation;

use super::SignedInBorrower;
use crate::context::App;

/// Most loans shown.
const MOST: u32 = 50;

/// A loan as its borrower sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BorrowerLoan {
    /// The id partners see.
    pub public_id: PublicId,
    /// Name of whoever took the application in.
    pub lender: String,
    /// Where it stands, in the words meant for borrowers.
    pub status: Status,
    /// Whether it is still being worked on.
    pub is_active: bool,
    /// Amount before financed premiums.
    pub amount: Cents,
    /// Subject property; parts may be unknown.
    pub property: PropertyAddress,
    /// Who answers for it, as far as that is known.
    pub officer: OfficerName,
    /// When it arrived.
    pub created_at: Instant,
    /// When it closes, once that is known.
    pub closing_at: Option<Instant>,
    /// What the borrower has to bring, oldest first.
    pub conditions: Vec<BorrowerCondition>,
}

/// Something a borrower has to bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BorrowerCondition {
    /// The id partners see.
    pub public_id: PublicId,
    /// One line that says what is asked for.
    pub title: String,
    /// What is asked for, in full. May be empty.
    pub description: String,
    /// How far it is.
    pub status: ConditionStatus,
}

/// Lists the loans a borrower was invited to, as long as the application names the account's address
/// and whoever took it in is active; newest first, fifty at most. A loan that merely names the address
/// is not among them: nobody was asked whose address it is.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn loans(app: &App, who: &SignedInBorrower) -> Result<Vec<BorrowerLoan>, Fault> {
    let found = invitation::of_account(app.db(), &who.lender.id, &who.id, MOST).await?;
    let mut loans = Vec::with_capacity(found.len());
    for loan in found {
        let line = loan.line;
        let all = condition::of_loan(app.db(), &loan.lender_id, &line.id).await?;
        let own = all
            .into_iter()
            .filter(|c| c.responsible == Responsible::Borrower);
        let conditions = own.map(|c| BorrowerCondition {
            public_id: c.public_id,
            title: c.title,
            description: c.description,
            status: c.status,
        });
        loans.push(BorrowerLoan {
            conditions: conditions.collect(),
            public_id: line.public_id,
            lender: loan.org_name,
            status: line.borrower_status,
            is_active: loan.is_active,
            amount: line.loan_amount,
            property: line.property,
            officer: line.officer,
            created_at: line.created_at,
            closing_at: line.closing_at,
        });
    }
    Ok(loans)
}
