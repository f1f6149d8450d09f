//! A `lintel` process under test.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::client::{Client, Credentials};
use super::place::Place;

/// Longest wait for anything a server does: far above what it takes, far below a hung test run.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server. Dropped, it is killed: a failed test leaves nothing behind.
pub(super) struct Server {
    child: Child,
    output: Receiver<String>,
    errors: Option<JoinHandle<String>>,
    pub(super) url: String,
    pub(super) address: String,
}

impl Server {
    /// Starts `serve --demo` at a place and waits until it listens and is ready.
    pub(super) fn start(place: &Place, extra: &[&str]) -> Self {
        Self::start_with(place, &[&["--demo"], extra].concat())
    }

    /// Starts `serve` with these flags only.
    pub(super) fn start_with(place: &Place, extra: &[&str]) -> Self {
        let mut child = lintel(place, &["serve"])
            .args(["--listen", "127.0.0.1:0"])
            .args(extra)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("standard output");
        let mut stderr = child.stderr.take().expect("standard error");
        let (lines, output) = sync_channel(10_000);
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if lines.send(line).is_err() {
                    break;
                }
            }
        });
        let errors = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stderr.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        let mut server = Self {
            child,
            output,
            errors: Some(errors),
            url: String::new(),
            address: String::new(),
        };
        server.wait_until_ready();
        server
    }

    fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.url.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(line) => {
                    if let Some(url) = line.strip_prefix("Listening on ") {
                        self.url = url.trim().to_owned();
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("the server does not listen"),
                Err(RecvTimeoutError::Disconnected) => {
                    let _ = self.child.wait();
                    panic!("the server ended at once: {}", self.take_errors());
                }
            }
        }
        self.address = self.url.trim_start_matches("http://").to_owned();
        assert_eq!(
            super::client::get(&self.url, "/readyz"),
            (200, "ready\n".to_owned())
        );
    }

    /// A client with the demo's credentials and a fresh token.
    pub(super) fn demo_client(&self, place: &Place) -> Client {
        Client::new(&self.url, Credentials::of_demo(place.folder()))
    }

    /// Most memory the process ever held, in KiB; none where the system does not tell.
    pub(super) fn peak_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches("kB").trim().parse().ok()
    }

    /// Kills the process as a crash of the machine would: no warning, no cleaning up.
    pub(super) fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("waited for");
    }

    /// Asks the process to stop and waits for it; returns how it ended and what it logged.
    pub(super) fn stop(mut self) -> (ExitStatus, String) {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(asked.success());
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the server does not stop"),
            }
        }
        let status = self.child.wait().expect("waited for");
        (status, self.take_errors())
    }

    /// What the process wrote to standard error; only after its end.
    pub(super) fn take_errors(&mut self) -> String {
        self.errors
            .take()
            .map(|reader| reader.join().expect("read"))
            .unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command of the program at a place, with an environment that cannot meddle.
pub(super) fn lintel(place: &Place, words: &[&str]) -> Command {
    let mut command = bare(words);
    command.args(place.flags());
    command
}

/// A command of the program without flags of ours.
pub(super) fn bare(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lintel"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("LINTEL_") {
            command.env_remove(name);
        }
    }
    command.args(words).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(super) fn run(command: &mut Command) -> Finished {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program runs");
    Finished {
        code: status.code(),
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// A command that ended.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Finished {
    /// That `lintel check` found no fault, but for tables that have ended since this was written: it
    /// asks the machine's own clock.
    #[track_caller]
    pub(super) fn assert_no_fault(&self) {
        let mut faults = self.out.lines().filter(|line| line.starts_with("FAULT"));
        let unknown = faults.find(|line| !line.contains("no figures in force on"));
        assert_eq!(unknown, None, "{self:?}");
        assert!(matches!(self.code, Some(0 | 1)), "{self:?}");
    }

    /// The second word of the line that begins with a name.
    pub(super) fn value(&self, name: &str) -> String {
        let line = self.out.lines().find(|line| line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("no {name} in {self:?}"));
        line.split_whitespace().nth(1).expect("a value").to_owned()
    }
}
