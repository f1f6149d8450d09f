//! What changed between two catalogues, and between two sheets, in words for the person who is about to
//! put the new one in force.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use lintel_engine::rate::Pct;

use crate::catalogue::{Catalogue, Sheet};
use crate::codec::{Part, RowText, echo, grid_from_csv, row_texts};

/// Most changes a part tells in words; the rest is counted.
pub const MAX_LINES: usize = 200;

/// What changed between two catalogues.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// The parts that changed.
    pub parts: Vec<PartDiff>,
}

/// What changed in a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartDiff {
    /// The part.
    pub part: Part,
    /// New rows.
    pub added: usize,
    /// Rows that are gone.
    pub removed: usize,
    /// Rows that differ.
    pub changed: usize,
    /// Whether rows that were there before stand in another order.
    pub is_reordered: bool,
    /// The changes in words, at most [`MAX_LINES`].
    pub lines: Vec<String>,
}

impl Diff {
    /// Whether nothing changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no changes\n");
        }
        for part in &self.parts {
            writeln!(f, "{}", part.summary())?;
            for line in &part.lines {
                writeln!(f, "  {line}")?;
            }
            let more = part.untold();
            if more > 0 {
                writeln!(f, "  and {more} more")?;
            }
        }
        Ok(())
    }
}

impl PartDiff {
    /// Changes beyond those told in words.
    #[must_use]
    pub fn untold(&self) -> usize {
        let all = self.added.saturating_add(self.removed);
        all.saturating_add(self.changed)
            .saturating_sub(self.lines.len())
    }

    /// `fees: 1 added, 2 changed`.
    #[must_use]
    pub fn summary(&self) -> String {
        let counts = [
            (self.added, "added"),
            (self.removed, "removed"),
            (self.changed, "changed"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let mut words: Vec<String> = counts
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if self.is_reordered {
            words.push("another order".to_owned());
        }
        format!("{}: {}", self.part, words.join(", "))
    }
}

/// What changed from `old` to `new`. Rows are told apart by their codes and names; of rows with the
/// same name the first goes with the first.
#[must_use]
pub fn diff(old: &Catalogue, new: &Catalogue) -> Diff {
    let parts = Part::ALL.into_iter();
    let parts = parts.filter_map(|part| diff_part(part, old, new));
    Diff {
        parts: parts.collect(),
    }
}

fn diff_part(part: Part, old: &Catalogue, new: &Catalogue) -> Option<PartDiff> {
    let (old, new) = (keyed(row_texts(old, part)), keyed(row_texts(new, part)));
    let before: HashMap<&Key, (usize, &RowText)> = places(&old);
    let after: HashMap<&Key, (usize, &RowText)> = places(&new);
    let mut found = PartDiff {
        part,
        added: 0,
        removed: 0,
        changed: 0,
        is_reordered: false,
        lines: Vec::new(),
    };
    let noun = noun(part);
    let mut last = 0_usize;
    for (key, row) in &new {
        let name = name(noun, key);
        let Some((at, was)) = before.get(key) else {
            found.added = found.added.saturating_add(1);
            found.tell(|| format!("{name} added"));
            continue;
        };
        found.is_reordered |= *at < last;
        last = *at;
        if was.text == row.text {
            continue;
        }
        let changes = changes(&was.fields(), &row.fields());
        if !changes.is_empty() {
            found.changed = found.changed.saturating_add(1);
            found.tell(|| format!("{name}: {}", changes.join("; ")));
        }
    }
    for (key, _) in &old {
        if !after.contains_key(key) {
            found.removed = found.removed.saturating_add(1);
            found.tell(|| format!("{} removed", name(noun, key)));
        }
    }
    let counts = [found.added, found.removed, found.changed];
    (found.is_reordered || counts != [0; 3]).then_some(found)
}

impl PartDiff {
    fn tell(&mut self, line: impl Fn() -> String) {
        if self.lines.len() < MAX_LINES {
            self.lines.push(line());
        }
    }
}

/// A row's name, and how many rows of that name come before it.
type Key = (String, usize);

fn keyed(rows: Vec<RowText>) -> Vec<(Key, RowText)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let rows = rows.into_iter().map(|row| {
        let count = seen.entry(row.name.clone()).or_default();
        let key = (row.name.clone(), *count);
        *count = count.saturating_add(1);
        (key, row)
    });
    rows.collect()
}

fn places(rows: &[(Key, RowText)]) -> HashMap<&Key, (usize, &RowText)> {
    let rows = rows.iter().enumerate();
    rows.map(|(at, (key, row))| (key, (at, row))).collect()
}

const fn noun(part: Part) -> &'static str {
    match part {
        Part::Products => "product",
        Part::Eligibility => "rule",
        Part::Adjustments => "adjustment",
        Part::Caps => "cap",
        Part::Margins => "margin",
        Part::Fees => "fee",
        Part::Estimates => "estimate",
        Part::MiCards => "card",
    }
}

fn name(noun: &str, (name, before): &Key) -> String {
    let name = echo(name);
    match before {
        0 => format!("{noun} '{name}'"),
        more => format!(
            "{noun} '{name}' (number {} of that name)",
            more.saturating_add(1)
        ),
    }
}

