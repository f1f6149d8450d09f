//! Validation of conditions and of the rules that move prices.

use std::collections::{BTreeMap, BTreeSet};

use lintel_engine::rate::Pct;

use crate::catalogue::selection::Selection;
use crate::catalogue::{Cap, Catalogue, Effect, Grid};
use crate::codec::Part;
use crate::when::When;

use super::{At, Found, selector, twice};

pub(super) fn check(catalogue: &Catalogue, names: &Selection<'_>, found: &mut Found) {
    eligibility(catalogue, names, found);
    adjustments(catalogue, names, found);
    caps(catalogue, names, found);
    for (row, margin) in (1_usize..).zip(&catalogue.margins) {
        let at = At {
            part: Part::Margins,
            row,
            name: &margin.name,
        };
        selector(names, at, &margin.products, found);
        conditions(at, "when", &margin.when, found);
    }
    for part in [Part::Eligibility, Part::Adjustments, Part::Margins] {
        twice(catalogue, part, found);
    }
}

fn eligibility(catalogue: &Catalogue, names: &Selection<'_>, found: &mut Found) {
    for (row, rule) in (1_usize..).zip(&catalogue.eligibility) {
        let at = At {
            part: Part::Eligibility,
            row,
            name: &rule.name,
        };
        selector(names, at, &rule.products, found);
        conditions(at, "when", &rule.when, found);
        places(at, "require", &rule.require, found);
        if rule.require == When::default() {
            found.warning(at, "require", "requires nothing");
        }
    }
}

fn adjustments(catalogue: &Catalogue, names: &Selection<'_>, found: &mut Found) {
    for (row, adjustment) in (1_usize..).zip(&catalogue.adjustments) {
        let at = At {
            part: Part::Adjustments,
            row,
            name: &adjustment.name,
        };
        selector(names, at, &adjustment.products, found);
        conditions(at, "when", &adjustment.when, found);
        match &adjustment.effect {
            Effect::Flat(points) if points.is_zero() => {
                found.warning(at, "points", "moves no price");
            }
            Effect::Flat(_) => {}
            Effect::Grid(grid) => check_grid(at, grid, found),
        }
    }
}

fn check_grid(at: At<'_>, grid: &Grid, found: &mut Found) {
    let bands = |edges: &[i64]| edges.len().saturating_add(1);
    let rows = bands(&grid.rows.edges);
    let columns = grid.columns.as_ref().map_or(1, |axis| bands(&axis.edges));
    let wanted = rows.saturating_mul(columns);
    if grid.cells.len() != wanted {
        let has = grid.cells.len();
        found.error(at, "grid", format!("has {has} cells, {wanted} expected"));
    }
    let axes = std::iter::once(&grid.rows).chain(&grid.columns);
    for axis in axes {
        if axis.edges.windows(2).any(|pair| pair[0] >= pair[1]) {
            found.error(at, "grid", "the edges of an axis do not rise");
        }
    }
    let mut cells = grid.cells.iter();
    let first = cells.next().copied().flatten();
    let is_flat = cells.all(|cell| *cell == first);
    if grid.cells.iter().all(Option::is_none) {
        found.warning(at, "grid", "is not offered anywhere");
    } else if is_flat && grid.cells.len() > 1 {
        let value = first.unwrap_or(Pct::ZERO);
        found.warning(at, "grid", format!("all its cells are {value}"));
    }
}

fn caps(catalogue: &Catalogue, names: &Selection<'_>, found: &mut Found) {
    let groups = catalogue.adjustments.iter();
    let groups: BTreeSet<&str> = groups.filter_map(|a| a.group.as_deref()).collect();
    // The first cap of a group that holds counts: after one that always holds, none is reached.
    let mut closed: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, cap) in (1_usize..).zip(&catalogue.caps) {
        let at = At {
            part: Part::Caps,
            row,
            name: &cap.group,
        };
        selector(names, at, &cap.products, found);
        conditions(at, "when", &cap.when, found);
        if !groups.contains(cap.group.as_str()) {
            found.warning(at, "group", "no adjustment is of this group");
        }
        if let Some(first) = closed.get(cap.group.as_str()) {
            let what = format!("is never reached: row {first} holds for everything before it");
            found.warning(at, "", what);
        }
        let is_for_all = cap.products == crate::when::Selector::default()
            && cap.when == When::default()
            && cap.days.is_none();
        if is_for_all {
            closed.entry(&cap.group).or_insert(row);
        }
        check_ends(at, cap, found);
    }
}

fn check_ends(at: At<'_>, cap: &Cap, found: &mut Found) {
    if let (Some(min), Some(max)) = (cap.min, cap.max)
        && min > max
    {
        found.error(at, "max", format!("{max} is below min, {min}"));
    }
    // Such an end does not only hold back: it moves the price further than any adjustment did.
    if let Some(min) = cap.min.filter(|min| *min > Pct::ZERO) {
        let what = format!("the least is {min} for the borrower, whatever the adjustments are");
        found.warning(at, "min", what);
    }
    if let Some(max) = cap.max.filter(|max| *max < Pct::ZERO) {
        let what = format!("the most is {max} against the borrower, whatever the adjustments are");
        found.warning(at, "max", what);
    }
}

/// Conditions under which something is done.
pub(super) fn conditions(at: At<'_>, table: &str, when: &When, found: &mut Found) {
    if when.dti.is_some() {
        let what = "debt to income can only be required, by an eligibility rule";
        found.error(at, &format!("{table}.dti"), what);
    }
    places(at, table, when, found);
}

/// Places that contradict each other or do not exist.
fn places(at: At<'_>, table: &str, when: &When, found: &mut Found) {
    let field = |name: &str| format!("{table}.{name}");
    let excluded = |state| when.not_states.contains(state);
    if !when.states.is_empty() && when.states.iter().all(excluded) {
        let what = "excludes every state that states allows: it never holds";
        found.warning(at, &field("not_states"), what);
    }
    for fips in &when.counties {
        let Some(county) = lintel_places::county(*fips) else {
            found.warning(at, &field("counties"), format!("there is no county {fips}"));
            continue;
        };
        let is_there = when.states.is_empty()
            || when
                .states
                .iter()
                .any(|state| state.as_str() == county.state);
        if !is_there {
            let what = format!("{fips} lies in {}, which is not among states", county.state);
            found.warning(at, &field("counties"), what);
        }
    }
    for (index, (name, _)) in when.criteria.iter().enumerate() {
        let before = when.criteria.get(..index).unwrap_or_default();
        if before
            .iter()
            .any(|(other, _)| other.eq_ignore_ascii_case(name))
        {
            let name = crate::codec::echo(name);
            found.error(at, &field("criteria"), format!("{name} is there twice"));
        }
    }
}
