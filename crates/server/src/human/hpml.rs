//! `lintel hpml`: the price tests of one loan.

use std::path::PathBuf;

use clap::Args;
use lintel_engine::us::apor::comparable_years;
use lintel_engine::us::loan_limits::{LimitArea, conforming_limit};
use lintel_engine::us::price_tests::{
    HighCost, Lien, PriceTables, PricedLoan, QmStatus, Qualified, high_cost, higher_priced,
    qualified,
};
use lintel_engine::{Cents, Date, Pct};
use lintel_rule_book::RuleBook;

use super::text::{date, explain, grouped, money, percent, rendered, table};

/// Options of `lintel hpml`.
#[derive(Debug, Clone, Args)]
#[command(
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
          required_unless_present = "rate_set", conflicts_with = "rate_set")]
    pub apor: Option<Pct>,
    /// Day the rate was set for the last time before closing: finds the rate in the table.
    #[arg(long, value_name = "DATE", value_parser = date, requires = "term")]
    pub rate_set: Option<Date>,
    /// Months to maturity, for the table.
    #[arg(long, value_name = "MONTHS")]
    pub term: Option<u32>,
    /// Months the initial rate of an adjustable loan lasts: uses the adjustable table.
    #[arg(long, value_name = "MONTHS", requires = "rate_set")]
    pub initial_period: Option<u32>,
    /// Loan amount (principal).
    #[arg(long, value_name = "MONEY", value_parser = money)]
    pub amount: Cents,
    /// Day of consummation: which amounts are in force.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Date,
    /// 1 for a first lien, 2 for a subordinate one.
    #[arg(long, value_name = "NUMBER", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..=9))]
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
    #[arg(long, value_name = "MONTHS", requires = "penalty")]
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
    let rules = RuleBook::load(args.rules.as_deref()).map_err(|error| error.to_string())?;
    let apor = match args.apor {
        Some(apor) => apor,
        None => apor_of(args, &rules)?,
    };
    let limit = match args.conforming_limit {
        Some(limit) => limit,
        None => national_limit(args, &rules)?,
    };
    let lien = Lien::of_number(args.lien).ok_or("--lien must be 1 or more")?;
    let total = args.total_loan_amount.unwrap_or(args.amount);
    let loan = PricedLoan {
        apr: args.apr,
        apor,
        lien,
        loan_amount: args.amount,
        above_conforming_limit: args.amount > limit,
        manufactured_home: args.manufactured_home,
        personal_property: args.personal_property,
        points_and_fees: args.points_and_fees.map(|points| (points, total)),
        qm_apr: args.qm_apr,
        prepayment_penalty: args.penalty_until.zip(args.penalty),
    };
    if !args.amount.is_positive() || !total.is_positive() {
        return Err("--amount must be more than 0".to_owned());
    }
    let missing = |error: lintel_rule_book::NotInForce| error.to_string();
    let tables = rules.us.price_tables(args.on).map_err(missing)?;
    let mut text = heading(&loan, limit);
    text.push('\n');
    text.push_str(&verdicts(&tables, &loan)?);
    if let Ok(edition) = rules.us.hpml_exemptions.on(args.on) {
        let bound = edition.rows.appraisal_up_to;
        let exempt = if args.amount <= bound { "is" } else { "is not" };
        text.push_str(&format!(
            "\nThe appraisal rule for higher-priced loans {exempt} waived by amount: up to {}, \
             12 CFR 1026.35(c)(2)(ii).\n",
            grouped(bound)
        ));
    }
    Ok(text)
}

/// The prime offer rate of the rate-set day, from the operator's tables.
fn apor_of(args: &HpmlArgs, rules: &RuleBook) -> Result<Pct, String> {
    let (Some(day), Some(term)) = (args.rate_set, args.term) else {
        return Err("--apor, or --rate-set and --term, is needed".to_owned());
    };
    let (table, months, name) = match args.initial_period {
        None => (&rules.us.apor_fixed, term, "fixed"),
        Some(period) => (&rules.us.apor_adjustable, period, "adjustable"),
    };
    let table = table.as_ref().ok_or_else(|| {
        format!(
            "no table of {name} prime offer rates is loaded; lintel import apor-{name} brings one \
             into the folder of --rules"
        )
    })?;
    let years = comparable_years(months).map_err(|error| format!("--term {}", error.problem))?;
    let edition = table.on(day).map_err(|error| error.to_string())?;
    edition
        .rows
        .rate(day, years)
        .map_err(|error| format!("--rate-set {}", error.problem))
}

fn national_limit(args: &HpmlArgs, rules: &RuleBook) -> Result<Cents, String> {
    let limits = rules.us.loan_limits.on(args.on);
    let limits = limits.map_err(|error| format!("{error}; say --conforming-limit"))?;
    conforming_limit(&limits.rows, 1, LimitArea::General)
        .map(|row| row.baseline)
        .ok_or_else(|| "the conforming limit is not known; say --conforming-limit".to_owned())
}

fn heading(loan: &PricedLoan, limit: Cents) -> String {
    let mut table = table(&["Annual percentage rate", &points(loan.apr)], 1);
    let spread = loan.apr.checked_sub(loan.apor);
    table.add_row(["Average prime offer rate", &points(loan.apor)]);
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
    high_cost_rows(&costly, &mut row);
    qualified_rows(&qm, &mut row);
    Ok(rendered(&table))
}

fn high_cost_rows(costly: &HighCost, row: &mut impl FnMut([String; 4])) {
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
        yes_no(costly.by_penalty),
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
        let early = run("--apr 8 --apor 6.5 --amount 300000 --on 2019-06-01").unwrap_err();
        assert!(early.contains("loan_limits"), "{early}");
        let no_table = "--apr 8 --rate-set 2026-05-20 --term 360 --amount 300000 --on 2026-06-01";
        let none = run(no_table).unwrap_err();
        assert!(none.contains("apor-fixed"), "{none}");
        let nothing = run("--apr 8 --apor 6.5 --amount 0 --on 2026-06-01").unwrap_err();
        assert!(nothing.contains("--amount"), "{nothing}");
    }
}
