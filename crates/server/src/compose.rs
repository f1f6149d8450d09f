//! Puts the application together from the configuration.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use lintel_app::config::{Config, ErrorStatus, MailRoute};
use lintel_app::context::App;
use lintel_app::keys::KeyRing;
use lintel_app::ports::{SystemClock, SystemRng};
use lintel_app::session::SignInRules;
use lintel_blobs::Clamd;
use lintel_edge::{Limits, TrustedProxies};
use lintel_los::Connectors;
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::{credential, migrate, network, organisation};
use tokio::time::timeout;
use tower::ServiceExt as _;

use crate::{callbacks, health, rules};

/// How long the database may take to close on a stop.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the database the configuration names. The data folder is made when it is missing, for its
/// owner only.
///
/// # Errors
/// When folder, file or server cannot be had.
pub async fn open_database(config: &Config) -> Result<Db, Fault> {
    match &config.database_url {
        Some(url) => Db::open_postgres(url, config.max_connections).await,
        None => {
            make_private_folder(&config.data_folder)?;
            let file = sqlite_file(config);
            make_private_file(&file)?;
            Db::open_sqlite(&file).await
        }
    }
}

fn make_private_folder(folder: &Path) -> Result<(), Fault> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|e| {
        Fault::new(
            FaultKind::Unavailable,
            format!("cannot make {}", folder.display()),
        )
        .caused_by(e)
    })
}

/// Makes the file when it is missing, for its owner only; SQLite gives its side files the same mode.
fn make_private_file(file: &Path) -> Result<(), Fault> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(|_| ()).map_err(|e| {
        Fault::new(
            FaultKind::Unavailable,
            format!("cannot open {}", file.display()),
        )
        .caused_by(e)
    })
}

/// The embedded database of a data folder.
#[must_use]
pub fn sqlite_file(config: &Config) -> PathBuf {
    config.data_folder.join("lintel.sqlite")
}

/// Whether opening may make what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Make it: a first start.
    Make,
    /// Say so: a check must leave no trace.
    Refuse,
}

/// Opens everything a command needs: database, key ring, rule book.
///
/// # Errors
/// When one of them cannot be had.
pub async fn open_app(config: &Config, missing: Missing) -> Result<App, Fault> {
    let rules = rules::load_logged(config.rules_folder.as_deref())
        .map_err(|e| Fault::internal(e.to_string()))?;
    open_app_with(config, missing, rules).await
}

/// As [`open_app`], with a rule book that was read before.
///
/// # Errors
/// When database, key ring or the store of pictures cannot be had.
pub async fn open_app_with(
    config: &Config,
    missing: Missing,
    rules: RuleBook,
) -> Result<App, Fault> {
    let rng = SystemRng::default();
    let db = open_database(config).await?;
    let may_make = missing == Missing::Make && is_unsealed(&db).await?;
    let keys = if may_make {
        if let Some(folder) = config.keys_file.parent() {
            make_private_folder(folder)?;
        }
        KeyRing::open_or_create(&config.keys_file, &rng)?
    } else {
        KeyRing::open(&config.keys_file)?
    };
    let app = App::new(db, keys, Arc::new(SystemClock), Arc::new(rng), rules);
    app.set_sign_in_rules(SignInRules {
        idle_minutes: config.session_idle_minutes,
        hours: config.session_hours,
        link_minutes: config.sign_on_link_minutes,
        ..SignInRules::default()
    });
    // Two thirds of what a caller waits for: the rest is for taking the loan in.
    let longest = config.request_timeout.mul_f64(2.0 / 3.0);
    app.set_los(Arc::new(Connectors::new(
        Arc::new(SystemClock),
        Arc::new(SystemRng::default()),
        longest,
    )));
    app.set_mail_from(&config.mail_from);
    app.set_catching(config.mailing.route == Some(MailRoute::Catcher));
    app.set_document_rules(config.documents);
    if let Some(address) = &config.scanner {
        app.set_scanner(Arc::new(Clamd::new(address.clone())));
    }
    if missing == Missing::Make || has_blobs(config) {
        let folder = &config.blobs_folder;
        app.set_blobs(lintel_blobs::open(config.blobs_url.as_deref(), folder)?);
    }
    Ok(app)
}

/// Closes the database at the end of a process, and waits for it a while.
pub async fn close(app: &App) {
    if timeout(CLOSE_TIMEOUT, app.db().close()).await.is_err() {
        tracing::warn!("the database did not close in time");
    }
}

/// Whether there is a store for pictures and documents already, or one that need not be made.
#[must_use]
pub fn has_blobs(config: &Config) -> bool {
    config.blobs_url.is_some() || config.blobs_folder.exists()
}

