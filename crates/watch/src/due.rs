//! Looking at the watches that are due, some hundreds at a time: priced together away from the threads
//! that answer requests, then written in one transaction with the mails that came of it.
//!
//! Of several processes that look at the same watch one writes: the row's version tells the others that
//! they are late, and they write neither row nor mail.

mod judge;
mod letter;
mod orgs;
mod price;
mod write;

use lintel_macros::boxed;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lintel_app::context::App;
use lintel_app::pricing;
use lintel_app::search::again::state_of;
use lintel_domain::id::{Instant, RowId};
use lintel_store::fault::Fault;
use lintel_store::watch::{self, StoredWatch, Unreadable};

use judge::{Judged, Scene};

/// Watches looked at together.
const BATCH: u32 = 500;
/// How long a run goes on: well below the time a job may take.
const LONGEST: Duration = Duration::from_secs(240);
/// How long the watches of a lender wait whose prices cannot be had, in seconds.
const PUT_OFF_SECONDS: i64 = 600;
/// How long a watch waits whose row cannot be read, in seconds.
const UNREADABLE_SECONDS: i64 = 3600;
/// Lenders looked at in a run for watches their prices have changed for.
const MAX_LENDERS: usize = 100_000;

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Run {
    /// Watches looked at and written.
    pub looked: u64,
    /// Mails written.
    pub mails: u64,
    /// Watches whose time was over.
    pub expired: u64,
    /// Whether the time was over before everything was looked at.
    pub is_more: bool,
}

impl Run {
    fn add(&mut self, other: Self) {
        self.looked = self.looked.saturating_add(other.looked);
        self.mails = self.mails.saturating_add(other.mails);
        self.expired = self.expired.saturating_add(other.expired);
    }
}

/// Looks at every watch whose time has come, then at those that wait for a rate of a lender whose prices
/// have changed since.
///
/// # Errors
/// A fault of the database that may pass; what was written by then stays.
#[boxed]
pub async fn run(app: &App) -> Result<Run, Fault> {
    run_by(app, BATCH).await
}

/// As [`run`], so many watches at a time: what a benchmark compares with.
///
/// # Errors
/// As [`run`].
#[boxed]
pub async fn run_by(app: &App, batch: u32) -> Result<Run, Fault> {
    let until = tokio::time::Instant::now() + LONGEST;
    let mut run = Run::default();
    loop {
        let due = watch::due(app.db(), app.now(), batch).await?;
        if due.is_empty() {
            break;
        }
        pass_over(app, &due.unreadable, None).await?;
        for (lender, watches) in by_lender(due.watches) {
            match look(app, &lender, watches).await {
                Ok(looked) => run.add(looked),
                Err(fault) => put_off(app, &lender, fault).await?,
            }
        }
        if tokio::time::Instant::now() >= until {
            run.is_more = true;
            return Ok(run);
        }
    }
    let mut after = None;
    for _ in 0..MAX_LENDERS {
        let Some(lender) = watch::next_lender(app.db(), after.as_ref()).await? else {
            break;
        };
        match follow(app, &lender, (batch, until)).await {
            Ok(looked) => {
                run.add(looked);
                run.is_more |= looked.is_more;
            }
            Err(fault) if fault.kind().is_retryable() => return Err(fault),
            Err(fault) => warn(&lender, &fault),
        }
        if run.is_more {
            break;
        }
        after = Some(lender);
    }
    Ok(run)
}

fn by_lender(watches: Vec<StoredWatch>) -> BTreeMap<RowId, Vec<StoredWatch>> {
    let mut groups: BTreeMap<RowId, Vec<StoredWatch>> = BTreeMap::new();
    for watch in watches {
        let group = groups.entry(watch.lender_org_id.clone()).or_default();
        group.push(watch);
    }
    groups
}

