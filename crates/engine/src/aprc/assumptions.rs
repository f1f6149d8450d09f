//! What is assumed where the contract leaves something open: Directive 2014/17/EU Article 17(4) to
//! (6) and Annex I part II. Only what is arithmetic stands here; amounts and terms that the law fixes
//! come in as arguments.

mod open;

use crate::date::Date;
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;
use crate::schedule::{MAX_TERM_MONTHS, RateStep};

pub use open::{
    AssumedTerms, OpenCredit, Tranche, assumed_months, earliest_drawdowns, shared_equity_payment,
    undated_charges, value_growth,
};

/// Months of initial fixed rate from which the illustrative rate covers only the fixed period: five
/// years, Article 17(5).
pub const MATERIAL_FIXED_MONTHS: u32 = 60;

/// A yearly rate that follows an index or reference rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexedRate {
    /// Value of the index when the rate is calculated. May be negative.
    pub index: Pct,
    /// Points over the index. May be negative.
    pub spread: Pct,
    /// Highest rate of the contract, index and spread together.
    pub cap: Option<Pct>,
    /// Lowest rate of the contract, index and spread together.
    pub floor: Option<Pct>,
}

impl IndexedRate {
    /// The borrowing rate at a value of the index: the sum with the spread, not below the floor and
    /// not above the cap.
    ///
    /// # Errors
    /// Field `index` when the sum leaves the bound of [`Pct`], `cap` when it is below the floor.
    pub fn at(&self, index: Pct) -> Result<Pct, EngineError> {
        if let (Some(cap), Some(floor)) = (self.cap, self.floor)
            && cap < floor
        {
            let why = "must not be below the floor";
            return Err(EngineError::new("cap", Problem::Inconsistent(why)));
        }
        let sum = index.checked_add(self.spread);
        let sum = sum.ok_or(EngineError::too_large("index"))?;
        let floored = self.floor.map_or(sum, |floor| sum.max(floor));
        Ok(self.cap.map_or(floored, |cap| floored.min(cap)))
    }

    /// The borrowing rate at the present value of the index.
    ///
    /// # Errors
    /// As [`IndexedRate::at`].
    pub fn now(&self) -> Result<Pct, EngineError> {
        self.at(self.index)
    }
}

/// How a contract sets the borrowing rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BorrowingRate {
    /// One rate for the whole term.
    Fixed(Pct),
    /// Rates known in advance, such as a discount in the first years; the last step lasts to the end
    /// of the term.
    Agreed(Vec<RateStep>),
    /// Index and spread from the start; changes for the first time after `first_change_months`.
    Variable {
        /// Index, spread and limits.
        rate: IndexedRate,
        /// Whole months before the rate can change.
        first_change_months: u32,
    },
    /// Fixed at first, then certain to follow an index.
    FixedThenIndexed {
        /// The rate of the fixed period.
        fixed: Pct,
        /// Months it lasts.
        fixed_months: u32,
        /// Index, spread and limits after it.
        rate: IndexedRate,
    },
    /// Fixed at first, then newly negotiated.
    FixedThenNegotiated {
        /// The rate of the fixed period.
        fixed: Pct,
        /// Months it lasts.
        fixed_months: u32,
    },
}

/// What an offer states about its rate, as typed or read: [`BorrowingRate::try_of`] makes a rate of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatedRate {
    /// The fixed rate; none when the rate follows the index from the start.
    pub fixed: Option<Pct>,
    /// Months the fixed rate lasts; 0 when not stated.
    pub fixed_months: u32,
    /// Index, spread and limits; none when there is no index.
    pub indexed: Option<IndexedRate>,
    /// Months before a rate that follows the index from the start can change; not looked at for other
    /// rates.
    pub first_change_months: u32,
}

