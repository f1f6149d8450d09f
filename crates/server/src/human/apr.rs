//! `lintel apr`: one loan's annual percentage rate and totals.

use clap::Args;
use lintel_engine::apr::Solution;
use lintel_engine::schedule::LastPayment;
use lintel_engine::us::arm::ArmTerms;
use lintel_engine::us::loan_apr::{FirstPeriod, LoanApr, LoanTerms, loan_apr};
use lintel_engine::us::mi::{MiPremium, MiStop, MiTerms, MiThreshold};
use lintel_engine::{Cents, Date, Pct, Rounding};

use super::text::{date, explain, grouped, money, percent, rendered, signed, table, whole};

/// Options of `lintel apr`.
#[derive(Debug, Clone, Args)]
#[command(
    mut_args = signed,
    after_help = "Example: lintel apr --amount 300000 --rate 6.5 --term 360 --fees 4500 --points 1 \
                  --mi-monthly 100 --value 330000\nExample: lintel apr --amount 550001 --rate 3.125 \
                  --term 360 --arm 36/12 --index 2.5 --margin 2.75 --caps 2/2/5 --round-to 0.125"
)]
pub struct AprArgs {
    /// Loan amount.
    #[arg(long, value_name = "MONEY", value_parser = money)]
    pub amount: Cents,
    /// Yearly note rate; the initial rate of an adjustable loan.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub rate: Pct,
    /// Months to maturity.
    #[arg(long, value_name = "MONTHS", value_parser = whole)]
    pub term: u32,
    /// Months over which the payment is worked out, when longer than the term: a balloon loan.
    #[arg(long, value_name = "MONTHS", value_parser = whole)]
    pub amortize_over: Option<u32>,
    /// First months that pay interest only.
    #[arg(long, value_name = "MONTHS", value_parser = whole, default_value_t = 0)]
    pub interest_only: u32,
    /// Prepaid finance charges other than points and prepaid interest: origination, underwriting.
    #[arg(long, value_name = "MONEY", value_parser = money, default_value = "0")]
    pub fees: Cents,
    /// Interest from disbursement to the first full month; a prepaid finance charge that also counts
    /// in the total interest percentage.
    #[arg(long, value_name = "MONEY", value_parser = money, default_value = "0")]
    pub prepaid_interest: Cents,
    /// Discount points, in percent of the loan amount.
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "0")]
    pub points: Pct,
    /// Monthly mortgage insurance.
    #[arg(long, value_name = "MONEY", value_parser = money, conflicts_with = "mi_annual")]
    pub mi_monthly: Option<Cents>,
    /// Mortgage insurance in percent of the loan a year.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub mi_annual: Option<Pct>,
    /// Original value, the lower of price and appraisal: where mortgage insurance ends.
    #[arg(long, value_name = "MONEY", value_parser = money)]
    pub value: Option<Cents>,
    /// Mortgage insurance ends at this percentage of the value.
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "78")]
    pub mi_until: Pct,
    /// Closing date; with --first-payment, counts the odd days of the first period.
    #[arg(long, value_name = "DATE", value_parser = date, requires = "first_payment")]
    pub closing: Option<Date>,
    /// Due date of the first payment.
    #[arg(long, value_name = "DATE", value_parser = date, requires = "closing")]
    pub first_payment: Option<Date>,
    /// Treat a slightly odd first period as one month, 12 CFR 1026.17(c)(4).
    #[arg(long)]
    pub ignore_odd_days: bool,
    /// Adjustable rate: months the initial rate lasts, and months between later changes.
    #[arg(long, value_name = "FIRST/EVERY", requires_all = ["index", "margin"])]
    pub arm: Option<String>,
    /// Value of the index.
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "arm")]
    pub index: Option<Pct>,
    /// Margin over the index.
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "arm")]
    pub margin: Option<Pct>,
    /// Caps: at the first change, at later changes, over the life.
    #[arg(long, value_name = "FIRST/LATER/LIFE", requires = "arm")]
    pub caps: Option<String>,
    /// Lowest rate of an adjustable loan.
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "arm")]
    pub floor: Option<Pct>,
    /// Index plus margin is rounded to the nearest multiple of this.
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "arm")]
    pub round_to: Option<Pct>,
}

/// The answer as tables.
///
/// # Errors
/// A sentence naming the flag that cannot be accepted, or why there is no rate.
pub fn apr_table(args: &AprArgs) -> Result<String, String> {
    let loan = loan_apr(&terms(args)?).map_err(|error| explain(&error))?;
    let apr = match &loan.apr {
        Solution::Found(found) => found.apr,
        Solution::NoSolution(reason) => return Err(reason.to_string()),
        Solution::NotConverged { iterations } => {
            return Err(format!("no rate after {iterations} steps"));
        }
    };
    Ok(format!("{}\n{}", summary(args, &loan, apr), stream(&loan)))
}

