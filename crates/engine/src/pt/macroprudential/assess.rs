//! One application against every limit.

use super::{LtvPurpose, MacroprudentialLimits};
use crate::date::Date;
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::pt::age_on;
use crate::pt::loan::{Loan, instalment};
use crate::pt::stamp_duty::positive;
use crate::rate::Pct;
use crate::schedule::RateStep;

/// A person who will owe the loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Borrower {
    /// Day of birth.
    pub birth_date: Date,
    /// Income a month, after tax and social-security contributions.
    pub monthly_net_income: Cents,
    /// Instalments a month of the person's other credit.
    pub other_instalments: Cents,
    /// Retired already: income is not reduced for age.
    pub retired: bool,
}

/// The rates the instalment is stressed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StressedRate {
    /// Fixed for the whole term: no shock.
    Fixed {
        /// TAN.
        tan: Pct,
    },
    /// Index plus spread from the start: the shock is added for the whole term.
    Variable {
        /// TAN at the contract.
        tan: Pct,
    },
    /// Fixed, then index plus spread: the shock is added after the fixed period.
    Mixed {
        /// TAN of the fixed period.
        fixed_tan: Pct,
        /// Months of the fixed period.
        fixed_months: u32,
        /// Index plus spread at the contract.
        variable_tan: Pct,
    },
}

/// A loan somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Day of the contract.
    pub date: Date,
    /// What the loan is for.
    pub purpose: LtvPurpose,
    /// Amount.
    pub loan: Cents,
    /// Price of the property.
    pub price: Cents,
    /// Valuation of the property.
    pub valuation: Cents,
    /// Months to maturity.
    pub term_months: u32,
    /// Rates.
    pub rate: StressedRate,
    /// Everybody who will owe it.
    pub borrowers: Vec<Borrower>,
}

/// Which limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitKind {
    /// Loan to value.
    Ltv,
    /// Debt service to income.
    Dsti,
    /// Maturity by the oldest borrower's age.
    Maturity,
}

impl LimitKind {
    /// A short name for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ltv => "ltv",
            Self::Dsti => "dsti",
            Self::Maturity => "maturity",
        }
    }

    /// Where the limit is written.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Ltv => "Banco de Portugal, macroprudential Recommendation (2018): LTV",
            Self::Dsti => {
                "Banco de Portugal, macroprudential Recommendation (2018), Instrução 23/2023: DSTI"
            }
            Self::Maturity => {
                "Banco de Portugal, macroprudential Recommendation (2018, amended 2022): maturity"
            }
        }
    }
}

/// A value of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A ratio, rounded up at the ninth digit so that nothing above a limit shows as equal to it.
    Percent(Pct),
    /// Months.
    Months(u32),
}

/// One limit and how the application stands to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitCheck {
    /// Which limit.
    pub kind: LimitKind,
    /// Value of the application.
    pub value: Measure,
    /// The limit.
    pub limit: Measure,
    /// True when the value is not above the limit.
    pub within: bool,
}

/// The outcome of every limit and the figures behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Loan to value, debt service to income and maturity, in this order.
    pub checks: [LimitCheck; 3],
    /// Percentage points added to a variable rate; zero for a fixed one.
    pub shock: Pct,
    /// Highest instalment under the shock.
    pub stressed_instalment: Cents,
    /// Instalments of other credit.
    pub other_instalments: Cents,
    /// Income after the reductions for age.
    pub counted_income: Cents,
    /// Completed years of the oldest borrower at the contract.
    pub oldest_age: u32,
}

impl Assessment {
    /// True when every limit is kept.
    #[must_use]
    pub fn within(&self) -> bool {
        self.checks.iter().all(|check| check.within)
    }
}

/// Most borrowers of one loan.
const MAX_BORROWERS: usize = 20;

/// Measures an application by every limit. Ages are completed years; the reduction of income asks for
/// the completed years on the day of maturity.
///
/// # Errors
/// `loan`, `price`, `valuation` not positive; a negative income or instalment; `borrowers` none or more
/// than twenty; `birth_date` after the contract; `monthly_net_income` of nothing altogether; rates and
/// terms as [`Loan::try_new`]; an age or term without a band.
pub fn assess(
    limits: &MacroprudentialLimits,
    application: &Application,
) -> Result<Assessment, EngineError> {
    assess_with_utilisation(limits, application, 0)
}

/// As [`assess`], for a loan whose first months pay only interest: the instalment that is stressed is
/// the higher one of the months that remain.
///
/// # Errors
/// As [`assess`]; field `utilisation_months` when not below the term.
pub fn assess_with_utilisation(
    limits: &MacroprudentialLimits,
    application: &Application,
    utilisation_months: u32,
) -> Result<Assessment, EngineError> {
    positive("loan", application.loan)?;
    positive("price", application.price)?;
    positive("valuation", application.valuation)?;
    check_borrowers(&application.borrowers)?;
    let ages = application
        .borrowers
        .iter()
        .map(|borrower| age_on(borrower.birth_date, application.date))
        .collect::<Result<Vec<_>, _>>()?;
    let oldest_age = ages.into_iter().max().unwrap_or_default();
    let shock = match application.rate {
        StressedRate::Fixed { .. } => Pct::ZERO,
        StressedRate::Variable { .. } | StressedRate::Mixed { .. } => {
            limits.rate_shock(application.term_months)?
        }
    };
    let stressed_instalment = stressed(application, shock, utilisation_months)?;
    let counted_income = counted_income(limits, application)?;
    let other_instalments = sum(application.borrowers.iter().map(|b| b.other_instalments))?;
    let service = stressed_instalment
        .checked_add(other_instalments)
        .ok_or(EngineError::too_large("other_instalments"))?;
    let max_years = limits.max_maturity_years(oldest_age)?;
    let base = application.price.min(application.valuation);
    let ltv = ratio(application.loan, base, "loan")?;
    let dsti = ratio(service, counted_income, "monthly_net_income")?;
    Ok(Assessment {
        checks: [
            percent_check(LimitKind::Ltv, ltv, limits.ltv(application.purpose)),
            percent_check(LimitKind::Dsti, dsti, limits.dsti),
            maturity_check(application.term_months, max_years),
        ],
        shock,
        stressed_instalment,
        other_instalments,
        counted_income,
        oldest_age,
    })
}

