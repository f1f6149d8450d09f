//! Approving: terms within the offer, worked out anew, then a proposal, or first a second person.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::session::SignedIn;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::permission::Permission;
use lintel_domain::process::{ProcessCommand, ProcessSide, ProcessStatus};
use lintel_domain::proposal::{
    CONDITION_MAX_CHARS, CONDITIONS_AT_MOST, VALID_DAYS_AT_LEAST, VALID_DAYS_AT_MOST,
};
use lintel_domain::refusal::Noun;
use lintel_domain::simulation::Request;
use lintel_engine::Cents;
use lintel_macros::boxed;
use lintel_offer::Calculation;

use super::decision::{Decided, Next, decide_in};
use super::{by, enter, handed_over, unchanged_in};
use crate::edit::{expect, refuse};
use crate::gaps::limit;
use crate::process::{Process, load};
use crate::proposal::issue::{Ready, Terms, ready};
use crate::submit::holes;
use crate::transition::require;
use crate::work::work;

/// Terms the bank approves. Rates and spread follow from them: they are those of the offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Amount of credit.
    pub amount: Cents,
    /// Months from the contract to the last instalment.
    pub term_months: u32,
    /// First months in which only interest is paid.
    pub utilisation_months: u32,
    /// Kind of rate: 1 fixed, 2 variable, 3 mixed.
    pub rate_kind: u32,
    /// Index or fixed period, an id of its list.
    pub index_type: u32,
    /// Whether the products sold together are taken.
    pub cross_selling: bool,
    /// What has to be met before the contract, a sentence each.
    pub conditions: Vec<String>,
    /// Days the offer stands.
    pub valid_days: u32,
}

impl Approval {
    fn terms(&self, asked: &Request) -> Request {
        Request {
            amount: Some(self.amount),
            term_months: Some(self.term_months),
            utilisation_months: Some(self.utilisation_months),
            rate_kind: Some(self.rate_kind),
            index_type: Some(self.index_type),
            cross_selling: Some(self.cross_selling),
            ..asked.clone()
        }
    }

    /// What is wrong beside the terms of the loan.
    fn wrong(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let count = |n: usize| Bound::Count(u64::try_from(n).unwrap_or(u64::MAX));
        if self.conditions.len() > CONDITIONS_AT_MOST {
            let rule = CreditRule::TooLong(count(CONDITIONS_AT_MOST));
            found.push(Finding::new(CreditField::DecisionTerms, rule));
        }
        for (place, text) in self.conditions.iter().enumerate() {
            let rule = if text.trim().is_empty() {
                CreditRule::Missing
            } else if text.chars().count() > CONDITION_MAX_CHARS {
                CreditRule::TooLong(count(CONDITION_MAX_CHARS))
            } else if text.chars().any(char::is_control) {
                CreditRule::Malformed
            } else {
                continue;
            };
            found.push(Finding::at(CreditField::DecisionTerms, place, rule));
        }
        let days = |n: u32| Bound::Count(u64::from(n));
        let rule = if self.valid_days < VALID_DAYS_AT_LEAST {
            CreditRule::TooSmall(days(VALID_DAYS_AT_LEAST))
        } else if self.valid_days > VALID_DAYS_AT_MOST {
            CreditRule::TooLarge(days(VALID_DAYS_AT_MOST))
        } else {
            return found;
        };
        found.push(Finding::new(CreditField::ProposalValidity, rule));
        found
    }
}

/// What a process would come to on other terms today. Limits that are not kept are outcomes in it.
///
/// # Errors
/// Not found; denied; the state; everything that is wrong with the terms; any fault.
#[boxed]
pub async fn look_ahead(
    app: &App,
    who: &SignedIn,
    id: &RowId,
    approval: &Approval,
) -> Result<Calculation, AppError> {
    let process = found(app, who, id).await?;
    Ok(worked(app, &process, approval).await?.calculation)
}

