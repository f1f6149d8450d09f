//! A card priced by this process, the whole of it or a share.

use std::sync::Arc;

use lintel_app::context::App;
use lintel_app::pricing;
use lintel_domain::id::Instant;
use lintel_domain::organisation::Organisation;

use super::finish::{self, Finish, Manifest};
use super::header::{self, Header};
use super::make;
use super::plan::Plan;
use super::progress::Progress;
use super::report::{grouped, tables};
use super::sink::Sink;
use super::{CardArgs, RunArgs, Trouble, moment};

/// Prices a card and says what came of it.
pub(super) async fn card(app: &App, card: &CardArgs, args: &RunArgs) -> Result<String, Trouble> {
    let spec = card.given()?.check().map_err(Trouble::Told)?;
    let share = share(args)?;
    let org = header::find_lender(app, &card.lender).await?;
    let (current, now) = pricing::book(app, &org).await?;
    let at = args.at.as_deref().map(|text| past(text, now)).transpose()?;
    let wanted = Header::new(app, &org, (current.generation, at.unwrap_or(now)), spec)?;
    let sink = Sink::open(&card.out)?;
    let there = header::find(app, &sink).await?;
    let is_new = there.is_none();
    let mut header = there.unwrap_or_else(|| wanted.clone());
    header.must_be(&wanted, at, &sink)?;
    if let Some(manifest) = finish::find(&sink).await? {
        return complete_before(&sink, &header, &manifest, current.generation);
    }
    // What is wrong with the specification shows before the place is touched.
    let mut plan = plan(app, &org, &header).await?;
    if is_new {
        let begun = header::begin(app, &sink, &header).await?;
        if begun != header {
            begun.must_be(&wanted, at, &sink)?;
            header = begun;
            plan = self::plan(app, &org, &header).await?;
        }
    }
    let mine: Vec<usize> = (0..plan.parts.len())
        .filter(|part| share.has(*part))
        .collect();
    let progress = Progress::new(mine.iter().map(|part| plan.cells(*part)).sum());
    let threads = threads(args.threads);
    let work = Arc::new((header, plan, sink, progress));
    let made = {
        let work = Arc::clone(&work);
        let blocking = move || {
            let (header, plan, sink, progress) = &*work;
            make::all((header, plan, sink), &mine, threads, progress)
        };
        let ended = tokio::task::spawn_blocking(blocking).await;
        ended.map_err(|_| Trouble::told("a thread of the card broke off"))??
    };
    let (header, plan, sink, progress) = &*work;
    let (rows, took) = progress.end();
    let mut text = String::new();
    if !is_new {
        text.push_str(&format!("went on with the card of {}\n", header.priced_at));
    }
    text.push_str(&format!(
        "{} parts written, {} found finished; {} rows priced in {:.1} s\n",
        made.written,
        made.found,
        grouped(rows),
        took.as_secs_f64()
    ));
    text.push_str(&ending(finish::finish(sink, header, plan).await?, sink));
    Ok(text)
}

async fn plan(app: &App, org: &Organisation, header: &Header) -> Result<Plan, Trouble> {
    let book = header::book(app, org, header).await?;
    Plan::make(app, header, &book.book)
}

fn ending(finish: Finish, sink: &Sink) -> String {
    match finish {
        Finish::Complete(manifest) => {
            format!(
                "{}the card is complete: {sink}, with index.html\n",
                tables(&manifest)
            )
        }
        Finish::Missing(parts) => format!(
            "{parts} parts of other shares are missing; who writes the last one finishes the card\n"
        ),
    }
}

fn complete_before(
    sink: &Sink,
    header: &Header,
    manifest: &Manifest,
    generation: i64,
) -> Result<String, Trouble> {
    if manifest.card != *header {
        return Err(Trouble::Told(format!(
            "{sink}: its manifest is of another card than its card.json"
        )));
    }
    let mut text = format!(
        "{}{sink} is complete; nothing was changed\n",
        tables(manifest)
    );
    if generation != header.generation {
        text.push_str("prices have changed since: a card of today needs another place\n");
    }
    Ok(text)
}

/// The share of a process.
struct Share {
    shards: usize,
    shard: usize,
}

impl Share {
    const fn has(&self, part: usize) -> bool {
        part % self.shards == self.shard
    }
}

/// Both ways to count are understood: 1 to N and 0 to N-1 name the same shares.
fn share(args: &RunArgs) -> Result<Share, Trouble> {
    let (shards, shard) = match (args.shards, args.shard) {
        (Some(shards), Some(shard)) => (shards, shard),
        _ => (1, 0),
    };
    if shard > shards {
        return Err(Trouble::Told(format!("--shard is from 1 to {shards}")));
    }
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(Share {
        shards: size(shards),
        shard: size(shard % shards),
    })
}

fn past(text: &str, now: Instant) -> Result<Instant, Trouble> {
    let form = || Trouble::told("--at is a moment such as 2026-11-21T09:00:00Z");
    let at = moment::parse(text).ok_or_else(form)?;
    if at > now {
        return Err(Trouble::told(
            "--at lies in the future: its prices are not known",
        ));
    }
    Ok(at)
}

/// As many threads as asked for, or as this machine has.
pub(super) fn threads(asked: Option<u16>) -> usize {
    match asked {
        Some(threads) => usize::from(threads),
        None => std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
    }
}
