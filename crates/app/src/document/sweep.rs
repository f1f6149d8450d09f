//! Deleting what nobody needs: blobs that never became papers, and removed papers whose time is over.
//!
//! A paper whose time is over becomes a blob without a paper, in one transaction. Of such a blob always
//! the blob goes first and its row second: whoever dies in between leaves work to the next sweep, on
//! whichever node. Several at once do no harm.

use lintel_macros::boxed;
use std::time::Duration;

use lintel_domain::event::EventKind;
use lintel_store::document::upload::{self, Due, Upload};
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::Fault;
use serde_json::json;
use tokio::time::MissedTickBehavior;

use crate::context::{App, within};
use crate::quote::day_of;

/// Time between two sweeps.
const EVERY: Duration = Duration::from_secs(60);
/// Sweeps between two that also look at papers and at what writers left.
const THOROUGH_EACH: u32 = 60;
/// A blob that is registered for so long was left behind. No upload takes that long.
const LEFT_SECONDS: i64 = 2 * 3600;
/// How long a broken-off call of this process rests: what it had in hand may still be finishing.
const REST_SECONDS: i64 = 60;
/// Rows looked at in one step.
const ROWS: u32 = 100;
/// How long one step with the database may take.
const LONGEST: Duration = Duration::from_secs(30);
/// Who destroys papers, as the audit log names actors.
const ACTOR: &str = "retention";

/// Sweeps for as long as the process lives.
#[boxed]
pub async fn keep_sweeping(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut round = 0_u32;
    loop {
        ticks.tick().await;
        // Once a minute at most, so it may be said each time.
        if round.is_multiple_of(THOROUGH_EACH)
            && let Err(fault) = sweep_papers(&app).await
        {
            let error = fault.chain();
            tracing::warn!(error, "papers whose time is over could not be destroyed");
        }
        if let Err(fault) = sweep_uploads(&app).await {
            let error = fault.chain();
            tracing::warn!(error, "blobs that were left behind could not be deleted");
        }
        round = round.wrapping_add(1);
    }
}

/// Deletes everything that nobody needs.
///
/// # Errors
/// The first fault of the database or the blob store; what could be deleted is.
#[boxed]
pub async fn sweep(app: &App) -> Result<(), Fault> {
    let papers = sweep_papers(app).await;
    sweep_uploads(app).await.and(papers)
}

/// Deletes what broken-off calls of this process left, and what any process left hours ago.
async fn sweep_uploads(app: &App) -> Result<(), Fault> {
    let now = app.now();
    let rested = app.left_behind().take(now.plus_seconds(-REST_SECONDS));
    let mut first = delete(app, &rested).await;
    let before = now.plus_seconds(-LEFT_SECONDS);
    let mut last: Option<Upload> = None;
    loop {
        let page = upload::stale(app.db(), before, last.as_ref(), ROWS);
        let page = within(LONGEST, "looking for what was left behind", page).await?;
        first = first.and(delete(app, &page).await);
        match page.last() {
            Some(end) => last = Some(end.clone()),
            None => return first,
        }
    }
}

/// Deletes blobs that belong to no paper. One that was filed meanwhile cannot be claimed and stays.
///
/// # Errors
/// The first fault; the others are deleted all the same.
pub(super) async fn delete(app: &App, uploads: &[Upload]) -> Result<(), Fault> {
    if uploads.is_empty() {
        return Ok(());
    }
    let claimed = within(LONGEST, "claiming uploads", claim(app, uploads)).await?;
    let mut gone = Vec::with_capacity(claimed.len());
    let mut first = Ok(());
    for upload in claimed {
        match app.blobs().delete(&upload.blob_name).await {
            Ok(_) => gone.push(upload),
            Err(fault) => first = first.and(Err(fault)),
        }
    }
    if !gone.is_empty() {
        within(LONGEST, "forgetting uploads", forget(app, &gone)).await?;
    }
    first
}

async fn claim<'a>(app: &App, uploads: &'a [Upload]) -> Result<Vec<&'a Upload>, Fault> {
    let mut claimed = Vec::with_capacity(uploads.len());
    let mut tx = app.db().begin().await?;
    for upload in uploads {
        if upload::claim_in(&mut tx, upload).await? {
            claimed.push(upload);
        }
    }
    tx.commit().await?;
    Ok(claimed)
}

async fn forget(app: &App, uploads: &[&Upload]) -> Result<(), Fault> {
    let mut tx = app.db().begin().await?;
    for upload in uploads {
        upload::forget_in(&mut tx, upload).await?;
    }
    tx.commit().await
}

/// Destroys removed papers of ended loans that need not be kept any longer, and what writers of
/// blobs left that died.
async fn sweep_papers(app: &App) -> Result<(), Fault> {
    let mut first = app.blobs().sweep().await.map(|_| ());
    let today = day_of(app.now())?;
    let mut last: Option<Due> = None;
    loop {
        let page = upload::due(app.db(), today, last.as_ref(), ROWS);
        let page = within(LONGEST, "looking for papers whose time is over", page).await?;
        for due in &page {
            let destroyed = within(LONGEST, "destroying a paper", destroy(app, due)).await;
            first = first.and(destroyed);
        }
        match page.last() {
            Some(end) => last = Some(end.clone()),
            None => return first,
        }
    }
}

/// Destroys a paper that was due when it was looked for, if it still is: its loan may have been
/// opened again meanwhile. Of several nodes that do so at once, one says so.
async fn destroy(app: &App, due: &Due) -> Result<(), Fault> {
    let mut tx = app.db().begin().await?;
    if !upload::destroy_in(&mut tx, due, day_of(app.now())?).await? {
        return Ok(());
    }
    let (kind, now) = (EventKind::DocumentDestroyed, app.now());
    let event = NewEvent {
        org_id: &due.lender_id,
        at: now,
        actor: ACTOR,
        kind,
        subject: due.loan_id.as_str(),
        body: &json!({ "document": due.public_id.as_str() }).to_string(),
    };
    let seq = record_in(&mut tx, &event).await?;
    announce_in(&mut tx, &app.row_id()?, &due.lender_id, seq, kind, now).await?;
    tx.commit().await
}
