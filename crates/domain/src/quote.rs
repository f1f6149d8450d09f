//! Quoting: closing costs and annual percentage rate of a product at a note rate.
//!
//! Pure: a scene, a product, the lender's fee templates and the rule tables in; fees, APR and
//! schedule out. The rules are here once, whoever asks.

mod charges;
mod price;

pub use charges::{ProgramCharge, program_charge};
pub use price::{QuoteProblem, quote};

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::finance_charge::Table;
use lintel_engine::us::programs::conventional_mi::CardRow;
use lintel_engine::us::programs::fha::AnnualMipRow;
use lintel_engine::us::programs::va::FundingFeeRow;

use crate::fee::{FeeTemplate, LeSection};
use crate::loan::Purpose;
use crate::product::ProductTerms;

/// What a quote is for: the property and the loan, before any product is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteScene {
    /// Purpose of the loan.
    pub purpose: Purpose,
    /// Two-letter state of the property, when known.
    pub state: Option<String>,
    /// Price, or value on a refinance.
    pub home_price: Cents,
    /// Down payment, when stated; otherwise price less loan on a purchase.
    pub down_payment: Option<Cents>,
    /// Loan amount before financed premiums.
    pub loan_amount: Cents,
    /// A streamline refinance; VA's interest rate reduction has a fee of its own.
    pub is_streamline: bool,
    /// Whether FHA's up-front premium is added to the loan.
    pub finances_ufmip: bool,
    /// Whether VA's funding fee is added to the loan.
    pub finances_va_fee: bool,
    /// Whether USDA's guarantee fee is added to the loan.
    pub finances_usda_fee: bool,
    /// Day of the quote; fees and rules in force on it are used.
    pub day: Date,
}

/// A product to quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedProduct {
    /// Its terms.
    pub terms: ProductTerms,
    /// Value of its index; needed for an adjustable rate.
    pub index_value: Option<Pct>,
}

/// A note rate and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateOffer {
    /// Note rate, percent a year.
    pub note_rate: Pct,
    /// Discount points in percent of the loan amount; negative for a lender credit.
    pub points: Pct,
}

/// The tables a quote looks figures up in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuoteTables {
    /// Which charges are finance charges.
    pub finance_charge: Table,
    /// FHA up-front premium, percent of the base loan.
    pub fha_upfront: Pct,
    /// FHA annual premium.
    pub fha_annual: Vec<AnnualMipRow>,
    /// VA funding fee.
    pub va_funding_fee: Vec<FundingFeeRow>,
    /// USDA up-front fee, percent.
    pub usda_upfront: Pct,
    /// USDA annual fee, percent of the average balance.
    pub usda_annual: Pct,
    /// Conventional mortgage insurance.
    pub mi_card: Vec<CardRow>,
    /// The credit score a quote without one is insured at.
    pub mi_assumed_score: u32,
}

/// A closing cost of a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedFee {
    /// Name shown to people.
    pub name: String,
    /// How much.
    pub amount: Cents,
    /// MISMO fee or prepaid item type.
    pub mismo_type: String,
    /// Description when the type is `Other`.
    pub mismo_type_other: Option<String>,
    /// Section of the Loan Estimate.
    pub section: LeSection,
    /// Whether it is a prepaid finance charge.
    pub is_finance_charge: bool,
}

/// One payment of a quote's schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledPayment {
    /// From 1.
    pub number: u32,
    /// Due date.
    pub due: Date,
    /// Principal, interest and mortgage insurance together.
    pub payment: Cents,
    /// Principal part.
    pub principal: Cents,
    /// Interest part.
    pub interest: Cents,
    /// Mortgage insurance part.
    pub mortgage_insurance: Cents,
    /// Balance after the payment.
    pub balance: Cents,
    /// Note rate during the payment.
    pub note_rate: Pct,
}

/// A quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Annual percentage rate.
    pub apr: Pct,
    /// Closing costs by section, within a section in the order of the lender's templates.
    pub fees: Vec<QuotedFee>,
    /// Every payment, when wanted.
    pub schedule: Vec<ScheduledPayment>,
}

/// Everything that stays the same from quote to quote of one request.
#[derive(Debug, Clone, Copy)]
pub struct QuoteContext<'a> {
    /// The scene.
    pub scene: &'a QuoteScene,
    /// The lender's fee templates.
    pub templates: &'a [FeeTemplate],
    /// The rule tables.
    pub tables: &'a QuoteTables,
    /// Whether every payment is wanted, too.
    pub with_schedule: bool,
}
