//! `lintel bench`: how fast this machine is at what Lintel does, beside others in the same run.
//!
//! Absolute times belong to the machine; the ratios between rows of one table are what to compare.
//! To add a benchmark, add a file with its `Args` and `run`, and a variant below.

mod cpu;
pub mod engine;
pub mod fine;
mod goals;
pub mod jobs;
pub mod list;
mod load;
pub mod mismo;
pub mod pricing;
mod python;
mod random;
mod served;
pub mod simulate;
pub mod watch;

use clap::{Args, Subcommand};
use comfy_table::{CellAlignment, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};

/// Options of `lintel bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// What to measure.
    #[command(subcommand)]
    pub what: BenchCommand,
}

/// What can be measured.
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Rates, schedules and `lintel calc`, beside Python libraries on the same loans, with goals.
    Engine(engine::EngineBenchArgs),
    /// A nationwide rate card, a changed sheet, one quote and the whole request, with goals.
    Pricing(pricing::PricingBenchArgs),
    /// Loan applications as MISMO documents: read, checked and written, beside lxml.
    Mismo(mismo::MismoBenchArgs),
    /// Pages of a large pipeline: times and query plans, on a throw-away database.
    List(list::ListBenchArgs),
    /// The queue of jobs beside a plain table that is looked through, on both databases.
    Jobs(jobs::JobsBenchArgs),
    /// Rate watches that are due all at once, beside one by one.
    Watch(watch::WatchBenchArgs),
    /// Information sheets (FINE) as tagged PDF, beside ReportLab's tables.
    Fine(fine::FineBenchArgs),
    /// Whole simulations of home loans in Portugal, beside Python on the same loans.
    Simulate(simulate::SimulateBenchArgs),
}

/// Runs a benchmark and returns what to print.
///
/// # Errors
/// A sentence for the terminal.
pub async fn run(args: BenchArgs) -> Result<String, String> {
    match args.what {
        BenchCommand::Engine(args) => engine::run(&args),
        BenchCommand::Pricing(args) => pricing::run(&args),
        BenchCommand::Mismo(args) => mismo::run(&args),
        BenchCommand::List(args) => list::run(&args).await,
        BenchCommand::Jobs(args) => jobs::run(&args).await,
        BenchCommand::Watch(args) => watch::run(&args).await,
        BenchCommand::Fine(args) => fine::run(&args),
        BenchCommand::Simulate(args) => simulate::run(&args),
    }
}

/// A table whose columns after the first `texts` hold numbers.
fn table(header: &[&str], texts: usize) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_header(header.to_vec());
    for column in table.column_iter_mut().skip(texts) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A bar on standard error; nothing is drawn when that is not a terminal.
fn progress(steps: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(steps).with_message(what);
    match ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// The middle of several measurements; zero when there is none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Three significant digits and thousands separators: 1,234,567 or 0.0123.
fn figure(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.abs() < 100.0 {
        let digits = if value.abs() >= 10.0 {
            1
        } else if value.abs() >= 1.0 {
            2
        } else {
            4
        };
        return format!("{value:.digits$}");
    }
    grouped(&format!("{value:.0}"))
}

/// Thousands separators into a row of digits.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        let left = digits.len().saturating_sub(at);
        if at > 0 && left.is_multiple_of(3) && digits.get(at - 1..at) != Some("-") {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_three_digits_and_group_thousands() {
        for (value, text) in [
            (1_234_567.4, "1,234,567"),
            (123.4, "123"),
            (-1234.0, "-1,234"),
            (-123.0, "-123"),
            (12.34, "12.3"),
            (1.234, "1.23"),
            (0.012_34, "0.0123"),
            (0.0, "0"),
        ] {
            assert_eq!(figure(value), text);
        }
        assert_eq!(grouped("999"), "999");
        assert_eq!(grouped("1000000"), "1,000,000");
    }

    #[test]
    fn the_median_is_one_of_the_values() {
        assert!((median(vec![9.0, 1.0, 5.0]) - 5.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).abs() < f64::EPSILON);
    }
}
