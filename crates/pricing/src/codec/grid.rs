//! Grids as lines of comma-separated values, the way agencies print them:
//!
//! ```text
//! score/ltv, 60,    75,  80,   above
//! 740,       0, 0.125, 0.5,    0.25
//! 620,       0,  0.25,   1,     0.5
//! below,     -,     -,   -,       -
//! ```
//!
//! Scores are the lower ends of their rows and everything else the upper end; `below` and `above`
//! are for what is beyond. A dash is not offered.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::catalogue::{Axis, AxisOf, Grid};

use super::conditions::{MAX_SCORE, MAX_TERM_MONTHS};
use super::csv::{self, Record};
use super::finding::{Finding, Log, Spot, echo};
use super::number::Unit;
use super::word::{PointUnit, Word, hint};

/// Most bands of an axis.
const MAX_BANDS: usize = 200;
/// Furthest a cell may move a price, in points.
pub(super) const MAX_POINTS: i64 = 100;
/// The heading of a single column.
const SINGLE: &str = "points";
/// The cell of a combination that is not offered.
const NOT_OFFERED: &str = "-";

/// Reads a single grid from CSV: the lines that stand in a catalogue between `"""`, with cells that
/// are added to the price.
///
/// # Errors
/// Everything that is wrong with it, at most [`super::MAX_FINDINGS`].
pub fn grid_from_csv(text: &str) -> Result<Grid, Vec<Finding>> {
    let log = Log::new("grid");
    let grid = read_grid(text, PointUnit::Price, &|what| {
        log.error(Spot::default(), "", what);
    });
    match grid {
        Some(grid) if log.is_clean() => Ok(grid),
        Some(_) | None => Err(log.finish()),
    }
}

/// A grid as CSV text, cells as they are added to the price.
#[must_use]
pub fn grid_to_csv(grid: &Grid) -> String {
    let mut text = String::new();
    let rows = labels(&grid.rows);
    let across = grid.columns.as_ref().map(labels);
    let mut head = vec![heading(grid)];
    head.extend(across.unwrap_or_else(|| vec![SINGLE.to_owned()]));
    csv::write(&mut text, head.iter().map(String::as_str));
    let width = head.len().saturating_sub(1).max(1);
    let cell = |cell: &Option<Pct>| cell.map_or_else(|| NOT_OFFERED.to_owned(), |p| p.to_string());
    let mut lines: Vec<Vec<String>> = rows
        .into_iter()
        .zip(grid.cells.chunks(width))
        .map(|(label, cells)| {
            std::iter::once(label)
                .chain(cells.iter().map(cell))
                .collect()
        })
        .collect();
    // The best scores first, as they are printed.
    if grid.rows.of == AxisOf::Score {
        lines.reverse();
    }
    for line in &lines {
        csv::write(&mut text, line.iter().map(String::as_str));
    }
    text
}

fn heading(grid: &Grid) -> String {
    let rows = grid.rows.of.spelling();
    match &grid.columns {
        Some(columns) => format!("{rows}/{}", columns.of.spelling()),
        None => rows.to_owned(),
    }
}

/// The word for the band without an end.
const fn open_word(of: AxisOf) -> &'static str {
    match of {
        AxisOf::Score => "below",
        AxisOf::Ltv
        | AxisOf::Cltv
        | AxisOf::Hcltv
        | AxisOf::LoanAmount
        | AxisOf::LockDays
        | AxisOf::TermMonths => "above",
    }
}

/// The labels of an axis in the order of its bands.
fn labels(axis: &Axis) -> Vec<String> {
    let mut labels: Vec<String> = axis.edges.iter().map(|edge| show(axis.of, *edge)).collect();
    let open = open_word(axis.of).to_owned();
    match axis.of {
        AxisOf::Score => labels.insert(0, open),
        AxisOf::Ltv
        | AxisOf::Cltv
        | AxisOf::Hcltv
        | AxisOf::LoanAmount
        | AxisOf::LockDays
        | AxisOf::TermMonths => labels.push(open),
    }
    labels
}

/// An edge as people write it.
pub(crate) fn show(of: AxisOf, edge: i64) -> String {
    match of {
        AxisOf::Ltv | AxisOf::Cltv | AxisOf::Hcltv => Pct::new(edge).to_string(),
        AxisOf::LoanAmount => Cents::new(edge).to_string(),
        AxisOf::Score | AxisOf::LockDays | AxisOf::TermMonths => edge.to_string(),
    }
}

