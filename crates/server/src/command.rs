//! Parses the command line and dispatches.
//!
//! In the library, because the compiler makes an `async fn` anew in each crate that waits for it: the
//! binary waits for none.

mod calc;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::{Cli, Command, ConfigArgs, ServeArgs};
use crate::compose::Missing;
use crate::health::Metrics;
use crate::{
    admin, background, bench, catalogue, check, compose, configure, demo, human, import, logs,
    places, quote, ratecard, rules, serve, worker,
};
use clap::Parser as _;
use lintel_app::config::{Config, MailRoute};
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_rule_book::{RuleBook, RuleError};
use lintel_store::fault::Fault;
use lintel_store::migrate;
use tokio::net::TcpListener;

/// Exit status for unusable arguments or configuration, as `calc` documents it.
const UNUSABLE: u8 = 2;

/// Does what the command line says and returns the exit status.
#[must_use]
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(args) => with_config(&args.config.clone(), args.listen.clone(), |config| {
            logs::start(&config);
            block_on(run_server(config, args))
        }),
        Command::Worker(args) => with_config(&args, None, |config| {
            logs::start(&config);
            block_on(run_worker(config))
        }),
        Command::Migrate(args) => {
            with_config(&args, None, |config| block_on(run_migrations(config)))
        }
        Command::Check(args) => block_on(async {
            let report = check::run(&args).await;
            let printed = print(&report.text);
            if report.is_good {
                printed
            } else {
                ExitCode::FAILURE
            }
        }),
        Command::Import(args) => run_import(args),
        Command::Admin(args) => with_config(&args.config.clone(), None, |config| {
            let settings = config.clone();
            block_on(with_app(config, Missing::Make, async |app| {
                Ok((admin::run(app, &settings, args.on).await?, true))
            }))
        }),
        Command::Catalogue(args) => run_catalogue(args),
        Command::Quote(args) => with_config(&args.config.clone(), None, |config| {
            block_on(with_app(config, Missing::Refuse, async |app| {
                let outcome = quote::run(app, &args.command).await?;
                Ok((outcome.text, outcome.is_reproduced))
            }))
        }),
        Command::RateCard(args) => with_config(&args.config.clone(), None, |config| {
            block_on(with_app(config, Missing::Refuse, async |app| {
                ratecard::run(app, &args).await
            }))
        }),
        Command::Calc(args) => calc::run_calc(&args),
        Command::Apr(args) => show(human::apr_table(&args)),
        Command::Aprc(args) => show(human::aprc_table(&args)),
        Command::Taeg(args) => show(human::taeg_table(&args)),
        Command::Imt(args) => show(human::imt_table(&args)),
        Command::Schedule(args) => show(human::schedule_table(&args)),
        Command::Hpml(args) => show(human::hpml_table(&args)),
        Command::Places(args) => run_places(&args),
        Command::Bench(args) => block_on(async { show(bench::run(args).await) }),
    }
}

fn with_config(
    args: &ConfigArgs,
    listen: Option<String>,
    run: impl FnOnce(Config) -> ExitCode,
) -> ExitCode {
    match configure::read(args, listen.as_deref()).config {
        Ok(config) => run(config),
        Err(mistakes) => {
            for mistake in mistakes {
                complain(&format!("configuration: {mistake}"));
            }
            ExitCode::from(UNUSABLE)
        }
    }
}

/// A folder of the rule book that cannot be used is unusable configuration, as it is to `calc`.
fn unusable(error: &RuleError) -> ExitCode {
    complain(&error.to_string());
    ExitCode::from(UNUSABLE)
}

fn block_on(future: impl Future<Output = ExitCode>) -> ExitCode {
    match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(future),
        Err(error) => {
            complain(&format!("cannot start the runtime: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run_server(mut config: Config, args: ServeArgs) -> ExitCode {
    if args.demo {
        // A newcomer sees the mail in the browser, and none leaves.
        config.mailing.route.get_or_insert(MailRoute::Catcher);
    }
    let rules = match rules::load_logged(config.rules_folder.as_deref()) {
        Ok(rules) => rules,
        Err(error) => return unusable(&error),
    };
    match serve_until_stopped(&config, &args, rules).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            complain(&fault.chain());
            ExitCode::FAILURE
        }
    }
}

async fn serve_until_stopped(
    config: &Config,
    args: &ServeArgs,
    rules: RuleBook,
) -> Result<(), Fault> {
    let app = compose::open_app_with(config, Missing::Make, rules).await?;
    compose::settle_schema(&app, config, !args.no_migrate).await?;
    compose::check_keys(&app, config).await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|e| Fault::internal(format!("cannot listen on {}", config.listen)).caused_by(e))?;
    let address = listener
        .local_addr()
        .map_err(|e| Fault::internal("the listener has no address").caused_by(e))?;
    let url = config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    app.set_public_url(&url);
    let router = compose::router(&app, config, Metrics::install())?;
    if args.demo {
        announce(&demo::prepare(&app, config, &url).await?)?;
        if args.demo_loans {
            announce(&demo::prepare_loans(&app).await?)?;
        }
    }
    announce(&format!("Listening on http://{address}\n"))?;
    tracing::info!(%address, database = app.db().kind().as_str(), "serving");
    let background = background::start(&app, config)?;
    // Longer than any request may take, so that none is cut off.
    let drain = config.request_timeout + Duration::from_secs(2);
    let stop = async {
        serve::stop_signal().await;
        background.begin_stop();
    };
    serve::run(listener, router, stop, drain).await;
    background.stop().await;
    compose::close(&app).await;
    Ok(())
}

