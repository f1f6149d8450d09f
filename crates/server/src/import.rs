//! `lintel import`: published files into a folder of the rule book.

use std::fs::{self, File};
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use indicatif::ProgressBar;
use lintel_app::ports::{Clock as _, SystemClock};
use lintel_engine::date::Date;
use lintel_engine::us::loan_limits::{LimitArea, conforming_limit};
use lintel_rule_book::RuleBook;
use lintel_rule_book::import::{self, Import, Kind, Summary};

/// Files of this size show a progress bar.
const LONG_BYTES: usize = 4 * 1024 * 1024;
/// Most changed figures printed.
const SHOWN_CHANGES: usize = 40;

/// Options of `lintel import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
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
    /// Euribor of 1, 3, 6 and 12 months: series of the ECB or the Bundesbank, daily or monthly.
    Euribor(Place),
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

/// Imports a file and tells what has changed.
///
/// # Errors
/// When the file is malformed or cannot be read, or the folder cannot be written to. Nothing is
/// written then.
pub fn run(args: &ImportArgs) -> Result<String, String> {
    let (kind, place) = match &args.what {
        What::AporFixed(place) => (Kind::AporFixed, place),
        What::AporAdjustable(place) => (Kind::AporAdjustable, place),
        What::CountyLimits { place, year } => (Kind::CountyLimits { year: *year }, place),
        What::Euribor(place) => (Kind::Euribor, place),
    };
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
