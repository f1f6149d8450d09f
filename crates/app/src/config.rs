//! Configuration: what can be set, where a value came from, and every mistake at once.
//!
//! Three layers, later ones win: a TOML file, environment variables, command-line flags. This
//! module reads none of them itself; the server hands it texts.

mod layers;
mod scanner;

pub use layers::Layers;
pub use scanner::ScannerAddress;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::document::rules::DocumentRules;

/// One thing that can be set.
#[derive(Debug)]
pub struct Setting {
    /// Dotted name, as in the file: `http.listen`.
    pub name: &'static str,
    /// What it does, for people.
    pub about: &'static str,
    /// Value when nobody sets it.
    pub default: &'static str,
    /// Whether its value must not be shown.
    pub is_secret: bool,
}

const fn setting(name: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting {
        name,
        about,
        default,
        is_secret: false,
    }
}

/// Everything that can be set.
pub const SETTINGS: &[Setting] = &[
    setting(
        "public_url",
        "",
        "Address under which callers reach this server; empty: the listen address",
    ),
    setting(
        "data_folder",
        "lintel-data",
        "Folder of the SQLite file and the key ring",
    ),
    setting(
        "keys.file",
        "",
        "Key ring file; empty: keys.toml in the data folder",
    ),
    setting(
        "rules.folder",
        "",
        "Folder whose data files replace the embedded rule book's; empty: none",
    ),
    setting(
        "blobs.url",
        "",
        "Where pictures and documents are kept: s3://bucket/prefix; empty: the folder blobs in the data folder",
    ),
    setting(
        "http.listen",
        "127.0.0.1:8080",
        "Address and port to listen on; port 0 picks one",
    ),
    setting(
        "http.body_limit_mib",
        "16",
        "Largest request body in MiB, 1 to 256",
    ),
    setting(
        "http.body_budget_mib",
        "64",
        "Request bodies held in memory at once, in MiB",
    ),
    setting(
        "http.request_timeout_seconds",
        "30",
        "Longest time to an answer, 5 to 600",
    ),
    setting(
        "http.max_in_flight",
        "512",
        "Requests worked on at once, 1 to 100000",
    ),
    setting(
        "http.trusted_proxies",
        "",
        "Proxy addresses whose X-Forwarded-For is believed, commas",
    ),
    Setting {
        name: "database.url",
        about: "postgres://… address; empty: SQLite in the data folder",
        default: "",
        is_secret: true,
    },
    setting(
        "database.max_connections",
        "16",
        "PostgreSQL connections, 2 to 1000",
    ),
    setting(
        "lender_api.error_status",
        "code",
        "HTTP status of Lender API errors: code (repeats the error's code) or ok (always 200)",
    ),
    setting(
        "sessions.idle_minutes",
        "60",
        "Minutes after which an unused session ends, 5 to 1440",
    ),
    setting(
        "sessions.hours",
        "12",
        "Hours after which every session ends, 1 to 168",
    ),
    setting(
        "sign_on.link_minutes",
        "10",
        "Minutes a single-sign-on link lives, 1 to 1440",
    ),
    setting(
        "mail.folder",
        "",
        "Folder letters are written to; empty: mail in the data folder",
    ),
    setting(
        "mail.from",
        "Lintel <no-reply@localhost>",
        "Sender of letters: an address, or a name and an address in angle brackets",
    ),
    setting(
        "documents.max_mib",
        "25",
        "Largest document uploaded, in MiB, 1 to 1024",
    ),
    setting(
        "documents.request_mib",
        "768",
        "Largest upload of documents in one call, in MiB, 1 to 16384",
    ),
    setting(
        "documents.uploads_at_once",
        "4",
        "Uploads of documents worked on at once, 1 to 64",
    ),
    setting(
        "documents.minutes",
        "15",
        "Longest time for one upload or download of documents in minutes, 1 to 120",
    ),
    setting(
        "documents.scanner",
        "",
        "Malware scanner (ClamAV's clamd) documents are shown to: tcp://host:port or unix:/path; empty: none",
    ),
    setting("log.format", "text", "Log lines as text or json"),
    setting(
        "log.filter",
        "info",
        "What is logged: error, warn, info, debug, or module=level,…",
    ),
];

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
