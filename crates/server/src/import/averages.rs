//! `lintel import euribor --org`: month averages into the database of a bank.

use std::collections::BTreeMap;
use std::path::Path;

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::market::put_averages;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_engine::date::Date;
use lintel_engine::money::Rounding;
use lintel_engine::pt::euribor::Tenor;
use lintel_engine::rate::Pct;
use lintel_rule_book::RuleBook;
use lintel_rule_book::import::{self, Kind};
use lintel_store::index_average::{Average, MAX_ROWS};

use super::rows::Rows;

/// The averages that are carried in the program, see the file for where they come from.
const PUBLISHED: &str = include_str!("../../../../data/pt/euribor_averages.csv");
/// Contracts state an index with three decimals.
const THOUSANDTH: Pct = Pct::new(1_000_000);
/// Averages outside these are misread.
const PLAUSIBLE: std::ops::RangeInclusive<Pct> =
    Pct::new(-5 * Pct::SCALE)..=Pct::new(30 * Pct::SCALE);
/// Longest source kept.
const SOURCE_MAX_CHARS: usize = 300;
/// Who loads averages on the command line, as the event log tells it.
const ACTOR: &str = "operator";

/// Reads averages: a table of month, tenor and average, or a published file of the ECB or the Bundesbank. They
/// are rounded half up to the third decimal, as contracts use them. `source` is what people read; without one
/// it is the file's own, or `otherwise`.
///
/// # Errors
/// A sentence that names the row at fault.
pub fn read(
    bytes: &[u8],
    source: Option<&str>,
    otherwise: &str,
    today: Date,
) -> Result<Vec<Average>, String> {
    let (figures, own) = match Rows::read(bytes) {
        Ok(rows) if is_ours(&rows) => (table(&rows, today)?, source_of(&rows)),
        _ => (published(bytes, today)?, None),
    };
    if figures.len() > MAX_ROWS {
        return Err(format!("has more than {MAX_ROWS} averages"));
    }
    let source = source.map(str::to_owned).or(own);
    let source = source.unwrap_or_else(|| otherwise.to_owned());
    if source.chars().count() > SOURCE_MAX_CHARS || source.contains(char::is_control) {
        return Err("the source is too long or has control characters".to_owned());
    }
    let averages = figures
        .into_iter()
        .map(|((months, month), average)| Average {
            tenor: format!("{months}M"),
            month,
            average,
            source: source.clone(),
        });
    Ok(averages.collect())
}

/// Averages by tenor in months and month.
type Figures = BTreeMap<(u32, Date), Pct>;

const MONTHS: &[&str] = &["month", "mes", "periodo", "period", "date", "data"];
const TENORS: &[&str] = &["tenor", "prazo", "index", "indexante", "maturity"];
const AVERAGES: &[&str] = &["average", "media", "value", "valor", "taxa", "rate"];

fn is_ours(rows: &Rows) -> bool {
    [MONTHS, TENORS, AVERAGES]
        .iter()
        .all(|names| rows.column(names).is_some())
}

fn source_of(rows: &Rows) -> Option<String> {
    let found = rows
        .comments
        .iter()
        .find_map(|line| line.strip_prefix("source:"));
    found.map(|source| source.trim().to_owned())
}

fn table(rows: &Rows, today: Date) -> Result<Figures, String> {
    let column = |names| rows.column(names).ok_or("has not the columns it needs");
    let (month, tenor, average) = (column(MONTHS)?, column(TENORS)?, column(AVERAGES)?);
    let mut figures = Figures::new();
    for row in &rows.rows {
        let at = |what: String| format!("row {}: {what}", row.place);
        let key = (
            read_tenor(row.value(tenor)).map_err(at)?,
            read_month(row.value(month), today).map_err(at)?,
        );
        let average = read_average(row.value(average)).map_err(at)?;
        if figures.insert(key, average).is_some() {
            return Err(at("the month is there twice".to_owned()));
        }
    }
    if figures.is_empty() {
        return Err("has no averages".to_owned());
    }
    Ok(figures)
}

/// `12M`, `12`, `1Y`, `euribor_12m`, `12 meses`.
fn read_tenor(text: &str) -> Result<u32, String> {
    let folded: String = text
        .to_ascii_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let bare = folded.strip_prefix("euribor").unwrap_or(&folded);
    let months = match bare {
        "3" | "3m" | "3meses" | "3months" => 3,
        "6" | "6m" | "6meses" | "6months" => 6,
        "12" | "12m" | "12meses" | "12months" | "1y" | "1ano" => 12,
        _ => return Err(format!("{text} is not 3M, 6M or 12M")),
    };
    Ok(months)
}

/// `2025-10`, a day of the month, or `10/2025`. A month that is not over has no average.
fn read_month(text: &str, today: Date) -> Result<Date, String> {
    let iso = match text.split_once('/') {
        Some((month, year)) if year.len() == 4 => format!("{year}-{month:0>2}-01"),
        Some(_) => String::new(),
        None if text.len() == 7 => format!("{text}-01"),
        None => text.to_owned(),
    };
    let month = Date::parse_iso(&iso)
        .map_err(|_| format!("{text} is no month such as 2025-10"))?
        .first_of_month();
    if month >= today.first_of_month() {
        return Err(format!("{text} is not over"));
    }
    Ok(month)
}

