//! Exports: what was read is written, nothing is lost, and writing is stable.

use std::path::PathBuf;

use lintel_domain::application::Application;
use lintel_mismo::{
    Carried, Code, Finding, Import, Limits, Severity, WriteFacts, Written, read, read_str, write,
};

use super::compare::differences;
use super::fixtures;

pub const FACTS: WriteFacts<'_> = WriteFacts {
    created: "2026-11-21T15:00:00Z",
    system_name: "Lintel",
    system_vendor_id: None,
    system_version: Some("0.1.0"),
};

/// The valid samples; they live beside the repository.
const SAMPLES: &[&str] = &[
    "du-c01-purchase-fixed.xml",
    "du183-c01-purchase-fixed.xml",
    "du-c04-refi-limited-cashout-heloc.xml",
    "du-c07-purchase-homeready-second.xml",
    "du-fha02-refi-no-cashout.xml",
    "du-fha04-refi-cashout-two-unit.xml",
    "du-va01-purchase-fixed.xml",
    "ulad-purchase-example-template.xml",
];

/// What an export differs in on purpose: the document (empty for all), the beginning and the end of
/// a line, and why.
const ON_PURPOSE: &[[&str; 4]] = &[
    [
        "",
        "changed",
        "ABOUT_VERSION/CreatedDatetime",
        "the time of the export",
    ],
    [
        "",
        "added",
        "ABOUT_VERSION/CreatedDatetime",
        "the time of the export",
    ],
    [
        "",
        "added",
        "ORIGINATION_SYSTEM/LoanOriginationSystemName",
        "we are one more system",
    ],
    [
        "",
        "added",
        "ORIGINATION_SYSTEM/LoanOriginationSystemVersionIdentifier",
        "ours",
    ],
    [
        "",
        "changed",
        "@MISMOReferenceModelIdentifier",
        "ours is always the full one",
    ],
    [
        "fixture 1",
        "changed",
        "ContactPointEmailValue",
        "two addresses in one value",
    ],
    [
        "fixture 1",
        "added",
        "ContactPointEmailValue",
        "two addresses in one value",
    ],
    [
        "fixture 1",
        "changed",
        "TaxpayerIdentifierValue",
        "hyphens are none of its digits",
    ],
    [
        "fixture 2",
        "missing",
        "DataVersionName",
        "an export is no request to another agency",
    ],
    [
        "fixture 5",
        "missing",
        "/LoanIdentifier",
        "a placeholder is not a value",
    ],
    [
        "fixture 5",
        "missing",
        "/NoteRatePercent",
        "a placeholder is not a value",
    ],
    [
        "ulad",
        "missing",
        "/LoanIdentifier",
        "a placeholder is not a value",
    ],
    [
        "ulad",
        "missing",
        "",
        "embedded files stay in the source document",
    ],
];

fn samples() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/mismo");
    let mut found = Vec::new();
    for name in SAMPLES {
        match std::fs::read_to_string(PathBuf::from(folder).join(name)) {
            Ok(text) => found.push(((*name).to_owned(), text)),
            Err(_) => println!("SKIPPED: no shared sample {name}"),
        }
    }
    found
}

/// Every fixture and every sample.
fn documents() -> Vec<(String, String)> {
    let own = fixtures::ALL.iter().enumerate();
    let mut all: Vec<_> = own
        .map(|(index, text)| (format!("fixture {index}"), (*text).to_owned()))
        .collect();
    all.extend(samples());
    all
}

pub fn import(name: &str, text: &str) -> Import {
    read_str(text, &Limits::default()).unwrap_or_else(|r| panic!("{name}: {:#?}", r.findings))
}

pub fn export(import: &Import) -> Written {
    write(&import.application, &import.carried, &FACTS)
}

/// An application without our own entry among the systems it came through.
pub fn without_us(mut application: Application) -> Application {
    let systems = &mut application.loan.origination_systems;
    systems.retain(|system| system.name.as_deref() != Some(FACTS.system_name));
    application
}

#[test]
fn what_was_read_is_what_is_read_again() {
    for (name, text) in documents() {
        let first = import(&name, &text);
        let written = export(&first);
        assert_eq!(written.findings, [], "{name}");
        let second = import(&name, &written.xml);
        let expected = without_us(first.application);
        similar(&name, &expected, &without_us(second.application));
    }
}

/// Compares two applications; their text shows where they differ, account numbers apart.
pub fn similar(name: &str, a: &Application, b: &Application) {
    if a != b {
        let (a, b) = (format!("{a:#?}"), format!("{b:#?}"));
        let lines = a.lines().zip(b.lines()).filter(|(x, y)| x != y).take(20);
        panic!("{name}: {:#?}", lines.collect::<Vec<_>>());
    }
}

#[test]
fn writing_is_stable() {
    for (name, text) in documents() {
        let first = import(&name, &text);
        let once = export(&first);
        assert!(once == export(&first), "{name}: two exports differ");
        let again = export(&import(&name, &once.xml));
        if once.xml != again.xml {
            let lines = once.xml.lines().zip(again.xml.lines());
            let different: Vec<_> = lines.filter(|(x, y)| x != y).take(10).collect();
            panic!("{name}: {different:#?}");
        }
    }
}

#[test]
fn nothing_is_lost_in_an_export() {
    let mut lines = Vec::new();
    for (name, text) in documents() {
        let written = export(&import(&name, &text));
        let found = differences(&text, &written.xml);
        let found = found.into_iter().filter(|line| !is_on_purpose(&name, line));
        lines.extend(found.map(|line| format!("{name}: {line}")));
    }
    assert_eq!(lines, Vec::<String>::new(), "{lines:#?}");
}

fn is_on_purpose(name: &str, line: &str) -> bool {
    let is_embedded = line.contains("/FOREIGN_OBJECT/");
    ON_PURPOSE.iter().any(|[document, start, end, _]| {
        let is_there = !end.is_empty() || is_embedded;
        is_there && name.starts_with(document) && line.starts_with(start) && line.ends_with(end)
    })
}

fn counted(findings: &[Finding]) -> Vec<(Severity, Code)> {
    let mut all: Vec<_> = findings
        .iter()
        .map(|finding| (finding.severity, finding.code))
        .filter(|(severity, _)| *severity != Severity::Note)
        .collect();
    all.sort_by_key(|(severity, code)| (*severity, code.as_str()));
    all
}

#[test]
fn an_export_gives_no_finding_its_source_did_not() {
    for (name, text) in documents() {
        let source = import(&name, &text);
        let second = import(&name, &export(&source).xml);
        let mut known = counted(&source.findings);
        for finding in counted(&second.findings) {
            let place = known.iter().position(|other| *other == finding);
            let place = place.unwrap_or_else(|| panic!("{name}: {:#?}", second.findings));
            known.remove(place);
        }
        let is_unordered = |f: &Finding| f.code == Code::OrderNonstandard;
        assert!(!second.findings.iter().any(is_unordered), "{name}");
    }
}

#[test]
fn an_application_alone_makes_a_document() {
    for (name, text) in documents() {
        let application = import(&name, &text).application;
        let written = write(&application, &Carried::default(), &FACTS);
        let second = read(written.xml.as_bytes(), &Limits::default()).expect("imports");
        let second = without_us(second.application);
        similar(&name, &without_us(application), &second);
    }
}
