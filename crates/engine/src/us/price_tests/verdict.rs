//! The verdicts on one loan.

use super::{Lien, LimitRow, SpreadKey, SpreadRow, limit_in_force, spread_in_force};
use crate::error::EngineError;
use crate::money::Cents;
use crate::rate::Pct;
use crate::schedule::RateStep;
use crate::us::arm::{ArmTerms, highest_path};

/// The tables in force that the verdicts are read from: an empty one leaves its part not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriceTables {
    /// Higher-priced mortgage loan: this spread or more, 1026.35(a)(1).
    pub hpml: Vec<SpreadRow>,
    /// Higher-priced covered transaction: this spread or more, 1026.43(b)(4).
    pub covered: Vec<SpreadRow>,
    /// Qualified mortgage: below this spread, 1026.43(e)(2)(vi).
    pub qm_price: Vec<SpreadRow>,
    /// Qualified mortgage: at most these points and fees, 1026.43(e)(3).
    pub qm_points: Vec<LimitRow>,
    /// High-cost mortgage: more than this spread, 1026.32(a)(1)(i).
    pub hoepa_price: Vec<SpreadRow>,
    /// High-cost mortgage: more than these points and fees, 1026.32(a)(1)(ii).
    pub hoepa_points: Vec<LimitRow>,
    /// High-cost mortgage: prepayment penalties, 1026.32(a)(1)(iii).
    pub penalty: Option<Penalty>,
}

/// Prepayment penalties a loan may have without being high-cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Penalty {
    /// Latest month after closing one may be asked in.
    pub months: u32,
    /// Most that may be asked, in percent of the amount prepaid.
    pub percent: Pct,
}

/// A loan to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedLoan {
    /// Annual percentage rate.
    pub apr: Pct,
    /// Average prime offer rate of a comparable transaction on the rate-set date.
    pub apor: Pct,
    /// Rank of the lien.
    pub lien: Lien,
    /// Loan amount (principal).
    pub loan_amount: Cents,
    /// Principal above the conforming limit in force.
    pub above_conforming_limit: bool,
    /// Secured by a manufactured home.
    pub manufactured_home: bool,
    /// Secured by personal property (a dwelling that is no real estate).
    pub personal_property: bool,
    /// Points and fees, and the total loan amount they are held against; none when not known.
    pub points_and_fees: Option<(Cents, Cents)>,
    /// For an adjustable rate that may change within five years of the first payment: the annual
    /// percentage rate with the highest rate of those years for the whole term,
    /// 1026.43(e)(2)(vi).
    pub qm_apr: Option<Pct>,
    /// Last month a prepayment penalty may be asked in, and its percentage of what is prepaid.
    pub prepayment_penalty: Option<(u32, Pct)>,
}

impl PricedLoan {
    fn key(&self, manufactured_home: bool) -> SpreadKey {
        SpreadKey {
            lien: self.lien,
            above_conforming_limit: self.above_conforming_limit,
            manufactured_home,
            loan_amount: self.loan_amount,
        }
    }

    fn spread(&self) -> Result<Pct, EngineError> {
        self.apr
            .checked_sub(self.apor)
            .ok_or(EngineError::too_large("apr"))
    }
}

/// Higher-priced or not, and the spread it turns at; none without a row for it.
///
/// # Errors
/// Field `apr` when the spread cannot be held.
pub fn higher_priced(
    rows: &[SpreadRow],
    loan: &PricedLoan,
) -> Result<Option<(bool, Pct)>, EngineError> {
    let spread = loan.spread()?;
    let threshold = spread_in_force(rows, &loan.key(loan.manufactured_home));
    Ok(threshold.map(|threshold| (spread >= threshold, threshold)))
}

/// The high-cost verdict. Each part is none while its figure or its table row is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HighCost {
    /// The annual percentage rate exceeds the average prime offer rate by more than the points.
    pub by_rate: Option<(bool, Pct)>,
    /// Points and fees exceed the trigger, given in money.
    pub by_points: Option<(bool, Cents)>,
    /// A prepayment penalty may be asked too late or is too high.
    pub by_penalty: Option<bool>,
}

impl HighCost {
    /// High-cost by any part; none when no part says so and one is not known.
    #[must_use]
    pub fn verdict(&self) -> Option<bool> {
        let parts = [
            self.by_rate.map(|part| part.0),
            self.by_points.map(|part| part.0),
            self.by_penalty,
        ];
        if parts.contains(&Some(true)) {
            return Some(true);
        }
        (!parts.contains(&None)).then_some(false)
    }
}

