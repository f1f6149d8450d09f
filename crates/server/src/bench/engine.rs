//! `lintel bench engine`: rates, schedules and `lintel calc` beside other people's libraries, on the
//! same loans in the same run, each figure with its goal.

mod exact;
mod lines;
mod loans;
mod rates;
pub(super) mod rivals;
mod scaling;
mod schedules;
mod whole;

use std::convert::Infallible;
use std::path::PathBuf;

use clap::Args;

use super::cpu::{Clock, ROUNDS};
use super::goals::{self, Goal};
use super::{figure, grouped, table};
use loans::Mix;
use rivals::{Measured, Python};

/// Options of `lintel bench engine`.
#[derive(Debug, Clone, Args)]
pub struct EngineBenchArgs {
    /// Invented loans.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(10_000..=2_000_000))]
    pub loans: u64,
    /// Lines sent through `lintel calc`.
    #[arg(long, default_value_t = 600_000, value_parser = clap::value_parser!(u64).range(10_000..=100_000_000))]
    pub lines: u64,
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

/// Measures and returns the tables.
///
/// # Errors
/// A sentence for the terminal.
pub fn run(args: &EngineBenchArgs) -> Result<String, String> {
    let clock = Clock::new();
    let rivals = if args.no_rivals {
        Err("left out, as --no-rivals says".to_owned())
    } else {
        rivals::python(&args.venv, args.rivals)
    };
    let mix = Mix::invent(args.loans)?;
    let mut report = Report::new(&clock, args, &mix);
    let python = rivals.as_ref().ok();
    rates::measure(&mut report, &clock, &mix, python)?;
    schedules::measure(&mut report, &clock, &mix, python)?;
    whole::measure(&mut report, &clock)?;
    scaling::measure(&mut report, &mix)?;
    lines::measure(&mut report, args.lines)?;
    Ok(report.finish(rivals.err()))
}

/// The text under way, and what stands at its end.
struct Report {
    text: String,
    goals: Vec<Goal>,
    absent: Vec<String>,
}

impl Report {
    fn new(clock: &Clock, args: &EngineBenchArgs, mix: &Mix) -> Self {
        let machine = lintel_engine::bulk::Machine::one_core();
        let text = format!(
            "{} invented loans, seeded: {}\n{}, medians of {ROUNDS} rounds; one core unless a table says otherwise; \
             vector instructions: {}\n",
            grouped(&args.loans.to_string()),
            mix.describe(),
            clock.kind().describe(),
            machine.instructions(),
        );
        Self {
            text,
            goals: Vec::new(),
            absent: Vec::new(),
        }
    }

    fn section(&mut self, title: &str, body: &str) {
        self.text.push_str(&format!("\n{title}\n{body}\n"));
    }

    /// A table of solvers or generators with ratios to our rows.
    fn compare(&mut self, title: &str, shape: &Shape, rows: &[Measured]) {
        self.section(title, &shape.render(rows));
    }

    fn finish(mut self, missing: Option<String>) -> String {
        let goals = goals::render(&self.goals);
        self.section("Goals", &goals);
        for absent in &self.absent {
            self.text.push_str(&format!("not measured: {absent}\n"));
        }
        if let Some(missing) = missing {
            self.text.push_str(&format!("Python rivals: {missing}\n"));
        }
        self.text
    }
}

/// How a table of measured rows looks.
struct Shape {
    /// What one item is, such as `solve`.
    item: &'static str,
    /// Unit of the last column.
    worst: &'static str,
    /// Names of the rows of ours that every row is divided by.
    ours: [&'static str; 2],
}

impl Shape {
    fn render(&self, rows: &[Measured]) -> String {
        let header = [
            "".to_owned(),
            format!("ns a {}", self.item),
            format!("{}s/s/core", self.item),
            format!("x {}", self.ours[0]),
            format!("x {}", self.ours[1]),
            "agree".to_owned(),
            format!("worst difference, {}", self.worst),
        ];
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let mut lines = table(&header, 1);
        let own = self.ours.map(|name| ns_of(rows, name));
        for row in rows {
            let ratio = |own: Option<f64>| own.map_or_else(String::new, |own| figure(row.ns / own));
            let worst = match row.worst {
                Some(0.0) => "0".to_owned(),
                Some(worst) if worst.abs() < 0.01 => format!("{worst:.0e}"),
                Some(worst) => figure(worst),
                None => "no answer".to_owned(),
            };
            lines.add_row([
                row.name.clone(),
                figure(row.ns),
                figure(1e9 / row.ns),
                ratio(own[0]),
                ratio(own[1]),
                of(row.agree, row.items),
                worst,
            ]);
        }
        lines.to_string()
    }
}

/// `7 of 8` with thousands separators.
fn of(part: usize, all: usize) -> String {
    format!(
        "{} of {}",
        grouped(&part.to_string()),
        grouped(&all.to_string())
    )
}

/// Time of the row of this name.
fn ns_of(rows: &[Measured], name: &str) -> Option<f64> {
    rows.iter().find(|row| row.name == name).map(|row| row.ns)
}

/// Nanoseconds of one item.
fn time(clock: &Clock, items: usize, mut pass: impl FnMut()) -> f64 {
    pass();
    let Ok(seconds) = clock.of_one(|| {
        pass();
        Ok::<(), Infallible>(())
    });
    let items = u32::try_from(items).map_or(f64::MAX, f64::from);
    seconds * 1e9 / items
}

/// What the rivals did, or nothing when there is no Python.
fn with_rivals(
    report: &mut Report,
    python: Option<&Python>,
    what: &str,
    numbers: &[f64],
) -> Result<Vec<Measured>, String> {
    let Some(python) = python else {
        return Ok(Vec::new());
    };
    let answer = python.measure(what, numbers)?;
    report.absent.extend(answer.absent);
    Ok(answer.rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_show_ratios_to_ours() {
        let row = |name: &str, ns| Measured {
            name: name.to_owned(),
            ns,
            items: 9,
            agree: 8,
            worst: None,
        };
        let shape = Shape {
            item: "solve",
            worst: "a year",
            ours: ["a", "c"],
        };
        let text = shape.render(&[row("a", 100.0), row("b", 250_000.0)]);
        assert!(text.contains("2,500") && text.contains("8 of 9") && text.contains("no answer"));
        assert!(text.contains("solves/s/core"));
    }
}
