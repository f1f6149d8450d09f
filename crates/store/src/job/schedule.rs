//! What happens by the clock, once in a cluster: whoever moves the next time on has fired it.

use lintel_domain::id::Instant;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::at;
use crate::vals;

pub(crate) const ADD: &str = "INSERT INTO job_schedule (name, cron, next_at_us, last_at_us, \
     updated_at_us) VALUES ($1, $2, $3, NULL, $4) ON CONFLICT DO NOTHING";
pub(crate) const LIST: &str =
    "SELECT name, cron, next_at_us, last_at_us FROM job_schedule ORDER BY name";
pub(crate) const SET: &str =
    "UPDATE job_schedule SET cron = $2, next_at_us = $3, updated_at_us = $4 WHERE name = $1";
/// Nodes that fire at once: the second waits for the first, finds the time moved on, and fires
/// nothing.
pub(crate) const FIRE: &str = "UPDATE job_schedule SET next_at_us = $4, last_at_us = $5 \
     WHERE name = $1 AND cron = $2 AND next_at_us = $3";

pub(super) const STATEMENTS: [(&str, &str); 4] = [
    ("job_schedule.add", ADD),
    ("job_schedule.list", LIST),
    ("job_schedule.set", SET),
    ("job_schedule.fire", FIRE),
];

/// A schedule as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSchedule {
    /// Its name.
    pub name: String,
    /// When, as an expression.
    pub cron: String,
    /// When it fires next.
    pub next_at: Instant,
    /// When it fired last.
    pub last_at: Option<Instant>,
}

/// Stores a schedule that is not there yet; one that is stays as it is.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn add_in(
    tx: &mut Tx,
    name: &str,
    cron: &str,
    next_at: Instant,
    now: Instant,
) -> Result<(), Fault> {
    let args = vals![name, cron, next_at.micros(), now.micros()];
    tx.exec(ADD, args).await?;
    Ok(())
}

/// Every schedule, by name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn schedules(db: &Db) -> Result<Vec<StoredSchedule>, Fault> {
    let rows: Vec<(String, String, i64, Option<i64>)> = db.all(LIST, Vec::new()).await?;
    let read = |(name, cron, next_at_us, last_at_us): (_, _, _, Option<i64>)| StoredSchedule {
        name,
        cron,
        next_at: at(next_at_us),
        last_at: last_at_us.map(at),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Changes when a schedule fires; `false` when there is none of this name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_in(
    tx: &mut Tx,
    name: &str,
    cron: &str,
    next_at: Instant,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![name, cron, next_at.micros(), now.micros()];
    Ok(tx.exec(SET, args).await? == 1)
}

/// Fires a schedule: moves it on to `next_at`. `false` when another node was faster, or it was
/// changed meanwhile.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn fire_in(
    tx: &mut Tx,
    schedule: &StoredSchedule,
    next_at: Instant,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        &schedule.name,
        &schedule.cron,
        schedule.next_at.micros(),
        next_at.micros(),
        now.micros(),
    ];
    Ok(tx.exec(FIRE, args).await? == 1)
}
