//! One variant of a simulation.

use super::outgoings::Outgoings;
use super::{Case, Illustrative, Instalments, OfferedRate, SimulationTerms, Tans, Totals, Variant};
use crate::apr::Solution;
use crate::aprc::assumptions::{
    BorrowingRate, Illustration, IndexedRate, assumed_path, illustration,
};
use crate::aprc::table::{self, repayment_table};
use crate::error::{EngineError, Problem};
use crate::money::Cents;
use crate::pt::loan::{Instalment, Loan, Phase};
use crate::pt::spread::SpreadTerms;
use crate::pt::taeg::{in_e9, mtic, taeg};
use crate::rate::Pct;
use crate::schedule::RateStep;

/// Instalments in a year.
const PER_YEAR: u32 = 12;

pub(super) fn variant(case: &Case<'_>) -> Result<Variant, EngineError> {
    let terms = case.terms;
    let rate = borrowing_rate(terms, case.with_products)?;
    let path = assumed_path(&rate, terms.term_months)?;
    let found = Paid::over(case, &path)?;
    let tans = tans(&rate)?;
    let rows: Vec<table::Instalment> = found
        .months
        .iter()
        .zip(&found.costs.monthly)
        .map(|(month, other_costs)| table::Instalment {
            row: month.row,
            other_costs: *other_costs,
        })
        .collect();
    Ok(Variant {
        instalments: Instalments {
            variable: variable_instalment(terms, &tans)?,
            ..instalments(&found.months)
        },
        taeg: found.taeg,
        illustrative: illustrative(case, &rate)?,
        totals: totals(terms, &found)?,
        table: repayment_table(&rows, PER_YEAR)?,
        tans,
        upfront: found.costs.upfront,
        premiums: found.costs.premiums,
        months: rows,
    })
}

/// A schedule, its costs and its rate.
struct Paid {
    months: Vec<Instalment>,
    costs: Outgoings,
    taeg: Solution,
    mtic: Cents,
}

impl Paid {
    fn over(case: &Case<'_>, path: &[RateStep]) -> Result<Self, EngineError> {
        let loan = loan(case.terms, path)?;
        let months = loan.schedule()?;
        let costs = Outgoings::of(case, &months)?;
        let upfront = in_e9(costs.upfront);
        let monthly: Vec<i128> = costs.monthly.iter().copied().map(in_e9).collect();
        Ok(Self {
            taeg: taeg(&loan, &months, upfront, &monthly)?,
            mtic: mtic(&months, upfront, &monthly)?,
            months,
            costs,
        })
    }
}

fn loan(terms: &SimulationTerms, path: &[RateStep]) -> Result<Loan, EngineError> {
    Ok(Loan::try_new(terms.amount, path)?
        .utilisation(terms.utilisation_months, &terms.drawings)?
        .residual(terms.residual)?
        .negative_interest(terms.negative_interest))
}

/// The contract's rate in the words of the directive.
fn borrowing_rate(
    terms: &SimulationTerms,
    with_products: bool,
) -> Result<BorrowingRate, EngineError> {
    let of = |spread: &SpreadTerms| {
        // Both are checked in either variant.
        let lowered = spread.with_products()?;
        Ok::<Pct, EngineError>(if with_products { lowered } else { spread.base })
    };
    // The index is never floored, nor is the sum (Lei 32/2018).
    let indexed = |index, spread, cap| IndexedRate {
        index,
        spread,
        cap,
        floor: None,
    };
    match &terms.rate {
        OfferedRate::Fixed { tan } => Ok(BorrowingRate::Fixed(of(tan)?)),
        OfferedRate::Variable {
            index,
            reset_months,
            spread,
            cap,
        } => {
            if *reset_months == 0 {
                return Err(EngineError::new("reset_months", Problem::MustBePositive));
            }
            Ok(BorrowingRate::Variable {
                rate: indexed(*index, of(spread)?, *cap),
                first_change_months: *reset_months,
            })
        }
        OfferedRate::Mixed {
            fixed,
            fixed_months,
            index,
            spread,
            cap,
        } => {
            if *fixed_months == 0 || *fixed_months >= terms.term_months {
                let max = i64::from(terms.term_months.saturating_sub(1));
                let problem = Problem::OutOfRange { min: 1, max };
                return Err(EngineError::new("fixed_months", problem));
            }
            Ok(BorrowingRate::FixedThenIndexed {
                fixed: of(fixed)?,
                fixed_months: *fixed_months,
                rate: indexed(*index, of(spread)?, *cap),
            })
        }
    }
}

