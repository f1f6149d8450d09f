//! Rules about source files: size, banned words, names, headers.
//!
//! Banned texts are written in two halves here, or the rule would find itself.

use std::collections::BTreeMap;

use super::Finding;

/// No source file may be longer than this, tests included.
const LINES_MAX: usize = 600;

/// Above this many non-test lines a file should be split.
const CODE_LINES_SMELL: usize = 400;

/// A text that may not occur, where, and why.
struct Ban {
    text: &'static str,
    /// File endings the ban applies to; empty means every text file.
    endings: &'static [&'static str],
    reason: &'static str,
}

const RUST: &[&str] = &[".rs"];

const BANS: &[Ban] = &[
    Ban {
        text: concat!("todo", "!("),
        endings: RUST,
        reason: "what is not implemented must not be representable",
    },
    Ban {
        text: concat!("unimplemented", "!("),
        endings: RUST,
        reason: "what is not implemented must not be representable",
    },
    Ban {
        text: concat!("dbg", "!("),
        endings: RUST,
        reason: "use tracing, or remove it",
    },
    Ban {
        text: concat!("#[", "allow("),
        endings: RUST,
        reason: "use #[expect(lint, reason = \"...\")]",
    },
    Ban {
        text: concat!("#![", "allow("),
        endings: RUST,
        reason: "use #[expect(lint, reason = \"...\")]",
    },
    Ban {
        text: concat!("as ", "any"),
        endings: &[".ts", ".tsx"],
        reason: "give the value its type",
    },
    Ban {
        text: concat!("<<<<<", "<< "),
        endings: &[],
        reason: "a merge was left unfinished",
    },
    Ban {
        text: concat!("/ho", "me/"),
        endings: &[],
        reason: "no machine's paths in the repository",
    },
    Ban {
        text: concat!("/ro", "ot/"),
        endings: &[],
        reason: "no machine's paths in the repository",
    },
    Ban {
        text: concat!("/wo", "rk/"),
        endings: &[],
        reason: "no machine's paths in the repository",
    },
    Ban {
        text: concat!("/t", "mp/"),
        endings: &[],
        reason: "use a temporary folder of the platform's choosing",
    },
];

/// Parts of a host name that give away a package registry or a mirror of one.
const REGISTRY_WORDS: &[&str] = &[
    "registry",
    "mirror",
    "artifactory",
    "nexus",
    "pypi",
    "npmjs",
    "crates.io",
    "proxy.golang",
    "deb.debian",
];

/// The one index our crates come from; these two files have to name it.
const INDEX: &str = concat!("https://github.com/rust-lang/", "crates.io-index");
const NAMES_INDEX: &[&str] = &["Cargo.lock", "deny.toml"];

/// Endings of type names that say nothing about the type.
const EMPTY_SUFFIXES: &[&str] = &[
    "Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "Base",
];

/// File names that say nothing about the content.
const EMPTY_STEMS: &[&str] = &[
    "manager", "helper", "helpers", "util", "utils", "misc", "common",
];

/// Does the size rule look at this file?
pub(crate) fn has_size_limit(path: &str) -> bool {
    path.ends_with(".rs") || path.ends_with(".php") || path.starts_with("scripts/")
}

fn is_test_file(path: &str) -> bool {
    path.contains("/tests/") || path.starts_with("tests-") || path.contains("/benches/")
}

/// Lines before the in-file tests, which by our habit stand at the end of the file.
fn code_lines(path: &str, text: &str) -> usize {
    if is_test_file(path) {
        return 0;
    }
    text.lines()
        .take_while(|line| line.trim_end() != "#[cfg(test)]")
        .count()
}

/// Length of one file; `listed` says whether it is in the list of known long files.
pub(crate) fn check_length(path: &str, text: &str, listed: bool) -> Option<Finding> {
    let total = text.lines().count();
    let code = code_lines(path, text);
    if total > LINES_MAX {
        return Some(Finding::new(
            path,
            0,
            format!("{total} lines, {LINES_MAX} at most: split it"),
        ));
    }
    match (code > CODE_LINES_SMELL, listed) {
        (true, false) => Some(Finding::new(
            path,
            0,
            format!("{code} lines without tests, {CODE_LINES_SMELL} at most: split it"),
        )),
        (false, true) => Some(Finding::new(
            path,
            0,
            "no longer long: drop it from LONG_FILES and lower the number",
        )),
        _ => None,
    }
}

