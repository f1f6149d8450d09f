//! House rules as a test: one pass over the files of the repository.
//!
//! Each checker is a function from text to findings, so its own tests show that it can fail
//! without touching the repository. The tests at the end of this file run all of them over the
//! real tree and print every finding at once. `CONTRIBUTING.md` has the rules in prose.

mod document;
mod manifest;
mod source;
mod tree;

use std::fmt::{self, Write as _};

use tree::Tree;

/// Files with more than 400 non-test lines, from before the rule or with an excuse.
///
/// The list may only shrink: a file that is back under the limit must leave it, and the number of
/// entries is pinned by [`LONG_FILES_PINNED`].
const LONG_FILES: &[&str] = &[];

/// Lower this when an entry leaves [`LONG_FILES`]; never raise it.
const LONG_FILES_PINNED: usize = 0;

/// One broken rule at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Path from the root of the repository.
    path: String,
    /// Line counted from 1; 0 when the finding is about the whole file.
    line: usize,
    /// What is wrong and what to do instead.
    reason: String,
}

impl Finding {
    fn new(path: &str, line: usize, reason: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(out, "{}: {}", self.path, self.reason)
        } else {
            write!(out, "{}:{}: {}", self.path, self.line, self.reason)
        }
    }
}

/// Fails with every finding listed, so that one run is enough to repair all of them.
#[track_caller]
fn must_be_empty(mut findings: Vec<Finding>) {
    findings.sort();
    let mut text = String::new();
    for finding in &findings {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {finding}");
    }
    assert!(
        findings.is_empty(),
        "{} tidy finding(s):\n{text}",
        findings.len()
    );
}

#[test]
fn the_walk_sees_the_repository() {
    // A walk that finds nothing would make every other rule pass.
    let tree = Tree::of_repository();
    for expected in [
        "Cargo.toml",
        "Cargo.lock",
        "LICENSE",
        "crates/server/tests/it/tidy.rs",
    ] {
        assert!(
            tree.text(expected).is_some(),
            "{expected} is not in the walk"
        );
    }
    assert!(
        tree.paths().all(|path| !path.starts_with("target/")),
        "build output in the walk"
    );
}

#[test]
fn crates_depend_downwards_only() {
    let tree = Tree::of_repository();
    let mut findings = Vec::new();
    let mut seen = 0;
    for (path, text) in tree.matching(manifest::is_crate_manifest) {
        seen += 1;
        findings.extend(manifest::check_crate(path, text));
    }
    assert!(seen >= 2, "the workspace has {seen} crate manifest(s)");
    must_be_empty(findings);
}

#[test]
fn workspace_dependencies_give_their_reason_and_are_documented() {
    let tree = Tree::of_repository();
    let text = tree.text("Cargo.toml").unwrap_or_default();
    let mut findings = manifest::check_workspace("Cargo.toml", text);
    let listed = tree.text("docs/dependencies.md").unwrap_or_default();
    findings.extend(manifest::check_dependency_table(
        "docs/dependencies.md",
        listed,
        text,
    ));
    must_be_empty(findings);
}

#[test]
fn every_crate_has_one_integration_binary() {
    must_be_empty(source::check_test_binaries(Tree::of_repository().paths()));
}

#[test]
fn files_have_a_pleasant_size() {
    assert_eq!(
        LONG_FILES.len(),
        LONG_FILES_PINNED,
        "the list of long files may only shrink"
    );
    let tree = Tree::of_repository();
    let mut findings = Vec::new();
    for (path, text) in tree.matching(source::has_size_limit) {
        findings.extend(source::check_length(path, text, LONG_FILES.contains(&path)));
    }
    for listed in LONG_FILES
        .iter()
        .filter(|listed| tree.text(listed).is_none())
    {
        findings.push(Finding::new(
            listed,
            0,
            "listed as long but gone: drop it from LONG_FILES",
        ));
    }
    must_be_empty(findings);
}

#[test]
fn sources_use_no_banned_words_and_names() {
    let tree = Tree::of_repository();
    let mut findings = Vec::new();
    for (path, text) in tree.matching(|_| true) {
        findings.extend(source::check_words(path, text));
        findings.extend(source::check_path(path));
        if path.ends_with(".rs") {
            findings.extend(source::check_header(path, text));
            findings.extend(source::check_type_names(path, text));
        }
    }
    must_be_empty(findings);
}

#[test]
fn documents_name_only_what_exists() {
    let tree = Tree::of_repository();
    let crates = manifest::package_names(&tree);
    let mut findings = Vec::new();
    let mut seen = 0;
    for (path, text) in tree.matching(|path| path.ends_with(".md")) {
        seen += 1;
        findings.extend(document::check_headings(path, text));
        findings.extend(document::check_names(path, text, &tree, &crates));
    }
    assert!(seen > 0, "no document found");
    must_be_empty(findings);
}

#[test]
fn parameter_tables_name_their_source() {
    let tree = Tree::of_repository();
    // The demo lender's catalogue and the demo bank's offer are invented, and say so.
    let is_demo = |path: &str| {
        ["data/demo/", "data/demo_bank/"]
            .iter()
            .any(|of| path.starts_with(of))
    };
    let is_table =
        |path: &str| path.starts_with("data/") && !is_demo(path) && path.ends_with(".toml");
    let mut findings = Vec::new();
    for (path, text) in tree.matching(is_table) {
        findings.extend(document::check_data_source(path, text));
    }
    must_be_empty(findings);
}

#[test]
fn the_licence_text_is_there() {
    let tree = Tree::of_repository();
    let text = tree.text("LICENSE").unwrap_or_default();
    for part in [
        "Apache License",
        "Version 2.0",
        "END OF TERMS AND CONDITIONS",
    ] {
        assert!(text.contains(part), "LICENSE has no {part:?}");
    }
}
