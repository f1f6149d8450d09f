//! Writing searches, many at once: each waits for the commit that holds it.
//!
//! A commit costs a synchronisation of the disk, whatever it holds. One task takes all searches that
//! are waiting, writes them in one transaction and only then lets them go on; while it commits, the
//! next ones gather. So a thousand searches a second need a few commits, and an answer never leaves
//! before its search is safe.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lintel_store::db::Db;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::search::{StoredSearch, insert_many_in};
use tokio::sync::{mpsc, oneshot};

use crate::context::{App, random_code, within};
use crate::ports::Rng;

/// Callers waiting at once; more wait for a place in the queue.
const QUEUE: usize = 1024;
/// Searches of one transaction; a caller's own, at most 64, stay together.
const BATCH: usize = 512;
/// How long a caller waits for a place in the queue.
const WAIT: Duration = Duration::from_secs(10);
/// How long a commit may take: longer than a database waits for a lock, so that it can say so.
const LONGEST: Duration = Duration::from_secs(15);
/// Characters of a search's id.
pub(super) const ID_LEN: usize = 6;
/// Characters of the longest one. Six make two thousand million ids, a month's worth at a thousand
/// searches a second: when they run short, longer ones are given out.
pub(super) const ID_LEN_MAX: usize = 8;
/// Rounds of drawing ids of one length. Each leaves over the share of ids that are in use, so that
/// an id is longer by chance once in a very long while.
const ROUNDS: usize = 3;

/// The way to the task that writes; started when first needed, ended with the application.
#[derive(Debug, Default)]
pub(crate) struct SearchWriter {
    queue: Mutex<Option<mpsc::Sender<Waiting>>>,
}

/// A caller's searches, and where to tell it their ids.
#[derive(Debug)]
struct Waiting {
    searches: Vec<StoredSearch>,
    done: oneshot::Sender<Result<Vec<String>, Fault>>,
}

impl SearchWriter {
    /// Stores searches and returns the ids they got, in order, once they are safe.
    pub(crate) async fn store(
        &self,
        app: &App,
        searches: Vec<StoredSearch>,
    ) -> Result<Vec<String>, Fault> {
        let (done, answer) = oneshot::channel();
        let waiting = Waiting { searches, done };
        let sent = self.queue(app).send_timeout(waiting, WAIT).await;
        sent.map_err(|_| Fault::new(FaultKind::Busy, "too many searches wait to be stored"))?;
        answer
            .await
            .map_err(|_| Fault::internal("the writer of searches stopped"))?
    }

    fn queue(&self, app: &App) -> mpsc::Sender<Waiting> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        match &*queue {
            Some(sender) if !sender.is_closed() => sender.clone(),
            Some(_) | None => {
                let (sender, receiver) = mpsc::channel(QUEUE);
                start(app.db().clone(), app.shared_rng(), receiver);
                *queue = Some(sender.clone());
                sender
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the task ends with its queue, which the application owns; a caller that hangs up must not take down the commit others wait for"
)]
fn start(db: Db, rng: Arc<dyn Rng>, queue: mpsc::Receiver<Waiting>) {
    tokio::spawn(work(db, rng, queue));
}

async fn work(db: Db, rng: Arc<dyn Rng>, mut queue: mpsc::Receiver<Waiting>) {
    while let Some(first) = queue.recv().await {
        let mut count = first.searches.len();
        let mut batch = vec![first];
        while count < BATCH {
            let Ok(next) = queue.try_recv() else { break };
            count += next.searches.len();
            batch.push(next);
        }
        // Who hung up needs no search, and nobody knows its id.
        batch.retain(|waiting| !waiting.done.is_closed());
        if batch.is_empty() {
            continue;
        }
        let writing = write(&db, &*rng, &mut batch);
        let result = within(LONGEST, "storing searches", writing).await;
        if let Err(fault) = &result {
            tracing::error!(
                searches = count,
                error = fault.chain(),
                "searches were not stored"
            );
        }
        for waiting in batch {
            let answer = match &result {
                Ok(()) => Ok(waiting.searches.into_iter().map(|s| s.search_id).collect()),
                Err(fault) => Err(Fault::new(fault.kind(), "the search could not be stored")),
            };
            // A caller that went away does not need its answer.
            let _ = waiting.done.send(answer);
        }
    }
}

/// Writes a batch, all or nothing.
async fn write(db: &Db, rng: &dyn Rng, batch: &mut [Waiting]) -> Result<(), Fault> {
    let mut open: Vec<&mut StoredSearch> = batch.iter_mut().flat_map(|w| &mut w.searches).collect();
    let mut tx = db.begin().await?;
    let mut drawn = HashSet::new();
    let lengths = (ID_LEN..=ID_LEN_MAX).flat_map(|length| [length; ROUNDS]);
    for length in lengths {
        for search in &mut open {
            search.search_id = random_code(rng, length)?;
            while !drawn.insert((search.org_id.clone(), search.search_id.clone())) {
                search.search_id = random_code(rng, length)?;
            }
        }
        let all: Vec<&StoredSearch> = open.iter().map(|search| &**search).collect();
        let written = insert_many_in(&mut tx, &all).await?;
        let left = open.into_iter().zip(written).filter(|(_, ok)| !ok);
        open = left.map(|(search, _)| search).collect();
        if open.is_empty() {
            return tx.commit().await;
        }
    }
    Err(Fault::internal("no free search id found"))
}
