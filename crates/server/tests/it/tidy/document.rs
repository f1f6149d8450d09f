//! Documents must not outlive the code: headings, paths and crate names in Markdown, and the
//! origin of every parameter table.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;

/// Folders whose name at the start of a quoted path means "in this repository".
const ROOTS: &[&str] = &[
    "crates/",
    "docs/",
    "scripts/",
    "data/",
    "tests-php/",
    ".ci/",
];

/// Endings that make a quoted path one of ours wherever it starts.
const ENDINGS: &[&str] = &[".rs", ".md", ".toml"];

/// Lines of a document with their number, and whether they stand in a fenced block.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    let mut fenced = false;
    text.lines().enumerate().map(move |(index, line)| {
        let fence = line.trim_start().starts_with("```");
        if fence {
            fenced = !fenced;
        }
        (index + 1, line, fenced || fence)
    })
}

/// One document, one title.
pub(crate) fn check_headings(path: &str, text: &str) -> Option<Finding> {
    let titles = lines(text)
        .filter(|(_, line, fenced)| !fenced && line.starts_with("# "))
        .count();
    (titles != 1).then(|| {
        Finding::new(
            path,
            0,
            format!("{titles} first-level headings, want exactly one"),
        )
    })
}

/// Paths and crate names in backticks (crate names also in fenced blocks) must exist.
pub(crate) fn check_names(
    path: &str,
    text: &str,
    tree: &Tree,
    crates: &BTreeSet<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line, fenced) in lines(text) {
        let spans: Vec<&str> = if fenced {
            vec![line]
        } else {
            quoted(line).collect()
        };
        for span in spans {
            for name in crate_names(span).filter(|name| !crates.contains(*name)) {
                findings.push(Finding::new(
                    path,
                    number,
                    format!("`{name}` is no crate of this workspace"),
                ));
            }
            if !fenced && looks_like_ours(span) && !exists(path, span, tree) {
                findings.push(Finding::new(
                    path,
                    number,
                    format!("`{span}` does not exist"),
                ));
            }
        }
    }
    findings
}

/// The texts between single backticks of one line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Tokens like `lintel-engine`: package names, not file or host names that begin alike.
fn crate_names(span: &str) -> impl Iterator<Item = &str> {
    let tokens = span.split(|c: char| !(c.is_ascii_alphanumeric() || "-_./@:".contains(c)));
    tokens.filter(|token| {
        let rest = token.strip_prefix("lintel-").unwrap_or_default();
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    })
}

/// A path of this repository, as opposed to a pattern, a placeholder or somebody else's file.
fn looks_like_ours(span: &str) -> bool {
    let pattern = |c: char| c.is_whitespace() || "*<>{}$…|()\"'=,".contains(c);
    if !span.contains('/')
        || span.contains(pattern)
        || span.contains("://")
        || span.starts_with("../")
    {
        return false;
    }
    ROOTS.iter().any(|root| span.starts_with(root))
        || ENDINGS.iter().any(|end| bare(span).ends_with(end))
}

/// The path without an anchor, a line number or a trailing slash.
fn bare(span: &str) -> &str {
    let end = span.find(['#', ':']).unwrap_or(span.len());
    span[..end].trim_end_matches('/')
}

/// From the root, from the document's own folder, or as the tail of some file's path.
fn exists(document: &str, span: &str, tree: &Tree) -> bool {
    let span = bare(span);
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let anchored = ROOTS.iter().any(|root| span.starts_with(root));
    tree.has(span) || tree.has(&format!("{folder}/{span}")) || (!anchored && tree.has_ending(span))
}

/// A parameter table says where its numbers come from.
pub(crate) fn check_data_source(path: &str, text: &str) -> Option<Finding> {
    let Ok(table) = text.parse::<toml::Table>() else {
        return Some(Finding::new(path, 0, "not readable as TOML"));
    };
    let named = table.iter().any(|(key, value)| names_source(key, value));
    (!named).then(|| {
        Finding::new(
            path,
            0,
            "add `source = \"...\"`: rule, paragraph or publication of the numbers",
        )
    })
}

/// Is this a non-empty `source`, or does it hold one further down?
fn names_source(key: &str, value: &toml::Value) -> bool {
    match value {
        toml::Value::String(text) => key == "source" && !text.trim().is_empty(),
        toml::Value::Table(inner) => inner.iter().any(|(key, value)| names_source(key, value)),
        toml::Value::Array(items) => items.iter().any(|item| names_source(key, item)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let tree = Tree::of_texts(&[
            ("crates/engine/src/apr.rs", ""),
            ("docs/adr/0001-x.md", ""),
            ("data/us/fees.toml", ""),
        ]);
        let crates = BTreeSet::from(["lintel-engine".to_owned()]);
        check_names("docs/guide.md", text, &tree, &crates)
            .into_iter()
            .map(|finding| finding.reason)
            .collect()
    }

    #[test]
    fn paths_that_exist_pass() {
        for text in [
            "`crates/engine/` and `crates/engine/src/apr.rs:12`, `src/apr.rs`, `docs/adr/0001-x.md#because`",
            "`adr/0001-x.md` beside this document",
            "patterns `data/**/*.toml`, `docs/<name>.md`, prose `lib.rs`, foreign `../shared/x.md`",
            "not quoted: crates/nowhere/x.rs",
            "```\ncrates/nowhere/x.rs\n```",
        ] {
            assert_eq!(names(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn paths_that_are_gone_are_found() {
        for text in [
            "`crates/attic/`",
            "a `docs/gone.md` b",
            "`data/us/gone.toml`",
            "`src/gone.rs`",
            "`engine/src`/x `scripts/gone`",
        ] {
            assert_eq!(names(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn crate_names_are_checked_in_prose_and_in_commands() {
        assert_eq!(
            names("`lintel-engine` and `lintel-engine.service`"),
            Vec::<String>::new()
        );
        assert_eq!(names("`lintel-attic`").len(), 1);
        assert_eq!(names("```\ncargo test -p lintel-attic\n```").len(), 1);
        assert_eq!(
            names("```\ncargo test -p lintel-engine\n```"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn one_title_per_document() {
        assert!(check_headings("a.md", "# One\n\n## Two\n```\n# a comment\n```\n").is_none());
        assert!(check_headings("a.md", "## Two\n").is_some());
        assert!(check_headings("a.md", "# One\n# Two\n").is_some());
    }

    #[test]
    fn tables_without_source_are_found() {
        assert!(
            check_data_source("data/a.toml", "source = \"12 CFR 1026, appendix J\"\n").is_none()
        );
        assert!(check_data_source("data/a.toml", "[[row]]\nsource = \"x\"\n").is_none());
        assert!(check_data_source("data/a.toml", "source = \"\"\nfee = 1\n").is_some());
        assert!(check_data_source("data/a.toml", "fee = 1\n").is_some());
        assert!(check_data_source("data/a.toml", "fee = = 1\n").is_some());
    }
}
