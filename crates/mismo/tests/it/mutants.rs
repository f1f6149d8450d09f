//! More than a thousand documents, each a good one with one thing wrong in the way senders get it
//! wrong: every one is imported or refused with a finding that names what is wrong, and no finding
//! repeats what a document says.

use lintel_mismo::{Code, Finding, Import, Limits, Rejection, Severity, WriteFacts, read, write};

use super::fixtures::ALL;
use super::markup::{Dice, value_set};
use super::mutators::{MUTATORS, Mutant};

/// Rounds for each document and mutator; what they change is drawn anew.
const ROUNDS: usize = 6;

/// What is planted in every document, and must not come back in any finding.
const MARKS: [&str; 6] = [
    "Zqperson",
    "Zqhouse",
    "987654321",
    "98765",
    "Zqaccount",
    "Zqelement",
];

fn planted(text: &str) -> String {
    let mut out = text.to_owned();
    for (element, value) in [
        ("FirstName", "Zqperson"),
        ("LastName", "Zqpersonson"),
        ("FullName", "Zqperson Zqpersonson"),
        ("AddressLineText", "1 Zqhouse Way"),
        ("TaxpayerIdentifierValue", "987654321"),
        ("AssetAccountIdentifier", "Zqaccount1"),
        ("LiabilityAccountIdentifier", "Zqaccount2"),
    ] {
        let mut nth = 0;
        while let Some(changed) = value_set(&out, element, nth, value) {
            out = changed;
            nth += 1;
        }
    }
    out
}

fn documents() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/mismo");
    let mut documents: Vec<String> = ALL.iter().map(|text| planted(text)).collect();
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut samples: Vec<_> = files
        .map(|file| file.path())
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with("du"))
        })
        .collect();
    samples.sort();
    for path in samples {
        documents.push(planted(&std::fs::read_to_string(path).expect("text")));
    }
    documents
}

fn outcome(bytes: &[u8]) -> (Result<Import, Rejection>, Vec<Finding>) {
    let outcome = read(bytes, &Limits::default());
    let findings = match &outcome {
        Ok(import) => import.findings.clone(),
        Err(rejection) => rejection.findings.clone(),
    };
    (outcome, findings)
}

fn check(name: &str, mutant: &Mutant, base: &Import) -> bool {
    let (outcome, findings) = outcome(&mutant.bytes);
    let shown = format!("{findings:?}");
    for mark in MARKS {
        assert!(!shown.contains(mark), "{name}: {mark} in {shown}");
    }
    if let Some((code, severity)) = mutant.must {
        let found = findings
            .iter()
            .any(|f| (f.code, f.severity) == (code, severity));
        assert!(found, "{name}: no {code} among {findings:#?}");
    }
    match outcome {
        Ok(import) => {
            assert!(
                findings.iter().all(|f| f.severity != Severity::Error),
                "{name}"
            );
            assert_ne!(mutant.must.map(|(_, s)| s), Some(Severity::Error), "{name}");
            if mutant.is_same {
                assert_eq!(import.application, base.application, "{name}");
            }
            survives_writing(name, &import);
            true
        }
        Err(_) => {
            assert!(
                findings.iter().any(|f| f.severity == Severity::Error),
                "{name}"
            );
            assert!(!mutant.is_same, "{name}: {findings:#?}");
            false
        }
    }
}

/// What was imported and written is imported again, and is the same loan.
fn survives_writing(name: &str, import: &Import) {
    let facts = WriteFacts {
        created: "2026-11-21T00:00:00Z",
        system_name: "Lintel",
        system_vendor_id: None,
        system_version: None,
    };
    let written = write(&import.application, &import.carried, &facts);
    let again = read(written.xml.as_bytes(), &Limits::default());
    let again = again.unwrap_or_else(|r| panic!("{name}: {:#?}\n{}", r.findings, written.xml));
    if written
        .findings
        .iter()
        .any(|f| f.severity != Severity::Note)
    {
        return;
    }
    let (mut first, mut second) = (import.application.clone(), again.application);
    // Our own entry is added.
    first.loan.origination_systems.clear();
    second.loan.origination_systems.clear();
    assert_eq!(first, second, "{name}\n{}", written.xml);
}

#[test]
fn a_thousand_mistakes_are_read_or_named() {
    let documents = documents();
    let mut dice = Dice::new(20_261_121);
    let (mut tried, mut imported) = (0_usize, 0_usize);
    for document in &documents {
        let base = outcome(document.as_bytes()).0.expect("a good document");
        for (name, mutate) in MUTATORS {
            for _ in 0..ROUNDS {
                let Some(mutant) = mutate(&mut dice, document) else {
                    continue;
                };
                tried += 1;
                imported += usize::from(check(name, &mutant, &base));
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
    assert!(
        imported > 300 && tried - imported > 300,
        "{imported} of {tried}"
    );
}

#[test]
fn every_mutator_finds_a_document_it_applies_to() {
    let documents = documents();
    let mut dice = Dice::new(1);
    for (name, mutate) in MUTATORS {
        let applies = documents
            .iter()
            .any(|document| mutate(&mut dice, document).is_some());
        assert!(applies, "{name}");
    }
}

#[test]
fn mistakes_that_must_be_noticed_have_codes_of_the_list() {
    let codes: std::collections::BTreeSet<&str> = documents()
        .iter()
        .flat_map(|document| {
            let mut dice = Dice::new(7);
            let mutants = MUTATORS
                .iter()
                .filter_map(|(_, mutate)| mutate(&mut dice, document));
            mutants
                .filter_map(|mutant| mutant.must.map(|(code, _)| code.as_str()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(codes.len() >= 20, "{codes:?}");
    assert!(
        codes
            .iter()
            .all(|code| Code::ALL.iter().any(|c| c.as_str() == *code))
    );
}
