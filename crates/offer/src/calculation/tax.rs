//! Taxes of the credit and of the purchase, the reliefs of young buyers and the public guarantee.

use lintel_domain::application::codec::{cents, pct, pct_opt};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::{Deserialize, Serialize};

/// Taxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taxes {
    /// Stamp duty on the use of credit; in the TAEG. Tabela Geral 17.1.
    #[serde(with = "cents")]
    pub credit_duty: Cents,
    /// Stamp duty on interest over the whole term, in the variant asked for; none for own permanent homes.
    #[serde(with = "cents")]
    pub interest_duty: Cents,
    /// Taxes of the purchase, outside the TAEG; none when nothing is bought, or as `purchase_not_known`.
    pub purchase: Option<PurchaseTaxes>,
    /// Something is bought, and no edition of the tax tables is in force on the day.
    pub purchase_not_known: bool,
    /// The State's guarantee; none when nothing is bought for an own permanent home.
    pub guarantee: Option<Guarantee>,
}

/// Where the property lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// Mainland.
    Mainland,
    /// Azores.
    Azores,
    /// Madeira.
    Madeira,
}

/// What the property is bought for, as the tax sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyUse {
    /// Own permanent home.
    OwnPermanentHome,
    /// Other housing.
    OtherHousing,
    /// Building plots and other urban property.
    OtherUrban,
}

/// Taxes of the purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseTaxes {
    /// Region.
    pub region: Region,
    /// Use.
    pub property_use: PropertyUse,
    /// What is taxed: the price.
    #[serde(with = "cents")]
    pub value: Cents,
    /// IMT.
    pub imt: TaxAmount,
    /// Stamp duty on the purchase, Tabela Geral 1.1.
    pub stamp_duty: TaxAmount,
    /// The relief of young buyers (IMT Jovem).
    pub young_buyers: Relief,
}

/// A tax, ordinary and as it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxAmount {
    /// Without any relief.
    #[serde(with = "cents")]
    pub ordinary: Cents,
    /// With the relief, when it applies; otherwise the ordinary tax.
    #[serde(with = "cents")]
    pub due: Cents,
}

/// Why a relief or guarantee is not given, or what was taken for granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// No edition of the rule is in force on the day.
    NotInForce,
    /// It is not an own permanent home.
    NotOwnHome,
    /// A building plot.
    BuildingPlot,
    /// Too young or too old.
    Age,
    /// The value or price is above the limit.
    Price,
    /// Not the first own permanent home.
    NotFirstHome,
    /// Somebody's dependant for income tax.
    TaxDependent,
    /// Owns housing.
    OwnsHousing,
    /// Income above the limit.
    Income,
    /// Not resident for tax.
    Residence,
    /// Debts to tax or social security.
    Record,
    /// The bank funds less than the least share of the price.
    FundingTooLow,
    /// The loan is more than the price.
    FundingAbovePrice,
    /// The bank's scheme takes no part.
    SchemeWithout,
}

/// The relief of young buyers: DL 48-A/2024.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relief {
    /// It applies, to all or some of the buyers, if what is assumed is so.
    pub applies: bool,
    /// Share of the purchase it applies to, percent: the buyers who have it, in equal parts.
    #[serde(with = "pct")]
    pub share: Pct,
    /// The value is above the exempt limit: a part is taxed.
    pub partial: bool,
    /// Why some or all of the buyers do not have it; each reason once.
    pub reasons: Vec<Obstacle>,
    /// What was not stated and is taken for granted (the reason it would otherwise be).
    pub assumed: Vec<Obstacle>,
}

/// The State's guarantee: DL 44/2024.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarantee {
    /// It can be had, if what is assumed is so.
    pub applies: bool,
    /// Amount guaranteed; zero when it does not apply.
    #[serde(with = "cents")]
    pub amount: Cents,
    /// Share of the price that the loan funds, percent.
    #[serde(with = "pct_opt", default)]
    pub funding: Option<Pct>,
    /// Years it lasts.
    pub years: u32,
    /// What stands against it; each reason once.
    pub reasons: Vec<Obstacle>,
    /// What was not stated and is taken for granted.
    pub assumed: Vec<Obstacle>,
}