fn terms(args: &AprArgs) -> Result<LoanTerms, String> {
    let too_large = || "--points is too large".to_owned();
    // Half-up cents: a point is one percent of the loan amount.
    let points = args
        .amount
        .percent(args.points, Rounding::HalfUp)
        .ok_or_else(too_large)?;
    let prepaid_finance_charge = args
        .fees
        .checked_add(points)
        .and_then(|charges| charges.checked_add(args.prepaid_interest))
        .ok_or_else(too_large)?;
    let first_period = match args.closing.zip(args.first_payment) {
        Some((closing, first_payment)) => FirstPeriod::Dates {
            closing,
            first_payment,
            ignore_minor_irregularities: args.ignore_odd_days,
        },
        None => FirstPeriod::Regular,
    };
    Ok(LoanTerms {
        principal: args.amount,
        note_rate: args.rate,
        amortization_months: args.amortize_over.unwrap_or(args.term),
        term_months: args.term,
        interest_only_months: args.interest_only,
        arm: arm(args)?,
        prepaid_finance_charge,
        prepaid_interest: args.prepaid_interest,
        mi: insurance(args),
        first_period,
        last_payment: LastPayment::ClearsBalance,
    })
}

fn insurance(args: &AprArgs) -> Option<MiTerms> {
    let premium = match (args.mi_monthly, args.mi_annual) {
        (Some(amount), _) => MiPremium::Monthly(amount),
        (None, Some(annual)) => MiPremium::AnnualOfLoan(annual),
        (None, None) => return None,
    };
    let mark = |original_value| MiThreshold {
        original_value,
        percent: args.mi_until,
    };
    let stop = MiStop {
        threshold: args.value.map(mark),
        ..MiStop::default()
    };
    Some(MiTerms { premium, stop })
}

fn arm(args: &AprArgs) -> Result<Option<ArmTerms>, String> {
    let Some(months) = &args.arm else {
        return Ok(None);
    };
    let refused = || "--arm must be two numbers of months like 60/12".to_owned();
    let (first, every) = months.split_once('/').ok_or_else(refused)?;
    let caps = match &args.caps {
        None => [None; 3],
        Some(text) => {
            let caps = text.split('/').map(percent).collect::<Result<Vec<_>, _>>();
            match caps.as_deref() {
                Ok([first, later, life]) => [Some(*first), Some(*later), Some(*life)],
                _ => return Err("--caps must be three percentages like 2/2/5".to_owned()),
            }
        }
    };
    let [first_cap, periodic_cap, lifetime_cap] = caps;
    Ok(Some(ArmTerms {
        first_adjustment_months: first.parse().map_err(|_| refused())?,
        adjustment_months: every.parse().map_err(|_| refused())?,
        index: args.index.unwrap_or_default(),
        margin: args.margin.unwrap_or_default(),
        first_cap,
        periodic_cap,
        lifetime_cap,
        floor: args.floor,
        rounding: args.round_to,
    }))
}

fn summary(args: &AprArgs, loan: &LoanApr, apr: Pct) -> String {
    let mut table = table(
        &["Annual percentage rate", &format!("{} %", apr.to_fixed(3))],
        1,
    );
    let rows = [
        ("Note rate", format!("{} %", args.rate.to_fixed(3))),
        ("Loan amount", grouped(args.amount)),
        ("Amount financed", grouped(loan.amount_financed)),
        ("Finance charge", grouped(loan.finance_charge)),
        ("  of it interest", grouped(loan.total_interest)),
        (
            "  of it mortgage insurance",
            grouped(loan.total_mortgage_insurance),
        ),
        ("Total of payments", grouped(loan.total_of_payments)),
        (
            "Total interest percentage",
            format!("{} %", loan.tip.to_fixed(3)),
        ),
    ];
    for (name, value) in rows {
        table.add_row([name.to_owned(), value]);
    }
    rendered(&table)
}

fn stream(loan: &LoanApr) -> String {
    let header = [
        "Payments",
        "Principal and interest",
        "Insurance",
        "Total",
        "Note rate",
        "From",
    ];
    let mut table = table(&header, 0);
    for item in &loan.payment_stream {
        table.add_row([
            item.number_of_payments.to_string(),
            grouped(item.principal_and_interest),
            grouped(item.mortgage_insurance),
            grouped(item.total()),
            format!("{} %", item.note_rate.to_fixed(3)),
            item.start
                .map(|start| start.to_string())
                .unwrap_or_default(),
        ]);
    }
    rendered(&table)
}