/// Whether nothing in the database was written with a key yet, so that a new ring does no harm: what
/// is sealed or hashed with one belongs to an organisation.
async fn is_unsealed(db: &Db) -> Result<bool, Fault> {
    if migrate::standing(db).await?.applied == 0 {
        return Ok(true);
    }
    Ok(organisation::list(db, 1).await?.is_empty())
}

/// Refuses a key ring that belongs to another database: a node started without a copy of the ring
/// would make its own and then find every credential wrong.
///
/// # Errors
/// When the database was written with a key that is not in the ring.
pub async fn check_keys(app: &App, config: &Config) -> Result<(), Fault> {
    let mut known = credential::key_ids(app.db()).await?;
    known.extend(network::key_ids(app.db()).await?);
    for id in known {
        if !app.keys().has(&id) {
            let file = config.keys_file.display();
            return Err(Fault::new(
                FaultKind::Unavailable,
                format!(
                    "the database was written with key {id}, which is not in {file}: put a copy of the key ring there"
                ),
            ));
        }
    }
    Ok(())
}

/// Opens the database for work that may take its time.
///
/// # Errors
/// As [`open_database`].
pub async fn open_unhurried(config: &Config) -> Result<Db, Fault> {
    match &config.database_url {
        Some(url) => Db::open_postgres_unhurried(url, 2).await,
        None => open_database(config).await,
    }
}

/// Migrates the database, or refuses to go on with one that needs it.
///
/// # Errors
/// When the database is not what this version needs and may not be changed.
pub async fn settle_schema(app: &App, config: &Config, may_migrate: bool) -> Result<(), Fault> {
    if may_migrate && config.database_url.is_none() {
        return migrate::run(app.db()).await.map(|_| ());
    }
    if may_migrate {
        // On connections of its own: those that answer requests are bounded in time.
        let db = open_unhurried(config).await?;
        let migrated = migrate::run(&db).await;
        db.close().await;
        return migrated.map(|_| ());
    }
    let standing = migrate::standing(app.db()).await?;
    if standing.is_current() {
        return Ok(());
    }
    Err(Fault::new(
        FaultKind::Unavailable,
        format!(
            "the database is at migration {}, this version needs {}: run lintel migrate",
            standing.applied, standing.wanted
        ),
    ))
}

/// The bounds every face works within.
///
/// # Errors
/// When the numbers contradict each other.
pub fn limits(config: &Config) -> Result<Limits, Fault> {
    let proxies: Vec<String> = config
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    let limits = Limits {
        body_bytes: config.body_limit_bytes,
        body_budget_bytes: config.body_budget_bytes,
        request: config.request_timeout,
        // A slow upload is told so by the body reader, a little before the whole request is.
        body_total: config.request_timeout.mul_f64(0.8),
        in_flight: config.max_in_flight,
        trusted_proxies: TrustedProxies::try_new(&proxies)
            .map_err(|e| Fault::internal("trusted proxies").caused_by(e))?,
        ..Limits::default()
    };
    limits.check().map_err(Fault::internal)?;
    Ok(limits)
}

/// Every route this process answers: what operators ask, the APIs below `/api`, the Partners Portal API
/// below its prefix in any letter case, and pages everywhere else. Whatever is not there is answered by
/// the face it would belong to.
///
/// # Errors
/// When the limits contradict each other; when a template cannot be read.
pub fn router(app: &App, config: &Config, metrics: health::Metrics) -> Result<Router, Fault> {
    let limits = limits(config)?;
    let status = match config.error_status {
        ErrorStatus::Code => lintel_wire_lender::error::ErrorStatus::Code,
        ErrorStatus::Ok => lintel_wire_lender::error::ErrorStatus::Ok,
    };
    let apis = lintel_wire_lender::router(app.clone(), &limits, status);
    let partners = lintel_wire_partners::router(app.clone(), &limits);
    let partners = lintel_wire_partners::with_callbacks(partners, callbacks::office(config)?);
    let pages = lintel_pages::router(app.clone(), &limits)?;
    let fork = move |request: Request| {
        let path = request.uri().path();
        let face = if lintel_wire_partners::is_mine(path) {
            partners.clone()
        } else if is_api(path) {
            apis.clone()
        } else {
            pages.clone()
        };
        async move {
            match face.oneshot(request).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            }
        }
    };
    Ok(health::router(app.clone(), metrics).fallback(fork))
}

/// Whether a path belongs to the APIs.
fn is_api(path: &str) -> bool {
    path.strip_prefix("/api")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_api;

    #[test]
    fn the_apis_are_below_their_folder() {
        for path in ["/api", "/api/", "/api/lender/create-loan", "/api//x"] {
            assert!(is_api(path), "{path}");
        }
        for path in ["/", "/apis", "/app/home", "/API/lender", "/%61pi/x", ""] {
            assert!(!is_api(path), "{path}");
        }
    }
}
