//! Closing costs: what a lender charges, under which conditions, and which of them are finance
//! charges.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::finance_charge::{Facts, PaidBy, Section, Table};

use crate::id::RowId;
use crate::loan::{Program, Purpose};
use crate::words::words;

words! {
    /// Sections of the Loan Estimate a charge is shown in (12 CFR 1026.37(f) and (g)).
    LeSection {
        /// Origination charges.
        A = "A",
        /// Services the borrower cannot shop for.
        B = "B",
        /// Services the borrower can shop for.
        C = "C",
        /// Taxes and other government fees.
        E = "E",
        /// Prepaids.
        F = "F",
        /// Initial escrow payment at closing.
        G = "G",
        /// Other costs.
        H = "H",
    }
}

/// How the amount of a charge is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeBasis {
    /// A fixed amount.
    Flat(Cents),
    /// A percentage of the base loan amount, half-up to the cent.
    PercentOfLoan(Pct),
    /// Interest from disbursement to the start of the first payment month, for a number of days on
    /// a 360-day year.
    InterestDays(u32),
}

words! {
    /// What a template says about its charge being a finance charge.
    FinanceChargeRule {
        /// Decided by the type and section table.
        ByType = "by_type",
        /// It is one, whatever the table says; the lender keeps the reason.
        Included = "included",
        /// It is not one, whatever the table says; the lender keeps the reason.
        Excluded = "excluded",
    }
}

/// A charge a lender makes whenever its conditions hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeTemplate {
    /// Row id.
    pub id: RowId,
    /// Place in the list of charges.
    pub position: i64,
    /// Name shown to people.
    pub name: String,
    /// MISMO fee or prepaid item type.
    pub mismo_type: String,
    /// Description when the type is `Other`.
    pub mismo_type_other: Option<String>,
    /// Section of the Loan Estimate.
    pub section: LeSection,
    /// How much.
    pub basis: FeeBasis,
    /// Whether it is a finance charge.
    pub finance_charge: FinanceChargeRule,
    /// Only for this programme.
    pub program: Option<Program>,
    /// Only for this purpose.
    pub purpose: Option<Purpose>,
    /// Only for properties in this state.
    pub state: Option<String>,
    /// Only for loans of at least this amount.
    pub min_loan: Option<Cents>,
    /// Only for loans of at most this amount.
    pub max_loan: Option<Cents>,
    /// First day it is charged.
    pub effective_from: Date,
    /// Last day it is charged.
    pub effective_to: Option<Date>,
}

/// The facts a template's conditions look at.
#[derive(Debug, Clone, Copy)]
pub struct FeeScene<'a> {
    /// Programme of the product.
    pub program: Program,
    /// Purpose of the loan.
    pub purpose: Purpose,
    /// State of the property, when known.
    pub state: Option<&'a str>,
    /// Base loan amount.
    pub loan_amount: Cents,
    /// The day the quote is made.
    pub day: Date,
}

impl FeeTemplate {
    /// Whether every condition of the template holds. A template bound to a state does not apply
    /// where the state is unknown.
    #[must_use]
    pub fn applies(&self, scene: &FeeScene<'_>) -> bool {
        self.program.is_none_or(|p| p == scene.program)
            && self.purpose.is_none_or(|p| p == scene.purpose)
            && self.state.as_deref().is_none_or(|s| Some(s) == scene.state)
            && self.min_loan.is_none_or(|m| scene.loan_amount >= m)
            && self.max_loan.is_none_or(|m| scene.loan_amount <= m)
            && self.effective_from <= scene.day
            && self.effective_to.is_none_or(|d| scene.day <= d)
    }
}

/// The engine's section of a charge.
#[must_use]
pub const fn engine_section(section: LeSection) -> Section {
    match section {
        LeSection::A => Section::A,
        LeSection::B => Section::B,
        LeSection::C => Section::C,
        LeSection::E => Section::E,
        LeSection::F => Section::F,
        LeSection::G => Section::G,
        LeSection::H => Section::H,
    }
}

/// Whether a charge the consumer pays is a finance charge: by the template's own word, otherwise
/// by the table. No facts are known of a charge that is only quoted, so one that depends on a fact
/// counts.
#[must_use]
pub fn is_finance_charge(
    table: &Table,
    rule: FinanceChargeRule,
    mismo_type: &str,
    section: LeSection,
) -> bool {
    match rule {
        FinanceChargeRule::Included => true,
        FinanceChargeRule::Excluded => false,
        FinanceChargeRule::ByType => table
            .classify(
                mismo_type,
                engine_section(section),
                PaidBy::Consumer,
                &Facts::default(),
            )
            .counts(),
    }
}
