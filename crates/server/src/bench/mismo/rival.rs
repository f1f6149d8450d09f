//! Drives `bench/mismo.py`: lxml on the same documents, in the same run.

use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::super::python;

/// Carried inside the program, so that it works from any folder.
const SCRIPT: &str = include_str!("../../../../../bench/mismo.py");

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
    let output = Command::new(&python)
        .args(["-c", SCRIPT])
        .args(&files)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    for file in &files {
        // Best effort: a file left in the temporary folder is nobody's loss.
        let _ = std::fs::remove_file(file);
    }
    let output = output.map_err(|e| format!("{}: {e}", python.display()))?;
    if !output.status.success() {
        return Err(format!("mismo.py ended with {}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().map(serde_json::from_str::<Line>);
    let lines = lines.collect::<Result<Vec<_>, _>>();
    lines.map_err(|e| format!("mismo.py wrote something unexpected: {e}"))
}
