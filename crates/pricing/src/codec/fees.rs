//! Closing costs as TOML.

use lintel_domain::fee::{FinanceChargeRule, LeSection};
use lintel_engine::bands::Band;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::catalogue::fee_type;
use crate::catalogue::{Fee, FeeAmount, FeeTier, PerOf};

use super::conditions::{
    read_days, read_selector, read_when, write_days, write_selector, write_when,
};
use super::finding::echo;
use super::number::Unit;
use super::out::Out;
use super::range::write_band;
use super::row::Row;
use super::tiers;
use super::value::Value;
use super::word::Word;

/// The list's name.
pub(super) const LIST: &str = "fee";
/// Highest percentage a charge may be.
pub(super) const PERCENT: Unit = Unit::percent(100);
/// Highest place among the charges of a section.
const MAX_POSITION: u32 = 1_000_000;
/// Most days and months collected at closing.
const MAX_DAYS: u32 = 62;
const MAX_MONTHS: u32 = 24;

/// What the fields mean, for the head of the file.
pub(super) const HEAD: &str = "\
Closing costs, charged wherever products, when and the days from and to hold. position orders them within
their section. type: MISMO fee, prepaid or escrow item type (type_other describes \"Other\"). section: A to
H of the Loan Estimate, the type's usual one when left out. How much, one of: amount (dollars); percent, of
\"loan\" or \"price\"; tiers, of either, with amount and percent of what is over the tier's lower end;
interest_days; tax_months or insurance_months of the estimates. min and max bound it.
finance_charge: by_type, included or excluded; the last two with a reason.";

/// Reads a charge; `number` is its row.
pub(super) fn read(row: &Row<'_>, number: usize) -> Fee {
    let mismo_type = read_type(row);
    let position = row.number("position", Unit::Count(0, MAX_POSITION));
    let (min, max) = (row.dollars("min"), row.dollars("max"));
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        row.fault("max", format!("{max} is below min, {min}"));
    }
    Fee {
        position: position.unwrap_or_else(|| i64::try_from(number).unwrap_or(i64::MAX)),
        name: row.text("name"),
        section: read_section(row, &mismo_type),
        mismo_type,
        mismo_type_other: row.maybe_text("type_other"),
        amount: read_amount(row),
        min,
        max,
        finance_charge: row
            .word("finance_charge")
            .unwrap_or(FinanceChargeRule::ByType),
        reason: row.maybe_text("reason"),
        products: read_selector(row, "products"),
        when: read_when(row, "when"),
        days: read_days(row),
    }
}

fn read_type(row: &Row<'_>) -> String {
    let text = row.text("type");
    if !text.is_empty() && !fee_type::is_known(&text) {
        let hint = row.hint(&text, fee_type::all());
        let what = "is not a MISMO fee, prepaid or escrow item type";
        row.fault("type", format!("{} {what}{hint}", echo(&text)));
    }
    text
}

fn read_section(row: &Row<'_>, mismo_type: &str) -> LeSection {
    let given = row.word("section");
    let section = given.or_else(|| fee_type::default_section(mismo_type));
    if section.is_none() && !row.has("section") && mismo_type == fee_type::OTHER {
        row.fault("section", "is missing: the type Other has no usual one");
    }
    section.unwrap_or(LeSection::H)
}

/// The keys of which one says how much.
const KINDS: [&str; 6] = [
    "amount",
    "percent",
    "tiers",
    "interest_days",
    "tax_months",
    "insurance_months",
];

