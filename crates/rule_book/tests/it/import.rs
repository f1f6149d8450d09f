//! Importing published files: each form that was seen, and what is refused. Every figure is invented.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::pt::euribor::Tenor;
use lintel_rule_book::RuleBook;
use lintel_rule_book::import::{Import, ImportError, Kind, read_existing, run, update};

const FIXED_HEADING: &[u8] = include_bytes!("fixtures/apor_fixed_heading.txt");
const FIXED_PLAIN: &[u8] = include_bytes!("fixtures/apor_fixed_plain.txt");
const ADJUSTABLE: &[u8] = include_bytes!("fixtures/apor_adjustable.CSV");
const COUNTIES_SAVED: &[u8] = include_bytes!("fixtures/county_limits_saved.csv");
const COUNTIES_BARS: &[u8] = include_bytes!("fixtures/county_limits_bars.txt");
const ECB_MONTHLY: &[u8] = include_bytes!("fixtures/euribor_ecb_monthly.csv");
const ECB_DAILY: &[u8] = include_bytes!("fixtures/euribor_ecb_daily.csv");
const BUNDESBANK_EN: &[u8] = include_bytes!("fixtures/euribor_bundesbank_en.csv");
const BUNDESBANK_DE: &[u8] = include_bytes!("fixtures/euribor_bundesbank_de.csv");
const PORTAL: &[u8] = include_bytes!("fixtures/euribor_portal.csv");
const LIMITS_2026: Kind = Kind::CountyLimits { year: 2026 };

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn import(kind: Kind, input: &[u8], existing: Option<&str>) -> Result<Import, ImportError> {
    run(kind, input, existing, day("2026-11-21"), &mut |_| {})
}

fn fresh(kind: Kind, input: &[u8]) -> Import {
    import(kind, input, None).unwrap()
}

fn refused(kind: Kind, input: &[u8]) -> String {
    import(kind, input, None).unwrap_err().to_string()
}

fn book(import: &Import) -> RuleBook {
    RuleBook::with_file(import.file, &import.text).unwrap()
}

#[test]
fn offer_rates_with_and_without_heading_are_the_same_table() {
    let heading = fresh(Kind::AporFixed, FIXED_HEADING);
    let plain = fresh(Kind::AporFixed, FIXED_PLAIN);
    assert_eq!(heading.text, plain.text);
    assert!(heading.summary.notes.is_empty());
    assert!(plain.summary.notes[0].contains("no heading"));
    assert_eq!((heading.summary.rows, heading.summary.added), (2, 2));
    assert!(
        heading.text.contains("11.11*10 22.22*10 9.99*30"),
        "{}",
        heading.text
    );
    let book = book(&heading);
    let table = book.us.apor_fixed.unwrap();
    let edition = table.on(day("2026-01-22")).unwrap();
    let rate = edition.rows.rate(day("2026-01-15"), 30).unwrap();
    assert_eq!(rate.to_fixed(2), "12.34");
    assert!(
        table.on(day("2026-01-23")).is_err(),
        "ten days after the last week"
    );
}

#[test]
fn adjustable_rates_may_lack_terms_and_are_not_taken_for_fixed_ones() {
    let imported = fresh(Kind::AporAdjustable, ADJUSTABLE);
    assert!(imported.text.contains("8.88*10 -*40"), "{}", imported.text);
    assert!(refused(Kind::AporFixed, ADJUSTABLE).contains("apor-adjustable"));
    assert!(refused(Kind::AporAdjustable, FIXED_HEADING).contains("apor-fixed"));
}

#[test]
fn malformed_offer_rates_are_refused_with_line_and_column() {
    let text = String::from_utf8(FIXED_HEADING.to_vec()).unwrap();
    for (from, to, named) in [
        ("01/12/2026", "01/13/2026", "line 3, column 1"),
        ("01/12/2026", "13/01/2026", "line 3, column 1"),
        (
            "01/12/2026",
            "01/05/2026",
            "line 3, column 1: the week of 2026-01-05 stands there twice",
        ),
        (
            "01/12/2026",
            "01/19/2026",
            "line 3, column 1: the week of 2026-01-19 must begin seven days after",
        ),
        ("|12.34\n", "|1234\n", "line 3, column 50 years"),
        ("|12.34\n", "|12,34\n", "line 3, column 50 years"),
        ("|12.34\n", "|-1\n", "line 3, column 50 years"),
        ("|12.34\n", "\n", "line 3: has 50 columns"),
        ("|2|", "|3|", "line 1, column 3"),
        ("Term of Loan in Years", "<html>", "web page"),
    ] {
        assert!(text.contains(from), "{from}");
        let found = refused(Kind::AporFixed, text.replacen(from, to, 1).as_bytes());
        assert!(found.contains(named), "{to}: {found}");
    }
}

