//! What is wrong or odd about a catalogue as a whole: rules that name what is not there, things that
//! are there twice, rules that can never hold.

mod charges;
mod rules;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::book::MAX_PAIRS;
use crate::catalogue::selection::Selection;
use crate::catalogue::{Catalogue, Product, Sheet};
use crate::codec::{Finding, Level, MAX_FINDINGS, Part, row_texts};
use crate::when::Selector;

/// Gathers findings, at most [`MAX_FINDINGS`] of each level.
pub(super) struct Found {
    findings: Vec<Finding>,
    errors: usize,
    warnings: usize,
    /// Pairs of a row and a product it is for.
    pairs: usize,
}

/// A row that is being looked at.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) part: Part,
    /// From 1.
    pub(super) row: usize,
    pub(super) name: &'a str,
}

impl Found {
    pub(super) fn error(&mut self, at: At<'_>, field: &str, what: impl Into<String>) {
        self.errors = self.errors.saturating_add(1);
        if self.errors <= MAX_FINDINGS {
            let grade = (Level::Error, at.part.as_str());
            self.findings
                .push(Finding::of_row(grade, at.row, at.name, field, what));
        }
    }

    pub(super) fn warning(&mut self, at: At<'_>, field: &str, what: impl Into<String>) {
        self.warnings = self.warnings.saturating_add(1);
        if self.warnings <= MAX_FINDINGS {
            let grade = (Level::Warning, at.part.as_str());
            self.findings
                .push(Finding::of_row(grade, at.row, at.name, field, what));
        }
    }
}

/// Everything wrong or odd: errors first, at most [`MAX_FINDINGS`] of each level.
#[must_use]
pub fn validate(catalogue: &Catalogue) -> Vec<Finding> {
    let mut found = Found {
        findings: Vec::new(),
        errors: 0,
        warnings: 0,
        pairs: 0,
    };
    let names = Selection::of(&catalogue.products);
    products(catalogue, &names, &mut found);
    rules::check(catalogue, &names, &mut found);
    charges::check(catalogue, &names, &mut found);
    found.findings.sort_by_key(|finding| finding.level);
    found.findings
}

/// Rows that say what an earlier row of their part says: nobody writes the same row twice on purpose.
pub(super) fn twice(catalogue: &Catalogue, part: Part, found: &mut Found) {
    let rows = row_texts(catalogue, part);
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    for (row, one) in (1_usize..).zip(&rows) {
        let before = *first.entry(&one.text).or_insert(row);
        if before != row {
            let at = At {
                part,
                row,
                name: &one.name,
            };
            found.warning(at, "", format!("says the same as row {before}"));
        }
    }
}

/// What is wrong or odd about sheets beside a catalogue: errors first, at most [`MAX_FINDINGS`].
#[must_use]
pub fn validate_sheets(catalogue: &Catalogue, sheets: &BTreeMap<String, Sheet>) -> Vec<Finding> {
    let mut products: HashMap<&str, &Product> = HashMap::with_capacity(catalogue.products.len());
    for product in &catalogue.products {
        products.entry(&product.code).or_insert(product);
    }
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for (code, sheet) in sheets {
        if errors.len() >= MAX_FINDINGS {
            break;
        }
        let Some(product) = products.get(code.as_str()) else {
            let what = format!(
                "{} is no product of the catalogue",
                crate::codec::echo(code)
            );
            errors.push(of_sheets(Level::Error, "product", what));
            continue;
        };
        if warnings.len() < MAX_FINDINGS {
            check_locks(product, sheet, &mut warnings);
        }
    }
    errors.append(&mut warnings);
    errors.truncate(MAX_FINDINGS);
    errors
}

/// Locks that only the sheet has, and those that only the product has.
fn check_locks(product: &Product, sheet: &Sheet, warnings: &mut Vec<Finding>) {
    let name = crate::codec::echo(&product.code);
    let offered = |lock: u32| product.lock_days.is_empty() || product.lock_days.contains(&lock);
    let locks: BTreeSet<u32> = sheet.rows.iter().map(|row| row.lock_days).collect();
    for lock in locks.iter().filter(|lock| !offered(**lock)) {
        let what = format!("{name}: a lock of {lock} days is not offered: its rows are not used");
        warnings.push(of_sheets(Level::Warning, "lock_days", what));
    }
    let missing = product.lock_days.iter();
    for lock in missing.filter(|lock| !locks.contains(lock)) {
        let what = format!("{name}: there is no row for the lock of {lock} days");
        warnings.push(of_sheets(Level::Warning, "lock_days", what));
    }
}

fn of_sheets(level: Level, field: &str, what: String) -> Finding {
    Finding {
        level,
        part: "sheets".to_owned(),
        row: None,
        name: String::new(),
        line: None,
        field: field.to_owned(),
        what,
    }
}

fn products(catalogue: &Catalogue, names: &Selection<'_>, found: &mut Found) {
    let mut codes = BTreeMap::new();
    let mut ids = BTreeMap::new();
    let mut covered: BTreeSet<usize> = BTreeSet::new();
    for rule in &catalogue.eligibility {
        if covered.len() >= catalogue.products.len() {
            break;
        }
        covered.extend(names.matching(&rule.products));
    }
    for (row, product) in (1_usize..).zip(&catalogue.products) {
        let at = At {
            part: Part::Products,
            row,
            name: &product.code,
        };
        // Databases and spreadsheets may not tell the case apart.
        if let Some(first) = codes.insert(product.code.to_ascii_uppercase(), row) {
            found.error(at, "code", format!("is the code of row {first} too"));
        }
        if let Some(id) = &product.public_id
            && let Some(first) = ids.insert(id.as_str().to_owned(), row)
        {
            found.error(
                at,
                "public_id",
                format!("is the public id of row {first} too"),
            );
        }
        if product.lock_days.is_empty() {
            found.warning(
                at,
                "lock_days",
                "is left out: every lock of the sheet is offered",
            );
        }
        if !covered.contains(&row.saturating_sub(1)) {
            found.warning(
                at,
                "",
                "no eligibility rule is for it: everybody may have it",
            );
        }
    }
}

/// Names of a selector that are not there, and selectors that select nothing. Gives the products it
/// selects, by place; nothing once there are more of them, over all rows, than a book may hold.
pub(super) fn selector(
    names: &Selection<'_>,
    at: At<'_>,
    selector: &Selector,
    found: &mut Found,
) -> Vec<usize> {
    let mut is_known = true;
    for code in &selector.codes {
        if !names.has_code(code) {
            let code = crate::codec::echo(code);
            found.error(at, "products.codes", format!("{code} is no product"));
            is_known = false;
        }
    }
    for family in &selector.families {
        if !names.has_family(family) {
            let family = crate::codec::echo(family);
            let what = format!("no product is of the family {family}");
            found.warning(at, "products.families", what);
            is_known = false;
        }
    }
    if found.pairs > MAX_PAIRS {
        return Vec::new();
    }
    let selected = names.matching(selector);
    // A name that is not there is told already, and is the reason.
    if is_known && !names.is_empty() && selected.is_empty() {
        found.warning(at, "products", "no product is selected");
    }
    found.pairs = found.pairs.saturating_add(selected.len());
    if found.pairs > MAX_PAIRS {
        let what = format!(
            "more than {MAX_PAIRS} pairs of a row and a product it is for, in the rows up to this \
             one: let rows name their products"
        );
        found.error(at, "products", what);
    }
    selected
}

#[cfg(test)]
mod tests;
