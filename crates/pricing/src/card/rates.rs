//! A product's note rates made ready: payments, guesses, and when a level premium ends.

use lintel_domain::product::ProductTerms;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::schedule::monthly_interest;
use lintel_engine::us::arm::ArmTerms;
use lintel_engine::us::mi::{MiPremium, MiStop, MiTerms, mi_payments};

use super::guess::{GUESS, LEAST, MOST, Polynomial, discount};
use super::lanes::{MAX_MONTHS, MAX_RUNS, MiGuess, Premium, Run, RunKind, SHARE};
use super::payments::cents;
use super::terms::{Balances, Segment, Terms, power};
use super::variant::Variant;

/// A note rate of a card: its row of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateColumn {
    /// Note rate, percent a year.
    pub note_rate: Pct,
    /// Days of the lock.
    pub lock_days: u32,
    /// Price on the sheet, percent of par.
    pub price: Pct,
}

/// A product at a note rate.
#[derive(Debug)]
pub(super) struct Rate {
    pub(super) column: RateColumn,
    /// None: the engine refuses the terms, nothing is offered.
    pub(super) terms: Option<Terms>,
    pub(super) balances: Balances,
    /// Runs of payments for the lanes; none when they cannot take them.
    pub(super) runs: Option<Vec<Run>>,
}

/// What the lanes need of a rate for one variant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fitted {
    pub(super) guess: Polynomial<GUESS>,
    pub(super) declining: Option<Premium>,
}

/// Largest share of the principal a month that a level premium may be in the lanes.
pub(super) const MOST_PREMIUM: f64 = 0.01;
/// Monthly rates the lanes answer for.
const HIGHEST: f64 = 0.05;
/// Share of `u B'` that `(n+8) Σ|c|` may be, both of a principal of one, for a rounding error below
/// 4·10^-13 a month; `B` is the present value of the payments.
const ROUNDING: f64 = 4e-13 * 9_007_199_254_740_992.0;

impl Rate {
    pub(super) fn new(product: &ProductTerms, arm: Option<&ArmTerms>, column: RateColumn) -> Self {
        let terms = Terms::new(product, arm, column.note_rate).ok();
        let balances = terms.as_ref().map(Balances::of);
        let runs = terms.as_ref().and_then(runs);
        Self {
            column,
            terms,
            balances: balances.unwrap_or(Balances {
                share: Vec::new(),
                drift: Vec::new(),
            }),
            runs,
        }
    }

    /// A rate nothing is offered at.
    pub(super) const fn refused(column: RateColumn) -> Self {
        Self {
            column,
            terms: None,
            balances: Balances {
                share: Vec::new(),
                drift: Vec::new(),
            },
            runs: None,
        }
    }

    /// None when the lanes cannot take the rate or the variant.
    pub(super) fn fit(&self, variant: &Variant) -> Option<Fitted> {
        let terms = self.terms.as_ref()?;
        if variant.is_exact || self.runs.is_none() {
            return None;
        }
        let declining = variant.declining(&self.balances);
        let guess = discount(terms, declining.as_ref())?;
        if !is_steady(terms, &guess) {
            return None;
        }
        let premium = match &declining {
            None => None,
            Some(declining) => {
                let ends = [guess.at(LEAST), guess.at(MOST)];
                let year = self
                    .balances
                    .drift
                    .get(..12.min(self.balances.drift.len()))?;
                let months = u32::try_from(year.len()).map_or(1.0, f64::from);
                let (annual, _) = variant.premium?;
                let drift = year.iter().sum::<f64>() / months * (annual.e9() as f64 / 1.2e12);
                Some(Premium {
                    present: declining.present(ends[0].min(ends[1]), ends[0].max(ends[1]))?,
                    first: *declining.years.first()?,
                    drift: drift + 1e-6,
                })
            }
        };
        Some(Fitted {
            guess,
            declining: premium,
        })
    }

