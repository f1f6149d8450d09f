//! The commands for people as the program runs them: what it writes where, and how it ends.

use std::fs::File;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn lintel(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lintel"));
    command.args(words).stdin(Stdio::null());
    command
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_help_says_what_lintel_is() {
    let output = lintel(&["--help"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.starts_with("Lintel, the open mortgage-origination server\n"),
        "{text}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_not_passed_over() {
    let words = ["schedule", "--amount", "9", "--rate", "5", "--term", "12"];
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = lintel(&words)
        .arg("--csv")
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("cannot write to standard output"));
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    let words = ["schedule", "--amount", "9", "--rate", "5", "--term", "1200"];
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = lintel(&words)
        .arg("--csv")
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    assert!(output.stderr.is_empty(), "{}", complaint(&output));
}

#[test]
fn calc_names_the_kind_in_the_request_only() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    let with_file = lintel(&["calc", "us_apr", "--input", path]).output();
    assert_eq!(with_file.unwrap().status.code(), Some(2));
    let mut child = lintel(&["calc", "us_apr"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may have ended before it is written to.
    let _ = child.stdin.take().unwrap().write_all(b"{}\n");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(complaint(&output).contains("in each request line"));
    let help = lintel(&["calc", "us_apr", "--help"]).output().unwrap();
    assert_eq!(help.status.code(), Some(0));
}

#[test]
fn calc_names_the_file_it_cannot_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let output = lintel(&["calc", "--input", path]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(complaint(&output).contains(path), "{}", complaint(&output));
}
