//! Where the lanes begin: the monthly discount as a polynomial of the share of the principal that is
//! financed, one polynomial for a product at a note rate.
//!
//! Payments are proportional to the principal but for cents, so the discount `v` that balances them
//! depends on `α = A / P` alone, and smoothly: interpolated at Chebyshev's nodes it is good to about
//! 10^-9, and one step of Halley's method makes it exact. A level insurance premium is taken off
//! `α` at its value near the answer; a premium on the balance is part of the payments.

use lintel_engine::apr::{Level, Solution, solve_levels};

use super::terms::Terms;

/// Coefficients of the guess.
pub(super) const GUESS: usize = 6;
/// Shares financed the guess is made for, a level premium taken off. Fewer is possible (a small loan
/// with large charges): those rows have no proof and go the exact road.
pub(super) const LEAST: f64 = 0.74;
pub(super) const MOST: f64 = 1.0;
/// Coefficients of a premium's present value, and of its first and second derivative.
pub(super) const VALUE: usize = 9;
pub(super) const FIRST: usize = 6;
pub(super) const SECOND: usize = 3;

/// A polynomial in `x − center`, lowest power first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Polynomial<const N: usize> {
    pub(super) center: f64,
    pub(super) coefficients: [f64; N],
}

/// A premium on the balance, as shares of the base loan.
#[derive(Debug, Clone)]
pub(super) struct Declining {
    /// Each month's premium, year by year.
    pub(super) years: Vec<f64>,
    /// Payments that carry it.
    pub(super) payments: u32,
    /// Base loan over principal.
    pub(super) base: f64,
}

/// A premium's present value for a base loan of one, over the discounts of the guess.
#[derive(Debug, Clone, Copy)]
pub(super) struct Present {
    pub(super) value: Polynomial<VALUE>,
    pub(super) first: Polynomial<FIRST>,
    pub(super) second: Polynomial<SECOND>,
}

impl<const N: usize> Polynomial<N> {
    /// Through the values of `f` at Chebyshev's nodes between two ends; none when one has no value.
    fn through(low: f64, high: f64, f: impl Fn(f64) -> Option<f64>) -> Option<Self> {
        let (center, half) = ((low + high) / 2.0, (high - low) / 2.0);
        let nodes = chebyshev::<N>();
        // Newton's divided differences over the nodes in the scaled variable.
        let mut table = [0.0; N];
        for (place, node) in table.iter_mut().zip(&nodes) {
            *place = f(center + half * node)?;
        }
        for order in 1..N {
            for at in (order..N).rev() {
                table[at] = (table[at] - table[at - 1]) / (nodes[at] - nodes[at - order]);
            }
        }
        // Multiplied out into powers.
        let mut coefficients = [0.0; N];
        for at in (0..N).rev() {
            for power in (0..N).rev() {
                let below = if power > 0 {
                    coefficients[power - 1]
                } else {
                    0.0
                };
                coefficients[power] = below - nodes[at] * coefficients[power];
            }
            coefficients[0] += table[at];
        }
        let mut unit = 1.0;
        for coefficient in &mut coefficients {
            *coefficient *= unit;
            unit /= half;
        }
        Some(Self {
            center,
            coefficients,
        })
    }

    /// The value at `x`.
    pub(super) fn at(&self, x: f64) -> f64 {
        let x = x - self.center;
        self.coefficients
            .iter()
            .rev()
            .fold(0.0, |sum, coefficient| sum * x + coefficient)
    }
}

/// The nodes `cos((2k+1)π/2N)` by their half-angle recurrence: no library function whose last bit
/// differs between machines.
fn chebyshev<const N: usize>() -> [f64; N] {
    // cos and sin of the angles by Taylor's series, which converge fast below π.
    let angle = |k: usize| {
        let parts = u32::try_from(2 * k + 1).map_or(0.0, f64::from);
        let of = u32::try_from(2 * N).map_or(1.0, f64::from);
        std::f64::consts::PI * parts / of
    };
    std::array::from_fn(|k| {
        let x = angle(k);
        let (mut term, mut sum) = (1.0, 1.0);
        for n in (2..40).step_by(2) {
            let n = f64::from(n);
            term *= -x * x / (n * (n - 1.0));
            sum += term;
        }
        sum
    })
}

/// The monthly discount over the share financed; none when the payments have no rate.
pub(super) fn discount(terms: &Terms, premium: Option<&Declining>) -> Option<Polynomial<GUESS>> {
    let levels = levels(terms, premium);
    Polynomial::through(LEAST, MOST, |share| {
        let amount = share * UNIT;
        match solve_levels(amount, &levels, terms.note_rate).ok()? {
            Solution::Found(found) => Some(1.0 / (1.0 + found.rate_per_period)),
            Solution::NotConverged { .. } | Solution::NoSolution(_) => None,
        }
    })
}

/// Principal of the model loan.
const UNIT: f64 = 1e6;

/// The unrounded payments of the model loan.
fn levels(terms: &Terms, premium: Option<&Declining>) -> Vec<Level> {
    let mut ends = Vec::new();
    let (mut balance, mut end) = (UNIT, 0_u32);
    for segment in &terms.segments {
        let payment = balance * segment.factor;
        end += segment.months;
        ends.push((end, payment));
        if segment.over.is_some() {
            balance = balance * segment.growth - payment * segment.paid;
        }
    }
    if terms.has_balloon()
        && let Some(last) = ends.last_mut()
    {
        last.0 -= 1;
        let payment = last.1 + balance;
        ends.push((end, payment));
    }
    let mut cuts: Vec<u32> = ends.iter().map(|(end, _)| *end).collect();
    if let Some(premium) = premium {
        cuts.extend((12..premium.payments).step_by(12));
        cuts.push(premium.payments.min(terms.term));
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut start = 0;
    cuts.retain(|end| *end > 0);
    cuts.into_iter()
        .map(|end| {
            let payment = ends
                .iter()
                .find(|(to, _)| *to >= end)
                .map_or(0.0, |to| to.1);
            let extra = premium.map_or(0.0, |premium| premium.at(end) * premium.base * UNIT);
            let count = end - start;
            start = end;
            Level {
                count,
                payment: payment + extra,
            }
        })
        .collect()
}

impl Declining {
    /// The premium of a payment, by its number from 1.
    fn at(&self, number: u32) -> f64 {
        if number > self.payments {
            return 0.0;
        }
        let year = usize::try_from(number.saturating_sub(1) / 12).unwrap_or_default();
        self.years.get(year).copied().unwrap_or_default()
    }

    /// Present value and derivatives over the discounts between two ends.
    pub(super) fn present(&self, low: f64, high: f64) -> Option<Present> {
        // A little more than the guess reaches, for its error.
        let (low, high) = (low - (high - low) * 0.02, high + (high - low) * 0.02);
        Some(Present {
            value: Polynomial::through(low, high, |v| Some(self.sums(v)[0]))?,
            first: Polynomial::through(low, high, |v| Some(self.sums(v)[1]))?,
            second: Polynomial::through(low, high, |v| Some(self.sums(v)[2]))?,
        })
    }

    /// `Σ p v^m` and its first two derivatives, by Horner's scheme.
    fn sums(&self, v: f64) -> [f64; 3] {
        let (mut value, mut first, mut second) = (0.0, 0.0, 0.0);
        for number in (0..=self.payments).rev() {
            second = second * v + first;
            first = first * v + value;
            value = value * v + if number > 0 { self.at(number) } else { 0.0 };
        }
        [value, first, 2.0 * second]
    }
}
