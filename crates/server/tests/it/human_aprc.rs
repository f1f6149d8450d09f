//! The tables of `lintel aprc`.

use clap::Parser;
use lintel_server::human::{AprcArgs, aprc_table};

#[derive(Parser)]
struct Aprc {
    #[command(flatten)]
    args: AprcArgs,
}

fn aprc(line: &str) -> Result<String, String> {
    let words = std::iter::once("aprc").chain(line.split_whitespace());
    let parsed = Aprc::try_parse_from(words).map_err(|error| error.to_string())?;
    aprc_table(&parsed.args)
}

#[test]
fn aprc_prints_rate_and_totals() {
    let text = aprc("--amount 200000 --rate 6 --term 240 --fees 4000").unwrap();
    println!("{text}");
    assert!(text.contains("6.4 %") && text.contains("6.434"), "{text}");
    assert!(text.contains("200,000.00") && text.contains("1,432.86"));
    assert!(!text.contains("llustrative"));
}

#[test]
fn aprc_shows_the_illustrative_rate_and_the_table() {
    let text = aprc(
        "--amount 200000 --rate 5 --fixed-months 9 --index 4 --spread 1.5 --highest-index 5.39 \
         --term 240 --fees 4000 --table",
    )
    .unwrap();
    println!("{text}");
    assert!(text.contains("5.9 %") && text.contains("7.2 %"), "{text}");
    assert!(text.contains("1,374.06") && text.contains("1,530.61"));
    assert!(text.contains("Year 20") && text.contains("Total"));
    let unknown = aprc("--amount 9000 --index 4 --term 24 --spread -0.5").unwrap();
    assert!(unknown.contains("--highest-index"), "{unknown}");
}

#[test]
fn aprc_reads_dates_frequencies_and_conventions() {
    let odd = aprc(
        "--amount 200000 --rate 6 --term 240 --drawdown 2012-01-12 --first-payment 2012-02-15",
    );
    assert!(odd.unwrap().contains("1,433.57"));
    let yearly = aprc("--amount 1000 --rate 8 --term 24 --every 12 --effective").unwrap();
    assert!(
        yearly.contains("560.77") && yearly.contains("8.0 %"),
        "{yearly}"
    );
    let capital = aprc("--amount 24000 --rate 6 --term 24 --equal-capital").unwrap();
    assert!(capital.contains("1,120.00") && capital.contains("and so on"));
}

#[test]
fn aprc_names_the_flag_at_fault() {
    let refused = |line: &str| aprc(line).unwrap_err();
    assert!(refused("--amount 0 --rate 5 --term 12").starts_with("--amount"));
    assert!(refused("--amount 9 --rate 5 --term 0").starts_with("--term"));
    assert!(refused("--amount 9 --rate 5 --term 12 --every 5").starts_with("--every"));
    assert!(refused("--amount 9 --term 12").contains("--rate"));
    let early = "--amount 9 --rate 5 --term 12 --drawdown 2020-02-01 --first-payment 2020-01-01";
    assert!(refused(early).starts_with("--first-payment"));
    assert!(refused("--amount 100 --rate 5 --term 9 --fees 100").contains("rate"));
}

#[test]
fn a_fixed_rate_beside_an_index_must_say_how_long_it_lasts() {
    let refused = aprc("--amount 9000 --rate 5 --index 4 --term 24").unwrap_err();
    assert!(
        refused.starts_with("--fixed-months must say how long"),
        "{refused}"
    );
}

#[test]
fn the_exact_rate_stands_under_the_disclosed_one() {
    let text = aprc("--amount 200000 --rate 6 --term 240 --fees 4000").unwrap();
    // After the header and its line.
    let third = text.lines().nth(2).unwrap().trim_start();
    assert!(third.starts_with("APRC before rounding"), "{text}");
}
