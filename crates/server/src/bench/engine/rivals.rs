//! Drives `bench/rivals.py`: other people's libraries on the same loans in the same run.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use indicatif::ProgressBar;
use serde::Deserialize;

use super::super::python::{interpreter, succeeds};

/// The script and what it needs, carried inside the program so that it works from any folder.
const SCRIPT: &str = include_str!("../../../../../bench/rivals.py");
const REQUIREMENTS: &str = include_str!("../../../../../bench/requirements.txt");
/// What must be importable.
const IMPORTS: &str = "import numpy, numpy_financial, scipy.optimize, pyxirr";
/// Large packages that not every Python has wheels of: measured when they can be had.
const OPTIONAL: [&str; 2] = ["numba", "QuantLib"];

/// A Python with the rivals.
pub(in crate::bench) struct Python(PathBuf);

/// What the rivals did.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) rows: Vec<Measured>,
    /// Rivals that could not be had, one line each.
    pub(super) absent: Vec<String>,
}

/// One row of the table.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub(super) name: String,
    pub(super) ns: f64,
    pub(super) items: usize,
    pub(super) agree: usize,
    /// None when some item got no number at all.
    pub(super) worst: Option<f64>,
}

/// A line of the script.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Start {
        start: String,
    },
    Absent {
        absent: String,
    },
    Done {
        name: String,
        ns: f64,
        items: usize,
        agree: usize,
        worst: Option<f64>,
    },
}

/// A Python that has every rival, or what is missing in one line.
pub(in crate::bench) fn python(venv: &Path, may_install: bool) -> Result<Python, String> {
    let own = interpreter(venv);
    for candidate in [own.clone(), PathBuf::from("python3")] {
        if succeeds(Command::new(&candidate).args(["-c", IMPORTS])) {
            if may_install && candidate == own {
                install_optional(&own);
            }
            return Ok(Python(candidate));
        }
    }
    if !succeeds(Command::new("python3").arg("--version")) {
        return Err("python3 is not installed".to_owned());
    }
    if !may_install {
        return Err(format!(
            "numpy, numpy-financial, scipy or pyxirr is missing; --rivals installs them into {}",
            venv.display()
        ));
    }
    install(venv, &own)?;
    install_optional(&own);
    Ok(Python(own))
}

/// Installs what is missing of the optional packages; what cannot be had, the script will tell.
fn install_optional(own: &Path) {
    let spinner = spinner();
    for package in OPTIONAL {
        if !succeeds(Command::new(own).args(["-c", &format!("import {package}")])) {
            spinner.set_message(format!("installing {package}"));
            succeeds(Command::new(own).args(["-m", "pip", "install", "--quiet", package]));
        }
    }
    spinner.finish_and_clear();
}

fn install(venv: &Path, own: &Path) -> Result<(), String> {
    let spinner = spinner();
    spinner.set_message("making a virtual environment");
    if !succeeds(Command::new("python3").args(["-m", "venv"]).arg(venv)) {
        return Err("python3 -m venv failed (on Debian: apt-get install python3-venv)".to_owned());
    }
    let list = venv.join("requirements.txt");
    std::fs::write(&list, REQUIREMENTS).map_err(|e| format!("{}: {e}", list.display()))?;
    spinner.set_message("installing the rivals");
    let mut pip = Command::new(own);
    pip.args(["-m", "pip", "install", "--quiet", "-r"])
        .arg(&list);
    let output = pip.output().map_err(|e| format!("pip: {e}"))?;
    spinner.finish_and_clear();
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let reason = text
        .lines()
        .rfind(|line| line.starts_with("ERROR"))
        .unwrap_or("pip failed");
    Err(format!("the packages cannot be had: {reason}"))
}

fn spinner() -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    spinner.enable_steady_tick(Duration::from_millis(200));
    spinner
}

impl Python {
    /// The interpreter.
    pub(in crate::bench) fn interpreter(&self) -> &Path {
        &self.0
    }

    /// Hands the numbers over and collects what the rivals of a section did with them.
    pub(super) fn measure(&self, section: &str, numbers: &[f64]) -> Result<Answer, String> {
        let file = std::env::temp_dir().join(format!("lintel-bench-{}.f64", std::process::id()));
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        std::fs::write(&file, bytes).map_err(|e| format!("{}: {e}", file.display()))?;
        let answer = self.run(section, &file);
        // Best effort: a file left in the temporary folder is nobody's loss.
        let _ = std::fs::remove_file(&file);
        answer
    }

    fn run(&self, section: &str, file: &Path) -> Result<Answer, String> {
        let mut child = Command::new(&self.0)
            .args(["-c", SCRIPT, section])
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|e| format!("{}: {e}", self.0.display()))?;
        let spinner = spinner();
        let mut answer = Answer::default();
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).lines() {
                let line = line.map_err(|e| format!("rivals.py: {e}"))?;
                match serde_json::from_str(&line) {
                    Ok(Line::Start { start }) => spinner.set_message(start),
                    Ok(Line::Absent { absent }) => answer.absent.push(absent),
                    Ok(Line::Done {
                        name,
                        ns,
                        items,
                        agree,
                        worst,
                    }) => answer.rows.push(Measured {
                        name,
                        ns,
                        items,
                        agree,
                        worst,
                    }),
                    Err(e) => return Err(format!("rivals.py wrote something unexpected: {e}")),
                }
            }
        }
        spinner.finish_and_clear();
        match child.wait() {
            Ok(status) if status.success() => Ok(answer),
            Ok(status) => Err(format!("rivals.py ended with {status}")),
            Err(e) => Err(format!("rivals.py: {e}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_lines_are_understood() {
        let line = r#"{"name": "x", "ns": 12.5, "items": 8, "agree": 7, "worst": null}"#;
        assert!(matches!(
            serde_json::from_str(line),
            Ok(Line::Done {
                agree: 7,
                worst: None,
                ..
            })
        ));
        assert!(matches!(
            serde_json::from_str(r#"{"start": "x"}"#),
            Ok(Line::Start { .. })
        ));
        assert!(matches!(
            serde_json::from_str(r#"{"absent": "x"}"#),
            Ok(Line::Absent { .. })
        ));
    }

    #[test]
    fn a_folder_without_packages_is_told_in_one_line() {
        let nowhere = Path::new("no-such-folder");
        if let Err(missing) = python(nowhere, false) {
            assert_eq!(missing.lines().count(), 1, "{missing}");
        }
    }
}
