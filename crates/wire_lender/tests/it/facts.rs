//! The documented error rows, and the comparison of what is documented with what was provoked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const FILE: &str = include_str!("../../facts/lender_errors.json");

/// Where a documented message has the path of a field.
const NAME: &str = "[name]";

/// What every endpoint with a token and data answers; endpoints without a table of their own have
/// these and the row below.
const WITHOUT_A_TABLE: [&str; 9] = [
    "400 Parameter format missing or invalid.",
    "401 Parameter apiID and/or apiKey missing or invalid format.",
    "401 Parameter accessToken missing or invalid format.",
    "401 Parameter data missing or invalid format.",
    "401 Parameter apiID and/or apiKey invalid.",
    "401 This accessToken is expired.",
    "401 Parameter accessToken mismatch.",
    "401 Parameter accessToken invalid.",
    "501 Parameter [name] missing or invalid format.",
];

/// Every endpoint's rows as the file has them, repetitions included.
pub fn all() -> BTreeMap<String, Vec<String>> {
    let file: Value = serde_json::from_str(FILE).expect("the facts are JSON");
    let endpoints = file["endpoints"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    endpoints
        .iter()
        .map(|e| {
            let rows = e["rows"].as_array().expect("a list");
            (text(&e["path"]), rows.iter().map(text).collect())
        })
        .collect()
}

/// The rows an endpoint must be able to answer.
pub fn rows_of(endpoint: &str) -> BTreeSet<String> {
    let mut all = all();
    let rows = all
        .remove(endpoint)
        .unwrap_or_else(|| panic!("{endpoint} is not documented"));
    if rows.is_empty() {
        return WITHOUT_A_TABLE
            .iter()
            .map(|row| (*row).to_owned())
            .collect();
    }
    rows.into_iter().collect()
}

/// The documented row an answer is, its field's path put back to `[name]`.
pub fn row_for<'a>(rows: &'a BTreeSet<String>, answer: &str) -> Option<&'a String> {
    let fits = |row: &&String| {
        let Some((before, after)) = row.split_once(NAME) else {
            return false;
        };
        let middle = answer
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after));
        middle.is_some_and(|path| !path.is_empty() && !path.contains(char::is_whitespace))
    };
    rows.get(answer).or_else(|| rows.iter().find(fits))
}

/// Documented rows that no answer is.
pub fn not_provoked(rows: &BTreeSet<String>, answers: &BTreeSet<String>) -> Vec<String> {
    let provoked: BTreeSet<&String> = answers.iter().filter_map(|a| row_for(rows, a)).collect();
    rows.iter()
        .filter(|row| !provoked.contains(row))
        .cloned()
        .collect()
}

/// Answers that are no documented row.
pub fn not_documented(rows: &BTreeSet<String>, answers: &BTreeSet<String>) -> Vec<String> {
    answers
        .iter()
        .filter(|answer| row_for(rows, answer).is_none())
        .cloned()
        .collect()
}

fn set(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn the_facts_are_whole() {
    let all = all();
    assert_eq!(all.len(), 24);
    assert_eq!(all.values().map(Vec::len).sum::<usize>(), 179);
    for row in all.values().flatten() {
        let code = row.split(' ').next().unwrap_or_default();
        assert!(
            matches!(code, "400" | "401" | "402" | "403" | "501" | "502"),
            "{row}"
        );
    }
    for built in lintel_wire_lender::ENDPOINTS {
        assert!(all.contains_key(*built), "{built}");
    }
}

#[test]
fn names_are_put_back() {
    let rows = set(&[
        "401 Parameter data missing or invalid format.",
        "501 Parameter [name] missing or invalid format.",
        "501 Parameter [name] invalid format.",
    ]);
    for (answer, row) in [
        (
            "501 Parameter products[1].rates[0].rate missing or invalid format.",
            Some("501 Parameter [name] missing or invalid format."),
        ),
        (
            "501 Parameter filter.status invalid format.",
            Some("501 Parameter [name] invalid format."),
        ),
        (
            "401 Parameter data missing or invalid format.",
            Some("401 Parameter data missing or invalid format."),
        ),
        ("401 Parameter datum missing or invalid format.", None),
        ("501 Parameter  invalid format.", None),
        ("501 Parameter a b invalid format.", None),
        ("501 Something else.", None),
    ] {
        assert_eq!(row_for(&rows, answer).map(String::as_str), row, "{answer}");
    }
}

/// The comparison can fail, both ways round.
#[test]
fn a_missing_case_and_an_undocumented_answer_are_noticed() {
    let rows = set(&["400 One.", "501 Parameter [name] invalid format."]);
    let answers = set(&["400 One.", "501 Parameter a.b invalid format."]);
    assert_eq!(not_provoked(&rows, &answers), Vec::<String>::new());
    assert_eq!(not_documented(&rows, &answers), Vec::<String>::new());
    let fewer = set(&["400 One."]);
    assert_eq!(
        not_provoked(&rows, &fewer),
        ["501 Parameter [name] invalid format."]
    );
    let more = set(&[
        "400 One.",
        "501 Parameter a.b invalid format.",
        "500 Surprise.",
    ]);
    assert_eq!(not_documented(&rows, &more), ["500 Surprise."]);
}