fn read_average(text: &str) -> Result<Pct, String> {
    let bare = text.strip_suffix('%').unwrap_or(text).trim_end();
    let bare = match (bare.contains(','), bare.contains('.')) {
        (true, true) => return Err(format!("{text} is no rate")),
        (true, false) => bare.replace(',', "."),
        (false, _) => bare.to_owned(),
    };
    Pct::parse_decimal(&bare)
        .ok()
        .filter(|rate| PLAUSIBLE.contains(rate))
        .and_then(|rate| rate.round_to(THOUSANDTH, Rounding::HalfUp))
        .ok_or_else(|| format!("{text} is no rate"))
}

/// The forms that the rule book reads, daily fixings among them.
fn published(bytes: &[u8], today: Date) -> Result<Figures, String> {
    let imported = import::run(Kind::Euribor, bytes, None, today, &mut |_| ())
        .map_err(|error| format!("has no columns month, tenor and average, and {error}"))?;
    let book = RuleBook::with_file(imported.file, &imported.text).map_err(|e| e.to_string())?;
    let dated = book.pt.euribor.as_ref().ok_or("has no averages")?;
    let table = &dated.on(today).map_err(|error| error.to_string())?.rows;
    let mut figures = Figures::new();
    for tenor in [Tenor::ThreeMonths, Tenor::SixMonths, Tenor::TwelveMonths] {
        let averages = table
            .index(tenor)
            .map_or(&[][..], |series| series.averages());
        for (month, average) in averages {
            if *month < today.first_of_month() {
                figures.insert((tenor.months(), *month), *average);
            }
        }
    }
    if figures.is_empty() {
        return Err("has no averages of 3, 6 or 12 months".to_owned());
    }
    Ok(figures)
}

/// Writes averages of a bank; the text says what came of it, and `true` that they are written.
///
/// # Errors
/// Any fault of the database.
pub async fn load(
    app: &App,
    org: &Organisation,
    averages: &[Average],
    dry_run: bool,
) -> Result<(String, bool), AppError> {
    if org.kind != OrganisationKind::Bank {
        let text = format!("nothing written: {} is no bank\n", org.public_id.as_str());
        return Ok((text, false));
    }
    let changes = put_averages(app, org, ACTOR, averages, dry_run).await?;
    let verb = if dry_run {
        "would be written"
    } else {
        "written"
    };
    let text = format!(
        "{}{} new, {} changed, {} as before: {verb}\n",
        tell(averages),
        changes.added,
        changes.changed,
        changes.kept
    );
    Ok((text, true))
}

/// A line a tenor: from when to when, and which months between are missing.
fn tell(averages: &[Average]) -> String {
    let mut months: BTreeMap<&str, Vec<Date>> = BTreeMap::new();
    for average in averages {
        months
            .entry(&average.tenor)
            .or_default()
            .push(average.month);
    }
    let mut text = String::new();
    for (tenor, months) in &months {
        let (Some(first), Some(last)) = (months.iter().min(), months.iter().max()) else {
            continue;
        };
        let years = i32::from(last.year()) - i32::from(first.year());
        let span = years * 12 + i32::from(last.month()) - i32::from(first.month()) + 1;
        let missing = usize::try_from(span).map_or(0, |span| span.saturating_sub(months.len()));
        let gaps = match missing {
            0 => String::new(),
            missing => format!(", {missing} months between are missing"),
        };
        text.push_str(&format!(
            "{tenor}: {} months from {} to {}{gaps}\n",
            months.len(),
            month_text(*first),
            month_text(*last)
        ));
    }
    text
}

fn month_text(month: Date) -> String {
    month.to_string().chars().take(7).collect()
}

/// The averages a demonstration prices with: the published ones the program carries, and each tenor's last one
/// for every month after it that is over, marked as what it is.
///
/// # Errors
/// A sentence, when the carried file is damaged.
pub fn for_demo(today: Date) -> Result<Vec<Average>, String> {
    let far = Date::new(2200, 1, 1).map_err(|error| error.to_string())?;
    let mut averages = read(PUBLISHED.as_bytes(), None, "", far)?;
    averages.retain(|average| average.month < today.first_of_month());
    let mut last: BTreeMap<String, Average> = BTreeMap::new();
    for average in &averages {
        last.insert(average.tenor.clone(), average.clone());
    }
    for mut average in last.into_values() {
        average.source = format!(
            "demonstration: {} carried forward",
            month_text(average.month)
        );
        while averages.len() < MAX_ROWS {
            let next = average.month.add_months(1).map_err(|e| e.to_string())?;
            if next >= today.first_of_month() {
                break;
            }
            average.month = next;
            averages.push(average.clone());
        }
    }
    Ok(averages)
}

