//! A loan in a lender's pipeline: its life, its statuses, how it is searched and listed.

use lintel_engine::money::Cents;

use crate::application::property::PropertyType;
use crate::id::{DAY_SECONDS, Instant, PublicId, RowId};
use crate::words::words;

words! {
    /// Whether a loan is still being worked on, and if not, how it ended.
    Lifecycle {
        /// Being worked on.
        Active = "active",
        /// Put away by the lender.
        Archived = "archived",
        /// Taken back by the borrower.
        Withdrawn = "withdrawn",
        /// Refused by the lender.
        Declined = "declined",
        /// Called off.
        Cancelled = "cancelled",
        /// Paid out.
        Funded = "funded",
    }
}

impl Lifecycle {
    /// Active means: none of the ends was reached.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Reads the end of a loan's life out of a status a sender wrote, case ignored; every other
    /// status means the loan is active.
    #[must_use]
    pub fn from_status_text(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "archived" => Self::Archived,
            "withdrawn" => Self::Withdrawn,
            "declined" | "denied" => Self::Declined,
            "cancelled" | "canceled" => Self::Cancelled,
            "funded" => Self::Funded,
            _ => Self::Active,
        }
    }
}

/// Status of a loan as one party sees it: a stage and a step within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The stage, such as "Start Application".
    pub main: String,
    /// The step, such as "Signed Up".
    pub sub: String,
}

/// The status of a loan that arrived without one.
#[must_use]
pub fn initial_status() -> Status {
    Status {
        main: "Start Application".to_owned(),
        sub: "Signed Up".to_owned(),
    }
}

words! {
    /// Purpose as the pipeline lists it; the document keeps the finer refinance kinds.
    Purpose {
        /// Buying the property.
        Purchase = "purchase",
        /// Replacing a loan without taking cash out.
        Refinance = "refinance",
        /// Replacing a loan and taking cash out.
        RefinanceCashOut = "refinance_cash_out",
    }
}

words! {
    /// The programme a loan is made under.
    Program {
        /// Not insured or guaranteed by an agency.
        Conventional = "conventional",
        /// Insured by the Federal Housing Administration.
        Fha = "fha",
        /// Guaranteed by the Department of Veterans Affairs.
        Va = "va",
        /// Guaranteed by USDA Rural Development.
        Usda = "usda",
        /// Any other programme; the document has its name.
        Other = "other",
    }
}

words! {
    /// How the borrower will use the property.
    Occupancy {
        /// Lives there.
        PrimaryResidence = "primary_residence",
        /// Stays there at times.
        SecondHome = "second_home",
        /// Lets it.
        Investor = "investor",
    }
}

/// A loan officer as the document or the staff list names one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfficerName {
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Public id, when the person is one of the organisation's own.
    pub public_id: Option<PublicId>,
}

/// One line of the pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanLine {
    /// Row id.
    pub id: RowId,
    /// The id partners see.
    pub public_id: PublicId,
    /// When the loan arrived.
    pub created_at: Instant,
    /// When its status last changed.
    pub status_at: Instant,
    /// Status by the system's own list.
    pub system_status: Status,
    /// Status as the lender's staff see it.
    pub lender_status: Status,
    /// Status as the borrower sees it.
    pub borrower_status: Status,
    /// When it closes, once that is known.
    pub closing_at: Option<Instant>,
    /// Purpose.
    pub purpose: Purpose,
    /// Programme.
    pub program: Program,
    /// Occupancy, when the application states it.
    pub occupancy: Option<Occupancy>,
    /// Kind of property.
    pub property_type: Option<PropertyType>,
    /// Price, or value on a refinance.
    pub home_price: Option<Cents>,
    /// Amount before financed premiums.
    pub loan_amount: Cents,
    /// Monthly income of all borrowers.
    pub monthly_income: Cents,
    /// Unpaid balances that count.
    pub liabilities: Cents,
    /// Subject property.
    pub property: PropertyAddress,
    /// Loan officer.
    pub officer: OfficerName,
}

/// Where the subject property is; parts may be unknown before a house is found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PropertyAddress {
    /// Street and number.
    pub street: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Two-letter state.
    pub state: Option<String>,
    /// Five-digit ZIP code.
    pub postal_code: Option<String>,
}