/// A lender's watches wait, so that others' do not wait behind them, unless the database is at fault.
async fn put_off(app: &App, lender: &RowId, fault: Fault) -> Result<(), Fault> {
    if fault.kind().is_retryable() {
        return Err(fault);
    }
    warn(lender, &fault);
    let now = app.now();
    let mut tx = app.db().begin().await?;
    watch::put_off_in(&mut tx, lender, now, now.plus_seconds(PUT_OFF_SECONDS)).await?;
    tx.commit().await
}

/// A watch that cannot be read holds up no other one: it is put off by itself.
async fn pass_over(app: &App, found: &[Unreadable], prices: Option<i64>) -> Result<(), Fault> {
    if found.is_empty() {
        return Ok(());
    }
    let until = app.now().plus_seconds(UNREADABLE_SECONDS);
    let mut tx = app.db().begin().await?;
    for watch in found {
        tracing::error!(
            error = watch.fault.chain(),
            "a rate watch cannot be read: it is put off"
        );
        watch::put_off_one_in(&mut tx, watch, until, prices).await?;
    }
    tx.commit().await
}

fn warn(lender: &RowId, fault: &Fault) {
    tracing::error!(%lender, error = fault.chain(), "rate watches of a lender could not be looked at");
}

/// Looks at a lender's watches that wait for a rate and were looked at with other prices last.
async fn follow(
    app: &App,
    lender: &RowId,
    (batch, until): (u32, tokio::time::Instant),
) -> Result<Run, Fault> {
    let mut run = Run::default();
    loop {
        let (book, _) = pricing::book_of(app, lender).await?;
        let prices = state_of(&book);
        let behind = watch::behind(app.db(), lender, prices, batch).await?;
        if behind.is_empty() {
            return Ok(run);
        }
        pass_over(app, &behind.unreadable, Some(prices)).await?;
        let looked = look(app, lender, behind.watches).await?;
        run.add(looked);
        run.is_more = tokio::time::Instant::now() >= until;
        // Nothing written: somebody else looks at the same ones.
        let is_idle = looked.looked == 0 && behind.unreadable.is_empty();
        if run.is_more || is_idle {
            return Ok(run);
        }
    }
}

/// Looks at some watches of a lender.
async fn look(app: &App, lender: &RowId, mut watches: Vec<StoredWatch>) -> Result<Run, Fault> {
    // The order in which rows are locked, whoever does it.
    watches.sort_by(|a, b| (&a.org_id, &a.id).cmp(&(&b.org_id, &b.id)));
    let now = app.now();
    let orgs = Arc::new(orgs::load(app, lender, &watches).await?);
    let (book, at) = pricing::book_of(app, lender).await?;
    let scene = Scene {
        app: app.clone(),
        prices: state_of(&book),
        day: lintel_app::quote::day_of(at)?,
        book,
        orgs: Arc::clone(&orgs),
        now,
    };
    let judged = judge_all(app, scene, watches).await?;
    write::write(app, lender, &orgs, judged, now).await
}

/// Two halves at once: there are two processors or more nearly everywhere, and the rest of the house
/// wants some, too.
async fn judge_all(
    app: &App,
    scene: Scene,
    mut watches: Vec<StoredWatch>,
) -> Result<Vec<Judged>, Fault> {
    let rest = watches.split_off(watches.len() / 2);
    let scene = Arc::new(scene);
    let judging = |watches: Vec<StoredWatch>| {
        let scene = Arc::clone(&scene);
        app.heavy("looking at rate watches", move || scene.judge_all(watches))
    };
    let (first, second) = tokio::try_join!(judging(watches), judging(rest))?;
    let mut judged = first?;
    judged.extend(second?);
    Ok(judged)
}

/// When a watch is looked at after now, and until when it is for.
fn is_in_time(watch: &StoredWatch, now: Instant) -> bool {
    /// How late something that was due in time is still told, in seconds: a day.
    const LATE_SECONDS: i64 = 86_400;
    let Some(end) = watch.expires_at else {
        return true;
    };
    let was_due = watch.next_at.unwrap_or(now).min(now);
    was_due <= end && now <= end.plus_seconds(LATE_SECONDS)
}
