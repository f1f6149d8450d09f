//! Assets, real estate owned, liabilities and expenses, each with its owners.

use lintel_engine::money::Cents;
use serde::{Deserialize, Serialize};

use super::choice::open_list;
use super::codec::cents_opt;
use super::place::Address;
use super::property::Usage;
use super::sensitive::Sensitive;
use super::terms::Program;

/// Money or a thing of value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Asset {
    /// Kind of asset.
    pub kind: Option<AssetKind>,
    /// What an asset of no listed kind is.
    pub description: Option<String>,
    /// Cash or market value.
    #[serde(with = "cents_opt")]
    pub value_cents: Option<Cents>,
    /// Account number.
    pub account: Option<Sensitive<String>>,
    /// Bank or other holder.
    pub holder: Option<String>,
    /// The sender's word for who gives the money; of gifts and grants.
    pub funds_source: Option<String>,
    /// A gift that already lies in a listed account and must not be counted twice.
    pub is_in_listed_account: Option<bool>,
    /// Owners: indexes into the application's borrowers, ascending; more than one means joint.
    pub owners: Vec<usize>,
}

open_list! {
    /// Kinds of assets, real estate apart.
    AssetKind {
        Annuity: "Annuity.",
        Automobile: "Car.",
        Boat: "Boat.",
        Bond: "Bond.",
        EstimatedTotal: "The borrower's own estimate of the whole.",
        PrimaryHome: "The borrower's present home, as one sum.",
        BridgeLoan: "Bridge loan not yet paid in.",
        CashOnHand: "Cash.",
        CertificateOfDeposit: "Certificate or time deposit.",
        CheckingAccount: "Checking account.",
        EarnestMoney: "Deposit paid toward the purchase.",
        EmployerAssistance: "Help from the employer.",
        GiftOfCash: "Cash gift.",
        GiftOfEquity: "Gift of equity in the property.",
        GiftsTotal: "All gifts in one sum.",
        Grant: "Grant.",
        IndividualDevelopmentAccount: "Matched savings account.",
        LifeInsurance: "Cash value of life insurance.",
        MoneyMarketFund: "Money market fund.",
        MutualFund: "Mutual fund.",
        BusinessNetWorth: "Net worth of a business.",
        PendingRealEstateProceeds: "Proceeds of real estate about to be sold.",
        NonRealEstateProceeds: "Proceeds of something else sold.",
        SecuredLoanProceeds: "Proceeds of a secured loan.",
        UnsecuredLoanProceeds: "Proceeds of an unsecured loan.",
        RealEstateOwned: "Real estate listed without its details.",
        RecreationalVehicle: "Recreational vehicle.",
        RelocationMoney: "Relocation money.",
        RetirementFund: "Retirement fund.",
        OtherAssetSale: "Sale of other assets.",
        SavingsAccount: "Savings account.",
        SavingsBond: "Savings bond.",
        SeverancePackage: "Severance package.",
        Stock: "Stock.",
        StockOptions: "Stock options.",
        TrustAccount: "Trust account.",
    }
}

open_list! {
    /// What happens to real estate owned.
    Disposition {
        PendingSale: "About to be sold.",
        Retain: "Kept.",
        Sold: "Already sold.",
    }
}

/// Real estate a borrower owns now; the subject property among them on a refinance.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnedProperty {
    /// Where it is.
    pub address: Address,
    /// It is the subject property.
    pub is_subject: Option<bool>,
    /// What happens to it.
    pub disposition: Option<Disposition>,
    /// Estimated value.
    #[serde(with = "cents_opt")]
    pub value_cents: Option<Cents>,
    /// Whether the value was stated for the asset as a whole rather than for the property.
    pub is_value_listed: bool,
    /// Unpaid balance of its liens, as stated with the property.
    #[serde(with = "cents_opt")]
    pub lien_balance_cents: Option<Cents>,
    /// Taxes, insurance, dues a month, apart from mortgage payments.
    #[serde(with = "cents_opt")]
    pub maintenance_cents: Option<Cents>,
    /// Gross rent a month.
    #[serde(with = "cents_opt")]
    pub gross_rent_cents: Option<Cents>,
    /// Rent after expenses a month; may be negative.
    #[serde(with = "cents_opt")]
    pub net_rent_cents: Option<Cents>,
    /// How it is used now.
    pub current_usage: Option<Usage>,
    /// How it will be used.
    pub intended_usage: Option<Usage>,
    /// Debts secured by it: indexes into the application's liabilities, ascending.
    pub liabilities: Vec<usize>,
    /// Owners: indexes into the application's borrowers, ascending.
    pub owners: Vec<usize>,
}

