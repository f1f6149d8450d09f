//! The queue as it is.

use std::time::Instant as Moment;

use lintel_domain::id::{Instant, RowId};
use lintel_domain::job::{JobKind, JobState, Queue};
use lintel_store::db::Db;
use lintel_store::fault::Fault;
use lintel_store::job::{self, Claim, Filter, NewJob};

use super::{at_once, row_id};

/// Jobs of one transaction.
const CHUNK: u32 = 1000;
/// The instant everything happens at.
pub(super) const NOW: Instant = Instant::from_seconds(1_795_000_000);

/// Whether nobody has asked for a job yet.
pub(super) async fn is_empty(db: &Db) -> Result<bool, Fault> {
    for &state in JobState::ALL {
        let filter = Filter {
            state,
            queue: None,
            kind: None,
            after: None,
            limit: 1,
        };
        if !job::list(db, &filter).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Asks for jobs as a handler does that writes many mails; how many a second.
pub(super) async fn insert(db: &Db, case: usize, count: u32) -> Result<f64, Fault> {
    let started = Moment::now();
    ask(db, &format!("open-{case}"), count).await?;
    Ok(f64::from(count) / started.elapsed().as_secs_f64().max(1e-9))
}

async fn ask(db: &Db, what: &str, count: u32) -> Result<(), Fault> {
    let mut asked = 0;
    while asked < count {
        let upto = count.min(asked + CHUNK);
        let ids: Vec<RowId> = (asked..upto).map(|n| row_id(what, n)).collect();
        let jobs: Vec<NewJob<'_>> = ids
            .iter()
            .map(|id| NewJob {
                id,
                org_id: None,
                kind: JobKind::MailSend,
                key: Some(id.as_str()),
                payload: "{\"delivery\":\"01920000-0000-7000-8000-000000000000\"}",
                run_at: NOW,
            })
            .collect();
        let mut tx = db.begin().await?;
        job::insert_many_in(&mut tx, &jobs, NOW).await?;
        tx.commit().await?;
        asked = upto;
    }
    Ok(())
}

/// Jobs that were done before.
pub(super) async fn fill_done(db: &Db, count: u32) -> Result<(), Fault> {
    ask(db, "done", count).await?;
    let mut tx = db.begin().await?;
    let sql = "UPDATE job SET state = 'done', finished_at_us = run_at_us WHERE state = 'open'";
    tx.exec(sql, Vec::new()).await?;
    tx.commit().await
}

/// Claims and finishes everything; how many a second.
pub(super) async fn work(db: &Db, workers: u32, batch: u32) -> Result<f64, Fault> {
    at_once(workers, |worker| {
        let db = db.clone();
        async move { work_alone(&db, &format!("bench-{worker}"), batch).await }
    })
    .await
}

async fn work_alone(db: &Db, worker: &str, batch: u32) -> Result<u32, Fault> {
    let mut done = 0_u32;
    loop {
        let mut tx = db.begin().await?;
        let claim = Claim {
            queue: Queue::Messages,
            kinds: &[JobKind::MailSend],
            worker,
            limit: batch,
            now: NOW,
            lease_until: NOW.plus_seconds(60),
        };
        let claimed = job::claim_in(&mut tx, &claim).await?;
        tx.commit().await?;
        if claimed.is_empty() {
            return Ok(done);
        }
        let mut tx = db.begin().await?;
        for job in &claimed {
            if job::done_in(&mut tx, job, NOW).await? {
                done = done.saturating_add(1);
            }
        }
        tx.commit().await?;
    }
}
