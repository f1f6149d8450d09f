//! `lintel catalogue`: a lender's products, rules, charges and rate sheets, in and out as files.

mod files;
mod report;
mod sheets;
mod when;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use lintel_app::admin;
use lintel_app::catalogue::{self, CatalogueVersion, ImportError, NewCatalogue, Outcome};
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_pricing::catalogue::Catalogue;
use lintel_pricing::catalogue::validate::validate_sheets;
use lintel_pricing::codec::{self, Finding, Level, Part, Parts};

use crate::admin::utc;
use crate::cli::ConfigArgs;
use files::{Edits, Text};

/// Who changes a catalogue on the command line, as its history and the event log tell it.
const ACTOR: &str = "operator";

/// `lintel catalogue …`.
#[derive(Debug, Args)]
pub struct CatalogueArgs {
    /// Configuration sources.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: CatalogueCommand,
}

/// What can be done with a catalogue.
#[derive(Debug, Subcommand)]
pub enum CatalogueCommand {
    /// Write the catalogue in force to files, or print it.
    Export(ExportArgs),
    /// Read files, say what changes, and write a new version. A part without a file stays as it is.
    Import(ImportArgs),
    /// List the versions that were written, newest first.
    History {
        /// lenderID of the organisation.
        #[arg(long, value_name = "LENDER_ID")]
        lender: String,
    },
    /// Read and validate files without a database; exit status 1 on any error.
    Check {
        /// A folder with the files of a catalogue, or single files of it.
        #[arg(required = true, value_name = "FOLDER|FILE")]
        paths: Vec<PathBuf>,
    },
    /// Rate sheets.
    #[command(subcommand)]
    Sheet(sheets::SheetCommand),
}

/// Options of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// lenderID of the organisation.
    #[arg(long, value_name = "LENDER_ID")]
    pub lender: String,
    /// Only this part, such as fees; may be given several times.
    #[arg(long = "part", value_name = "PART", value_parser = part)]
    pub parts: Vec<Part>,
    /// An earlier version instead of the one in force.
    #[arg(long, value_name = "VERSION")]
    pub number: Option<i64>,
    /// Fees and estimates as CSV, and each grid of the adjustments as a CSV file of its own.
    #[arg(long)]
    pub csv: bool,
    /// Folder to write to, made when it is missing; without one the parts are printed.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// A folder with files named after their parts, or single such files: products.toml, fees.csv.
    #[arg(value_name = "FOLDER|FILE", required_unless_present = "grid")]
    pub paths: Vec<PathBuf>,
    /// lenderID of the organisation.
    #[arg(long, value_name = "LENDER_ID")]
    pub lender: String,
    /// Replace the grid of one adjustment by a CSV file, as in `--grid "Purchase grid=grid.csv"`.
    #[arg(long, value_name = "NAME=FILE", value_parser = files::named_file)]
    pub grid: Vec<(String, PathBuf)>,
    /// Say what would change, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// When it takes effect, as 2026-12-01 or 2026-12-01T08:00, UTC; at once when absent.
    #[arg(long, value_name = "WHEN", value_parser = when::instant)]
    pub effective: Option<Instant>,
    /// What the change is for; kept in the history.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
}

fn part(text: &str) -> Result<Part, String> {
    Part::parse(text).ok_or_else(|| {
        let known = Part::ALL.map(Part::as_str);
        format!("not one of {}", known.join(", "))
    })
}

/// A command whose files have been read.
pub enum Prepared {
    /// It needs no database: what it says, and whether that is good.
    Done(String, bool),
    /// It needs one.
    Work(Work),
}

/// What is left to do once files have been read.
pub enum Work {
    /// Export.
    Export(ExportArgs),
    /// Import of these edits.
    Import(ImportArgs, Edits),
    /// History of a lender.
    History(String),
    /// Something with sheets.
    Sheet(sheets::SheetWork),
}

/// Reads the files a command names.
///
/// # Errors
/// A sentence naming the file that cannot be used.
pub fn prepare(command: CatalogueCommand) -> Result<Prepared, String> {
    let work = match command {
        CatalogueCommand::Export(args) => Work::Export(args),
        CatalogueCommand::Import(args) => {
            let edits = files::read(&args.paths, &args.grid)?;
            Work::Import(args, edits)
        }
        CatalogueCommand::History { lender } => Work::History(lender),
        CatalogueCommand::Check { paths } => {
            let edits = files::read(&paths, &[])?;
            let (text, is_good) = check(&edits);
            return Ok(Prepared::Done(text, is_good));
        }
        CatalogueCommand::Sheet(command) => Work::Sheet(sheets::prepare(command)?),
    };
    Ok(Prepared::Work(work))
}

/// Does what is left to do: what to print, and whether it is good.
///
/// # Errors
/// Not found when organisation or version is unknown; any fault of the database.
pub async fn run(app: &App, work: Work) -> Result<(String, bool), AppError> {
    match work {
        Work::Export(args) => export(app, args).await,
        Work::Import(args, edits) => import(app, args, edits).await,
        Work::History(lender) => {
            let org = organisation(app, &lender).await?;
            let versions = catalogue::history(app, &org).await?;
            Ok((report::history(&versions), true))
        }
        Work::Sheet(work) => sheets::run(app, work).await,
    }
}

async fn organisation(app: &App, lender: &str) -> Result<Organisation, AppError> {
    let missing = Refusal::NotFound {
        what: Noun::Organisation,
    };
    // An id that does not look like one is nobody's.
    let id = PublicId::parse(lender.trim()).ok_or(missing)?;
    admin::find_organisation(app, &id).await
}

