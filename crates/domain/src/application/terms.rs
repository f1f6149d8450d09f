//! The loan asked for: amounts, rate, repayment, and the other loans of the same transaction.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::{Deserialize, Serialize};

use super::choice::{closed_list, open_list};
use super::codec::{cents, cents_opt, date_opt, pct_opt};
use super::program::{Affordable, Construction, Government};

closed_list! {
    /// Why the loan is taken. Cash-out is a kind of refinance, see [`RefinanceKind`].
    LoanPurpose {
        Purchase: "To buy the property.",
        Refinance: "To replace a loan on property already owned.",
    }
}

open_list! {
    /// How much cash a refinance may take out. Kept apart from the purpose because pricing and
    /// eligibility treat the three differently while the lender's own API folds two of them.
    RefinanceKind {
        CashOut: "Cash beyond payoffs and costs.",
        LimitedCashOut: "Incidental cash only (rate and term).",
        NoCashOut: "No cash at all (streamline and similar).",
    }
}

/// What is refinanced and why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Refinance {
    /// How much cash is taken; absent when the document does not say.
    pub kind: Option<RefinanceKind>,
    /// The sender's word for the main reason, such as debt consolidation.
    pub reason: Option<String>,
    /// Cash to the borrower, stated or estimated.
    #[serde(with = "cents_opt")]
    pub cash_out_cents: Option<Cents>,
    /// Whether [`Refinance::cash_out_cents`] is an estimate.
    pub is_cash_out_estimated: bool,
}

open_list! {
    /// Who insures or guarantees the loan.
    Program {
        Conventional: "Nobody, or a private insurer.",
        Fha: "Federal Housing Administration.",
        Va: "Department of Veterans Affairs.",
        Usda: "USDA Rural Development.",
    }
}

open_list! {
    /// Rank of the mortgage on the property.
    LienPriority {
        First: "Paid first on a sale.",
        Second: "After the first.",
        Third: "After the second.",
        Fourth: "After the third.",
    }
}

open_list! {
    /// How the rate behaves over the term.
    AmortizationKind {
        Fixed: "One rate to the end.",
        AdjustableRate: "Follows an index after an initial period.",
    }
}

