//! The tables of `lintel taeg` and `lintel imt`.

use clap::Parser;
use lintel_server::human::{ImtArgs, TaegArgs, imt_table, taeg_table};

#[derive(Parser)]
struct Imt {
    #[command(flatten)]
    args: ImtArgs,
}

#[derive(Parser)]
struct Taeg {
    #[command(flatten)]
    args: TaegArgs,
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    std::iter::once("it").chain(line.split_whitespace())
}

fn imt(line: &str) -> Result<String, String> {
    let parsed = Imt::try_parse_from(words(line)).map_err(|error| error.to_string())?;
    imt_table(&parsed.args)
}

fn taeg(line: &str) -> Result<String, String> {
    let parsed = Taeg::try_parse_from(words(line)).map_err(|error| error.to_string())?;
    taeg_table(&parsed.args)
}

/// True when some line has the words in this order.
fn has(text: &str, words: &[&str]) -> bool {
    text.lines().any(|line| {
        let mut rest = line;
        words.iter().all(|word| match rest.split_once(word) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    })
}

#[test]
fn imt_prints_tax_duty_and_bands() {
    let text = imt("--value 250000 --date 2026-09-01").unwrap();
    assert!(
        has(&text, &["IMT (tax on the purchase)", "7,042.04"]),
        "{text}"
    );
    assert!(has(&text, &["Imposto do selo", "2,000.00"]), "{text}");
    assert!(has(&text, &["Parcela a abater", "10,457.96"]), "{text}");
    assert!(
        has(&text, &["198,347.00", "330,539.00", "7 %", "<-"]),
        "{text}"
    );
    assert!(text.contains("Not confirmed"), "{text}");
    let young = imt("--value 320000 --date 2024-09-01 --young").unwrap();
    assert!(has(&young, &["IMT Jovem", "258.24"]), "{young}");
    let newest = imt("--value 100000 --use rural --region madeira").unwrap();
    assert!(has(&newest, &["IMT", "5,000.00"]), "{newest}");
}

#[test]
fn imt_names_what_is_at_fault() {
    assert_eq!(imt("--value 0").unwrap_err(), "--value must be more than 0");
    let early = imt("--value 1 --date 2019-01-01").unwrap_err();
    assert!(early.contains("pt/imt.toml"), "{early}");
    assert!(
        imt("--value 1 --use castle")
            .unwrap_err()
            .contains("own_permanent_home")
    );
    assert!(
        imt("--value 1 --use rural --young")
            .unwrap_err()
            .starts_with("--young")
    );
    assert!(imt("--value 1 --date 2024-07-31 --young").is_err());
}

#[test]
fn taeg_prints_both_variants() {
    let text = taeg(
        "--amount 180000 --term 360 --euribor 2.187 --spread 1.35 --bundle-discount 0.5 --charge \
         file_fee=290 --charge valuation=230 --charge life_insurance=22.50/monthly --charge \
         home_insurance=14.20/monthly --charge account_fee=5.20/monthly/bundle --charge notary=375 \
         --highest-euribor 5.393 --date 2026-04-15 --table",
    )
    .unwrap();
    assert!(has(&text, &["TAEG", "4.0 %", "3.6 %"]), "{text}");
    assert!(has(&text, &["Prestação", "812.00", "762.48"]), "{text}");
    assert!(has(&text, &["Illustrative TAEG", "%", "%"]), "{text}");
    assert!(
        has(&text, &["Outside the TAEG: notary", "375.00"]),
        "{text}"
    );
    assert!(has(&text, &["Month 1", "804.59", "455.55"]), "{text}");
    assert!(has(&text, &["Year 30"]), "{text}");
}

#[test]
fn taeg_of_fixed_and_mixed_rates() {
    let fixed = taeg("--amount 120000 --term 300 --tan 3.40").unwrap();
    assert!(has(&fixed, &["TAEG", "3.5 %", "3.5113 %"]), "{fixed}");
    assert!(has(&fixed, &["MTIC", "179,019.86"]), "{fixed}");
    let mixed =
        taeg("--amount 120000 --term 300 --tan 2.9 --fixed-months 24 --euribor -0.2 --spread 0.9")
            .unwrap();
    assert!(
        has(&mixed, &["of the variable phase today", "0.7 %"]),
        "{mixed}"
    );
}

#[test]
fn taeg_names_the_flag_at_fault() {
    let fault = |line: &str| taeg(line).unwrap_err();
    assert!(fault("--amount 0 --term 12 --tan 3").starts_with("--amount"));
    assert!(fault("--amount 1 --term 0 --tan 3").starts_with("--term"));
    assert!(fault("--amount 1 --term 12 --tan 3 --utilisation 12").starts_with("--utilisation"));
    assert!(fault("--amount 1 --term 12 --tan 3 --charge x=1").starts_with("--charge"));
    assert!(fault("--amount 1 --term 12 --tan 3 --charge x").contains("life_insurance"));
    assert!(fault("--amount 1 --term 12").contains("--tan"));
    assert!(fault("--amount 1 --term 12 --tan 3 --euribor 2 --spread 1").contains("mixed"));
}

#[test]
fn taeg_refuses_discounts_above_what_they_lower() {
    let fault = |line: &str| taeg(line).unwrap_err();
    let fixed = fault("--amount 1000 --term 12 --tan 3 --bundle-discount 9");
    assert!(fixed.starts_with("--bundle-discount is more"), "{fixed}");
    let variable = "--amount 1000 --term 12 --euribor 5 --spread 1 --bundle-discount 1.01";
    assert!(fault(variable).starts_with("--bundle-discount is more"));
}

#[test]
fn taeg_names_the_charge_it_does_not_know_and_those_it_does() {
    let refused = taeg("--amount 1 --term 12 --tan 3 --charge nope=1").unwrap_err();
    assert!(refused.starts_with("--charge nope is not"), "{refused}");
    assert!(refused.contains("life_insurance"), "{refused}");
}

#[test]
fn the_help_of_taeg_lists_every_charge() {
    let help = <Taeg as clap::CommandFactory>::command()
        .render_long_help()
        .to_string();
    let book = lintel_rule_book::RuleBook::embedded().unwrap();
    let newest = book.pt.costs.editions().last().unwrap();
    for rule in &newest.rows.rules {
        assert!(help.contains(&rule.code), "{} is not in\n{help}", rule.code);
    }
}

#[test]
fn taeg_says_what_is_not_confirmed() {
    let text = taeg("--amount 120000 --term 300 --tan 3.40").unwrap();
    let book = lintel_rule_book::RuleBook::embedded().unwrap();
    let newest = book.pt.costs.editions().last().unwrap();
    let note = newest.uncertain.as_ref().unwrap();
    assert!(text.contains(&format!("Not confirmed: {note}\n")), "{text}");
}

#[test]
fn a_negative_value_is_refused_by_its_meaning() {
    let refused = imt("--value -5").unwrap_err();
    assert!(refused.contains("must be 0 or more"), "{refused}");
    let term = taeg("--amount 1 --term -12 --tan 3").unwrap_err();
    assert!(term.contains("must be a whole number"), "{term}");
}
