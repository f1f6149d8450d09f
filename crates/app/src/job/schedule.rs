//! What happens by the clock: each firing enqueues one job, once in the whole cluster.

use chrono::{DateTime, Utc};
use lintel_domain::id::Instant;
use lintel_domain::job::JobKind;
use lintel_macros::boxed;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::job::{self, StoredSchedule};
use serde_json::json;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::runner::Pace;
use super::step::STEP_LONGEST;
use super::{Handlers, Order, enqueue_in};
use crate::context::{App, within};

/// Longest expression, in characters.
const CRON_MAX_CHARS: usize = 100;
/// The end of the age that can be written down: an expression that fires no more fires then.
const NEVER: Instant = Instant::from_seconds(253_402_300_799);

/// A schedule this version knows.
#[derive(Debug)]
pub struct Known {
    /// Its name: that of the kind of job it asks for.
    pub kind: JobKind,
    /// When, until an operator says otherwise.
    pub cron: &'static str,
}

/// The schedules of this version.
pub const KNOWN: [Known; 3] = [
    Known {
        kind: JobKind::WatchesDue,
        cron: "* * * * *",
    },
    Known {
        kind: JobKind::Sweep,
        cron: "17 * * * *",
    },
    // Just after the day begins in Lisbon, summer and winter, and every hour in case it was missed.
    Known {
        kind: JobKind::CreditExpire,
        cron: "1 * * * *",
    },
];

/// When something happens: minute, hour, day of the month, month and day of the week as in a crontab,
/// in UTC; with a sixth field before them, the second.
#[derive(Debug, Clone)]
pub struct Cron(cron::Schedule);

impl Cron {
    /// Reads an expression. Days of the week are named: their numbers mean different days in
    /// different programs.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || " */,-?".contains(c);
        if text.chars().count() > CRON_MAX_CHARS || !text.chars().all(is_plain) {
            return Err("a crontab expression is needed, such as 30 4 * * MON-FRI".to_owned());
        }
        let seconds = match fields.len() {
            5 => "0 ",
            6 => "",
            _ => return Err("five fields are needed: minute, hour, day, month, weekday".to_owned()),
        };
        let weekday = fields.last().copied().unwrap_or_default();
        let (days, _step) = weekday.split_once('/').unwrap_or((weekday, ""));
        if days.contains(|c: char| c.is_ascii_digit()) {
            return Err("days of the week are named: MON, TUE, WED, THU, FRI, SAT, SUN".to_owned());
        }
        let has_no_step = |field: &&str| {
            let step = field.split_once('/').map(|(_, step)| step);
            step.is_some_and(|step| step.trim_start_matches('0').is_empty())
        };
        if fields
            .iter()
            .any(|field| field.split(',').any(|part| has_no_step(&part)))
        {
            return Err("a step of nothing leads nowhere".to_owned());
        }
        let full = format!("{seconds}{}", fields.join(" "));
        full.parse()
            .map(Self)
            .map_err(|_| "not a crontab expression, such as 30 4 * * MON-FRI".to_owned())
    }

    /// The first time after an instant, if there is one.
    #[must_use]
    pub fn next_after(&self, instant: Instant) -> Option<Instant> {
        let after: DateTime<Utc> = DateTime::from_timestamp_micros(instant.micros())?;
        let next = self.0.after(&after).next()?;
        Some(Instant::from_micros(next.timestamp_micros()))
    }
}

fn known(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.kind.as_str() == name)
}

fn read(schedule: &StoredSchedule) -> Result<Cron, Fault> {
    Cron::parse(&schedule.cron).map_err(|_| {
        Fault::new(
            FaultKind::Corrupt,
            format!("corrupt value in job_schedule.cron, row {}", schedule.name),
        )
    })
}

/// Makes sure that every known schedule is there. One that is stays as it is.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn settle(app: &App) -> Result<(), Fault> {
    let now = app.now();
    let mut tx = app.db().begin().await?;
    for Known { kind, cron } in &KNOWN {
        let next = Cron::parse(cron).ok().and_then(|cron| cron.next_after(now));
        job::add_in(&mut tx, kind.as_str(), cron, next.unwrap_or(NEVER), now).await?;
    }
    tx.commit().await
}

