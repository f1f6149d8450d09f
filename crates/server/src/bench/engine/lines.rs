//! `lintel calc` itself: lines a second on one core, and the memory it takes.
//!
//! The program starts itself and reads the kernel's account of the child: CPU time and the largest
//! resident memory. Elsewhere than on Linux there is no such account, and nothing is measured.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::super::random::Seeded;
use super::super::{figure, grouped, progress, table};
use super::{Goal, Report};

/// Different lines; they are repeated until there are enough.
const DIFFERENT: u64 = 50_000;
/// Requests that are long or have long answers.
const LONG_LINES: u64 = 30;
/// Streams in a line of a mebibyte.
const LONG_STREAMS: u32 = 22_500;
/// A request whose answer has the most instalments a request may have.
const LONG_SCHEDULE: &str = "{\"kind\":\"schedule\",\"inputs\":{\"principal\":\"100000000000.00\",\
                             \"rate_percent\":\"5\",\"months\":100000}}\n";
/// Kernel ticks of a second in `/proc/self/stat`: fixed by the interface to programs.
const TICKS: f64 = 100.0;

/// What one run of the child took.
struct Run {
    seconds: f64,
    peak_kib: f64,
}

pub(super) fn measure(report: &mut Report, lines: u64) -> Result<(), String> {
    if children_seconds().is_none() {
        report.absent.push("lintel calc (no /proc here)".to_owned());
        return Ok(());
    }
    let usual = requests(DIFFERENT.min(lines));
    let repeats = lines.div_ceil(DIFFERENT);
    let long = long_requests();
    let mut shown = table(&["", "lines", "us a line", "lines/s/core", "peak MiB"], 1);
    let mut row = |name: &str, lines: u64, run: &Run| {
        let rate = as_f64(lines) / run.seconds;
        shown.add_row([
            name.to_owned(),
            grouped(&lines.to_string()),
            figure(1e6 / rate),
            figure(rate),
            figure(run.peak_kib / 1024.0),
        ]);
        rate
    };
    let count = DIFFERENT.min(lines) * repeats;
    let piped = run_calc(None, &usual, repeats, count)?;
    let rate = row("us_apr of 1 to 3 streams, through a pipe", count, &piped);
    let file = std::env::temp_dir().join(format!("lintel-bench-{}.jsonl", std::process::id()));
    let read = run_from_file(&file, &usual, repeats, count);
    // Best effort: a file left in the temporary folder is nobody's loss.
    let _ = std::fs::remove_file(&file);
    let read = read?;
    let from_file = row("us_apr of 1 to 3 streams, --input FILE", count, &read);
    let wide = run_calc(None, &long, LONG_LINES, LONG_LINES)?;
    row(
        "us_apr of 22,500 streams, a mebibyte a line",
        LONG_LINES,
        &wide,
    );
    let tall = run_calc(None, LONG_SCHEDULE.as_bytes(), LONG_LINES, LONG_LINES)?;
    row("schedule of 100,000 instalments", LONG_LINES, &tall);
    report.section(
        "lintel calc: CPU time of the whole process, reading and writing included",
        &shown.to_string(),
    );
    let runs = [piped, read, wide, tall];
    let peak = runs.iter().map(|run| run.peak_kib).fold(0.0, f64::max) / 1024.0;
    report.goals.push(Goal::at_least(
        "lintel calc, us_apr lines a second",
        150_000.0,
        None,
        Some(rate.min(from_file)),
    ));
    report
        .goals
        .push(Goal::at_most("lintel calc, peak MiB", 64.0, None, peak));
    Ok(())
}

/// Requests as harnesses write them: one to three streams, with and without odd days.
fn requests(count: u64) -> Vec<u8> {
    let mut numbers = Seeded::new(20_261_122);
    let mut text = Vec::new();
    for number in 0..count {
        let amount = numbers.between(50_000, 600_000);
        let factor = numbers.between(580, 760);
        let payment = |percent: i64| {
            let cents = amount * factor * percent / 100_000;
            format!("{}.{:02}", cents / 100, cents % 100)
        };
        let odd = numbers.below(30);
        let streams = match numbers.below(3) {
            0 => stream(1, 0, 360, &payment(100)),
            1 => [
                stream(1, odd, 101, &payment(112)),
                stream(102, odd, 259, &payment(100)),
            ]
            .join(","),
            _ => [
                stream(1, 0, 12, &payment(80)),
                stream(13, 0, 12, &payment(90)),
                stream(25, 0, 336, &payment(100)),
            ]
            .join(","),
        };
        text.extend_from_slice(request(number, amount, &streams).as_bytes());
    }
    text
}