/// Banned words and foreign hosts, line by line.
pub(crate) fn check_words(path: &str, text: &str) -> Vec<Finding> {
    let applies =
        |ban: &&Ban| ban.endings.is_empty() || ban.endings.iter().any(|end| path.ends_with(end));
    let bans: Vec<&Ban> = BANS.iter().filter(applies).collect();
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for ban in bans.iter().filter(|ban| occurs(line, ban.text)) {
            findings.push(Finding::new(
                path,
                index + 1,
                format!("`{}`: {}", ban.text, ban.reason),
            ));
        }
        if let Some(host) = registry_host(path, line) {
            findings.push(Finding::new(
                path,
                index + 1,
                format!("registry host {host}: leave it to the machine's settings"),
            ));
        }
    }
    findings
}

/// Does `needle` stand in `line` as a text of its own? `/x/` inside `a/x/b` is somebody's folder.
fn occurs(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let part_of_path = |c: char| c.is_alphanumeric() || "._-}".contains(c);
        !(needle.starts_with('/') && before.is_some_and(part_of_path))
    })
}

/// The first URL host of the line that looks like a package registry.
fn registry_host<'a>(path: &str, line: &'a str) -> Option<&'a str> {
    if NAMES_INDEX.contains(&path) && line.contains(INDEX) {
        return None;
    }
    let hosts = line.match_indices("://").map(|(at, mark)| {
        let rest = &line[at + mark.len()..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || ".-:@_".contains(c)));
        &rest[..end.unwrap_or(rest.len())]
    });
    let mut hosts = hosts.filter(|host| REGISTRY_WORDS.iter().any(|word| host.contains(word)));
    hosts.next()
}

/// Rules about where a file lies and what it is called.
pub(crate) fn check_path(path: &str) -> Option<Finding> {
    let (stem, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
    if ending != "rs" {
        return None;
    }
    if stem == "mod" {
        return Some(Finding::new(
            path,
            0,
            "write foo.rs beside foo/ instead of a mod.rs",
        ));
    }
    let empty = EMPTY_STEMS.contains(&stem);
    empty.then(|| Finding::new(path, 0, format!("`{stem}` says nothing: name the noun")))
}

/// Every source file opens with what it is for; test files may skip it.
pub(crate) fn check_header(path: &str, text: &str) -> Option<Finding> {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let silent = !is_test_file(path)
        && first
            .strip_prefix("//!")
            .is_none_or(|rest| rest.trim().len() < 8);
    silent.then(|| {
        Finding::new(
            path,
            1,
            "open with `//!` and a sentence on what the file is for",
        )
    })
}

/// Types are named after nouns of the trade.
pub(crate) fn check_type_names(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(name) = declared_type(line) else {
            continue;
        };
        if let Some(suffix) = EMPTY_SUFFIXES.iter().find(|suffix| name.ends_with(*suffix)) {
            findings.push(Finding::new(
                path,
                index + 1,
                format!("{name}: `{suffix}` says nothing, name the noun"),
            ));
        }
    }
    findings
}

/// The name in `struct Name`, `pub(crate) enum Name`, `trait Name` or `type Name`.
fn declared_type(line: &str) -> Option<&str> {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| word.starts_with("pub") || *word == "unsafe");
    if !matches!(words.next()?, "struct" | "enum" | "trait" | "type") {
        return None;
    }
    let name = words.next()?;
    let end = name
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(name.len());
    Some(&name[..end])
}

