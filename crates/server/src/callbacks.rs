//! What callbacks to partners are delivered with, from the configuration.

use std::sync::Arc;

use lintel_app::config::Config;
use lintel_callbacks::port::{Https, SystemLookup};
use lintel_callbacks::{Office, Rules};
use lintel_store::fault::Fault;

/// What callbacks are delivered with.
///
/// # Errors
/// When the file of certificates cannot be used.
pub fn office(config: &Config) -> Result<Office, Fault> {
    let settings = &config.callbacks;
    if settings.allow_private {
        tracing::warn!(
            "callbacks.allow_private: partners can have this server call inner addresses"
        );
    }
    let (private, file) = (settings.allow_private, settings.ca_file.as_deref());
    let port = Https::open(Arc::new(SystemLookup), private, file)?;
    let rules = Rules {
        allow_private: private,
        waits: settings.waits.clone(),
        at_once: settings.workers,
    };
    let words = lintel_wire_partners::callback_words();
    Ok(Office::new(Arc::new(port), words, rules))
}
