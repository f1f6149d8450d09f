//! Charges and insurances as the answer lists them.

use lintel_domain::application::codec::{cents, cents_opt};
use lintel_engine::money::Cents;
use serde::{Deserialize, Serialize};

use super::Choice;

/// When a cost is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostTiming {
    /// On the day of the contract.
    Contract,
    /// With each instalment.
    Monthly,
    /// In advance: at the contract and on each anniversary before maturity.
    Yearly,
}

/// Who or what asks for a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostOrigin {
    /// The bank.
    Bank,
    /// A third party: registries, insurers.
    ThirdParty,
    /// The State.
    State,
}

/// A charge, a premium or a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Kind; an entry of the list of bank charge types.
    pub kind: Choice,
    /// Who asks for it.
    pub origin: CostOrigin,
    /// When it is paid.
    pub timing: CostTiming,
    /// Amount each time, before duty; the first time when it changes over the years.
    #[serde(with = "cents")]
    pub amount: Cents,
    /// Stamp duty each time.
    #[serde(with = "cents")]
    pub duty: Cents,
    /// Both.
    #[serde(with = "cents")]
    pub total: Cents,
    /// Over the whole term, duty included, in the variant it is listed in (in `bank_charges`: in the one
    /// asked for, nothing when it is not paid there).
    #[serde(with = "cents")]
    pub over_term: Cents,
    /// The amount changes over the years.
    pub varies: bool,
    /// The credit, or the terms of the variant, cannot be had without it.
    pub compulsory: bool,
    /// Paid only in the variant with the bundled products.
    pub only_with_cross_selling: bool,
    /// It counts in the TAEG (of the variants in which it is paid).
    pub in_taeg: bool,
}

/// Which insurance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InsuranceKind {
    /// Life insurance of a borrower.
    Life,
    /// Multi-risk insurance of the property.
    MultiRisk,
}

/// An insurance: of a borrower, or of the property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsuranceLine {
    /// Which.
    pub kind: InsuranceKind,
    /// Place of the insured borrower in the request; none for the property, and for a premium of another
    /// insurer, which is stated for all borrowers together.
    pub borrower: Option<usize>,
    /// With another insurer.
    pub external: bool,
    /// The credit cannot be had without it.
    pub compulsory: bool,
    /// Capital insured at the contract.
    #[serde(with = "cents_opt", default)]
    pub insured: Option<Cents>,
    /// The first premium a month without the bundled products.
    #[serde(with = "cents")]
    pub monthly_without: Cents,
    /// The first premium a month with them.
    #[serde(with = "cents")]
    pub monthly_with: Cents,
    /// All premiums without the bundled products.
    #[serde(with = "cents")]
    pub total_without: Cents,
    /// All premiums with them; zero when there is no such variant.
    #[serde(with = "cents")]
    pub total_with: Cents,
    /// The premium changes over the years.
    pub varies: bool,
}
