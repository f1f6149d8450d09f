//! Handing a process to the bank, and handing it back after the bank asked for something.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::{FieldGroup, Finding};
use lintel_domain::id::RowId;
use lintel_domain::lisbon;
use lintel_domain::process::{ProcessCommand, ProcessSide, ProcessStatus, RequestState};
use lintel_macros::boxed;
use lintel_simulations::Caller;
use lintel_store::db::Tx;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::process::{StoredProcess, close_request_in, requests_in};

use crate::by::By;
use crate::check;
use crate::create::whose;
use crate::edit::refuse;
use crate::gaps::{Moment, gaps, gaps_handed_over, is_theirs};
use crate::process::{Process, load, lock_in};
use crate::transition::{require, transition_in};
use crate::work::work;

/// How often it is tried anew because somebody changed the process meanwhile.
const ATTEMPTS: usize = 5;

/// Hands a process of the caller's to the bank. Everything that is missing is told at once. One that
/// is with the bank already is answered as it is. One the bank waits for information about goes back
/// to it: nothing may be missing then either; questions in words count as answered, papers that were
/// asked for must be there.
///
/// # Errors
/// Not found; its state; every gap; busy when it changes all the time; any fault.
#[boxed]
pub async fn submit(app: &App, caller: Caller<'_>, id: &RowId) -> Result<Process, AppError> {
    for _ in 0..ATTEMPTS {
        let process = load(app, whose(caller), id).await?;
        let command = match process.head.status {
            ProcessStatus::Submitted | ProcessStatus::InAnalysis => return Ok(process),
            ProcessStatus::PendingInformation => ProcessCommand::Answer,
            ProcessStatus::InCreation
            | ProcessStatus::Approved
            | ProcessStatus::Declined
            | ProcessStatus::Contracted
            | ProcessStatus::Cancelled => ProcessCommand::Submit,
        };
        require(process.head.status, command, ProcessSide::Partner)?;
        refuse(gaps_now(app, &process).await?)?;
        if moved(app, caller, &process, (command, &By::partner(caller))).await? {
            return load(app, whose(caller), id).await;
        }
    }
    Err(Fault::new(FaultKind::Busy, "a process changes all the time").into())
}

/// Hands a process back when the bank waits for nothing any more, and nothing is missing. Otherwise it
/// stays as it is: submitting it tells why.
///
/// # Errors
/// Not found; any fault.
pub(crate) async fn go_on(app: &App, caller: Caller<'_>, id: &RowId) -> Result<(), AppError> {
    for _ in 0..ATTEMPTS {
        let process = load(app, whose(caller), id).await?;
        let is_waiting = process.open_requests().next().is_some();
        if process.head.status != ProcessStatus::PendingInformation || is_waiting {
            return Ok(());
        }
        if !gaps_now(app, &process).await?.is_empty() {
            return Ok(());
        }
        let by = By::partner(caller).following();
        if moved(app, caller, &process, (ProcessCommand::Answer, &by)).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// Moves a process in which nothing is missing; `false` when it is not as it was any more.
async fn moved(
    app: &App,
    caller: Caller<'_>,
    seen: &Process,
    (command, by): (ProcessCommand, &By),
) -> Result<bool, AppError> {
    let mut tx = app.db().begin().await?;
    let mut head = lock_in(&mut tx, whose(caller), &seen.head.id).await?;
    if head.revision != seen.head.revision {
        return Ok(false);
    }
    answered_in(app, &mut tx, &head).await?;
    transition_in(app, &mut tx, &mut head, command, by, None).await?;
    tx.commit().await?;
    Ok(true)
}

/// Closes what was asked in words. Papers that were asked for are there: that was looked at.
async fn answered_in(app: &App, tx: &mut Tx, head: &StoredProcess) -> Result<(), AppError> {
    for request in requests_in(tx, &head.org_id, &head.id).await? {
        if request.state == RequestState::Open {
            let state = (RequestState::Answered, app.now());
            close_request_in(tx, &head.org_id, &request.id, state).await?;
        }
    }
    Ok(())
}

/// Everything that is missing before the bank can decide, as of now.
///
/// # Errors
/// Any fault.
#[boxed]
pub async fn missing(app: &App, process: &Process) -> Result<Vec<Finding>, AppError> {
    let worked = work(app, &process.head.org_id, process.request(), Vec::new()).await?;
    Ok(gaps(process, &worked, moment(app).await?))
}

/// What keeps a process from going to the bank, or back to it.
async fn gaps_now(app: &App, process: &Process) -> Result<Vec<Finding>, AppError> {
    if process.head.submitted_at.is_none() {
        return missing(app, process).await;
    }
    let worked = work(app, &process.head.org_id, process.request(), Vec::new()).await?;
    Ok(gaps_handed_over(process, &worked, moment(app).await?))
}

/// What the intermediary still owes of facts and papers: without them nothing is approved.
///
/// # Errors
/// Any fault.
pub(crate) async fn holes(app: &App, process: &Process) -> Result<Vec<Finding>, AppError> {
    let all = gaps_now(app, process).await?.into_iter();
    let is_hole = |f: &Finding| is_theirs(f) || f.field.group() == FieldGroup::Document;
    Ok(all.filter(is_hole).collect())
}

async fn moment(app: &App) -> Result<Moment, AppError> {
    let now = app.now();
    Ok(Moment {
        now,
        today: lisbon::day_of(now),
        parishes: check::parishes_are_loaded(app).await?,
    })
}
