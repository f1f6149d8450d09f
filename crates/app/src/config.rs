//! Configuration: what can be set, where a value came from, and every mistake at once.
//!
//! Three layers, later ones win: a TOML file, environment variables, command-line flags. This
//! module reads none of them itself; the server hands it texts.

mod callbacks;
mod layers;
mod mailing;
mod scanner;
mod settings;

pub use callbacks::Callbacks;
pub use layers::Layers;
pub use mailing::{Dkim, MailRoute, Mailing, SmtpAddress, SmtpSecurity};
pub use scanner::ScannerAddress;
pub use settings::{SETTINGS, Setting};

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::document::rules::DocumentRules;

/// Name of a setting's environment variable: `http.listen` is `LINTEL_HTTP_LISTEN`.
#[must_use]
pub fn env_name(setting: &str) -> String {
    format!("LINTEL_{}", setting.to_ascii_uppercase().replace('.', "_"))
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The configuration file.
    File,
    /// An environment variable.
    Environment,
    /// A command-line flag.
    Flag,
}

impl Origin {
    /// The word shown to people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::Flag => "flag",
        }
    }
}

/// How Lender API errors set the HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorStatus {
    /// The status repeats the error's code.
    Code,
    /// Always 200, for clients that take a status of 400 and above for a broken transport.
    Ok,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// How a process works on jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobRules {
    /// Jobs of each queue worked on at once; with none, other nodes do them.
    pub workers: usize,
    /// How long jobs under way may take to finish when the process is asked to stop.
    pub drain: Duration,
}

/// The effective configuration.
#[derive(Clone)]
pub struct Config {
    /// Address callers use; `None` for the listen address.
    pub public_url: Option<String>,
    /// Folder of the SQLite file and the key ring.
    pub data_folder: PathBuf,
    /// The key ring.
    pub keys_file: PathBuf,
    /// Folder whose data files replace the embedded rule book's.
    pub rules_folder: Option<PathBuf>,
    /// Where pictures and documents are kept, `s3://bucket/prefix`; `None` for the folder below.
    pub blobs_url: Option<String>,
    /// Folder of pictures and documents.
    pub blobs_folder: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Largest request body in bytes.
    pub body_limit_bytes: usize,
    /// Bytes of request bodies in memory at once.
    pub body_budget_bytes: usize,
    /// Longest time to an answer.
    pub request_timeout: Duration,
    /// Requests worked on at once.
    pub max_in_flight: usize,
    /// Proxies whose word on the caller's address is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// PostgreSQL address; `None` for SQLite. Holds a password: never printed.
    pub database_url: Option<String>,
    /// PostgreSQL connections.
    pub max_connections: u32,
    /// HTTP status of Lender API errors.
    pub error_status: ErrorStatus,
    /// Minutes after which an unused session ends.
    pub session_idle_minutes: u32,
    /// Hours after which every session ends.
    pub session_hours: u32,
    /// Minutes a single-sign-on link lives.
    pub sign_on_link_minutes: u32,
    /// Folder letters are written to.
    pub mail_folder: PathBuf,
    /// Sender of letters.
    pub mail_from: String,
    /// How letters and text messages leave.
    pub mailing: Mailing,
    /// How this process works on jobs.
    pub jobs: JobRules,
    /// How partners are called back.
    pub callbacks: Callbacks,
    /// Bounds of documents.
    pub documents: DocumentRules,
    /// Who looks for malware in documents; `None` for nobody.
    pub scanner: Option<ScannerAddress>,
    /// Look of log lines.
    pub log_format: LogFormat,
    /// What is logged.
    pub log_filter: String,
}

/// A setting with its effective value, ready to print: secrets are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// Dotted name.
    pub name: &'static str,
    /// Value, or `***`.
    pub shown: String,
    /// Where it came from.
    pub origin: Origin,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_layers_win_and_say_where_they_came_from() {
        let mut layers = Layers::default();
        layers.add_file("[http]\nlisten = \"127.0.0.1:1\"\nmax_in_flight = 7\n");
        layers.add_environment([
            ("LINTEL_HTTP_LISTEN".to_owned(), "127.0.0.1:2".to_owned()),
            ("PATH".to_owned(), "elsewhere".to_owned()),
        ]);
        layers.add_flag("http.listen", "127.0.0.1:3".to_owned());
        let shown = layers.effective();
        let listen = shown
            .iter()
            .find(|e| e.name == "http.listen")
            .expect("listed");
        assert_eq!(
            (listen.shown.as_str(), listen.origin),
            ("127.0.0.1:3", Origin::Flag)
        );
        let config = layers.finish().expect("no mistakes");
        assert_eq!((config.listen.port(), config.max_in_flight), (3, 7));
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let mut layers = Layers::default();
        layers.add_file("colour = \"red\"\n[http]\nlisten = \"here\"\n[log]\nformat = \"xml\"\n");
        layers.add_flag("database.url", "mysql://x".to_owned());
        layers.add_flag("blobs.url", "http://bucket.example.com/x".to_owned());
        layers.add_flag("documents.max_mib", "25 MiB".to_owned());
        layers.add_flag("documents.scanner", "clamd".to_owned());
        let mistakes = layers.finish().err().expect("mistakes");
        for name in [
            "colour",
            "http.listen",
            "log.format",
            "database.url",
            "blobs.url",
            "documents.max_mib",
            "documents.scanner",
        ] {
            assert!(
                mistakes.iter().any(|m| m.starts_with(name)),
                "{name} in {mistakes:?}"
            );
        }
    }

    #[test]
    fn bounds_of_documents_are_read_and_must_agree() {
        let documents = |pairs: &[(&str, &str)]| {
            let mut layers = Layers::default();
            for (name, value) in pairs {
                layers.add_flag(name, (*value).to_owned());
            }
            layers.finish()
        };
        let config = documents(&[]).expect("no mistakes");
        assert_eq!(config.documents, DocumentRules::default());
        assert_eq!(config.scanner, None);
        let pairs = [
            ("documents.max_mib", "1"),
            ("documents.request_mib", "2"),
            ("documents.uploads_at_once", "64"),
            ("documents.minutes", "120"),
            ("documents.scanner", "tcp://127.0.0.1:3310"),
        ];
        let config = documents(&pairs).expect("no mistakes");
        let rules = DocumentRules {
            max_bytes: 1 << 20,
            request_bytes: 2 << 20,
            uploads_at_once: 64,
            longest: Duration::from_secs(7200),
        };
        assert_eq!(config.documents, rules);
        assert!(config.scanner.is_some());
        let pairs = [("documents.max_mib", "3"), ("documents.request_mib", "2")];
        let mistakes = documents(&pairs).err().expect("mistakes");
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
        assert!(mistakes[0].starts_with("documents.request_mib"));
    }

    #[test]
    fn the_database_address_is_never_shown() {
        let mut layers = Layers::default();
        layers.add_flag("database.url", "postgres://a:hunter2@h/d".to_owned());
        assert!(
            layers
                .effective()
                .iter()
                .all(|e| !e.shown.contains("hunter2"))
        );
    }
}
