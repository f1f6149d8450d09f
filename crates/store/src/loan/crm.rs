//! What customer systems call loans. Each organisation has words of its own: a broker's never reach
//! into its lender's system.

use lintel_domain::id::{Instant, RowId};
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::vals;

/// Longest id of a loan in a customer system.
pub const CRM_ID_MAX_CHARS: usize = 200;

const SET: &str = "INSERT INTO loan_crm (org_id, lender_org_id, loan_id, crm_id, named_at_us) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, lender_org_id, loan_id) DO UPDATE SET \
     crm_id = excluded.crm_id, named_at_us = excluded.named_at_us \
     WHERE loan_crm.crm_id <> excluded.crm_id";
const OF_LOAN: &str =
    "SELECT crm_id FROM loan_crm WHERE org_id = $1 AND lender_org_id = $2 AND loan_id = $3";

pub(crate) const STATEMENTS: [(&str, &str); 2] =
    [("loan.crm_set", SET), ("loan.crm_of_loan", OF_LOAN)];

/// Notes what an organisation's customer system calls a loan; `false` when it was so before. The
/// caller holds the loan's row and has seen that it is the organisation's to name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_in(
    tx: &mut Tx,
    org_id: &RowId,
    (lender_id, loan_id): (&RowId, &RowId),
    crm_id: &str,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        org_id.as_str(),
        lender_id.as_str(),
        loan_id.as_str(),
        crm_id,
        now.micros(),
    ];
    Ok(tx.exec(SET, args).await? == 1)
}

/// What an organisation's customer system calls a loan.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_loan(
    db: &Db,
    org_id: &RowId,
    (lender_id, loan_id): (&RowId, &RowId),
) -> Result<Option<String>, Fault> {
    let args = vals![org_id.as_str(), lender_id.as_str(), loan_id.as_str()];
    let row: Option<(String,)> = db.maybe(OF_LOAN, args).await?;
    Ok(row.map(|(crm_id,)| crm_id))
}

/// As [`of_loan`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_loan_in(
    tx: &mut Tx,
    org_id: &RowId,
    (lender_id, loan_id): (&RowId, &RowId),
) -> Result<Option<String>, Fault> {
    let args = vals![org_id.as_str(), lender_id.as_str(), loan_id.as_str()];
    let row: Option<(String,)> = tx.maybe(OF_LOAN, args).await?;
    Ok(row.map(|(crm_id,)| crm_id))
}

/// Whether a text can be such an id: PostgreSQL takes no NUL, and nothing else is stored.
#[must_use]
pub fn is_one(text: &str) -> bool {
    let length = text.chars().take(CRM_ID_MAX_CHARS + 1).count();
    (1..=CRM_ID_MAX_CHARS).contains(&length)
        && !text.chars().any(char::is_control)
        && text.trim() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_an_id() {
        for good in ["22112183", "6df8be86-21c5", "é".repeat(200).as_str()] {
            assert!(is_one(good), "{good}");
        }
        for bad in [
            "",
            " ",
            " 1",
            "1 ",
            "a\0b",
            "a\nb",
            "é".repeat(201).as_str(),
        ] {
            assert!(!is_one(bad), "{bad}");
        }
    }
}
