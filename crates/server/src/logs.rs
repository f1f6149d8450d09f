//! Log lines: to standard error, as text or JSON. What must never be in them is decided where they
//! are written; here only how they look.

use std::io::IsTerminal as _;

use lintel_app::config::{Config, LogFormat};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{fmt, registry};

/// Starts logging. A filter that cannot be read falls back to `info`, and says so.
pub fn start(config: &Config) {
    let filter = config.log_filter.parse::<Targets>();
    let fell_back = filter.is_err();
    let filter = filter.unwrap_or_else(|_| Targets::new().with_default(LevelFilter::INFO));
    let lines = fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let lines = match config.log_format {
        LogFormat::Text => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // Starting twice in one process (tests) keeps the first; that is not worth failing for.
    let _ = registry().with(lines.with_filter(filter)).try_init();
    report_panics();
    if fell_back {
        tracing::warn!("log.filter cannot be read, logging at info");
    }
}

/// A panic is logged by its place only: its message may quote what it stumbled over.
fn report_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map_or_else(String::new, ToString::to_string);
        tracing::error!(place, "panic: a bug, please report it");
    }));
}