/// The fields that differ, in words.
fn changes(old: &[(String, String)], new: &[(String, String)]) -> Vec<String> {
    let before: BTreeMap<&str, &str> = pairs(old);
    let after: BTreeMap<&str, &str> = pairs(new);
    let mut changes = Vec::new();
    for (key, now) in &after {
        match before.get(key) {
            Some(was) if was == now => {}
            Some(was) if *key == "grid" || *key == "cells" => {
                changes.push(block_change(key, was, now));
            }
            Some(was) => changes.push(format!("{key} {} -> {}", echo(was), echo(now))),
            // The server gives ids; a file that does not state them takes none away.
            None if *key == "public_id" => {}
            None => changes.push(format!("{key} {} added", brief(key, now))),
        }
    }
    for (key, was) in &before {
        if !after.contains_key(key) && *key != "public_id" {
            changes.push(format!("{key} {} removed", brief(key, was)));
        }
    }
    changes
}

fn pairs(fields: &[(String, String)]) -> BTreeMap<&str, &str> {
    let fields = fields.iter();
    fields
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect()
}

fn brief(key: &str, value: &str) -> String {
    match key {
        "grid" | "cells" => format!("of {} lines", value.lines().count()),
        _ => echo(value),
    }
}

/// A changed grid: how many cells, and by how much at most.
fn block_change(key: &str, was: &str, now: &str) -> String {
    let (Ok(old), Ok(new)) = (grid_from_csv(was), grid_from_csv(now)) else {
        let before: Vec<&str> = was.lines().collect();
        let changed = now.lines().filter(|line| !before.contains(line)).count();
        return format!("{key}: {changed} lines changed");
    };
    if old.rows != new.rows || old.columns != new.columns {
        return format!("{key}: other bands");
    }
    let cells = old.cells.iter().zip(&new.cells);
    let changed: Vec<(&Option<Pct>, &Option<Pct>)> =
        cells.filter(|(was, now)| was != now).collect();
    let moved = |was: &Option<Pct>, now: &Option<Pct>| (*now)?.checked_sub((*was)?);
    let moves = changed.iter().filter_map(|(was, now)| moved(was, now));
    let furthest = moves.max_by_key(|points| points.e9().unsigned_abs());
    let furthest = furthest.map_or_else(String::new, |by| format!(", at most by {by}"));
    let (count, all) = (changed.len(), new.cells.len());
    format!("{key}: {count} of {all} cells changed{furthest}")
}

/// What changed in a product's sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetDiff {
    /// Code of the product.
    pub code: String,
    /// Rows of the new sheet.
    pub rows: usize,
    /// New rows.
    pub added: usize,
    /// Rows that are gone.
    pub removed: usize,
    /// Rows with another price.
    pub repriced: usize,
    /// Furthest a price moved, without its sign.
    pub furthest: Pct,
    /// Index before and after, when it changed.
    pub index: Option<(Option<Pct>, Option<Pct>)>,
    /// Margin before and after, when it changed.
    pub margin: Option<(Option<Pct>, Option<Pct>)>,
    /// Whether there was no sheet before.
    pub is_new: bool,
}

impl SheetDiff {
    /// Whether nothing changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.is_new
            && self.added == 0
            && self.removed == 0
            && self.repriced == 0
            && self.index.is_none()
            && self.margin.is_none()
    }
}

impl fmt::Display for SheetDiff {
    /// `CONV30: 42 rows, 3 prices changed, max move 0.125`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} rows", echo(&self.code), self.rows)?;
        if self.is_new {
            f.write_str(", a new sheet")?;
        }
        if self.is_empty() {
            f.write_str(", no changes")?;
        }
        if self.added > 0 && !self.is_new {
            write!(f, ", {} added", self.added)?;
        }
        if self.removed > 0 {
            write!(f, ", {} removed", self.removed)?;
        }
        if self.repriced > 0 {
            let (count, furthest) = (self.repriced, self.furthest);
            write!(f, ", {count} prices changed, max move {furthest}")?;
        }
        let show = |value: &Option<Pct>| value.map_or_else(|| "none".to_owned(), |p| p.to_string());
        for (name, change) in [("index", &self.index), ("margin", &self.margin)] {
            if let Some((was, now)) = change
                && !self.is_new
            {
                write!(f, ", {name} {} -> {}", show(was), show(now))?;
            }
        }
        Ok(())
    }
}

/// What changed in a product's sheet.
#[must_use]
pub fn sheet_diff(code: &str, old: Option<&Sheet>, new: &Sheet) -> SheetDiff {
    let none = Sheet::default();
    let was = old.unwrap_or(&none);
    let before = was.rows.iter();
    let before: HashMap<_, _> = before
        .map(|r| ((r.lock_days, r.note_rate), r.price))
        .collect();
    let mut diff = SheetDiff {
        code: code.to_owned(),
        rows: new.rows.len(),
        added: 0,
        removed: 0,
        repriced: 0,
        furthest: Pct::ZERO,
        index: (was.index != new.index).then_some((was.index, new.index)),
        margin: (was.margin != new.margin).then_some((was.margin, new.margin)),
        is_new: old.is_none(),
    };
    let mut kept = 0_usize;
    for row in &new.rows {
        let Some(price) = before.get(&(row.lock_days, row.note_rate)) else {
            diff.added = diff.added.saturating_add(1);
            continue;
        };
        kept = kept.saturating_add(1);
        if *price != row.price {
            diff.repriced = diff.repriced.saturating_add(1);
            let by = row.price.e9().abs_diff(price.e9());
            let by = Pct::new(i64::try_from(by).unwrap_or(i64::MAX));
            diff.furthest = diff.furthest.max(by);
        }
    }
    diff.removed = was.rows.len().saturating_sub(kept);
    diff
}

#[cfg(test)]
mod tests;
