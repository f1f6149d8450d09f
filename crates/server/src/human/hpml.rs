//! `lintel hpml`: the price tests of one loan.

use std::path::PathBuf;

use clap::Args;
use lintel_engine::us::apor::comparable_years;
use lintel_engine::us::loan_limits::{LimitArea, conforming_limit};
use lintel_engine::us::price_tests::{
    HighCost, Lien, PriceTables, PricedLoan, QmStatus, Qualified, appraisal_waived,
    exceeds_conforming_limit, high_cost, higher_priced, qualified,
};
use lintel_engine::{Cents, Date, EngineError, Pct};
use lintel_rule_book::{NotInForce, RuleBook};

use super::text::{
    date, explain, grouped, money, not_confirmed, percent, rendered, signed, table, whole,
};

/// Options of `lintel hpml`.
#[derive(Debug, Clone, Args)]
#[command(
    mut_args = signed,
    after_help = "Example: lintel hpml --apr 8.1 --apor 6.5 --amount 300000 --on 2026-06-01 \
                  --points-and-fees 7500\nExample: lintel hpml --apr 7.9 --rate-set 2026-05-20 \
                  --term 360 --rules /etc/lintel/rules --amount 900000 --on 2026-06-01"
)]
pub struct HpmlArgs {
    /// Annual percentage rate.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub apr: Pct,
    /// Average prime offer rate of a comparable transaction on the day the rate was set.
    #[arg(long, value_name = "PERCENT", value_parser = percent,
          required_unless_present = "rate_set")]
    pub apor: Option<Pct>,
    /// Day the rate was set for the last time before closing: which conforming limit counts, and,
    /// without --apor, which week of the table. The day of --on when left out.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub rate_set: Option<Date>,
    /// Months to maturity, for the table.
    #[arg(long, value_name = "MONTHS", value_parser = whole, conflicts_with = "apor")]
    pub term: Option<u32>,
    /// Months the initial rate of an adjustable loan lasts: uses the adjustable table.
    #[arg(long, value_name = "MONTHS", value_parser = whole, requires = "rate_set",
          conflicts_with = "apor")]
    pub initial_period: Option<u32>,
    /// Loan amount (principal).
    #[arg(long, value_name = "MONEY", value_parser = money)]
    pub amount: Cents,
    /// Day of consummation: which amounts are in force.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Date,
    /// 1 for a first lien, 2 for a subordinate one.
    #[arg(long, value_name = "NUMBER", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..=2))]
    pub lien: u32,
    /// Conforming limit of the county; the national one-unit baseline when left out.
    #[arg(long, value_name = "MONEY", value_parser = money)]
    pub conforming_limit: Option<Cents>,
    /// Secured by a manufactured home.
    #[arg(long)]
    pub manufactured_home: bool,
    /// Secured by a dwelling that is personal property.
    #[arg(long)]
    pub personal_property: bool,
    /// Points and fees; without them their tests are not judged.
    #[arg(long, value_name = "MONEY", value_parser = money)]
    pub points_and_fees: Option<Cents>,
    /// Total loan amount of 12 CFR 1026.32(b)(4); the loan amount when left out.
    #[arg(long, value_name = "MONEY", value_parser = money, requires = "points_and_fees")]
    pub total_loan_amount: Option<Cents>,
    /// Annual percentage rate at the highest rate of the first five years, for a rate that may
    /// change in them.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub qm_apr: Option<Pct>,
    /// Last month a prepayment penalty may be asked in.
    #[arg(long, value_name = "MONTHS", value_parser = whole, requires = "penalty")]
    pub penalty_until: Option<u32>,
    /// Prepayment penalty in percent of what is prepaid.
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "penalty_until")]
    pub penalty: Option<Pct>,
    /// Folder whose data files replace the embedded ones; the prime offer tables are there.
    #[arg(long, value_name = "FOLDER")]
    pub rules: Option<PathBuf>,
}

