//! What is wrong or odd about a catalogue as a whole: rules that name what is not there, things that
//! are there twice, rules that can never hold.

mod charges;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Catalogue, Sheet};
use crate::codec::{Finding, Level, MAX_FINDINGS, Part};
use crate::when::Selector;

/// Gathers findings, at most [`MAX_FINDINGS`] of each level.
pub(super) struct Found {
    findings: Vec<Finding>,
    errors: usize,
    warnings: usize,
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
    };
    products(catalogue, &mut found);
    rules::check(catalogue, &mut found);
    charges::check(catalogue, &mut found);
    found.findings.sort_by_key(|finding| finding.level);
    found.findings
}

/// What is wrong or odd about sheets beside a catalogue: errors first.
#[must_use]
pub fn validate_sheets(catalogue: &Catalogue, sheets: &BTreeMap<String, Sheet>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let of = |level, row, code: &str, field: &str, what: String| {
        Finding::of_row((level, "sheets"), row, code, field, what)
    };
    for (number, (code, sheet)) in (1_usize..).zip(sheets) {
        let Some(product) = catalogue.products.iter().find(|p| p.code == *code) else {
            let what = format!(
                "{} is no product of the catalogue",
                crate::codec::echo(code)
            );
            findings.push(of(Level::Error, number, code, "product", what));
            continue;
        };
        let offered = |lock: u32| product.lock_days.is_empty() || product.lock_days.contains(&lock);
        let locks: BTreeSet<u32> = sheet.rows.iter().map(|row| row.lock_days).collect();
        for lock in locks.iter().filter(|lock| !offered(**lock)) {
            let what = format!("a lock of {lock} days is not offered: its rows are not used");
            findings.push(of(Level::Warning, number, code, "lock_days", what));
        }
        for lock in product
            .lock_days
            .iter()
            .filter(|lock| !locks.contains(lock))
        {
            let what = format!("there is no row for the lock of {lock} days");
            findings.push(of(Level::Warning, number, code, "lock_days", what));
        }
    }
    findings.sort_by_key(|finding| finding.level);
    findings.truncate(MAX_FINDINGS);
    findings
}

fn products(catalogue: &Catalogue, found: &mut Found) {
    let mut codes = BTreeMap::new();
    let mut ids = BTreeMap::new();
    let mut uncovered: Vec<bool> = vec![true; catalogue.products.len()];
    for rule in &catalogue.eligibility {
        if !uncovered.contains(&true) {
            break;
        }
        for (product, bare) in catalogue.products.iter().zip(&mut uncovered) {
            *bare = *bare && !rule.products.matches(product);
        }
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
        if uncovered.get(row.saturating_sub(1)) == Some(&true) {
            found.warning(
                at,
                "",
                "no eligibility rule is for it: everybody may have it",
            );
        }
    }
}

/// Names of a selector that are not there, and selectors that select nothing.
pub(super) fn selector(
    catalogue: &Catalogue,
    names: &Names<'_>,
    at: At<'_>,
    selector: &Selector,
    found: &mut Found,
) {
    let mut is_known = true;
    for code in &selector.codes {
        if !names.codes.contains(code.as_str()) {
            let code = crate::codec::echo(code);
            found.error(at, "products.codes", format!("{code} is no product"));
            is_known = false;
        }
    }
    for family in &selector.families {
        if !names.families.contains(&family.to_ascii_lowercase()) {
            let family = crate::codec::echo(family);
            let what = format!("no product is of the family {family}");
            found.warning(at, "products.families", what);
            is_known = false;
        }
    }
    // A name that is not there is told already, and is the reason.
    let selects = || {
        catalogue
            .products
            .iter()
            .any(|product| selector.matches(product))
    };
    if is_known && !catalogue.products.is_empty() && !selects() {
        found.warning(at, "products", "no product is selected");
    }
}

/// The names that selectors may use.
pub(super) struct Names<'a> {
    codes: BTreeSet<&'a str>,
    families: BTreeSet<String>,
}

impl<'a> Names<'a> {
    pub(super) fn of(catalogue: &'a Catalogue) -> Self {
        let products = &catalogue.products;
        let families = products.iter().flat_map(|product| &product.families);
        Self {
            codes: products
                .iter()
                .map(|product| product.code.as_str())
                .collect(),
            families: families.map(|family| family.to_ascii_lowercase()).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
