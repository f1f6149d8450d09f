//! Jobs on their way into the queue.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::job::JobKind;
use lintel_macros::boxed;

use crate::db::{Tx, Val};
use crate::fault::Fault;
use crate::vals;

/// Values of one row.
const COLUMNS: usize = 7;
/// Rows of one statement, the widest first: few texts to prepare, few round trips.
const WIDTHS: [usize; 3] = [100, 10, 1];

fn insert_sql(rows: usize) -> String {
    let row = |n: usize| {
        let p = |column: usize| n * COLUMNS + column;
        format!(
            "(${}, ${}, ${}, ${}, ${}, ${}, 'open', ${}, 0, NULL, ${}, NULL, NULL)",
            p(1),
            p(2),
            p(3),
            p(4),
            p(5),
            p(6),
            p(7),
            rows * COLUMNS + 1
        )
    };
    let list: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO job (id, org_id, queue, kind, unique_key, payload, state, run_at_us, attempts, \
         worker, created_at_us, finished_at_us, error) VALUES {} ON CONFLICT DO NOTHING",
        list.join(", ")
    )
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    let names = ["job.insert_hundred", "job.insert_ten", "job.insert"];
    let widths = WIDTHS.map(insert_sql);
    names.into_iter().zip(widths).collect()
}

/// A job about to be stored.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    /// Its id.
    pub id: &'a RowId,
    /// Whose job it is, if any organisation's.
    pub org_id: Option<&'a RowId>,
    /// What is to be done.
    pub kind: JobKind,
    /// While one is open, no second of its kind with the same key is stored.
    pub key: Option<&'a str>,
    /// What the job is about, as JSON.
    pub payload: &'a str,
    /// Not before this.
    pub run_at: Instant,
}

/// Stores a job; `false` when an open one of its kind has the key.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, job: &NewJob<'_>, now: Instant) -> Result<bool, Fault> {
    let stored = insert_many_in(tx, std::slice::from_ref(job), now).await?;
    Ok(stored == 1)
}

/// Stores jobs in few statements and says how many; those whose key an open one has are left out.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_many_in(tx: &mut Tx, jobs: &[NewJob<'_>], now: Instant) -> Result<u64, Fault> {
    let (mut rest, mut stored) = (jobs, 0_u64);
    for width in WIDTHS {
        let sql = insert_sql(width);
        while let Some((chunk, after)) = rest.split_at_checked(width) {
            let mut args: Vec<Val> = Vec::with_capacity(width * COLUMNS + 1);
            for job in chunk {
                args.extend(vals![
                    job.id.as_str(),
                    job.org_id.map(RowId::as_str),
                    job.kind.queue().as_str(),
                    job.kind.as_str(),
                    job.key,
                    job.payload,
                    job.run_at.micros(),
                ]);
            }
            args.push(Val::from(now.micros()));
            stored = stored.saturating_add(tx.exec(&sql, args).await?);
            rest = after;
        }
    }
    Ok(stored)
}
