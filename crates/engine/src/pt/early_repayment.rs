//! The fee for repaying early, its legal cap, the waiver and the notice.
//!
//! Source: DL 74-A/2017, article 23 (caps of paragraph 5 by kind of rate; notice of paragraph 3);
//! waiver for own permanent homes at variable rates: DL 80-A/2022, article 7, as extended by
//! DL 91/2023 and Lei 1/2025. The fee bears stamp duty; a waived fee bears none.

use super::stamp_duty::{duty, positive};
use crate::bands::Effective;
use crate::date::Date;
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;

/// Kind of rate in force when the capital is repaid; a mixed loan is one or the other by its phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateKind {
    /// Index plus spread.
    Variable,
    /// Fixed, for the whole term or in the first phase of a mixed loan.
    Fixed,
}

impl RateKind {
    /// Reads `variable` or `fixed`.
    ///
    /// # Errors
    /// Field `rate_kind` when the text is neither.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        match text {
            "variable" => Ok(Self::Variable),
            "fixed" => Ok(Self::Fixed),
            _ => Err(EngineError::new("rate_kind", Problem::UnknownName)),
        }
    }
}

/// Caps, notices and waivers of one edition of the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyRepaymentRules {
    /// Highest fee in a period of variable rate; percent of the capital repaid.
    pub variable_cap: Pct,
    /// Highest fee in a period of fixed rate; percent of the capital repaid.
    pub fixed_cap: Pct,
    /// Working days of notice before a partial repayment.
    pub partial_notice_working_days: u32,
    /// Working days of notice before repaying everything.
    pub total_notice_working_days: u32,
    /// When no fee was due for own permanent homes in a period of variable rate.
    pub own_home_variable_waivers: Vec<Effective>,
}

/// A repayment ahead of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlyRepayment {
    /// Day of the repayment.
    pub date: Date,
    /// Capital owed before it.
    pub outstanding: Cents,
    /// Capital repaid, at most what is owed.
    pub repaid: Cents,
    /// Kind of rate in force.
    pub rate_kind: RateKind,
    /// The loan is for the borrower's own permanent home.
    pub own_home: bool,
    /// Fee of the contract, percent of the capital repaid; none takes the cap.
    pub contract_fee: Option<Pct>,
    /// Stamp duty on fees, percent.
    pub stamp_duty: Pct,
}

/// What the repayment costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlyRepaymentCost {
    /// Highest fee in percent of the capital repaid; zero while waived.
    pub cap: Pct,
    /// True when a waiver is in force for this loan.
    pub waived: bool,
    /// The fee, half-up cents.
    pub fee: Cents,
    /// Stamp duty on the fee, half-up cents.
    pub stamp_duty: Cents,
    /// Both together.
    pub total: Cents,
    /// Working days of notice the borrower must give.
    pub notice_working_days: u32,
}

/// The fee, with its cap, waiver and stamp duty.
///
/// # Errors
/// `outstanding` or `repaid` not positive or too large, or more repaid than owed; `contract_fee` or
/// `stamp_duty` outside 0 to 100 %.
pub fn early_repayment(
    rules: &EarlyRepaymentRules,
    case: &EarlyRepayment,
) -> Result<EarlyRepaymentCost, EngineError> {
    positive("outstanding", case.outstanding)?;
    positive("repaid", case.repaid)?;
    if case.repaid > case.outstanding {
        let why = "must not be more than what is owed";
        return Err(EngineError::new("repaid", Problem::Inconsistent(why)));
    }
    let legal = match case.rate_kind {
        RateKind::Variable => rules.variable_cap,
        RateKind::Fixed => rules.fixed_cap,
    };
    let window = |waiver: &Effective| waiver.contains(case.date);
    let waived = case.own_home
        && case.rate_kind == RateKind::Variable
        && rules.own_home_variable_waivers.iter().any(window);
    let cap = if waived { Pct::ZERO } else { legal };
    let asked = case.contract_fee.unwrap_or(legal);
    if asked.is_negative() || asked > Pct::HUNDRED {
        let problem = Problem::OutOfRange { min: 0, max: 100 };
        return Err(EngineError::new("contract_fee", problem));
    }
    let fee = case
        .repaid
        .percent(asked.min(cap), Rounding::HalfUp)
        .ok_or(EngineError::too_large("repaid"))?;
    let stamp_duty = duty("repaid", fee, case.stamp_duty)?;
    Ok(EarlyRepaymentCost {
        cap,
        waived,
        fee,
        stamp_duty,
        total: fee
            .checked_add(stamp_duty)
            .ok_or(EngineError::too_large("repaid"))?,
        notice_working_days: if case.repaid == case.outstanding {
            rules.total_notice_working_days
        } else {
            rules.partial_notice_working_days
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    fn rules() -> EarlyRepaymentRules {
        EarlyRepaymentRules {
            variable_cap: Pct::new(500_000_000),
            fixed_cap: Pct::new(2_000_000_000),
            partial_notice_working_days: 7,
            total_notice_working_days: 10,
            own_home_variable_waivers: vec![Effective {
                from: day("2022-11-26"),
                to: Some(day("2025-12-31")),
            }],
        }
    }

    fn case(date: &str) -> EarlyRepayment {
        EarlyRepayment {
            date: day(date),
            outstanding: Cents::new(10_000_000),
            repaid: Cents::new(1_000_000),
            rate_kind: RateKind::Variable,
            own_home: true,
            contract_fee: None,
            stamp_duty: Pct::new(4_000_000_000),
        }
    }

    #[test]
    fn article_23_caps_and_notice() {
        let cost = early_repayment(&rules(), &case("2026-01-01")).unwrap();
        assert_eq!(
            (cost.fee, cost.stamp_duty),
            (Cents::new(5000), Cents::new(200))
        );
        assert_eq!(
            (cost.total, cost.notice_working_days),
            (Cents::new(5200), 7)
        );
        let all = EarlyRepayment {
            repaid: Cents::new(10_000_000),
            rate_kind: RateKind::Fixed,
            ..case("2024-06-01")
        };
        let cost = early_repayment(&rules(), &all).unwrap();
        assert_eq!(
            (cost.fee, cost.notice_working_days),
            (Cents::new(200_000), 10)
        );
        let cheaper = EarlyRepayment {
            contract_fee: Some(Pct::new(250_000_000)),
            ..case("2026-01-01")
        };
        assert_eq!(
            early_repayment(&rules(), &cheaper).unwrap().fee,
            Cents::new(2500)
        );
    }

    #[test]
    fn the_waiver_ends_with_2025() {
        for (date, waived) in [
            ("2022-11-25", false),
            ("2022-11-26", true),
            ("2025-12-31", true),
            ("2026-01-01", false),
        ] {
            let cost = early_repayment(&rules(), &case(date)).unwrap();
            assert_eq!(cost.waived, waived, "{date}");
            assert_eq!(cost.total.is_zero(), waived, "{date}");
        }
        let second = EarlyRepayment {
            own_home: false,
            ..case("2024-01-01")
        };
        assert!(!early_repayment(&rules(), &second).unwrap().waived);
    }

    #[test]
    fn refuses_more_than_is_owed() {
        let more = EarlyRepayment {
            repaid: Cents::new(10_000_001),
            ..case("2026-01-01")
        };
        assert_eq!(
            early_repayment(&rules(), &more).unwrap_err().field,
            "repaid"
        );
    }
}
