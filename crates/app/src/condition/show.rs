//! Conditions as they are shown.

use lintel_domain::condition::{ConditionPhase, ConditionStatus, Responsible};
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_macros::boxed;
use lintel_store::condition::{self, StoredCondition};
use lintel_store::fault::Fault;
use lintel_store::loan::read::LoanHead;

use crate::context::App;
use crate::error::AppError;
use crate::loan::{self, DoneBy, LoanCaller, Names};

/// A condition with the papers that lie with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionLine {
    /// Row id.
    pub id: RowId,
    /// The id partners see.
    pub public_id: PublicId,
    /// Row id of the organisation that put it there: it and the lender may change what it says.
    pub org_id: RowId,
    /// The name whoever put it there has for it.
    pub caller_key: Option<String>,
    /// One line that says what is asked for.
    pub title: String,
    /// What is asked for, in full. May be empty.
    pub description: String,
    /// By when it has to be met.
    pub phase: ConditionPhase,
    /// Who brings what is asked for.
    pub responsible: Responsible,
    /// Whether a paper of whoever decides for the lender is enough.
    pub auto_satisfy: bool,
    /// How far it is.
    pub status: ConditionStatus,
    /// When it was put on the loan.
    pub created_at: Instant,
    /// Who put it there.
    pub created_by: DoneBy,
    /// When its status last changed.
    pub status_at: Instant,
    /// Who changed it.
    pub status_by: DoneBy,
    /// Public ids of its current papers, oldest first.
    pub documents: Vec<PublicId>,
}

/// The conditions of a loan, oldest first.
///
/// # Errors
/// Not permitted for whoever may see no loans; not found, alike, for a loan that is unknown, foreign
/// or somebody else's; any fault of the database.
#[boxed]
pub async fn list(
    app: &App,
    caller: &LoanCaller<'_>,
    id: &PublicId,
) -> Result<Vec<ConditionLine>, AppError> {
    let head = loan::find(app, caller, id).await?;
    Ok(list_of(app, caller, &head).await?)
}

/// As [`list`], of a loan the caller has found.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list_of(
    app: &App,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
) -> Result<Vec<ConditionLine>, Fault> {
    let (lender_id, loan_id) = (&head.lender_id, &head.line.id);
    let stored = condition::of_loan(app.db(), lender_id, loan_id).await?;
    lines(app, caller, stored, (lender_id, loan_id)).await
}

/// One condition.
pub(super) async fn line(
    app: &App,
    caller: &LoanCaller<'_>,
    stored: StoredCondition,
) -> Result<ConditionLine, Fault> {
    let (lender_id, loan_id) = (stored.lender_id.clone(), stored.loan_id.clone());
    let mut lines = lines(app, caller, vec![stored], (&lender_id, &loan_id)).await?;
    lines
        .pop()
        .ok_or_else(|| Fault::internal("a condition vanished"))
}

async fn lines(
    app: &App,
    caller: &LoanCaller<'_>,
    stored: Vec<StoredCondition>,
    (lender_id, loan_id): (&RowId, &RowId),
) -> Result<Vec<ConditionLine>, Fault> {
    let papers = if stored.is_empty() {
        Vec::new()
    } else {
        condition::papers(app.db(), lender_id, loan_id).await?
    };
    let org = caller.org();
    let mut names = Names::default();
    let mut lines = Vec::with_capacity(stored.len());
    for stored in stored {
        let of_it = papers.iter().filter(|(id, _)| *id == stored.id);
        lines.push(ConditionLine {
            documents: of_it.map(|(_, paper)| paper.clone()).collect(),
            created_by: names.of(app, org, &stored.created_by).await?,
            status_by: names.of(app, org, &stored.status_by).await?,
            id: stored.id,
            public_id: stored.public_id,
            org_id: stored.org_id,
            caller_key: stored.caller_key,
            title: stored.title,
            description: stored.description,
            phase: stored.phase,
            responsible: stored.responsible,
            auto_satisfy: stored.auto_satisfy,
            status: stored.status,
            created_at: stored.created_at,
            status_at: stored.status_at,
        });
    }
    Ok(lines)
}
