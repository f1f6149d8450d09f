//! The invented loans that every solver gets: the same in every run and on every machine.
//!
//! The mix of the published comparison: 80 % of 360 months, 15 % of 180, 5 % of 240; 40 % level, 42 %
//! with mortgage insurance until the scheduled balance is 78 % of the value, 8 % whose insurance
//! falls to a renewal premium after ten years, 10 % with a temporary 2-1 buydown.

use lintel_engine::apr::{Level, LevelLoan};
use lintel_engine::bulk::{FixedColumns, LevelColumns};
use lintel_engine::schedule::level_payment;
use lintel_engine::{Cents, Pct};

use super::super::progress;
use super::super::random::Seeded;

/// Levels of a loan; the engine's batch takes up to four.
const LEVELS: usize = 3;
/// A percentage point.
const POINT: i64 = Pct::SCALE;

/// Loans as columns.
#[derive(Default)]
pub(super) struct Mix {
    pub(super) principal: Vec<Cents>,
    pub(super) rate: Vec<Pct>,
    pub(super) term: Vec<u32>,
    pub(super) amount: Vec<f64>,
    count: [Vec<u32>; LEVELS],
    payment: [Vec<f64>; LEVELS],
    kinds: [usize; 4],
}

impl Mix {
    pub(super) fn invent(loans: u64) -> Result<Self, String> {
        let mut numbers = Seeded::new(20_261_120);
        let mut mix = Self::default();
        let bar = progress(loans, "inventing loans");
        for made in 0..loans {
            mix.push(&mut numbers)
                .ok_or("an invented loan is beyond the bounds of the engine")?;
            if made.is_multiple_of(8192) {
                bar.set_position(made);
            }
        }
        bar.finish_and_clear();
        Ok(mix)
    }

    pub(super) fn len(&self) -> usize {
        self.principal.len()
    }

    pub(super) fn describe(&self) -> String {
        let [level, insured, renewed, bought_down] = self.kinds;
        format!(
            "{level} level, {insured} with mortgage insurance to 78 %, {renewed} with a renewal premium, \
             {bought_down} with a 2-1 buydown; 180, 240 or 360 months"
        )
    }

    /// Every loan for the batch solver.
    pub(super) fn levels(&self) -> LevelColumns<'_> {
        let [a, b, c] = &self.count;
        let [p, q, r] = &self.payment;
        LevelColumns {
            amount_financed: &self.amount,
            guess: &self.rate,
            count: [a, b, c, &[]],
            payment: [p, q, r, &[]],
        }
    }

    /// Every loan for the schedules.
    pub(super) fn fixed(&self) -> FixedColumns<'_> {
        FixedColumns {
            principal: &self.principal,
            rate: &self.rate,
            term_months: &self.term,
        }
    }

    /// Loan k for a single call.
    pub(super) fn loan(&self, k: usize) -> Option<LevelLoan> {
        let mut levels = [Level::default(); 4];
        for ((level, counts), payments) in levels.iter_mut().zip(&self.count).zip(&self.payment) {
            *level = Level {
                count: *counts.get(k)?,
                payment: *payments.get(k)?,
            };
        }
        Some(LevelLoan {
            amount_financed: *self.amount.get(k)?,
            levels,
            guess: *self.rate.get(k)?,
        })
    }

    fn push(&mut self, numbers: &mut Seeded) -> Option<()> {
        let hundreds = (12.6 + 0.45 * normal(numbers)).exp() / 100.0;
        let loan = Cents::new(whole(hundreds.clamp(500.0, 12_000.0)) * 10_000);
        let rate = Pct::new(POINT * 9 / 2 + numbers.between(0, 32) * (POINT / 8));
        let term = match numbers.below(100) {
            0..80 => 360,
            80..95 => 180,
            _ => 240,
        };
        let payment = level_payment(loan, rate, term).ok()?;
        let (kind, levels) = match numbers.below(100) {
            0..40 => (0, [(term, payment), (0, payment), (0, payment)]),
            40..82 => (1, insured(numbers, loan, rate, term, payment)?),
            82..90 => (2, renewed(numbers, loan, rate, term, payment)?),
            _ => (3, bought_down(loan, rate, term, payment)?),
        };
        let part = numbers.part() * 0.03;
        let fee = whole(cents(loan) * part) + numbers.between(60_000, 350_000);
        self.amount
            .push(dollars(loan.checked_sub(Cents::new(fee))?));
        for (at, (count, payment)) in levels.into_iter().enumerate() {
            self.count.get_mut(at)?.push(count);
            self.payment.get_mut(at)?.push(dollars(payment));
        }
        *self.kinds.get_mut(kind)? += 1;
        self.principal.push(loan);
        self.rate.push(rate);
        self.term.push(term);
        Some(())
    }
}

