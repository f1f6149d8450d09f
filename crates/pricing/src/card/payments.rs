//! One row of a card from its figures: the reference the lanes are measured against, and what
//! answers for a row they cannot prove right.
//!
//! # What a card's payments are
//! - Principal and interest: the level payment (or a month's interest) in half-up cents, the same as
//!   a quote's. An adjustable rate is re-amortised from the balance `B g − M s` in double precision,
//!   `B` the balance at the last change, `M` the payment in cents, `g = (1+i)^m`,
//!   `s = (g − 1)/i`; its payment is rounded half up to cents.
//! - All payments of a run are equal: the few cents by which the last one differs are disregarded
//!   (12 CFR 1026.17(c)(3)(i) lets a creditor disregard that payments are collected in whole cents).
//!   A balloon is not a few cents: it is paid with the last payment.
//! - A level insurance premium ends exactly where the schedule in cents says (78 % of the value,
//!   half of the term). A premium on the balance (FHA, USDA) is a twelfth of the rate on the year's
//!   average balance of the unrounded schedule, not rounded; the first month's, which a card shows,
//!   is the quote's to the cent.

use lintel_engine::apr::{Level, Solution, solve_levels};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::schedule::{Row, interest_only_payment, level_payment};
use lintel_engine::us::mi::{MiPremium, MiTerms, mi_payments, mi_premiums};
use lintel_engine::us::prepaid_interest::prepaid_interest;

use super::CardRow;
use super::terms::{Balances, Terms};
use crate::price::points_amount;

/// Days in the year prepaid interest is counted by, as in a quote.
const DAY_BASIS: u32 = 360;
/// Most levels that go through the fast solver as one slice.
const MAX_LEVELS: usize = 160;

/// What a row's payments and charges depend on beside the product and the note rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RowFacts<'a> {
    /// Base loan: what points are a percentage of.
    pub(super) loan: Cents,
    /// The note: base loan and what is financed on top.
    pub(super) principal: Cents,
    /// Finance charges at closing, without points and prepaid interest.
    pub(super) fees: Cents,
    /// Prepaid interest that is a finance charge.
    pub(super) interest: &'a [InterestFee],
    /// Whether discount points are a finance charge.
    pub(super) counts_points: bool,
    /// Final price in thousandths of a percent.
    pub(super) price_e3: i64,
    /// Insurance paid with each payment.
    pub(super) mi: Option<MiTerms>,
}

/// Prepaid interest of some days, within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct InterestFee {
    /// Days.
    pub(super) days: u32,
    /// Least.
    pub(super) min: Option<Cents>,
    /// Most.
    pub(super) max: Option<Cents>,
}

/// A run of equal payments in cents, premiums included.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Run {
    end: u32,
    payment: f64,
}

/// One row; none when it cannot be priced: charges that eat up the loan, no annual percentage rate,
/// figures beyond the columns.
pub(super) fn price_row(terms: &Terms, facts: &RowFacts<'_>) -> Option<CardRow> {
    let points = Pct::new(
        100_000_i64
            .checked_sub(facts.price_e3)?
            .checked_mul(1_000_000)?,
    );
    let points = points_amount(facts.loan, points)?;
    let mut fees = facts.fees;
    for interest in facts.interest {
        fees = fees.checked_add(interest.amount(facts.principal, terms.note_rate)?)?;
    }
    if facts.counts_points && points.is_positive() {
        fees = fees.checked_add(points)?;
    }
    let cost = Cost {
        price_e3: facts.price_e3,
        points,
        principal: facts.principal,
        fees,
        mi: facts.mi,
    };
    cost.row(terms)
}

/// A row's price and charges: what is left to find are its payments and its rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cost {
    /// Final price in thousandths of a percent.
    pub(super) price_e3: i64,
    /// Points in money.
    pub(super) points: Cents,
    /// The note.
    pub(super) principal: Cents,
    /// All finance charges at closing.
    pub(super) fees: Cents,
    /// Insurance paid with each payment.
    pub(super) mi: Option<MiTerms>,
}

impl Cost {
    /// The row; none when it cannot be priced.
    pub(super) fn row(&self, terms: &Terms) -> Option<CardRow> {
        if self.fees.is_negative() {
            return None;
        }
        let financed = self.principal.checked_sub(self.fees)?;
        if !financed.is_positive() {
            return None;
        }
        let mut runs = loan_runs(terms, self.principal)?;
        let payment = Cents::new(to_i64(runs.first()?.payment)?);
        let premium = Premium::of(terms, self)?;
        premium.add_to(&mut runs, terms);
        let apr = apr(financed, &runs, terms.note_rate)?;
        Some(CardRow {
            price_e3: i32::try_from(self.price_e3).ok()?,
            points_cents: i32::try_from(self.points.get()).ok()?,
            fees_cents: u32::try_from(self.fees.get()).ok()?,
            payment_cents: u32::try_from(payment.get()).ok()?,
            mortgage_insurance_cents: u32::try_from(premium.first.get()).ok()?,
            apr_e9: to_e9(apr)?,
        })
    }
}

/// Billionths of one, half up, of a percentage; none when it is negative or too large for a column.
fn to_e9(apr: Pct) -> Option<u32> {
    let raised = u64::try_from(apr.e9()).ok()?.checked_add(50)?;
    u32::try_from(raised / 100)
        .ok()
        .filter(|e9| *e9 != super::NOT_OFFERED)
}

impl InterestFee {
    fn amount(&self, principal: Cents, rate: Pct) -> Option<Cents> {
        let days = i32::try_from(self.days).ok()?;
        let total = prepaid_interest(principal, rate, days, DAY_BASIS)
            .ok()?
            .total;
        let total = self.min.map_or(total, |min| total.max(min));
        Some(self.max.map_or(total, |max| total.min(max)))
    }
}