/// Why an organisation has no catalogue of its own.
fn without_catalogue(org: &Organisation) -> Option<String> {
    match org.kind {
        OrganisationKind::Broker | OrganisationKind::Vendor => Some(format!(
            "nothing written: a {} has no catalogue; quotes are priced with its lender's\n",
            org.kind
        )),
        OrganisationKind::Bank => {
            Some("nothing written: a bank has an offer instead of a catalogue\n".to_owned())
        }
        OrganisationKind::Retail
        | OrganisationKind::Wholesale
        | OrganisationKind::Correspondent => None,
    }
}

/// Reads and validates files on their own, sheets beside them.
fn check(edits: &Edits) -> (String, bool) {
    let mut findings = Vec::new();
    let parts = match edits.apply(Parts::new()) {
        Ok(parts) => parts,
        Err(found) => return (report::findings(&found), false),
    };
    let mut counts = String::new();
    match codec::load(&parts) {
        Ok(loaded) => {
            counts = report::counts(&loaded.catalogue);
            findings.extend(loaded.warnings);
            findings.extend(check_sheets(edits, Some(&loaded.catalogue)));
        }
        Err(found) => {
            findings.extend(found);
            findings.extend(check_sheets(edits, None));
        }
    }
    let is_good = findings.iter().all(|finding| finding.level != Level::Error);
    (format!("{counts}{}", report::findings(&findings)), is_good)
}

fn check_sheets(edits: &Edits, catalogue: Option<&Catalogue>) -> Vec<Finding> {
    let Some(text) = &edits.sheets else {
        return Vec::new();
    };
    match codec::sheet::read_sheets(text) {
        Ok(sheets) => catalogue.map_or_else(Vec::new, |c| validate_sheets(c, &sheets)),
        Err(found) => found,
    }
}

async fn export(app: &App, args: ExportArgs) -> Result<(String, bool), AppError> {
    let org = organisation(app, &args.lender).await?;
    let exported = catalogue::export(app, &org, args.number).await?;
    let wanted = |part: &Part| args.parts.is_empty() || args.parts.contains(part);
    let parts: Parts = exported
        .parts
        .into_iter()
        .filter(|(part, _)| wanted(part))
        .collect();
    let texts = match files::texts(&parts, args.csv) {
        Ok(texts) => texts,
        Err(found) => return Ok((report::findings(&found), false)),
    };
    let Some(folder) = &args.out else {
        return Ok((print(&texts), true));
    };
    match files::write(folder, &texts) {
        Ok(()) => {
            let (version, count) = (exported.version.version, texts.len());
            let folder = folder.display();
            Ok((
                format!("version {version}: {count} files written to {folder}\n"),
                true,
            ))
        }
        Err(what) => Ok((format!("{what}\n"), false)),
    }
}

/// The parts one after the other, each under its name when there are several.
fn print(texts: &[Text]) -> String {
    if let [only] = texts {
        return only.text.clone();
    }
    let parts: Vec<String> = texts
        .iter()
        .map(|one| format!("# ==== {}\n{}\n", one.name, one.text))
        .collect();
    parts.concat()
}

async fn import(app: &App, args: ImportArgs, edits: Edits) -> Result<(String, bool), AppError> {
    let org = organisation(app, &args.lender).await?;
    if let Some(what) = without_catalogue(&org) {
        return Ok((what, false));
    }
    let base = base(app, &org, args.effective).await?;
    let parts = match edits.apply(base) {
        Ok(parts) => parts,
        Err(found) => return Ok((report::refused(&found), false)),
    };
    let new = NewCatalogue {
        parts,
        effective_at: args.effective,
        note: args.note,
        actor: ACTOR.to_owned(),
        is_dry_run: args.dry_run,
    };
    let imported = match catalogue::import(app, &org, new).await {
        Ok(imported) => imported,
        Err(ImportError::Findings(found)) => return Ok((report::refused(&found), false)),
        Err(ImportError::App(error)) => return Err(error),
    };
    let mut text = report::findings(&imported.warnings);
    if edits.sheets.is_some() {
        text.push_str("sheets.csv was left alone: `lintel catalogue sheet import` reads it\n");
    }
    for note in &edits.notes {
        text.push_str(&format!("{note}\n"));
    }
    match imported.outcome {
        Outcome::Unchanged { version } => {
            text.push_str(&format!("nothing written: the same as version {version}\n"));
        }
        Outcome::Planned { diff, new_codes } => {
            text.push_str(&report::diff(&diff));
            for code in new_codes {
                text.push_str(&format!("new product {}\n", report::plain(&code)));
            }
            text.push_str("nothing written: this was a dry run\n");
        }
        Outcome::Stored {
            version,
            effective_at,
            diff,
            new_products,
        } => {
            text.push_str(&report::diff(&diff));
            for (code, id) in new_products {
                text.push_str(&format!(
                    "new product {}, publicID {id}\n",
                    report::plain(&code)
                ));
            }
            let at = utc(effective_at);
            text.push_str(&format!("version {version} written, in force from {at}\n"));
        }
    }
    Ok((text, true))
}

/// The parts that files replace some of: those in force when the new version will be.
async fn base(
    app: &App,
    org: &Organisation,
    effective: Option<Instant>,
) -> Result<Parts, AppError> {
    let versions = catalogue::history(app, org).await?;
    let at = effective.map_or(app.now(), |at| at.max(app.now()));
    let in_force = |version: &&CatalogueVersion| version.effective_at <= at;
    let versions = versions.iter().filter(in_force);
    let found = versions.max_by_key(|version| (version.effective_at, version.version));
    match found {
        Some(found) => {
            let exported = catalogue::export(app, org, Some(found.version)).await?;
            Ok(exported.parts)
        }
        None => Ok(Parts::new()),
    }
}