/// The verdicts as a table.
///
/// # Errors
/// A sentence naming what is missing, or the flag that cannot be accepted.
pub fn hpml_table(args: &HpmlArgs) -> Result<String, String> {
    let rules = crate::rules::load(args.rules.as_deref()).map_err(|error| error.to_string())?;
    let total = args.total_loan_amount.unwrap_or(args.amount);
    for (flag, amount) in [("--amount", args.amount), ("--total-loan-amount", total)] {
        if !amount.is_positive() {
            return Err(format!("{flag} must be more than 0"));
        }
    }
    let apor = match args.apor {
        Some(rate) => PrimeOffer::stated(rate),
        None => PrimeOffer::looked_up(args, &rules)?,
    };
    let mut notes = vec![apor.uncertain];
    let limit = match args.conforming_limit {
        Some(limit) => limit,
        None => national_limit(args, &rules, &mut notes)?,
    };
    let loan = PricedLoan {
        apr: args.apr,
        apor: apor.rate,
        lien: Lien::of_number(args.lien).ok_or("--lien must be 1 or 2")?,
        loan_amount: args.amount,
        above_conforming_limit: exceeds_conforming_limit(args.amount, limit),
        manufactured_home: args.manufactured_home,
        personal_property: args.personal_property,
        points_and_fees: args.points_and_fees.map(|points| (points, total)),
        qm_apr: args.qm_apr,
        prepayment_penalty: args.penalty_until.zip(args.penalty),
    };
    let tables = rules.us.price_tables(args.on).map_err(missing)?;
    let spreads = rules.us.price_spreads.on(args.on).map_err(missing)?;
    let amounts = rules.us.price_amounts.on(args.on).map_err(missing)?;
    notes.extend([spreads.uncertain.as_deref(), amounts.uncertain.as_deref()]);
    let mut text = heading(&loan, limit, apor.from.as_deref());
    if args.conforming_limit.is_none() {
        text.push_str(NATIONAL_LIMIT);
    }
    text.push('\n');
    text.push_str(&verdicts(&tables, &loan)?);
    if let Ok(edition) = rules.us.hpml_exemptions.on(args.on) {
        notes.push(edition.uncertain.as_deref());
        text.push_str(&appraisal(args.amount, edition.rows.appraisal_up_to));
    }
    text.push_str(&not_confirmed(&notes));
    Ok(text)
}

/// Said when no limit is stated: a county's may be higher.
const NATIONAL_LIMIT: &str = "The conforming limit is the national baseline of one unit; \
                              --conforming-limit states a county's or that of more units.\n";

fn missing(error: NotInForce) -> String {
    error.to_string()
}

fn appraisal(amount: Cents, up_to: Cents) -> String {
    let exempt = if appraisal_waived(amount, up_to) {
        "is"
    } else {
        "is not"
    };
    format!(
        "\nThe appraisal rule for higher-priced loans {exempt} waived by amount: up to {}, 12 CFR \
         1026.35(c)(2)(ii).\n",
        grouped(up_to)
    )
}

/// The average prime offer rate and where it comes from.
struct PrimeOffer<'a> {
    rate: Pct,
    /// Table, term and week; none for a rate that was stated.
    from: Option<String>,
    uncertain: Option<&'a str>,
}

impl<'a> PrimeOffer<'a> {
    const fn stated(rate: Pct) -> Self {
        Self {
            rate,
            from: None,
            uncertain: None,
        }
    }

    /// Of the rate-set day, from the operator's tables.
    fn looked_up(args: &HpmlArgs, rules: &'a RuleBook) -> Result<Self, String> {
        let us = &rules.us;
        let (table, months, flag, name) = match (args.term, args.initial_period) {
            (_, Some(period)) => (
                &us.apor_adjustable,
                period,
                "--initial-period",
                "adjustable",
            ),
            (Some(term), None) => (&us.apor_fixed, term, "--term", "fixed"),
            (None, None) => return Err("--apor, or --rate-set and --term, is needed".to_owned()),
        };
        let day = args.rate_set.ok_or("--apor or --rate-set is needed")?;
        let years =
            comparable_years(months).map_err(|error| format!("{flag} {}", error.problem))?;
        let table = table.as_ref().ok_or_else(|| {
            format!(
                "no table of {name} prime offer rates is loaded; lintel import apor-{name} brings \
                 one into the folder of --rules"
            )
        })?;
        let edition = table.on(day).map_err(missing)?;
        let at_fault = |error: EngineError| {
            let flag = if error.field == "years" {
                flag
            } else {
                "--rate-set"
            };
            format!("{flag} {}", error.problem)
        };
        let week = edition.rows.week(day).map_err(at_fault)?.from;
        Ok(Self {
            rate: edition.rows.rate(day, years).map_err(at_fault)?,
            from: Some(format!("{name}, {years} years, week of {week}")),
            uncertain: edition.uncertain.as_deref(),
        })
    }
}

