//! How jobs stand, for people.

use comfy_table::{CellAlignment, Table, presets};
use lintel_app::context::App;
use lintel_app::ratecard::{self, Job, ShardState};

use crate::admin::utc;
use crate::ratecard::Trouble;
use crate::ratecard::header::find_lender;
use crate::ratecard::report::grouped;

/// Shards listed; the rest is counted.
const SHOWN: usize = 40;

/// A job's progress and its shards in work, or a lender's jobs.
pub(in crate::ratecard) async fn status(
    app: &App,
    job: Option<&str>,
    lender: Option<&str>,
) -> Result<String, Trouble> {
    if let Some(id) = job {
        let job = ratecard::load(app, id.trim()).await?;
        let job = job.ok_or_else(|| Trouble::Told(format!("there is no job {id}")))?;
        return one(app, &job).await;
    }
    let org = find_lender(app, lender.unwrap_or_default()).await?;
    let jobs = ratecard::list(app, &org).await?;
    if jobs.is_empty() {
        return Ok("no jobs\n".to_owned());
    }
    let mut table = table(&["job", "state", "shards done", "rows", "started", "ended"]);
    for job in &jobs {
        let progress = ratecard::progress(app, job).await?;
        table.add_row([
            job.id.as_str().to_owned(),
            job.state.as_str().to_owned(),
            format!("{} of {}", progress.done, job.shards),
            grouped(u64::try_from(progress.rows).unwrap_or(0)),
            utc(job.created_at),
            job.finished_at.map_or("-".to_owned(), utc),
        ]);
    }
    Ok(format!("{table}\n"))
}

async fn one(app: &App, job: &Job) -> Result<String, Trouble> {
    let progress = ratecard::progress(app, job).await?;
    let mut text = format!(
        "job {}: {}, prices of generation {} at {}\nshards: {} done, {} in work, {} waiting, {} given up; {} rows\n",
        job.id.as_str(),
        job.state.as_str(),
        job.generation,
        utc(job.priced_at),
        progress.done,
        progress.taken,
        progress.open,
        progress.failed,
        grouped(u64::try_from(progress.rows).unwrap_or(0)),
    );
    let shards = ratecard::shards(app, job).await?;
    let told = |shard: &&ratecard::ShardStatus| {
        matches!(shard.state, ShardState::Taken | ShardState::Failed) || shard.error.is_some()
    };
    let told: Vec<_> = shards.iter().filter(told).collect();
    if told.is_empty() {
        return Ok(text);
    }
    let mut table = table(&[
        "shard",
        "state",
        "attempts",
        "worker",
        "lease until",
        "last fault",
    ]);
    for shard in told.iter().take(SHOWN) {
        table.add_row([
            shard.shard.to_string(),
            shard.state.as_str().to_owned(),
            shard.attempts.to_string(),
            shard.worker.clone().unwrap_or_default(),
            utc(shard.lease_until),
            shard.error.clone().unwrap_or_default(),
        ]);
    }
    text.push_str(&format!("{table}\n"));
    if told.len() > SHOWN {
        text.push_str(&format!("and {} more\n", told.len() - SHOWN));
    }
    Ok(text)
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_header(header.to_vec());
    if let Some(column) = table.column_mut(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
