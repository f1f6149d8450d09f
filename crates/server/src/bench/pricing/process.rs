//! The real server in a process of its own: from start to the first answer, memory, and searches at a
//! steady 1,000 a second.

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use super::super::cpu::others_share;
use super::super::load::{self, Answer, Load, percentile};
use super::super::served::{self, Folder, Server};
use super::super::{figure, median, table};
use super::{Goal, Report};

/// Requests a second.
const RATE: u32 = 1_000;
/// Starts that are measured; the middle one is shown.
const STARTS: usize = 5;
/// More of the processors taken by others than this, and the tail says nothing about us.
const QUIET: f64 = 0.1;

pub(super) fn measure(report: &mut Report, seconds: u64) -> Result<(), String> {
    let folder = Folder::new("pricing")?;
    let start = |folder: &Path| Server::start(folder, None);
    // The first start makes the database and loads the demo lender.
    drop(start(folder.path())?);
    let mut starts = Vec::new();
    let mut server = start(folder.path())?;
    for _ in 0..STARTS {
        drop(server);
        let begin = Instant::now();
        server = start(folder.path())?;
        let first = load::ask(
            server.address(),
            b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        )?;
        if first.status != 200 {
            return Err(format!("/healthz answered {}", first.status));
        }
        starts.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    let start_ms = median(starts);
    let memory = server.resident_mib();
    let search = search(&server, folder.path())?;
    let checked = load::ask(server.address(), &search)?;
    let answer: Value =
        serde_json::from_slice(&checked.body).map_err(|e| format!("a search: {e}"))?;
    if answer.get("status").and_then(Value::as_str) != Some("success") {
        return Err(format!("a search was refused: {answer}"));
    }
    // Connections, caches and the database find their size.
    let warm = Load {
        address: server.address(),
        request: search,
        rate: RATE,
        seconds: 1,
    };
    warm.run()?;
    let others = others_share();
    let child = server.cpu_seconds();
    let begin = Instant::now();
    let run = Load { seconds, ..warm };
    let answers = run.run()?;
    let wall = begin.elapsed().as_secs_f64();
    let used = server
        .cpu_seconds()
        .zip(child)
        .map(|(now, then)| now - then);
    // What the server itself used is not somebody else's work.
    let cores = std::thread::available_parallelism()
        .map_or(1.0, |n| u32::try_from(n.get()).map_or(1.0, f64::from));
    let foreign = (others() - used.unwrap_or_default() / (wall * cores)).max(0.0);
    tell(report, &answers, (foreign, used));
    start_and_memory(report, start_ms, memory);
    Ok(())
}

fn tell(report: &mut Report, answers: &[Answer], (foreign, used): (f64, Option<f64>)) {
    let at = |share: u32| percentile(answers, share);
    let failed = answers.iter().filter(|one| one.status != 200).count();
    let count = u32::try_from(answers.len()).map_or(f64::MAX, f64::from);
    let header = [
        "requests",
        "failed",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "server CPU us each",
    ];
    let mut lines = table(&header, 0);
    lines.add_row([
        answers.len().to_string(),
        failed.to_string(),
        figure(at(50_000)),
        figure(at(99_000)),
        figure(at(99_900)),
        used.map_or_else(String::new, |used| figure(used * 1e6 / count)),
    ]);
    let quiet = foreign <= QUIET;
    let title = format!(
        "/get-ppe-anonymous at {RATE} a second, open loop, latency from the due time; {}",
        if quiet {
            "the machine was otherwise idle".to_owned()
        } else {
            format!(
                "others took {} % of the machine: the tail is theirs",
                figure(foreign * 100.0)
            )
        }
    );
    report.section(&title, &lines.to_string());
    let what = "whole request at 1,000/s, p99 ms";
    let mut goal = Goal::at_most(what, 2.0, None, at(99_000));
    if !quiet {
        goal.measured = None;
    }
    report.goals.push(goal);
}

fn start_and_memory(report: &mut Report, start_ms: f64, memory: Option<f64>) {
    let memory = memory.unwrap_or(f64::NAN);
    let body = format!(
        "{} ms from the start of the process to the first 200 (the demo catalogue is in the database); \
         {} MiB resident then",
        figure(start_ms),
        figure(memory)
    );
    report.section("Start", &body);
    report.goals.push(Goal::at_most(
        "start to first 200, ms",
        20.0,
        Some(8.0),
        start_ms,
    ));
    report
        .goals
        .push(Goal::at_most("resident memory, MiB", 40.0, None, memory));
}

/// The bytes of a search, with a token of its own.
fn search(server: &Server, folder: &Path) -> Result<Vec<u8>, String> {
    let demo = served::credentials(folder)?;
    let mut body = json!({ "format": "json", "apiID": demo["apiID"], "apiKey": demo["apiKey"] });
    let asked = load::post("/api/lender/access-token", &body.to_string());
    let answer = load::ask(server.address(), &asked)?;
    let answer: Value =
        serde_json::from_slice(&answer.body).map_err(|e| format!("a token: {e}"))?;
    body["accessToken"] = answer["accessToken"].clone();
    body["data"] = json!({
        "loanPurpose": ["Purchase"], "zipcode": ["92649"], "lockPeriod": "30",
        "homePrice": "500000", "downPayment": "100000", "fico": "750",
        "propertyType": "SingleFamily", "occupancyType": "PrimaryResidence",
        "filterARMs": 1, "filterConventional": 1, "filterFHA": 1, "filterVA": 0,
        "filterHomeReady": 0, "filterUSDA": 0, "filter40Year": 0, "filter30Year": 1,
        "filter25Year": 0, "filter20Year": 1, "filter15Year": 1, "filter10Year": 1,
        "filter10YearARM": 1, "filter7YearARM": 1, "filter5YearARM": 1, "filter3YearARM": 0,
        "filter2YearARM": 0, "filter1YearARM": 0, "filterLess1YearARM": 0,
        "filterPoints": { "low": "-1", "high": "1" },
    });
    Ok(load::post(
        "/api/lender/get-ppe-anonymous",
        &body.to_string(),
    ))
}
