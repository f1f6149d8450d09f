//! `lintel aprc`: one credit's annual percentage rate of charge and totals.

use clap::Args;
use lintel_engine::apr::Solution;
use lintel_engine::aprc::assumptions::{BorrowingRate, IndexedRate, StatedRate};
use lintel_engine::aprc::costs::{Cost, CostKind, CostTiming};
use lintel_engine::aprc::credit::{Burden, Credit, CreditTerms, Part, credit};
use lintel_engine::aprc::repayment::{Drawdown, Method, RateConvention};
use lintel_engine::aprc::table::TablePeriod;
use lintel_engine::aprc::{Years, disclosed};
use lintel_engine::schedule::LastPayment;
use lintel_engine::{Cents, Date, EngineError, Pct};

use super::text::{date, explain, grouped, money, percent, rendered, signed, table, whole};

/// Options of `lintel aprc`.
#[derive(Debug, Clone, Args)]
#[command(
    mut_args = signed,
    after_help = "Example: lintel aprc --amount 200000 --rate 6 --term 240 --fees 4000\nExample: \
                  lintel aprc --amount 200000 --rate 5 --fixed-months 24 --index 2.1 --spread 1 \
                  --highest-index 5.39 --term 360 --fees 1500 --monthly-costs 42.10 --table"
)]
pub struct AprcArgs {
    /// Total amount of credit.
    #[arg(long, value_name = "MONEY", value_parser = money)]
    pub amount: Cents,
    /// Yearly borrowing rate: of the whole term, or of the fixed period. Left out, the rate follows
    /// the index from the start.
    #[arg(long, value_name = "PERCENT", value_parser = percent, required_unless_present = "index")]
    pub rate: Option<Pct>,
    /// Months to the last instalment.
    #[arg(long, value_name = "MONTHS", value_parser = whole)]
    pub term: u32,
    /// Months the rate is fixed; after them it follows the index, or is negotiated without one.
    #[arg(long, value_name = "MONTHS", value_parser = whole, requires = "rate")]
    pub fixed_months: Option<u32>,
    /// Value of the index today.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub index: Option<Pct>,
    /// Points over the index.
    #[arg(
        long,
        value_name = "PERCENT",
        value_parser = percent,
        default_value = "0"
    )]
    pub spread: Pct,
    /// Highest rate of the contract.
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "index")]
    pub cap: Option<Pct>,
    /// Lowest rate of the contract.
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "index")]
    pub floor: Option<Pct>,
    /// Months before a variable rate can change.
    #[arg(
        long,
        value_name = "MONTHS",
        value_parser = whole,
        default_value_t = 0,
        conflicts_with = "rate"
    )]
    pub first_change: u32,
    /// Highest index of the last 20 years: shows the illustrative rate.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub highest_index: Option<Pct>,
    /// Costs of the credit paid at the drawdown: commissions, taxes on the credit, valuation. Not
    /// the notary, nor registration and tax of the purchase.
    #[arg(long, value_name = "MONEY", value_parser = money, default_value = "0")]
    pub fees: Cents,
    /// Costs of the credit that are financed: drawn and paid at once.
    #[arg(long, value_name = "MONEY", value_parser = money, default_value = "0")]
    pub financed: Cents,
    /// Costs of the credit paid with each instalment: compulsory insurance, account.
    #[arg(long, value_name = "MONEY", value_parser = money, default_value = "0")]
    pub monthly_costs: Cents,
    /// First months that pay interest only.
    #[arg(long, value_name = "MONTHS", value_parser = whole, default_value_t = 0)]
    pub interest_only: u32,
    /// Months over which the instalment is worked out, when longer than the term: a balloon.
    #[arg(long, value_name = "MONTHS", value_parser = whole, conflicts_with = "equal_capital")]
    pub amortize_over: Option<u32>,
    /// Equal parts of capital instead of equal instalments.
    #[arg(long)]
    pub equal_capital: bool,
    /// Months from one instalment to the next: 1, 2, 3, 4, 6 or 12.
    #[arg(long, value_name = "MONTHS", value_parser = whole, default_value_t = 1)]
    pub every: u32,
    /// Read the rate as effective: a month's rate compounds to it over a year.
    #[arg(long)]
    pub effective: bool,
    /// Date of the drawdown; with --first-payment, an odd first period.
    #[arg(long, value_name = "DATE", value_parser = date, requires = "first_payment")]
    pub drawdown: Option<Date>,
    /// Due date of the first instalment.
    #[arg(long, value_name = "DATE", value_parser = date, requires = "drawdown")]
    pub first_payment: Option<Date>,
    /// Print the repayment table too.
    #[arg(long)]
    pub table: bool,
}

