//! What the information sheet (FINE) is told.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::loan::{Cost, Variant};

/// The information sheet: sections 1 to 15 of annex II of Directive 2014/17/EU, as DL 74-A/2017
/// has them.
#[derive(Clone, PartialEq, Eq)]
pub struct Fine {
    /// Why it is handed over.
    pub stage: Stage,
    /// Number of the simulation or process it belongs to.
    pub number: String,
    /// The day it is made, in Lisbon; also the date in the file's metadata.
    pub issued_on: Date,
    /// The last day its terms hold.
    pub valid_until: Date,
    /// Section 1.
    pub lender: Lender,
    /// Section 2; none when the borrower came to the bank directly.
    pub intermediary: Option<Intermediary>,
    /// Names of the borrowers; may be empty for a simulation without names.
    pub borrowers: Vec<String>,
    /// Section 3.
    pub loan: Loan,
    /// The variant asked for: everything but the comparison follows it.
    pub chosen: Variant,
    /// The other one, where there are two: compared in sections 4, 6 and 8, and in the annex.
    pub other: Option<Variant>,
    /// Costs the TAEG leaves out (notary, registration of the purchase, IMT…), for information.
    pub outside_taeg: Vec<Cost>,
    /// Section 8: what must be held or done for these terms.
    pub obligations: Vec<Obligation>,
    /// Section 9.
    pub early_repayment: EarlyRepayment,
    /// Section 10: a sentence for each feature (transfer of the loan, further drawings); may be empty.
    pub flexible_features: Vec<String>,
    /// Section 11.
    pub rights: Rights,
    /// Section 12: bodies that settle disputes out of court, each with address or web page.
    pub dispute_bodies: Vec<String>,
    /// Section 13: surcharge on overdue amounts, percentage points over the contract's rate.
    pub default_surcharge: Pct,
    /// Section 14: further sentences of the bank; may be empty.
    pub additional: Vec<String>,
}

/// When a sheet is handed over; the law wants it twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// With a simulation: nobody is bound.
    Simulation,
    /// With a process before the bank decided: nobody is bound, and the number is the process's.
    Process,
    /// With the approval: the bank is bound.
    Approval,
}

/// The bank.
#[derive(Clone, PartialEq, Eq)]
pub struct Lender {
    /// Firm.
    pub name: String,
    /// Address, one line.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Mail address.
    pub email: String,
    /// Web page.
    pub website: String,
    /// Number in the register of Banco de Portugal.
    pub registration: String,
    /// The bank gives advice (serviços de consultoria) on this loan.
    pub gives_advice: bool,
}

/// The credit intermediary.
#[derive(Clone, PartialEq, Eq)]
pub struct Intermediary {
    /// Name or firm.
    pub name: String,
    /// Category, in Portuguese: "Intermediário de crédito vinculado".
    pub category: String,
    /// Number in the register of Banco de Portugal; empty when not known.
    pub registration: String,
    /// Address; empty when not known.
    pub address: String,
    /// Telephone; empty when not known.
    pub phone: String,
    /// Mail address; empty when not known.
    pub email: String,
    /// The intermediary gives advice.
    pub gives_advice: bool,
    /// What the bank pays it for this loan; none when not yet known or nothing.
    pub remuneration: Option<Cents>,
}

/// The loan's main features.
#[derive(Clone, PartialEq, Eq)]
pub struct Loan {
    /// Name of the product or scheme.
    pub product: String,
    /// What it is for, in Portuguese: "Aquisição de habitação própria permanente".
    pub purpose: String,
    /// Amount of credit.
    pub amount: Cents,
    /// Months from the contract to the last instalment, utilisation included.
    pub term_months: u32,
    /// Kind of rate.
    pub rate: LoanRate,
    /// Value the bank goes by: the lower of price and valuation; none when not known.
    pub property_value: Option<Cents>,
    /// Amount over that value, percent.
    pub loan_to_value: Option<Pct>,
    /// The security, in Portuguese: "Hipoteca sobre o imóvel…".
    pub security: String,
    /// The State's guarantee beside it, when the loan is to have it.
    pub guarantee: Option<Guarantee>,
    /// The first instalment's day, when known.
    pub first_payment: Option<Date>,
}

/// The State's guarantee for young buyers of a first home (DL 44/2024).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Guarantee {
    /// Amount guaranteed.
    pub amount: Cents,
    /// Years it lasts.
    pub years: u32,
    /// Some of what it needs was not stated and is only assumed.
    pub is_assumed: bool,
}

/// Kind of rate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LoanRate {
    /// Fixed for the whole term.
    Fixed,
    /// Index and spread.
    Variable,
    /// Fixed for so many months, then index and spread.
    Mixed {
        /// Months of the fixed phase.
        fixed_months: u32,
    },
}

/// Something the borrower must hold or do for the credit, or for its price.
#[derive(Clone, PartialEq, Eq)]
pub struct Obligation {
    /// What: "Seguro de vida".
    pub name: String,
    /// More about it; may be empty.
    pub detail: String,
    /// True: without it there is no credit. False: without it the price changes (cross-selling).
    pub required: bool,
    /// It may be bought elsewhere.
    pub elsewhere: bool,
}

/// Terms of early repayment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EarlyRepayment {
    /// Fee on the capital repaid while the rate is variable, percent; none when there is no such phase.
    pub variable_fee: Option<Pct>,
    /// Fee on the capital repaid while the rate is fixed, percent; none when there is no such phase.
    pub fixed_fee: Option<Pct>,
    /// Working days of notice for a part.
    pub partial_notice_days: u32,
    /// Working days of notice for everything.
    pub full_notice_days: u32,
}

/// Periods the law gives borrowers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// Days after the bank's offer before which no contract is signed.
    pub reflection_days: u32,
    /// Days the bank is bound by its offer.
    pub offer_days: u32,
}
