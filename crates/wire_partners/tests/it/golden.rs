//! Answers compared with the files beside the tests. Ids are drawn and stand as `<id>`; of a repayment table
//! the first rows and the last are kept. `LINTEL_REWRITE_GOLDENS=yes` writes the files anew.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

/// Rows of a table that are kept at its beginning.
const FIRST: usize = 3;

/// Compares an answer with its golden.
#[track_caller]
pub fn check(name: &str, answer: &Value) {
    let mut shown = answer.clone();
    plain(&mut shown);
    let text = serde_json::to_string_pretty(&shown).expect("written") + "\n";
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden");
    let file = folder.join(format!("{name}.json"));
    if writes() {
        fs::create_dir_all(&folder).expect("the folder");
        fs::write(&file, &text).expect("written");
    }
    let golden = fs::read_to_string(&file).unwrap_or_default();
    assert!(golden == text, "{name} is not its golden:\n{text}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "rewriting goldens is asked for by the environment"
)]
fn writes() -> bool {
    std::env::var_os("LINTEL_REWRITE_GOLDENS").is_some_and(|v| v == "yes")
}

fn plain(value: &mut Value) {
    match value {
        Value::Array(entries) => entries.iter_mut().for_each(plain),
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                match value {
                    Value::String(text)
                        if name.ends_with("UniqueID") || name == "correlationId" =>
                    {
                        *text = "<id>".to_owned();
                    }
                    Value::Array(rows) if name == "repaymentTable" && rows.len() > FIRST => {
                        let last = rows.pop();
                        rows.truncate(FIRST);
                        rows.push(json!("…"));
                        rows.extend(last);
                    }
                    value => plain(value),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