#[test]
fn a_second_import_changes_nothing_and_a_revision_is_told() {
    let first = fresh(Kind::AporFixed, FIXED_HEADING);
    let again = import(Kind::AporFixed, FIXED_HEADING, Some(&first.text)).unwrap();
    assert_eq!(again.text, first.text);
    assert_eq!(
        (
            again.summary.added,
            again.summary.changed,
            again.summary.kept
        ),
        (0, 0, 0)
    );
    let text = String::from_utf8(FIXED_PLAIN.to_vec()).unwrap();
    let revised = text.replacen("1/5/2026|11.11|", "1/5/2026|10.1|", 1);
    let (only_first, _) = revised.split_once('\n').unwrap();
    let revised = import(Kind::AporFixed, only_first.as_bytes(), Some(&first.text)).unwrap();
    assert_eq!((revised.summary.changed, revised.summary.kept), (1, 1));
    let change = &revised.summary.changes[0];
    assert_eq!(
        (change.before.as_str(), change.after.as_str()),
        ("11.11", "10.1")
    );
    assert_eq!(change.what, "week of 2026-01-05, 1 years");
    let broken = import(Kind::AporFixed, FIXED_PLAIN, Some("weeks = 1"));
    assert!(broken.unwrap_err().to_string().contains("existing"));
}

#[test]
fn figures_that_stay_keep_their_source_their_doubts_and_their_day() {
    let own = "source = \"our own archive\"\nchecked_on = \"2026-02-01\"\n\
               uncertain = \"typed by hand\"\n[[edition]]\nfrom = \"2025-12-29\"\n\
               weeks = \"\"\"\n2025-12-29 1.11\n\"\"\"\n";
    let both = import(Kind::AporFixed, FIXED_HEADING, Some(own)).unwrap();
    assert_eq!(both.summary.kept, 1);
    assert!(
        both.summary
            .notes
            .iter()
            .any(|n| n.contains("our own archive"))
    );
    assert!(
        both.summary
            .notes
            .iter()
            .any(|n| n.contains("typed by hand"))
    );
    let table = book(&both).us.apor_fixed.unwrap();
    let edition = &table.editions()[0];
    assert_eq!(edition.uncertain.as_deref(), Some("typed by hand"));
    assert!(edition.source.contains("our own archive") && edition.source.contains("FFIEC"));
    assert_eq!(edition.checked_on, day("2026-02-01"));
    let again = import(Kind::AporFixed, FIXED_HEADING, Some(&both.text)).unwrap();
    assert_eq!(again.text, both.text);

    // Without a figure that stays, everything was compared today.
    let whole = import(
        Kind::AporFixed,
        FIXED_HEADING,
        Some(&own.replace("2025-12-29", "2026-01-05")),
    );
    assert_eq!(
        whole.unwrap().text,
        fresh(Kind::AporFixed, FIXED_HEADING).text
    );

    let english = fresh(Kind::Euribor, BUNDESBANK_EN).text;
    let (own, _) = english.split_once("[[edition]]").unwrap();
    let doubted = english.replacen(own, &format!("{own}uncertain = \"a copy\"\n"), 1);
    let older = doubted.replace("2026-11-21", "2026-04-01");
    let both = import(Kind::Euribor, PORTAL, Some(&older)).unwrap();
    let table = book(&both).pt.euribor.unwrap();
    let edition = &table.editions()[0];
    assert_eq!(edition.uncertain.as_deref(), Some("a copy"));
    assert_eq!(edition.checked_on, day("2026-04-01"));
}

#[test]
fn a_week_missing_between_file_and_table_is_told_with_its_line() {
    let later = "source = \"s\"\nchecked_on = \"2026-02-01\"\n[[edition]]\n\
                 from = \"2026-01-26\"\nweeks = \"\"\"\n2026-01-26 1.11\n\"\"\"\n";
    let error = import(Kind::AporFixed, FIXED_HEADING, Some(later)).unwrap_err();
    assert_eq!((error.line, error.column.as_deref()), (Some(3), Some("1")));
}