/// Approves a process as somebody saw it at the revision `seen`. With two people needed, it waits for
/// the second; otherwise the proposal is made. An approved process gets a newer proposal.
///
/// # Errors
/// Not found; denied; stale; the state; what is still missing of facts and papers; everything that is
/// wrong with the terms, limits that are not kept among them; any fault.
#[boxed]
pub async fn approve(
    app: &App,
    who: &SignedIn,
    (id, seen): (&RowId, i64),
    approval: &Approval,
) -> Result<(), AppError> {
    let process = found(app, who, id).await?;
    expect(Noun::Process, Some(&[seen]), process.head.revision)?;
    if process.head.status == ProcessStatus::InAnalysis {
        // The bank may have taken it back with holes. Once it is approved, nobody could mend any.
        refuse(Box::pin(holes(app, &process)).await?)?;
    }
    let terms = worked(app, &process, approval).await?;
    within_limits(&terms.calculation)?;
    let decided = Decided::approval(&terms);
    if super::settings(app, &process.head.org_id).await?.four_eyes {
        return prepare(app, who, (id, seen), &decided).await;
    }
    let ready = Box::pin(ready(app, &process, terms)).await?;
    let made = make(app, who, (id, seen), (&ready, &decided)).await;
    if made.is_err() {
        ready.discard(app).await;
    }
    made
}

/// Writes a decision that waits for a second person.
async fn prepare(
    app: &App,
    who: &SignedIn,
    (id, seen): (&RowId, i64),
    decided: &Decided,
) -> Result<(), AppError> {
    let whose = enter(who, Permission::DecideProcesses)?;
    let mut tx = app.db().begin().await?;
    let mut head = unchanged_in(&mut tx, whose, (id, seen)).await?;
    require(head.status, ProcessCommand::Approve, ProcessSide::Bank)?;
    match decide_in(app, &mut tx, (&mut head, who), decided).await? {
        Next::Waits => Ok(tx.commit().await?),
        // Somebody switched it off between two looks: asked again, the proposal is made.
        Next::Now => expect(Noun::Process, Some(&[seen]), seen.saturating_add(1)),
    }
}

async fn make(
    app: &App,
    who: &SignedIn,
    (id, seen): (&RowId, i64),
    (ready, decided): (&Ready, &Decided),
) -> Result<(), AppError> {
    let whose = enter(who, Permission::DecideProcesses)?;
    let mut tx = app.db().begin().await?;
    let mut head = unchanged_in(&mut tx, whose, (id, seen)).await?;
    match decide_in(app, &mut tx, (&mut head, who), decided).await? {
        Next::Now => {
            ready.make_in(app, &mut tx, (&mut head, &by(who))).await?;
            Ok(tx.commit().await?)
        }
        // Somebody switched it on between two looks: asked again, it waits.
        Next::Waits => expect(Noun::Process, Some(&[seen]), seen.saturating_add(1)),
    }
}

/// A process somebody wants to approve.
async fn found(app: &App, who: &SignedIn, id: &RowId) -> Result<Process, AppError> {
    let whose = enter(who, Permission::DecideProcesses)?;
    let mut process = load(app, whose, id).await?;
    process.head = handed_over(process.head)?;
    let (command, side) = (ProcessCommand::Approve, ProcessSide::Bank);
    require(process.head.status, command, side)?;
    Ok(process)
}

/// Terms worked out as of today.
async fn worked(app: &App, process: &Process, approval: &Approval) -> Result<Terms, AppError> {
    let terms = approval.terms(&process.terms);
    let mut other = process.clone();
    other.terms = terms.clone();
    let found = approval.wrong();
    match work(app, &process.head.org_id, other.request(), found.clone()).await? {
        Ok((calculation, _)) => {
            refuse(found)?;
            Ok(Terms {
                terms,
                calculation,
                conditions: approval
                    .conditions
                    .iter()
                    .map(|c| c.trim().to_owned())
                    .collect(),
                valid_days: approval.valid_days,
            })
        }
        Err(mut findings) => {
            let missing = found.into_iter().filter(|one| !findings.contains(one));
            let missing: Vec<Finding> = missing.collect();
            findings.extend(missing);
            refuse(findings)?;
            Err(crate::process::unknown())
        }
    }
}

/// Refuses terms that do not keep the supervisor's limits.
pub(super) fn within_limits(calculation: &Calculation) -> Result<(), AppError> {
    let checks = calculation.limits.checks.iter();
    let broken = checks.filter(|check| !check.outcome.passes());
    refuse(broken.map(limit).collect())
}
