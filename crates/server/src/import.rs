//! `lintel import`: published files into a folder of the rule book, or into the database.

pub mod averages;
pub mod offer;
pub mod parishes;
mod rows;

use std::fs::{self, File};
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use indicatif::ProgressBar;
use lintel_app::admin;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::ports::{Clock as _, SystemClock};
use lintel_domain::id::PublicId;
use lintel_domain::lisbon;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_engine::date::Date;
use lintel_engine::us::loan_limits::{LimitArea, conforming_limit};
use lintel_rule_book::RuleBook;
use lintel_rule_book::import::{self, Import, Kind, Summary};
use lintel_store::index_average::Average;

use crate::cli::ConfigArgs;
use offer::OfferArgs;
use parishes::{ParishArgs, ParishList};

/// Files of this size show a progress bar.
const LONG_BYTES: usize = 4 * 1024 * 1024;
/// Most changed figures printed.
const SHOWN_CHANGES: usize = 40;

/// Options of `lintel import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Configuration sources, for what goes into the database.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Which published file it is.
    #[command(subcommand)]
    pub what: What,
}

/// The published files that can be imported.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Average prime offer rates of fixed-rate loans: FFIEC/CFPB `YieldTableFixed`, .txt or .CSV.
    AporFixed(Place),
    /// Average prime offer rates of adjustable-rate loans: FFIEC/CFPB `YieldTableAdjustable`.
    AporAdjustable(Place),
    /// Conforming loan limits of every county: FHFA `FullCountyLoanLimitList`, saved as CSV.
    CountyLimits {
        /// File and folder.
        #[command(flatten)]
        place: Place,
        /// Calendar year of the list.
        #[arg(long, value_name = "YYYY")]
        year: i16,
    },
    /// Euribor of 1, 3, 6 and 12 months: series of the ECB or the Bundesbank, daily or monthly; into a folder
    /// of the rule book, or, of 3, 6 and 12 months, as the averages a bank prices with.
    Euribor(EuriborArgs),
    /// The official list of parishes, into the database.
    Parishes(ParishArgs),
    /// What a bank offers: schemes, rates, charges, tariffs, branches; into the database.
    Offer(OfferArgs),
}

/// Options of `import euribor`.
#[derive(Debug, Args)]
pub struct EuriborArgs {
    /// The published file, or, for a bank, a table with the columns month, tenor and average.
    pub file: PathBuf,
    /// Folder of the rule book, as in the setting `rules.folder`; made when it is missing.
    #[arg(
        long,
        value_name = "FOLDER",
        required_unless_present = "org",
        conflicts_with = "org"
    )]
    pub rules: Option<PathBuf>,
    /// Public id of the bank whose averages they are.
    #[arg(long, value_name = "PUBLIC_ID")]
    pub org: Option<String>,
    /// Where the averages come from, as people read it; the file's own source or its name when absent.
    #[arg(long, value_name = "TEXT", requires = "org")]
    pub source: Option<String>,
    /// Say what would change, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// What is read and where it goes.
