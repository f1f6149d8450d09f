//! `lintel bench fine`: information sheets (FINE) and letters as PDF on one core, beside ReportLab's tables
//! of the same figures in the same run.

use std::path::PathBuf;

use clap::Args;
use lintel_papers::{PaperError, fine, proposal_letter, sample};
use serde::Deserialize;

use super::cpu::Clock;
use super::goals::{self, Goal};
use super::python::{self, Script};
use super::{figure, grouped, table};

const SCRIPT: Script = Script {
    name: "fine.py",
    text: include_str!("../../../../bench/fine.py"),
};

/// Options of `lintel bench fine`.
#[derive(Debug, Clone, Args)]
pub struct FineBenchArgs {
    /// Months of the loan.
    #[arg(long, default_value_t = 360, value_parser = clap::value_parser!(u32).range(12..=480))]
    pub months: u32,
    /// Install the Python rival when it is missing. Without this flag it is measured only where python3 has
    /// it already.
    #[arg(long, conflicts_with = "no_rivals")]
    pub rivals: bool,
    /// Leave the Python rival out.
    #[arg(long)]
    pub no_rivals: bool,
    /// Folder of the rival's virtual environment.
    #[arg(long, value_name = "FOLDER", default_value = "target/bench-venv")]
    pub venv: PathBuf,
}

/// What ReportLab took.
#[derive(Deserialize)]
struct Rival {
    seconds: f64,
    bytes: usize,
    version: String,
}

/// Measures and returns the table.
///
/// # Errors
/// A sentence for the terminal.
pub fn run(args: &FineBenchArgs) -> Result<String, String> {
    let clock = Clock::new();
    let (one, both) = (
        sample::fine(args.months, false),
        sample::fine(args.months, true),
    );
    let letter = sample::proposal_letter();
    let mut shown = table(&["paper", "ms", "a second", "bytes"], 1);
    let mut row = |name: &str, seconds: f64, bytes: usize| {
        shown.add_row([
            name.to_owned(),
            figure(seconds * 1e3),
            figure(1.0 / seconds),
            grouped(&bytes.to_string()),
        ]);
    };
    let (single, bytes) = measure(&clock, || fine(&one))?;
    row("FINE, one variant", single, bytes);
    let (double, bytes) = measure(&clock, || fine(&both))?;
    row("FINE, two variants", double, bytes);
    let (seconds, bytes) = measure(&clock, || proposal_letter(&letter))?;
    row("letter of approval", seconds, bytes);

    let rival = if args.no_rivals {
        Err("left out, as --no-rivals says".to_owned())
    } else {
        rival(args)
    };
    let ratio = rival.as_ref().ok().map(|rival| rival.seconds / single);
    let note = match &rival {
        Ok(rival) => {
            let name = format!("ReportLab {}: one table only", rival.version);
            row(&name, rival.seconds, rival.bytes);
            String::new()
        }
        Err(why) => format!("\nReportLab: {why}"),
    };
    let goals = [
        Goal::at_least(
            "whole tagged FINE, a second and core",
            50.0,
            Some(150.0),
            Some(1.0 / single),
        ),
        Goal::at_least(
            "against ReportLab's table, untagged",
            5.0,
            Some(15.0),
            ratio,
        ),
    ];
    Ok(format!(
        "{} months; {}; tagged, with the fonts in use, whole months in the annex\n{shown}{note}\n\nGoals\n{}\n",
        args.months,
        clock.kind().describe(),
        goals::render(&goals),
    ))
}

/// Seconds and bytes of one paper.
fn measure(
    clock: &Clock,
    make: impl Fn() -> Result<Vec<u8>, PaperError>,
) -> Result<(f64, usize), String> {
    let bytes = make().map_err(|error| error.to_string())?.len();
    let seconds = clock.of_one(make).map_err(|error| error.to_string())?;
    Ok((seconds, bytes))
}

fn rival(args: &FineBenchArgs) -> Result<Rival, String> {
    let python = python::with("reportlab", "reportlab>=4", &args.venv, args.rivals)?;
    let lines = SCRIPT.lines(&python, &[args.months.to_string().as_str(), "1"])?;
    let first = lines.into_iter().next();
    first.ok_or_else(|| format!("{} wrote nothing", SCRIPT.name))
}
