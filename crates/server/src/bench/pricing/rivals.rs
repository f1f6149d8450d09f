//! Drives `bench/ratecard.py`: the same kind of card in Python, in the same run.

use serde::Deserialize;

use super::super::engine::rivals::Python;
use super::super::python::Script;
use super::super::{figure, progress, table};
use super::{Goal, Report};

const SCRIPT: Script = Script {
    name: "ratecard.py",
    text: include_str!("../../../../../bench/ratecard.py"),
};
/// Rows of the whole card.
const ROWS: f64 = 44.28e6;

#[derive(Debug, Deserialize)]
struct Line {
    name: String,
    ns: f64,
    rows: u64,
}

pub(super) fn measure(report: &mut Report, python: &Python) -> Result<(), String> {
    let bar = progress(1, "Python rivals");
    let lines = SCRIPT.lines::<Line>(python.interpreter(), &[""; 0]);
    bar.finish_and_clear();
    let lines = lines?;
    let mut shown = table(&["", "CPU ns a row", "44.28 M rows, CPU s", "x Lintel"], 1);
    let own = report.card_ns;
    let mut row = |name: &str, ns: f64| {
        let ratio = own.map_or_else(String::new, |own| figure(ns / own));
        shown.add_row([name.to_owned(), figure(ns), figure(ns * ROWS / 1e9), ratio]);
    };
    if let Some(own) = own {
        row("Lintel, rules compiled and rows priced", own);
    }
    for line in &lines {
        row(&format!("{} ({} rows)", line.name, line.rows), line.ns);
    }
    report.section(
        "Rate card beside Python (which evaluates no rules)",
        &shown.to_string(),
    );
    let ratio = |name: &str| {
        let line = lines.iter().find(|line| line.name.starts_with(name));
        Some(line?.ns / own?)
    };
    report.goals.push(Goal::at_least(
        "rate card against NumPy",
        2.5,
        Some(6.0),
        ratio("NumPy"),
    ));
    report.goals.push(Goal::at_least(
        "rate card against pyxirr row by row",
        900.0,
        Some(2_400.0),
        ratio("pyxirr"),
    ));
    Ok(())
}
