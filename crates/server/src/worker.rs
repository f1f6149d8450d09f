//! `lintel worker`: a process that works on jobs and answers no requests.

use lintel_app::config::Config;
use lintel_rule_book::RuleBook;
use lintel_store::fault::{Fault, FaultKind};

use crate::background;
use crate::compose::{self, Missing};
use crate::serve;

/// Works on jobs until the process is asked to stop, then finishes what is under way. `begun` is
/// called when the work begins.
///
/// # Errors
/// When the configuration names no database several processes may use, or no worker; when database,
/// key ring or post office cannot be had.
pub async fn run(
    config: &Config,
    rules: RuleBook,
    begun: impl FnOnce() -> Result<(), Fault>,
) -> Result<(), Fault> {
    let refuse = |what: &str| Err(Fault::new(FaultKind::Unavailable, what));
    if config.database_url.is_none() {
        return refuse(
            "a worker needs PostgreSQL (database.url): on SQLite the server does its jobs itself",
        );
    }
    if config.jobs.workers == 0 {
        return refuse("a worker without workers (jobs.workers is 0) would do nothing");
    }
    let app = compose::open_app_with(config, Missing::Refuse, rules).await?;
    // The servers migrate: a worker that came first would work on a shape they do not know yet.
    compose::settle_schema(&app, config, false).await?;
    compose::check_keys(&app, config).await?;
    let listen = format!("http://{}", config.listen);
    app.set_public_url(config.public_url.as_deref().unwrap_or(&listen));
    let background = background::start_worker(&app, config)?;
    begun()?;
    tracing::info!(workers = config.jobs.workers, "working on jobs");
    serve::stop_signal().await;
    tracing::info!("stopping, waiting for jobs under way");
    background.stop().await;
    compose::close(&app).await;
    Ok(())
}
