//! What a card is to price, as it is asked for and as it is kept.
//!
//! A specification comes from a TOML file, from flags, or both; flags win. It is checked once and
//! kept in one canonical form, so that "the same card" is a comparison of texts.

mod given;

pub(super) use given::{Given, Number};

use std::fmt;

use lintel_domain::loan::{Occupancy, Purpose};
use lintel_domain::scenario::{Flag, PropertyKind};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_pricing::book::PointsWanted;
use lintel_pricing::scenario::{Flags, PlaceFacts, Scenario};
use serde::{Deserialize, Serialize};

/// How parts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated text.
    Csv,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The ending of file names.
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// A checked specification. Amounts and ratios are decimal texts in their shortest form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    pub(super) format: Format,
    /// Most rows of a part, before those without an offer are left out.
    pub(super) part_rows: u32,
    pub(super) purposes: Vec<Purpose>,
    /// `all`, `state:CA,NV`, or a list of ZIP codes divided by blanks.
    pub(super) zips: String,
    pub(super) amounts: Vec<String>,
    /// Loan to value in percent; empty when `values` are given.
    pub(super) ltvs: Vec<String>,
    /// Prices or values of the home.
    pub(super) values: Vec<String>,
    pub(super) scores: Vec<u32>,
    /// Codes; empty for every product that has a sheet.
    pub(super) products: Vec<String>,
    pub(super) lock_days: u32,
    /// Least and most points.
    pub(super) points: Option<[String; 2]>,
    pub(super) occupancy: Occupancy,
    pub(super) property: PropertyKind,
    pub(super) units: u32,
    pub(super) flags: Vec<Flag>,
    pub(super) channel: Option<String>,
    pub(super) sub_channel: Option<String>,
    pub(super) branch: Option<String>,
    /// The lender's own criteria: names and values.
    pub(super) criteria: Vec<(String, String)>,
}

/// A loan amount with what the home costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    /// At a loan to value.
    AtLtv(Cents, Pct),
    /// At a price or value.
    AtValue(Cents, Cents),
}

impl Spec {
    /// Every pair of a loan amount with a ratio or a value, amounts outside.
    pub(super) fn amounts(&self) -> Result<Vec<Amount>, String> {
        let mut pairs = Vec::new();
        for amount in &self.amounts {
            let loan = dollars("amounts", amount)?;
            for ltv in &self.ltvs {
                pairs.push(Amount::AtLtv(loan, percent("ltvs", ltv)?));
            }
            for value in &self.values {
                pairs.push(Amount::AtValue(loan, dollars("values", value)?));
            }
        }
        Ok(pairs)
    }

    /// The points wanted, if they are bounded.
    pub(super) fn points(&self) -> Result<Option<PointsWanted>, String> {
        let Some([low, high]) = &self.points else {
            return Ok(None);
        };
        let (low, high) = (percent("points", low)?, percent("points", high)?);
        Ok(Some(PointsWanted { low, high }))
    }

    /// What all rows have in common; the card replaces place, purpose, amounts and score.
    pub(super) fn template(&self, day: Date, place: PlaceFacts) -> Scenario {
        let none = Flags::default();
        Scenario {
            day,
            purpose: self.purposes.first().copied().unwrap_or(Purpose::Purchase),
            place,
            home_price: Cents::ZERO,
            loan_amount: Cents::ZERO,
            down_payment: None,
            subordinate_balance: Cents::ZERO,
            undrawn_line: Cents::ZERO,
            score: None,
            monthly_income: None,
            monthly_debts: None,
            property: self.property,
            units: self.units,
            occupancy: self.occupancy,
            flags: self
                .flags
                .iter()
                .fold(none, |set, flag| set.with(*flag, true)),
            finances_va_fee: self.flags.contains(&Flag::FinancesUpfrontFee),
            finances_usda_fee: self.flags.contains(&Flag::FinancesUpfrontFee),
            employment: None,
            documentation: None,
            homes_owned: None,
            channel: self.channel.clone(),
            sub_channel: self.sub_channel.clone(),
            branch: self.branch.clone(),
            criteria: self.criteria.clone(),
        }
    }
}

/// Reads an amount in dollars with at most two decimals.
fn dollars(field: &str, text: &str) -> Result<Cents, String> {
    Cents::parse_decimal(text).map_err(|error| unreadable(field, text, &error))
}

/// Reads a percentage.
fn percent(field: &str, text: &str) -> Result<Pct, String> {
    Pct::parse_decimal(text).map_err(|error| unreadable(field, text, &error))
}

fn unreadable(field: &str, text: &str, why: &dyn fmt::Display) -> String {
    let shown: String = text.chars().take(40).collect();
    format!("{field}: {shown}: {why}")
}