    /// How a level premium of `share` of the principal moves the guess when it ends after `months`.
    pub(super) fn mi_guess(&self, guess: &Polynomial<GUESS>, months: u32, share: f64) -> MiGuess {
        let mut moved = 0.0;
        let mut found = MiGuess {
            months,
            kappa: 0.0,
            lambda: 0.0,
        };
        // The discount at the middle share, from the one without the premium.
        for _ in 0..4 {
            let at = SHARE - moved;
            let v = guess.at(at);
            let slope = (guess.at(at + 1e-4) - guess.at(at - 1e-4)) / 2e-4;
            let (annuity, derivative) = annuity(v, months);
            moved = share * annuity;
            found.kappa = annuity;
            found.lambda = derivative * slope / (1.0 + slope * share * derivative);
        }
        found
    }

    /// Payments that carry a premium: the first whose balance before it is not above `mark` (cents)
    /// ends it, as does `cap`. None when only the schedule in cents can tell.
    pub(super) fn months(&self, mark: f64, principal: f64, cap: usize) -> Option<usize> {
        let share = mark / principal;
        let balances = &self.balances;
        let within = balances.share.get(..cap)?;
        let months = within.partition_point(|balance| *balance > share);
        // Cents the balance is away from the mark, before the payment and the one before.
        let clear = |at: usize| {
            let (Some(balance), Some(drift)) = (balances.share.get(at), balances.drift.get(at))
            else {
                return false;
            };
            (balance - share).abs() * principal > drift + 1e-2
        };
        let sure = (months == 0 || clear(months - 1)) && (months == cap || clear(months));
        sure.then_some(months)
    }

    /// The same by the schedule in cents; zero when it cannot be made.
    pub(super) fn exact_months(&self, principal: Cents, stop: &MiStop) -> u32 {
        let Some(terms) = &self.terms else { return 0 };
        let quick = self.walk(terms, principal, stop);
        quick
            .or_else(|| {
                let rows = terms.plan(principal).ok()?.schedule().ok()?.rows;
                mi_payments(&rows, stop, terms.amortization).ok()
            })
            .unwrap_or_default()
    }

    /// The first month's premium on the balance in cents: of the average of the first twelve balances
    /// of the schedule in cents. None where only the whole schedule tells.
    pub(super) fn first_premium(&self, mi: &MiTerms) -> Option<u32> {
        let MiPremium::AnnualOfBalance { annual, base_loan } = mi.premium else {
            return None;
        };
        let segment = self.terms.as_ref()?.segments.first()?;
        if segment.months < 13 {
            return None;
        }
        let payment =
            lintel_engine::schedule::level_payment(base_loan, segment.rate, segment.over?).ok()?;
        let (mut balance, mut sum) = (base_loan, Cents::ZERO);
        for _ in 0..12 {
            sum = sum.checked_add(balance)?;
            let interest = monthly_interest(balance, segment.rate)?;
            balance = balance.checked_add(interest)?.checked_sub(payment)?;
            if !balance.is_positive() {
                return None;
            }
        }
        let whole = i128::from(Pct::HUNDRED.e9()) * 144;
        let rounding = lintel_engine::money::Rounding::HalfUp;
        let premium = sum.mul_ratio(i128::from(annual.e9()), whole, rounding)?;
        u32::try_from(premium.get()).ok()
    }

    /// Walks the first run of the schedule, until the premium ends; none when it does not end there.
    fn walk(&self, terms: &Terms, principal: Cents, stop: &MiStop) -> Option<u32> {
        let threshold = stop.threshold?;
        let segment = terms
            .segments
            .first()
            .filter(|segment| segment.over.is_some())?;
        let payment =
            lintel_engine::schedule::level_payment(principal, segment.rate, segment.over?).ok()?;
        let cap = cap_of(terms, stop);
        // "Above the mark" of whole cents is above the mark rounded down.
        let mark = threshold.original_value.mul_ratio(
            i128::from(threshold.percent.e9()),
            i128::from(Pct::HUNDRED.e9()),
            lintel_engine::money::Rounding::Down,
        )?;
        let mut balance = principal;
        for month in 0..segment.months.min(cap) {
            if balance <= mark {
                return Some(month);
            }
            let interest = monthly_interest(balance, segment.rate)?;
            balance = balance.checked_add(interest)?.checked_sub(payment)?;
        }
        (cap <= segment.months).then_some(cap)
    }
}

