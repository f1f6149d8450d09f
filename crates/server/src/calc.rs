//! `lintel calc`: the engine's calculations over JSON Lines, one request a line, one answer a line.
//!
//! A request that cannot be answered gets an error in its place and the rest go on. Lines are
//! bounded, and read in bounded memory; answers are flushed whenever the input has nothing more
//! ready, so a program may ask and wait.
//!
//! To add a kind: a function from `Fields` to a JSON object, and its [`KindDoc`] in the list of
//! its file.

mod apr;
mod apr_dates;
mod charges;
mod failure;
mod fields;
mod lines;
mod loan;
mod payments;

use std::io::{self, BufRead, Write};

use serde_json::{Map, Value, json};

use failure::Failure;
use fields::Fields;
use lines::{Line, Lines};

/// Longest accepted line, in bytes.
const MAX_LINE: usize = 1024 * 1024;
/// Most payments in one request.
const MAX_PAYMENTS: u32 = lintel_engine::schedule::MAX_PAYMENTS;

/// What a kind of calculation is: the text of `--kinds` and `--help`, and the calculation itself.
pub struct KindDoc {
    /// Name in requests.
    pub name: &'static str,
    /// One line: what it answers.
    pub summary: &'static str,
    /// Inputs and their meaning.
    pub inputs: &'static [(&'static str, &'static str)],
    /// Results and their meaning.
    pub results: &'static [(&'static str, &'static str)],
    /// The formula or rule.
    pub formula: &'static str,
    /// Where the rule is written.
    pub source: &'static str,
    calculate: fn(&Fields<'_>) -> Result<Value, Failure>,
}

/// Every kind, in the order they are listed.
static KINDS: [KindDoc; 10] = [
    apr::US_APR,
    apr_dates::US_APR_DATES,
    apr::US_UNIT_PERIOD_INTERVAL,
    loan::US_LOAN_APR,
    payments::PAYMENT,
    payments::SCHEDULE,
    payments::US_ARM_COMPOSITE_PAYMENTS,
    charges::US_PREPAID_INTEREST,
    charges::US_MI_TERMINATION,
    charges::US_TRID_FINANCE_CHARGE,
];

/// The kinds this build answers.
#[must_use]
pub fn kinds() -> &'static [KindDoc] {
    &KINDS
}

/// Answers every request of `input` on `output`, in order; true when none had an error.
///
/// # Errors
/// Reading or writing failed.
pub fn run(input: impl BufRead, mut output: impl Write) -> io::Result<bool> {
    let mut lines = Lines::new(input, MAX_LINE);
    let mut all_answered = true;
    while let Some(line) = lines.next_line()? {
        let reply = match line {
            Line::Blank => continue,
            Line::TooLong => failed(
                None,
                None,
                &Failure::new("too_large", format!("a line may have {MAX_LINE} bytes")),
            ),
            Line::Text(bytes) => answer(bytes),
        };
        all_answered &= !reply.contains_key("error");
        serde_json::to_writer(&mut output, &reply)?;
        output.write_all(b"\n")?;
        if lines.would_wait() {
            output.flush()?;
        }
    }
    output.flush()?;
    Ok(all_answered)
}

/// Answers one request.
fn answer(line: &[u8]) -> Map<String, Value> {
    let request: Map<String, Value> = match serde_json::from_slice(line) {
        Ok(request) => request,
        Err(error) => {
            let message = format!("the line is not a JSON object: {error}");
            return failed(None, None, &Failure::new("invalid", message));
        }
    };
    let id = request.get("id");
    let Some(kind) = request.get("kind").and_then(Value::as_str) else {
        let failure = Failure::at("kind", "must be the name of a kind");
        return failed(id, None, &failure);
    };
    let Some(known) = KINDS.iter().find(|known| known.name == kind) else {
        let message = "there is no such kind; lintel calc --kinds lists them";
        let failure = Failure {
            field: Some("kind".to_owned()),
            ..Failure::new("unknown_kind", message)
        };
        return failed(id, Some(kind), &failure);
    };
    let result = match request.get("inputs") {
        Some(Value::Object(inputs)) => (known.calculate)(&Fields::new(inputs)),
        Some(_) | None => Err(Failure::at("inputs", "must be an object")),
    };
    match result {
        Ok(result) => {
            let mut reply = head(id, Some(kind));
            reply.insert("result".to_owned(), result);
            reply
        }
        Err(failure) => failed(id, Some(kind), &failure),
    }
}

fn head(id: Option<&Value>, kind: Option<&str>) -> Map<String, Value> {
    let mut reply = Map::new();
    reply.insert("id".to_owned(), id.cloned().unwrap_or(Value::Null));
    if let Some(kind) = kind {
        reply.insert("kind".to_owned(), json!(kind));
    }
    reply
}

fn failed(id: Option<&Value>, kind: Option<&str>, failure: &Failure) -> Map<String, Value> {
    let mut reply = head(id, kind);
    reply.insert("error".to_owned(), failure.to_json());
    reply
}

/// The table of `lintel calc --kinds`.
#[must_use]
pub fn kinds_table() -> String {
    let names = |list: &[(&str, &str)]| {
        list.iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut text = String::new();
    for kind in kinds() {
        text.push_str(&format!(
            "{}\n    {}\n    inputs:  {}\n    results: {}\n",
            kind.name,
            kind.summary,
            names(kind.inputs),
            names(kind.results),
        ));
    }
    text
}

/// The page of `lintel calc KIND --help`; none when there is no such kind.
#[must_use]
pub fn explain_kind(name: &str) -> Option<String> {
    let kind = kinds().iter().find(|kind| kind.name == name)?;
    let list = |rows: &[(&str, &str)]| {
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        rows.iter()
            .map(|(name, meaning)| format!("  {name:width$}  {meaning}\n"))
            .collect::<String>()
    };
    Some(format!(
        "{}: {}\n\nInputs\n{}\nResults\n{}\nFormula\n  {}\n\nSource\n  {}\n",
        kind.name,
        kind.summary,
        list(kind.inputs),
        list(kind.results),
        kind.formula,
        kind.source,
    ))
}
