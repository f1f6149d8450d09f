//! Licences as rows of a form: a state, a number, and buttons that add and remove rows without a
//! script.

use lintel_domain::entry::Entry;
use lintel_domain::license::{License, LicenseDraft};
use lintel_domain::refusal::{LicensePart, Rule};
use serde::Serialize;

use super::states;
use crate::fields::{Field, Mistakes};
use crate::posted::Posted;

/// Name of the rows in a form.
const NAME: &str = "licenses";
/// Rows a form can have: one for each state, the district and the territories.
const MOST: usize = 56;
/// Empty rows below the filled ones.
const SPARE: usize = 2;
/// Rows the button adds.
const MORE: usize = 5;

/// A row as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Row {
    state: String,
    number: String,
}

/// What the button that sent the form wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Take the form.
    Save,
    /// Show it again with more rows.
    More,
    /// Show it again without a row.
    Without(usize),
}

/// The rows as a template shows them.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LicenseRows {
    /// Whether more rows can be added.
    pub may_grow: bool,
    /// Which fields to fill in.
    pub rows: Vec<RowView>,
}

/// A row as a template shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RowView {
    /// Counted from one.
    pub place: usize,
    /// What the button that removes it sends.
    pub index: usize,
    /// Whether there is something to remove.
    pub is_filled: bool,
    /// The state.
    pub state: Field,
    /// The number.
    pub number: Field,
}

impl LicenseRows {
    /// Whether a field is one of the rows'.
    pub(crate) fn shows(&self, name: &str) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|row| row.state.name() == name || row.number.name() == name)
    }
}

/// Which button sent the form.
pub(crate) fn wish(form: &Posted) -> Wish {
    if form.text("more_licenses").is_some() {
        return Wish::More;
    }
    let index = form.text("remove_license").and_then(|n| n.parse().ok());
    index.map_or(Wish::Save, Wish::Without)
}

/// The rows that were filled in; empty ones are left out, and the one to be removed.
pub(crate) fn posted(form: &Posted) -> Vec<Row> {
    let without = match wish(form) {
        Wish::Without(index) => Some(index),
        Wish::Save | Wish::More => None,
    };
    let rows = form.rows(NAME, MOST + MORE).into_iter().enumerate();
    let kept = rows.filter(|(index, row)| Some(*index) != without && !row.is_blank());
    kept.map(|(_, row)| Row {
        state: row.text("state").unwrap_or_default().to_owned(),
        number: row.text("number").unwrap_or_default().to_owned(),
    })
    .collect()
}

/// The rows of stored licences.
pub(crate) fn stored(licenses: &[License]) -> Vec<Row> {
    let row = |license: &License| Row {
        state: license.state.as_str().to_owned(),
        number: license.number.clone(),
    };
    licenses.iter().map(row).collect()
}

/// What the application is to check.
pub(crate) fn drafts(rows: &[Row]) -> Vec<LicenseDraft> {
    let draft = |row: &Row| LicenseDraft {
        state: Entry::Given(row.state.clone()),
        number: Entry::Given(row.number.clone()),
    };
    rows.iter().map(draft).collect()
}

/// The rows to show: what is filled in, and empty ones below.
pub(crate) fn view(rows: &[Row], wish: Wish, mistakes: &Mistakes) -> LicenseRows {
    let spare = if wish == Wish::More { MORE } else { SPARE };
    let count = (rows.len() + spare).clamp(rows.len().min(MOST), MOST.max(rows.len()));
    let empty = Row::default();
    let all = rows.iter().chain(std::iter::repeat(&empty)).take(count);
    LicenseRows {
        may_grow: count < MOST,
        rows: all
            .enumerate()
            .map(|(index, row)| row_view(index, row, mistakes))
            .collect(),
    }
}

fn row_view(index: usize, row: &Row, mistakes: &Mistakes) -> RowView {
    let place = index + 1;
    let state = Field::select(
        &field_name(index, LicensePart::State),
        "State",
        states::options("Choose a state"),
    );
    let number = Field::text(&field_name(index, LicensePart::Number), "License number");
    RowView {
        place,
        index,
        is_filled: *row != Row::default(),
        state: state.value(&*row.state).error(mistakes),
        number: number.value(&*row.number).max(50).error(mistakes),
    }
}

/// Name of a field of a row.
fn field_name(index: usize, part: LicensePart) -> String {
    let part = match part {
        LicensePart::State => "state",
        LicensePart::Number => "number",
    };
    format!("{NAME}[{index}][{part}]")
}

/// Filled and empty rows, with everything that can be wrong: for the test that renders all templates.
#[cfg(test)]
pub(crate) fn sample() -> LicenseRows {
    let row = Row {
        state: "CA".to_owned(),
        number: crate::templates::HOSTILE.to_owned(),
    };
    let mut mistakes = Mistakes::default();
    for (part, rule) in [
        (LicensePart::State, Rule::Conflict),
        (LicensePart::Number, Rule::Missing),
    ] {
        let (name, text) = told(0, part, rule);
        mistakes.add(&name, &text);
    }
    view(&[row], Wish::Save, &mistakes)
}

/// The field of a part of a row, and what is wrong with it in words.
pub(crate) fn told(index: usize, part: LicensePart, rule: Rule) -> (String, String) {
    let place = index + 1;
    let text = match (part, rule) {
        (LicensePart::State, Rule::Missing) => format!("Choose the state of license {place}."),
        (LicensePart::State, Rule::Malformed) => {
            format!("License {place}: choose a state of the list.")
        }
        (LicensePart::State, Rule::Conflict) => {
            format!("License {place}: its state is in the list twice.")
        }
        (LicensePart::Number, Rule::Missing) => {
            format!("Enter the number of license {place}, or n/a where none is needed.")
        }
        (LicensePart::Number, Rule::Malformed | Rule::Conflict) => {
            format!("The number of license {place} has more than 50 characters or cannot be read.")
        }
    };
    (field_name(index, part), text)
}

/// The list as a whole, when it is empty and must not be.
pub(crate) fn told_list() -> (String, String) {
    let text = "Enter at least one state license. Where none is needed, write n/a as its number.";
    (field_name(0, LicensePart::State), text.to_owned())
}

/// A licence for people who read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct LicenseLine {
    /// Name of the state.
    pub state: &'static str,
    /// The number, or that none is needed.
    pub number: String,
}

/// Licences for people who read.
pub(crate) fn lines(licenses: &[License]) -> Vec<LicenseLine> {
    let line = |license: &License| LicenseLine {
        state: states::name(license.state),
        number: if license.number == "n/a" {
            "No license needed".to_owned()
        } else {
            license.number.clone()
        },
    };
    licenses.iter().map(line).collect()
}

/// A licence, for the test that renders all templates.
#[cfg(test)]
pub(crate) fn sample_lines() -> Vec<LicenseLine> {
    vec![LicenseLine {
        state: "California",
        number: crate::templates::HOSTILE.to_owned(),
    }]
}
