//! What many a queue begins as: one table, no index but the key, looked through for each job.

use std::time::Instant as Moment;

use lintel_store::db::Db;
use lintel_store::fault::Fault;
use lintel_store::vals;

use super::queue::NOW;
use super::{PLAIN_LONGEST, at_once};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS bench_plain_job (id TEXT NOT NULL PRIMARY KEY, \
     payload TEXT NOT NULL, state TEXT NOT NULL, run_at_us BIGINT NOT NULL)";
const EMPTY: &str = "DELETE FROM bench_plain_job";
/// The rows of the queue: what was done before, and those of the first measurement as if they were
/// still to do.
const COPY_DONE: &str = "INSERT INTO bench_plain_job (id, payload, state, run_at_us) \
     SELECT id, payload, 'done', CAST($2 AS BIGINT) FROM job WHERE id LIKE 'done-%' ORDER BY id LIMIT $1";
const COPY_OPEN: &str = "INSERT INTO bench_plain_job (id, payload, state, run_at_us) \
     SELECT id, payload, 'open', CAST($2 AS BIGINT) FROM job WHERE id LIKE 'open-0-%' ORDER BY id LIMIT $1";
const DROP: &str = "DROP TABLE bench_plain_job";
const LOOK: &str = "SELECT id, payload FROM bench_plain_job WHERE state = 'open' \
     AND run_at_us <= $1 ORDER BY run_at_us, id LIMIT 1";
const TAKE: &str = "UPDATE bench_plain_job SET state = 'taken' WHERE id = $1 AND state = 'open'";
const DONE: &str = "UPDATE bench_plain_job SET state = 'done' WHERE id = $1";

/// Makes the table as full as the queue's.
pub(super) async fn fill(db: &Db, done: u32, open: u32) -> Result<(), Fault> {
    let mut tx = db.begin().await?;
    tx.exec(TABLE, Vec::new()).await?;
    tx.exec(EMPTY, Vec::new()).await?;
    tx.exec(COPY_DONE, vals![done, NOW.micros()]).await?;
    tx.exec(COPY_OPEN, vals![open, NOW.micros()]).await?;
    tx.commit().await
}

/// Removes the table.
pub(super) async fn drop(db: &Db) -> Result<(), Fault> {
    let mut tx = db.begin().await?;
    tx.exec(DROP, Vec::new()).await?;
    tx.commit().await
}

/// Does one job after the other until none is left or the time is over; how many a second.
pub(super) async fn work(db: &Db, workers: u32) -> Result<f64, Fault> {
    let until = Moment::now() + PLAIN_LONGEST;
    at_once(workers, |_| {
        let db = db.clone();
        async move { work_alone(&db, until).await }
    })
    .await
}

async fn work_alone(db: &Db, until: Moment) -> Result<u32, Fault> {
    let mut done = 0_u32;
    while Moment::now() < until {
        let mut tx = db.begin().await?;
        let found: Option<(String, String)> = tx.maybe(LOOK, vals![NOW.micros()]).await?;
        let Some((id, _payload)) = found else { break };
        let is_ours = tx.exec(TAKE, vals![&id]).await? == 1;
        tx.commit().await?;
        if is_ours {
            let mut tx = db.begin().await?;
            tx.exec(DONE, vals![&id]).await?;
            tx.commit().await?;
            done = done.saturating_add(1);
        }
    }
    Ok(done)
}
