//! Reading the values of flags, and writing figures the way people read them.

use clap::Arg;
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use lintel_engine::{Cents, Date, EngineError, Pct};

/// Reads money as typed: `300000`, `1,234.50`, `$300,000`.
pub(super) fn money(text: &str) -> Result<Cents, String> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | '_' | '$'))
        .collect();
    let amount = Cents::parse_decimal(&plain).map_err(|error| error.to_string())?;
    if amount.is_negative() {
        Err("must be 0 or more".to_owned())
    } else {
        Ok(amount)
    }
}

/// Reads a percentage as typed: `6.5`, `6.5%`.
pub(super) fn percent(text: &str) -> Result<Pct, String> {
    Pct::parse_decimal(text.trim_end_matches('%').trim_end()).map_err(|error| error.to_string())
}

/// Reads a whole number, of months for example.
pub(super) fn whole(text: &str) -> Result<u32, String> {
    text.parse()
        .map_err(|_| format!("must be a whole number from 0 to {}", u32::MAX))
}

/// Lets a value begin with a minus, so that it is read and refused by what it means, if at all,
/// rather than taken for a flag.
pub(super) fn signed(argument: Arg) -> Arg {
    let takes_value = argument.get_action().takes_values();
    argument.allow_negative_numbers(takes_value)
}

/// Reads an ISO date.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    Date::parse_iso(text).map_err(|error| error.problem.to_string())
}

/// Says which flag is at fault. The engine names its own parameters.
pub(super) fn explain(error: &EngineError) -> String {
    let flag = match error.field {
        "principal" => "--amount",
        "rate" | "note_rate" => "--rate",
        "term_months" | "rate_path" => "--term",
        "interest_only_months" => "--interest-only",
        "amortization_months" => "--amortize-over",
        "prepaid_finance_charge" => "--fees and --points",
        "original_value" => "--value",
        "threshold_percent" => "--mi-until",
        "annual_percent" => "--mi-annual",
        "monthly" => "--mi-monthly",
        "first_payment_date" => "--first-payment",
        "index" => "--index",
        "margin" => "--margin",
        "first_cap" | "periodic_cap" | "lifetime_cap" => "--caps",
        "floor" => "--floor",
        "rounding" => "--round-to",
        "first_adjustment_months" | "adjustment_months" => "--arm",
        other => other,
    };
    format!("{flag} {}", error.problem)
}

/// A line for each thing that could not be confirmed about the figures used, after an empty one.
pub(super) fn not_confirmed(notes: &[Option<&str>]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for note in notes.iter().flatten() {
        let line = format!("Not confirmed: {note}\n");
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.is_empty() {
        String::new()
    } else {
        format!("\n{}", lines.concat())
    }
}

/// Money with thousands separators: `1,234.50`.
pub(super) fn grouped(amount: Cents) -> String {
    let plain = amount.to_string();
    let (sign, digits) = plain
        .strip_prefix('-')
        .map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text}.{cents}")
}

/// No lines but one under the header, so that long schedules stay compact.
const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table whose columns from `numbers_from` on are aligned to the right.
pub(super) fn table(header: &[&str], numbers_from: usize) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(header.to_vec());
    for column in table.column_iter_mut().skip(numbers_from) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// The table as lines without trailing spaces.
pub(super) fn rendered(table: &Table) -> String {
    table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_and_grouped() {
        assert_eq!(money("$1,234.50").unwrap(), Cents::new(123_450));
        assert!(money("-1").is_err() && money("1.234").is_err() && money("x").is_err());
        assert_eq!(percent("6.5%").unwrap().to_string(), "6.5");
        assert_eq!(whole("12"), Ok(12));
        assert!(whole("-5").unwrap_err().contains("whole number"));
        assert_eq!(grouped(Cents::new(-123_456_789)), "-1,234,567.89");
        assert_eq!(grouped(Cents::new(99_999)), "999.99");
        assert_eq!(grouped(Cents::new(5)), "0.05");
    }

    #[test]
    fn each_uncertain_figure_is_said_once() {
        assert_eq!(not_confirmed(&[None]), "");
        let twice = not_confirmed(&[Some("a"), None, Some("b"), Some("a")]);
        assert_eq!(twice, "\nNot confirmed: a\nNot confirmed: b\n");
    }
}
