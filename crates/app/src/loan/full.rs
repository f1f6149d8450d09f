//! A loan in full: everything the caller may see of it, in one answer.

use lintel_domain::id::PublicId;
use lintel_domain::loan::{BorrowerLine, LoanView};
use lintel_macros::boxed;
use lintel_store::loan::crm;
use lintel_store::loan::list::borrowers;
use lintel_store::loan::read::LoanHead;

use super::caller::{LoanCaller, find};
use super::history::{self, LoanEvent};
use super::{Application, opened};
use crate::condition::{self, ConditionLine};
use crate::context::App;
use crate::document::{self, DocumentLine};
use crate::error::AppError;

/// A loan with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct FullLoan {
    /// Its row.
    pub head: LoanHead,
    /// What was applied for.
    pub application: Application,
    /// Borrowers as the list of loans has them.
    pub borrowers: Vec<BorrowerLine>,
    /// Conditions, oldest first.
    pub conditions: Vec<ConditionLine>,
    /// Papers that were not removed, newest first.
    pub documents: Vec<DocumentLine>,
    /// What happened to it, newest first.
    pub history: Vec<LoanEvent>,
    /// Who of the caller's organisation looked at it, oldest first.
    pub views: Vec<LoanView>,
    /// What the customer system of the caller's organisation calls it.
    pub crm_id: Option<String>,
}

/// Reads a loan in full. No look is noted: a program does not look.
///
/// # Errors
/// Not permitted for whoever may see no loans; not found, alike, for what is unknown, foreign or
/// somebody else's; any fault of the database or the key ring.
#[boxed]
pub async fn full(app: &App, caller: &LoanCaller<'_>, id: &PublicId) -> Result<FullLoan, AppError> {
    let head = find(app, caller, id).await?;
    let org = caller.org();
    let own = history::own(app, org, &head).await?;
    let ids = std::slice::from_ref(&head.line.id);
    Ok(FullLoan {
        application: opened(app, &head).await?,
        borrowers: borrowers(app.db(), &head.lender_id, ids).await?,
        conditions: condition::list_of(app, caller, &head).await?,
        documents: document::list_of(app, caller, &head).await?,
        history: history::history(app, org, &head, own).await?,
        views: history::views(app, org, &head).await?,
        crm_id: crm::of_loan(app.db(), &org.id, (&head.lender_id, &head.line.id)).await?,
        head,
    })
}
