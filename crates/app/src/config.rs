//! Configuration: what can be set, where a value came from, and every mistake at once.
//!
//! Three layers, later ones win: a TOML file, environment variables, command-line flags. This
//! module reads none of them itself; the server hands it texts.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

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

/// Values as texts, layer over layer, and the mistakes met so far.
#[derive(Debug, Default)]
pub struct Layers {
    values: BTreeMap<&'static str, (String, Origin)>,
    mistakes: Vec<String>,
}

impl Layers {
    /// Adds a TOML file's text. Unknown names are mistakes.
    pub fn add_file(&mut self, text: &str) {
        match text.parse::<toml::Table>() {
            Ok(table) => self.add_table("", &table),
            Err(e) => {
                let place = e
                    .span()
                    .map_or(0, |s| text[..s.start].lines().count().max(1));
                self.mistakes
                    .push(format!("the file is not TOML near line {place}"));
            }
        }
    }

    fn add_table(&mut self, prefix: &str, table: &toml::Table) {
        for (key, value) in table {
            let name = format!("{prefix}{key}");
            let text = match value {
                toml::Value::Table(inner) => {
                    self.add_table(&format!("{name}."), inner);
                    continue;
                }
                toml::Value::String(text) => text.clone(),
                toml::Value::Integer(n) => n.to_string(),
                toml::Value::Boolean(b) => b.to_string(),
                toml::Value::Array(items) => items
                    .iter()
                    .map(|i| i.as_str().unwrap_or_default())
                    .collect::<Vec<_>>()
                    .join(","),
                toml::Value::Float(_) | toml::Value::Datetime(_) => {
                    self.mistakes
                        .push(format!("{name}: a text or a whole number is needed"));
                    continue;
                }
            };
            self.set(&name, text, Origin::File);
        }
    }

    /// Adds environment variables; those that do not begin with `LINTEL_` are somebody else's.
    pub fn add_environment(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        for (key, value) in variables {
            let known = SETTINGS.iter().find(|s| env_name(s.name) == key);
            if let Some(setting) = known {
                self.set(setting.name, value, Origin::Environment);
            }
        }
    }

    /// Adds a flag.
    pub fn add_flag(&mut self, name: &str, value: String) {
        self.set(name, value, Origin::Flag);
    }

    fn set(&mut self, name: &str, value: String, origin: Origin) {
        match SETTINGS.iter().find(|s| s.name == name) {
            Some(setting) => {
                self.values.insert(setting.name, (value, origin));
            }
            None => self
                .mistakes
                .push(format!("{name}: there is no such setting")),
        }
    }

    /// Every setting with its effective value and origin.
    #[must_use]
    pub fn effective(&self) -> Vec<Effective> {
        SETTINGS
            .iter()
            .map(|s| {
                let (value, origin) = self.raw(s);
                let hide = s.is_secret && !value.is_empty();
                let shown = if hide {
                    "***".to_owned()
                } else {
                    value.to_owned()
                };
                Effective {
                    name: s.name,
                    shown,
                    origin,
                }
            })
            .collect()
    }

    fn raw(&self, setting: &Setting) -> (&str, Origin) {
        self.values
            .get(setting.name)
            .map_or((setting.default, Origin::Default), |(value, origin)| {
                (value, *origin)
            })
    }