/// The answer as tables.
///
/// # Errors
/// A sentence naming the flag that cannot be accepted, or why there is no rate.
pub fn aprc_table(args: &AprcArgs) -> Result<String, String> {
    let found = credit(&terms(args)?).map_err(|error| flag_at_fault(&error))?;
    let mut text = summary(args, &found)?;
    text.push('\n');
    text.push_str(&stream(&found.expected));
    if let Some(higher) = &found.illustrative {
        text.push_str("\nAt the illustrative rate\n");
        text.push_str(&stream(higher));
    }
    if args.table {
        text.push('\n');
        text.push_str(&repayments(&found)?);
    }
    Ok(text)
}

fn terms(args: &AprcArgs) -> Result<CreditTerms, String> {
    let cost = |amount, timing| Cost {
        kind: CostKind::Commission,
        amount,
        timing,
    };
    Ok(CreditTerms {
        parts: vec![Part {
            drawdowns: vec![Drawdown {
                month: 0,
                amount: args.amount,
            }],
            term_months: args.term,
            rate: rate(args).map_err(|error| flag_at_fault(&error))?,
            highest_index: args.highest_index,
            method: match args.amortize_over {
                Some(amortize_over_months) => Method::Balloon {
                    amortize_over_months,
                },
                None if args.equal_capital => Method::EqualCapital,
                None => Method::EqualInstalments,
            },
            interest_only_months: args.interest_only,
        }],
        months_per_instalment: args.every,
        first_period: first_period(args)?,
        convention: if args.effective {
            RateConvention::Effective
        } else {
            RateConvention::Nominal
        },
        last_payment: LastPayment::ClearsBalance,
        costs: vec![
            cost(args.fees, CostTiming::AtDrawdown),
            cost(args.financed, CostTiming::Financed),
            cost(args.monthly_costs, CostTiming::EachInstalment),
        ],
    })
}

fn rate(args: &AprcArgs) -> Result<BorrowingRate, EngineError> {
    BorrowingRate::try_of(&StatedRate {
        fixed: args.rate,
        fixed_months: args.fixed_months.unwrap_or(0),
        indexed: args.index.map(|index| IndexedRate {
            index,
            spread: args.spread,
            cap: args.cap,
            floor: args.floor,
        }),
        first_change_months: args.first_change,
    })
}

fn first_period(args: &AprcArgs) -> Result<Option<Years>, String> {
    let dates = args.drawdown.zip(args.first_payment);
    dates
        .map(|(drawdown, first)| Years::first_period(drawdown, first))
        .transpose()
        .map_err(|error| flag_at_fault(&error))
}

/// The engine names its own parameters.
fn flag_at_fault(error: &EngineError) -> String {
    let flag = match error.field {
        "amount" | "drawdowns" => "--amount",
        "index" => "--index and --spread",
        "cap" => "--cap",
        "costs" => "--fees, --financed and --monthly-costs",
        "amortize_over_months" => "--amortize-over",
        "fixed_months" => "--fixed-months",
        "months_per_instalment" => "--every",
        "first_period" | "first_payment_date" | "date" => "--first-payment",
        _ => return explain(error),
    };
    format!("{flag} {}", error.problem)
}

fn aprc(burden: &Burden) -> Result<Pct, String> {
    match &burden.aprc {
        Solution::Found(found) => Ok(found.apr),
        Solution::NoSolution(reason) => Err(reason.to_string()),
        Solution::NotConverged { iterations } => Err(format!("no rate after {iterations} steps")),
    }
}

