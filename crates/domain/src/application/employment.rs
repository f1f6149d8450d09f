//! Employments and income.

use lintel_engine::money::Cents;
use serde::{Deserialize, Serialize};

use super::choice::{closed_list, open_list};
use super::codec::cents_opt;
use super::partial_date::PartialDate;
use super::party::PersonName;
use super::place::Address;

closed_list! {
    /// Whether the borrower still works there.
    EmploymentTime {
        Current: "Still works there.",
        Previous: "Worked there before.",
    }
}

open_list! {
    /// Whether it is the main job.
    EmploymentRank {
        Primary: "The main job.",
        Secondary: "A job beside it.",
    }
}

open_list! {
    /// Share of the business a self-employed borrower owns; 25 percent decides the documents asked.
    OwnershipShare {
        AtLeast25Percent: "A quarter or more.",
        LessThan25Percent: "Less than a quarter.",
    }
}

/// A present or former employment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Employment {
    /// Employer, a company or a person.
    pub employer_name: Option<String>,
    /// The name of a person who is the employer, in its parts.
    pub employer_person: Option<PersonName>,
    /// Employer's telephone.
    pub employer_phone: Option<String>,
    /// Employer's address.
    pub address: Address,
    /// Now or before.
    pub time: Option<EmploymentTime>,
    /// Main job or not.
    pub rank: Option<EmploymentRank>,
    /// First day, as far as known.
    pub start: Option<PartialDate>,
    /// Last day, as far as known.
    pub end: Option<PartialDate>,
    /// Position or title.
    pub position: Option<String>,
    /// Months in this line of work.
    pub line_of_work_months: Option<u32>,
    /// Owns the business.
    pub is_self_employed: Option<bool>,
    /// Share owned.
    pub ownership: Option<OwnershipShare>,
    /// Monthly income or (negative) loss stated with the employment; counts as income only for a
    /// business the borrower still has, because elsewhere the items repeat it.
    #[serde(with = "cents_opt")]
    pub monthly_income_cents: Option<Cents>,
    /// Employed by family, seller, agent or another party to the transaction.
    pub is_employed_by_party: Option<bool>,
    /// Paid from abroad.
    pub is_foreign_income: Option<bool>,
    /// Paid for part of the year.
    pub is_seasonal_income: Option<bool>,
}

/// Where an employment is: a borrower and a place in that borrower's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmploymentRef {
    /// Index into the application's borrowers; as a rule the owner of the income.
    pub borrower: usize,
    /// Index into that borrower's employments.
    pub employment: usize,
}

/// A monthly income.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IncomeItem {
    /// Kind of income.
    pub kind: Option<IncomeKind>,
    /// What an income of no listed kind is.
    pub description: Option<String>,
    /// Amount a month; may be negative.
    #[serde(with = "cents_opt")]
    pub monthly_cents: Option<Cents>,
    /// Comes from an employment.
    pub is_from_employment: Option<bool>,
    /// Which employment, when the document links it.
    pub employment: Option<EmploymentRef>,
}

open_list! {
    /// Kinds of income.
    IncomeKind {
        AccessoryUnit: "Rent of an accessory unit.",
        Alimony: "Alimony received.",
        AutomobileAllowance: "Car allowance.",
        Base: "Base pay.",
        Boarder: "Rent of a boarder.",
        Bonus: "Bonuses.",
        EstimatedTotal: "The borrower's own estimate of the whole.",
        CapitalGains: "Capital gains.",
        ChildSupport: "Child support received.",
        Commissions: "Commissions.",
        ContractBasis: "Pay under a contract.",
        DefinedContributionPlan: "Draws on a defined contribution plan.",
        Disability: "Disability benefit.",
        DividendsInterest: "Dividends and interest.",
        EmploymentRelatedAccount: "Draws on assets earned by employment.",
        FosterCare: "Foster care payments.",
        HousingAllowance: "Housing or parsonage allowance.",
        HousingChoiceVoucher: "Housing choice voucher.",
        MilitaryBasePay: "Military base pay.",
        MilitaryClothesAllowance: "Military clothes allowance.",
        MilitaryCombatPay: "Military combat pay.",
        MilitaryFlightPay: "Military flight pay.",
        MilitaryHazardPay: "Military hazard pay.",
        MilitaryOverseasPay: "Military overseas pay.",
        MilitaryPropPay: "Military proficiency pay.",
        MilitaryQuartersAllowance: "Military quarters allowance.",
        MilitaryRationsAllowance: "Military rations allowance.",
        MilitaryVariableHousingAllowance: "Military housing allowance by place.",
        Miscellaneous: "Various.",
        MortgageCreditCertificate: "Tax credit for mortgage interest.",
        MortgageDifferential: "Employer's payment for a higher rate after a move.",
        NetRental: "Rent after expenses.",
        NonBorrowerContribution: "Contribution of somebody who does not borrow.",
        NonBorrowerHousehold: "Income of a household member who does not borrow.",
        NotesReceivable: "Instalments on notes receivable.",
        Overtime: "Overtime pay.",
        Pension: "Pension.",
        ProposedSubjectGrossRent: "Expected gross rent of the subject property.",
        PublicAssistance: "Public assistance.",
        OwnedRealEstateGrossRent: "Gross rent of real estate owned.",
        Royalties: "Royalties.",
        SelfEmployment: "Profit of the borrower's own business.",
        SelfEmploymentLoss: "Loss of the borrower's own business.",
        SeparateMaintenance: "Separate maintenance received.",
        SocialSecurity: "Social security benefit.",
        SubjectNetCashFlow: "Net cash flow of the subject property.",
        TemporaryLeave: "Pay during temporary leave.",
        Tips: "Tips.",
        TrailingCoBorrower: "Expected income of a co-borrower who moves along.",
        Trust: "Trust income.",
        Unemployment: "Unemployment benefit.",
        VaBenefits: "Veterans' benefits other than for education.",
        WorkersCompensation: "Workers' compensation.",
    }
}
