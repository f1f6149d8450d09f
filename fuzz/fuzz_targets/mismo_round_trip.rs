//! Any bytes as a loan application: what is imported and written is imported again and is the same
//! loan, unless the writer said that it could not write something as it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lintel_mismo::{Limits, Severity, WriteFacts, read, write};

fuzz_target!(|input: &[u8]| {
    let limits = Limits::default();
    let Ok(import) = read(input, &limits) else {
        return;
    };
    let facts = WriteFacts {
        created: "2026-11-21T00:00:00Z",
        system_name: "Lintel",
        system_vendor_id: None,
        system_version: None,
    };
    let written = write(&import.application, &import.carried, &facts);
    let again = match read(written.xml.as_bytes(), &limits) {
        Ok(again) => again,
        Err(refused) => panic!("{:?}", refused.findings.first()),
    };
    if written.findings.iter().any(|f| f.severity != Severity::Note) {
        return;
    }
    let (mut first, mut second) = (import.application, again.application);
    // Our own entry is added.
    first.loan.origination_systems.clear();
    second.loan.origination_systems.clear();
    assert!(first == second, "{first:#?}\n{second:#?}");
});