fn summary(args: &AprcArgs, found: &Credit) -> Result<String, String> {
    let higher = found.illustrative.as_ref();
    let mut header = vec!["Annual percentage rate of charge".to_owned()];
    let mut exact = vec!["APRC before rounding".to_owned()];
    let burdens: Vec<&Burden> = std::iter::once(&found.expected).chain(higher).collect();
    for burden in &burdens {
        let aprc = aprc(burden)?;
        header.push(format!("{} %", disclosed(aprc, 1).to_fixed(1)));
        exact.push(format!("{} %", aprc.to_fixed(6)));
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = table(&header, 1);
    table.add_row(exact);
    let mut add = |name: &str, cell: &dyn Fn(&Burden) -> String| {
        let cells = burdens.iter().map(|burden| cell(burden));
        table.add_row(std::iter::once(name.to_owned()).chain(cells));
    };
    if higher.is_some() {
        let name = |burden: &Burden| {
            let same = std::ptr::eq(burden, &found.expected);
            if same { "expected" } else { "illustrative" }.to_owned()
        };
        add("", &name);
    }
    let highest = |burden: &Burden| {
        let rates = burden.instalments.iter().map(|one| one.row.rate);
        format!("{} %", rates.max().unwrap_or_default().to_fixed(3))
    };
    add("Highest borrowing rate", &highest);
    add("Total amount of credit", &|_| grouped(found.total_amount));
    add("Total cost of the credit", &|burden| {
        grouped(burden.total_cost)
    });
    add("  of it interest", &|burden| grouped(burden.total_interest));
    add("Total amount payable", &|burden| {
        grouped(burden.total_payable)
    });
    add("Highest instalment", &|burden| {
        grouped(burden.highest_instalment)
    });
    let mut text = rendered(&table);
    if higher.is_none() && (args.index.is_some() || args.fixed_months.is_some()) {
        text.push_str("The rate can change; --highest-index shows what it might cost.\n");
    }
    Ok(text)
}

/// Equal instalments in a row on one line.
fn stream(burden: &Burden) -> String {
    let mut table = table(&["Instalments", "Amount", "of it costs", "Rate"], 0);
    let mut runs: Vec<(u32, Cents, Cents, Pct)> = Vec::new();
    for one in &burden.instalments {
        let amount = one.payment().unwrap_or_default();
        let same = |run: &&mut (u32, Cents, Cents, Pct)| run.1 == amount && run.3 == one.row.rate;
        match runs.last_mut().filter(same) {
            Some(run) => run.0 = run.0.saturating_add(1),
            None => runs.push((1, amount, one.other_costs, one.row.rate)),
        }
    }
    // Instalments that all differ are the repayment table's business.
    let shown = 6;
    for (count, amount, costs, rate) in runs.iter().take(shown) {
        table.add_row([
            count.to_string(),
            grouped(*amount),
            grouped(*costs),
            format!("{} %", rate.to_fixed(3)),
        ]);
    }
    let mut text = rendered(&table);
    if runs.len() > shown {
        text.push_str("and so on; --table shows them all by year\n");
    }
    text
}

fn repayments(found: &Credit) -> Result<String, String> {
    let header = [
        "",
        "Instalment",
        "Interest",
        "Capital",
        "Other costs",
        "Remaining",
    ];
    let mut table = table(&header, 1);
    for line in found.table().map_err(|error| flag_at_fault(&error))? {
        let name = match line.period {
            TablePeriod::Instalment(number) => number.to_string(),
            TablePeriod::Year(number) => format!("Year {number}"),
            TablePeriod::Total => "Total".to_owned(),
        };
        let amounts = [
            line.payment,
            line.interest,
            line.capital,
            line.other_costs,
            line.remaining,
        ];
        table.add_row(std::iter::once(name).chain(amounts.into_iter().map(grouped)));
    }
    Ok(rendered(&table))
}
