//! What a product's payments are at one note rate, per unit of principal: worked out once for all
//! places.
//!
//! Two roads use it. The exact one ([`super::payments`]) takes cents through the engine's functions;
//! the lanes take the shares kept here. Where a card defines its own arithmetic (the balance an
//! adjustable rate is re-amortised from), both use the same floats in the same order.

use lintel_domain::product::ProductTerms;
use lintel_engine::error::EngineError;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::schedule::{Plan, RateStep, level_payment_exact};
use lintel_engine::us::arm::{ArmTerms, composite_path};

/// Billionths of a percent a year in one whole a month.
const MONTHLY: f64 = 1.2e12;
/// [`Cents::MAX`] in currency units: what payment factors are worked out for, so that no digit of
/// theirs is lost to cents.
const UNIT: f64 = 1e15;

/// A product at a note rate.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    /// Note rate, at first.
    pub(super) note_rate: Pct,
    /// The rates the annual percentage rate assumes.
    path: Vec<RateStep>,
    /// Months to maturity.
    pub(super) term: u32,
    /// Months the payments amortise over.
    pub(super) amortization: u32,
    interest_only: u32,
    /// Runs of months under one rate and one way of paying.
    pub(super) segments: Vec<Segment>,
}

/// A run of months under one rate and one way of paying.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Segment {
    /// Yearly rate.
    pub(super) rate: Pct,
    /// Months.
    pub(super) months: u32,
    /// Months over which the payment amortises; none while only interest is paid.
    pub(super) over: Option<u32>,
    /// Payment for a balance of one.
    pub(super) factor: f64,
    /// What one owed at the start has become at the end without payments.
    pub(super) growth: f64,
    /// What payments of one have become at the end.
    pub(super) paid: f64,
}

impl Terms {
    /// None for terms the engine refuses.
    pub(super) fn new(
        terms: &ProductTerms,
        arm: Option<&ArmTerms>,
        note_rate: Pct,
    ) -> Result<Self, EngineError> {
        let path = match arm {
            Some(arm) => composite_path(note_rate, arm, terms.term_months)?,
            None => vec![RateStep {
                rate: note_rate,
                months: terms.term_months,
            }],
        };
        let mut made = Self {
            note_rate,
            path,
            term: terms.term_months,
            amortization: terms.amortization_months,
            interest_only: terms.interest_only_months,
            segments: Vec::new(),
        };
        // The engine's own checks of every term.
        made.plan(Cents::new(100))?;
        made.segments = made.cut()?;
        Ok(made)
    }

    /// The loan as the engine schedules it.
    pub(super) fn plan(&self, principal: Cents) -> Result<Plan, EngineError> {
        Plan::adjustable(principal, &self.path)?
            .interest_only(self.interest_only)?
            .amortized_over(self.amortization)
    }

    /// Whether something is left to pay with the last payment beyond accumulated cents.
    pub(super) fn has_balloon(&self) -> bool {
        self.amortization > self.term || self.interest_only >= self.term
    }

    fn cut(&self) -> Result<Vec<Segment>, EngineError> {
        let mut segments = Vec::new();
        let mut done: u32 = 0;
        for step in &self.path {
            let end = done.saturating_add(step.months);
            let cut = self.interest_only.clamp(done, end);
            if cut > done {
                segments.push(Segment::new(step.rate, cut.saturating_sub(done), None)?);
            }
            if end > cut {
                let over = self.amortization.saturating_sub(cut);
                segments.push(Segment::new(
                    step.rate,
                    end.saturating_sub(cut),
                    Some(over),
                )?);
            }
            done = end;
        }
        Ok(segments)
    }
}

impl Segment {
    fn new(rate: Pct, months: u32, over: Option<u32>) -> Result<Self, EngineError> {
        let monthly = monthly(rate);
        let growth = power(1.0 + monthly, months);
        let paid = if monthly > 0.0 {
            (growth - 1.0) / monthly
        } else {
            f64::from(months)
        };
        let factor = match over {
            None => monthly,
            Some(over) if rate.is_zero() => 1.0 / f64::from(over),
            Some(over) => level_payment_exact(Cents::MAX, rate, over)? / UNIT,
        };
        Ok(Self {
            rate,
            months,
            over,
            factor,
            growth,
            paid,
        })
    }
}

