//! `lintel check --data`: which figures are in force on a day, where they come from, what ends soon,
//! what nobody has compared with its source for long, and what is uncertain.

use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets};
use lintel_engine::date::Date;
use lintel_rule_book::{EditionReport, Origin, RuleBook, TableReport};

use crate::cli::CheckArgs;
use crate::configure;

use super::{Report, check_strangers, line, sources, today, without_prefix};

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
    let rules = RuleBook::load(folder.as_deref());
    match (today(), rules) {
        (Ok(today), Ok(rules)) => {
            let days = Days {
                asked: args.on.unwrap_or(today),
                today,
                within: i32::from(args.within),
            };
            tell(&mut report, &rules, &days);
        }
        (Err(why), _) => line(&mut report, false, "clock", &why),
        (_, Err(error)) => line(&mut report, false, "rule book", &without_prefix(&error)),
    }
    report
}

/// The days a check is about.
struct Days {
    /// Whose figures are told.
    asked: Date,
    /// The present day, whatever day is asked about.
    today: Date,
    /// How many days ahead the end of an edition is told.
    within: i32,
}

/// What is told below the table, one list for each kind of news.
#[derive(Default)]
struct News {
    faults: Vec<(&'static str, String)>,
    ending: Vec<String>,
    old: Vec<String>,
    absent: Vec<String>,
    uncertain: Vec<String>,
}

fn tell(report: &mut Report, rules: &RuleBook, days: &Days) {
    let day = days.asked;
    let mut news = News::default();
    for table in rules.reports() {
        news.of_table(table, days);
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
    for (file, found) in &news.faults {
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
        let row = match one.on(day) {
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

impl News {
    /// A table without figures on the day is a fault, whoever it comes from: something asks it. One
    /// that was never imported is not: its calculations say so themselves.
    fn of_table(&mut self, table: &TableReport, days: &Days) {
        let file = table.file;
        if table.origin == Origin::Absent {
            let what = format!("{file}: not imported; lintel import --help lists what can be");
            self.absent.push(what);
        }
        let missing = table.missing_on(days.asked);
        self.faults.extend(missing.map(|missing| (file, missing)));
        if let Some(edition) = table.on(days.asked) {
            self.of_edition(table, edition, days);
        }
        for edition in &table.editions {
            let checked = edition.checked_on;
            if checked > days.today {
                let from = edition.effective.from;
                let found = format!(
                    "checked_on of the edition from {from} is {checked}, which is yet to come"
                );
                self.faults.push((file, found));
            }
        }
    }

    fn of_edition(&mut self, table: &TableReport, edition: &EditionReport, days: &Days) {
        let file = table.file;
        if let Some(to) = table.ending(days.asked, days.within) {
            let left = days.asked.days_until(to);
            let what = format!("{file}: on {to}, in {left} days, and nothing follows");
            self.ending.push(what);
        }
        let checked = edition.checked_on;
        let age = checked.days_until(days.today);
        if age > STALE_DAYS {
            let what =
                format!("{file}: last compared with its source on {checked}, {age} days ago");
            self.old.push(what);
        }
        if let Some(why) = &edition.uncertain {
            self.uncertain.push(format!("{file} is uncertain: {why}"));
        }
    }
}
