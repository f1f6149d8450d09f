//! A Python that has a rival: the machine's own, or a virtual environment of the benchmarks.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;

/// A rival's program, carried inside ours so that it works from any folder.
pub(super) struct Script {
    /// Its file, as messages name it.
    pub name: &'static str,
    pub text: &'static str,
}

impl Script {
    /// Runs it, and reads the JSON value of each line it writes.
    ///
    /// # Errors
    /// A sentence for the terminal.
    pub(super) fn lines<T: DeserializeOwned>(
        &self,
        python: &Path,
        args: &[impl AsRef<OsStr>],
    ) -> Result<Vec<T>, String> {
        let output = Command::new(python)
            .args(["-c", self.text])
            .args(args)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|e| format!("{}: {e}", python.display()))?;
        if !output.status.success() {
            return Err(format!("{} ended with {}", self.name, output.status));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let lines = text.lines().map(serde_json::from_str);
        let lines: Result<Vec<T>, serde_json::Error> = lines.collect();
        lines.map_err(|e| format!("{} wrote something unexpected: {e}", self.name))
    }
}

/// The interpreter of a virtual environment.
pub(super) fn interpreter(venv: &Path) -> PathBuf {
    venv.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    })
}

/// A Python that can import `module`; `package` is what pip is asked for when it may be installed.
///
/// # Errors
/// What is missing, in one line.
pub(super) fn with(
    module: &str,
    package: &str,
    venv: &Path,
    may_install: bool,
) -> Result<PathBuf, String> {
    let own = interpreter(venv);
    let import = format!("import {module}");
    let has_it = |python: &Path| succeeds(Command::new(python).args(["-c", &import]));
    for candidate in [own.clone(), PathBuf::from("python3")] {
        if has_it(&candidate) {
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
    let pip = ["-m", "pip", "install", "--quiet", package];
    if is_made && succeeds(Command::new(&own).args(pip)) && has_it(&own) {
        return Ok(own);
    }
    Err(format!(
        "python3 with venv is missing, or {package} cannot be had"
    ))
}

/// Whether a command ends well; its output is not shown.
pub(super) fn succeeds(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
