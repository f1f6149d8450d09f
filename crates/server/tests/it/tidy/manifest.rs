//! Crate arrows and dependency reasons, read from the manifests.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;

/// The floor of each package. A crate may use what lies on a lower floor, never its own.
const FLOORS: &[(&str, u8)] = &[
    ("lintel-engine", 0),
    ("lintel-bucket", 0),
    ("lintel-macros", 0),
    ("lintel-domain", 1),
    ("lintel-mismo", 1),
    ("lintel-places", 1),
    ("lintel-taxonomy", 1),
    ("lintel-papers", 2),
    ("lintel-rule-book", 2),
    ("lintel-letters", 2),
    ("lintel-pricing", 2),
    ("lintel-store", 2),
    ("lintel-calc", 3),
    ("lintel-offer", 3),
    ("lintel-app", 3),
    ("lintel-export", 3),
    ("lintel-blobs", 4),
    ("lintel-edge", 4),
    ("lintel-los", 4),
    ("lintel-post", 4),
    ("lintel-watch", 4),
    ("lintel-desk", 4),
    ("lintel-callbacks", 4),
    ("lintel-intermediaries", 4),
    ("lintel-simulations", 4),
    ("lintel-processes", 4),
    ("lintel-pages", 5),
    ("lintel-wire-lender", 5),
    ("lintel-wire-partners", 5),
    ("lintel-server", 6),
    (TESTKIT, 3),
];

/// Test support: may be named under `[dev-dependencies]` only, by any crate.
const TESTKIT: &str = "lintel-testkit";

/// Neighbours on one floor that may still use each other: documents are mapped to domain nouns; the
/// nouns of the Portuguese market follow each other, and tell partners of their changes.
const SAME_FLOOR: &[(&str, &str)] = &[
    ("lintel-mismo", "lintel-domain"),
    ("lintel-taxonomy", "lintel-domain"),
    ("lintel-simulations", "lintel-callbacks"),
    ("lintel-processes", "lintel-callbacks"),
    ("lintel-processes", "lintel-simulations"),
];

/// Packages without I/O, clock and logging, and what that forbids them to link.
const PURE: &[&str] = &[
    "lintel-engine",
    "lintel-domain",
    "lintel-mismo",
    "lintel-places",
    "lintel-taxonomy",
    "lintel-papers",
    "lintel-offer",
];
const IMPURE: &[&str] = &[
    "axum",
    "futures-util",
    "hyper",
    "hyper-util",
    "metrics",
    "ring",
    "sqlx",
    "tokio",
    "tower",
    "tracing",
    "tracing-subscriber",
    "ureq",
];

/// Is this the manifest of a member crate?
pub(crate) fn is_crate_manifest(path: &str) -> bool {
    path.strip_prefix("crates/")
        .and_then(|rest| rest.strip_suffix("/Cargo.toml"))
        .is_some_and(|folder| !folder.contains('/'))
}

/// The package names of all member crates.
pub(crate) fn package_names(tree: &Tree) -> BTreeSet<String> {
    let manifests = tree.matching(is_crate_manifest);
    manifests
        .filter_map(|(_, text)| package_name(&text.parse().ok()?))
        .collect()
}

fn package_name(manifest: &toml::Table) -> Option<String> {
    Some(manifest.get("package")?.get("name")?.as_str()?.to_owned())
}

fn floor_of(name: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, floor)| *floor)
}

/// Arrows, pure floors, shared lints: everything a crate's own manifest can break.
pub(crate) fn check_crate(path: &str, text: &str) -> Vec<Finding> {
    let found = |reason: String| Finding::new(path, 0, reason);
    let Ok(manifest) = text.parse::<toml::Table>() else {
        return vec![found("not readable as TOML".to_owned())];
    };
    let Some(name) = package_name(&manifest) else {
        return vec![found("package.name is missing".to_owned())];
    };
    let mut findings = Vec::new();
    if floor_of(&name).is_none() {
        findings.push(found(format!(
            "{name} has no floor: add it to FLOORS and ARCHITECTURE.md"
        )));
    }
    // Test support may panic, so it lives outside the shared lints.
    let lints = manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"));
    if name != TESTKIT && lints.and_then(toml::Value::as_bool) != Some(true) {
        findings.push(found("add [lints] workspace = true".to_owned()));
    }
    for (section, dependency) in dependencies(&manifest) {
        if let Some(reason) = arrow_problem(&name, &section, &dependency) {
            findings.push(found(reason));
        }
    }
    findings
}

/// Every dependency with the section it stands in, including the per-target sections.
fn dependencies(manifest: &toml::Table) -> Vec<(String, String)> {
    let mut tables = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(toml::Value::as_table));
    }
    let mut all = Vec::new();
    for table in tables {
        for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let names = table.get(section).and_then(toml::Value::as_table);
            all.extend(
                names
                    .into_iter()
                    .flat_map(toml::Table::keys)
                    .map(|name| (section.to_owned(), name.clone())),
            );
        }
    }
    all
}

/// Why `name` may not list `dependency` in `section`, if it may not.
fn arrow_problem(name: &str, section: &str, dependency: &str) -> Option<String> {
    let in_tests = section == "dev-dependencies";
    if dependency == TESTKIT {
        return (!in_tests).then(|| format!("{TESTKIT} is for [dev-dependencies] only"));
    }
    if !dependency.starts_with("lintel-") {
        let impure = !in_tests && PURE.contains(&name) && IMPURE.contains(&dependency);
        return impure.then(|| format!("{name} is pure and may not link {dependency}"));
    }
    let (Some(own), Some(other)) = (floor_of(name), floor_of(dependency)) else {
        return Some(format!("{dependency} has no floor in FLOORS"));
    };
    // A crate's tests may switch on a feature of the crate itself.
    let own_feature = in_tests && dependency == name;
    if other < own || own_feature || SAME_FLOOR.contains(&(name, dependency)) {
        return None;
    }
    let kind = if other == own {
        "a sibling"
    } else {
        "above it"
    };
    Some(format!(
        "{name} may not use {dependency}, which is {kind}: arrows point down"
    ))
}

