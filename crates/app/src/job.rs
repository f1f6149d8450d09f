//! Jobs: work that is asked for in a transaction and done after its commit, by any node, until it
//! succeeds or is given up.
//!
//! A handler may run twice for one job: when a process dies between its work and the note of it, or
//! stalls for longer than a lease. So a handler does its work in one transaction together with
//! [`Job::done_in`], or does only what may be done twice. It may be dropped at any `await`.

mod drain;
mod held;
pub mod operate;
mod rules;
mod runner;
pub mod schedule;
mod step;
pub mod sweep;

pub use drain::drain;
pub use futures_util::future::BoxFuture;
pub use lintel_domain::job::{JobKind, JobState, Queue};
use lintel_macros::boxed;
pub use runner::{Pace, Runner, Told};
pub use step::Outcome;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lintel_domain::id::{Instant, RowId};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::job::{self, Claimed, NewJob};
use serde_json::Value;

use crate::context::App;

/// Longest payload of a job, in bytes: payloads hold ids and figures.
const PAYLOAD_MAX_LEN: usize = 16 * 1024;

/// A job that is asked for.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// What is to be done.
    pub kind: JobKind,
    /// Whose job it is, if any organisation's.
    pub org_id: Option<&'a RowId>,
    /// While a job of the kind with this key is open, no second one is stored.
    pub key: Option<&'a str>,
    /// What the job is about: ids and figures, nothing personal, for it is kept in clear.
    pub payload: Value,
    /// Not before this; the present instant for at once.
    pub run_at: Instant,
}

/// Asks for a job in the transaction of what it follows from. `false` when an open one of its kind
/// has the key.
///
/// # Errors
/// Any fault of the database; internal when the payload is too long.
#[boxed]
pub async fn enqueue_in(app: &App, tx: &mut Tx, order: &Order<'_>) -> Result<bool, Fault> {
    Ok(store_in(app, tx, std::slice::from_ref(order)).await? == 1)
}

/// As [`enqueue_in`] for many, in few statements; those whose key an open one has are left out.
///
/// # Errors
/// As [`enqueue_in`].
#[boxed]
pub async fn enqueue_many_in(app: &App, tx: &mut Tx, orders: &[Order<'_>]) -> Result<(), Fault> {
    store_in(app, tx, orders).await.map(|_| ())
}

async fn store_in(app: &App, tx: &mut Tx, orders: &[Order<'_>]) -> Result<u64, Fault> {
    let mut texts = Vec::with_capacity(orders.len());
    for order in orders {
        let payload = order.payload.to_string();
        if payload.len() > PAYLOAD_MAX_LEN {
            return Err(Fault::internal("the payload of a job is too long"));
        }
        texts.push((app.row_id()?, payload));
    }
    let rows: Vec<NewJob<'_>> = orders
        .iter()
        .zip(&texts)
        .map(|(order, (id, payload))| NewJob {
            id,
            org_id: order.org_id,
            kind: order.kind,
            key: order.key,
            payload,
            run_at: order.run_at,
        })
        .collect();
    job::insert_many_in(tx, &rows, app.now()).await
}

/// Opens the dead job of a kind with this key again as if it had never been tried, or asks for one
/// when there is none. `false` when one is open already.
///
/// # Errors
/// As [`enqueue_in`].
#[boxed]
pub async fn again_in(app: &App, tx: &mut Tx, order: &Order<'_>) -> Result<bool, Fault> {
    if let Some(key) = order.key
        && job::reopen_key_in(tx, order.kind.as_str(), key, app.now()).await?
    {
        return Ok(true);
    }
    enqueue_in(app, tx, order).await
}

/// Opens a dead job again as if it had never been tried; `false` when it is not dead, or an open one
/// has its key.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn reopen_in(app: &App, tx: &mut Tx, id: &RowId) -> Result<bool, Fault> {
    job::reopen_in(tx, id, app.now()).await
}

/// A job somebody works on.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: RowId,
    /// Whose job it is, if any organisation's.
    pub org_id: Option<RowId>,
    /// What is to be done.
    pub kind: JobKind,
    /// The key it was asked for with.
    pub key: Option<String>,
    /// What it is about, as it was asked for; null when that cannot be read.
    pub payload: Value,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Whether a failure of this attempt is the last one.
    pub is_last: bool,
    /// When it was asked for.
    pub created_at: Instant,
    claimed: Claimed,
}

