//! `lintel ratecard`: a country priced in parts, into a folder or a store, as CSV or Parquet.
//!
//! What a card is stands in `card.json` before its first part is written; its parts are each written
//! once, under a name that says which they are; and `manifest.json` comes last. So any number of
//! processes may work on one card, a killed one is gone on from, and a card without a manifest is
//! known to be unfinished.

mod csv;
mod finish;
mod folder;
mod header;
mod loan;
mod make;
mod moment;
mod page;
#[cfg(feature = "export")]
mod parquet;
mod part;
mod plan;
mod progress;
mod queue;
mod report;
mod rows;
mod run;
mod sink;
mod spec;
mod summary;

use std::fmt;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use lintel_app::context::App;
use lintel_app::error::{AppError, Fault};
use lintel_domain::refusal::Refusal;

use crate::admin::explain;
use crate::cli::ConfigArgs;
pub use spec::Format;
use spec::Given;

/// Largest specification or list of ZIP codes read from a file.
const FILE_MAX_BYTES: u64 = 4 << 20;

/// Options of `lintel ratecard`.
#[derive(Debug, Clone, Args)]
#[command(subcommand_negates_reqs = true)]
pub struct RateCardArgs {
    /// Configuration sources.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What is priced, and where it is written.
    #[command(flatten)]
    pub card: Option<CardArgs>,
    /// How this process goes about it.
    #[command(flatten)]
    pub run: RunArgs,
    /// The card as a job that any number of processes work on.
    #[command(subcommand)]
    pub queue: Option<QueueCommand>,
}

/// How a card is priced by one process.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// Prices as of this moment instead of now, as in 2026-11-21T09:00:00Z.
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// Divide the card among so many processes; give each its --shard.
    #[arg(long, value_name = "N", requires = "shard", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub shards: Option<u32>,
    /// Which share this process takes: 1 to N, or 0 to N-1.
    #[arg(long, value_name = "K", requires = "shards")]
    pub shard: Option<u32>,
    /// Threads; all of this machine's by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// What is priced, and where it is written.
#[derive(Debug, Clone, Args)]
pub struct CardArgs {
    /// lenderID whose prices they are.
    #[arg(long, value_name = "LENDER_ID")]
    pub lender: String,
    /// Folder or s3://bucket/prefix; made when it is missing, gone on with when it holds this card.
    #[arg(long, value_name = "PLACE")]
    pub out: String,
    /// TOML file with the fields below (purposes, zips, …) and occupancy, property, units, flags,
    /// channel, sub_channel, branch, points, criteria, part_rows. Flags win.
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
    /// purchase, refinance, refinance_cash_out; all by default.
    #[arg(long, value_name = "WORDS", value_delimiter = ',')]
    pub purposes: Option<Vec<String>>,
    /// `all`, `state:CA,NV`, or a file with ZIP codes.
    #[arg(long, value_name = "ZIPS")]
    pub zips: Option<String>,
    /// Loan amounts in dollars; 400000 by default.
    #[arg(long, value_name = "DOLLARS", value_delimiter = ',')]
    pub amounts: Option<Vec<String>>,
    /// Loan to value in percent, each with each amount; 80 by default.
    #[arg(
        long,
        value_name = "PERCENT",
        value_delimiter = ',',
        conflicts_with = "values"
    )]
    pub ltvs: Option<Vec<String>>,
    /// Prices of the home in dollars, each with each amount, instead of --ltvs.
    #[arg(long, value_name = "DOLLARS", value_delimiter = ',')]
    pub values: Option<Vec<String>>,
    /// Credit scores; 620,660,700,740,780 by default.
    #[arg(long, value_name = "SCORES", value_delimiter = ',')]
    pub scores: Option<Vec<u32>>,
    /// Product codes; all with a rate sheet by default.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub products: Option<Vec<String>>,
    /// Least days of rate lock; 30 by default.
    #[arg(long, value_name = "DAYS")]
    pub lock_days: Option<u32>,
    /// Form of the parts; csv by default.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// Cards as jobs in the database.
#[derive(Debug, Clone, Subcommand)]
pub enum QueueCommand {
    /// Start a job on the prices of now, and print its number.
    Submit {
        /// What is priced, and where it is written.
        #[command(flatten)]
        card: Box<CardArgs>,
        /// How often a part is tried before the job has failed.
        #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
        attempts: u32,
    },
    /// Take shards of jobs until none are left.
    Work(WorkArgs),
    /// How a job stands, or which jobs a lender has.
    Status {
        /// Number of the job.
        #[arg(required_unless_present = "lender")]
        job: Option<String>,
        /// lenderID whose jobs are listed.
        #[arg(long, value_name = "LENDER_ID", conflicts_with = "job")]
        lender: Option<String>,
    },
}

