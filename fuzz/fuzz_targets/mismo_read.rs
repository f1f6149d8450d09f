//! Any bytes as a loan application: an import without errors or a refusal that says why, and the
//! same answer twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lintel_mismo::{Code, Finding, Limits, Severity, read};

fuzz_target!(|input: &[u8]| {
    let limits = Limits {
        max_findings: 20,
        max_nodes: 20_000,
        max_carried: 500,
        max_carried_bytes: 256 * 1024,
        ..Limits::default()
    };
    let first = read(input, &limits);
    match &first {
        Ok(import) => {
            check(&import.findings, &limits);
            assert!(import.findings.iter().all(|f| f.severity != Severity::Error));
            assert!(!import.application.borrowers.is_empty());
            assert!(import.carried.leaves.len() + import.carried.arcs.len() <= limits.max_carried);
        }
        Err(rejection) => {
            check(&rejection.findings, &limits);
            assert!(rejection.findings.iter().any(|f| f.severity == Severity::Error));
        }
    }
    // Nothing depends on the order of a hash table.
    if input.len() < 4096 {
        assert!(read(input, &limits) == first, "two readings differ");
    }
});

fn check(findings: &[Finding], limits: &Limits) {
    assert!(findings.len() <= limits.max_findings + 1);
    let is_sorted = findings
        .iter()
        .filter(|f| f.code != Code::FindingsDropped)
        .is_sorted_by_key(|f| std::cmp::Reverse(f.severity));
    assert!(is_sorted);
    for finding in findings {
        assert!(finding.message.len() < 400 && finding.path.len() < 8_000);
        assert!(finding.line != Some(0));
    }
}
