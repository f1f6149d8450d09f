//! `lintel catalogue sheet`: rate sheets in and out as CSV.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::sheet::{self, SheetImport, SheetUpdate, SheetVersion};
use lintel_domain::id::Instant;
use lintel_domain::organisation::Organisation;
use lintel_pricing::catalogue::Sheet;
use lintel_pricing::catalogue::diff::sheet_diff;
use lintel_pricing::catalogue::validate::validate_sheets;
use lintel_pricing::codec::sheet::{MAX_SHEET_BYTES, read_sheets, write_sheets};
use lintel_pricing::codec::{self, Finding, Level};

use super::{ACTOR, files, organisation, report, when};
use crate::admin::utc;

/// Longest part of a file's name that is kept as the source of its sheets, in characters.
const MAX_SOURCE: usize = 200;

/// What can be done with rate sheets.
#[derive(Debug, Subcommand)]
pub enum SheetCommand {
    /// Read a CSV file, say what changes, and put the sheets of its products in force.
    Import(SheetImportArgs),
    /// Print the sheets in force as CSV, or write them to a file.
    Export(SheetExportArgs),
    /// List the sheets a product has had, newest first.
    History {
        /// lenderID of the organisation.
        #[arg(long, value_name = "LENDER_ID")]
        lender: String,
        /// The product's code.
        #[arg(long, value_name = "CODE")]
        product: String,
    },
}

/// Options of `sheet import`.
#[derive(Debug, Args)]
pub struct SheetImportArgs {
    /// Columns product, lock_days, rate, price, and if wanted index and margin.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// lenderID of the organisation.
    #[arg(long, value_name = "LENDER_ID")]
    pub lender: String,
    /// Say what would change, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// When they take effect, as 2026-12-01 or 2026-12-01T08:00, UTC; at once when absent.
    #[arg(long, value_name = "WHEN", value_parser = when::instant)]
    pub effective: Option<Instant>,
}