/// Options of `lintel ratecard work`.
#[derive(Debug, Clone, Args)]
pub struct WorkArgs {
    /// This job only.
    #[arg(long, value_name = "JOB")]
    pub job: Option<String>,
    /// Shards worked on at once; one for each thread of this machine by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub workers: Option<u16>,
    /// Seconds after which a shard whose worker says nothing goes to another.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(2..=3600))]
    pub lease: u16,
    /// Wait for more jobs instead of ending.
    #[arg(long)]
    pub stay: bool,
}

/// Why a command ended without having done what it was asked for.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// A sentence for whoever typed the command.
    Told(String),
    /// What a use case answered.
    App(AppError),
}

impl Trouble {
    fn told(text: &str) -> Self {
        Self::Told(text.to_owned())
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(text) => f.write_str(text),
            Self::App(error) => f.write_str(&explain(error)),
        }
    }
}

impl From<AppError> for Trouble {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::App(fault.into())
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::App(refusal.into())
    }
}

#[cfg(feature = "export")]
impl From<lintel_export::ExportError> for Trouble {
    fn from(error: lintel_export::ExportError) -> Self {
        Self::Told(error.to_string())
    }
}

#[cfg(feature = "export")]
impl From<lintel_export::bucket::BucketError> for Trouble {
    fn from(error: lintel_export::bucket::BucketError) -> Self {
        Self::Told(error.to_string())
    }
}

/// Runs the command. The text is what it prints; beside it stands whether it did what it was asked.
///
/// # Errors
/// None but by the signature: what went wrong is told on standard error here.
pub async fn run(app: &App, args: &RateCardArgs) -> Result<(String, bool), AppError> {
    let ended = match (&args.queue, &args.card) {
        (Some(QueueCommand::Submit { card, attempts }), _) => queue::submit(app, card, *attempts)
            .await
            .map(|text| (text, true)),
        (Some(QueueCommand::Work(args)), _) => queue::work(app, args).await,
        (Some(QueueCommand::Status { job, lender }), _) => {
            let text = queue::status(app, job.as_deref(), lender.as_deref()).await;
            text.map(|text| (text, true))
        }
        (None, Some(card)) => run::card(app, card, &args.run)
            .await
            .map(|text| (text, true)),
        (None, None) => Err(Trouble::told("give --lender and --out, or see --help")),
    };
    match ended {
        Ok(said) => Ok(said),
        Err(trouble) => {
            complain(&trouble);
            Ok((String::new(), false))
        }
    }
}

/// Writes to standard error; when that fails too there is nobody left to tell.
fn complain(what: &dyn fmt::Display) {
    let _ = writeln!(std::io::stderr(), "lintel: {what}");
}

impl CardArgs {
    /// The specification: the file's fields, and the flags over them.
    fn given(&self) -> Result<Given, Trouble> {
        let numbers = |texts: &Option<Vec<String>>| {
            let texts = texts.as_ref()?;
            Some(texts.iter().cloned().map(spec::Number).collect())
        };
        let flags = Given {
            format: self.format,
            purposes: self.purposes.clone(),
            zips: self.zips.as_deref().map(zips).transpose()?,
            amounts: numbers(&self.amounts),
            ltvs: numbers(&self.ltvs),
            values: numbers(&self.values),
            scores: self.scores.clone(),
            products: self.products.clone(),
            lock_days: self.lock_days,
            ..Given::default()
        };
        let Some(path) = &self.spec else {
            return Ok(flags);
        };
        let told = |error: String| Trouble::Told(format!("{}: {error}", path.display()));
        let text = read_file(path).map_err(told)?;
        Ok(flags.or(Given::parse(&text).map_err(told)?))
    }
}

/// `all` and `state:…` as they are; otherwise the content of a file.
fn zips(given: &str) -> Result<String, Trouble> {
    if given == "all" || given.starts_with("state:") {
        return Ok(given.to_owned());
    }
    let path = std::path::Path::new(given);
    read_file(path).map_err(|error| {
        Trouble::Told(format!(
            "--zips is all, state:… or a file of ZIP codes; {given}: {error}"
        ))
    })
}

fn read_file(path: &std::path::Path) -> Result<String, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    let read = file.take(FILE_MAX_BYTES + 1).read_to_string(&mut text);
    read.map_err(|error| error.to_string())?;
    if text.len() as u64 > FILE_MAX_BYTES {
        return Err("larger than 4 MiB".to_owned());
    }
    Ok(text)
}
