//! Drives `bench/rivals.py`: other people's libraries on the same loans in the same run.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use indicatif::ProgressBar;
use serde::Deserialize;

use super::loans::Problem;

/// The script and what it needs, carried inside the program so that it works from any folder.
const SCRIPT: &str = include_str!("../../../../../bench/rivals.py");
const REQUIREMENTS: &str = include_str!("../../../../../bench/requirements.txt");
/// What must be importable.
const IMPORTS: &str = "import numpy, numpy_financial, scipy.optimize, pyxirr";
/// Loans handed over; the slow ones look at fewer.
const HANDED_OVER: usize = 200_000;

/// One row of the table.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub(super) name: String,
    pub(super) ns: f64,
    pub(super) loans: usize,
    pub(super) agree: usize,
    /// None when some loan got no number at all.
    pub(super) worst: Option<f64>,
}

/// A line of the script.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Start {
        start: String,
    },
    Done {
        name: String,
        ns: f64,
        loans: usize,
        agree: usize,
        worst: Option<f64>,
    },
}

/// A Python that has every rival, or what is missing in one line.
pub(super) fn python(venv: &Path, may_install: bool) -> Result<PathBuf, String> {
    let own = venv.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    for candidate in [own.clone(), PathBuf::from("python3")] {
        if succeeds(Command::new(&candidate).args(["-c", IMPORTS])) {
            return Ok(candidate);
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
    Ok(own)
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

fn succeeds(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

fn spinner() -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    spinner.enable_steady_tick(Duration::from_millis(200));
    spinner
}

/// Hands the loans over and collects what the rivals did with them.
pub(super) fn measure(python: &Path, problems: &[Problem]) -> Result<Vec<Measured>, String> {
    let file = std::env::temp_dir().join(format!("lintel-bench-{}.f64", std::process::id()));
    write(&file, problems).map_err(|e| format!("{}: {e}", file.display()))?;
    let rows = run(python, &file);
    // Best effort: a file left in the temporary folder is nobody's loss.
    let _ = std::fs::remove_file(&file);
    rows
}

fn write(file: &Path, problems: &[Problem]) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    for problem in problems.iter().take(HANDED_OVER) {
        let loan = &problem.loan;
        // Nine digits of percent are exact in a double.
        let note_rate = loan.guess.to_string().parse::<f64>().unwrap_or_default() / 100.0;
        let mut numbers = vec![loan.amount_financed, note_rate];
        for level in &loan.levels {
            numbers.extend([f64::from(level.count), level.payment]);
        }
        numbers.push(problem.apr);
        for number in numbers {
            out.write_all(&number.to_le_bytes())?;
        }
    }
    out.flush()
}

fn run(python: &Path, file: &Path) -> Result<Vec<Measured>, String> {
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|e| format!("{}: {e}", python.display()))?;
    let spinner = spinner();
    let mut rows = Vec::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|e| format!("rivals.py: {e}"))?;
            match serde_json::from_str(&line) {
                Ok(Line::Start { start }) => spinner.set_message(start),
                Ok(Line::Done {
                    name,
                    ns,
                    loans,
                    agree,
                    worst,
                }) => {
                    rows.push(Measured {
                        name,
                        ns,
                        loans,
                        agree,
                        worst,
                    });
                }
                Err(e) => return Err(format!("rivals.py wrote something unexpected: {e}")),
            }
        }
    }
    spinner.finish_and_clear();
    match child.wait() {
        Ok(status) if status.success() => Ok(rows),
        Ok(status) => Err(format!("rivals.py ended with {status}")),
        Err(e) => Err(format!("rivals.py: {e}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_lines_are_understood() {
        let line = r#"{"name": "x", "ns": 12.5, "loans": 8, "agree": 7, "worst": null}"#;
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
    }

    #[test]
    fn a_folder_without_packages_is_told_in_one_line() {
        let nowhere = Path::new("no-such-folder");
        if let Err(missing) = python(nowhere, false) {
            assert_eq!(missing.lines().count(), 1, "{missing}");
        }
    }
}