/// A yearly rate as a fraction of one a month.
pub(super) fn monthly(rate: Pct) -> f64 {
    rate.e9() as f64 / MONTHLY
}

/// `base` to a whole power by squaring: the same bits on every machine.
pub(super) fn power(base: f64, exponent: u32) -> f64 {
    let (mut product, mut square, mut left) = (1.0, base, exponent);
    while left > 0 {
        if left & 1 == 1 {
            product *= square;
        }
        square *= square;
        left >>= 1;
    }
    product
}

/// The share of the principal that is owed before each payment if nothing were rounded, and by how
/// many cents the schedule in whole cents may differ from it.
#[derive(Debug, Clone)]
pub(super) struct Balances {
    /// Before payment `k + 1`.
    pub(super) share: Vec<f64>,
    /// Cents, at most.
    pub(super) drift: Vec<f64>,
}

impl Balances {
    /// Follows the unrounded loan month by month.
    pub(super) fn of(terms: &Terms) -> Self {
        let months = usize::try_from(terms.term).unwrap_or_default();
        let (mut share, mut drift) = (Vec::with_capacity(months), Vec::with_capacity(months));
        let (mut balance, mut off) = (1.0_f64, 0.0_f64);
        for segment in &terms.segments {
            let monthly = monthly(segment.rate);
            let payment = balance * segment.factor;
            // The payment is half a cent off, and off by its share of what the balance is off.
            let payment_off = 0.5 + off * segment.factor;
            for _ in 0..segment.months {
                share.push(balance);
                drift.push(off);
                if segment.over.is_some() {
                    balance += balance * monthly - payment;
                    // Interest is half a cent off.
                    off += off * monthly + payment_off + 0.5;
                }
            }
        }
        Self { share, drift }
    }

    /// The yearly averages: what premiums on the balance are worked out from.
    pub(super) fn years(&self) -> Vec<f64> {
        let average = |year: &[f64]| {
            let months = u32::try_from(year.len()).map_or(1.0, f64::from);
            year.iter().sum::<f64>() / months
        };
        self.share.chunks(12).map(average).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lintel_domain::loan::Program;
    use lintel_domain::product::RateKind;

    fn fixed(term: u32, amortization: u32, interest_only: u32) -> ProductTerms {
        ProductTerms {
            program: Program::Conventional,
            term_months: term,
            amortization_months: amortization,
            interest_only_months: interest_only,
            lender_paid_mi: false,
            rate_kind: RateKind::Fixed,
        }
    }

    #[test]
    fn ideal_balances_stay_within_the_drift_of_the_schedule() {
        for (terms, rate) in [
            (fixed(360, 360, 0), 6_875_000_000),
            (fixed(180, 180, 0), 5_990_000_000),
            (fixed(360, 360, 120), 7_125_000_000),
            (fixed(84, 360, 0), 6_000_000_000),
            (fixed(24, 24, 24), 9_000_000_000),
        ] {
            let made = Terms::new(&terms, None, Pct::new(rate)).unwrap();
            let ideal = Balances::of(&made);
            for principal in [7_654_321_i64, 31_415_900, 99_999_999] {
                let plan = made.plan(Cents::new(principal)).unwrap();
                for (at, row) in plan.schedule().unwrap().rows.iter().enumerate() {
                    let near = ideal.share[at] * principal as f64;
                    let off = (near - row.balance_before().get() as f64).abs();
                    assert!(off <= ideal.drift[at] + 1e-3, "{terms:?} {at}: {off}");
                }
            }
        }
    }

    #[test]
    fn a_balloon_is_told_from_a_level_loan() {
        let has = |terms| {
            Terms::new(&terms, None, Pct::new(6_000_000_000))
                .unwrap()
                .has_balloon()
        };
        assert!(!has(fixed(360, 360, 120)));
        assert!(has(fixed(84, 360, 0)));
        assert!(has(fixed(24, 24, 24)));
        assert!(Terms::new(&fixed(0, 0, 0), None, Pct::ZERO).is_err());
        assert!(Terms::new(&fixed(360, 180, 0), None, Pct::ZERO).is_err());
    }
}