/// The baseline of one unit on the day the rate was set, 12 CFR 1026.35(a)(1)(ii).
fn national_limit<'a>(
    args: &HpmlArgs,
    rules: &'a RuleBook,
    notes: &mut Vec<Option<&'a str>>,
) -> Result<Cents, String> {
    let limits = rules.us.loan_limits.on(args.rate_set.unwrap_or(args.on));
    let limits = limits.map_err(|error| format!("{error}; say --conforming-limit"))?;
    notes.push(limits.uncertain.as_deref());
    conforming_limit(&limits.rows, 1, LimitArea::General)
        .map(|row| row.baseline)
        .ok_or_else(|| "the conforming limit is not known; say --conforming-limit".to_owned())
}

fn heading(loan: &PricedLoan, limit: Cents, apor_from: Option<&str>) -> String {
    let mut table = table(&["Annual percentage rate", &points(loan.apr)], 1);
    let spread = loan.apr.checked_sub(loan.apor);
    table.add_row(["Average prime offer rate", &points(loan.apor)]);
    if let Some(from) = apor_from {
        table.add_row(["  of the table", from]);
    }
    table.add_row(["Spread", &spread.map(points).unwrap_or_default()]);
    table.add_row(["Loan amount", &grouped(loan.loan_amount)]);
    table.add_row(["Conforming limit", &grouped(limit)]);
    rendered(&table)
}

fn points(rate: Pct) -> String {
    format!("{} %", rate.to_fixed(3))
}

fn verdicts(tables: &PriceTables, loan: &PricedLoan) -> Result<String, String> {
    let told = |error| explain(&error);
    let hpml = higher_priced(&tables.hpml, loan).map_err(told)?;
    let costly = high_cost(tables, loan).map_err(told)?;
    let qm = qualified(tables, loan).map_err(told)?;
    let mut table = table(&["Test", "Verdict", "Turns at", "12 CFR"], 4);
    let mut row = |cells: [String; 4]| {
        table.add_row(cells);
    };
    row([
        "Higher-priced mortgage loan".to_owned(),
        yes_no(hpml.map(|part| part.0)),
        turns("spread of", "or more", hpml.map(|part| part.1.to_string())),
        "1026.35(a)(1)".to_owned(),
    ]);
    high_cost_rows(&costly, loan.prepayment_penalty.is_some(), &mut row);
    qualified_rows(&qm, &mut row);
    Ok(rendered(&table))
}

fn high_cost_rows(costly: &HighCost, penalty_stated: bool, row: &mut impl FnMut([String; 4])) {
    row([
        "High-cost mortgage".to_owned(),
        yes_no(costly.verdict()),
        String::new(),
        "1026.32(a)(1)".to_owned(),
    ]);
    row([
        "  by rate".to_owned(),
        yes_no(costly.by_rate.map(|part| part.0)),
        turns(
            "spread of more than",
            "",
            costly.by_rate.map(|part| part.1.to_string()),
        ),
        "1026.32(a)(1)(i)".to_owned(),
    ]);
    row([
        "  by points and fees".to_owned(),
        yes_no(costly.by_points.map(|part| part.0)),
        turns(
            "more than",
            "",
            costly.by_points.map(|part| grouped(part.1)),
        ),
        "1026.32(a)(1)(ii)".to_owned(),
    ]);
    row([
        "  by prepayment penalty".to_owned(),
        if penalty_stated {
            yes_no(costly.by_penalty)
        } else {
            "none stated".to_owned()
        },
        String::new(),
        "1026.32(a)(1)(iii)".to_owned(),
    ]);
}

fn qualified_rows(qm: &Qualified, row: &mut impl FnMut([String; 4])) {
    let status = match qm.status() {
        None => "not known",
        Some(QmStatus::NotQualified) => "no",
        Some(QmStatus::SafeHarbour) => "safe harbour",
        Some(QmStatus::RebuttablePresumption) => "rebuttable",
    };
    row([
        "Qualified mortgage, by these tests".to_owned(),
        status.to_owned(),
        String::new(),
        "1026.43(e)(1)".to_owned(),
    ]);
    row([
        "  price below the cap".to_owned(),
        yes_no(qm.by_price.map(|part| part.0)),
        turns(
            "spread below",
            "",
            qm.by_price.map(|part| part.1.to_string()),
        ),
        "1026.43(e)(2)(vi)".to_owned(),
    ]);
    row([
        "  points and fees within the cap".to_owned(),
        yes_no(qm.by_points.map(|part| part.0)),
        turns("at most", "", qm.by_points.map(|part| grouped(part.1))),
        "1026.43(e)(3)".to_owned(),
    ]);
    row([
        "  higher-priced covered transaction".to_owned(),
        yes_no(qm.higher_priced.map(|part| part.0)),
        turns(
            "spread of",
            "or more",
            qm.higher_priced.map(|part| part.1.to_string()),
        ),
        "1026.43(b)(4)".to_owned(),
    ]);
}

