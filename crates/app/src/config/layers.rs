//! The layers of configuration: texts from file, environment and flags, read into the effective
//! configuration with every mistake told.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::{
    Config, Effective, ErrorStatus, JobRules, LogFormat, Origin, SETTINGS, ScannerAddress, Setting,
    env_name,
};
use crate::document::rules::DocumentRules;

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
        let mail_folder = reader.filled("mail.folder").map(PathBuf::from);
        let in_data_folder = data_folder.join("mail");
        let config = Config {
            public_url: reader.public_url(),
            keys_file: keys_file.unwrap_or_else(|| data_folder.join("keys.toml")),
            blobs_url: reader.blobs_url(),
            blobs_folder: data_folder.join("blobs"),
            data_folder,
            rules_folder: reader.filled("rules.folder").map(PathBuf::from),
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
            max_connections: reader.small("database.max_connections", 2, 1000),
            error_status: reader.word(
                "lender_api.error_status",
                &[("code", ErrorStatus::Code), ("ok", ErrorStatus::Ok)],
                ErrorStatus::Code,
            ),
            session_idle_minutes: reader.small("sessions.idle_minutes", 5, 1440),
            session_hours: reader.small("sessions.hours", 1, 168),
            sign_on_link_minutes: reader.small("sign_on.link_minutes", 1, 1440),
            mail_folder: mail_folder.unwrap_or(in_data_folder),
            mail_from: reader.sender("mail.from"),
            mailing: reader.mailing(),
            jobs: reader.jobs(),
            callbacks: reader.callbacks(),
            documents: reader.documents(),
            scanner: reader.scanner(),
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

pub(super) struct Reader<'a> {
    layers: &'a Layers,
    mistakes: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn text(&self, name: &str) -> &'a str {
        SETTINGS
            .iter()
            .find(|s| s.name == name)
            .map_or("", |s| self.layers.raw(s).0.trim())
    }

    pub(super) fn filled(&self, name: &str) -> Option<&'a str> {
        Some(self.text(name)).filter(|t| !t.is_empty())
    }

    pub(super) fn wrong(&mut self, name: &str, what: &str) {
        self.mistakes.push(format!("{name}: {what}"));
    }

    pub(super) fn number(&mut self, name: &str, low: u64, high: u64) -> u64 {
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

    pub(super) fn small(&mut self, name: &str, low: u32, high: u32) -> u32 {
        let number = self.number(name, u64::from(low), u64::from(high));
        u32::try_from(number).unwrap_or(low)
    }

    fn sender(&mut self, name: &str) -> String {
        let sender = self.text(name);
        if !crate::message::is_sender(sender) {
            let what = "an address is needed, such as Lintel <no-reply@example.com>";
            self.wrong(name, what);
        }
        sender.to_owned()
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

    fn jobs(&mut self) -> JobRules {
        JobRules {
            workers: usize::try_from(self.number("jobs.workers", 0, 256)).unwrap_or(0),
            drain: Duration::from_secs(self.number("jobs.drain_seconds", 1, 600)),
        }
    }

    fn documents(&mut self) -> DocumentRules {
        let rules = DocumentRules {
            max_bytes: self.number("documents.max_mib", 1, 1024) << 20,
            request_bytes: self.number("documents.request_mib", 1, 16_384) << 20,
            uploads_at_once: usize::try_from(self.number("documents.uploads_at_once", 1, 64))
                .unwrap_or(1),
            longest: Duration::from_secs(self.number("documents.minutes", 1, 120) * 60),
        };
        if rules.request_bytes < rules.max_bytes {
            let what = "must not be less than documents.max_mib";
            self.wrong("documents.request_mib", what);
        }
        rules
    }

    fn scanner(&mut self) -> Option<ScannerAddress> {
        let text = self.filled("documents.scanner")?;
        let address = ScannerAddress::parse(text);
        if address.is_none() {
            let what = "must be tcp://host:port or unix:/path (empty means no scanner)";
            self.wrong("documents.scanner", what);
        }
        address
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

    fn blobs_url(&mut self) -> Option<String> {
        let url = self.filled("blobs.url")?;
        if !url.starts_with("s3://") {
            self.wrong(
                "blobs.url",
                "must begin with s3:// (empty means a folder in the data folder)",
            );
        }
        Some(url.to_owned())
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
