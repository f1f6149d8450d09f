//! Conditions of a loan: put there, changed, met.

mod paper;
mod show;

use lintel_macros::boxed;
pub use paper::{find_in, paper_gone_in, received_in};
pub use show::{ConditionLine, list, list_of};

use lintel_domain::condition::{
    Bar, CONDITIONS_MAX, ConditionDraft, ConditionEdit, ConditionFacts, ConditionStatus,
    EditedFacts, Responsible, Standing,
};
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{ConditionField, Denial, Field, Noun, Refusal, Rule};
use lintel_store::condition::{self, Named, StoredCondition};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::loan::read::LoanHead;
use serde_json::json;

use crate::context::App;
use crate::error::AppError;
use crate::loan::{self, LoanCaller};

/// Public ids collide once in a long while; then another is drawn.
const ATTEMPTS: usize = 5;

/// What came of a call about a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditioned {
    /// The condition as it is now.
    pub line: ConditionLine,
    /// What happened this time.
    pub outcome: Outcome,
}

/// The three good ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was there and says something else now.
    Updated,
    /// It was there and was like that.
    Unchanged,
}

/// Puts a condition on a loan. With a name of the caller's own it is the same condition each time:
/// what the call says in addition, or otherwise, is changed; how far it is stays. Without one every
/// call makes another. One that a broker made and its lender says again is the lender's from then on.
///
/// # Errors
/// Not permitted; not found, alike, for a loan that is unknown, foreign or somebody else's; everything
/// wrong with the condition at once; any fault of the database.
#[boxed]
pub async fn create(
    app: &App,
    caller: &LoanCaller<'_>,
    id: &PublicId,
    draft: ConditionDraft,
) -> Result<Conditioned, AppError> {
    caller.require(Permission::EditConditions)?;
    let mut tx = app.db().begin().await?;
    let head = loan::lock_in(&mut tx, caller, id).await?;
    let acting = Acting {
        app,
        caller,
        head: &head,
        now: app.now(),
    };
    let facts = draft.check().map_err(several)?;
    let keys = (&head.lender_id, &head.line.id);
    let there = match &facts.caller_key {
        Some(key) => condition::find_in(&mut tx, keys, Named::Key(key)).await?,
        None => None,
    };
    let (stored, outcome) = match there {
        Some(there) => acting.restate_in(&mut tx, there, facts).await?,
        None => (acting.insert_in(&mut tx, facts).await?, Outcome::Created),
    };
    tx.commit().await?;
    let line = show::line(app, caller, stored).await?;
    Ok(Conditioned { line, outcome })
}

/// Changes a condition: what it says, how far it is, or both.
///
/// # Errors
/// Not permitted, also for what only the lender does: to satisfy and to waive, to take that back, and
/// to change what a condition of its own says. Not found, alike, for what is unknown, foreign or on
/// somebody else's loan; everything wrong with the change at once; any fault of the database.
#[boxed]
pub async fn update(
    app: &App,
    caller: &LoanCaller<'_>,
    id: &PublicId,
    edit: ConditionEdit,
) -> Result<Conditioned, AppError> {
    caller.require(Permission::EditConditions)?;
    let on = loan_of(app, caller, id).await?;
    let mut tx = app.db().begin().await?;
    let head = loan::lock_in(&mut tx, caller, &on).await;
    let head = head.map_err(not_on_a_loan)?;
    let acting = Acting {
        app,
        caller,
        head: &head,
        now: app.now(),
    };
    let there = find_in(&mut tx, &head, id).await?.ok_or_else(unknown)?;
    let facts = edit.check().map_err(several)?;
    let (stored, outcome) = acting.edit_in(&mut tx, there, facts, false).await?;
    tx.commit().await?;
    let line = show::line(app, caller, stored).await?;
    Ok(Conditioned { line, outcome })
}

/// Finds a condition and its loan.
///
/// # Errors
/// Not permitted for whoever may see no loans; not found, alike, for what is unknown, foreign or on
/// somebody else's loan; any fault of the database.
#[boxed]
pub async fn find(
    app: &App,
    caller: &LoanCaller<'_>,
    id: &PublicId,
) -> Result<(LoanHead, StoredCondition), AppError> {
    let on = loan_of(app, caller, id).await?;
    let head = loan::find(app, caller, &on).await.map_err(not_on_a_loan)?;
    let keys = (&head.lender_id, &head.line.id);
    let stored = condition::find(app.db(), keys, id).await?;
    Ok((head, stored.ok_or_else(unknown)?))
}

/// The loan a condition is on, when the caller's organisation sees that.
async fn loan_of(app: &App, caller: &LoanCaller<'_>, id: &PublicId) -> Result<PublicId, AppError> {
    let org = caller.org();
    let scope = org.loan_scope();
    let found = condition::loan_of(app.db(), org.lender_id(), &scope, id).await?;
    found.ok_or_else(unknown)
}

fn unknown() -> AppError {
    let what = Noun::Condition;
    Refusal::NotFound { what }.into()
}

/// The caller named a condition: a loan that is not shown is a condition that is not there.
fn not_on_a_loan(error: AppError) -> AppError {
    match error {
        AppError::Refused(Refusal::NotFound { what: Noun::Loan }) => unknown(),
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => error,
    }
}

fn several(mistakes: Vec<(ConditionField, Rule)>) -> AppError {
    let mistakes = mistakes.into_iter();
    let fields = mistakes.map(|(field, rule)| (Field::Condition(field), rule));
    let fault = || AppError::from(Fault::internal("refused without a reason"));
    Refusal::of(fields.collect()).map_or_else(fault, AppError::from)
}