fn yes_no(verdict: Option<bool>) -> String {
    match verdict {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    }
    .to_owned()
}

fn turns(before: &str, after: &str, figure: Option<String>) -> String {
    figure
        .map(|figure| format!("{before} {figure} {after}").trim_end().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: HpmlArgs,
    }

    fn run(words: &str) -> Result<String, String> {
        let words = std::iter::once("hpml").chain(words.split(' '));
        hpml_table(&Line::try_parse_from(words).unwrap().args)
    }

    #[test]
    fn verdicts_name_their_thresholds_and_paragraphs() {
        let text =
            run("--apr 8.1 --apor 6.5 --amount 300000 --on 2026-06-01 --points-and-fees 7500")
                .unwrap();
        for part in [
            "1.600 %",
            "832,750.00",
            "spread of 1.5 or more",
            "rebuttable",
            "9,000.00",
            "15,000.00",
            "1026.43(e)(2)(vi)",
            "is not waived by amount: up to 34,200.00",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let text = run("--apr 8 --apor 6.5 --amount 300000 --on 2026-06-01").unwrap();
        assert!(text.contains("not known"));
        assert!(text.contains("none stated"), "{text}");
        let early = run("--apr 8 --apor 6.5 --amount 300000 --on 2019-06-01").unwrap_err();
        assert!(early.contains("loan_limits"), "{early}");
        let no_table = "--apr 8 --rate-set 2026-05-20 --term 360 --amount 300000 --on 2026-06-01";
        let none = run(no_table).unwrap_err();
        assert!(none.contains("apor-fixed"), "{none}");
        let nothing = run("--apr 8 --apor 6.5 --amount 0 --on 2026-06-01").unwrap_err();
        assert!(nothing.contains("--amount"), "{nothing}");
    }

    #[test]
    fn the_conforming_limit_is_that_of_the_day_the_rate_was_set() {
        let loan = "--apr 8.5 --apor 6.5 --amount 820000 --on 2026-01-20";
        let later = run(loan).unwrap();
        assert!(later.contains("832,750.00") && later.contains("spread of 1.5 or more"));
        let earlier = run(&format!("{loan} --rate-set 2025-12-15")).unwrap();
        assert!(earlier.contains("806,500.00"), "{earlier}");
        assert!(earlier.contains("national baseline"), "{earlier}");
        let county = run(&format!("{loan} --conforming-limit 900000")).unwrap();
        assert!(!county.contains("national baseline"), "{county}");
        assert!(earlier.contains("spread of 2.5 or more"), "{earlier}");
    }

    #[test]
    fn the_flag_at_fault_is_named() {
        let of = |words: &str| run(&format!("--apr 8 --amount 300000 --on 2026-06-01 {words}"));
        let total = of("--apor 6.5 --points-and-fees 1 --total-loan-amount 0").unwrap_err();
        assert_eq!(total, "--total-loan-amount must be more than 0");
        let period = of("--rate-set 2026-05-20 --initial-period 700").unwrap_err();
        assert!(period.starts_with("--initial-period must be"), "{period}");
        let term = of("--rate-set 2026-05-20 --term 700").unwrap_err();
        assert!(term.starts_with("--term must be"), "{term}");
        assert!(of("--rate-set 2026-05-20").unwrap_err().contains("--term"));
    }

    #[test]
    fn a_rate_of_the_table_says_where_it_is_from_and_what_is_uncertain() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("us")).unwrap();
        let table = "source = \"a test\"\nchecked_on = \"2026-06-01\"\nuncertain = \"made up\"\n\
             [[edition]]\nfrom = \"2026-05-11\"\nweeks = \"\"\"\n2026-05-11 6.25*30\n\
             2026-05-18 6.5*29 6.75\n\"\"\"\n";
        std::fs::write(folder.path().join("us/apor_fixed.toml"), table).unwrap();
        let words = "--apr 8 --amount 300000 --on 2026-06-01 --rate-set 2026-05-20 --term";
        let rules = folder.path().display();
        let text = run(&format!("{words} 360 --rules {rules}")).unwrap();
        let from = "fixed, 30 years, week of 2026-05-18";
        assert!(text.contains("6.750 %") && text.contains(from), "{text}");
        assert!(text.contains("Not confirmed: made up\n"), "{text}");
        assert!(text.contains("Not confirmed: the spreads"), "{text}");
        let none = run(&format!("{words} 480 --rules {rules}")).unwrap_err();
        assert!(none.starts_with("--term has no figure"), "{none}");
    }
}
