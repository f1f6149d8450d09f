//! The tables of `lintel apr` and `lintel schedule`.

use clap::Parser;
use lintel_server::human::{AprArgs, ScheduleArgs, apr_table, schedule_table};

#[derive(Parser)]
struct Apr {
    #[command(flatten)]
    args: AprArgs,
}

#[derive(Parser)]
struct Schedule {
    #[command(flatten)]
    args: ScheduleArgs,
}

fn apr(line: &str) -> Result<String, String> {
    let words = std::iter::once("apr").chain(line.split_whitespace());
    apr_table(
        &Apr::try_parse_from(words)
            .map_err(|error| error.to_string())?
            .args,
    )
}

fn schedule(line: &str) -> Result<String, String> {
    let words = std::iter::once("schedule").chain(line.split_whitespace());
    schedule_table(
        &Schedule::try_parse_from(words)
            .map_err(|error| error.to_string())?
            .args,
    )
}

#[test]
fn apr_prints_rate_and_totals() {
    let text = apr(
        "--amount 300000 --rate 6.5 --term 360 --fees 4500 --points 1 --mi-monthly 100 --value 330000",
    )
    .unwrap();
    println!("{text}");
    assert!(text.contains("292,500.00") && text.contains("1,896.20"));
    let text = apr(
        "--amount 550001 --rate 3.125 --term 360 --fees 860 --arm 36/12 --index 2.5 \
         --margin 2.75 --caps 2/2/5 --round-to 0.125",
    )
    .unwrap();
    assert!(text.contains("4.755 %"), "{text}");
}

#[test]
fn apr_names_the_flag_at_fault() {
    assert_eq!(
        apr("--amount 0 --rate 5 --term 12").unwrap_err(),
        "--amount must be more than 0"
    );
    assert!(
        apr("--amount 1 --rate 5 --term 0")
            .unwrap_err()
            .starts_with("--term")
    );
    assert!(
        apr("--amount 100 --rate 5 --term 9 --fees 100")
            .unwrap_err()
            .starts_with("--fees")
    );
    assert!(
        apr("--amount 100 --rate x --term 9")
            .unwrap_err()
            .contains("--rate")
    );
    assert!(apr("--amount 9 --rate 5 --term 9 --arm 6 --index 1 --margin 1").is_err());
}

#[test]
fn h_25_b_total_interest_percentage_counts_prepaid_interest() {
    let table = apr(
        "--amount 162000 --rate 3.875 --term 360 --mi-monthly 82.35 --value 180000 \
         --prepaid-interest 279.04",
    )
    .unwrap();
    assert!(table.contains("69.458"), "{table}");
}

#[test]
fn schedules_by_year_month_and_csv() {
    let yearly = schedule("--amount 162000 --rate 3.875 --term 360").unwrap();
    println!("{yearly}");
    assert!(yearly.contains("274,243.70") && yearly.contains("162,000.00"));
    let csv = schedule("--amount 162000 --rate 3.875 --term 360 --first-payment 2013-06-01 --csv")
        .unwrap();
    assert_eq!(csv.lines().count(), 361);
    assert_eq!(
        csv.lines().last(),
        Some("360,2043-05-01,764.68,2.46,762.22,0.00")
    );
    let monthly = schedule("--amount 1200 --rate 0 --term 12 --monthly").unwrap();
    assert!(monthly.contains("100.00"));
    assert!(
        schedule("--amount 1200 --rate 5 --term 1201")
            .unwrap_err()
            .starts_with("--term")
    );
}

#[test]
fn an_index_may_be_negative() {
    let loan = "--amount 300000 --rate 3 --term 360 --arm 60/12 --margin 2.75";
    assert!(apr(&format!("{loan} --index -0.3")).is_ok());
    let refused = apr("--amount -1 --rate 3 --term 360").unwrap_err();
    assert!(refused.contains("must be 0 or more"), "{refused}");
    let refused = schedule("--amount 1 --rate 3 --term -1").unwrap_err();
    assert!(refused.contains("must be a whole number"), "{refused}");
}
