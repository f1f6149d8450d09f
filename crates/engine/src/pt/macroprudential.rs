//! The macroprudential limits of Banco de Portugal on new credit to consumers: loan to value (LTV),
//! debt service to income under a rate shock (DSTI), and maturity by age.
//!
//! Source: Banco de Portugal, Recommendation of 2018 on new credit agreements with consumers
//! (effective 2018-07-01), as amended from 2022-04-01 (maturity) and 2023-10-16 (shock). "Comply or
//! explain": a loan outside a limit is reported, not refused.

mod assess;

use crate::bands::Band;
use crate::error::{EngineError, Problem};
use crate::rate::Pct;
use crate::schedule::MAX_TERM_MONTHS;

pub use assess::{
    Application, Assessment, Borrower, LimitCheck, LimitKind, Measure, StressedRate, assess,
    assess_with_utilisation,
};

/// What the credit is for, as loan to value is limited by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LtvPurpose {
    /// The borrower's own permanent home.
    OwnPermanentHome,
    /// Any other purpose.
    Other,
    /// Property held by the lender, and property leasing.
    HeldByLender,
}

impl LtvPurpose {
    /// Every purpose.
    pub const ALL: &'static [Self] = &[Self::OwnPermanentHome, Self::Other, Self::HeldByLender];

    /// The name used in inputs and data files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnPermanentHome => "own_permanent_home",
            Self::Other => "other",
            Self::HeldByLender => "held_by_lender",
        }
    }

    /// Reads a purpose by name.
    ///
    /// # Errors
    /// Field `purpose` when the text is no name.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        Self::ALL
            .iter()
            .copied()
            .find(|purpose| purpose.name() == text)
            .ok_or(EngineError::new("purpose", Problem::UnknownName))
    }
}

/// The rise of the rate assumed for a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShockBand {
    /// Months of the term.
    pub term_months: Band<u32>,
    /// Percentage points.
    pub points: Pct,
}

/// The longest maturity for an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaturityBand {
    /// Completed years of the oldest borrower.
    pub age_years: Band<u32>,
    /// Years.
    pub max_years: u32,
}

/// How much of a lender's new volume may lie above the debt-service limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DstiException {
    /// Share of the volume of new credit in a year.
    pub share_of_volume: Pct,
    /// Highest debt service to income for that share; none for no limit.
    pub up_to: Option<Pct>,
}

/// The limits of one edition of the recommendation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroprudentialLimits {
    /// Loan to value for own permanent homes.
    pub ltv_own_permanent_home: Pct,
    /// Loan to value for other purposes.
    pub ltv_other: Pct,
    /// Loan to value for property held by the lender, and leasing.
    pub ltv_held_by_lender: Pct,
    /// Debt service to income under the shock.
    pub dsti: Pct,
    /// Exceptions by volume, for the lender's own account.
    pub dsti_exceptions: Vec<DstiException>,
    /// Rate shocks of variable rates, and of mixed ones after the fixed period.
    pub shocks: Vec<ShockBand>,
    /// Completed years of age at maturity above which income is reduced.
    pub haircut_above_age: u32,
    /// Reduction of that income.
    pub income_haircut: Pct,
    /// Longest maturities.
    pub maturities: Vec<MaturityBand>,
    /// Years the average maturity of a lender's new home loans may have.
    pub average_maturity_years: u32,
}

impl MacroprudentialLimits {
    /// Highest loan to value for a purpose.
    #[must_use]
    pub const fn ltv(&self, purpose: LtvPurpose) -> Pct {
        match purpose {
            LtvPurpose::OwnPermanentHome => self.ltv_own_permanent_home,
            LtvPurpose::Other => self.ltv_other,
            LtvPurpose::HeldByLender => self.ltv_held_by_lender,
        }
    }

    /// Rise of the rate, percentage points, for a variable rate over `term_months`.
    ///
    /// # Errors
    /// `term_months` outside 1 to [`MAX_TERM_MONTHS`], or no band for it.
    pub fn rate_shock(&self, term_months: u32) -> Result<Pct, EngineError> {
        if term_months == 0 || term_months > MAX_TERM_MONTHS {
            let max = i64::from(MAX_TERM_MONTHS);
            let problem = Problem::OutOfRange { min: 1, max };
            return Err(EngineError::new("term_months", problem));
        }
        self.shocks
            .iter()
            .find(|band| band.term_months.contains(term_months))
            .map(|band| band.points)
            .ok_or(EngineError::new(
                "term_months",
                Problem::Inconsistent("has no rate shock in the table"),
            ))
    }

    /// Longest maturity in years for the completed years of the oldest borrower.
    ///
    /// # Errors
    /// `oldest_borrower_age` outside 18 to 120, or no band for it.
    pub fn max_maturity_years(&self, oldest_borrower_age: u32) -> Result<u32, EngineError> {
        if !(18..=120).contains(&oldest_borrower_age) {
            let problem = Problem::OutOfRange { min: 18, max: 120 };
            return Err(EngineError::new("oldest_borrower_age", problem));
        }
        self.maturities
            .iter()
            .find(|band| band.age_years.contains(oldest_borrower_age))
            .map(|band| band.max_years)
            .ok_or(EngineError::new(
                "oldest_borrower_age",
                Problem::Inconsistent("has no maturity in the table"),
            ))
    }
}

#[cfg(test)]
mod tests;
