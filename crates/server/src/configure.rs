//! Reads the three layers of configuration: the only place that looks at the environment.

use std::path::Path;

use lintel_app::config::{Config, Effective, Layers};

use crate::cli::ConfigArgs;

/// Largest configuration file read.
const FILE_MAX_BYTES: u64 = 1 << 20;

/// What came of reading the configuration: what is in force, and the result with every mistake.
pub struct Read {
    /// Effective values, secrets masked.
    pub effective: Vec<Effective>,
    /// The configuration, or what is wrong with it.
    pub config: Result<Config, Vec<String>>,
}

/// Reads file, environment and flags. `listen` is the one flag that only some commands have.
#[must_use]
pub fn read(args: &ConfigArgs, listen: Option<&str>) -> Read {
    let mut layers = Layers::default();
    let mut mistakes = Vec::new();
    if let Some(path) = &args.config {
        match read_file(path) {
            Ok(text) => layers.add_file(&text),
            Err(message) => mistakes.push(message),
        }
    }
    layers.add_environment(
        std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?))),
    );
    for (name, value) in [
        ("data_folder", args.data_folder.as_deref()),
        ("database.url", args.database_url.as_deref()),
        ("http.listen", listen),
    ] {
        if let Some(value) = value {
            layers.add_flag(name, value.to_owned());
        }
    }
    for pair in &args.set {
        match pair.split_once('=') {
            Some((name, value)) => layers.add_flag(name.trim(), value.to_owned()),
            None => mistakes.push(format!("--set {pair}: must be NAME=VALUE")),
        }
    }
    let effective = layers.effective();
    let config = match layers.finish() {
        Ok(config) if mistakes.is_empty() => Ok(config),
        Ok(_) => Err(mistakes),
        Err(more) => {
            mistakes.extend(more);
            Err(mistakes)
        }
    };
    Read { effective, config }
}

fn read_file(path: &Path) -> Result<String, String> {
    let told = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let size = std::fs::metadata(path).map_err(|e| told(&e))?.len();
    if size > FILE_MAX_BYTES {
        return Err(told(&"larger than 1 MiB"));
    }
    std::fs::read_to_string(path).map_err(|e| told(&e))
}