impl BorrowingRate {
    /// The rate that an offer states. A fixed rate alone holds for the whole term, or is negotiated
    /// after the months it lasts; beside an index it must say how many those are.
    ///
    /// # Errors
    /// Field `rate` without a fixed rate and an index; `fixed_months` when a fixed rate with an index
    /// lacks them, when they stand without a fixed rate, or above [`MAX_TERM_MONTHS`].
    pub fn try_of(stated: &StatedRate) -> Result<Self, EngineError> {
        let refused = |field, why| EngineError::new(field, Problem::Inconsistent(why));
        let fixed_months = stated.fixed_months;
        if fixed_months > MAX_TERM_MONTHS {
            let (min, max) = (0, i64::from(MAX_TERM_MONTHS));
            let problem = Problem::OutOfRange { min, max };
            return Err(EngineError::new("fixed_months", problem));
        }
        match (stated.fixed, stated.indexed) {
            (None, None) => Err(refused("rate", "is required without an index")),
            (None, Some(_)) if fixed_months > 0 => {
                let why = "needs the rate of the fixed period";
                Err(refused("fixed_months", why))
            }
            (None, Some(rate)) => Ok(Self::Variable {
                rate,
                first_change_months: stated.first_change_months,
            }),
            (Some(fixed), None) if fixed_months == 0 => Ok(Self::Fixed(fixed)),
            (Some(fixed), None) => Ok(Self::FixedThenNegotiated {
                fixed,
                fixed_months,
            }),
            (Some(_), Some(_)) if fixed_months == 0 => {
                let why = "must say how long the fixed rate lasts before the index takes over";
                Err(refused("fixed_months", why))
            }
            (Some(fixed), Some(rate)) => Ok(Self::FixedThenIndexed {
                fixed,
                fixed_months,
                rate,
            }),
        }
    }
}

/// The rates the annual percentage rate assumes over `term_months`.
///
/// A variable or negotiated rate stays at its level at conclusion (Article 17(4)). After a fixed
/// period followed by an index, the rate is that of the index today, not below the fixed rate and not
/// above the cap (Annex I part II (e)); a cap below the fixed rate wins, because the contract cannot
/// go above it.
///
/// # Errors
/// Field `term_months` outside 1 to [`MAX_TERM_MONTHS`], `rate_path` for agreed rates without a step
/// or with an empty one, and those of [`IndexedRate::at`].
pub fn assumed_path(rate: &BorrowingRate, term_months: u32) -> Result<Vec<RateStep>, EngineError> {
    match rate {
        BorrowingRate::Fixed(fixed) | BorrowingRate::FixedThenNegotiated { fixed, .. } => {
            fitted(&[(*fixed, term_months)], term_months)
        }
        BorrowingRate::Agreed(steps) => agreed(steps, term_months),
        BorrowingRate::Variable { rate, .. } => fitted(&[(rate.now()?, term_months)], term_months),
        BorrowingRate::FixedThenIndexed {
            fixed,
            fixed_months,
            rate,
        } => {
            let floored = rate.now()?.max(*fixed);
            let after = rate.cap.map_or(floored, |cap| floored.min(cap));
            fitted(
                &[(*fixed, *fixed_months), (after, term_months)],
                term_months,
            )
        }
    }
}

/// What the additional, illustrative annual percentage rate of the information sheet assumes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Illustration {
    /// The rate cannot vary: there is no illustrative rate.
    NotVariable,
    /// At the earliest change the rate rises to its highest level (Article 17(6)).
    HigherRate(Vec<RateStep>),
    /// The balance is repaid when the fixed period ends (Article 17(5)).
    RepaidAfter {
        /// Months of the fixed period.
        months: u32,
        /// Rates up to then.
        path: Vec<RateStep>,
    },
}

/// The illustrative assumption of Article 17(5) and (6) and Annex II part B section 4.
///
/// `highest_index` is the highest value of the index in the last twenty years, see
/// [`highest_of_last_years`]; for a rate that is negotiated after less than five years it is the
/// highest benchmark rate itself, to which no spread is added. The illustrative rate is never below
/// the rate it replaces.
///
/// # Errors
/// As [`assumed_path`].
pub fn illustration(
    rate: &BorrowingRate,
    highest_index: Pct,
    term_months: u32,
) -> Result<Illustration, EngineError> {
    let jump = |before: Pct, months: u32, after: Pct| {
        fitted(&[(before, months), (after, term_months)], term_months)
    };
    match rate {
        BorrowingRate::Fixed(_) | BorrowingRate::Agreed(_) => Ok(Illustration::NotVariable),
        BorrowingRate::Variable {
            rate,
            first_change_months,
        } => {
            let now = rate.now()?;
            let highest = rate.at(highest_index)?.max(now);
            let path = jump(now, *first_change_months, highest)?;
            Ok(Illustration::HigherRate(path))
        }
        BorrowingRate::FixedThenIndexed {
            fixed,
            fixed_months,
            rate: indexed,
        } => {
            let assumed = assumed_path(rate, term_months)?;
            let later = assumed.last().map_or(*fixed, |step| step.rate);
            let highest = indexed.at(highest_index)?.max(later);
            let path = jump(*fixed, *fixed_months, highest)?;
            Ok(Illustration::HigherRate(path))
        }
        BorrowingRate::FixedThenNegotiated {
            fixed,
            fixed_months,
        } if *fixed_months >= MATERIAL_FIXED_MONTHS => {
            let months = (*fixed_months).min(term_months);
            let path = fitted(&[(*fixed, months)], months)?;
            Ok(Illustration::RepaidAfter { months, path })
        }
        BorrowingRate::FixedThenNegotiated {
            fixed,
            fixed_months,
        } => {
            let path = jump(*fixed, *fixed_months, highest_index.max(*fixed))?;
            Ok(Illustration::HigherRate(path))
        }
    }
}

