//! `lintel bench pricing`: a country's rate card beside NumPy and pyxirr, a changed sheet, one quote, the
//! whole request and the start, each with its goal.

mod card;
mod process;
mod quote;
mod rivals;
mod world;

use std::path::PathBuf;

use clap::Args;

use super::cpu::Clock;
use super::engine::rivals as venv;
use super::goals::{self, Goal};

/// Options of `lintel bench pricing`.
#[derive(Debug, Clone, Args)]
pub struct PricingBenchArgs {
    /// Rows of the card, at most: 1,000,000 takes a few seconds.
    #[arg(long, default_value_t = 44_280_000, value_parser = clap::value_parser!(u64).range(100_000..=50_000_000))]
    pub rows: u64,
    /// Rows compared with the scalar engine.
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u64).range(1_000..=10_000_000))]
    pub samples: u64,
    /// A short run: a card of 2,000,000 rows, 20,000 samples and three seconds of requests.
    #[arg(long, conflicts_with_all = ["rows", "samples", "seconds"])]
    pub quick: bool,
    /// Seconds of requests at 1,000 a second; 0 leaves the server out.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub seconds: u64,
    /// Install the Python rivals when they are missing. Without this flag they are measured only
    /// where python3 has them already.
    #[arg(long, conflicts_with = "no_rivals")]
    pub rivals: bool,
    /// Leave the Python rivals out.
    #[arg(long)]
    pub no_rivals: bool,
    /// Folder of the rivals' virtual environment.
    #[arg(long, value_name = "FOLDER", default_value = "target/bench-venv")]
    pub venv: PathBuf,
}

/// How large a run is.
#[derive(Debug, Clone, Copy)]
struct Size {
    rows: u64,
    samples: u64,
    seconds: u64,
}

impl PricingBenchArgs {
    const fn size(&self) -> Size {
        if self.quick {
            return Size {
                rows: 2_000_000,
                samples: 20_000,
                seconds: 3,
            };
        }
        Size {
            rows: self.rows,
            samples: self.samples,
            seconds: self.seconds,
        }
    }
}

/// Measures and returns the tables.
///
/// # Errors
/// A sentence for the terminal; the tables and the differences when a sampled row is not what the scalar
/// engine answers.
pub fn run(args: &PricingBenchArgs) -> Result<String, String> {
    let clock = Clock::new();
    let size = args.size();
    let python = if args.no_rivals {
        Err("left out, as --no-rivals says".to_owned())
    } else {
        venv::python(&args.venv, args.rivals)
    };
    let mut report = Report::new(&clock);
    let rules = lintel_rule_book::RuleBook::embedded().map_err(|e| e.to_string())?;
    let world = world::World::new(&rules)?;
    let wrong = card::measure(&mut report, &clock, &world, &size)?;
    match &python {
        Ok(python) => rivals::measure(&mut report, python)?,
        Err(missing) => report.absent.push(format!("Python rivals: {missing}")),
    }
    card::changed_sheet(&mut report, &clock, &world)?;
    quote::measure(&mut report, &clock, &rules)?;
    if size.seconds > 0 {
        process::measure(&mut report, size.seconds)?;
    }
    let text = report.finish();
    if wrong == 0 {
        Ok(text)
    } else {
        let rows = super::grouped(&wrong.to_string());
        Err(format!(
            "{text}\n{rows} sampled rows are not what the scalar engine answers"
        ))
    }
}

/// The text under way, and what stands at its end.
struct Report {
    text: String,
    goals: Vec<Goal>,
    absent: Vec<String>,
    /// CPU nanoseconds of a row of the card, for the rivals' ratios.
    card_ns: Option<f64>,
}

impl Report {
    fn new(clock: &Clock) -> Self {
        let machine = lintel_engine::bulk::Machine::one_core();
        Self {
            text: format!(
                "{}; vector instructions: {}\n",
                clock.kind().describe(),
                machine.instructions()
            ),
            goals: Vec::new(),
            absent: Vec::new(),
            card_ns: None,
        }
    }

    fn section(&mut self, title: &str, body: &str) {
        self.text.push_str(&format!("\n{title}\n{body}\n"));
    }

    fn finish(mut self) -> String {
        let goals = goals::render(&self.goals);
        self.section("Goals", &goals);
        for absent in &self.absent {
            self.text.push_str(&format!("not measured: {absent}\n"));
        }
        self.text
    }
}
