//! Replays the corpus of the fuzz target `calc_line`, and the inputs that once failed, through the
//! same entry point: one answer a line, each of them JSON.

use std::fs;
use std::path::Path;

use lintel_rule_book::RuleBook;
use serde_json::Value;

#[test]
fn calc_line() {
    let rules = RuleBook::embedded().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut answered = 0;
    for kind in ["corpus", "regressions"] {
        let Ok(entries) = fs::read_dir(root.join(kind).join("calc_line")) else {
            continue;
        };
        for entry in entries.flatten() {
            let input = fs::read(entry.path()).unwrap();
            let name = entry.path().display().to_string();
            let mut output = Vec::new();
            lintel_calc::run(input.as_slice(), &mut output, &rules).unwrap();
            let blank = |line: &&[u8]| !line.iter().all(u8::is_ascii_whitespace);
            let requests = input.split(|byte| *byte == b'\n').filter(blank).count();
            let output = String::from_utf8(output).unwrap();
            assert_eq!(output.lines().count(), requests, "{name}");
            for line in output.lines() {
                let answer: Value = serde_json::from_str(line).unwrap();
                let good = answer.get("result").is_some();
                assert!(good != answer.get("error").is_some(), "{name}: {line}");
                answered += usize::from(good);
            }
        }
    }
    assert!(
        answered > 10,
        "the corpus of calc_line has few requests with a result"
    );
}