/// Principal and interest: run by run, in cents.
fn loan_runs(terms: &Terms, principal: Cents) -> Option<Vec<Run>> {
    let mut runs = Vec::with_capacity(terms.segments.len().saturating_add(1));
    let mut end: u32 = 0;
    // The balance is whole cents until an amortising run ends.
    let mut exact = Some(principal);
    let mut balance = cents(principal);
    let mut payment = 0.0;
    for segment in &terms.segments {
        payment = match (exact, segment.over) {
            (Some(owed), None) => cents(interest_only_payment(owed, segment.rate).ok()?),
            (Some(owed), Some(over)) => cents(level_payment(owed, segment.rate, over).ok()?),
            (None, _) => half_up(balance * segment.factor),
        };
        end = end.saturating_add(segment.months);
        runs.push(Run { end, payment });
        if segment.over.is_some() {
            balance = balance * segment.growth - payment * segment.paid;
            exact = None;
        }
    }
    if terms.has_balloon() {
        let last = runs.last_mut()?;
        last.end = last.end.checked_sub(1)?;
        runs.push(Run {
            end,
            payment: payment + balance,
        });
        runs.retain(|run| run.end > 0);
        runs.dedup_by_key(|run| run.end);
    }
    Some(runs)
}

/// What insurance adds to the payments.
struct Premium {
    first: Cents,
    payments: u32,
    /// Level premium in cents, or for each year its premium.
    years: Vec<f64>,
    level: f64,
}

impl Premium {
    fn of(terms: &Terms, facts: &Cost) -> Option<Self> {
        let Some(mi) = &facts.mi else {
            return Some(Self {
                first: Cents::ZERO,
                payments: 0,
                years: Vec::new(),
                level: 0.0,
            });
        };
        let rows = terms.plan(facts.principal).ok()?.schedule().ok()?.rows;
        let base_rows = match mi.premium {
            MiPremium::AnnualOfBalance { base_loan, .. } => first_year(terms, base_loan)?,
            MiPremium::Monthly(_) | MiPremium::AnnualOfLoan(_) => Vec::new(),
        };
        let payments = mi_payments(&rows, &mi.stop, terms.amortization).ok()?;
        // The first year's premiums are the same on a card and in a quote.
        let shown = rows.get(..rows.len().min(12))?;
        let unending = MiTerms {
            stop: Default::default(),
            ..*mi
        };
        let premiums = mi_premiums(
            facts.principal,
            shown,
            &base_rows,
            &unending,
            terms.amortization,
        );
        let first = premiums.ok()?.first().copied()?;
        let years = match mi.premium {
            MiPremium::AnnualOfBalance { annual, base_loan } => {
                let share = annual.e9() as f64 / 1.2e12 * cents(base_loan);
                let years = Balances::of(terms).years();
                years.iter().map(|average| average * share).collect()
            }
            MiPremium::Monthly(_) | MiPremium::AnnualOfLoan(_) => Vec::new(),
        };
        Some(Self {
            first: if payments > 0 { first } else { Cents::ZERO },
            payments,
            level: cents(first),
            years,
        })
    }

    /// Cuts the runs where the premium changes and adds it.
    fn add_to(&self, runs: &mut Vec<Run>, terms: &Terms) {
        if self.payments == 0 {
            return;
        }
        let mut cuts = vec![self.payments];
        if !self.years.is_empty() {
            cuts.extend((12..self.payments).step_by(12));
        }
        cuts.extend(runs.iter().map(|run| run.end));
        cuts.sort_unstable();
        cuts.dedup();
        let payment_at = |end: u32| {
            let run = runs.iter().find(|run| run.end >= end);
            run.map_or(0.0, |run| run.payment)
        };
        let premium_at = |end: u32| {
            if end > self.payments {
                return 0.0;
            }
            let year = usize::try_from(end.saturating_sub(1) / 12).unwrap_or_default();
            self.years.get(year).copied().unwrap_or(self.level)
        };
        let cut = cuts
            .into_iter()
            .filter(|end| *end <= terms.term)
            .map(|end| Run {
                end,
                payment: payment_at(end) + premium_at(end),
            })
            .collect();
        *runs = cut;
    }
}

/// The first twelve rows of the schedule of a premium's base loan.
fn first_year(terms: &Terms, base_loan: Cents) -> Option<Vec<Row>> {
    let mut rows = terms.plan(base_loan).ok()?.schedule().ok()?.rows;
    rows.truncate(12);
    Some(rows)
}

fn apr(financed: Cents, runs: &[Run], guess: Pct) -> Option<Pct> {
    if runs.len() > MAX_LEVELS {
        return None;
    }
    let mut start = 0;
    let levels: Vec<Level> = runs
        .iter()
        .map(|run| {
            let count = run.end.saturating_sub(start);
            start = run.end;
            Level {
                count,
                payment: run.payment / 100.0,
            }
        })
        .collect();
    match solve_levels(cents(financed) / 100.0, &levels, guess).ok()? {
        Solution::Found(found) => Some(found.apr),
        Solution::NotConverged { .. } | Solution::NoSolution(_) => None,
    }
}

/// Cents as a float: exact below 2^53.
pub(super) fn cents(amount: Cents) -> f64 {
    amount.get() as f64
}

/// The nearest whole number of a figure that is not negative, halves up.
pub(super) fn half_up(value: f64) -> f64 {
    (value + 0.5).floor()
}

/// A whole number; none when it is not a number or beyond 2^53.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the bound is checked first"
)]
pub(super) fn to_i64(value: f64) -> Option<i64> {
    (value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
}
