//! `lintel taeg`: a Portuguese home loan as the information sheet (FINE) shows it.

use std::path::PathBuf;

use clap::Args;
use lintel_engine::apr::Solution;
use lintel_engine::aprc::disclosed;
use lintel_engine::aprc::table::{TablePeriod, TableRow};
use lintel_engine::pt::costs::{Charge, CostTable, Requirement, Timing};
use lintel_engine::pt::euribor::Tenor;
use lintel_engine::pt::imt::PropertyUse;
use lintel_engine::pt::loan::NegativeInterest;
use lintel_engine::pt::simulation::{OfferedRate, Simulation, SimulationTerms, Variant, simulate};
use lintel_engine::pt::spread::{BundledProduct, SpreadTerms};
use lintel_engine::{Cents, Date, EngineError, Pct};

use super::imt::edition;
use super::text::{
    date, explain, grouped, money, not_confirmed, percent, rendered, signed, table, whole,
};

/// Options of `lintel taeg`.
#[derive(Debug, Clone, Args)]
#[command(
    mut_args = signed,
    after_help = "Example: lintel taeg --amount 180000 --term 360 --euribor 2.187 --spread 1.35 \
                  --bundle-discount 0.5 --charge file_fee=290 --charge valuation=230 --charge \
                  life_insurance=22.50/monthly --charge account_fee=5.20/monthly/bundle\nExample: \
                  lintel taeg --amount 120000 --term 300 --tan 3.40 --table"
)]
pub struct TaegArgs {
    /// Amount of credit (montante).
    #[arg(long, value_name = "MONEY", value_parser = money)]
    pub amount: Cents,
    /// Months to the last instalment (prazo).
    #[arg(long, value_name = "MONTHS", value_parser = whole)]
    pub term: u32,
    /// Fixed yearly rate (TAN); with --fixed-months, of the first phase of a mixed rate.
    #[arg(long, value_name = "PERCENT", value_parser = percent, required_unless_present = "euribor")]
    pub tan: Option<Pct>,
    /// Months of the fixed phase of a mixed rate (taxa mista).
    #[arg(long, value_name = "MONTHS", value_parser = whole, requires_all = ["tan", "euribor"])]
    pub fixed_months: Option<u32>,
    /// Index: Euribor average of the month before the contract.
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "spread")]
    pub euribor: Option<Pct>,
    /// Tenor of the index: 1M, 3M, 6M or 12M.
    #[arg(long, value_name = "TENOR", value_parser = tenor, default_value = "12M")]
    pub tenor: Tenor,
    /// Points over the index, without bundled products.
    #[arg(long, value_name = "POINTS", value_parser = percent, requires = "euribor")]
    pub spread: Option<Pct>,
    /// Points the bundled products take off the spread, or off a fixed rate (vendas associadas).
    #[arg(long, value_name = "POINTS", value_parser = percent)]
    pub bundle_discount: Option<Pct>,
    /// First months of interest only (utilização, carência de capital).
    #[arg(long, value_name = "MONTHS", value_parser = whole, default_value_t = 0)]
    pub utilisation: u32,
    /// Capital left to the last instalment (valor residual).
    #[arg(long, value_name = "MONEY", value_parser = money, default_value = "0")]
    pub residual: Cents,
    /// own_permanent_home (no duty on interest), other_housing, …
    #[arg(long = "use", value_name = "USE", default_value = "own_permanent_home")]
    pub property_use: String,
    /// A charge: CODE=AMOUNT, then /upfront, /monthly or /yearly, then /credit, /bundle or /voluntary.
    /// Stamp duty on the credit and on fees is added. Codes: file_fee, formalisation_fee, valuation,
    /// monthly_processing_fee, mortgage_registration, broker_fee, other_credit_fee, life_insurance,
    /// home_insurance, payment_protection, account_fee, card_fee, package_fee, imt,
    /// purchase_stamp_duty, notary, transfer_registration, default_charge, early_repayment_fee.
    #[arg(long = "charge", value_name = "CODE=AMOUNT/WHEN/FOR", value_parser = charge)]
    pub charges: Vec<Charge>,
    /// Highest index of the last twenty years, for the illustrative TAEG.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub highest_euribor: Option<Pct>,
    /// Day of the contract; the newest tables when left out.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub date: Option<Date>,
    /// Print the repayment table.
    #[arg(long)]
    pub table: bool,
    /// Folder whose data files replace the embedded rule book's.
    #[arg(long, value_name = "FOLDER")]
    pub rules: Option<PathBuf>,
}

