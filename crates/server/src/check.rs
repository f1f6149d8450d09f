//! `lintel check`: is everything as it must be? Prints one line per thing looked at.

mod data;
mod mail;

use std::fmt::Write as _;

use comfy_table::{Table, presets};
use lintel_app::admin;
use lintel_app::config::{Config, Effective, SETTINGS, env_name};
use lintel_app::context::App;
use lintel_app::ports::{Clock as _, SystemClock};
use lintel_blobs::Clamd;
use lintel_engine::date::Date;
use lintel_rule_book::{Origin, RuleBook, RuleError, TableReport};
use lintel_store::event::{self, ChainState};
use lintel_store::migrate;

use crate::cli::{CheckArgs, ConfigArgs};
use crate::compose::Missing;
use crate::{compose, configure};

/// What a check found: the text to print, and whether anything is wrong.
#[derive(Debug)]
pub struct Report {
    /// Lines for people.
    pub text: String,
    /// No fault found.
    pub is_good: bool,
}

/// Checks the configuration, and unless `--config` was given bare, everything behind it; with
/// `--data` the rule book alone, table by table.
pub async fn run(args: &CheckArgs) -> Report {
    if args.data {
        return data::run(args);
    }
    let only_config = matches!(args.config, Some(None));
    let sources = sources(args);
    let read = configure::read(&sources, None);
    let mut report = Report {
        text: String::new(),
        is_good: true,
    };
    if args.config.is_some() {
        let _ = writeln!(report.text, "{}", settings_table(&read.effective));
    }
    match read.config {
        Ok(config) => {
            line(&mut report, true, "configuration", "no mistakes");
            if !only_config {
                check_behind(&mut report, &config).await;
            }
        }
        Err(mistakes) => {
            for mistake in mistakes {
                line(&mut report, false, "configuration", &mistake);
            }
        }
    }
    report
}

fn line(report: &mut Report, good: bool, what: &str, found: &str) {
    report.is_good &= good;
    let mark = if good { "ok   " } else { "FAULT" };
    let _ = writeln!(report.text, "{mark}  {what}: {found}");
}

fn settings_table(effective: &[Effective]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header([
        "setting",
        "value",
        "from",
        "environment variable",
        "what it does",
    ]);
    for value in effective {
        let about = SETTINGS
            .iter()
            .find(|s| s.name == value.name)
            .map_or("", |s| s.about);
        table.add_row([
            value.name,
            &value.shown,
            value.origin.as_str(),
            &env_name(value.name),
            about,
        ]);
    }
    table
}

fn sources(args: &CheckArgs) -> ConfigArgs {
    ConfigArgs {
        config: args.config.clone().flatten(),
        data_folder: args.data_folder.clone(),
        database_url: args.database_url.clone(),
        set: args.set.clone(),
    }
}

/// How many tables there are, files that are none, and whether figures are uncertain.
fn check_rules(report: &mut Report, rules: &Result<RuleBook, RuleError>) {
    let rules = match rules {
        Ok(rules) => rules,
        Err(error) => return line(report, false, "rule book", &without_prefix(error)),
    };
    let tables = rules.reports().iter();
    let loaded = tables
        .filter(|table| table.origin != Origin::Absent)
        .count();
    let found = format!("{loaded} tables loaded");
    line(report, true, "rule book", &found);
    check_strangers(report, rules);
    check_in_force(report, rules);
    let is_uncertain = |table: &&TableReport| {
        table
            .editions
            .iter()
            .any(|edition| edition.uncertain.is_some())
    };
    let uncertain = rules.reports().iter().filter(is_uncertain).count();
    if uncertain > 0 {
        let _ = writeln!(
            report.text,
            "note   rule book: {uncertain} tables have uncertain or demonstration figures; \
             lintel check --data says which and why"
        );
    }
}

/// A misspelt name would leave the embedded figures in use without a word.
fn check_strangers(report: &mut Report, rules: &RuleBook) {
    for stranger in rules.strangers() {
        line(report, false, "rule book", &stranger.to_string());
    }
}

/// A table that has ended makes quotes and calculations of today fail.
fn check_in_force(report: &mut Report, rules: &RuleBook) {
    let day = match today() {
        Ok(day) => day,
        Err(why) => return line(report, false, "clock", &why),
    };
    for table in rules.reports() {
        if let Some(missing) = table.missing_on(day) {
            line(report, false, table.file, &missing);
        }
    }
}