#[derive(Debug, Args)]
pub struct Place {
    /// The published file.
    pub file: PathBuf,
    /// Folder of the rule book, as in the setting `rules.folder`; made when it is missing.
    #[arg(long, value_name = "FOLDER")]
    pub rules: PathBuf,
    /// Say what would change, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// A command whose file has been read.
pub enum Prepared {
    /// It is done: what it says.
    Done(String),
    /// It needs the database.
    Work(Work),
}

/// What is left to do with the database.
pub enum Work {
    /// Averages of a bank, by its public id.
    Averages {
        /// The bank.
        org: String,
        /// Its averages.
        averages: Vec<Average>,
        /// Whether nothing is to be written.
        dry_run: bool,
    },
    /// An offer of a bank.
    Offer(OfferArgs, Box<offer::Document>),
    /// A list of parishes.
    Parishes(ParishArgs, ParishList),
}

/// Reads a file, and brings it into a folder of the rule book if that is where it goes.
///
/// # Errors
/// When the file is malformed or cannot be read, or the folder cannot be written to. Nothing is
/// written then.
pub fn prepare(args: ImportArgs) -> Result<Prepared, String> {
    let done = |kind, place: Place| into_folder(kind, &place).map(Prepared::Done);
    match args.what {
        What::AporFixed(place) => done(Kind::AporFixed, place),
        What::AporAdjustable(place) => done(Kind::AporAdjustable, place),
        What::CountyLimits { place, year } => done(Kind::CountyLimits { year }, place),
        What::Euribor(args) => euribor(args),
        What::Offer(args) => {
            let document = read_input(&args.file).and_then(offer::read);
            let document = document.map_err(|what| format!("{}: {what}", args.file.display()))?;
            Ok(Prepared::Work(Work::Offer(args, Box::new(document))))
        }
        What::Parishes(args) => {
            let named = |what: String| format!("{}: {what}", args.file.display());
            let list = read_input(&args.file).and_then(|bytes| parishes::read(&bytes));
            let list = list.map_err(named)?;
            Ok(Prepared::Work(Work::Parishes(args, list)))
        }
    }
}

fn euribor(args: EuriborArgs) -> Result<Prepared, String> {
    let EuriborArgs {
        file,
        rules,
        org,
        source,
        dry_run,
    } = args;
    match (rules, org) {
        (Some(rules), None) => {
            let place = Place {
                file,
                rules,
                dry_run,
            };
            into_folder(Kind::Euribor, &place).map(Prepared::Done)
        }
        (None, Some(org)) => {
            let today = lisbon::day_of(SystemClock.now());
            let otherwise = averages::name_of(&file);
            let averages = read_input(&file)
                .and_then(|bytes| averages::read(&bytes, source.as_deref(), &otherwise, today))
                .map_err(|what| format!("{}: {what}", file.display()))?;
            Ok(Prepared::Work(Work::Averages {
                org,
                averages,
                dry_run,
            }))
        }
        (Some(_), Some(_)) | (None, None) => Err("either --rules or --org is needed".to_owned()),
    }
}

/// Does what is left to do with the database: what to print, and whether it is good.
///
/// # Errors
/// Not found when the organisation is unknown; any fault of the database.
pub async fn load(app: &App, work: Work) -> Result<(String, bool), AppError> {
    match work {
        Work::Parishes(args, list) => parishes::load(app, &args, &list).await,
        Work::Offer(args, document) => {
            let bank = organisation(app, &args.org).await?;
            offer::load(app, &bank, &document, args.dry_run).await
        }
        Work::Averages {
            org,
            averages,
            dry_run,
        } => {
            let org = organisation(app, &org).await?;
            averages::load(app, &org, &averages, dry_run).await
        }
    }
}

async fn organisation(app: &App, id: &str) -> Result<Organisation, AppError> {
    let missing = Refusal::NotFound {
        what: Noun::Organisation,
    };
    // An id that does not look like one is nobody's.
    let id = PublicId::parse(id.trim()).ok_or(missing)?;
    admin::find_organisation(app, &id).await
}

fn into_folder(kind: Kind, place: &Place) -> Result<String, String> {
    let today = lintel_app::quote::day_of(SystemClock.now()).map_err(|fault| fault.chain())?;
    let named = |what: &dyn std::fmt::Display| format!("{}: {what}", place.file.display());
    let input = read_input(&place.file).map_err(|what| named(&what))?;
    let bar = bar(input.len());
    let import = |existing: Option<&str>| {
        let mut progress = |read| bar.set_position(read as u64);
        import::run(kind, &input, existing, today, &mut progress).map_err(|error| named(&error))
    };
    let done = if place.dry_run {
        let existing = import::read_existing(&place.rules, kind)?;
        import(existing.as_deref()).map(|imported| {
            let same = existing.as_ref() == Some(&imported.text);
            (imported, same)
        })
    } else {
        import::update(&place.rules, kind, import)
    };
    bar.finish_and_clear();
    let (mut imported, same) = done?;
    if let Kind::CountyLimits { year } = kind {
        imported
            .summary
            .notes
            .extend(compare_with_baseline(&place.rules, &imported, year));
    }
    Ok(tell(&imported, place, same))
}

/// The lowest limit of a county is the national baseline; another one means that list and year do
/// not belong together, or that the baseline is wrong. The baseline is the one calculations take:
/// of the operator's folder, if it has the table. None when they agree or nothing is known.
fn compare_with_baseline(folder: &Path, imported: &Import, year: i16) -> Option<String> {
    let day = Date::new(year, 1, 1).ok()?;
    let own = match RuleBook::load(folder.exists().then_some(folder)) {
        Ok(own) => own,
        Err(error) => return Some(format!("not compared with the national baseline: {error}")),
    };
    let book = RuleBook::with_file(imported.file, &imported.text).ok()?;
    let counties = &book.us.county_limits.as_ref()?.on(day).ok()?.rows;
    let lowest = counties.iter().map(|(_, [one_unit, ..])| one_unit).min()?;
    let national = &own.us.loan_limits.on(day).ok()?.rows;
    let baseline = conforming_limit(national, 1, LimitArea::General)?.baseline;
    (lowest != baseline).then(|| {
        format!(
            "the lowest limit of one unit is {lowest}, the national baseline of {year} {baseline}"
        )
    })
}

/// A published file, a regular one of bounded size.
fn read_input(path: &Path) -> Result<Vec<u8>, String> {
    let found = fs::metadata(path).map_err(|error| error.to_string())?;
    if !found.is_file() {
        return Err("is not a regular file".to_owned());
    }
    let mut bytes = Vec::new();
    // One byte more than may be: the importer then says that the file is too large.
    File::open(path)
        .and_then(|file| {
            file.take(import::MAX_INPUT as u64 + 1)
                .read_to_end(&mut bytes)
        })
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn bar(len: usize) -> ProgressBar {
    if len >= LONG_BYTES && std::io::stderr().is_terminal() {
        ProgressBar::new(len as u64)
    } else {
        ProgressBar::hidden()
    }
}

fn tell(imported: &Import, place: &Place, same: bool) -> String {
    let summary = &imported.summary;
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header([
        "rows",
        "first day",
        "last day",
        "new",
        "changed",
        "as before, not in the file",
    ]);
    let days = summary
        .days
        .map_or(["-".to_owned(), "-".to_owned()], |(first, last)| {
            [first.to_string(), last.to_string()]
        });
    let [first, last] = days;
    table.add_row([
        summary.rows.to_string(),
        first,
        last,
        summary.added.to_string(),
        summary.changed.to_string(),
        summary.kept.to_string(),
    ]);
    let mut text = format!("{table}\n");
    if summary.changed > 0 {
        text.push_str(&changes(summary));
    }
    for note in &summary.notes {
        text.push_str(&format!("note   {note}\n"));
    }
    let path = place.rules.join(imported.file);
    let done = match (place.dry_run, same) {
        (_, true) => "is as it would be written",
        (true, false) => "would be written",
        (false, false) => "written",
    };
    text.push_str(&format!("{}: {done}\n", path.display()));
    text
}

fn changes(summary: &Summary) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["changed", "before", "now"]);
    for change in summary.changes.iter().take(SHOWN_CHANGES) {
        table.add_row([&change.what, &change.before, &change.after]);
    }
    let mut text = format!("{table}\n");
    if summary.changed > SHOWN_CHANGES {
        let more = summary.changed - SHOWN_CHANGES;
        text.push_str(&format!("and {more} more\n"));
    }
    text
}