/// A debt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Liability {
    /// Kind of debt.
    pub kind: Option<LiabilityKind>,
    /// What a debt of no listed kind is.
    pub description: Option<String>,
    /// Account number.
    pub account: Option<Sensitive<String>>,
    /// Creditor.
    pub holder: Option<String>,
    /// Payment a month.
    #[serde(with = "cents_opt")]
    pub monthly_payment_cents: Option<Cents>,
    /// Balance still owed.
    #[serde(with = "cents_opt")]
    pub balance_cents: Option<Cents>,
    /// Limit of a credit line.
    #[serde(with = "cents_opt")]
    pub credit_limit_cents: Option<Cents>,
    /// Payments left, in months.
    pub remaining_months: Option<u32>,
    /// Paid off at or before closing.
    pub is_paid_off: Option<bool>,
    /// Left out of the ratios, for instance because somebody else pays it.
    pub is_excluded: Option<bool>,
    /// The payment contains taxes and insurance.
    pub includes_escrow: Option<bool>,
    /// Programme of a mortgage.
    pub mortgage_program: Option<Program>,
    /// Owners: indexes into the application's borrowers, ascending; more than one means joint.
    pub owners: Vec<usize>,
}

open_list! {
    /// Kinds of debts.
    LiabilityKind {
        EstimatedMonthlyTotal: "The borrower's own estimate of all payments.",
        CollectionsJudgmentsAndLiens: "Collections, judgments and liens.",
        DeferredStudentLoan: "Student loan whose payments have not begun.",
        DelinquentTaxes: "Overdue taxes.",
        FirstPositionMortgage: "First mortgage.",
        Garnishments: "Garnishments.",
        Heloc: "Home equity line of credit.",
        AssociationLien: "Lien of a homeowners' association.",
        Installment: "Instalment debt.",
        LeasePayment: "Lease.",
        MonetaryJudgment: "Judgment for money.",
        MortgageLoan: "Mortgage.",
        Open30DayCharge: "Charge account paid in full every month.",
        PersonalLoan: "Personal loan.",
        Revolving: "Revolving credit.",
        SecondPositionMortgage: "Second mortgage.",
        Taxes: "Taxes.",
        TaxLien: "Tax lien.",
        ThirdPositionMortgage: "Third mortgage.",
        UnsecuredImprovementInstallment: "Unsecured home improvement loan in instalments.",
        UnsecuredImprovementRevolving: "Unsecured revolving home improvement loan.",
    }
}

/// A regular obligation that is not a debt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Expense {
    /// Kind of expense.
    pub kind: Option<ExpenseKind>,
    /// What an expense of no listed kind is.
    pub description: Option<String>,
    /// Payment a month.
    #[serde(with = "cents_opt")]
    pub monthly_payment_cents: Option<Cents>,
    /// Payments left, in months.
    pub remaining_months: Option<u32>,
    /// Who pays: indexes into the application's borrowers, ascending.
    pub owners: Vec<usize>,
}

open_list! {
    /// Kinds of expenses.
    ExpenseKind {
        Alimony: "Alimony paid.",
        CarMaintenance: "Car.",
        CharitableContributions: "Charity.",
        ChildCare: "Child care.",
        ChildSupport: "Child support paid.",
        Clothing: "Clothing.",
        DryCleaning: "Dry cleaning.",
        Entertainment: "Entertainment.",
        GroceryToiletry: "Groceries.",
        HealthInsurance: "Health insurance.",
        JobRelated: "Costs of the job.",
        Medical: "Medical costs.",
        MiscellaneousLiving: "Various costs of living.",
        NetRental: "Loss on a rented property.",
        PayrollInsurance: "Insurance deducted from pay.",
        PayrollMiscellaneous: "Various deductions from pay.",
        PayrollProfitSharing: "Profit sharing deducted from pay.",
        PayrollRetirement: "Retirement saving deducted from pay.",
        PayrollTax: "Tax deducted from pay.",
        SeparateMaintenance: "Separate maintenance paid.",
        UnionDues: "Union dues.",
    }
}
