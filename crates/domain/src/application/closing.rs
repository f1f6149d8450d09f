//! Money at closing: estimated costs, credits, fees, and the monthly cost of housing.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::{Deserialize, Serialize};

use super::choice::{closed_list, open_list};
use super::codec::{cents_opt, date_opt, pct_opt};

/// Estimated sums of the closing (section L4 of the application and around it).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClosingFigures {
    /// Costs of the closing.
    #[serde(with = "cents_opt")]
    pub closing_costs_cents: Option<Cents>,
    /// Taxes, interest and insurance paid ahead.
    #[serde(with = "cents_opt")]
    pub prepaid_items_cents: Option<Cents>,
    /// Improvements and repairs.
    #[serde(with = "cents_opt")]
    pub improvements_cents: Option<Cents>,
    /// Improvements paid by a refinance.
    #[serde(with = "cents_opt")]
    pub refinance_improvements_cents: Option<Cents>,
    /// The sender's word for improvements made or to be made.
    pub refinance_improvements_status: Option<String>,
    /// Credits from the seller.
    #[serde(with = "cents_opt")]
    pub seller_credits_cents: Option<Cents>,
    /// Credits other than the seller's.
    #[serde(with = "cents_opt")]
    pub other_credits_cents: Option<Cents>,
    /// All credits.
    #[serde(with = "cents_opt")]
    pub total_credits_cents: Option<Cents>,
    /// All mortgage loans of the transaction.
    #[serde(with = "cents_opt")]
    pub total_mortgage_loans_cents: Option<Cents>,
    /// Credits from the lender, added up.
    #[serde(with = "cents_opt")]
    pub lender_credits_cents: Option<Cents>,
    /// The same one by one.
    pub lender_credits: Vec<LenderCredit>,
    /// Everything due from the borrower.
    #[serde(with = "cents_opt")]
    pub due_from_borrower_cents: Option<Cents>,
    /// Cash the borrower must bring.
    #[serde(with = "cents_opt")]
    pub cash_from_borrower_cents: Option<Cents>,
    /// Debts on the subject property that are paid off, as the sender added them up.
    #[serde(with = "cents_opt")]
    pub subject_payoffs_cents: Option<Cents>,
    /// Other debts that are paid off, as the sender added them up.
    #[serde(with = "cents_opt")]
    pub other_payoffs_cents: Option<Cents>,
    /// Day the originator signed the application.
    #[serde(with = "date_opt")]
    pub originator_signed_date: Option<Date>,
}

/// One credit from the lender.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LenderCredit {
    /// Amount.
    #[serde(with = "cents_opt")]
    pub amount_cents: Option<Cents>,
}

open_list! {
    /// Kinds of credits.
    PurchaseCreditKind {
        BuydownFund: "Fund for a buydown.",
        CommitmentOriginationFee: "Fee already paid.",
        EarnestMoney: "Deposit.",
        EmployerAssistedHousing: "Employer's help.",
        FederalFundingFeeRefund: "Refund of an earlier federal funding fee.",
        GiftOfEquity: "Gift of equity.",
        LeasePurchaseFund: "Rent credited toward the price.",
        MiPremiumRefund: "Refund of an earlier insurance premium.",
        RelocationFunds: "Relocation money.",
        SweatEquity: "Own work.",
        TradeEquity: "Equity in property traded in.",
        TradeEquityFromPropertySwap: "Equity in property swapped.",
    }
}

/// A credit toward the money due at closing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PurchaseCredit {
    /// Kind of credit.
    pub kind: Option<PurchaseCreditKind>,
    /// What a credit of no listed kind is.
    pub description: Option<String>,
    /// The sender's word for who gives it.
    pub source: Option<String>,
    /// Amount.
    #[serde(with = "cents_opt")]
    pub amount_cents: Option<Cents>,
}

/// A fee as the sender worked it out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Fee {
    /// The standard's name of the fee.
    pub kind: Option<String>,
    /// What a fee of no listed kind is.
    pub description: Option<String>,
    /// Estimated amount.
    #[serde(with = "cents_opt")]
    pub estimated_cents: Option<Cents>,
    /// Final amount.
    #[serde(with = "cents_opt")]
    pub actual_cents: Option<Cents>,
    /// Amount as a percentage of its basis.
    #[serde(with = "pct_opt")]
    pub share_pct_e9: Option<Pct>,
    /// The standard's word for the section of the disclosure.
    pub section: Option<String>,
    /// The standard's word for who is paid.
    pub paid_to: Option<String>,
}

closed_list! {
    /// Before or after the transaction.
    HousingExpenseTime {
        Present: "Paid now, for the present home.",
        Proposed: "To be paid after closing.",
    }
}

open_list! {
    /// Parts of the monthly cost of housing.
    HousingExpenseKind {
        Cable: "Cable television.",
        Electricity: "Electricity.",
        EscrowShortage: "Shortage of the escrow account.",
        FirstMortgagePiti: "First mortgage with taxes and insurance.",
        FirstMortgagePrincipalAndInterest: "First mortgage.",
        FloodInsurance: "Flood insurance.",
        GroundRent: "Ground rent.",
        Heating: "Heating.",
        AssociationDues: "Dues of a homeowners' or condominium association.",
        HomeownersInsurance: "Homeowner's insurance.",
        LeaseholdPayments: "Leasehold payments.",
        Maintenance: "Maintenance.",
        MiPremium: "Mortgage insurance.",
        OtherMortgagePrincipalAndInterest: "Other mortgages.",
        OtherMortgagePiti: "Other mortgages with taxes and insurance.",
        RealEstateTax: "Property tax.",
        Rent: "Rent.",
        SupplementalPropertyInsurance: "Supplemental property insurance.",
        Telephone: "Telephone.",
        Utilities: "Utilities.",
    }
}

/// A part of the monthly cost of housing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HousingExpense {
    /// Which part.
    pub kind: Option<HousingExpenseKind>,
    /// What a part of no listed kind is.
    pub description: Option<String>,
    /// Before or after.
    pub time: Option<HousingExpenseTime>,
    /// Amount a month.
    #[serde(with = "cents_opt")]
    pub monthly_cents: Option<Cents>,
    /// Whose present expense it is; `None` for the loan's own.
    pub borrower: Option<usize>,
}