/// The terms of the subject loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanTerms {
    /// Purchase or refinance.
    pub purpose: LoanPurpose,
    /// Present on a refinance about which more is known.
    #[serde(default)]
    pub refinance: Option<Refinance>,
    /// Programme.
    pub program: Program,
    /// Amount before a financed premium or fee; more than zero.
    #[serde(with = "cents")]
    pub amount_cents: Cents,
    /// Amount of the note, when stated; includes a financed premium or fee.
    #[serde(default, with = "cents_opt")]
    pub note_amount_cents: Option<Cents>,
    /// Whether only the note's amount was stated, so that [`LoanTerms::amount_cents`] is that.
    #[serde(default)]
    pub is_amount_of_note: bool,
    /// Amount the borrower asked for on the application form.
    #[serde(default, with = "cents_opt")]
    pub requested_amount_cents: Option<Cents>,
    /// Mortgage insurance or funding fee added to the loan.
    #[serde(default, with = "cents_opt")]
    pub financed_mi_or_fee_cents: Option<Cents>,
    /// The whole premium or fee, financed or not.
    #[serde(default, with = "cents_opt")]
    pub total_mi_or_fee_cents: Option<Cents>,
    /// Note rate, percent a year.
    #[serde(default, with = "pct_opt")]
    pub note_rate_pct_e9: Option<Pct>,
    /// Rate the underwriter qualifies the borrower at, percent a year.
    #[serde(default, with = "pct_opt")]
    pub qualifying_rate_pct_e9: Option<Pct>,
    /// Rank of the mortgage.
    #[serde(default)]
    pub lien: Option<LienPriority>,
    /// How the rate behaves.
    #[serde(default)]
    pub amortization: Option<AmortizationKind>,
    /// Months over which payments are computed.
    #[serde(default)]
    pub amortization_months: Option<u32>,
    /// Months until the loan is due, when stated apart from the amortization.
    #[serde(default)]
    pub maturity_months: Option<u32>,
    /// Day the loan is due.
    #[serde(default, with = "date_opt")]
    pub maturity_date: Option<Date>,
    /// Index, margin and caps of an adjustable rate.
    #[serde(default)]
    pub arm: Option<Arm>,
    /// Yes-or-no features.
    #[serde(default)]
    pub features: LoanFeatures,
    /// Borrowers the sender counted; compared with the borrowers on import.
    #[serde(default)]
    pub stated_borrower_count: Option<u32>,
    /// Properties with a mortgage, this one included.
    #[serde(default)]
    pub mortgaged_property_count: Option<u32>,
    /// Sum of the subordinate loans.
    #[serde(default, with = "cents_opt")]
    pub subordinate_financing_cents: Option<Cents>,
    /// Discount points, as a sum.
    #[serde(default, with = "cents_opt")]
    pub discount_points_cents: Option<Cents>,
    /// Day the lender received the application; starts the disclosure clocks.
    #[serde(default, with = "date_opt")]
    pub application_date: Option<Date>,
    /// Facts of FHA, VA and USDA loans.
    #[serde(default)]
    pub government: Government,
    /// Facts of a construction loan.
    #[serde(default)]
    pub construction: Option<Construction>,
    /// Facts of affordable-lending products.
    #[serde(default)]
    pub affordable: Affordable,
    /// Whether the loan is high-cost under HOEPA, as reported under HMDA.
    #[serde(default)]
    pub is_hoepa_loan: Option<bool>,
    /// Numbers others know the loan by.
    #[serde(default)]
    pub identifiers: Vec<LoanIdentifier>,
    /// Systems the application came through; for support.
    #[serde(default)]
    pub origination_systems: Vec<OriginationSystem>,
}

/// Index, margin and limits of an adjustable rate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Arm {
    /// The sender's word for the index family.
    pub index: Option<String>,
    /// The sender's word for the published series, such as a Treasury tenor.
    pub index_source: Option<String>,
    /// Free text for an index without a word of its own; how SOFR arrives. That of the series, else
    /// that of the family.
    pub index_description: Option<String>,
    /// Free text for the index family, as stated.
    pub index_family_description: Option<String>,
    /// Free text for the published series, as stated.
    pub index_source_description: Option<String>,
    /// Value of the index when disclosed, percent a year.
    #[serde(with = "pct_opt")]
    pub index_rate_pct_e9: Option<Pct>,
    /// Added to the index, percentage points.
    #[serde(with = "pct_opt")]
    pub margin_pct_e9: Option<Pct>,
    /// Months at the initial rate.
    pub initial_fixed_months: Option<u32>,
    /// Months until the first change, where stated with the rules of adjustment; the initial
    /// period is this when it is not stated itself.
    pub first_change_months: Option<u32>,
    /// Months between changes in the rule for the first one, which senders sometimes fill in.
    pub first_rule_frequency_months: Option<u32>,
    /// Months between later changes.
    pub change_frequency_months: Option<u32>,
    /// Most the first change may raise the rate, percentage points.
    #[serde(with = "pct_opt")]
    pub first_cap_pct_e9: Option<Pct>,
    /// Most each later change may raise the rate, percentage points.
    #[serde(with = "pct_opt")]
    pub later_cap_pct_e9: Option<Pct>,
    /// Most all changes together may raise the rate, percentage points.
    #[serde(with = "pct_opt")]
    pub lifetime_cap_pct_e9: Option<Pct>,
    /// Highest rate ever, percent a year.
    #[serde(with = "pct_opt")]
    pub ceiling_rate_pct_e9: Option<Pct>,
    /// Lowest rate ever, percent a year.
    #[serde(with = "pct_opt")]
    pub floor_rate_pct_e9: Option<Pct>,
    /// Investor's plan number that stands for all of the above.
    pub plan_id: Option<String>,
}

