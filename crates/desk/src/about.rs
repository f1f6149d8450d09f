//! What a task or an alert is about, for lists.

use std::collections::HashMap;

use lintel_app::context::App;
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::organisation::Organisation;
use lintel_store::fault::Fault;
use lintel_store::loan::list::borrowers;

/// A loan something is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanRef {
    /// The id partners see.
    pub id: PublicId,
    /// Name of its primary borrower.
    pub borrower: Option<String>,
}

/// Whether an organisation sees what is another one's of its family: a lender all, a broker its own. A
/// customer system may give somebody a task about what that person does not see.
pub(crate) fn sees(org: &Organisation, owner: &RowId) -> bool {
    org.id == *owner || org.id == *org.lender_id()
}

/// Names of the primary borrowers of several loans, by row id.
pub(crate) struct Borrowers(HashMap<RowId, String>);

impl Borrowers {
    /// Looks the names up, at once for all of them.
    pub(crate) async fn of(
        app: &App,
        lender_id: &RowId,
        loans: impl Iterator<Item = &RowId>,
    ) -> Result<Self, Fault> {
        let mut ids: Vec<RowId> = loans.cloned().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut names = HashMap::new();
        for line in borrowers(app.db(), lender_id, &ids).await? {
            let name = format!("{} {}", line.first_name, line.last_name);
            if line.is_primary {
                names.insert(line.loan_id, name);
            } else {
                names.entry(line.loan_id).or_insert(name);
            }
        }
        Ok(Self(names))
    }

    /// A loan with the name, for people of an organisation that sees it.
    pub(crate) fn loan(
        &self,
        org: &Organisation,
        id: Option<&RowId>,
        loan: Option<(RowId, PublicId)>,
    ) -> Option<LoanRef> {
        let (row_id, (owner, id)) = id.zip(loan)?;
        if !sees(org, &owner) {
            return None;
        }
        Some(LoanRef {
            id,
            borrower: self.0.get(row_id).cloned(),
        })
    }
}