/// A borrower as the pipeline shows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BorrowerLine {
    /// Whose loan.
    pub loan_id: RowId,
    /// Given name.
    pub first_name: String,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Family name.
    pub last_name: String,
    /// Mail address.
    pub email: Option<String>,
    /// Single sign-on id of the borrower's account, once there is one.
    pub sso_id: Option<String>,
    /// Whether this is the primary borrower.
    pub is_primary: bool,
}

/// Who opened a loan, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanView {
    /// Whose loan.
    pub loan_id: RowId,
    /// Display name of the viewer.
    pub name: String,
    /// Public id of the viewer.
    pub user_id: PublicId,
    /// When.
    pub at: Instant,
}

/// Most loans one page holds.
pub const PAGE_LIMIT: u32 = 1000;

/// What part of the pipeline to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanQuery {
    /// Active loans, or those whose life ended.
    pub is_active: bool,
    /// Loans that arrived at or after this instant.
    pub created_from: Option<Instant>,
    /// Loans that arrived before this instant.
    pub created_before: Option<Instant>,
    /// Loans a person takes part in, by public id: the loan officer, as borrowers have no accounts yet.
    pub participant_id: Option<PublicId>,
    /// Loans a person takes part in: officer or borrower, by mail address (any case).
    pub participant_email: Option<String>,
    /// Ends of life to keep, each with the age in days it may have at most. Empty keeps all.
    /// Only looked at for loans that are not active.
    pub ended: Vec<(Lifecycle, u32)>,
    /// Two-letter state of the subject property.
    pub property_state: Option<String>,
    /// The wholesale lender a loan is under.
    pub wholesale_lender: Option<PublicId>,
    /// Loan officer by public id.
    pub officer_id: Option<PublicId>,
    /// Loan officer by id in the loan origination system.
    pub officer_los_id: Option<String>,
    /// Loans changed at or after this instant.
    pub modified_from: Option<Instant>,
    /// Newest first, or oldest first.
    pub newest_first: bool,
    /// Rows to return, 1 to [`PAGE_LIMIT`].
    pub limit: u32,
    /// Rows to skip.
    pub offset: u64,
    /// Whether borrowers are wanted.
    pub with_borrowers: bool,
    /// Whether views are wanted.
    pub with_views: bool,
}

impl LoanQuery {
    /// Every loan of one activity, newest first, one full page, nothing added.
    #[must_use]
    pub const fn all(is_active: bool) -> Self {
        Self {
            is_active,
            created_from: None,
            created_before: None,
            participant_id: None,
            participant_email: None,
            ended: Vec::new(),
            property_state: None,
            wholesale_lender: None,
            officer_id: None,
            officer_los_id: None,
            modified_from: None,
            newest_first: true,
            limit: PAGE_LIMIT,
            offset: 0,
            with_borrowers: false,
            with_views: false,
        }
    }
}

/// The earliest status instant a loan may have to be at most `days` old.
#[must_use]
pub fn oldest_status(now: Instant, days: u32) -> Instant {
    now.plus_seconds(-DAY_SECONDS.saturating_mul(i64::from(days)))
}

/// One page of the pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanPage {
    /// How many loans match, on all pages.
    pub total_count: u64,
    /// This page.
    pub loans: Vec<LoanLine>,
    /// Borrowers of this page's loans, in the order of the application.
    pub borrowers: Vec<BorrowerLine>,
    /// Views of this page's loans, oldest first.
    pub views: Vec<LoanView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_ends_make_a_loan_inactive() {
        assert_eq!(
            Lifecycle::from_status_text(" Withdrawn "),
            Lifecycle::Withdrawn
        );
        assert_eq!(
            Lifecycle::from_status_text("CANCELED"),
            Lifecycle::Cancelled
        );
        assert_eq!(
            Lifecycle::from_status_text("Start Application"),
            Lifecycle::Active
        );
        let active: Vec<_> = Lifecycle::ALL.iter().filter(|l| l.is_active()).collect();
        assert_eq!(active, [&Lifecycle::Active]);
    }
}