impl Job {
    /// A text of the payload.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.payload.get(name).and_then(Value::as_str)
    }

    /// Notes in the handler's own transaction, beside what it did, that the job is done. `false` when
    /// the job is another node's by now: then the transaction must not be committed. After the
    /// commit the verdict is [`Verdict::Noted`].
    ///
    /// # Errors
    /// Any fault of the database.
    #[boxed]
    pub async fn done_in(&self, app: &App, tx: &mut Tx) -> Result<bool, Fault> {
        job::done_in(tx, &self.claimed, app.now()).await
    }

    fn read(claimed: Claimed) -> Self {
        let attempt = u32::try_from(claimed.attempt).unwrap_or(u32::MAX);
        Self {
            id: claimed.id.clone(),
            org_id: claimed.org_id.clone(),
            kind: claimed.kind,
            key: claimed.key.clone(),
            payload: serde_json::from_str(&claimed.payload).unwrap_or_default(),
            attempt,
            is_last: attempt >= rules::of(claimed.kind).attempts,
            created_at: claimed.created_at,
            claimed,
        }
    }
}

/// What a handler says of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is done.
    Done,
    /// It is done, and [`Job::done_in`] was committed.
    Noted,
    /// It failed and may succeed later. After the last attempt it is given up.
    Retry {
        /// Why it failed, for the operator; nothing personal.
        why: String,
        /// When to try again, if somebody said so: between a second and six hours.
        after: Option<Duration>,
    },
    /// It is not its turn before this instant. The attempt does not count.
    Later(Instant),
    /// It failed for good.
    Fail {
        /// Why, for the operator; nothing personal.
        why: String,
    },
}

impl Verdict {
    /// To be tried again by the usual waits.
    #[must_use]
    pub fn retry(why: impl Into<String>) -> Self {
        Self::Retry {
            why: why.into(),
            after: None,
        }
    }

    /// Given up.
    #[must_use]
    pub fn fail(why: impl Into<String>) -> Self {
        Self::Fail { why: why.into() }
    }
}

/// A fault of the database or of ourselves while a job ran: it is tried again, however grave; after
/// some attempts it is given up.
impl From<Fault> for Verdict {
    fn from(fault: Fault) -> Self {
        Self::retry(fault.chain())
    }
}

/// Does jobs of one kind.
pub trait Handler: Send + Sync {
    /// Does one. May be dropped at any `await`: when the time for it is over, when the lease is lost,
    /// when the process stops.
    fn run<'a>(&'a self, app: &'a App, job: &'a Job) -> BoxFuture<'a, Verdict>;

    /// Holds what [`Handler::given_up_in`] will change, before the job itself is held: first what a job is
    /// about, then the job, as everywhere, or two that hold both would wait for each other.
    fn before_given_up_in<'a>(
        &'a self,
        app: &'a App,
        tx: &'a mut Tx,
        job: &'a Job,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        let _ = (app, tx, job);
        Box::pin(std::future::ready(Ok(())))
    }

    /// Notes that a job was given up, in the transaction that says so.
    fn given_up_in<'a>(
        &'a self,
        app: &'a App,
        tx: &'a mut Tx,
        job: &'a Job,
        why: &'a str,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        let _ = (app, tx, job, why);
        Box::pin(std::future::ready(Ok(())))
    }

    /// Prepares what a dead job is about for being tried again, in the transaction in which an
    /// operator opens it afterwards; that is undone when the job cannot be opened.
    fn reopened_in<'a>(
        &'a self,
        app: &'a App,
        tx: &'a mut Tx,
        payload: &'a Value,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        let _ = (app, tx, payload);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Who does which kind of job in this process. Kinds without a handler are left to other nodes.
#[derive(Clone, Default)]
pub struct Handlers(BTreeMap<JobKind, Arc<dyn Handler>>);

impl Handlers {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more; the last one given for a kind has it.
    #[must_use]
    pub fn with(mut self, kind: JobKind, handler: Arc<dyn Handler>) -> Self {
        self.0.insert(kind, handler);
        self
    }

    /// Those of both.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// Who does jobs of a kind.
    #[must_use]
    pub fn of(&self, kind: JobKind) -> Option<&dyn Handler> {
        self.0.get(&kind).map(|handler| &**handler)
    }

    /// The kinds of a queue that are done here.
    #[must_use]
    pub fn kinds(&self, queue: Queue) -> Vec<JobKind> {
        let kinds = self.0.keys().copied();
        kinds.filter(|kind| kind.queue() == queue).collect()
    }
}

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