fn read_amount(row: &Row<'_>) -> FeeAmount {
    let given: Vec<&str> = KINDS.into_iter().filter(|key| row.has(key)).collect();
    match given.as_slice() {
        [] => row.fault("", format!("one of {} is missing", KINDS.join(", "))),
        [_] => {}
        [_, second, ..] => row.fault(second, format!("only one of {}", given.join(", "))),
    }
    let of = row.word("of");
    if row.has("of") && !row.has("percent") && !row.has("tiers") {
        row.fault("of", "only with percent or tiers");
    }
    let of = of.unwrap_or(PerOf::Loan);
    let flat = row.dollars("amount").map(FeeAmount::Flat);
    let percent = row.pct("percent", PERCENT);
    let percent = percent.map(|rate| FeeAmount::Percent { rate, of });
    let tiers = read_tiers(row).map(|tiers| FeeAmount::Tiered { of, tiers });
    let interest = row.count("interest_days", 0, MAX_DAYS);
    let taxes = row.count("tax_months", 0, MAX_MONTHS);
    let insurance = row.count("insurance_months", 0, MAX_MONTHS);
    flat.or(percent)
        .or(tiers)
        .or(interest.map(FeeAmount::InterestDays))
        .or(taxes.map(FeeAmount::TaxMonths))
        .or(insurance.map(FeeAmount::InsuranceMonths))
        .unwrap_or(FeeAmount::Flat(Cents::ZERO))
}

fn read_tiers(row: &Row<'_>) -> Option<Vec<FeeTier>> {
    let node = row.node("tiers")?;
    let tiers: Vec<FeeTier> = if let Value::Text(text) | Value::Cell(text) = &node.value {
        match tiers::read(text) {
            Ok(tiers) => tiers,
            Err(what) => {
                row.fault("tiers", what);
                return None;
            }
        }
    } else {
        row.tables("tiers").into_iter().map(read_tier).collect()
    };
    if let Err(what) = tiers::check(&tiers) {
        row.fault("tiers", what);
    }
    Some(tiers)
}

fn read_tier(row: Row<'_>) -> FeeTier {
    let band = row.edges(Unit::DOLLARS).band(Unit::DOLLARS);
    let band = band.map_or(Band::ALL, |band| Band {
        over: band.over.map(Cents::new),
        up_to: band.up_to.map(Cents::new),
    });
    let tier = FeeTier {
        band,
        flat: row.dollars("amount").unwrap_or(Cents::ZERO),
        rate: row.pct("percent", PERCENT).unwrap_or(Pct::ZERO),
    };
    if !row.has("amount") && !row.has("percent") {
        row.fault("", "amount or percent is missing");
    }
    row.finish();
    tier
}

/// Writes a charge.
pub(super) fn write(out: &mut Out, fee: &Fee) {
    out.row(LIST);
    out.text("name", &fee.name);
    out.maybe("position", Some(fee.position));
    out.text("type", &fee.mismo_type);
    out.maybe_text("type_other", fee.mismo_type_other.as_deref());
    out.text("section", fee.section.spelling());
    match &fee.amount {
        FeeAmount::Flat(amount) => out.maybe("amount", Some(amount)),
        FeeAmount::Percent { rate, of } => {
            out.maybe("percent", Some(rate));
            out.text("of", of.spelling());
        }
        FeeAmount::Tiered { of, tiers } => {
            out.text("of", of.spelling());
            let tiers: Vec<String> = tiers.iter().map(write_tier).collect();
            out.maybe(
                "tiers",
                Some(format!("[\n    {},\n]", tiers.join(",\n    "))),
            );
        }
        FeeAmount::InterestDays(days) => out.maybe("interest_days", Some(days)),
        FeeAmount::TaxMonths(months) => out.maybe("tax_months", Some(months)),
        FeeAmount::InsuranceMonths(months) => out.maybe("insurance_months", Some(months)),
    }
    out.maybe("min", fee.min);
    out.maybe("max", fee.max);
    if fee.finance_charge != FinanceChargeRule::ByType {
        out.text("finance_charge", fee.finance_charge.spelling());
    }
    out.maybe_text("reason", fee.reason.as_deref());
    write_selector(out, "products", &fee.products);
    write_when(out, "when", &fee.when);
    write_days(out, &fee.days);
}

fn write_tier(tier: &FeeTier) -> String {
    let edges = write_band(&tier.band).unwrap_or_default();
    let edges = edges.trim_matches(['{', '}', ' ']);
    let comma = if edges.is_empty() { "" } else { ", " };
    let rate = if tier.rate.is_zero() {
        String::new()
    } else {
        format!(", percent = {}", tier.rate)
    };
    format!("{{ {edges}{comma}amount = {}{rate} }}", tier.flat)
}
