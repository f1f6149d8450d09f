//! Replays the corpus of the fuzz targets of this crate, and the inputs that once failed.

use std::fs;
use std::path::Path;

use lintel_mismo::{Limits, Severity, read};

#[test]
fn what_the_fuzzer_found_is_read_or_refused() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let (mut read_in, mut refused) = (0_usize, 0_usize);
    for folder in [
        "corpus/mismo_read",
        "regressions/mismo_read",
        "regressions/mismo_round_trip",
    ] {
        for entry in fs::read_dir(root.join(folder))
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = entry.path().display().to_string();
            let bytes = fs::read(entry.path()).expect("an input");
            let (findings, has_errors) = match read(&bytes, &Limits::default()) {
                Ok(import) => {
                    read_in += 1;
                    (import.findings, false)
                }
                Err(rejection) => {
                    refused += 1;
                    (rejection.findings, true)
                }
            };
            let errors = findings
                .iter()
                .filter(|f| f.severity == Severity::Error)
                .count();
            assert_eq!(errors > 0, has_errors, "{name}: {findings:?}");
        }
    }
    assert!(read_in >= 6, "{read_in} imported, {refused} refused");
}
