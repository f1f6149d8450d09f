//! Declining; and what a second person makes of a decision.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::session::SignedIn;
use lintel_domain::event::EventKind;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::permission::Permission;
use lintel_domain::process::{ProcessCommand, ProcessSide};
use lintel_domain::proposal::{DecisionState, DeclineReason};
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::process::StoredProcess;
use lintel_store::proposal::close_decision_in;
use serde_json::json;

use super::decide::within_limits;
use super::decision::{Decided, Decision, Next, decide_in, of_process};
use super::{by, enter, handed_over, held_in, unchanged_in};
use crate::edit::{expect, refuse};
use crate::process::{Process, load};
use crate::proposal::issue::{Terms, ready};
use crate::transition::{note_in, require, touch_in, transition_in};
use crate::work::{is_same, work};

/// Declines a process as somebody saw it at the revision `seen`; with two people needed, it waits for
/// the second.
///
/// # Errors
/// Not found; denied; stale; the state; any fault.
#[boxed]
pub async fn decline(
    app: &App,
    who: &SignedIn,
    (id, seen): (&RowId, i64),
    reason: DeclineReason,
) -> Result<(), AppError> {
    let whose = enter(who, Permission::DecideProcesses)?;
    let mut tx = app.db().begin().await?;
    let mut head = unchanged_in(&mut tx, whose, (id, seen)).await?;
    require(head.status, ProcessCommand::Decline, ProcessSide::Bank)?;
    let decided = Decided::Decline { reason };
    match decide_in(app, &mut tx, (&mut head, who), &decided).await? {
        Next::Waits => {}
        Next::Now => declined_in(app, &mut tx, (&mut head, who), reason).await?,
    }
    Ok(tx.commit().await?)
}

async fn declined_in(
    app: &App,
    tx: &mut Tx,
    (head, who): (&mut StoredProcess, &SignedIn),
    reason: DeclineReason,
) -> Result<(), AppError> {
    let word = reason.as_str();
    head.decline_reason = Some(word.to_owned());
    let command = ProcessCommand::Decline;
    transition_in(app, tx, head, command, &by(who), Some(word)).await
}

/// Confirms what somebody else decided: it takes effect. Confirmed before, nothing happens.
///
/// # Errors
/// Not found for process and decision alike; denied, also to whoever decided; the state of the process,
/// or of a decision that was sent back; a finding when the figures are not those decided on any more,
/// or limits are not kept; any fault.
#[boxed]
pub async fn confirm(
    app: &App,
    who: &SignedIn,
    (id, decision): (&RowId, &RowId),
) -> Result<(), AppError> {
    let (process, decision) = open_for(app, who, (id, decision)).await?;
    if decision.state == DecisionState::Confirmed {
        return Ok(());
    }
    if decision.prepared_by == who.person.id {
        return Err(Denial::SecondPersonNeeded.into());
    }
    match decision.decided.clone() {
        Decided::Decline { reason } => {
            let whose = enter(who, Permission::DecideProcesses)?;
            let mut tx = app.db().begin().await?;
            let mut head = held_in(&mut tx, whose, id).await?;
            require(head.status, ProcessCommand::Decline, ProcessSide::Bank)?;
            closed_in(
                app,
                &mut tx,
                (&head, who),
                (&decision, DecisionState::Confirmed),
            )
            .await?;
            declined_in(app, &mut tx, (&mut head, who), reason).await?;
            Ok(tx.commit().await?)
        }
        Decided::Approve {
            terms,
            calculation,
            conditions,
            valid_days,
        } => {
            let terms = Terms {
                terms: *terms,
                calculation: *calculation,
                conditions,
                valid_days,
            };
            Box::pin(confirm_approval(app, who, (&process, &decision), terms)).await
        }
    }
}

async fn confirm_approval(
    app: &App,
    who: &SignedIn,
    (process, decision): (&Process, &Decision),
    terms: Terms,
) -> Result<(), AppError> {
    let whose = enter(who, Permission::DecideProcesses)?;
    let (id, seen) = (&process.head.id, process.head.revision);
    let (command, side) = (ProcessCommand::Approve, ProcessSide::Bank);
    require(process.head.status, command, side)?;
    let mut other = process.clone();
    other.terms = terms.terms.clone();
    let worked = work(app, &process.head.org_id, other.request(), Vec::new()).await?;
    let (today, _) = worked.map_err(Refusal::Findings)?;
    if !is_same(&terms.calculation, &today) {
        let finding = Finding::new(CreditField::DecisionTerms, CreditRule::Expired);
        refuse(vec![finding])?;
    }
    within_limits(&today)?;
    let terms = Terms {
        calculation: today,
        ..terms
    };
    let ready = Box::pin(ready(app, process, terms)).await?;
    let making = async {
        let mut tx = app.db().begin().await?;
        let mut head = unchanged_in(&mut tx, whose, (id, seen)).await?;
        closed_in(
            app,
            &mut tx,
            (&head, who),
            (decision, DecisionState::Confirmed),
        )
        .await?;
        ready.make_in(app, &mut tx, (&mut head, &by(who))).await?;
        Ok(tx.commit().await?)
    };
    let made: Result<(), AppError> = making.await;
    if made.is_err() {
        ready.discard(app).await;
    }
    made
}

/// Sends a decision back, or takes one's own back: nothing of it takes effect. Sent back before,
/// nothing happens.
///
/// # Errors
/// Not found for process and decision alike; denied; the state of one that is confirmed; any fault.
#[boxed]
pub async fn send_back(
    app: &App,
    who: &SignedIn,
    (id, decision): (&RowId, &RowId),
) -> Result<(), AppError> {
    let (_, decision) = open_for(app, who, (id, decision)).await?;
    match decision.state {
        DecisionState::Returned => return Ok(()),
        DecisionState::Open | DecisionState::Confirmed => {}
    }
    let whose = enter(who, Permission::DecideProcesses)?;
    let mut tx = app.db().begin().await?;
    let mut head = held_in(&mut tx, whose, id).await?;
    closed_in(
        app,
        &mut tx,
        (&head, who),
        (&decision, DecisionState::Returned),
    )
    .await?;
    touch_in(app, &mut tx, &mut head).await?;
    Ok(tx.commit().await?)
}

async fn open_for(
    app: &App,
    who: &SignedIn,
    (id, decision): (&RowId, &RowId),
) -> Result<(Process, Decision), AppError> {
    let whose = enter(who, Permission::DecideProcesses)?;
    let mut process = load(app, whose, id).await?;
    process.head = handed_over(process.head)?;
    let all = of_process(app, whose.org_id, id).await?;
    let one = all.into_iter().find(|one| one.id == *decision);
    let unknown = || Refusal::NotFound {
        what: Noun::Process,
    };
    Ok((process, one.ok_or_else(unknown)?))
}

/// Closes a decision that waits; the process is locked. One that does not wait any more is told as
/// changed meanwhile.
async fn closed_in(
    app: &App,
    tx: &mut Tx,
    (head, who): (&StoredProcess, &SignedIn),
    (decision, state): (&Decision, DecisionState),
) -> Result<(), AppError> {
    let done = (&who.person.id, app.now());
    if !close_decision_in(tx, &head.org_id, &decision.id, state.as_str(), done).await? {
        expect(
            Noun::Process,
            Some(&[head.revision]),
            head.revision.saturating_add(1),
        )?;
    }
    let body = json!({ "decision": decision.id.as_str(), "state": state });
    Ok(note_in(
        app,
        tx,
        (head, &by(who)),
        EventKind::DecisionPrepared,
        &body,
    )
    .await?)
}