#[test]
fn county_limits_in_both_forms_are_the_same_table() {
    let saved = fresh(LIMITS_2026, COUNTIES_SAVED);
    assert_eq!(saved.text, fresh(LIMITS_2026, COUNTIES_BARS).text);
    assert!(saved.summary.notes[0].contains("3 counties"));
    let book = book(&saved);
    let table = book.us.county_limits.unwrap();
    let limits = &table.on(day("2026-12-31")).unwrap().rows;
    assert_eq!(limits.of(6037).unwrap()[0], Cents::new(55_555_500));
    assert_eq!(limits.of(35013).unwrap()[3], Cents::new(44_444_400));
    assert!(table.on(day("2027-01-01")).is_err());
}

#[test]
fn each_year_of_county_limits_is_an_edition_and_the_others_stay() {
    let first = fresh(LIMITS_2026, COUNTIES_BARS);
    let text = String::from_utf8(COUNTIES_BARS.to_vec()).unwrap();
    let raised = text.replace("|555555|", "|565656|");
    for (year, earlier) in [(2027, false), (2025, true)] {
        let both = import(
            Kind::CountyLimits { year },
            raised.as_bytes(),
            Some(&first.text),
        );
        let both = both.unwrap();
        assert_eq!((both.summary.added, both.summary.kept), (3, 3));
        let table = book(&both).us.county_limits.unwrap();
        assert_eq!(table.editions().len(), 2);
        let new = usize::from(!earlier);
        let one_unit = table.editions()[new].rows.of(6037).unwrap()[0];
        assert_eq!(one_unit, Cents::new(56_565_600));
    }
    let replaced = import(LIMITS_2026, raised.as_bytes(), Some(&first.text)).unwrap();
    assert_eq!((replaced.summary.changed, replaced.summary.kept), (1, 0));
    assert_eq!(replaced.summary.changes[0].what, "county 06037");
}

#[test]
fn malformed_county_limits_are_refused_with_line_and_column() {
    let text = String::from_utf8(COUNTIES_BARS.to_vec()).unwrap();
    for (from, to, named) in [
        ("|555555|", "|555,55|", "line 3, column One-Unit Limit"),
        ("|555555|", "||", "line 3, column One-Unit Limit"),
        ("|555555|", "|-555555|", "line 3, column One-Unit Limit"),
        ("|555555|", "|5|", "line 3, column One-Unit Limit"),
        ("|888888", "|88888", "line 3, column Four-Unit Limit"),
        ("06|037", "06|000", "line 3, column FIPS County Code"),
        ("06|037", "06|0037", "line 3, column FIPS County Code"),
        ("06|037", "A6|037", "line 3, column FIPS State Code"),
        (
            "06|037",
            "01|001",
            "line 3, column FIPS County Code: county 01001 stands there twice",
        ),
        ("Four-UnitLimit", "Five", "no column fourunitlimit"),
        ("FIPSStateCode", "State", "no heading"),
    ] {
        let found = refused(LIMITS_2026, text.replacen(from, to, 1).as_bytes());
        assert!(found.contains(named), "{to}: {found}");
    }
    let other_year = refused(Kind::CountyLimits { year: 2025 }, COUNTIES_SAVED);
    assert!(
        other_year.starts_with("line 1: the title names 2026, not 2025"),
        "{other_year}"
    );
    assert!(refused(LIMITS_2026, b"PK\x03\x04sheet").contains("save it as CSV"));
    assert!(refused(Kind::CountyLimits { year: 99 }, COUNTIES_BARS).contains("99"));
}

#[test]
fn monthly_euribor_is_rounded_as_contracts_state_it() {
    let imported = fresh(Kind::Euribor, ECB_MONTHLY);
    assert_eq!(imported.summary.rows, 2);
    assert!(imported.summary.notes[0].contains("1 days or months without a value"));
    let table = book(&imported).pt.euribor.unwrap();
    let edition = table.on(day("2026-09-30")).unwrap();
    assert!(
        table.on(day("2026-10-01")).is_err(),
        "August's average is September's index"
    );
    let index = edition.rows.index(Tenor::TwelveMonths).unwrap();
    let of = |text| index.for_period(day(text)).map(|rate| rate.to_fixed(3));
    assert_eq!(of("2026-08-15").as_deref(), Ok("22.223"));
    assert_eq!(of("2026-09-01").as_deref(), Ok("11.111"));
    assert!(of("2026-10-01").is_err());
}

