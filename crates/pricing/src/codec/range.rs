//! Ranges: "over 80, up to 95", "at least 620, below 660", or one value.

use lintel_engine::bands::{Band, Step};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::number::Unit;
use super::row::Row;
use super::value::Value;

/// A range of whole steps (billionths of a percent, cents, units), both ends inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Range {
    /// Least; none for no lower end.
    pub(super) least: Option<i64>,
    /// Most; none for no upper end.
    pub(super) most: Option<i64>,
}

impl Row<'_> {
    /// A range, when given: a table with `over` or `at_least` and `up_to` or `below`. A number alone
    /// is a range of itself where things are counted; elsewhere nobody would know which end it is.
    fn range(&self, key: &'static str, unit: Unit, alone: Alone) -> Option<Range> {
        let node = self.node(key)?;
        let Value::Table(fields) = &node.value else {
            if alone == Alone::IsUnclear {
                let what = "must say which: over, at_least, up_to or below, as in { up_to = 80 }";
                self.fault(key, what);
                return None;
            }
            let exact = self.number_of(key, node, unit)?;
            return Some(Range {
                least: Some(exact),
                most: Some(exact),
            });
        };
        let table = self.inner(format!("{}{key}.", self.path), node.line, fields);
        let range = table.edges(unit);
        if fields.is_empty() {
            self.fault(key, "needs one of over, at_least, up_to, below");
        }
        table.finish();
        Some(range)
    }

    /// The edges of a range among the fields of this row.
    pub(super) fn edges(&self, unit: Unit) -> Range {
        let over = self.number("over", unit).map(|edge| edge.saturating_add(1));
        let least = self.number("at_least", unit);
        let most = self.number("up_to", unit);
        // What is below one more than the most there is, is all there is.
        let below = self.number("below", unit.with_room());
        let below = below.map(|edge| edge.saturating_sub(1));
        if over.is_some() && least.is_some() {
            self.fault("at_least", "either over or at_least, not both");
        }
        if most.is_some() && below.is_some() {
            self.fault("below", "either up_to or below, not both");
        }
        let range = Range {
            least: over.or(least),
            most: most.or(below),
        };
        let first = range.least.unwrap_or_else(|| unit.least());
        if range.most.is_some_and(|most| most < first) {
            self.fault("", "the range is empty: nothing is within it");
        }
        range
    }

    /// A band of percentages.
    pub(super) fn pct_band(&self, key: &'static str, unit: Unit) -> Option<Band<Pct>> {
        let band = self.range(key, unit, Alone::IsUnclear)?.band(unit);
        band.map(|band| Band {
            over: band.over.map(Pct::new),
            up_to: band.up_to.map(Pct::new),
        })
    }

    /// A band of amounts.
    pub(super) fn money_band(&self, key: &'static str) -> Option<Band<Cents>> {
        let range = self.range(key, Unit::DOLLARS, Alone::IsUnclear)?;
        let band = range.band(Unit::DOLLARS);
        band.map(|band| Band {
            over: band.over.map(Cents::new),
            up_to: band.up_to.map(Cents::new),
        })
    }

    /// A band of whole numbers.
    pub(super) fn count_band(&self, key: &'static str, unit: Unit) -> Option<Band<u32>> {
        self.range(key, unit, Alone::IsItself)?.count_band(unit)
    }

    /// A step of things that are counted.
    pub(super) fn step(&self, key: &'static str, most: u32) -> Option<Step<u32>> {
        self.step_of(key, most, Alone::IsItself)
    }

    /// A step of scores and the like, where a number alone would be no range.
    pub(super) fn open_step(&self, key: &'static str, most: u32) -> Option<Step<u32>> {
        self.step_of(key, most, Alone::IsUnclear)
    }

    fn step_of(&self, key: &'static str, most: u32, alone: Alone) -> Option<Step<u32>> {
        let range = self.range(key, Unit::Count(0, most), alone)?;
        if range.least.is_some_and(|least| least > i64::from(most)) {
            self.fault(key, format!("the range is empty: {most} is the most"));
        }
        Some(range.step())
    }
}

/// What a number means that stands where a range is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alone {
    /// Exactly that many.
    IsItself,
    /// One end of a range, and it does not say which.
    IsUnclear,
}

impl Range {
    /// As a band; a lower end at the unit's least value is none. None when no end is left.
    pub(super) fn band(self, unit: Unit) -> Option<Band<i64>> {
        let least = self.least.filter(|least| *least > unit.least());
        let over = least.map(|least| least.saturating_sub(1));
        let up_to = self.most;
        (over.is_some() || up_to.is_some()).then_some(Band { over, up_to })
    }

    /// As a band of whole numbers.
    pub(super) fn count_band(self, unit: Unit) -> Option<Band<u32>> {
        let band = self.band(unit)?;
        let of = |edge: Option<i64>| edge.and_then(|edge| u32::try_from(edge).ok());
        Some(Band {
            over: of(band.over),
            up_to: of(band.up_to),
        })
    }

    /// As a step of whole numbers.
    pub(super) fn step(self) -> Step<u32> {
        let of = |edge: i64| u32::try_from(edge).ok();
        Step {
            at_least: self.least.and_then(of),
            below: self.most.and_then(|most| of(most.saturating_add(1))),
        }
    }
}

/// A band as TOML: `{ over = 80, up_to = 95 }`; none for a band without edges.
pub(super) fn write_band<T: std::fmt::Display>(band: &Band<T>) -> Option<String> {
    let over = band.over.as_ref().map(|edge| format!("over = {edge}"));
    let up_to = band.up_to.as_ref().map(|edge| format!("up_to = {edge}"));
    write_edges(over, up_to)
}

/// A band of whole numbers as TOML; one that holds a single number is that number.
pub(super) fn write_count_band(band: &Band<u32>) -> Option<String> {
    match (band.over, band.up_to) {
        (Some(over), Some(up_to)) if over.checked_add(1) == Some(up_to) => Some(up_to.to_string()),
        _ => write_band(band),
    }
}

/// A step of things that are counted as TOML; one that holds a single number is that number.
pub(super) fn write_step(step: &Step<u32>) -> Option<String> {
    match (step.at_least, step.below) {
        (Some(least), Some(below)) if least.checked_add(1) == Some(below) => {
            Some(least.to_string())
        }
        _ => write_open_step(step),
    }
}

/// A step as TOML, always with its ends.
pub(super) fn write_open_step(step: &Step<u32>) -> Option<String> {
    write_edges(
        step.at_least.map(|edge| format!("at_least = {edge}")),
        step.below.map(|edge| format!("below = {edge}")),
    )
}

fn write_edges(first: Option<String>, last: Option<String>) -> Option<String> {
    let edges: Vec<String> = [first, last].into_iter().flatten().collect();
    (!edges.is_empty()).then(|| format!("{{ {} }}", edges.join(", ")))
}
