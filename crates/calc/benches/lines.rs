//! `cargo bench -p lintel-calc`: lines a second of `us_apr` on one core, without the whole program.

use std::error::Error;
use std::io::{BufReader, BufWriter, Write as _};
use std::time::Instant;

use lintel_calc as calc;
use lintel_rule_book::RuleBook;

/// Lines of one pass.
const LINES: u32 = 200_000;
/// Passes; the middle one is shown.
const PASSES: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let rules = RuleBook::embedded()?;
    let loaded = start.elapsed();
    let input = requests();
    let mut spans = Vec::with_capacity(PASSES);
    for _ in 0..PASSES {
        spans.push(pass(&input, &rules)?);
    }
    spans.sort_by(f64::total_cmp);
    let span = spans.get(PASSES / 2).copied().unwrap_or_default();
    let lines = f64::from(LINES);
    writeln!(
        std::io::stdout().lock(),
        "us_apr: {:.0} lines a second, {:.2} us a line of CPU time; rule book read in {:.2} ms of wall time",
        lines / span,
        span / lines * 1e6,
        loaded.as_secs_f64() * 1e3,
    )?;
    Ok(())
}

fn pass(input: &str, rules: &RuleBook) -> Result<f64, Box<dyn Error>> {
    let start = cpu_seconds()?;
    let input = BufReader::with_capacity(64 * 1024, input.as_bytes());
    let output = BufWriter::with_capacity(64 * 1024, std::io::sink());
    if !calc::run(input, output, rules)? {
        return Err("a line has no answer".into());
    }
    Ok(cpu_seconds()? - start)
}

/// Nanoseconds on a processor, the first figure of Linux's account of a thread, in seconds.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let figure = text.split_whitespace().next().ok_or("an empty account")?;
    Ok(figure.parse::<f64>()? / 1e9)
}

/// Requests of one to three streams, with and without odd days, text and numbers mixed.
fn requests() -> String {
    let mut text = String::new();
    for number in 0..LINES {
        let amount = 100_000 + number % 7_001 * 50;
        let payment = f64::from(amount) * (0.0060 + f64::from(number % 13) * 1e-4);
        let (odd, count) = (number % 30, 120 + number % 3 * 120);
        let streams = match number % 3 {
            0 => format!(r#"{{"t":1,"f":"0","count":{count},"amount":"{payment:.2}"}}"#),
            1 => format!(
                r#"{{"t":1,"f":"{odd}/30","count":100,"amount":"{:.2}"}},{{"t":101,"f":"{odd}/30","count":260,"amount":"{payment:.2}"}}"#,
                payment + 81.25
            ),
            _ => format!(
                r#"{{"t":1,"f":"0","count":12,"amount":"{:.2}"}},{{"t":13,"f":"0","count":12,"amount":"{:.2}"}},{{"t":25,"f":"0","count":336,"amount":"{payment:.2}"}}"#,
                payment * 0.85,
                payment * 0.92
            ),
        };
        text.push_str(&format!(
            r#"{{"id":"q{number}","kind":"us_apr","inputs":{{"unit_period":"1 month","unit_periods_per_year":"12","amount_financed":"{amount}","streams":[{streams}]}}}}"#
        ));
        text.push('\n');
    }
    text
}