async fn run_worker(config: Config) -> ExitCode {
    let rules = match rules::load_logged(config.rules_folder.as_deref()) {
        Ok(rules) => rules,
        Err(error) => return unusable(&error),
    };
    match worker::run(&config, rules, || announce("Working on jobs\n")).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            complain(&fault.chain());
            ExitCode::FAILURE
        }
    }
}

async fn run_migrations(config: Config) -> ExitCode {
    let result = async {
        let db = compose::open_unhurried(&config).await?;
        let before = migrate::standing(&db).await?;
        let after = migrate::run(&db).await?;
        db.close().await;
        Ok::<_, Fault>((before, after))
    }
    .await;
    match result {
        Ok((before, after)) => print(&format!(
            "migrations: was at {}, now at {}\n",
            before.applied, after.applied
        )),
        Err(fault) => {
            complain(&fault.chain());
            ExitCode::FAILURE
        }
    }
}

/// Opens the application for one command, prints what it says, and closes it again. `true` beside the
/// text is success. A command that works on what is there makes no new database where a folder was
/// mistyped.
async fn with_app(
    config: Config,
    missing: Missing,
    work: impl AsyncFnOnce(&App) -> Result<(String, bool), AppError>,
) -> ExitCode {
    let rules = match rules::load_logged(config.rules_folder.as_deref()) {
        Ok(rules) => rules,
        Err(error) => return unusable(&error),
    };
    let embedded = config.database_url.is_none();
    if missing == Missing::Refuse && embedded && !compose::sqlite_file(&config).exists() {
        let folder = config.data_folder.display();
        complain(&format!(
            "there is no database in {folder}: name the folder the server runs on with --data-folder"
        ));
        return ExitCode::FAILURE;
    }
    let result = async {
        let app = compose::open_app_with(&config, missing, rules).await?;
        compose::settle_schema(&app, &config, config.database_url.is_none()).await?;
        compose::check_keys(&app, &config).await?;
        let said = work(&app).await;
        app.db().close().await;
        said
    }
    .await;
    match result {
        Ok((text, true)) => print(&text),
        Ok((text, false)) => {
            print(&text);
            ExitCode::FAILURE
        }
        Err(error) => {
            complain(&admin::explain(&error));
            ExitCode::FAILURE
        }
    }
}

/// As with catalogues, files are read before the database is touched.
fn run_import(args: import::ImportArgs) -> ExitCode {
    let settings = args.config.clone();
    match import::prepare(args) {
        Ok(import::Prepared::Done(text)) => print(&text),
        Ok(import::Prepared::Work(work)) => with_config(&settings, None, |config| {
            block_on(with_app(config, Missing::Refuse, async |app| {
                import::load(app, work).await
            }))
        }),
        Err(message) => {
            complain(&message);
            ExitCode::FAILURE
        }
    }
}

/// Files are read before the database is touched: an import of what is not there opens nothing.
fn run_catalogue(args: catalogue::CatalogueArgs) -> ExitCode {
    match catalogue::prepare(args.command) {
        Ok(catalogue::Prepared::Done(text, is_good)) => match print(&text) {
            printed if is_good => printed,
            _ => ExitCode::FAILURE,
        },
        Ok(catalogue::Prepared::Work(work)) => with_config(&args.config, None, |config| {
            block_on(with_app(config, Missing::Refuse, async |app| {
                catalogue::run(app, work).await
            }))
        }),
        Err(message) => {
            complain(&message);
            ExitCode::FAILURE
        }
    }
}

fn run_places(args: &places::PlacesArgs) -> ExitCode {
    let answer = places::run(args);
    let printed = print(&answer.text);
    if answer.unknown.is_empty() {
        return printed;
    }
    for message in &answer.unknown {
        complain(message);
    }
    ExitCode::FAILURE
}

fn show(result: Result<String, String>) -> ExitCode {
    match result {
        Ok(text) => print(&text),
        Err(message) => {
            complain(&message);
            ExitCode::from(UNUSABLE)
        }
    }
}

/// Writes to standard output. A reader that went away is no fault; everything else that keeps the
/// text from arriving, such as a full disk, is.
fn written(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// What a command has to say, and the status it ends with.
fn print(text: &str) -> ExitCode {
    match written(text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("cannot write to standard output: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// What the server has to say before it serves.
fn announce(text: &str) -> Result<(), Fault> {
    written(text)
        .map_err(|error| Fault::internal("cannot write to standard output").caused_by(error))
}

/// Writes to standard error; when that fails too there is nobody left to tell.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "lintel: {message}");
}
