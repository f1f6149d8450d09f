//! Where a malware scanner listens.

use std::fmt;
use std::path::{Path, PathBuf};

/// Address of a scanner that speaks ClamAV's protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerAddress {
    /// A host and a port. What is sent there is not encrypted.
    Tcp {
        /// Name or address, an IPv6 address without its brackets.
        host: String,
        /// Port, not 0.
        port: u16,
    },
    /// A socket on this machine.
    Unix(PathBuf),
}

impl ScannerAddress {
    /// Reads `tcp://host:port` or `unix:/path`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            let path = Path::new(path);
            return (path.is_absolute() && path.file_name().is_some())
                .then(|| Self::Unix(path.to_owned()));
        }
        let (host, port) = text.strip_prefix("tcp://")?.rsplit_once(':')?;
        let port = port.parse().ok().filter(|port| *port != 0)?;
        let host = match host.strip_prefix('[') {
            Some(rest) => {
                let host = rest.strip_suffix(']')?;
                host.parse::<std::net::Ipv6Addr>().ok()?;
                host
            }
            None => host,
        };
        let is_host = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        let is_six = text.contains('[');
        (!host.is_empty() && (is_six || host.bytes().all(is_host))).then(|| Self::Tcp {
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for ScannerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "tcp://[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "tcp://{host}:{port}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ScannerAddress;

    #[test]
    fn addresses_are_read_and_shown_again() {
        for text in [
            "tcp://127.0.0.1:3310",
            "tcp://scanner.example.com:1",
            "tcp://[::1]:3310",
            "unix:/run/clamav/clamd.ctl",
        ] {
            let read = ScannerAddress::parse(text).map(|address| address.to_string());
            assert_eq!(read.as_deref(), Some(text));
        }
    }

    #[test]
    fn others_are_not() {
        for text in [
            "",
            "clamd",
            "tcp://",
            "tcp://:3310",
            "tcp://host",
            "tcp://host:",
            "tcp://host:0",
            "tcp://host:70000",
            "tcp://a/b:1",
            "tcp://user@host:1",
            "tcp://::1:3310",
            "tcp://[host]:1",
            "tcp://[::1:1",
            "http://host:1",
            "unix:",
            "unix:run/x",
            "unix:/",
        ] {
            assert_eq!(ScannerAddress::parse(text), None, "{text}");
        }
    }
}
