//! `lintel schedule`: one loan's payments by year, by month, or as CSV.

use clap::Args;
use lintel_engine::schedule::{Plan, Row};
use lintel_engine::us::loan_apr::due_date;
use lintel_engine::{Cents, Date, Pct};

use super::text::{date, explain, grouped, money, percent, rendered, signed, table, whole};

/// Options of `lintel schedule`.
#[derive(Debug, Clone, Args)]
#[command(
    mut_args = signed,
    after_help = "Example: lintel schedule --amount 300000 --rate 6.5 --term 360 --monthly")]
pub struct ScheduleArgs {
    /// Loan amount.
    #[arg(long, value_name = "MONEY", value_parser = money)]
    pub amount: Cents,
    /// Yearly note rate.
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
    /// Due date of the first payment; gives the monthly rows their dates.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub first_payment: Option<Date>,
    /// Every payment instead of one row a year.
    #[arg(long)]
    pub monthly: bool,
    /// Comma-separated values of every payment, without separators of thousands.
    #[arg(long)]
    pub csv: bool,
}

/// The schedule as a table, or as CSV.
///
/// # Errors
/// A sentence naming the flag that cannot be accepted.
pub fn schedule_table(args: &ScheduleArgs) -> Result<String, String> {
    let rows = rows(args).map_err(|error| explain(&error))?;
    if args.csv {
        return csv(args, &rows);
    }
    if args.monthly {
        monthly(args, &rows)
    } else {
        yearly(&rows)
    }
}

fn rows(args: &ScheduleArgs) -> Result<Vec<Row>, lintel_engine::EngineError> {
    let plan = Plan::fixed(args.amount, args.rate, args.term)?
        .interest_only(args.interest_only)?
        .amortized_over(args.amortize_over.unwrap_or(args.term))?;
    Ok(plan.schedule()?.rows)
}

fn due(args: &ScheduleArgs, row: &Row) -> Result<String, String> {
    match args.first_payment {
        None => Ok(String::new()),
        Some(first) => due_date(first, row.number)
            .map(|date| date.to_string())
            .map_err(|_| "--first-payment leads past the year 2200".to_owned()),
    }
}

fn csv(args: &ScheduleArgs, rows: &[Row]) -> Result<String, String> {
    let mut text = String::from("number,due,payment,interest,principal,balance\n");
    for row in rows {
        text.push_str(&format!(
            "{},{},{},{},{},{}\n",
            row.number,
            due(args, row)?,
            row.payment,
            row.interest,
            row.principal,
            row.balance
        ));
    }
    Ok(text)
}

fn monthly(args: &ScheduleArgs, rows: &[Row]) -> Result<String, String> {
    let mut table = table(
        &["No.", "Due", "Payment", "Interest", "Principal", "Balance"],
        0,
    );
    for row in rows {
        table.add_row([
            row.number.to_string(),
            due(args, row)?,
            grouped(row.payment),
            grouped(row.interest),
            grouped(row.principal),
            grouped(row.balance),
        ]);
    }
    Ok(rendered(&table))
}

fn yearly(rows: &[Row]) -> Result<String, String> {
    let mut table = table(&["Year", "Paid", "Interest", "Principal", "Balance"], 0);
    for (year, months) in (1_u32..).zip(rows.chunks(12)) {
        let balance = months.last().map_or(Cents::ZERO, |row| row.balance);
        table.add_row(totals(year.to_string(), months, grouped(balance))?);
    }
    table.add_row(totals("Total".to_owned(), rows, String::new())?);
    Ok(rendered(&table))
}

fn totals(name: String, rows: &[Row], balance: String) -> Result<[String; 5], String> {
    let sum = |part: fn(&Row) -> Cents| {
        Cents::try_sum(rows.iter().map(part))
            .map(grouped)
            .map_err(|_| "--amount is too large for its totals".to_owned())
    };
    let paid = sum(|row| row.payment)?;
    Ok([
        name,
        paid,
        sum(|row| row.interest)?,
        sum(|row| row.principal)?,
        balance,
    ])
}