/// The highest value of an index in the `years` up to `on`, both ends included; of the whole series
/// when it is shorter (Annex II part B section 4: at least twenty years, or the longest period).
///
/// # Errors
/// Field `series` when it has no value in that time, `date` when the time begins before 1900.
pub fn highest_of_last_years(
    series: &[(Date, Pct)],
    on: Date,
    years: u32,
) -> Result<Pct, EngineError> {
    let months = years
        .checked_mul(12)
        .and_then(|months| i32::try_from(months).ok());
    let months = months.ok_or(EngineError::too_large("years"))?;
    let from = on.add_months(months.saturating_neg())?;
    series
        .iter()
        .filter(|(date, _)| (from..=on).contains(date))
        .map(|(_, value)| *value)
        .max()
        .ok_or(EngineError::new("series", Problem::Empty))
}

/// What an amount in a foreign currency costs the consumer when his currency has fallen by `fall`
/// percent against it (20 in Annex II part B), half-up cents of his currency: `amount / (1 − fall)`.
/// `limit` is the highest amount where the contract caps the exchange risk.
///
/// # Errors
/// Field `fall` below 0 or at 100 and above, `amount` when the result cannot be held.
pub fn after_currency_fall(
    amount: Cents,
    fall: Pct,
    limit: Option<Cents>,
) -> Result<Cents, EngineError> {
    if fall.is_negative() || fall >= Pct::HUNDRED {
        let (min, max) = (0, 99);
        return Err(EngineError::new("fall", Problem::OutOfRange { min, max }));
    }
    let hundred = i128::from(Pct::HUNDRED.e9());
    let left = hundred.saturating_sub(i128::from(fall.e9()));
    // Half up, as every amount of the information sheet.
    let dearer = amount.mul_ratio(hundred, left, Rounding::HalfUp);
    let dearer = dearer.ok_or(EngineError::too_large("amount"))?;
    Ok(limit.map_or(dearer, |limit| dearer.min(limit).max(amount)))
}

/// Steps that add up to the term: the last is cut or stretched to its end, empty ones are left out.
fn fitted(steps: &[(Pct, u32)], term_months: u32) -> Result<Vec<RateStep>, EngineError> {
    if term_months == 0 || term_months > MAX_TERM_MONTHS {
        let (min, max) = (1, i64::from(MAX_TERM_MONTHS));
        let problem = Problem::OutOfRange { min, max };
        return Err(EngineError::new("term_months", problem));
    }
    let mut path: Vec<RateStep> = Vec::with_capacity(steps.len());
    let mut left = term_months;
    for (number, (rate, months)) in (1..).zip(steps) {
        let last = number == steps.len();
        let months = if last { left } else { (*months).min(left) };
        left = left.saturating_sub(months);
        match path.last_mut().filter(|step| step.rate == *rate) {
            Some(step) => step.months = step.months.saturating_add(months),
            None if months > 0 => path.push(RateStep {
                rate: *rate,
                months,
            }),
            None => {}
        }
    }
    Ok(path)
}

fn agreed(steps: &[RateStep], term_months: u32) -> Result<Vec<RateStep>, EngineError> {
    if steps.is_empty() {
        return Err(EngineError::new("rate_path", Problem::Empty));
    }
    if steps.iter().any(|step| step.months == 0) {
        return Err(EngineError::new("rate_path", Problem::MustBePositive));
    }
    let pairs: Vec<_> = steps.iter().map(|step| (step.rate, step.months)).collect();
    fitted(&pairs, term_months)
}

#[cfg(test)]
mod tests;