/// The name of a file as the source of what is in it.
pub(super) fn name_of(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.map_or_else(
        || "a file".to_owned(),
        |name| name.chars().take(100).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).expect("a day")
    }

    fn of(averages: &[Average], tenor: &str, month: &str) -> Option<String> {
        let month = day(&format!("{month}-01"));
        let found = averages
            .iter()
            .find(|a| a.tenor == tenor && a.month == month)?;
        Some(found.average.to_fixed(3))
    }

    /// Values that press reports and the vectors of the specification have.
    #[test]
    fn the_carried_averages_are_the_known_ones() {
        let today = day("2026-10-01");
        let all = read(PUBLISHED.as_bytes(), None, "", today).expect("read");
        assert_eq!(all.len(), 3 * 249, "January 2006 to September 2026");
        for (tenor, month, value) in [
            ("12M", "2025-10", "2.187"),
            ("12M", "2025-08", "2.114"),
            ("6M", "2025-10", "2.107"),
            ("3M", "2025-10", "2.034"),
            ("6M", "2024-10", "3.002"),
            ("3M", "2024-10", "3.167"),
            ("3M", "2018-11", "-0.316"),
            ("3M", "2019-12", "-0.395"),
            ("12M", "2008-07", "5.393"),
            ("12M", "2023-10", "4.160"),
            ("12M", "2026-09", "3.247"),
        ] {
            assert_eq!(
                of(&all, tenor, month).as_deref(),
                Some(value),
                "{tenor} {month}"
            );
        }
        let highest = all.iter().map(|average| average.average).max();
        assert_eq!(
            highest.map(|rate| rate.to_fixed(3)).as_deref(),
            Some("5.393")
        );
        assert!(all[0].source.contains("BPstat"));
    }

    #[test]
    fn a_demonstration_has_every_month_that_is_over() {
        let all = for_demo(day("2026-12-05")).expect("read");
        assert_eq!(all.len(), 3 * 251);
        assert_eq!(of(&all, "12M", "2026-11").as_deref(), Some("3.247"));
        assert_eq!(of(&all, "12M", "2026-12"), None);
        let carried = all.iter().filter(|a| a.source.starts_with("demonstration"));
        assert_eq!(carried.count(), 6);
        let early = for_demo(day("2025-11-01")).expect("read");
        assert_eq!(of(&early, "12M", "2025-10").as_deref(), Some("2.187"));
        assert_eq!(of(&early, "12M", "2025-11"), None);
        assert!(for_demo(day("2199-01-01")).expect("bounded").len() <= MAX_ROWS);
    }

    #[test]
    fn forms_of_months_tenors_and_rates() {
        let today = day("2025-11-01");
        for text in [
            "month;tenor;average\n2025-10;12M;2.187",
            "Mês;Prazo;Média\n10/2025;12 meses;2,187%",
            "data,prazo,taxa\n2025-10-31,euribor_12m,2.1874",
            r#"[{"month":"2025-10","tenor":"1Y","average":2.1865}]"#,
        ] {
            let all = read(text.as_bytes(), Some("S"), "x", today).expect(text);
            assert_eq!(
                of(&all, "12M", "2025-10").as_deref(),
                Some("2.187"),
                "{text}"
            );
            assert_eq!(all[0].source, "S");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let today = day("2025-11-01");
        for (row, what) in [
            ("2025-11;12M;2", "row 2: 2025-11 is not over"),
            ("2025-13;12M;2", "is no month"),
            ("10/25;12M;2", "is no month"),
            ("2025-10;1M;2", "1M is not 3M, 6M or 12M"),
            ("2025-10;12M;31", "31 is no rate"),
            ("2025-10;12M;1.234,5", "is no rate"),
            ("2025-10;12M;", "is no rate"),
            (
                "2025-10;12M;2\n2025-10-05;12;2",
                "row 3: the month is there twice",
            ),
            ("", "has no averages"),
        ] {
            let text = format!("month;tenor;average\n{row}");
            let error = read(text.as_bytes(), None, "x", today).expect_err(row);
            assert!(error.contains(what), "{row}: {error}");
        }
        let error = read(b"a;b\n1;2", None, "x", today).expect_err("no columns");
        assert!(error.contains("month, tenor and average"), "{error}");
        let good = b"month;tenor;average\n2025-10;12M;2";
        assert!(read(good, Some(&"x".repeat(400)), "x", today).is_err());
    }

    #[test]
    fn a_published_file_is_read_too() {
        let head = "KEY,FREQ,REF_AREA,CURRENCY,PROVIDER_FM,INSTRUMENT_FM,PROVIDER_FM_ID,DATA_TYPE_FM,TIME_PERIOD,OBS_VALUE";
        let key = "FM.M.U2.EUR.RT.MM.EURIBOR1YD_.HSTA,M,U2,EUR,RT,MM,EURIBOR1YD_,HSTA";
        let text = format!("{head}\n{key},2025-09,2.1723\n{key},2025-10,2.1866\n");
        let all = read(text.as_bytes(), None, "ecb.csv", day("2025-11-01")).expect("read");
        assert_eq!(all.len(), 2);
        assert_eq!(of(&all, "12M", "2025-10").as_deref(), Some("2.187"));
        assert_eq!(all[0].source, "ecb.csv");
    }
}