/// A caller at work on the conditions of a loan whose row it holds.
struct Acting<'a> {
    app: &'a App,
    caller: &'a LoanCaller<'a>,
    head: &'a LoanHead,
    now: Instant,
}

impl Acting<'_> {
    async fn insert_in(
        &self,
        tx: &mut Tx,
        facts: ConditionFacts,
    ) -> Result<StoredCondition, AppError> {
        let (lender_id, loan_id) = (&self.head.lender_id, &self.head.line.id);
        if condition::count_in(tx, lender_id, loan_id).await? >= CONDITIONS_MAX {
            let (field, rule) = (Field::Condition(ConditionField::Count), Rule::Conflict);
            return Err(Refusal::Invalid { field, rule }.into());
        }
        let actor = self.caller.actor();
        let mut new = StoredCondition {
            lender_id: lender_id.clone(),
            loan_id: loan_id.clone(),
            id: self.app.row_id()?,
            org_id: self.caller.org().id.clone(),
            public_id: self.app.public_id()?,
            caller_key: facts.caller_key,
            phase: facts.phase,
            responsible: facts.responsible.unwrap_or(Responsible::Borrower),
            title: facts.title,
            description: facts.description.unwrap_or_default(),
            auto_satisfy: facts.auto_satisfy.unwrap_or(false),
            status: ConditionStatus::Open,
            created_at: self.now,
            created_by: actor.clone(),
            status_at: self.now,
            status_by: actor,
        };
        for _ in 0..ATTEMPTS {
            // The loan's row is held: only the public id can be taken.
            if condition::insert_in(tx, &new).await? {
                let body =
                    json!({ "conditionID": new.public_id.as_str(), "type": new.phase.as_str() });
                self.note_in(tx, EventKind::ConditionAdded, &body).await?;
                return Ok(new);
            }
            new.public_id = self.app.public_id()?;
        }
        Err(Fault::internal("no free public id found").into())
    }

    /// The caller says a condition again.
    async fn restate_in(
        &self,
        tx: &mut Tx,
        there: StoredCondition,
        facts: ConditionFacts,
    ) -> Result<(StoredCondition, Outcome), AppError> {
        let facts = EditedFacts {
            title: Some(facts.title),
            description: facts.description,
            phase: Some(facts.phase),
            responsible: facts.responsible,
            auto_satisfy: facts.auto_satisfy,
            status: None,
        };
        self.edit_in(tx, there, facts, true).await
    }

    /// Changes a condition. What the lender of the loan puts otherwise, or claims by saying it again,
    /// is the lender's: a broker may have been there first with the name the lender's system uses.
    async fn edit_in(
        &self,
        tx: &mut Tx,
        there: StoredCondition,
        facts: EditedFacts,
        is_claim: bool,
    ) -> Result<(StoredCondition, Outcome), AppError> {
        let status = facts.status.unwrap_or(there.status);
        let mut said = StoredCondition {
            title: facts.title.unwrap_or_else(|| there.title.clone()),
            description: facts
                .description
                .unwrap_or_else(|| there.description.clone()),
            phase: facts.phase.unwrap_or(there.phase),
            responsible: facts.responsible.unwrap_or(there.responsible),
            auto_satisfy: facts.auto_satisfy.unwrap_or(there.auto_satisfy),
            ..there.clone()
        };
        // Otherwise a broker could move its lender's condition to where nothing waits for it.
        let is_lender = self.caller.is_lender_of(self.head);
        let may_say = there.org_id == self.caller.org().id || is_lender;
        if said != there && !may_say {
            return Err(Denial::NotPermitted.into());
        }
        if is_lender && (is_claim || said != there) {
            said.org_id = self.caller.org().id.clone();
        }
        self.check_status_in(tx, &there, status).await?;
        if said == there && status == there.status {
            return Ok((there, Outcome::Unchanged));
        }
        let moved = self.at_status(said, status);
        condition::update_in(tx, &moved).await?;
        self.note_update_in(tx, &there, &moved).await?;
        Ok((moved, Outcome::Updated))
    }

    async fn check_status_in(
        &self,
        tx: &mut Tx,
        there: &StoredCondition,
        to: ConditionStatus,
    ) -> Result<(), AppError> {
        let standing = Standing {
            may_clear: self.caller.may_clear(self.head),
            has_paper: condition::has_paper_in(tx, there).await?,
        };
        there
            .status
            .check_change(to, standing)
            .map_err(|bar| match bar {
                Bar::LendersAlone => Denial::NotPermitted.into(),
                Bar::NoPaper => Refusal::malformed(Field::Condition(ConditionField::Status)).into(),
            })
    }

    /// The condition with a status, and since when by whom if that is another one.
    fn at_status(&self, condition: StoredCondition, status: ConditionStatus) -> StoredCondition {
        if status == condition.status {
            return condition;
        }
        StoredCondition {
            status,
            status_at: self.now,
            status_by: self.caller.actor(),
            ..condition
        }
    }

    async fn note_update_in(
        &self,
        tx: &mut Tx,
        from: &StoredCondition,
        to: &StoredCondition,
    ) -> Result<(), Fault> {
        let id = to.public_id.as_str();
        let body = if from.status == to.status {
            json!({ "conditionID": id })
        } else {
            json!({ "conditionID": id, "from": from.status.as_str(), "to": to.status.as_str() })
        };
        self.note_in(tx, EventKind::ConditionUpdated, &body).await
    }

    /// Marks the loan as changed and notes what was done.
    async fn note_in(
        &self,
        tx: &mut Tx,
        kind: EventKind,
        body: &serde_json::Value,
    ) -> Result<(), Fault> {
        loan::touch_in(tx, self.head, self.now).await?;
        loan::note_in(self.app, tx, self.caller, self.head, (kind, self.now), body).await
    }
}