fn request(number: u64, amount: i64, streams: &str) -> String {
    format!(
        "{{\"id\":\"q{number}\",\"kind\":\"us_apr\",\"inputs\":{{\"unit_period\":\"1 month\",\
         \"unit_periods_per_year\":\"12\",\"amount_financed\":\"{amount}\",\"streams\":[{streams}]}}}}\n"
    )
}

fn stream(whole: u32, odd: u64, count: u32, amount: &str) -> String {
    format!("{{\"t\":{whole},\"f\":\"{odd}/30\",\"count\":{count},\"amount\":\"{amount}\"}}")
}

/// One request of almost a mebibyte.
fn long_requests() -> Vec<u8> {
    let streams: Vec<String> = (1..=LONG_STREAMS).map(|t| stream(t, 0, 1, "1")).collect();
    let mut line = request(1, 20_000, &streams.join(","));
    // The streams alone leave a little room: blanks are read as well.
    let room = (1 << 20) - line.len().min(1 << 20);
    line.insert_str(0, &" ".repeat(room));
    line.into_bytes()
}

fn run_from_file(file: &Path, block: &[u8], repeats: u64, count: u64) -> Result<Run, String> {
    let write = || -> std::io::Result<()> {
        let mut out = std::fs::File::create(file)?;
        (0..repeats).try_for_each(|_| out.write_all(block))
    };
    write().map_err(|e| format!("{}: {e}", file.display()))?;
    run_calc(Some(file), &[], 0, count)
}

/// Starts `lintel calc`, gives it the block so many times, and reads every answer.
fn run_calc(file: Option<&Path>, block: &[u8], repeats: u64, count: u64) -> Result<Run, String> {
    let before = children_seconds().unwrap_or_default();
    let mut command = Command::new(program()?);
    command
        .arg("calc")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if let Some(file) = file {
        command.arg("--input").arg(file);
    }
    let mut child = command.spawn().map_err(|e| format!("lintel calc: {e}"))?;
    let input = child.stdin.take();
    let (answers, peak_kib) = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A child that went away shows in the number of its answers.
            if let Some(mut input) = input {
                let _ = (0..repeats).try_for_each(|_| input.write_all(block));
            }
        });
        read_answers(&mut child, count)
    });
    let status = child.wait().map_err(|e| format!("lintel calc: {e}"))?;
    if !status.success() || answers != count {
        return Err(format!(
            "lintel calc ended with {status} after {answers} of {count} answers"
        ));
    }
    let seconds = children_seconds().unwrap_or_default() - before;
    Ok(Run { seconds, peak_kib })
}

/// Counts answers and looks at the child's memory now and then, last when almost all are there.
fn read_answers(child: &mut Child, count: u64) -> (u64, f64) {
    let bar = progress(count, "lintel calc");
    let (mut answers, mut peak) = (0_u64, 0.0_f64);
    let step = (count / 100).max(1);
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::with_capacity(1 << 16, output);
        while output.skip_until(b'\n').is_ok_and(|bytes| bytes > 0) {
            answers += 1;
            if answers.is_multiple_of(step) {
                bar.set_position(answers);
                peak = peak.max(peak_kib(child.id()).unwrap_or_default());
            }
        }
    }
    bar.finish_and_clear();
    (answers, peak)
}

fn program() -> Result<PathBuf, String> {
    std::env::current_exe().map_err(|e| format!("this program's own file: {e}"))
}

/// Largest resident memory of a running process so far.
fn peak_kib(process: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// CPU time of the children that have ended, in user and in kernel mode.
fn children_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in brackets; fields 16 and 17 are what is wanted.
    let (_, fields) = text.rsplit_once(')')?;
    let mut ticks = fields.split_whitespace().skip(13).take(2);
    let user: f64 = ticks.next()?.parse().ok()?;
    let system: f64 = ticks.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}

fn as_f64(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lintel_rule_book::RuleBook;

    #[test]
    fn every_invented_request_has_an_answer() {
        let rules = RuleBook::embedded().unwrap();
        let mut input = requests(300);
        let long = long_requests();
        assert!(long.len() <= (1 << 20) + 1 && long.len() > 1_000_000);
        input.extend(long);
        input.extend(LONG_SCHEDULE.as_bytes());
        let mut output = Vec::new();
        let good = lintel_calc::run(BufReader::new(input.as_slice()), &mut output, &rules);
        assert!(good.unwrap());
        assert_eq!(output.iter().filter(|byte| **byte == b'\n').count(), 302);
    }
}
