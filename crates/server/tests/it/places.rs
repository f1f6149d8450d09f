//! `lintel places` as the program runs it: tables, complaints, exit status.

use std::process::{Command, Output};

fn places(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lintel"));
    command.arg("places").args(words).output().unwrap()
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn zip_codes_and_counties_are_shown() {
    for (words, shown) in [
        (
            &["92649", "06604-1234"][..],
            "Greater Bridgeport Planning Region",
        ),
        (&["--county", "06059"], "Huntington Beach"),
        (&["--attribution"], "CC BY 4.0"),
    ] {
        let output = places(words);
        let (out, err) = texts(&output);
        assert_eq!((output.status.code(), err.as_str()), (Some(0), ""));
        assert!(out.contains(shown), "{out}");
    }
}

#[test]
fn unknown_codes_end_with_1_after_what_was_found() {
    let output = places(&["00000", "92649"]);
    let (out, err) = texts(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(out.contains("Orange County"), "{out}");
    assert_eq!(err, "lintel: 00000 is no ZIP code of the table of places\n");
    let output = places(&["--county", "09001"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(texts(&output).1.contains("planning regions"));
}

#[test]
fn words_that_are_no_codes_are_wrong_usage() {
    for words in [
        &[][..],
        &["9264"],
        &["92649 "],
        &["٩٢٦٤٩"],
        &["--county", "6059"],
        &["--county", "06059", "92649"],
    ] {
        assert_eq!(places(words).status.code(), Some(2), "{words:?}");
    }
}
