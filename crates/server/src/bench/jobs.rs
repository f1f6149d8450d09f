//! `lintel bench jobs`: the queue of jobs beside a plain table that is looked through, in the same run
//! on the same database, both with the rows of what was done lately.

mod plain;
mod queue;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use lintel_domain::id::RowId;
use lintel_store::db::Db;
use lintel_store::fault::Fault;
use lintel_store::migrate;
use tokio::task::JoinSet;

use super::{figure, grouped, progress, table};

/// Workers and jobs claimed at once, of the rows of the table.
const CASES: [(u32, u32); 4] = [(1, 1), (1, 20), (8, 1), (8, 20)];
/// How long the plain table is measured at most: it need not come to its end to show its pace.
const PLAIN_LONGEST: Duration = Duration::from_secs(20);

/// Options of `lintel bench jobs`.
#[derive(Debug, Clone, Args)]
pub struct JobsBenchArgs {
    /// Jobs of each measurement.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub jobs: u32,
    /// Jobs done before, still in the table.
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(0..=5_000_000))]
    pub done: u32,
    /// Folder under which the throw-away SQLite database is made, in bench-jobs.
    #[arg(long, value_name = "FOLDER", default_value = "lintel-data")]
    pub data_folder: PathBuf,
    /// Measure this empty PostgreSQL database, too. Its rows stay: drop it afterwards.
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

/// Measures SQLite, and PostgreSQL when one is named.
///
/// # Errors
/// A sentence for the terminal, among others when the PostgreSQL database has jobs in it.
pub async fn run(args: &JobsBenchArgs) -> Result<String, String> {
    let folder = args.data_folder.join("bench-jobs");
    let sqlite = open_sqlite(&folder).await.map_err(|e| e.chain())?;
    let text = measured(&sqlite, args).await;
    sqlite.close().await;
    std::fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut text = text?;
    if let Some(url) = &args.database_url {
        let open = Db::open_postgres_unhurried(url, 16).await;
        let postgres = open.map_err(|e| e.chain())?;
        let more = measured(&postgres, args).await;
        postgres.close().await;
        text.push('\n');
        text.push_str(&more?);
    }
    Ok(text)
}

async fn open_sqlite(folder: &Path) -> Result<Db, Fault> {
    // Of a run that was interrupted.
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder)
        .map_err(|e| Fault::internal(format!("cannot make {}", folder.display())).caused_by(e))?;
    Db::open_sqlite(&folder.join("lintel.sqlite")).await
}

async fn measured(db: &Db, args: &JobsBenchArgs) -> Result<String, String> {
    let prepared = async {
        migrate::run(db).await?;
        queue::is_empty(db).await
    };
    if !prepared.await.map_err(|e| e.chain())? {
        return Err("this database is in use; bench jobs wants one of its own".to_owned());
    }
    measure(db, args).await.map_err(|e| e.chain())
}

/// One line of the table.
struct Line {
    what: &'static str,
    workers: u32,
    batch: u32,
    per_second: f64,
}

async fn measure(db: &Db, args: &JobsBenchArgs) -> Result<String, Fault> {
    let bar = progress(8, "measuring jobs");
    let mut lines = Vec::new();
    queue::fill_done(db, args.done).await?;
    bar.inc(1);
    for (case, (workers, batch)) in CASES.into_iter().enumerate() {
        let per_second = queue::insert(db, case, args.jobs).await?;
        if case == 0 {
            lines.push(Line {
                what: "asked for, 100 a statement",
                workers: 1,
                batch: 1000,
                per_second,
            });
        }
        db.analyze().await?;
        lines.push(Line {
            what: "queue: claimed and done",
            workers,
            batch,
            per_second: queue::work(db, workers, batch).await?,
        });
        bar.inc(1);
    }
    for workers in [1, 8] {
        plain::fill(db, args.done, args.jobs).await?;
        db.analyze().await?;
        lines.push(Line {
            what: "plain table: looked for and done",
            workers,
            batch: 1,
            per_second: plain::work(db, workers).await?,
        });
        bar.inc(1);
    }
    plain::drop(db).await?;
    bar.finish_and_clear();
    Ok(render(db, args, &lines))
}

fn render(db: &Db, args: &JobsBenchArgs, lines: &[Line]) -> String {
    let mut shown = table(&["jobs", "workers", "batch", "per second", "x plain"], 1);
    for line in lines {
        let plain = lines
            .iter()
            .find(|l| l.what.starts_with("plain") && l.workers == line.workers);
        let ratio = plain
            .filter(|_| !line.what.starts_with("asked"))
            .map_or("-".to_owned(), |plain| {
                figure(line.per_second / plain.per_second.max(1e-9))
            });
        shown.add_row([
            line.what.to_owned(),
            line.workers.to_string(),
            line.batch.to_string(),
            figure(line.per_second),
            ratio,
        ]);
    }
    format!(
        "{} jobs on {}, {} done before and still there; wall time, every claim and every note \
         committed\n{shown}\n",
        grouped(&args.jobs.to_string()),
        db.kind().as_str(),
        grouped(&args.done.to_string()),
    )
}

/// Runs so many workers at once and says how many jobs they did in a second, all together.
async fn at_once<W>(workers: u32, work: impl Fn(u32) -> W) -> Result<f64, Fault>
where
    W: Future<Output = Result<u32, Fault>> + Send + 'static,
{
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for worker in 0..workers {
        tasks.spawn(work(worker));
    }
    let mut done = 0_u32;
    while let Some(ended) = tasks.join_next().await {
        let count = ended.map_err(|_| Fault::internal("a worker crashed"))??;
        done = done.saturating_add(count);
    }
    Ok(f64::from(done) / started.elapsed().as_secs_f64().max(1e-9))
}

fn row_id(what: &str, number: u32) -> RowId {
    RowId::new(format!("{what}-{number:08}"))
}
