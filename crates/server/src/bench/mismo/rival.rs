//! Drives `bench/mismo.py`: lxml on the same documents, in the same run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

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
    let python = python(venv, may_install)?;
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

/// A Python that has lxml.
fn python(venv: &Path, may_install: bool) -> Result<PathBuf, String> {
    let own = venv.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let has_lxml = |python: &Path| succeeds(Command::new(python).args(["-c", "import lxml.etree"]));
    for candidate in [own.clone(), PathBuf::from("python3")] {
        if has_lxml(&candidate) {
            return Ok(candidate);
        }
    }
    if !may_install {
        return Err(format!(
            "missing; --rivals installs it into {}",
            venv.display()
        ));
    }
    let is_made = own.exists() || succeeds(Command::new("python3").args(["-m", "venv"]).arg(venv));
    let pip = ["-m", "pip", "install", "--quiet", "lxml>=5.0"];
    if is_made && succeeds(Command::new(&own).args(pip)) && has_lxml(&own) {
        return Ok(own);
    }
    Err("python3 with venv is missing, or lxml cannot be had".to_owned())
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