/// Fires what is due and done here, and says how many this process was the one to fire. After a time
/// in which nobody looked, one firing stands for all that were missed.
///
/// # Errors
/// Any fault of the database; an expression that cannot be read, after the others were looked at.
#[boxed]
pub async fn fire_due(app: &App, handlers: &Handlers) -> Result<u64, Fault> {
    let (now, mut fired, mut first_fault) = (app.now(), 0_u64, None);
    for schedule in job::schedules(app.db()).await? {
        // A newer version's schedule is left to newer nodes.
        let Some(known) = known(&schedule.name) else {
            continue;
        };
        if schedule.next_at > now || handlers.of(known.kind).is_none() {
            continue;
        }
        match fire(app, known, &schedule, now).await {
            Ok(is_ours) => fired = fired.saturating_add(u64::from(is_ours)),
            Err(fault) => first_fault = first_fault.or(Some(fault)),
        }
    }
    first_fault.map_or(Ok(fired), Err)
}

async fn fire(
    app: &App,
    known: &Known,
    schedule: &StoredSchedule,
    now: Instant,
) -> Result<bool, Fault> {
    let next = read(schedule)?.next_after(now).unwrap_or(NEVER);
    let mut tx = app.db().begin().await?;
    if !job::fire_in(&mut tx, schedule, next, now).await? {
        return Ok(false);
    }
    let order = Order {
        kind: known.kind,
        org_id: None,
        key: Some(&schedule.name),
        payload: json!({}),
        run_at: now,
    };
    // While the job of the last firing is open, it stands for this one, too.
    enqueue_in(app, &mut tx, &order).await?;
    tx.commit().await?;
    Ok(true)
}

/// Fires what is due, until `stop` says so; then waits for ever.
pub(super) async fn keep_firing(
    app: &App,
    handlers: &Handlers,
    pace: Pace,
    mut stop: watch::Receiver<bool>,
) {
    let firing = async {
        let mut ticks = tokio::time::interval(pace.clock);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut is_settled, mut is_failing) = (false, false);
        loop {
            ticks.tick().await;
            let look = async {
                if !is_settled {
                    settle(app).await?;
                    is_settled = true;
                }
                fire_due(app, handlers).await
            };
            let result = within(STEP_LONGEST, "looking at the schedules", look).await;
            match (&result, is_failing) {
                (Err(fault), false) => {
                    tracing::error!(error = fault.chain(), "schedules cannot be followed");
                }
                (Ok(_), true) => tracing::info!("schedules are followed again"),
                (Err(_), true) | (Ok(_), false) => {}
            }
            is_failing = result.is_err();
        }
    };
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => {}
        () = firing => {}
    }
    std::future::pending().await
}

/// Every schedule as stored.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(app: &App) -> Result<Vec<StoredSchedule>, Fault> {
    settle(app).await?;
    job::schedules(app.db()).await
}

/// Changes when a schedule fires, from the next time on, and returns that time. `None` when there is
/// no schedule of this name.
///
/// # Errors
/// A sentence for the operator about the expression; any fault of the database.
#[boxed]
pub async fn set(app: &App, name: &str, cron: &str) -> Result<Option<Instant>, SetError> {
    let now = app.now();
    let next = Cron::parse(cron).map_err(SetError::Cron)?;
    let next = next
        .next_after(now)
        .ok_or_else(|| SetError::Cron("this never happens".to_owned()))?;
    if known(name).is_none() {
        return Ok(None);
    }
    settle(app).await?;
    let mut tx = app.db().begin().await?;
    let is_set = job::set_in(&mut tx, name, cron, next, now).await?;
    tx.commit().await?;
    Ok(is_set.then_some(next))
}

/// Why a schedule was not changed.
#[derive(Debug)]
pub enum SetError {
    /// The expression is none, or never fires.
    Cron(String),
    /// The database's doing.
    Failed(Fault),
}

impl From<Fault> for SetError {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

#[cfg(test)]
mod tests;