    /// Reads all values.
    ///
    /// # Errors
    /// Every mistake found, one sentence each.
    pub fn finish(self) -> Result<Config, Vec<String>> {
        let mut reader = Reader {
            mistakes: self.mistakes.clone(),
            layers: &self,
        };
        let data_folder = PathBuf::from(reader.text("data_folder"));
        let keys_file = reader.filled("keys.file").map(PathBuf::from);
        let config = Config {
            public_url: reader.public_url(),
            keys_file: keys_file.unwrap_or_else(|| data_folder.join("keys.toml")),
            data_folder,
            listen: reader.listen(),
            body_limit_bytes: reader.mebibytes("http.body_limit_mib", 1, 256),
            body_budget_bytes: reader.mebibytes("http.body_budget_mib", 1, 65_536),
            request_timeout: Duration::from_secs(reader.number(
                "http.request_timeout_seconds",
                5,
                600,
            )),
            max_in_flight: usize::try_from(reader.number("http.max_in_flight", 1, 100_000))
                .unwrap_or(usize::MAX),
            trusted_proxies: reader.addresses("http.trusted_proxies"),
            database_url: reader.database_url(),
            max_connections: u32::try_from(reader.number("database.max_connections", 2, 1000))
                .unwrap_or(u32::MAX),
            error_status: reader.word(
                "lender_api.error_status",
                &[("code", ErrorStatus::Code), ("ok", ErrorStatus::Ok)],
                ErrorStatus::Code,
            ),
            log_format: reader.word(
                "log.format",
                &[("text", LogFormat::Text), ("json", LogFormat::Json)],
                LogFormat::Text,
            ),
            log_filter: reader.text("log.filter").to_owned(),
        };
        if config.body_budget_bytes < config.body_limit_bytes {
            reader.wrong(
                "http.body_budget_mib",
                "must not be less than http.body_limit_mib",
            );
        }
        if reader.mistakes.is_empty() {
            Ok(config)
        } else {
            Err(reader.mistakes)
        }
    }
}

struct Reader<'a> {
    layers: &'a Layers,
    mistakes: Vec<String>,
}

impl<'a> Reader<'a> {
    fn text(&self, name: &str) -> &'a str {
        SETTINGS
            .iter()
            .find(|s| s.name == name)
            .map_or("", |s| self.layers.raw(s).0.trim())
    }

    fn filled(&self, name: &str) -> Option<&'a str> {
        Some(self.text(name)).filter(|t| !t.is_empty())
    }

    fn wrong(&mut self, name: &str, what: &str) {
        self.mistakes.push(format!("{name}: {what}"));
    }

    fn number(&mut self, name: &str, low: u64, high: u64) -> u64 {
        match self.text(name).parse::<u64>() {
            Ok(n) if (low..=high).contains(&n) => n,
            _ => {
                self.wrong(
                    name,
                    &format!("a whole number from {low} to {high} is needed"),
                );
                low
            }
        }
    }

    fn mebibytes(&mut self, name: &str, low: u64, high: u64) -> usize {
        usize::try_from(self.number(name, low, high) << 20).unwrap_or(usize::MAX)
    }

    fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)], otherwise: T) -> T {
        let text = self.text(name);
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return *value;
        }
        let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.wrong(name, &format!("must be one of: {}", allowed.join(", ")));
        otherwise
    }

    fn listen(&mut self) -> SocketAddr {
        self.text("http.listen").parse().unwrap_or_else(|_| {
            self.wrong(
                "http.listen",
                "an address and port are needed, such as 127.0.0.1:8080",
            );
            SocketAddr::from(([127, 0, 0, 1], 0))
        })
    }

    fn addresses(&mut self, name: &str) -> Vec<IpAddr> {
        let parts: Vec<&str> = self
            .text(name)
            .split(',')
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .collect();
        let parsed: Result<Vec<IpAddr>, _> = parts.iter().map(|p| p.parse()).collect();
        parsed.unwrap_or_else(|_| {
            self.wrong(name, "IP addresses separated by commas are needed");
            Vec::new()
        })
    }

    fn public_url(&mut self) -> Option<String> {
        let url = self.filled("public_url")?;
        if !url.starts_with("http://") && !url.starts_with("https://") {
            self.wrong("public_url", "must begin with http:// or https://");
        }
        Some(url.trim_end_matches('/').to_owned())
    }

    fn database_url(&mut self) -> Option<String> {
        let url = self.filled("database.url")?;
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            self.wrong(
                "database.url",
                "must begin with postgres:// (empty means SQLite)",
            );
        }
        Some(url.to_owned())
    }
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
        let mistakes = layers.finish().err().expect("mistakes");
        for name in ["colour", "http.listen", "log.format", "database.url"] {
            assert!(
                mistakes.iter().any(|m| m.starts_with(name)),
                "{name} in {mistakes:?}"
            );
        }
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