/// The present day, UTC.
fn today() -> Result<Date, String> {
    lintel_app::quote::day_of(SystemClock.now()).map_err(|fault| fault.chain())
}

/// The file and what is wrong: the line that says it begins with "rule book" already.
fn without_prefix(error: &RuleError) -> String {
    format!("{}: {}", error.file, error.what)
}

async fn check_behind(report: &mut Report, config: &Config) {
    let rules = RuleBook::load(config.rules_folder.as_deref());
    check_rules(report, &rules);
    check_scanner(report, config).await;
    if config.database_url.is_none() && !compose::sqlite_file(config).exists() {
        let found = format!("none yet in {}", config.data_folder.display());
        line(report, false, "database", &found);
        return;
    }
    // A faulty table was told above; the database is looked at all the same.
    let rules = match rules.or_else(|_| RuleBook::embedded()) {
        Ok(rules) => rules,
        Err(error) => return line(report, false, "rule book", &without_prefix(&error)),
    };
    match compose::open_app_with(config, Missing::Refuse, rules).await {
        Ok(app) => {
            line(
                report,
                true,
                "key ring",
                &config.keys_file.display().to_string(),
            );
            check_blobs(report, &app, config).await;
            mail::check(report, &app, config).await;
            check_database(report, &app, config).await;
            app.db().close().await;
        }
        Err(fault) => line(report, false, "database, key ring, blobs", &fault.chain()),
    }
}

/// Whether the malware scanner answers, also to a document as long as one may be.
async fn check_scanner(report: &mut Report, config: &Config) {
    let Some(address) = &config.scanner else {
        return;
    };
    let probe = Clamd::new(address.clone());
    match probe.probe(config.documents.max_bytes).await {
        Ok(version) => {
            let mebibytes = config.documents.max_bytes >> 20;
            let found = format!("{address} is {version} and takes {mebibytes} MiB");
            line(report, true, "malware scanner", &found);
        }
        Err(fault) => line(report, false, "malware scanner", &fault.chain()),
    }
}

/// Whether pictures and documents can be written, read and removed.
async fn check_blobs(report: &mut Report, app: &App, config: &Config) {
    let folder = config.blobs_folder.display().to_string();
    let place = config.blobs_url.as_ref().unwrap_or(&folder);
    if !compose::has_blobs(config) {
        let text = &mut report.text;
        let _ = writeln!(text, "note   blobs: {place} will be made at the next start");
        return;
    }
    let word = match app.secret_base62(20) {
        Ok(word) => word,
        Err(fault) => return line(report, false, "blobs", &fault.chain()),
    };
    match lintel_blobs::probe(app.blobs(), &word).await {
        Ok(()) => {
            let found = format!("{place} can be read and written");
            line(report, true, "blobs", &found);
        }
        Err(fault) => line(
            report,
            false,
            "blobs",
            &format!("{place}: {}", fault.chain()),
        ),
    }
}

async fn check_database(report: &mut Report, app: &App, config: &Config) {
    let kind = app.db().kind().as_str();
    match migrate::standing(app.db()).await {
        Ok(s) if s.is_current() => {
            line(
                report,
                true,
                "database",
                &format!("{kind}, migration {}", s.applied),
            );
        }
        Ok(s) => {
            let found = format!("{kind} at migration {}, needs {}", s.applied, s.wanted);
            line(report, false, "database", &found);
            return;
        }
        Err(fault) => return line(report, false, "database", &fault.chain()),
    }
    match compose::check_keys(app, config).await {
        Ok(()) => line(
            report,
            true,
            "keys",
            "every stored secret's key is in the ring",
        ),
        Err(fault) => line(report, false, "keys", &fault.chain()),
    }
    let organisations = match admin::list_organisations(app).await {
        Ok(list) => list,
        Err(error) => {
            return line(
                report,
                false,
                "organisations",
                &crate::admin::explain(&error),
            );
        }
    };
    for org in organisations {
        let what = format!("audit log of {}", org.public_id);
        match event::verify(app.db(), &org.id).await {
            Ok(ChainState::Intact { events }) => {
                line(
                    report,
                    true,
                    &what,
                    &format!("{events} events, chain intact"),
                );
            }
            Ok(ChainState::Broken { seq }) => {
                line(
                    report,
                    false,
                    &what,
                    &format!("chain broken at event {seq}"),
                );
            }
            Err(fault) => line(report, false, &what, &fault.chain()),
        }
    }
}
