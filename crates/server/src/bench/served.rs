//! The real server in a process of its own, to be measured from outside.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest wait for the server to listen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; ended when dropped.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself: nothing more to do then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder for the server's files; removed when dropped.
pub(super) struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // Best effort: a folder left among temporary files is nobody's loss.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    /// One among temporary files, named after what is measured.
    pub(super) fn new(what: &str) -> Result<Self, String> {
        let name = format!("lintel-bench-{what}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

/// What the demo's clients sign in with.
pub(super) fn credentials(folder: &Path) -> Result<Value, String> {
    let path = folder.join("demo-credentials.json");
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

impl Server {
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Resident memory, where the system tells.
    pub(super) fn resident_mib(&self) -> Option<f64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = text.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024.0)
    }

    /// CPU time, user and kernel mode.
    pub(super) fn cpu_seconds(&self) -> Option<f64> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let (_, fields) = text.rsplit_once(')')?;
        let mut ticks = fields.split_whitespace().skip(11).take(2);
        let user: f64 = ticks.next()?.parse().ok()?;
        let system: f64 = ticks.next()?.parse().ok()?;
        // Kernel ticks of a second, fixed by the interface to programs.
        Some((user + system) / 100.0)
    }

    /// Starts the demo on a folder, and on a PostgreSQL database when one is named.
    pub(super) fn start(folder: &Path, database: Option<&str>) -> Result<Self, String> {
        let program =
            std::env::current_exe().map_err(|e| format!("this program's own file: {e}"))?;
        let mut child = Command::new(program)
            .args([
                "serve",
                "--demo",
                "--listen",
                "127.0.0.1:0",
                "--data-folder",
            ])
            .arg(folder)
            .args(["--set", "log.filter=warn"])
            .args(
                database
                    .map(|url| ["--set".to_owned(), format!("database.url={url}")])
                    .into_iter()
                    .flatten(),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("lintel serve: {e}"))?;
        let output = child.stdout.take();
        let begin = Instant::now();
        let mut lines = output
            .map(BufReader::new)
            .into_iter()
            .flat_map(BufRead::lines);
        let address = lines.find_map(|line| {
            let line = line.ok()?;
            line.strip_prefix("Listening on http://")?
                .trim()
                .parse()
                .ok()
        });
        let Some(address) = address else {
            let _ = child.kill();
            let _ = child.wait();
            return Err("lintel serve ended without listening".to_owned());
        };
        while TcpStream::connect(address).is_err() {
            if begin.elapsed() > PATIENCE {
                return Err("lintel serve does not listen".to_owned());
            }
        }
        Ok(Self { child, address })
    }
}
