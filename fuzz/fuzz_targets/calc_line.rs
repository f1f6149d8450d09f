//! Any bytes as requests to `lintel calc`: one answer a line, each of them JSON, never a panic.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use lintel_rule_book::RuleBook;

static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

fuzz_target!(|input: &[u8]| {
    let mut output = Vec::new();
    let run = lintel_calc::run(input, &mut output, &RULES);
    run.expect("memory can be written to");
    let blank = |line: &&[u8]| !line.iter().all(u8::is_ascii_whitespace);
    let requests = input.split(|byte| *byte == b'\n').filter(blank).count();
    let answers = output.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(requests, answers);
});
