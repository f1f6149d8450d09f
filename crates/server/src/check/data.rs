//! `lintel check --data`: which figures are in force on a day, where they come from, what ends soon,
//! what nobody has compared with its source for long, and what is uncertain.

use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets};
use lintel_app::ports::{Clock as _, SystemClock};
use lintel_engine::date::Date;
use lintel_rule_book::{EditionReport, Origin, RuleBook, TableReport};

use crate::cli::CheckArgs;
use crate::configure;

use super::{Report, check_strangers, line, sources};

/// Days after which figures should have been compared with their source again.
const STALE_DAYS: i32 = 365;
/// Width of the table. Sources are long; beyond this they are wrapped.
const WIDTH: u16 = 150;

/// Loads the rule book and tells of each table.
pub(super) fn run(args: &CheckArgs) -> Report {
    let mut report = Report {
        text: String::new(),
        is_good: true,
    };
    let folder = match &args.rules {
        Some(folder) => Some(folder.clone()),
        None => match configure::read(&sources(args), None).config {
            Ok(config) => config.rules_folder,
            Err(mistakes) => {
                for mistake in mistakes {
                    line(&mut report, false, "configuration", &mistake);
                }
                return report;
            }
        },
    };
    let day = args.on.map_or_else(
        || lintel_app::quote::day_of(SystemClock.now()).map_err(|fault| fault.chain()),
        Ok,
    );
    let rules = RuleBook::load(folder.as_deref()).map_err(|error| error.to_string());
    match (day, rules) {
        (Ok(day), Ok(rules)) => tell(&mut report, &rules, day, i32::from(args.within)),
        (Err(why), _) => line(&mut report, false, "clock", &why),
        (_, Err(why)) => line(&mut report, false, "rule book", &why),
    }
    report
}

/// What is told below the table, one list for each kind of news.
#[derive(Default)]
struct News {
    missing: Vec<(&'static str, String)>,
    ending: Vec<String>,
    old: Vec<String>,
    absent: Vec<String>,
    uncertain: Vec<String>,
}

fn tell(report: &mut Report, rules: &RuleBook, day: Date, within: i32) {
    let mut news = News::default();
    for table in rules.reports() {
        match in_force(table, day) {
            Some(edition) => news.of_edition(table, edition, day, within),
            None => news.of_missing(table, day),
        }
    }
    let _ = writeln!(
        report.text,
        "Figures in force on {day}\n{}",
        table(rules, day)
    );
    for (mark, list) in [
        ("note", &news.uncertain),
        ("old", &news.old),
        ("absent", &news.absent),
        ("ends", &news.ending),
    ] {
        for what in list {
            let _ = writeln!(report.text, "{mark:6} {what}");
        }
    }
    for (file, found) in &news.missing {
        line(report, false, file, found);
    }
    check_strangers(report, rules);
    if report.is_good {
        line(
            report,
            true,
            "rule book",
            "every table that is loaded has figures in force",
        );
    }
}

fn table(rules: &RuleBook, day: Date) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(WIDTH);
    table.set_header(["table", "origin", "from", "to", "checked on", "", "source"]);
    for one in rules.reports() {
        let origin = match one.origin {
            Origin::Embedded => "program",
            Origin::Folder => "folder",
            Origin::Absent => "absent",
        };
        let row = match in_force(one, day) {
            Some(edition) => [
                edition.effective.from.to_string(),
                edition
                    .effective
                    .to
                    .map_or_else(String::new, |to| to.to_string()),
                edition.checked_on.to_string(),
                mark(edition).to_owned(),
                edition.source.clone(),
            ],
            None => ["-", "-", "-", "", "none in force"].map(str::to_owned),
        };
        let [from, to, checked, mark, source] = row;
        table.add_row([
            one.file.to_owned(),
            origin.to_owned(),
            from,
            to,
            checked,
            mark,
            source,
        ]);
    }
    table
}

const fn mark(edition: &EditionReport) -> &'static str {
    if edition.uncertain.is_some() {
        "uncertain"
    } else {
        ""
    }
}

fn in_force(table: &TableReport, day: Date) -> Option<&EditionReport> {
    table
        .editions
        .iter()
        .find(|edition| edition.effective.contains(day))
}

impl News {
    fn of_edition(&mut self, table: &TableReport, edition: &EditionReport, day: Date, within: i32) {
        let file = table.file;
        if let Some(to) = edition.effective.to {
            let left = day.days_until(to);
            let next = to.add_days(1).ok().and_then(|next| in_force(table, next));
            if left <= within && next.is_none() {
                let what = format!("{file}: on {to}, in {left} days, and nothing follows");
                self.ending.push(what);
            }
        }
        let checked = edition.checked_on;
        let age = checked.days_until(day);
        if age > STALE_DAYS {
            let what =
                format!("{file}: last compared with its source on {checked}, {age} days before");
            self.old.push(what);
        }
        if let Some(why) = &edition.uncertain {
            self.uncertain.push(format!("{file} is uncertain: {why}"));
        }
    }

    /// A table without figures on the day is a fault, whoever it comes from: something asks it. One
    /// that was never imported is not: its calculations say so themselves.
    fn of_missing(&mut self, table: &TableReport, day: Date) {
        let file = table.file;
        if table.origin == Origin::Absent {
            let what = format!("{file}: not imported; lintel import --help lists what can be");
            self.absent.push(what);
            return;
        }
        let mut editions = table.editions.iter();
        let before = editions
            .clone()
            .rfind(|edition| edition.effective.from < day);
        let after = editions.find(|edition| edition.effective.from > day);
        let mut found = format!("no figures in force on {day}");
        if let Some(to) = before.and_then(|edition| edition.effective.to) {
            let _ = write!(found, "; the last ones ended on {to}");
        }
        if let Some(edition) = after {
            let _ = write!(found, "; the next ones begin on {}", edition.effective.from);
        }
        self.missing.push((file, found));
    }
}
