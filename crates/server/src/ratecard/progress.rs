//! How far a card is: a bar where there is a terminal, a line now and then where there is none.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Time between two lines.
const EVERY: Duration = Duration::from_secs(5);

/// How far a card is.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
    counted: Mutex<Counted>,
    all: u64,
}

#[derive(Clone, Copy)]
struct Counted {
    /// Rows made now, and found made.
    made: u64,
    found: u64,
    parts: u64,
    said: Instant,
}

impl Progress {
    /// `all` rows are to be priced.
    pub(super) fn new(all: u64) -> Self {
        let started = Instant::now();
        let bar = std::io::stderr().is_terminal().then(|| bar(all));
        let counted = Counted {
            made: 0,
            found: 0,
            parts: 0,
            said: started,
        };
        Self {
            bar,
            started,
            counted: Mutex::new(counted),
            all,
        }
    }

    /// A part was priced and written.
    pub(super) fn made(&self, rows: u64) {
        self.count(rows, true);
    }

    /// A part was there already.
    pub(super) fn found(&self, rows: u64) {
        self.count(rows, false);
    }

    fn count(&self, rows: u64, is_new: bool) {
        let Ok(mut counted) = self.counted.lock() else {
            return;
        };
        counted.parts += 1;
        if is_new {
            counted.made += rows;
        } else {
            counted.found += rows;
        }
        match &self.bar {
            Some(bar) if is_new => bar.inc(rows),
            // What was there must not make this run look fast.
            Some(bar) => bar.set_length(self.all.saturating_sub(counted.found)),
            None if counted.said.elapsed() >= EVERY => {
                counted.said = Instant::now();
                // Nobody may be left to read it; the card is made all the same.
                let _ = writeln!(std::io::stderr(), "{}", self.line(*counted));
            }
            None => {}
        }
    }

    fn line(&self, counted: Counted) -> String {
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = whole(counted.made) / seconds.max(0.001);
        let left = self
            .all
            .saturating_sub(counted.made)
            .saturating_sub(counted.found);
        let time = if rate > 0.0 {
            format!("{:.0} s left", whole(left) / rate)
        } else {
            "no telling how long".to_owned()
        };
        format!(
            "{} parts, {:.2} of {:.2} million rows, {:.2} million a second, {time}",
            counted.parts,
            whole(counted.made.saturating_add(counted.found)) / 1e6,
            whole(self.all) / 1e6,
            rate / 1e6,
        )
    }

    /// Ends the bar; says how many rows were made now, and in what time.
    pub(super) fn end(&self) -> (u64, Duration) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let made = self.counted.lock().map_or(0, |counted| counted.made);
        (made, self.started.elapsed())
    }
}

/// For people: beyond 2^53 rows a rounded count is exact enough.
fn whole(number: u64) -> f64 {
    number as f64
}

fn bar(all: u64) -> ProgressBar {
    let bar = ProgressBar::new(all).with_message("rate card");
    let style = "{msg} {wide_bar} {human_pos}/{human_len} rows, {per_sec}, {eta} left";
    match ProgressStyle::with_template(style) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is() {
        let progress = Progress::new(4_000_000);
        progress.found(1_000_000);
        progress.made(1_000_000);
        let counted = *progress.counted.lock().unwrap();
        let line = progress.line(counted);
        assert!(
            line.starts_with("2 parts, 2.00 of 4.00 million rows"),
            "{line}"
        );
        assert_eq!(progress.end().0, 1_000_000);
        assert_eq!(whole(44_280_000), 44_280_000.0);
    }
}