fn tenor(text: &str) -> Result<Tenor, String> {
    Tenor::parse(text).map_err(|_| "must be 1M, 3M, 6M or 12M".to_owned())
}

fn charge(text: &str) -> Result<Charge, String> {
    let shape = || "must look like life_insurance=22.50/monthly".to_owned();
    let (code, rest) = text.split_once('=').ok_or_else(shape)?;
    let mut parts = rest.split('/');
    let amount = money(parts.next().unwrap_or_default())?;
    let timing = parts.next().map_or(Ok(Timing::Upfront), Timing::parse);
    let required_for = parts
        .next()
        .map_or(Ok(Requirement::Credit), Requirement::parse);
    if parts.next().is_some() {
        return Err(shape());
    }
    Ok(Charge {
        code: code.to_owned(),
        amount,
        timing: timing.map_err(|_| "must be upfront, monthly or yearly".to_owned())?,
        required_for: required_for
            .map_err(|_| "must be for credit, bundle or voluntary".to_owned())?,
    })
}

/// The answer as tables.
///
/// # Errors
/// A sentence naming the flag that cannot be accepted, or why there is no rate.
pub fn taeg_table(args: &TaegArgs) -> Result<String, String> {
    let book = crate::rules::load(args.rules.as_deref()).map_err(|error| error.to_string())?;
    let costs = edition(&book.pt.costs, args.date)?;
    let duties = edition(&book.pt.stamp_duty, args.date)?;
    check_codes(args, &costs.rows)?;
    let found = simulate(&terms(args)?, &costs.rows, &duties.rows);
    let found = found.map_err(|error| at_fault(&error))?;
    let mut text = summary(args, &found)?;
    for charge in &found.outside_taeg {
        let total = grouped(charge.total);
        text.push_str(&format!("\nOutside the TAEG: {} {total}", charge.code));
    }
    if !found.outside_taeg.is_empty() {
        text.push('\n');
    }
    if args.table {
        let shown = found
            .with_products
            .as_ref()
            .unwrap_or(&found.without_products);
        text.push_str(&format!("\n{}", repayment(&shown.table)));
    }
    let notes = [costs.uncertain.as_deref(), duties.uncertain.as_deref()];
    text.push_str(&not_confirmed(&notes));
    Ok(text)
}

/// Names the first code that the table of charges does not have, and those it has.
fn check_codes(args: &TaegArgs, costs: &CostTable) -> Result<(), String> {
    let unknown = |charge: &&Charge| costs.rule(&charge.code).is_err();
    let Some(charge) = args.charges.iter().find(unknown) else {
        return Ok(());
    };
    let known: Vec<&str> = costs.rules.iter().map(|rule| rule.code.as_str()).collect();
    Err(format!(
        "--charge {} is not a known charge; known are {}",
        charge.code,
        known.join(", ")
    ))
}

/// Says which flag is at fault, where this command's flags differ from the others'.
fn at_fault(error: &EngineError) -> String {
    let flag = match error.field {
        "rate" => "--tan, or --euribor and --spread,",
        "utilisation_months" => "--utilisation",
        "residual" => "--residual",
        "fixed_months" => "--fixed-months",
        "charges" | "code" => "--charge",
        "discount" => "--bundle-discount",
        "index" | "spread" => "--euribor and --spread",
        "mtic" => "--amount",
        _ => return explain(error),
    };
    format!("{flag} {}", error.problem)
}

fn terms(args: &TaegArgs) -> Result<SimulationTerms, String> {
    let property_use = PropertyUse::parse(&args.property_use)
        .map_err(|error| format!("--use {}", error.problem))?;
    Ok(SimulationTerms {
        amount: args.amount,
        term_months: args.term,
        utilisation_months: args.utilisation,
        drawings: Vec::new(),
        residual: args.residual,
        rate: rate(args)?,
        negative_interest: NegativeInterest::CreditedToCapital,
        own_home: property_use == PropertyUse::OwnPermanentHome,
        charges: args.charges.clone(),
        highest_index: args.highest_euribor,
    })
}

fn rate(args: &TaegArgs) -> Result<OfferedRate, String> {
    let bundle = |discount| BundledProduct {
        discount,
        held: true,
    };
    let offered = |base| SpreadTerms {
        base,
        products: args.bundle_discount.map(bundle).into_iter().collect(),
        max_discount: None,
    };
    let plain = SpreadTerms::plain;
    match (args.tan, args.fixed_months, args.euribor.zip(args.spread)) {
        (Some(tan), None, None) => Ok(OfferedRate::Fixed { tan: offered(tan) }),
        (None, None, Some((index, spread))) => Ok(OfferedRate::Variable {
            index,
            reset_months: args.tenor.months(),
            spread: offered(spread),
            cap: None,
        }),
        // The discount is on the spread; the rate of the fixed phase is as given.
        (Some(tan), Some(fixed_months), Some((index, spread))) => Ok(OfferedRate::Mixed {
            fixed: plain(tan),
            fixed_months,
            index,
            spread: offered(spread),
            cap: None,
        }),
        _ => Err(
            "--tan alone is fixed, --euribor and --spread variable, all with --fixed-months mixed"
                .to_owned(),
        ),
    }
}

