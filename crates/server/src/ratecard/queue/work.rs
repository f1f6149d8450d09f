//! Workers: take, keep alive, write, report.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use lintel_app::context::App;
use lintel_app::ratecard::{self, Claim, Job, JobState, Lease, ShardOutput};
use tokio::task::JoinSet;

use super::Card;
use crate::ratecard::finish::{Finish, finish};
use crate::ratecard::part::{self, sha256};
use crate::ratecard::report::tables;
use crate::ratecard::run::threads;
use crate::ratecard::{Trouble, WorkArgs, complain};

/// Time until a shard that failed may be tried again.
const AGAIN_SECONDS: i64 = 2;
/// Time between two questions whether others have left something.
const ASK_AGAIN: Duration = Duration::from_millis(500);
/// Faults of the database in a row that a worker lives through.
const MAX_FAULTS: u32 = 10;
/// Time between two looks for new jobs, and after a fault.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Works until nothing is left to do; false beside the text when a job did not come out well.
pub(in crate::ratecard) async fn work(
    app: &App,
    args: &WorkArgs,
) -> Result<(String, bool), Trouble> {
    if let Some(id) = &args.job {
        let job = ratecard::load(app, id.trim()).await?;
        let job = job.ok_or_else(|| Trouble::Told(format!("there is no job {id}")))?;
        return one(app, job, args).await;
    }
    let mut text = String::new();
    let mut is_good = true;
    // A job this process cannot work on, for want of its folder or its tables, is left to others.
    let mut left = HashSet::new();
    loop {
        let open = ratecard::open(app).await?;
        let mut next = open.into_iter().filter(|job| !left.contains(&job.id));
        let Some(job) = next.next() else {
            if !args.stay {
                break;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
            continue;
        };
        let id = job.id.clone();
        match one(app, job, args).await {
            Ok((said, is_done)) => {
                text.push_str(&said);
                is_good &= is_done;
            }
            Err(trouble) => {
                complain(&format!("job {}: {trouble}", id.as_str()));
                is_good = false;
            }
        }
        left.insert(id);
        if args.stay && !text.is_empty() {
            complain(&text);
            text.clear();
        }
    }
    if text.is_empty() && is_good {
        text.push_str("no job has work left\n");
    }
    Ok((text, is_good))
}

/// Works on one job with several workers, and closes it.
async fn one(app: &App, job: Job, args: &WorkArgs) -> Result<(String, bool), Trouble> {
    let id = job.id.clone();
    let id = id.as_str();
    match job.state {
        JobState::Done => return Ok((format!("job {id} is done\n"), true)),
        JobState::Failed => return Ok((format!("job {id} has failed; see its status\n"), false)),
        JobState::Open => {}
    }
    let card = Arc::new(Card::open(app, job).await?);
    let lease = i64::from(args.lease);
    let mut workers = JoinSet::new();
    for number in 0..threads(args.workers) {
        let name = format!("{}-{number}-{}", std::process::id(), app.row_id()?.as_str());
        workers.spawn(worker(app.clone(), Arc::clone(&card), name, lease));
    }
    while let Some(ended) = workers.join_next().await {
        ended.map_err(|_| Trouble::told("a worker broke off"))??;
    }
    let progress = ratecard::progress(app, &card.job).await?;
    if progress.failed > 0 {
        ratecard::close(app, &card.job.id).await?;
        let text = format!(
            "job {id} has failed: {} shards were given up; see its status\n",
            progress.failed
        );
        return Ok((text, false));
    }
    match finish(&card.sink, &card.header, &card.plan).await? {
        Finish::Complete(manifest) => {
            ratecard::close(app, &card.job.id).await?;
            let tables = tables(&manifest);
            Ok((
                format!("{tables}job {id} is done: {}, with index.html\n", card.sink),
                true,
            ))
        }
        Finish::Missing(parts) => Err(Trouble::Told(format!(
            "job {id}: every shard is done, but {parts} parts are gone from {}",
            card.sink
        ))),
    }
}

/// Takes shards until none are left. A database that is out of reach for a moment is asked again.
async fn worker(
    app: App,
    card: Arc<Card>,
    name: String,
    lease_seconds: i64,
) -> Result<(), Trouble> {
    let mut faults = 0;
    loop {
        match step(&app, &card, &name, lease_seconds).await {
            Ok(true) => return Ok(()),
            Ok(false) => faults = 0,
            Err(trouble) if faults < MAX_FAULTS => {
                faults += 1;
                complain(&trouble);
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            Err(trouble) => return Err(trouble),
        }
    }
}

/// One shard, or a moment of waiting; true when nothing is left.
async fn step(
    app: &App,
    card: &Arc<Card>,
    name: &str,
    lease_seconds: i64,
) -> Result<bool, Trouble> {
    match ratecard::claim(app, &card.job, name, lease_seconds).await? {
        Claim::Taken(lease) => shard(app, card, &lease, lease_seconds).await?,
        Claim::Wait => tokio::time::sleep(ASK_AGAIN).await,
        Claim::Over => return Ok(true),
    }
    Ok(false)
}

/// One shard from taking to reporting. What goes wrong with it goes back with it; only the database
/// can end a worker.
async fn shard(
    app: &App,
    card: &Arc<Card>,
    lease: &Lease,
    lease_seconds: i64,
) -> Result<(), Trouble> {
    let mut working = std::pin::pin!(write(card, lease.shard));
    let third = u64::try_from(lease_seconds).unwrap_or(1) * 1000 / 3;
    let mut beat = tokio::time::interval(Duration::from_millis(third.max(1)));
    beat.tick().await;
    let ended = loop {
        tokio::select! {
            ended = &mut working => break ended,
            _ = beat.tick() => {
                // Somebody else's by now: they write the same bytes, and theirs count.
                if !ratecard::heartbeat(app, lease, lease_seconds).await? {
                    return Ok(());
                }
            }
        }
    };
    match ended {
        Ok(output) => {
            // False: somebody else finished it first, with the same bytes.
            ratecard::finish(app, lease, &output).await?;
        }
        Err(trouble) => {
            let text = trouble.to_string();
            complain(&format!("shard {}: {text}", lease.shard));
            ratecard::fail(app, &card.job, lease, AGAIN_SECONDS, &text).await?;
        }
    }
    Ok(())
}

/// Prices and writes the parts of a shard, those that an earlier attempt finished left out.
async fn write(card: &Arc<Card>, shard: u32) -> Result<ShardOutput, Trouble> {
    let (mut names, mut digests, mut rows) = (Vec::new(), Vec::new(), 0);
    for number in card.parts_of(shard) {
        let record = match part::finished(&card.sink, &card.header, number).await? {
            Some(record) => record,
            None => {
                let making = Arc::clone(card);
                let make =
                    move || part::make(&making.header, &making.plan, number, &mut Vec::new());
                let made = tokio::task::spawn_blocking(make).await;
                let (bytes, record) = made.map_err(|_| Trouble::told("pricing broke off"))??;
                part::store(&card.sink, number, bytes, &record).await?;
                record
            }
        };
        rows += i64::try_from(record.entry.rows).unwrap_or(i64::MAX);
        names.push(record.entry.name);
        digests.push(record.entry.sha256);
    }
    Ok(ShardOutput {
        shard,
        output: names.join(","),
        rows,
        digest: match digests.as_slice() {
            [one] => one.clone(),
            several => sha256(several.join(",").as_bytes()),
        },
    })
}
