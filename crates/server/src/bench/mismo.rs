//! `lintel bench mismo`: a loan application from bytes to the typed loan and back, beside lxml, which
//! only parses, on the same documents in the same run.

mod document;
mod rival;

use std::hint::black_box;
use std::path::PathBuf;

use clap::Args;
use lintel_mismo::{Import, Limits, WriteFacts, read, validate, write};

use super::cpu::{self, Clock, ROUNDS};
use super::goals::{self, Goal};
use super::{figure, grouped, table};
use rival::Line;

/// Bytes of the document the goals are about.
const GOAL_BYTES: usize = 207_000;

/// Options of `lintel bench mismo`.
#[derive(Debug, Clone, Args)]
pub struct MismoBenchArgs {
    /// Bytes of the large document.
    #[arg(long, default_value_t = 250_000, value_parser = clap::value_parser!(u64).range(60_000..=4_000_000))]
    pub bytes: u64,
    /// Install lxml when it is missing. Without this flag it is measured only where python3 or the
    /// virtual environment has it already.
    #[arg(long, conflicts_with = "no_rivals")]
    pub rivals: bool,
    /// Leave lxml out.
    #[arg(long)]
    pub no_rivals: bool,
    /// Folder of the rivals' virtual environment.
    #[arg(long, value_name = "FOLDER", default_value = "target/bench-venv")]
    pub venv: PathBuf,
}

/// What one document took, in nanoseconds.
struct Measured {
    bytes: usize,
    read_ns: f64,
    write_ns: f64,
    written_bytes: usize,
    /// Assets, liabilities, parties, employers, as lxml counts them.
    counts: [usize; 4],
}

/// Measures and returns the tables.
///
/// # Errors
/// A sentence for the terminal.
pub fn run(args: &MismoBenchArgs) -> Result<String, String> {
    let clock = Clock::new();
    let others = cpu::others_share();
    let large = usize::try_from(args.bytes).map_err(|_| "too many bytes".to_owned())?;
    let documents = [document::of_size(GOAL_BYTES), document::of_size(large)];
    let rivals = match args.no_rivals {
        true => Err("left out, as --no-rivals says".to_owned()),
        false => rival::measure(&args.venv, args.rivals, &documents),
    };
    let measured = documents
        .iter()
        .map(|text| measure(&clock, text))
        .collect::<Result<Vec<_>, _>>()?;
    let lines: Vec<Line> = match &rivals {
        Ok(lines) => lines.clone(),
        Err(_) => Vec::new(),
    };
    let mut text = format!(
        "Documents made from a fixture; {}, medians of {ROUNDS} rounds; other programs took {} % of the \
         machine\n",
        clock.kind().describe(),
        figure(others() * 100.0),
    );
    text.push_str(&render(&measured, &lines));
    text.push_str("\nGoals\n");
    text.push_str(&goals::render(&goals(&measured, &lines)));
    text.push('\n');
    for (one, line) in measured.iter().zip(&lines) {
        let agree = one.counts == line.counts;
        let verdict = if agree { "agree" } else { "DISAGREE" };
        text.push_str(&format!(
            "{} bytes: Lintel and lxml {verdict} on {} assets, {} debts, {} parties, {} employers\n",
            grouped(&one.bytes.to_string()),
            one.counts[0],
            one.counts[1],
            one.counts[2],
            one.counts[3],
        ));
    }
    if let Err(missing) = rivals {
        text.push_str(&format!("lxml: {missing}\n"));
    }
    Ok(text)
}

fn facts() -> WriteFacts<'static> {
    WriteFacts {
        created: "2026-01-01T00:00:00Z",
        system_name: "Lintel",
        system_vendor_id: None,
        system_version: Some(env!("CARGO_PKG_VERSION")),
    }
}

fn measure(clock: &Clock, text: &str) -> Result<Measured, String> {
    let limits = Limits::default();
    let import = import(text, &limits)?;
    let written = write(&import.application, &import.carried, &facts());
    let again = self::import(&written.xml, &limits)?;
    if again.application.assets != import.application.assets {
        return Err("what was written is not read back the same".to_owned());
    }
    let counts = validate(text.as_bytes(), &limits)
        .counts
        .unwrap_or_default();
    Ok(Measured {
        bytes: text.len(),
        read_ns: time(clock, || {
            black_box(read(black_box(text.as_bytes()), &limits)).is_ok()
        })?,
        write_ns: time(clock, || {
            let written = write(black_box(&import.application), &import.carried, &facts());
            !black_box(written).xml.is_empty()
        })?,
        written_bytes: written.xml.len(),
        counts: [
            counts.assets + counts.owned_properties,
            counts.liabilities,
            counts.parties,
            counts.employments,
        ],
    })
}

fn import(text: &str, limits: &Limits) -> Result<Import, String> {
    read(text.as_bytes(), limits).map_err(|refused| refused.to_string())
}

/// Nanoseconds of one call that ends well.
fn time(clock: &Clock, mut work: impl FnMut() -> bool) -> Result<f64, String> {
    let seconds = clock.of_one(|| {
        work()
            .then_some(())
            .ok_or("a document that was read before is refused")
    })?;
    Ok(seconds * 1e9)
}

fn render(measured: &[Measured], lines: &[Line]) -> String {
    let header = [
        "",
        "bytes",
        "CPU us",
        "documents a second",
        "x Lintel's import",
    ];
    let mut shown = table(&header, 1);
    for (at, one) in measured.iter().enumerate() {
        let mut row = |what: &str, bytes: usize, ns: f64| {
            shown.add_row([
                what.to_owned(),
                grouped(&bytes.to_string()),
                figure(ns / 1e3),
                figure(1e9 / ns),
                figure(ns / one.read_ns),
            ]);
        };
        row("Lintel: import, checked and typed", one.bytes, one.read_ns);
        row("Lintel: write", one.written_bytes, one.write_ns);
        if let Some(line) = lines.get(at) {
            let name = |what| format!("lxml {}: {what}", line.version);
            row(&name("parse"), line.bytes, line.parse_ns);
            row(&name("parse, gather the texts"), line.bytes, line.walk_ns);
        }
    }
    shown.to_string()
}

fn goals(measured: &[Measured], lines: &[Line]) -> Vec<Goal> {
    let Some(first) = measured.first() else {
        return Vec::new();
    };
    let ratio = lines.first().map(|line| line.parse_ns / first.read_ns);
    vec![
        Goal::at_most(
            "import of a 207 KB document, CPU us",
            900.0,
            Some(550.0),
            first.read_ns / 1e3,
        ),
        Goal::at_least("import against lxml parsing alone", 1.7, Some(2.9), ratio),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_and_written() {
        let text = document::of_size(60_000);
        let one = measure(&Clock::new(), &text).unwrap();
        assert!(one.read_ns > 0.0 && one.write_ns > 0.0 && one.written_bytes > 50_000);
        let shown = render(std::slice::from_ref(&one), &[]);
        assert!(shown.contains("import") && shown.contains("write"));
        assert_eq!(goals(&[one], &[]).len(), 2);
    }
}