/// Judges whether a loan is a high-cost mortgage, 1026.32(a)(1).
///
/// # Errors
/// Field `apr` when the spread cannot be held, `total_loan_amount` when the trigger cannot.
pub fn high_cost(tables: &PriceTables, loan: &PricedLoan) -> Result<HighCost, EngineError> {
    let spread = loan.spread()?;
    let by_rate = spread_in_force(&tables.hoepa_price, &loan.key(loan.personal_property))
        .map(|points| (spread > points, points));
    let by_points = points_part(&tables.hoepa_points, loan)?;
    let by_penalty = match (loan.prepayment_penalty, tables.penalty) {
        (None, _) => Some(false),
        (Some((months, percent)), Some(row)) => Some(months > row.months || percent > row.percent),
        (Some(_), None) => None,
    };
    Ok(HighCost {
        by_rate,
        by_points,
        by_penalty,
    })
}

fn points_part(rows: &[LimitRow], loan: &PricedLoan) -> Result<Option<(bool, Cents)>, EngineError> {
    let Some((asked, total)) = loan.points_and_fees else {
        return Ok(None);
    };
    let Some(limit) = limit_in_force(rows, total) else {
        return Ok(None);
    };
    let money = limit
        .in_money(total)
        .ok_or(EngineError::too_large("total_loan_amount"))?;
    Ok(Some((limit.is_exceeded(asked, total), money)))
}

/// What a qualified mortgage gives its creditor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QmStatus {
    /// Not a general qualified mortgage by price or points and fees.
    NotQualified,
    /// Not higher-priced: compliance is certain, 1026.43(e)(1)(i).
    SafeHarbour,
    /// Higher-priced: compliance is presumed and may be rebutted, (e)(1)(ii).
    RebuttablePresumption,
}

/// The qualified-mortgage verdict by price and by points and fees. Product features, underwriting
/// and verification are conditions too, and are not judged here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Qualified {
    /// The spread must be below these points; with whether it is.
    pub by_price: Option<(bool, Pct)>,
    /// Points and fees must not be more than this; with whether they are within.
    pub by_points: Option<(bool, Cents)>,
    /// A higher-priced covered transaction, with the spread it turns at.
    pub higher_priced: Option<(bool, Pct)>,
}

impl Qualified {
    /// The status; none while it depends on a part that is not known.
    #[must_use]
    pub fn status(&self) -> Option<QmStatus> {
        let parts = [
            self.by_price.map(|part| part.0),
            self.by_points.map(|part| part.0),
        ];
        if parts.contains(&Some(false)) {
            return Some(QmStatus::NotQualified);
        }
        if parts.contains(&None) {
            return None;
        }
        self.higher_priced.map(|(dear, _)| {
            if dear {
                QmStatus::RebuttablePresumption
            } else {
                QmStatus::SafeHarbour
            }
        })
    }
}

/// Judges the general qualified-mortgage tests of price and of points and fees, 1026.43(e).
///
/// # Errors
/// As [`high_cost`].
pub fn qualified(tables: &PriceTables, loan: &PricedLoan) -> Result<Qualified, EngineError> {
    // The short-reset rate is for the price test only; higher-priced looks at the disclosed rate.
    let priced = PricedLoan {
        apr: loan.qm_apr.unwrap_or(loan.apr),
        ..*loan
    };
    let spread = priced.spread()?;
    let by_price = spread_in_force(&tables.qm_price, &loan.key(loan.manufactured_home))
        .map(|points| (spread < points, points));
    let by_points =
        points_part(&tables.qm_points, loan)?.map(|(exceeded, money)| (!exceeded, money));
    Ok(Qualified {
        by_price,
        by_points,
        higher_priced: higher_priced(&tables.covered, loan)?,
    })
}

/// The rate that the price test of a short-reset loan assumes for the whole term: the highest that
/// may apply in the five years after the first payment is due, 1026.43(e)(2)(vi). None when the
/// rate cannot change in that time. A rate that changes on the due date of payment 60 changes 59
/// months after the first, so the usual five-year loan is a short-reset one.
///
/// # Errors
/// As [`highest_path`].
pub fn short_reset_rate(
    initial: Pct,
    arm: &ArmTerms,
    term_months: u32,
) -> Result<Option<Pct>, EngineError> {
    /// Payments at rates set within five years of the first due date: 60 months later is outside.
    const WITHIN: u32 = 60;
    if arm.first_adjustment_months > WITHIN || arm.first_adjustment_months >= term_months {
        return Ok(None);
    }
    let path = highest_path(initial, arm, term_months)?;
    let mut begun: u32 = 0;
    let mut highest = initial;
    for RateStep { rate, months } in path {
        if begun > WITHIN {
            break;
        }
        highest = highest.max(rate);
        begun = begun.saturating_add(months);
    }
    Ok(Some(highest))
}
