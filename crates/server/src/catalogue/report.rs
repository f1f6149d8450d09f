//! What the catalogue's commands say.

use comfy_table::{CellAlignment, Table, presets};
use lintel_app::catalogue::CatalogueVersion;
use lintel_pricing::catalogue::Catalogue;
use lintel_pricing::catalogue::diff::Diff;
use lintel_pricing::codec::{Finding, Level, Part, count};

use crate::admin::utc;

/// Most changes of a part that are printed.
const SHOWN_CHANGES: usize = 40;

/// Foreign text without what could steer a terminal.
pub(super) fn plain(text: &str) -> String {
    let plain = text
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c });
    plain.collect()
}

pub(super) fn table(header: &[&str], numbers: &[usize]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_header(header.to_vec());
    for column in numbers {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// Errors and warnings, one a line.
pub(super) fn findings(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let word = match finding.level {
            Level::Error => "error  ",
            Level::Warning => "warning",
        };
        format!("{word} {}\n", plain(&finding.to_string()))
    });
    lines.collect::<Vec<_>>().concat()
}

/// Findings that keep an import from being written.
pub(super) fn refused(found: &[Finding]) -> String {
    let errors = found.iter().filter(|finding| finding.level == Level::Error);
    let (errors, text) = (errors.count(), findings(found));
    let word = if errors == 1 { "error" } else { "errors" };
    format!("{text}nothing written: {errors} {word}\n")
}

/// The rows of each part.
pub(super) fn counts(catalogue: &Catalogue) -> String {
    let mut table = table(&["part", "rows"], &[1]);
    for part in Part::ALL {
        table.add_row([part.as_str().to_owned(), count(catalogue, part).to_string()]);
    }
    format!("{table}\n")
}

/// What changes: counts as a table, then each change in words.
pub(super) fn diff(diff: &Diff) -> String {
    if diff.is_empty() {
        return "no changes\n".to_owned();
    }
    let mut table = table(
        &["part", "added", "removed", "changed", "order"],
        &[1, 2, 3],
    );
    for part in &diff.parts {
        let order = if part.is_reordered { "another" } else { "" };
        table.add_row([
            part.part.as_str().to_owned(),
            part.added.to_string(),
            part.removed.to_string(),
            part.changed.to_string(),
            order.to_owned(),
        ]);
    }
    let mut text = format!("{table}\n");
    for part in &diff.parts {
        for line in part.lines.iter().take(SHOWN_CHANGES) {
            text.push_str(&format!("{}: {}\n", part.part, plain(line)));
        }
        let more = part.untold() + part.lines.len().saturating_sub(SHOWN_CHANGES);
        if more > 0 {
            text.push_str(&format!("{}: and {more} more\n", part.part));
        }
    }
    text
}

/// Versions, newest first.
pub(super) fn history(versions: &[CatalogueVersion]) -> String {
    let header = [
        "version",
        "in force from",
        "written",
        "by",
        "note",
        "digest",
    ];
    let mut table = table(&header, &[0]);
    for version in versions {
        table.add_row([
            version.version.to_string(),
            utc(version.effective_at),
            utc(version.created_at),
            plain(&version.actor),
            plain(&version.note),
            version.digest.chars().take(12).collect(),
        ]);
    }
    format!("{table}\n")
}
