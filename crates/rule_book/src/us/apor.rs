//! `us/apor_fixed.toml` and `us/apor_adjustable.toml`: average prime offer rates, a line a week.
//!
//! A line is the Monday and the rates of 1 to 50 years; `3.62*10` stands for ten terms in a row at
//! 3.62, and `-` for a term without a figure.

use lintel_engine::date::Date;
use lintel_engine::rate::Pct;
use lintel_engine::us::apor::{AporTable, AporWeek};
use serde::Deserialize;

use crate::load::{date, pct};

/// Terms of a line, in years.
pub(crate) const TERMS: usize = 50;
/// Highest rate believed: anything above it is a misplaced decimal point.
const HIGHEST: Pct = Pct::new(30 * Pct::SCALE);

/// What an edition holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rows {
    weeks: String,
}

/// The weeks of an edition: one after the other, none missing.
pub(crate) fn read(rows: Rows) -> Result<AporTable, String> {
    let mut weeks: Vec<AporWeek> = Vec::new();
    for line in rows.weeks.lines().filter(|line| !line.trim().is_empty()) {
        weeks.push(read_week(line)?);
    }
    if weeks.is_empty() {
        return Err("weeks: there are none".to_owned());
    }
    check_order(&weeks)?;
    AporTable::try_new(weeks).map_err(|error| error.to_string())
}

/// Weeks must begin seven days apart: a gap would be answered with the week before it.
fn check_order(weeks: &[AporWeek]) -> Result<(), String> {
    for pair in weeks.windows(2) {
        if let [before, after] = pair
            && before.from.days_until(after.from) != 7
        {
            return Err(format!(
                "week {}: must begin seven days after the one before it, {}",
                after.from, before.from
            ));
        }
    }
    Ok(())
}

fn read_week(line: &str) -> Result<AporWeek, String> {
    let mut words = line.split_ascii_whitespace();
    let from = date(words.next().unwrap_or_default())?;
    let named = |what: String| format!("week {from}: {what}");
    check_monday(from).map_err(named)?;
    let mut rates = Vec::new();
    for word in words {
        let (rate, times) = match word.split_once('*') {
            Some((rate, times)) => (rate, times.parse::<usize>().ok()),
            None => (word, Some(1)),
        };
        let times = times.filter(|times| (1..=TERMS - rates.len()).contains(times));
        let times = times.ok_or_else(|| named(format!("has more than {TERMS} terms at {word}")))?;
        let rate = match rate {
            "-" => None,
            text => Some(pct(text).and_then(check_rate).map_err(named)?),
        };
        rates.extend(std::iter::repeat_n(rate, times));
    }
    if rates.iter().all(Option::is_none) {
        return Err(named("has no figure".to_owned()));
    }
    Ok(AporWeek { from, rates })
}

/// The tables are in force from Mondays.
pub(crate) fn check_monday(day: Date) -> Result<(), String> {
    // The first day of the calendar, 1 January 1900, was a Monday.
    if Date::FIRST.days_until(day) % 7 == 0 {
        Ok(())
    } else {
        Err(format!("{day} is not a Monday"))
    }
}

/// A rate that can be one.
pub(crate) fn check_rate(rate: Pct) -> Result<Pct, String> {
    if rate > Pct::ZERO && rate <= HIGHEST {
        Ok(rate)
    } else {
        Err(format!("{rate} is not between 0 and 30 percent"))
    }
}

/// The text that [`read`] reads.
pub(crate) fn render(weeks: &[AporWeek], rate_text: impl Fn(Pct) -> String) -> String {
    let mut text = String::new();
    for week in weeks {
        text.push_str(&week.from.to_string());
        for run in week.rates.chunk_by(|one, next| one == next) {
            text.push(' ');
            let rate = run.first().copied().flatten();
            text.push_str(&rate.map_or_else(|| "-".to_owned(), &rate_text));
            if run.len() > 1 {
                text.push_str(&format!("*{}", run.len()));
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(weeks: &str) -> Result<AporTable, String> {
        read(Rows {
            weeks: weeks.to_owned(),
        })
    }

    #[test]
    fn runs_are_unfolded_and_folded_again() {
        let text = "2026-01-05 1.11 2.22*2 -*3 4.5\n2026-01-12 1.5*50\n";
        let table = read_text(text).unwrap();
        let week = &table.weeks()[0];
        assert_eq!(week.rates.len(), 7);
        assert_eq!(week.rates[2], Some(Pct::new(2_220_000_000)));
        assert_eq!(week.rates[5], None);
        let back = render(table.weeks(), crate::import::rate_text);
        assert_eq!(back, text);
    }

    #[test]
    fn weeks_out_of_step_and_odd_figures_are_refused() {
        for (text, named) in [
            ("", "none"),
            ("2026-01-06 1.1", "Monday"),
            ("2026-01-05 1.1\n2026-01-19 1.1", "seven days"),
            ("2026-01-12 1.1\n2026-01-05 1.1", "seven days"),
            ("2026-01-05 1.1*51", "50 terms"),
            ("2026-01-05 1.1*50 1", "50 terms"),
            ("2026-01-05 1.1*0", "50 terms"),
            ("2026-01-05 1.1*x", "50 terms"),
            ("2026-01-05 -", "no figure"),
            ("2026-01-05 655", "between"),
            ("2026-01-05 0", "between"),
            ("2026-01-05 one", "one"),
            ("today 1", "today"),
        ] {
            let found = read_text(text).unwrap_err();
            assert!(found.contains(named), "{text}: {found}");
        }
    }
}
