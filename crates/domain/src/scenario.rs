//! Words of a loan search: what a price, an eligibility rule or a fee may depend on.

use crate::words::words;

words! {
    /// Kind of the subject property, as pricing distinguishes it.
    PropertyKind {
        /// Detached house for one family.
        SingleFamily = "single_family",
        /// House in a row.
        Townhouse = "townhouse",
        /// Two to four units, not said how many.
        TwoToFourUnits = "two_to_four_units",
        /// Two units.
        Duplex = "duplex",
        /// Three units.
        Triplex = "triplex",
        /// Four units.
        Quadplex = "quadplex",
        /// Condominium.
        Condominium = "condominium",
        /// Condominium in a high-rise building.
        HighRiseCondominium = "high_rise_condominium",
        /// Detached condominium.
        DetachedCondominium = "detached_condominium",
        /// Site condominium.
        SiteCondominium = "site_condominium",
        /// Cooperative apartment.
        Cooperative = "cooperative",
        /// Planned unit development.
        Pud = "pud",
        /// Manufactured home.
        Manufactured = "manufactured",
        /// Land without a building.
        Land = "land",
    }
}

impl PropertyKind {
    /// The number of units the word itself implies; none when it does not say.
    #[must_use]
    pub const fn implied_units(self) -> Option<u32> {
        match self {
            Self::Duplex => Some(2),
            Self::Triplex => Some(3),
            Self::Quadplex => Some(4),
            Self::TwoToFourUnits => None,
            Self::SingleFamily
            | Self::Townhouse
            | Self::Condominium
            | Self::HighRiseCondominium
            | Self::DetachedCondominium
            | Self::SiteCondominium
            | Self::Cooperative
            | Self::Pud
            | Self::Manufactured
            | Self::Land => Some(1),
        }
    }
}

words! {
    /// How the borrower earns a living.
    Employment {
        /// No work.
        NotEmployed = "not_employed",
        /// Full time.
        FullTime = "full_time",
        /// Part time.
        PartTime = "part_time",
        /// Own business.
        SelfEmployed = "self_employed",
        /// Keeps the house.
        Homemaker = "homemaker",
        /// In education.
        Student = "student",
        /// Retired.
        Retired = "retired",
    }
}

words! {
    /// How a loan amount stands to the conforming limits of its county (12 USC 1454, 1717).
    LimitClass {
        /// At most the national baseline.
        Conforming = "conforming",
        /// Above the baseline, at most the limit of the county.
        HighBalance = "high_balance",
        /// Above the limit of the county.
        AboveLimit = "above_limit",
    }
}

words! {
    /// Yes-or-no facts of a search.
    Flag {
        /// No borrower owned a home in the last three years.
        FirstTimeBuyer = "first_time_buyer",
        /// Taxes and insurance are not collected with the payment.
        EscrowWaived = "escrow_waived",
        /// Streamline refinance.
        Streamline = "streamline",
        /// Bought and sold within a short time.
        Flip = "flip",
        /// A bankruptcy in the past.
        Bankruptcy = "bankruptcy",
        /// A foreclosure in the past.
        Foreclosure = "foreclosure",
        /// There is a second lien.
        SecondFinancing = "second_financing",
        /// Cash-out to pay student loans.
        StudentLoanCashout = "student_loan_cashout",
        /// Texas home equity loan, Section 50(a)(6).
        Texas50a6 = "texas_50a6",
        /// The loan that is replaced is a Texas home equity loan.
        PriorTexas50a6 = "prior_texas_50a6",
        /// Up-front premium or fee of the programme is added to the loan.
        FinancesUpfrontFee = "finances_upfront_fee",
    }
}