/// Yes-or-no features of the loan; `None` means the document does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LoanFeatures {
    /// A large last payment.
    pub has_balloon: Option<bool>,
    /// A period without principal payments.
    pub is_interest_only: Option<bool>,
    /// The balance may grow.
    pub has_negative_amortization: Option<bool>,
    /// Paying early costs a penalty.
    pub has_prepayment_penalty: Option<bool>,
    /// Pays for building.
    pub is_construction: Option<bool>,
    /// Pays for renovation.
    pub is_renovation: Option<bool>,
    /// Somebody funds a temporary buydown.
    pub has_temporary_buydown: Option<bool>,
    /// Pays for energy improvements.
    pub has_energy_improvements: Option<bool>,
    /// Replaces a contract for deed.
    pub converts_contract_for_deed: Option<bool>,
    /// A subordinate loan is below the market rate.
    pub has_below_market_subordinate: Option<bool>,
}

open_list! {
    /// Whose number it is.
    IdentifierKind {
        LenderLoan: "The sender's own loan number.",
        LenderCase: "The sender's case number.",
        AgencyCase: "FHA or VA case number.",
        UniversalLoan: "Universal loan identifier of HMDA reporting.",
        MersMin: "Mortgage identification number of the MERS register.",
        InvestorLoan: "The investor's number.",
        InvestorCommitment: "Number of an investor's commitment.",
        SellerLoan: "The number at the seller of a closed loan.",
        ServicerLoan: "The servicer's number.",
        WholesaleLenderLoan: "The number at the wholesale lender.",
        LoanPriceQuote: "Number of a price quote.",
        MiRateQuote: "Number of a mortgage insurance quote.",
    }
}

/// A number the loan is known by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanIdentifier {
    /// Whose number it is; absent when the document does not say.
    pub kind: Option<IdentifierKind>,
    /// The number as written.
    pub value: String,
}

/// A system that produced or forwarded the application.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OriginationSystem {
    /// Product name.
    pub name: Option<String>,
    /// Vendor's registered number.
    pub vendor_id: Option<String>,
    /// Product version.
    pub version: Option<String>,
}

/// Another loan of the same transaction or an earlier one on the same property.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RelatedLoan {
    /// True for a loan of the past, false for one made together with the subject loan.
    pub is_historical: bool,
    /// Amount of the note, else the amount before a financed premium.
    #[serde(with = "cents_opt")]
    pub amount_cents: Option<Cents>,
    /// Whether only the amount before a financed premium was stated.
    pub is_base_amount: bool,
    /// Rank of the mortgage.
    pub lien: Option<LienPriority>,
    /// Monthly principal and interest.
    #[serde(with = "cents_opt")]
    pub payment_cents: Option<Cents>,
    /// A credit line rather than a fixed loan.
    pub is_heloc: Option<bool>,
    /// Drawn balance of a credit line.
    #[serde(with = "cents_opt")]
    pub heloc_balance_cents: Option<Cents>,
    /// Limit of a credit line.
    #[serde(with = "cents_opt")]
    pub heloc_limit_cents: Option<Cents>,
    /// The sender's words for where the money comes from.
    pub funds_sources: Vec<String>,
    /// Who is paid, by name.
    pub payee: Option<String>,
    /// Who is paid, as an index into the application's other parties.
    pub payee_party: Option<usize>,
}

/// A report that verifies income, employment or assets, ordered for the underwriting system.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VerificationReport {
    /// Number of the report at its supplier.
    pub id: Option<String>,
    /// The sender's word for the supplier.
    pub supplier: Option<String>,
    /// The sender's word for what is verified.
    pub kind: Option<String>,
    /// Borrowers it is about: indexes into the application's borrowers, ascending.
    pub borrowers: Vec<usize>,
}