/// The lines of `[workspace.dependencies]` that name a foreign crate: line, name, whole line.
fn foreign_dependencies(text: &str) -> Vec<(usize, &str, &str)> {
    let mut inside = false;
    let mut all = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.trim() == "[workspace.dependencies]";
        } else if inside
            && let Some((name, _)) = line.split_once('=')
            && !line.starts_with(['#', ' '])
            && !name.starts_with("lintel-")
        {
            all.push((index + 1, name.trim().trim_end_matches(".workspace"), line));
        }
    }
    all
}

/// Each foreign dependency says on its own line why it is there.
pub(crate) fn check_workspace(path: &str, text: &str) -> Vec<Finding> {
    let foreign = foreign_dependencies(text);
    if foreign.is_empty() {
        return vec![Finding::new(path, 0, "no [workspace.dependencies] found")];
    }
    let silent = foreign.iter().filter(|(_, _, line)| {
        let reason = line.rsplit_once(" # ").map_or("", |(_, reason)| reason);
        reason.trim().len() < 6
    });
    silent
        .map(|(line, name, _)| Finding::new(path, *line, format!("{name}: add `# why it is here`")))
        .collect()
}

/// The dependency table names every foreign dependency, and none that is gone.
pub(crate) fn check_dependency_table(path: &str, table: &str, workspace: &str) -> Vec<Finding> {
    let wanted: BTreeSet<&str> = foreign_dependencies(workspace)
        .into_iter()
        .map(|(_, name, _)| name)
        .collect();
    let listed: BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let missing = wanted
        .difference(&listed)
        .map(|name| format!("no row for `{name}`"));
    let gone = listed
        .difference(&wanted)
        .map(|name| format!("`{name}` is no dependency any more"));
    missing
        .chain(gone)
        .map(|reason| Finding::new(path, 0, reason))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, rest: &str) -> Vec<Finding> {
        let text = format!("[package]\nname = \"{name}\"\n[lints]\nworkspace = true\n{rest}");
        check_crate("crates/x/Cargo.toml", &text)
    }

    #[test]
    fn arrows_down_are_fine() {
        assert_eq!(
            manifest(
                "lintel-store",
                "[dependencies]\nlintel-domain.workspace = true\n"
            ),
            []
        );
        assert_eq!(
            manifest(
                "lintel-mismo",
                "[dependencies]\nlintel-domain.workspace = true\n"
            ),
            []
        );
        assert_eq!(
            manifest(
                "lintel-store",
                "[dev-dependencies]\nlintel-testkit.workspace = true\n"
            ),
            []
        );
        assert_eq!(
            manifest(
                "lintel-engine",
                "[dev-dependencies]\ntokio.workspace = true\n"
            ),
            []
        );
    }

    #[test]
    fn arrows_up_and_sideways_are_found() {
        for (name, rest) in [
            (
                "lintel-domain",
                "[dependencies]\nlintel-store.workspace = true\n",
            ),
            (
                "lintel-domain",
                "[dependencies]\nlintel-mismo.workspace = true\n",
            ),
            (
                "lintel-app",
                "[dependencies]\nlintel-app.workspace = true\n",
            ),
            (
                "lintel-app",
                "[dependencies]\nlintel-testkit.workspace = true\n",
            ),
            (
                "lintel-app",
                "[dependencies]\nlintel-surprise.workspace = true\n",
            ),
            (
                "lintel-edge",
                "[target.'cfg(unix)'.dependencies]\nlintel-server.workspace = true\n",
            ),
            (
                "lintel-edge",
                "[dev-dependencies]\nlintel-wire-lender.workspace = true\n",
            ),
            ("lintel-engine", "[dependencies]\ntokio.workspace = true\n"),
            ("lintel-attic", ""),
        ] {
            assert_eq!(manifest(name, rest).len(), 1, "{name}: {rest}");
        }
    }

    #[test]
    fn a_manifest_without_shared_lints_or_unreadable_is_found() {
        assert_eq!(
            check_crate("p", "[package]\nname = \"lintel-app\"\n").len(),
            1
        );
        assert_eq!(check_crate("p", "[package\n").len(), 1);
        assert_eq!(check_crate("p", "[lints]\nworkspace = true\n").len(), 1);
    }

    #[test]
    fn a_dependency_without_reason_is_found() {
        let text = "[workspace.dependencies]\nlintel-app = { path = \"x\" }\na = \"1\" # does things\nb = \"2\"\n[x]\nc = 1\n";
        assert_eq!(
            check_workspace("Cargo.toml", text),
            [Finding::new("Cargo.toml", 4, "b: add `# why it is here`")]
        );
        assert_eq!(check_workspace("Cargo.toml", "[workspace]\n").len(), 1);
    }

    #[test]
    fn a_stale_dependency_table_is_found() {
        let workspace =
            "[workspace.dependencies]\na = \"1\" # one thing\nb = \"1\" # other thing\n";
        let ok = "| `a` | x |\n| `b` | y |\n";
        assert_eq!(check_dependency_table("d.md", ok, workspace), []);
        assert_eq!(
            check_dependency_table("d.md", "| `a` | x |\n| `c` | y |\n", workspace).len(),
            2
        );
    }
}