fn tans(rate: &BorrowingRate) -> Result<Tans, EngineError> {
    let fixed = |first| Tans {
        first,
        variable: None,
        spread: None,
    };
    Ok(match rate {
        BorrowingRate::Fixed(tan) | BorrowingRate::FixedThenNegotiated { fixed: tan, .. } => {
            fixed(*tan)
        }
        BorrowingRate::Agreed(steps) => fixed(steps.first().map_or(Pct::ZERO, |step| step.rate)),
        BorrowingRate::Variable { rate, .. } => Tans {
            first: rate.now()?,
            variable: Some(rate.now()?),
            spread: Some(rate.spread),
        },
        BorrowingRate::FixedThenIndexed { fixed, rate, .. } => Tans {
            first: *fixed,
            variable: Some(rate.now()?),
            spread: Some(rate.spread),
        },
    })
}

/// The first instalment of a mixed loan's variable phase at today's index. The TAEG assumes no rate
/// below the fixed one there; the contract knows no such floor.
fn variable_instalment(terms: &SimulationTerms, tans: &Tans) -> Result<Option<Cents>, EngineError> {
    let OfferedRate::Mixed { fixed_months, .. } = &terms.rate else {
        return Ok(None);
    };
    let Some(variable) = tans.variable else {
        return Ok(None);
    };
    let path = [
        RateStep {
            rate: tans.first,
            months: *fixed_months,
        },
        RateStep {
            rate: variable,
            months: terms.term_months.saturating_sub(*fixed_months),
        },
    ];
    let months = loan(terms, &path)?.schedule()?;
    let first = months
        .iter()
        .find(|month| month.phase == Phase::Repayment && month.row.number > *fixed_months);
    Ok(first.map(|month| month.row.payment))
}

fn instalments(months: &[Instalment]) -> Instalments {
    let of = |phase| {
        months
            .iter()
            .filter(move |month| month.phase == phase)
            .map(|month| month.row.payment)
    };
    let last = months.last().map_or(Cents::ZERO, |month| month.row.payment);
    let before_last = months.len().saturating_sub(1);
    let highest = months
        .iter()
        .take(before_last)
        .map(|month| month.row.payment)
        .max();
    Instalments {
        utilisation: of(Phase::Utilisation).max(),
        first: of(Phase::Repayment).next().unwrap_or(last),
        variable: None,
        highest: highest.unwrap_or(last),
        last,
    }
}

fn totals(terms: &SimulationTerms, paid: &Paid) -> Result<Totals, EngineError> {
    let overflow = EngineError::too_large("mtic");
    let interest = Cents::try_sum(paid.months.iter().map(|month| month.row.interest));
    Ok(Totals {
        mtic: paid.mtic,
        total_cost: paid.mtic.checked_sub(terms.amount).ok_or(overflow)?,
        interest: interest.map_err(|_| overflow)?,
        credit_duty: paid.costs.credit_duty,
        interest_duty: paid.costs.interest_duty,
        charges: paid.costs.charges,
        fee_duty: paid.costs.fee_duty,
    })
}

fn illustrative(
    case: &Case<'_>,
    rate: &BorrowingRate,
) -> Result<Option<Illustrative>, EngineError> {
    let terms = case.terms;
    let Some(highest_index) = terms.highest_index else {
        return Ok(None);
    };
    match illustration(rate, highest_index, terms.term_months)? {
        Illustration::NotVariable => Ok(None),
        Illustration::HigherRate(path) | Illustration::RepaidAfter { path, .. } => {
            let paid = Paid::over(case, &path)?;
            Ok(Some(Illustrative {
                taeg: paid.taeg,
                tan: path.last().map_or(Pct::ZERO, |step| step.rate),
                highest_instalment: instalments(&paid.months).highest,
            }))
        }
    }
}