/// Options of `sheet export`.
#[derive(Debug, Args)]
pub struct SheetExportArgs {
    /// lenderID of the organisation.
    #[arg(long, value_name = "LENDER_ID")]
    pub lender: String,
    /// Only the sheet of this product; may be given several times.
    #[arg(long, value_name = "CODE")]
    pub product: Vec<String>,
    /// File to write to; without one the sheets are printed.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What is left to do once the file has been read.
pub enum SheetWork {
    /// Import of this text.
    Import(SheetImportArgs, String),
    /// Export.
    Export(SheetExportArgs),
    /// History of a lender's product.
    History(String, String),
}

pub(super) fn prepare(command: SheetCommand) -> Result<SheetWork, String> {
    Ok(match command {
        SheetCommand::Import(args) => {
            let text = files::read_text(&args.file, MAX_SHEET_BYTES)?;
            SheetWork::Import(args, text)
        }
        SheetCommand::Export(args) => SheetWork::Export(args),
        SheetCommand::History { lender, product } => SheetWork::History(lender, product),
    })
}

pub(super) async fn run(app: &App, work: SheetWork) -> Result<(String, bool), AppError> {
    match work {
        SheetWork::Import(args, text) => import(app, args, &text).await,
        SheetWork::Export(args) => export(app, args).await,
        SheetWork::History(lender, product) => {
            let org = organisation(app, &lender).await?;
            let versions = sheet::history(app, &org, &product).await?;
            Ok((history(&versions), true))
        }
    }
}

async fn import(app: &App, args: SheetImportArgs, text: &str) -> Result<(String, bool), AppError> {
    let org = organisation(app, &args.lender).await?;
    if let Some(what) = super::without_catalogue(&org) {
        return Ok((what, false));
    }
    let sheets = match read_sheets(text) {
        Ok(sheets) => sheets,
        Err(found) => return Ok((report::refused(&found), false)),
    };
    let found = beside_catalogue(app, &org, args.effective, &sheets).await?;
    if found.iter().any(|finding| finding.level == Level::Error) {
        return Ok((report::refused(&found), false));
    }
    let mut told = report::findings(&found);
    told.push_str(&changes(app, &org, &sheets).await?);
    if args.dry_run {
        told.push_str("nothing written: this was a dry run\n");
        return Ok((told, true));
    }
    let name = args.file.file_name().and_then(|name| name.to_str());
    let import = SheetImport {
        updates: sheets.into_iter().map(update).collect(),
        effective_at: args.effective,
        actor: ACTOR.to_owned(),
        source: report::plain(name.unwrap_or("file"))
            .chars()
            .take(MAX_SOURCE)
            .collect(),
    };
    let updated = sheet::import(app, &org, import).await?;
    let changed = updated.iter().filter(|one| one.is_changed).count();
    match updated
        .iter()
        .filter(|one| one.is_changed)
        .map(|one| one.version)
        .max()
    {
        Some(version) => {
            let from = args.effective.map_or_else(|| "now".to_owned(), utc);
            let line =
                format!("version {version} written: {changed} sheets, in force from {from}\n");
            told.push_str(&line);
        }
        None => told.push_str("nothing written: the same sheets are in force\n"),
    }
    Ok((told, true))
}

fn update((code, sheet): (String, Sheet)) -> SheetUpdate {
    SheetUpdate {
        public_id: None,
        code: Some(code),
        index: sheet.index,
        margin: sheet.margin,
        rows: sheet.rows,
    }
}

/// Sheets of unknown products, locks that are not offered, by the catalogue in force when the sheets
/// will be. A product that only an earlier catalogue had still has its registry entry, but a sheet for
/// it is most likely a slip.
async fn beside_catalogue(
    app: &App,
    org: &Organisation,
    effective: Option<Instant>,
    sheets: &BTreeMap<String, Sheet>,
) -> Result<Vec<Finding>, AppError> {
    let parts = super::base(app, org, effective).await?;
    Ok(match codec::parse(&parts) {
        Ok(catalogue) => validate_sheets(&catalogue, sheets),
        Err(found) => found,
    })
}

/// What changes against the sheets in force now, as a table.
async fn changes(
    app: &App,
    org: &Organisation,
    sheets: &BTreeMap<String, Sheet>,
) -> Result<String, AppError> {
    let before = sheet::in_force(app, org).await?;
    let before: HashMap<&str, &Sheet> = before
        .iter()
        .map(|version| (version.stored.code.as_str(), &version.sheet))
        .collect();
    let mut table = report::table(&["product", "change"], &[]);
    for (code, sheet) in sheets {
        let old = before.get(code.as_str()).copied();
        // What a file leaves out stays as it is.
        let kept = Sheet {
            index: sheet.index.or(old.and_then(|old| old.index)),
            margin: sheet.margin.or(old.and_then(|old| old.margin)),
            rows: sheet.rows.clone(),
        };
        let words = sheet_diff(code, old, &kept).to_string();
        let words = words
            .split_once(": ")
            .map_or(words.as_str(), |(_, words)| words);
        table.add_row([report::plain(code), words.to_owned()]);
    }
    Ok(format!("{table}\n"))
}

async fn export(app: &App, args: SheetExportArgs) -> Result<(String, bool), AppError> {
    let org = organisation(app, &args.lender).await?;
    let versions = sheet::in_force(app, &org).await?;
    let code = |version: &SheetVersion| version.stored.code.clone();
    let known: Vec<String> = versions.iter().map(code).collect();
    if let Some(stranger) = args.product.iter().find(|wanted| !known.contains(*wanted)) {
        let stranger = report::plain(stranger);
        return Ok((
            format!("{stranger}: no sheet of such a product is in force\n"),
            false,
        ));
    }
    let wanted = |code: &str| args.product.is_empty() || args.product.iter().any(|p| p == code);
    let sheets: BTreeMap<&str, &Sheet> = versions
        .iter()
        .map(|version| (version.stored.code.as_str(), &version.sheet))
        .filter(|(code, _)| wanted(code))
        .collect();
    let count = sheets.len();
    let text = write_sheets(sheets);
    let Some(file) = &args.out else {
        return Ok((text, true));
    };
    match fs::write(file, text) {
        Ok(()) => Ok((
            format!("{count} sheets written to {}\n", file.display()),
            true,
        )),
        Err(error) => Ok((format!("{}: {error}\n", file.display()), false)),
    }
}

fn history(versions: &[SheetVersion]) -> String {
    let header = [
        "version",
        "in force from",
        "written",
        "by",
        "source",
        "rows",
        "index",
        "margin",
    ];
    let mut table = report::table(&header, &[0, 5, 6, 7]);
    for version in versions {
        let stored = &version.stored;
        let optional = |value: Option<lintel_engine::rate::Pct>| {
            value.map_or_else(String::new, |value| value.to_string())
        };
        table.add_row([
            stored.version.to_string(),
            utc(stored.effective_at),
            utc(stored.created_at),
            report::plain(&stored.actor),
            report::plain(&stored.source),
            version.sheet.rows.len().to_string(),
            optional(stored.index),
            optional(stored.margin),
        ]);
    }
    format!("{table}\n")
}
