//! `lintel imt`: the taxes on buying real estate in Portugal.

use std::path::PathBuf;

use clap::Args;
use lintel_engine::pt::imt::{BandRate, ImtScale, PropertyUse, Region};
use lintel_engine::pt::imt_jovem::JovemTax;
use lintel_engine::{Cents, Date, EngineError, Pct};
use lintel_rule_book::{Dated, Edition};

use super::text::{date, grouped, money, not_confirmed, rendered, signed, table};

/// Options of `lintel imt`.
#[derive(Debug, Clone, Args)]
#[command(
    mut_args = signed,
    after_help = "Example: lintel imt --value 250000 --date 2026-09-01\nExample: lintel imt \
                        --value 320000 --date 2024-09-01 --young --region azores"
)]
pub struct ImtArgs {
    /// The higher of price and tax value.
    #[arg(long, value_name = "MONEY", value_parser = money)]
    pub value: Cents,
    /// Day of the deed; the newest tables when left out.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub date: Option<Date>,
    /// own_permanent_home, other_housing, rural or other_urban.
    #[arg(long = "use", value_name = "USE", value_parser = property_use, default_value = "own_permanent_home")]
    pub property_use: PropertyUse,
    /// mainland, azores or madeira.
    #[arg(long, value_name = "REGION", value_parser = region, default_value = "mainland")]
    pub region: Region,
    /// Also the relief of young buyers of a first own permanent home (IMT Jovem).
    #[arg(long)]
    pub young: bool,
    /// Folder whose data files replace the embedded rule book's.
    #[arg(long, value_name = "FOLDER")]
    pub rules: Option<PathBuf>,
}

fn property_use(text: &str) -> Result<PropertyUse, String> {
    PropertyUse::parse(text)
        .map_err(|_| "must be own_permanent_home, other_housing, rural or other_urban".to_owned())
}

fn region(text: &str) -> Result<Region, String> {
    Region::parse(text).map_err(|_| "must be mainland, azores or madeira".to_owned())
}

/// The figures in force on a day, or the newest ones.
pub(super) fn edition<T>(table: &Dated<T>, day: Option<Date>) -> Result<&Edition<T>, String> {
    table
        .on_or_newest(day)
        .map_err(|missing| missing.to_string())
}

/// The answer as tables.
///
/// # Errors
/// A sentence naming the flag that cannot be accepted, or the table without figures for the day.
pub fn imt_table(args: &ImtArgs) -> Result<String, String> {
    let book = crate::rules::load(args.rules.as_deref()).map_err(|error| error.to_string())?;
    let tables = edition(&book.pt.imt, args.date)?;
    // Without a day all tables are of the newest edition of the tax.
    let day = args.date.or(Some(tables.effective.from));
    let duties = edition(&book.pt.stamp_duty, day)?;
    let mut notes = vec![tables.uncertain.as_deref(), duties.uncertain.as_deref()];
    let duties = &duties.rows;
    let scale = tables.rows.of(args.region).scale(args.property_use);
    let tax = scale.tax(args.value).map_err(|error| at_fault(&error))?;
    let duty = duties
        .on_purchase(args.value)
        .map_err(|error| at_fault(&error))?;
    let (rate, how) = shown(tax.rate);
    let mut summary = table(&["IMT (tax on the purchase)", &grouped(tax.tax)], 1);
    for (name, value) in [
        ("Value", grouped(args.value)),
        ("Use", args.property_use.name().to_owned()),
        ("Region", args.region.name().to_owned()),
        ("Rate (taxa)", format!("{rate} %, {how}")),
        ("Parcela a abater (saved below)", grouped(tax.parcel)),
        ("Imposto do selo (stamp duty)", grouped(duty)),
        ("Both", grouped(both(tax.tax, duty)?)),
    ] {
        summary.add_row([name.to_owned(), value]);
    }
    if args.young {
        if args.property_use != PropertyUse::OwnPermanentHome {
            return Err("--young needs --use own_permanent_home".to_owned());
        }
        let relief = edition(&book.pt.imt_jovem, day)?;
        notes.push(relief.uncertain.as_deref());
        let relief = relief.rows.of(args.region);
        let taxes = relief.taxes(args.value, scale, duties);
        add_young(&mut summary, &taxes.map_err(|error| at_fault(&error))?)?;
    }
    let note = not_confirmed(&notes);
    let until = tables
        .effective
        .to
        .map_or_else(String::new, |to| format!(" to {to}"));
    Ok(format!(
        "{}\n{}\nTable in force from {}{until}: {}\n{note}",
        rendered(&summary),
        bands(scale, args.value),
        tables.effective.from,
        tables.source,
    ))
}

/// The value is the only figure these taxes are worked out from.
fn at_fault(error: &EngineError) -> String {
    format!("--value {}", error.problem)
}

fn both(imt: Cents, duty: Cents) -> Result<Cents, String> {
    imt.checked_add(duty)
        .ok_or_else(|| "--value is too large".to_owned())
}

fn add_young(summary: &mut comfy_table::Table, taxes: &JovemTax) -> Result<(), String> {
    for (name, value) in [
        ("IMT Jovem (young buyers)", grouped(taxes.imt)),
        ("  relief", taxes.extent.name().to_owned()),
        ("  imposto do selo", grouped(taxes.stamp_duty)),
        ("  both", grouped(both(taxes.imt, taxes.stamp_duty)?)),
    ] {
        summary.add_row([name.to_owned(), value]);
    }
    Ok(())
}

fn shown(rate: BandRate) -> (Pct, &'static str) {
    match rate {
        BandRate::Marginal(rate) => (rate, "marginal"),
        BandRate::Flat(rate) => (rate, "on the whole (taxa única)"),
    }
}

/// Every band, the one of the value marked.
fn bands(scale: &ImtScale, value: Cents) -> String {
    let mut lines = table(&["Over", "Up to", "Rate", ""], 0);
    let mut over = Cents::ZERO;
    for band in scale.bands() {
        let (rate, how) = shown(band.rate);
        let here = value > over && band.up_to.is_none_or(|up_to| value <= up_to);
        lines.add_row([
            grouped(over),
            band.up_to.map(grouped).unwrap_or_default(),
            format!("{rate} %"),
            format!("{how}{}", if here { "  <-" } else { "" }),
        ]);
        over = band.up_to.unwrap_or(over);
    }
    rendered(&lines)
}
