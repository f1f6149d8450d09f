//! Asking for a secret: at a terminal without showing it, else from standard input.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::process::{Command, Stdio};

/// Longest line that is read.
const MAX_BYTES: u64 = 4096;

/// Reads one line.
///
/// # Errors
/// When standard input cannot be read, or ends before a line began.
pub(super) fn read(prompt: &str) -> io::Result<String> {
    let is_terminal = io::stdin().is_terminal();
    let hidden = is_terminal.then(Hidden::begin);
    if let Some(hidden) = &hidden {
        let note = if hidden.is_hidden { "" } else { "(shown) " };
        let mut out = io::stderr();
        write!(out, "{prompt}{note}")?;
        out.flush()?;
    }
    let line = first_line(&mut io::stdin().lock());
    drop(hidden);
    if is_terminal {
        writeln!(io::stderr())?;
    }
    line
}

fn first_line(from: &mut impl io::BufRead) -> io::Result<String> {
    let mut line = String::new();
    if from.take(MAX_BYTES).read_line(&mut line)? == 0 {
        let ended = "standard input ended before a line began";
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, ended));
    }
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// A terminal that does not show what is typed, until dropped.
struct Hidden {
    is_hidden: bool,
}

impl Hidden {
    fn begin() -> Self {
        Self {
            is_hidden: stty("-echo"),
        }
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        if self.is_hidden {
            stty("echo");
        }
    }
}

/// The terminal's own tool: its settings are out of reach without unsafe code.
fn stty(setting: &str) -> bool {
    let mut command = Command::new("stty");
    command.arg(setting).stdin(Stdio::inherit());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_read_and_no_more() {
        let read = |bytes: &[u8]| first_line(&mut &*bytes);
        assert_eq!(
            read(b"correct horse \r\nbattery\n").expect("a line"),
            "correct horse "
        );
        assert_eq!(read(b"no end").expect("a line"), "no end");
        assert!(read(b"").is_err());
        assert!(read(b"\xff\xfe\n").is_err(), "not text");
        assert_eq!(read(&[b'x'; 10_000]).expect("a line").len(), 4096);
    }
}