/// More than one integration binary per crate means linking everything more than once.
pub(crate) fn check_test_binaries<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<Finding> {
    let mut binaries: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths {
        let Some((folder, rest)) = path
            .strip_prefix("crates/")
            .and_then(|rest| rest.split_once("/tests/"))
        else {
            continue;
        };
        let is_binary = match rest.split_once('/') {
            None => rest.ends_with(".rs"),
            Some((_, inner)) => inner == "main.rs",
        };
        if is_binary {
            binaries.entry(folder).or_default().push(path);
        }
    }
    let many = binaries.values().filter(|paths| paths.len() > 1);
    many.map(|paths| {
        Finding::new(
            paths[1],
            0,
            "a second integration binary: make it a module of tests/it",
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted() {
        let long = "x\n".repeat(401);
        let tested = format!("{}#[cfg(test)]\n{long}", "x\n".repeat(150));
        assert!(check_length("crates/a/src/b.rs", &long, false).is_some());
        assert!(check_length("crates/a/src/b.rs", &tested, false).is_none());
        assert!(check_length("crates/a/tests/it/b.rs", &long, false).is_none());
        assert!(check_length("crates/a/tests/it/b.rs", &"x\n".repeat(601), false).is_some());
        assert!(
            check_length("crates/a/src/b.rs", &long, true).is_none(),
            "the list excuses it"
        );
        assert!(
            check_length("crates/a/src/b.rs", "x\n", true).is_some(),
            "the list may only shrink"
        );
        assert!(
            check_length("crates/a/src/b.rs", &"x\n".repeat(601), true).is_some(),
            "never above 600"
        );
    }

    #[test]
    fn banned_words_are_found_with_their_line() {
        for line in [
            concat!("todo", "!()"),
            concat!("    #[", "allow(dead_code)]"),
            concat!("let x = dbg", "!(y);"),
            concat!("see /ho", "me/someone/notes"),
            concat!("\"/wo", "rk/main\""),
            concat!("open(\"/t", "mp/x\")"),
            concat!("curl https:", "//registry.example.net/x"),
            concat!("http:", "//my-mirror.local:8080/crates"),
        ] {
            let findings = check_words("crates/a/src/b.rs", &format!("fine\n{line}\n"));
            assert_eq!(findings.len(), 1, "{line}");
            assert_eq!(findings[0].line, 2, "{line}");
        }
    }

    #[test]
    fn innocent_words_are_left_alone() {
        let lines = "works as any plain user\nuses crates/a/work/b and net/work/x\n\
                     https://docs.rs/sqlx http://www.w3.org/1999/xlink\n${TMPDIR:-/tmp}\n#[expect(x, reason = \"y\")]\n";
        assert_eq!(check_words("crates/a/src/b.rs", lines), []);
        assert_eq!(
            check_words("deny.toml", &format!("allow = [\"{INDEX}\"]")),
            []
        );
        assert_eq!(
            check_words("README.md", INDEX),
            [],
            "a repository address is no registry host"
        );
        assert_eq!(check_words("a.ts", concat!("x as ", "any")).len(), 1);
    }

    #[test]
    fn empty_names_are_found() {
        for line in [
            "pub struct LoanManager {",
            "enum TokenHelper<T> {",
            "pub(crate) trait StoreBase: Send {",
            "type X_Impl = u8;",
        ] {
            assert_eq!(check_type_names("a.rs", line).len(), 1, "{line}");
        }
        for line in [
            "struct Database;",
            "// struct LoanManager is banned",
            "pub struct Basement(u8);",
            "let base = 1;",
        ] {
            assert_eq!(check_type_names("a.rs", line), [], "{line}");
        }
        assert!(check_path("crates/a/src/b/mod.rs").is_some());
        assert!(check_path("crates/a/src/utils.rs").is_some());
        assert!(check_path("crates/a/src/money.rs").is_none());
    }

    #[test]
    fn headers_are_wanted() {
        assert!(check_header("crates/a/src/b.rs", "use x;\n").is_some());
        assert!(check_header("crates/a/src/b.rs", "//!\n").is_some());
        assert!(check_header("crates/a/src/b.rs", "").is_some());
        assert!(check_header("crates/a/src/b.rs", "\n//! Integer cents.\n").is_none());
        assert!(check_header("crates/a/tests/it/b.rs", "use x;\n").is_none());
    }

    #[test]
    fn a_second_test_binary_is_found() {
        let one = [
            "crates/a/tests/it/main.rs",
            "crates/a/tests/it/x.rs",
            "crates/b/tests/it.rs",
            "crates/a/src/tests/x.rs",
        ];
        assert_eq!(check_test_binaries(one.into_iter()), []);
        let two = ["crates/a/tests/it/main.rs", "crates/a/tests/other.rs"];
        assert_eq!(check_test_binaries(two.into_iter()).len(), 1);
    }
}
