//! `lintel import` and `lintel check --data`: an operator's own figures.

use std::fs;
use std::path::{Path, PathBuf};

use super::process::{Finished, bare, run};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../rule_book/tests/it/fixtures")
        .join(name)
}

fn import(words: &[&str], file: &Path, folder: &Path) -> Finished {
    let mut command = bare(&[&["import"], words].concat());
    run(command.arg(file).arg("--rules").arg(folder))
}

fn check(on: &str, folder: &Path) -> Finished {
    let mut command = bare(&["check", "--data", "--on", on, "--rules"]);
    run(command.arg(folder))
}

#[test]
fn the_programs_own_figures_are_in_force() {
    let shown = run(&mut bare(&["check", "--data", "--on", "2026-11-21"]));
    assert_eq!(shown.code, Some(0), "{shown:?}");
    for expected in [
        "us/fha.toml",
        "pt/imt.toml",
        "ends   us/price_amounts.toml",
        "absent us/apor_fixed.toml",
        "demonstration",
    ] {
        assert!(shown.out.contains(expected), "{expected}: {}", shown.out);
    }
    let early = run(&mut bare(&["check", "--data", "--on", "1950-01-01"]));
    assert_eq!(early.code, Some(1), "{early:?}");
    assert!(
        early
            .out
            .contains("FAULT  us/fha.toml: no figures in force"),
        "{}",
        early.out
    );
    let none_soon = run(&mut bare(&[
        "check",
        "--data",
        "--on",
        "2026-11-21",
        "--within",
        "5",
    ]));
    assert!(!none_soon.out.contains("ends "), "{}", none_soon.out);
    let old = run(&mut bare(&["check", "--data", "--on", "2028-01-01"]));
    assert!(
        old.out.contains("old    us/fha.toml: last compared"),
        "{}",
        old.out
    );
}

#[test]
fn a_published_file_is_imported_once_and_then_in_force() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("rules");
    let file = fixture("apor_fixed_heading.txt");
    let dry = import(&["apor-fixed", "--dry-run"], &file, &folder);
    assert_eq!(dry.code, Some(0), "{dry:?}");
    assert!(
        dry.out.contains("would be written") && !folder.exists(),
        "{dry:?}"
    );
    let first = import(&["apor-fixed"], &file, &folder);
    assert!(
        first.out.contains("us/apor_fixed.toml: written"),
        "{first:?}"
    );
    let text = fs::read_to_string(folder.join("us/apor_fixed.toml")).unwrap();
    let again = import(&["apor-fixed"], &file, &folder);
    assert!(again.out.contains("is as it would be written"), "{again:?}");
    let after = fs::read_to_string(folder.join("us/apor_fixed.toml")).unwrap();
    assert_eq!(text, after);

    let counties = fixture("county_limits_saved.csv");
    let counties = import(&["county-limits", "--year", "2026"], &counties, &folder);
    assert_eq!(counties.code, Some(0), "{counties:?}");
    assert!(counties.out.contains("3 counties"), "{counties:?}");
    let note = "lowest limit of one unit is 111111.00, the national baseline of 2026 832750.00";
    assert!(counties.out.contains(note), "{counties:?}");
    let good = check("2026-01-20", &folder);
    assert_eq!(good.code, Some(0), "{good:?}");
    let stale = check("2026-11-21", &folder);
    assert_eq!(stale.code, Some(1), "{stale:?}");
    assert!(stale.out.contains("FAULT  us/apor_fixed.toml"), "{stale:?}");
}

#[test]
fn what_cannot_be_used_is_refused_and_nothing_is_written() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("rules");
    let wrong = import(
        &["apor-adjustable"],
        &fixture("apor_fixed_heading.txt"),
        &folder,
    );
    assert_eq!(wrong.code, Some(1), "{wrong:?}");
    assert!(
        wrong
            .err
            .contains("line 1: this is the table of fixed rates"),
        "{wrong:?}"
    );
    let missing = import(&["euribor"], &place.path().join("none.csv"), &folder);
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(!folder.exists());
    fs::create_dir_all(folder.join("us")).unwrap();
    fs::write(folder.join("us/fhaa.toml"), "").unwrap();
    let misspelt = check("2026-11-21", &folder);
    assert_eq!(misspelt.code, Some(1), "{misspelt:?}");
    let told = "FAULT  rule book: us/fhaa.toml is not a table of the rule book";
    assert!(misspelt.out.contains(told), "{misspelt:?}");
    fs::write(folder.join("us/fha.toml"), "edition = [").unwrap();
    let broken = check("2026-11-21", &folder);
    assert_eq!(broken.code, Some(1), "{broken:?}");
    assert!(broken.out.contains("line 1"), "{broken:?}");
}