fn check_borrowers(borrowers: &[Borrower]) -> Result<(), EngineError> {
    if borrowers.is_empty() {
        return Err(EngineError::new("borrowers", Problem::Empty));
    }
    if borrowers.len() > MAX_BORROWERS {
        let problem = Problem::TooMany { limit: 20 };
        return Err(EngineError::new("borrowers", problem));
    }
    for borrower in borrowers {
        for (field, amount) in [
            ("monthly_net_income", borrower.monthly_net_income),
            ("other_instalments", borrower.other_instalments),
        ] {
            if amount.is_negative() {
                return Err(EngineError::new(field, Problem::MustNotBeNegative));
            }
        }
    }
    Ok(())
}

/// Highest instalment of the loan under the shock. A mixed loan is stressed from the end of its fixed
/// period, on the capital then owed; its fixed instalment counts when it is higher.
fn stressed(
    application: &Application,
    shock: Pct,
    utilisation_months: u32,
) -> Result<Cents, EngineError> {
    let (loan, months) = (application.loan, application.term_months);
    if utilisation_months >= months {
        let max = i64::from(months.saturating_sub(1));
        let problem = Problem::OutOfRange { min: 0, max };
        return Err(EngineError::new("utilisation_months", problem));
    }
    let repaying = months.saturating_sub(utilisation_months);
    let raised = |tan: Pct| tan.checked_add(shock).ok_or(EngineError::too_large("rate"));
    match application.rate {
        StressedRate::Fixed { tan } => instalment(loan, tan, repaying),
        StressedRate::Variable { tan } => instalment(loan, raised(tan)?, repaying),
        StressedRate::Mixed {
            fixed_tan,
            fixed_months,
            variable_tan,
        } => {
            let max = i64::from(months.saturating_sub(1));
            let problem = Problem::OutOfRange { min: 1, max };
            if fixed_months == 0 || fixed_months >= months {
                return Err(EngineError::new("fixed_months", problem));
            }
            let step = |rate, months| RateStep { rate, months };
            let path = [
                step(fixed_tan, fixed_months),
                step(raised(variable_tan)?, months.saturating_sub(fixed_months)),
            ];
            let schedule = Loan::try_new(loan, &path)?
                .utilisation(utilisation_months, &[])?
                .schedule()?;
            let in_force = |number: u32| {
                let index = usize::try_from(number).unwrap_or(usize::MAX);
                schedule.get(index).map(|month| month.row.payment)
            };
            let raised_from = fixed_months.max(utilisation_months);
            let highest = in_force(utilisation_months).max(in_force(raised_from));
            highest.ok_or(EngineError::new("fixed_months", problem))
        }
    }
}

/// Income of all borrowers, reduced for those whose age at maturity is above the limit and who are not
/// retired already. Rounded down to cents: income is not to be overstated.
fn counted_income(
    limits: &MacroprudentialLimits,
    application: &Application,
) -> Result<Cents, EngineError> {
    let months = i32::try_from(application.term_months)
        .map_err(|_| EngineError::too_large("term_months"))?;
    let maturity = application.date.add_months(months)?;
    let kept = Pct::HUNDRED.checked_sub(limits.income_haircut);
    let kept = kept.ok_or(EngineError::too_large("income_haircut"))?;
    let mut counted = Cents::ZERO;
    for borrower in &application.borrowers {
        let age = age_on(borrower.birth_date, maturity)?;
        let income = if age > limits.haircut_above_age && !borrower.retired {
            borrower.monthly_net_income.percent(kept, Rounding::Down)
        } else {
            Some(borrower.monthly_net_income)
        };
        counted = income
            .and_then(|income| counted.checked_add(income))
            .ok_or(EngineError::too_large("monthly_net_income"))?;
    }
    positive("monthly_net_income", counted)?;
    Ok(counted)
}

fn sum(amounts: impl Iterator<Item = Cents>) -> Result<Cents, EngineError> {
    Cents::try_sum(amounts).map_err(|_| EngineError::too_large("other_instalments"))
}

fn ratio(part: Cents, whole: Cents, field: &'static str) -> Result<Pct, EngineError> {
    let (part, whole) = (i128::from(part.get()), i128::from(whole.get()));
    Pct::of_ratio(part, whole, Rounding::Up).ok_or(EngineError::too_large(field))
}

fn percent_check(kind: LimitKind, value: Pct, limit: Pct) -> LimitCheck {
    LimitCheck {
        kind,
        value: Measure::Percent(value),
        limit: Measure::Percent(limit),
        within: value <= limit,
    }
}

fn maturity_check(months: u32, max_years: u32) -> LimitCheck {
    let limit = max_years.saturating_mul(12);
    LimitCheck {
        kind: LimitKind::Maturity,
        value: Measure::Months(months),
        limit: Measure::Months(limit),
        within: months <= limit,
    }
}