#[test]
fn daily_euribor_makes_the_average_of_its_whole_months() {
    let imported = fresh(Kind::Euribor, ECB_DAILY);
    let table = book(&imported).pt.euribor.unwrap();
    let index = table.editions()[0].rows.index(Tenor::SixMonths).unwrap();
    // Ten days each of 11.111 and 22.222.
    assert_eq!(index.averages().len(), 1);
    assert_eq!(index.averages()[0].1.to_fixed(4), "16.6670");
}

#[test]
fn files_of_the_bundesbank_and_of_the_portal_are_read_and_add_up() {
    let english = fresh(Kind::Euribor, BUNDESBANK_EN);
    assert_eq!(english.text, fresh(Kind::Euribor, BUNDESBANK_DE).text);
    assert_eq!(english.summary.rows, 3);
    assert!(
        english
            .text
            .contains("2026-02 26=11.111 27=22.222\n2026-03 2=3.333\n")
    );
    let both = import(Kind::Euribor, PORTAL, Some(&english.text)).unwrap();
    assert_eq!((both.summary.added, both.summary.kept), (3, 3));
    assert!(both.text.contains("2026 11.111 22.222\n"), "{}", both.text);
    assert!(both.text.contains("2026 -0.555\n"), "{}", both.text);
    assert_eq!(
        book(&both).pt.euribor.unwrap().editions()[0]
            .rows
            .series()
            .len(),
        2
    );
}

#[test]
fn malformed_euribor_is_refused_with_line_and_column() {
    let daily = String::from_utf8(ECB_DAILY.to_vec()).unwrap();
    for (from, to, named) in [
        (",2026-02-03,", ",2026-02-30,", "line 3"),
        (
            ",2026-02-03,",
            ",2026-02-07,",
            "line 3, column OBS_VALUE: 2026-02-07 is a day on which",
        ),
        (
            ",2026-02-03,",
            ",2026-02-02,",
            "line 3, column OBS_VALUE: 6M of 2026-02-02 stands",
        ),
        (
            ",2026-02-03,11.111,",
            ",2026-02-03,x,",
            "line 3, column OBS_VALUE",
        ),
        (
            ",2026-02-03,11.111,",
            ",2026-02-03,1111,",
            "line 3, column OBS_VALUE",
        ),
        (
            ",2026-02-03,",
            ",2026-02,",
            "is a month, in a series of daily",
        ),
        ("OBS_VALUE", "VALUE", "no heading"),
        ("EURIBOR6MD_.HSTA", "EONIA.RATE", "line 2, column KEY"),
    ] {
        let found = refused(Kind::Euribor, daily.replacen(from, to, 1).as_bytes());
        assert!(found.contains(named), "{to}: {found}");
    }
    let swapped = b"date;value;granularity;level\n2014-01-12;9.999;12m;monthly\n";
    assert!(refused(Kind::Euribor, swapped).contains("no heading"));
    let weeks = daily.replace("EURIBOR6MD_", "EURIBOR1WD_");
    assert!(refused(Kind::Euribor, weeks.as_bytes()).contains("1, 3, 6 or 12"));
}

#[test]
fn imported_tables_are_found_in_the_folder_they_were_stored_in() {
    let place = tempfile::tempdir().unwrap();
    for (kind, input) in [
        (Kind::AporFixed, FIXED_HEADING),
        (Kind::AporAdjustable, ADJUSTABLE),
        (LIMITS_2026, COUNTIES_SAVED),
        (Kind::Euribor, ECB_DAILY),
    ] {
        let (imported, same) = update(place.path(), kind, |existing| {
            assert_eq!(existing, None);
            import(kind, input, existing).map_err(|error| error.to_string())
        })
        .unwrap();
        assert!(!same);
        assert_eq!(read_existing(place.path(), kind), Ok(Some(imported.text)));
    }
    let book = RuleBook::load(Some(place.path())).unwrap();
    assert!(book.us.apor_fixed.is_some() && book.us.apor_adjustable.is_some());
    assert!(book.us.county_limits.is_some() && book.pt.euribor.is_some());
    assert!(book.strangers().is_empty(), "{:?}", book.strangers());
}