const fn unit(of: AxisOf) -> Unit {
    match of {
        AxisOf::Ltv | AxisOf::Cltv | AxisOf::Hcltv => Unit::percent(1_000),
        AxisOf::LoanAmount => Unit::DOLLARS,
        AxisOf::Score => Unit::Count(0, MAX_SCORE),
        AxisOf::LockDays => Unit::Count(0, crate::catalogue::sheet::MAX_LOCK_DAYS),
        AxisOf::TermMonths => Unit::Count(0, MAX_TERM_MONTHS),
    }
}

/// Reads a grid; faults go to `fault`, and with any of them the grid is not to be used.
pub(super) fn read_grid(text: &str, sign: PointUnit, fault: &dyn Fn(String)) -> Option<Grid> {
    let records = match csv::read(text, MAX_BANDS.saturating_add(1)) {
        Ok(records) => records,
        Err((line, what)) => {
            fault(format!("line {line} of the grid: {what}"));
            return None;
        }
    };
    let Some((head, lines)) = records.split_first() else {
        fault("has no lines".to_owned());
        return None;
    };
    let (rows_of, columns_of) = read_heading(head, fault)?;
    let across = head.cells.get(1..).unwrap_or_default();
    let columns = match columns_of {
        Some(of) => Some(read_axis(of, across, fault)?),
        None if matches!(across, [word] if word.eq_ignore_ascii_case(SINGLE)) => None,
        None => {
            let of = rows_of.spelling();
            fault(format!(
                "a grid over {of} alone has the heading \"{of},{SINGLE}\"; one over two begins \
                 with both, as in \"score/ltv\""
            ));
            return None;
        }
    };
    let down: Vec<String> = lines
        .iter()
        .map(|line| line.cells.first().cloned().unwrap_or_default())
        .collect();
    let (rows, falls) = read_axis(rows_of, &down, fault)?;
    let columns_fall = columns.as_ref().is_some_and(|(_, falls)| *falls);
    let mut cells: Vec<Vec<Option<Pct>>> = lines
        .iter()
        .map(|line| read_line(line, across.len(), (sign, columns_fall), fault))
        .collect();
    if falls {
        cells.reverse();
    }
    Some(Grid {
        rows,
        columns: columns.map(|(axis, _)| axis),
        cells: cells.into_iter().flatten().collect(),
    })
}

fn read_heading(head: &Record, fault: &dyn Fn(String)) -> Option<(AxisOf, Option<AxisOf>)> {
    let text = head.cells.first().map_or("", String::as_str);
    let (rows, columns) = match text.split_once('/') {
        Some((rows, columns)) => (rows, Some(columns)),
        None => (text, None),
    };
    let axis = |text: &str| {
        let of = AxisOf::read(text.trim());
        if of.is_none() {
            let known: Vec<&str> = AxisOf::WORDS.iter().map(|of| of.spelling()).collect();
            let hint = hint(text.trim(), known.iter().copied());
            let known = known.join(", ");
            let text = echo(text);
            fault(format!("the heading's {text} is not one of {known}{hint}"));
        }
        of
    };
    let (rows, columns) = (axis(rows), columns.map(axis));
    let columns = match columns {
        Some(of) => Some(of?),
        None => None,
    };
    let rows = rows?;
    if columns == Some(rows) {
        fault("both axes are the same".to_owned());
        return None;
    }
    Some((rows, columns))
}

/// An axis by its labels, and whether they fall.
fn read_axis(of: AxisOf, labels: &[String], fault: &dyn Fn(String)) -> Option<(Axis, bool)> {
    let (name, open) = (of.spelling(), open_word(of));
    if labels.len() > MAX_BANDS {
        fault(format!("more than {MAX_BANDS} bands of {name}"));
        return None;
    }
    // The open band sorts before all others, or after them.
    let open_key = if of == AxisOf::Score {
        i64::MIN
    } else {
        i64::MAX
    };
    let mut keys = Vec::with_capacity(labels.len());
    for label in labels {
        if label.eq_ignore_ascii_case(open) {
            keys.push(open_key);
            continue;
        }
        let number = match of {
            AxisOf::Score => label.trim_start_matches(">=").trim_end_matches('+'),
            AxisOf::Ltv
            | AxisOf::Cltv
            | AxisOf::Hcltv
            | AxisOf::LoanAmount
            | AxisOf::LockDays
            | AxisOf::TermMonths => label.trim_start_matches("<="),
        };
        match unit(of).read(number) {
            Ok(key) => keys.push(key),
            Err(what) => fault(format!("a label of {name}: {what}")),
        }
    }
    if keys.len() != labels.len() {
        return None;
    }
    let rises = keys.windows(2).all(|pair| pair[0] < pair[1]);
    let falls = keys.windows(2).all(|pair| pair[0] > pair[1]);
    if !rises && !falls {
        fault(format!(
            "the labels of {name} neither rise nor fall, or repeat"
        ));
        return None;
    }
    if !keys.contains(&open_key) {
        fault(format!(
            "the labels of {name} lack \"{open}\", for what is beyond them"
        ));
        return None;
    }
    keys.retain(|key| *key != open_key);
    keys.sort_unstable();
    Some((Axis { of, edges: keys }, !rises))
}