/// Most payments that can carry a premium.
pub(super) fn cap_of(terms: &Terms, stop: &MiStop) -> u32 {
    let cap = stop
        .max_payments
        .map_or(terms.term, |most| most.min(terms.term));
    if stop.at_midpoint {
        cap.min(terms.amortization / 2)
    } else {
        cap
    }
}

/// Cents of the mark of a stop at a price; none without one.
pub(super) fn mark_of(stop: &MiStop, price: Cents) -> Option<f64> {
    let threshold = stop.threshold?;
    Some(cents(price) * (threshold.percent.e9() as f64 / Pct::HUNDRED.e9() as f64))
}

/// Whether rounding cannot move a rate by more than the proof of the lanes allows: at both ends of the
/// shares financed. `N` is off by at most `2^-53 (n+8) Σ|c v^e|`, which is at most three times the
/// payments, and that moves the rate by `1/(u B')` times as much.
fn is_steady(terms: &Terms, guess: &Polynomial<GUESS>) -> bool {
    let (mut balance, mut payments) = (1.0, MOST_PREMIUM);
    for segment in &terms.segments {
        let payment = balance * segment.factor;
        payments += payment;
        if segment.over.is_some() {
            balance = balance * segment.growth - payment * segment.paid;
        }
    }
    // A balloon is one payment of what is left.
    payments += balance.max(0.0);
    let weight = 3.0 * f64::from(terms.term.saturating_add(8)) * payments;
    [LEAST, MOST].into_iter().all(|share| {
        let u = 1.0 - guess.at(share);
        let inside = if share < 0.9 {
            share + 1e-4
        } else {
            share - 1e-4
        };
        let slope = (guess.at(share) - guess.at(inside)) / (share - inside);
        let rate = u / (1.0 - u);
        rate > 0.0 && rate < HIGHEST && slope > 0.0 && weight <= ROUNDING * u / slope
    })
}

/// `Σ v^m` for m from 1 to `months`, and its derivative.
fn annuity(v: f64, months: u32) -> (f64, f64) {
    let n = f64::from(months);
    let (u, end) = (1.0 - v, power(v, months));
    let value = (1.0 - end) * v / u;
    let derivative = (1.0 - (n + 1.0) * end + n * end * v) / (u * u);
    (value, derivative)
}

/// The runs the lanes follow; none for more or longer ones than they take.
fn runs(terms: &Terms) -> Option<Vec<Run>> {
    if terms.term > MAX_MONTHS {
        return None;
    }
    let e3 = terms.note_rate.e9() % 1_000_000 == 0 && terms.note_rate.e9() <= 25_000_000_000;
    let mut runs = Vec::new();
    let mut end = 0;
    let mut before: Option<&Segment> = None;
    for segment in &terms.segments {
        let amortised = before.is_some_and(|before| before.over.is_some());
        let kind = match segment.over {
            None if segment.rate == terms.note_rate && e3 => RunKind::Interest,
            None => return None,
            Some(_) if amortised => RunKind::Again,
            Some(_) => RunKind::Level,
        };
        end += segment.months;
        runs.push(Run {
            end,
            kind,
            factor: segment.factor,
            growth: before.map_or(1.0, |before| before.growth),
            paid: before.map_or(0.0, |before| before.paid),
        });
        before = Some(segment);
    }
    if terms.has_balloon() {
        let last = runs.last_mut()?;
        last.end = last.end.checked_sub(1).filter(|end| *end > 0)?;
        let segment = before?;
        let amortises = segment.over.is_some();
        runs.push(Run {
            end,
            kind: RunKind::Balloon,
            factor: 0.0,
            growth: if amortises { segment.growth } else { 1.0 },
            paid: if amortises { segment.paid } else { 0.0 },
        });
    }
    if !e3 || runs.len() > MAX_RUNS {
        return None;
    }
    if runs.len() == 3 {
        runs.push(Run {
            end,
            kind: RunKind::None,
            factor: 0.0,
            growth: 1.0,
            paid: 0.0,
        });
    }
    Some(runs)
}