type Levels = [(u32, Cents); LEVELS];

/// Insurance until the balance by the closed form is 78 % of the value.
fn insured(
    numbers: &mut Seeded,
    loan: Cents,
    rate: Pct,
    term: u32,
    payment: Cents,
) -> Option<Levels> {
    let end = insurance_end(numbers, loan, rate, term, payment);
    let with = payment.checked_add(premium(numbers, loan))?;
    Some([(end, with), (term.checked_sub(end)?, payment), (0, payment)])
}

/// As [`insured`], falling to a fifth of a per cent a year after ten years at the latest, for five.
fn renewed(
    numbers: &mut Seeded,
    loan: Cents,
    rate: Pct,
    term: u32,
    payment: Cents,
) -> Option<Levels> {
    let first = insurance_end(numbers, loan, rate, term, payment).min(120);
    let second = term.checked_sub(first)?.min(60);
    let with = payment.checked_add(premium(numbers, loan))?;
    let renewal = Cents::new(whole(cents(loan) * 0.002 / 12.0));
    Some([
        (first, with),
        (second, payment.checked_add(renewal)?),
        (term.checked_sub(first)?.checked_sub(second)?, payment),
    ])
}

/// Payments as if the rate were two points lower in the first year and one in the second.
fn bought_down(loan: Cents, rate: Pct, term: u32, payment: Cents) -> Option<Levels> {
    let at = |lower: i64| level_payment(loan, rate.checked_sub(Pct::new(lower))?, term).ok();
    Some([
        (12, at(2 * POINT)?),
        (12, at(POINT)?),
        (term.checked_sub(24)?, payment),
    ])
}

/// A monthly premium of 0.2 % to 1.2 % a year.
fn premium(numbers: &mut Seeded, loan: Cents) -> Cents {
    let yearly = 0.002 + numbers.part() * 0.010;
    Cents::new(whole(cents(loan) * yearly / 12.0))
}

/// First month after which the balance is at most 78 % of the value of a loan of 80.5 % to 97 %.
fn insurance_end(numbers: &mut Seeded, loan: Cents, rate: Pct, term: u32, payment: Cents) -> u32 {
    let ltv = 0.805 + numbers.part() * 0.165;
    let monthly = fraction(rate) / 12.0;
    // Balance after m months ≤ mark, solved for m: (1 + i)^m ≥ (p/i − mark) / (p/i − loan).
    let perpetual = dollars(payment) / monthly;
    let mark = 0.78 * dollars(loan) / ltv;
    let months = ((perpetual - mark) / (perpetual - dollars(loan))).ln() / monthly.ln_1p();
    let months = whole(months.ceil().clamp(1.0, f64::from(term)));
    u32::try_from(months).unwrap_or(term)
}

/// A standard normal number (Box and Muller).
fn normal(numbers: &mut Seeded) -> f64 {
    let (one, two) = (1.0 - numbers.part(), numbers.part());
    (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * two).cos()
}

/// The yearly rate as a fraction of one. Exact: eighths of a per cent.
pub(super) fn fraction(rate: Pct) -> f64 {
    cents(Cents::new(rate.e9())) / 1e11
}

pub(super) fn dollars(amount: Cents) -> f64 {
    cents(amount) / 100.0
}

/// A count of cents, far below 2^53 here.
pub(super) fn cents(amount: Cents) -> f64 {
    amount.get() as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "invented amounts are far below 2^53"
)]
fn whole(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mix_is_the_stated_one() {
        let mix = Mix::invent(20_000).unwrap();
        let share = |part: usize| part * 100 / mix.len();
        assert_eq!(mix.kinds.iter().sum::<usize>(), 20_000);
        for (found, stated) in mix.kinds.into_iter().zip([40, 42, 8, 10]) {
            assert!(share(found).abs_diff(stated) <= 1, "{found} of {stated} %");
        }
        let long = mix.term.iter().filter(|term| **term == 360).count();
        assert!(share(long).abs_diff(80) <= 1);
        for k in 0..mix.len() {
            let loan = mix.loan(k).unwrap();
            let months: u32 = loan.levels.iter().map(|level| level.count).sum();
            assert_eq!(months, mix.term[k]);
            assert!(loan.amount_financed < dollars(mix.principal[k]));
        }
    }
}