fn read_line(
    line: &Record,
    width: usize,
    (sign, reversed): (PointUnit, bool),
    fault: &dyn Fn(String),
) -> Vec<Option<Pct>> {
    let label = line.cells.first().map_or("", String::as_str);
    let given = line.cells.get(1..).unwrap_or_default();
    if given.len() != width {
        let (has, label) = (given.len(), echo(label));
        fault(format!("row {label} has {has} cells, {width} expected"));
    }
    let cells = given.iter().map(|cell| {
        if cell == NOT_OFFERED {
            return None;
        }
        if cell.is_empty() {
            let label = echo(label);
            fault(format!(
                "row {label} has an empty cell: write 0, or {NOT_OFFERED} where it is not offered"
            ));
            return None;
        }
        match Unit::signed_percent(MAX_POINTS).read(cell) {
            Ok(points) => Some(sign.to_price(Pct::new(points))),
            Err(what) => {
                fault(format!("row {}: {what}", echo(label)));
                None
            }
        }
    });
    let mut cells: Vec<Option<Pct>> = cells.collect();
    if reversed {
        cells.reverse();
    }
    cells
}

impl PointUnit {
    /// A figure as it is added to the price.
    pub(super) fn to_price(self, points: Pct) -> Pct {
        match self {
            Self::Price => points,
            // A cost is taken off the price. Bounded by the reader, so it cannot overflow.
            Self::Fee => Pct::new(points.e9().saturating_neg()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> String {
        let found = grid_from_csv(text).unwrap_err();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        found.join("\n")
    }

    #[test]
    fn a_grid_is_read_in_either_order() {
        let falling = "score/ltv,60,80,above\n740,1,2,3\n620,4,5,6\nbelow,-,8,9\n";
        let rising = "score/ltv,above,80,60\nbelow,9,8,-\n620+,6,5,4\n>=740,3,2,1\n";
        let grid = grid_from_csv(falling).unwrap();
        assert_eq!(grid_from_csv(rising).unwrap(), grid);
        assert_eq!(grid.rows.edges, [620, 740]);
        assert_eq!(
            grid.columns.as_ref().unwrap().edges,
            [60_000_000_000, 80_000_000_000]
        );
        assert_eq!(grid.cells[0..2], [None, Some(Pct::new(8_000_000_000))]);
        assert_eq!(grid_to_csv(&grid), falling);
    }

    #[test]
    fn a_single_column_has_a_heading_of_its_own() {
        let text = "lock_days,points\n15,0.125\n30,0\nabove,-0.5\n";
        let grid = grid_from_csv(text).unwrap();
        assert_eq!(
            (grid.rows.edges.clone(), grid.columns.is_none()),
            (vec![15, 30], true)
        );
        assert_eq!(grid_to_csv(&grid), text);
        assert!(faults("lock_days\nabove\n").contains("heading"));
    }

    #[test]
    fn costs_turn_their_sign() {
        let text = "score,points\n700,0.25\nbelow,-1\n";
        let grid = read_grid(text, PointUnit::Fee, &|what| panic!("{what}")).unwrap();
        let cells: Vec<i64> = grid.cells.iter().flatten().map(|p| p.e9()).collect();
        assert_eq!(cells, [1_000_000_000, -250_000_000]);
    }

    #[test]
    fn slips_are_named_all_at_once() {
        let text = "score/ltv,60,80,above\n740,1,2\n620,nan,,1e3\nbelow,0,0,101\n";
        let found = faults(text);
        for part in ["row 740 has 2 cells, 3", "nan", "empty cell", "1e3", "101"] {
            assert!(found.contains(part), "{found}");
        }
        for (text, part) in [
            ("", "no lines"),
            ("scores/ltv,above\nbelow,0\n", "did you mean score"),
            ("score/score,below\nbelow,0\n", "same"),
            (
                "score/ltv,80,60,above\nbelow,0,0,0\n",
                "neither rise nor fall",
            ),
            ("score/ltv,60,60,above\nbelow,0,0,0\n", "neither"),
            ("score/ltv,60,above\n700,0,0\n", "lack \"below\""),
            ("score/ltv,60\nbelow,0\n", "lack \"above\""),
            ("score/ltv,60,above\nbelow,\"0,0\n", "not closed"),
        ] {
            assert!(faults(text).contains(part), "{text}: {}", faults(text));
        }
    }
}