fn summary(args: &TaegArgs, found: &Simulation) -> Result<String, String> {
    let mut variants = vec![&found.without_products];
    let mut header = vec!["", "Without products"];
    if let Some(with_products) = &found.with_products {
        variants.push(with_products);
        header.push("With products");
    }
    let mut lines = table(&header, 1);
    let of = |value: fn(&Variant) -> String| variants.iter().map(|v| value(v)).collect();
    let mut add = |name: &str, values: Vec<String>| {
        lines.add_row(std::iter::once(name.to_owned()).chain(values));
    };
    add(
        "TAEG (annual percentage rate of charge)",
        rates(&variants, |v| Some(&v.taeg))?,
    );
    add(
        "MTIC (total amount payable)",
        of(|v| grouped(v.totals.mtic)),
    );
    add(
        "TAN (yearly nominal rate)",
        of(|v| format!("{} %", v.tans.first)),
    );
    if args.fixed_months.is_some() {
        add(
            "  of the variable phase today",
            of(|v| percents(v.tans.variable)),
        );
    }
    add(
        "Prestação (instalment)",
        of(|v| grouped(v.instalments.first)),
    );
    if args.utilisation > 0 {
        add(
            "  while drawing, at most",
            of(|v| amount(v.instalments.utilisation)),
        );
    }
    if args.fixed_months.is_some() {
        add(
            "  of the variable phase today",
            of(|v| amount(v.instalments.variable)),
        );
    }
    add("  the last", of(|v| grouped(v.instalments.last)));
    add(
        "Custo total (total cost of the credit)",
        of(|v| grouped(v.totals.total_cost)),
    );
    add("  juros (interest)", of(|v| grouped(v.totals.interest)));
    add(
        "  imposto do selo on the credit",
        of(|v| grouped(v.totals.credit_duty)),
    );
    add(
        "  imposto do selo on interest",
        of(|v| grouped(v.totals.interest_duty)),
    );
    add(
        "  charges with their duty",
        of(|v| grouped(v.totals.charges)),
    );
    if variants.iter().any(|v| v.illustrative.is_some()) {
        let illustrative = rates(&variants, |v| v.illustrative.as_ref().map(|i| &i.taeg))?;
        add("Illustrative TAEG, index at its highest", illustrative);
        let highest = |v: &Variant| amount(v.illustrative.as_ref().map(|i| i.highest_instalment));
        add("  its highest instalment", of(highest));
    }
    Ok(rendered(&lines))
}

/// As disclosed and with three decimals more.
fn rates(
    variants: &[&Variant],
    rate: fn(&Variant) -> Option<&Solution>,
) -> Result<Vec<String>, String> {
    let shown = |variant: &&Variant| match rate(variant) {
        None => Ok(String::new()),
        Some(Solution::Found(found)) => Ok(format!(
            "{} % ({} %)",
            disclosed(found.apr, 1).to_fixed(1),
            found.apr.to_fixed(4)
        )),
        Some(Solution::NoSolution(reason)) => Err(reason.to_string()),
        Some(Solution::NotConverged { iterations }) => {
            Err(format!("no rate after {iterations} steps"))
        }
    };
    variants.iter().map(shown).collect()
}

fn percents(rate: Option<Pct>) -> String {
    rate.map(|rate| format!("{rate} %")).unwrap_or_default()
}

fn amount(amount: Option<Cents>) -> String {
    amount.map(grouped).unwrap_or_default()
}

fn repayment(rows: &[TableRow]) -> String {
    let header = ["", "Payment", "Interest", "Capital", "Other costs", "Owed"];
    let mut lines = table(&header, 1);
    for row in rows {
        let period = match row.period {
            TablePeriod::Instalment(number) => format!("Month {number}"),
            TablePeriod::Year(year) => format!("Year {year}"),
            TablePeriod::Total => "Total".to_owned(),
        };
        let amounts = [
            row.payment,
            row.interest,
            row.capital,
            row.other_costs,
            row.remaining,
        ];
        lines.add_row(std::iter::once(period).chain(amounts.map(grouped)));
    }
    rendered(&lines)
}
