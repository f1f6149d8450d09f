//! `lintel bench list`: pages of a large pipeline, and single loans of it, on a throw-away database.
//!
//! Rows are written in bulk and contain what listing reads: loan lines, borrowers, officers. Only the
//! loans that are opened one by one have more.

mod cases;
mod detail;
mod fill;
mod plan;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use lintel_store::db::{Db, DbKind};
use lintel_store::fault::Fault;
use lintel_store::loan::list::{borrowers, count, count_statement, page, page_statement};
use lintel_store::migrate;

use super::{figure, grouped, median, progress, table};
use cases::Case;
use plan::Plan;

/// PostgreSQL settles on a plan for all parameters after five runs of a statement: fewer rounds
/// would miss it.
const LEAST_ROUNDS: u32 = 7;

/// Options of `lintel bench list`.
#[derive(Debug, Clone, Args)]
pub struct ListBenchArgs {
    /// Loans in the pipeline.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(10_000..=20_000_000))]
    pub loans: u64,
    /// Folder under which the throw-away SQLite database is made, in bench-list.
    #[arg(long, value_name = "FOLDER", default_value = "lintel-data")]
    pub data_folder: PathBuf,
    /// Use this empty PostgreSQL database instead. Its rows stay: drop it afterwards.
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Runs of each page; the median is shown.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(i64::from(LEAST_ROUNDS)..=1000))]
    pub rounds: u32,
    /// Print every query plan in full.
    #[arg(long)]
    pub plans: bool,
    /// Keep the SQLite database for another run.
    #[arg(long)]
    pub keep: bool,
}

/// Fills a database unless an earlier run did, measures the pages and returns the table.
///
/// # Errors
/// A sentence for the terminal, among others when the database holds something else.
pub async fn run(args: &ListBenchArgs) -> Result<String, String> {
    let folder = args.data_folder.join("bench-list");
    let db = open(args, &folder).await.map_err(|e| e.chain())?;
    let text = measure(&db, args).await;
    db.close().await;
    if args.database_url.is_none() && !args.keep {
        std::fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    text
}

async fn open(args: &ListBenchArgs, folder: &Path) -> Result<Db, Fault> {
    let db = match &args.database_url {
        Some(url) => Db::open_postgres_unhurried(url, 4).await?,
        None => {
            std::fs::create_dir_all(folder).map_err(|e| {
                Fault::internal(format!("cannot make {}", folder.display())).caused_by(e)
            })?;
            Db::open_sqlite(&folder.join("lintel.sqlite")).await?
        }
    };
    migrate::run(&db).await?;
    Ok(db)
}

async fn measure(db: &Db, args: &ListBenchArgs) -> Result<String, String> {
    let pipeline = match fill::find(db, args.loans).await.map_err(|e| e.chain())? {
        fill::State::Filled(pipeline) => pipeline,
        fill::State::Empty => fill::fill(db, args.loans).await.map_err(|e| e.chain())?,
        fill::State::Foreign => {
            return Err("this database is in use; bench list wants one of its own".to_owned());
        }
        fill::State::OtherSize(loans) => {
            return Err(format!(
                "this database was filled with {loans} loans; give --loans {loans} or another one"
            ));
        }
    };
    let all = cases::all(&pipeline);
    let bar = progress(u64::try_from(all.len()).unwrap_or(0), "measuring pages");
    let mut found = Vec::with_capacity(all.len());
    for case in &all {
        found.push(look(db, case, args.rounds).await.map_err(|e| e.chain())?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let opened = detail::measure(db, &pipeline, args.loans).await;
    let opened = opened.map_err(|e| e.chain())?;
    let mut text = render(db.kind(), args, &all, &found);
    let first = found.first().map_or(1.0, |f| f.page_ms.max(1e-6));
    text.push_str(&format!(
        "\none loan in full (row, sealed application, borrowers, conditions, papers, history), each \
         of {} loans once:\n  median {} ms, 99th percentile {} ms; {:.2} of the first page\n",
        grouped(&opened.loans.to_string()),
        figure(opened.median_ms),
        figure(opened.p99_ms),
        opened.median_ms / first,
    ));
    Ok(text)
}

/// What one page showed.
struct Seen {
    matches: u64,
    rows: usize,
    page_ms: f64,
    slowest_ms: f64,
    count_ms: f64,
    page_plan: Plan,
    count_plan: Plan,
}

async fn look(db: &Db, case: &Case, rounds: u32) -> Result<Seen, Fault> {
    let filter = &case.filter;
    let (mut page_ms, mut count_ms) = (Vec::new(), Vec::new());
    let (mut matches, mut rows) = (0, 0);
    // One round more, unseen, to read into the database's memory what a busy server has there.
    for round in 0..=rounds {
        let start = Instant::now();
        let loans = page(db, filter).await?;
        if case.with_borrowers {
            let ids: Vec<_> = loans.iter().map(|l| l.id.clone()).collect();
            rows = borrowers(db, &filter.lender_id, &ids).await?.len();
        }
        let paged = start.elapsed();
        rows = if case.with_borrowers {
            rows
        } else {
            loans.len()
        };
        let start = Instant::now();
        matches = count(db, filter).await?;
        if round > 0 {
            page_ms.push(paged.as_secs_f64() * 1e3);
            count_ms.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    let (sql, args) = page_statement(filter);
    let page_plan = Plan::read(db.kind(), db.explain(&sql, args).await?);
    let (sql, args) = count_statement(filter);
    let count_plan = Plan::read(db.kind(), db.explain(&sql, args).await?);
    Ok(Seen {
        matches,
        rows,
        slowest_ms: page_ms.iter().copied().fold(0.0, f64::max),
        page_ms: median(page_ms),
        count_ms: median(count_ms),
        page_plan,
        count_plan,
    })
}

fn render(kind: DbKind, args: &ListBenchArgs, cases: &[Case], found: &[Seen]) -> String {
    let header = [
        "page of 1,000",
        "indexes",
        "served",
        "matches",
        "rows",
        "read",
        "ms",
        "worst ms",
        "x first",
        "count ms",
    ];
    let mut lines = table(&header, 3);
    let first = found.first().map_or(1.0, |f| f.page_ms.max(1e-6));
    for (case, seen) in cases.iter().zip(found) {
        let read = seen.page_plan.rows_read.map_or("-".to_owned(), figure);
        lines.add_row([
            case.name.to_owned(),
            seen.page_plan.indexes.join("\n"),
            if seen.page_plan.scans_all {
                "FULL SCAN"
            } else {
                "index"
            }
            .to_owned(),
            grouped(&seen.matches.to_string()),
            grouped(&seen.rows.to_string()),
            read,
            figure(seen.page_ms),
            figure(seen.slowest_ms),
            format!("{:.2}", seen.page_ms / first),
            figure(seen.count_ms),
        ]);
    }
    let mut text = format!(
        "{} loans on {}, medians of {} runs, wall time from query to rows in memory\n{lines}\n\
         count: the statement behind totalCount, skipped when the page itself tells the total\n",
        grouped(&args.loans.to_string()),
        kind.as_str(),
        args.rounds,
    );
    if args.plans {
        for (case, seen) in cases.iter().zip(found) {
            for (what, plan) in [("page", &seen.page_plan), ("count", &seen.count_plan)] {
                text.push_str(&format!(
                    "\n{}, {what}:\n  {}\n",
                    case.name,
                    plan.lines.join("\n  ")
                ));
            }
        }
    }
    text
}
