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
    let wrong = run(&mut bare(&["check", "--data", "--on", "2999-01-01"]));
    assert!(wrong.err.contains("1900 to 2200"), "{wrong:?}");
}

/// A folder with the program's own table of USDA, in which one text is replaced by another.
fn folder_with_usda(place: &Path, replace: &[(&str, &str)]) -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/us/usda.toml");
    let mut text = fs::read_to_string(data).unwrap();
    for (from, to) in replace {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    let folder = place.join("rules");
    fs::create_dir_all(folder.join("us")).unwrap();
    fs::write(folder.join("us/usda.toml"), text).unwrap();
    folder
}

#[test]
fn the_age_of_a_comparison_is_reckoned_from_today() {
    let place = tempfile::tempdir().unwrap();
    let checked = |day| format!("checked_on = \"{day}\"");
    let embedded = checked("2026-11-21");
    let folder = folder_with_usda(place.path(), &[(&embedded, &checked("2024-01-01"))]);
    for day in ["2024-01-02", "2026-11-21"] {
        let old = check(day, &folder);
        let told = "old    us/usda.toml: last compared with its source on 2024-01-01";
        assert!(old.out.contains(told), "{}", old.out);
    }
    let folder = folder_with_usda(place.path(), &[(&embedded, &checked("2190-01-01"))]);
    let early = check("2026-11-21", &folder);
    assert_eq!(early.code, Some(1), "{early:?}");
    assert!(
        early.out.contains("FAULT  us/usda.toml: checked_on"),
        "{early:?}"
    );
}

#[test]
fn a_table_that_has_ended_is_a_fault_without_data_too() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("rules");
    let file = fixture("apor_fixed_heading.txt");
    assert_eq!(import(&["apor-fixed"], &file, &folder).code, Some(0));
    let set = format!("rules.folder={}", folder.display());
    let data = place.path().join("data");
    let mut command = bare(&["check", "--set", &set, "--data-folder"]);
    let shown = run(command.arg(&data));
    assert_eq!(shown.code, Some(1), "{shown:?}");
    let told = "FAULT  us/apor_fixed.toml: no figures in force on";
    assert!(shown.out.contains(told), "{shown:?}");
}

#[test]
fn a_folder_that_cannot_be_used_is_unusable_configuration() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("rules");
    fs::create_dir_all(folder.join("us")).unwrap();
    fs::write(folder.join("us/fha.toml"), "edition = [").unwrap();
    let set = format!("rules.folder={}", folder.display());
    let data = place.path().join("data");
    for words in [&["serve"][..], &["check"]] {
        let mut command = bare(&[words, &["--set", &set, "--data-folder"]].concat());
        let ended = run(command.arg(&data));
        let wanted = if words == ["serve"] { 2 } else { 1 };
        assert_eq!(ended.code, Some(wanted), "{ended:?}");
        assert!(!ended.out.contains("rule book: rule book"), "{ended:?}");
    }
    assert!(!data.join("lintel.sqlite").exists());
}

#[test]
fn a_calculation_complains_of_a_misspelt_table() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir_all(place.path().join("pt")).unwrap();
    fs::write(place.path().join("pt/imtt.toml"), "").unwrap();
    let imt = [
        "imt",
        "--value",
        "250000",
        "--date",
        "2026-11-21",
        "--rules",
    ];
    for words in [&imt[..], &["calc", "--rules"]] {
        let ended = run(bare(words).arg(place.path()));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let told = "lintel: pt/imtt.toml is not a table of the rule book";
        assert!(ended.err.contains(told), "{ended:?}");
    }
}

#[test]
fn county_limits_are_compared_with_the_folders_own_baseline() {
    let place = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/us/loan_limits.toml");
    let text = fs::read_to_string(data).unwrap();
    let folder = place.path().join("rules");
    fs::create_dir_all(folder.join("us")).unwrap();
    let own = text.replace("832750", "832751");
    assert!(own != text, "the baseline of 2026");
    fs::write(folder.join("us/loan_limits.toml"), own).unwrap();
    let counties = fixture("county_limits_saved.csv");
    let words = ["county-limits", "--year", "2026", "--dry-run"];
    let told = import(&words, &counties, &folder);
    assert!(told.out.contains("baseline of 2026 832751.00"), "{told:?}");
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
