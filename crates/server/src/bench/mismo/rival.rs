//! Drives `bench/mismo.py`: lxml on the same documents, in the same run.

use std::path::Path;

use serde::Deserialize;

use super::super::python::{self, Script};

const SCRIPT: Script = Script {
    name: "mismo.py",
    text: include_str!("../../../../../bench/mismo.py"),
};

/// What lxml took for one document.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Line {
    pub(super) bytes: usize,
    pub(super) parse_ns: f64,
    pub(super) walk_ns: f64,
    pub(super) version: String,
    pub(super) counts: [usize; 4],
}

/// Measures lxml, or says in one line why not.
pub(super) fn measure(
    venv: &Path,
    may_install: bool,
    documents: &[String],
) -> Result<Vec<Line>, String> {
    let python = python::with("lxml.etree", "lxml>=5.0", venv, may_install)?;
    let mut files = Vec::new();
    for (at, text) in documents.iter().enumerate() {
        let name = format!("lintel-bench-{}-{at}.xml", std::process::id());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, text).map_err(|e| format!("{}: {e}", file.display()))?;
        files.push(file);
    }
    let lines = SCRIPT.lines(&python, &files);
    for file in &files {
        // Best effort: a file left in the temporary folder is nobody's loss.
        let _ = std::fs::remove_file(file);
    }
    lines
}
