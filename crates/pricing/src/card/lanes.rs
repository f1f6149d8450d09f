//! Rows of one note rate in lanes: price, points, charges, payment and annual percentage rate.
//!
//! Everything up to the payment is whole numbers held exactly in doubles. A quotient is rounded half
//! up as `floor((x + d/2 + ¼) / d)`: the quarter keeps an exact half from falling below itself by
//! the rounding of `1/d`, and moves nothing else because `x` is whole; quotients are below 2^40 and
//! denominators below 2^26, so the error stays far below `¼/d`. The level payment is a product with a
//! factor good to two units in the last place; where it comes near half a cent the row is doubtful.
//!
//! The annual percentage rate: with `v = 1/(1+i)`, `u = 1 − v`, months `e_k` at which the payment
//! drops by `c_k`, `N = P_1 − Σ c_k v^e_k`, `M = v N`, and `h` the present value of a premium on the
//! base loan `L`, the payments balance the amount financed `A` where `f = M/u + L h − A` is zero.
//! One step of Halley's method from the guess of [`super::guess`], with one division:
//!
//! ```text
//! e = u f = M − A u + u L h      s = u² f' = M + u M' + u² L h'      q = u³ f'' = u² M'' + 2 (M + u M') + u³ L h''
//! change of v = −u e s / (s² − e q / 2)
//! ```
//!
//! A rate is kept only with a proof, else the row is doubtful: the payments are positive and none is
//! later than month n, so Halley's error constant for `f` is at most `n²/4v²`, and after a step of at
//! most 10^-6 the error is below 10^-13 a month for terms up to 511 months. What rounding can do is
//! bounded once for a note rate ([`super::rates::Rate::fit`]), for the shares financed that a row is
//! checked to lie within. Doubtful rows go to [`super::payments::price_row`].
//!
//! Two passes over a tile, so that the processor works on several vectors at once: charges and
//! payments, then the rate.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x8, i64x8, mask64x8, u32x16, u64x8};
use lintel_engine::bulk::LaneWork;

use super::NOT_OFFERED;
use super::guess::{GUESS, Polynomial, Present};

/// Rows side by side.
pub(super) const LANES: usize = 16;
/// Longest term, in bits of its months.
const BITS: u32 = 9;
pub(super) const MAX_MONTHS: u32 = (1 << BITS) - 1;
/// Most runs of equal payments.
pub(super) const MAX_RUNS: usize = 4;
/// Largest step of `v` whose error is proved.
const STEP: f64 = 1e-6;
/// Stands for what is financed of a scene without an offer.
const NOTHING: f64 = -1e300;
/// 1.5 × 2^52: a whole number added to it stands in its low bits.
const WHOLE: f64 = 6_755_399_441_055_744.0;
/// 2^52, for whole numbers that are not negative.
const INTEGER: f64 = 4_503_599_627_370_496.0;
/// Points are discounts from this price, in thousandths of a percent.
const PAR_E3: f64 = 100_000.0;

/// The columns the lanes read; all of one length, a multiple of [`LANES`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Scenes<'a> {
    /// Base loan in cents.
    pub(super) loan: &'a [f64],
    /// The note in cents.
    pub(super) principal: &'a [f64],
    /// One over the note.
    pub(super) inverse: &'a [f64],
    /// Finance charges in cents, without points and interest.
    pub(super) fees: &'a [f64],
    /// What is added to the sheet's price, billionths of a percent; far below zero: not offered.
    pub(super) adjustment: &'a [f64],
    /// Level premium in cents.
    pub(super) premium: &'a [f64],
    /// Payments that carry it; read only where they differ from row to row.
    pub(super) months: &'a [f64],
    /// `κ` and `λ` of the guess with these months; see [`MiGuess`].
    pub(super) kappa: &'a [f64],
    /// As `kappa`.
    pub(super) lambda: &'a [f64],
}

/// What the first pass leaves for the second; each as long as the scenes.
#[derive(Debug, Clone, Default)]
pub(super) struct Between {
    financed: Vec<f64>,
    payment: [Vec<f64>; MAX_RUNS],
}

impl Between {
    pub(super) fn resize(&mut self, rows: usize) {
        self.financed.resize(rows, 0.0);
        for payment in &mut self.payment {
            payment.resize(rows, 0.0);
        }
    }
}

/// Where the answers go; each as long as the scenes.
#[derive(Debug)]
pub(super) struct Answers<'a> {
    pub(super) apr: &'a mut [u32],
    pub(super) payment: &'a mut [u32],
    pub(super) price: &'a mut [u32],
    pub(super) points: &'a mut [u32],
    pub(super) fees: &'a mut [u32],
    pub(super) premium: &'a mut [u32],
    /// For each sixteen rows, bit k: row k has to go the exact road.
    pub(super) doubts: &'a mut [u16],
    /// The same of the first premium alone.
    pub(super) premium_doubts: &'a mut [u16],
}

/// What all rows of a note rate have in common.
#[derive(Debug, Clone)]
pub(super) struct RateFacts {
    /// Price on the sheet, billionths of a percent.
    pub(super) base: f64,
    /// The product's highest price, billionths of a percent.
    pub(super) highest: f64,
    /// Prices offered, thousandths of a percent, both included.
    pub(super) offered: [f64; 2],
    /// Note rate in thousandths of a percent: a whole number.
    pub(super) rate_e3: f64,
    /// Days of prepaid interest that is a finance charge.
    pub(super) days: f64,
    /// One when discount points are a finance charge, else zero.
    pub(super) counts_points: f64,
    /// Runs of payments, one to [`MAX_RUNS`].
    pub(super) runs: Vec<Run>,
    /// The guess.
    pub(super) guess: Polynomial<GUESS>,
    /// Shares financed that its proof holds for.
    pub(super) shares: [f64; 2],
    /// Level premium: until when.
    pub(super) level: Level,
    /// Premium on the balance.
    pub(super) declining: Option<Premium>,
    /// Whether that is of the note and not of the base loan.
    pub(super) premium_of_principal: bool,
}

/// A run of equal payments.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// Month of its last payment.
    pub(super) end: u32,
    /// How the payment comes about.
    pub(super) kind: RunKind,
    /// Payment for a balance of one.
    pub(super) factor: f64,
    /// Growth of the balance over the run that this payment is worked out from the end of.
    pub(super) growth: f64,
    /// What payments of one become over that run.
    pub(super) paid: f64,
}

/// How a run's payment comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RunKind {
    /// A month's interest on the principal.
    Interest,
    /// The level payment of the principal.
    Level,
    /// The level payment of what the run before leaves.
    Again,
    /// The payment before, and all that is left.
    Balloon,
    /// Nothing changes: fills up the number of runs.
    None,
}

/// The level premium's end.
#[derive(Debug, Clone, Copy)]
pub(super) enum Level {
    /// No row has a level premium.
    None,
    /// It ends alike for all rows.
    Together(MiGuess),
    /// Row by row.
    Apart,
}

/// How a level premium moves the guess: `α` becomes `α − y (κ + λ (α − α_0))`, `y` being the premium
/// as a share of the principal.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MiGuess {
    pub(super) months: u32,
    pub(super) kappa: f64,
    pub(super) lambda: f64,
}

/// `α_0` of [`MiGuess`].
pub(super) const SHARE: f64 = 0.97;

/// A premium on the balance of the base loan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Premium {
    /// Present value for a base loan of one.
    pub(super) present: Present,
    /// The first month's as a share of the base loan.
    pub(super) first: f64,
    /// By how many cents the schedule in cents may move the first month's.
    pub(super) drift: f64,
}

/// One note rate for some scenes.
pub(super) struct PriceScenes<'a> {
    pub(super) rate: &'a RateFacts,
    pub(super) scenes: Scenes<'a>,
    pub(super) between: &'a mut Between,
    pub(super) answers: Answers<'a>,
}

const NONE: u8 = 0;
const TOGETHER: u8 = 1;
const APART: u8 = 2;
const DECLINING: u8 = 3;

impl LaneWork for PriceScenes<'_> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Simd>(self, token: S) {
        let premium = match (&self.rate.level, &self.rate.declining) {
            (_, Some(_)) => DECLINING,
            (Level::None, None) => NONE,
            (Level::Together(_), None) => TOGETHER,
            (Level::Apart, None) => APART,
        };
        match (self.rate.runs.len(), premium) {
            (1, NONE) => self.price::<S, 1, NONE>(token),
            (1, TOGETHER) => self.price::<S, 1, TOGETHER>(token),
            (1, APART) => self.price::<S, 1, APART>(token),
            (1, _) => self.price::<S, 1, DECLINING>(token),
            (2, NONE) => self.price::<S, 2, NONE>(token),
            (2, TOGETHER) => self.price::<S, 2, TOGETHER>(token),
            (2, APART) => self.price::<S, 2, APART>(token),
            (2, _) => self.price::<S, 2, DECLINING>(token),
            (_, NONE) => self.price::<S, MAX_RUNS, NONE>(token),
            (_, TOGETHER) => self.price::<S, MAX_RUNS, TOGETHER>(token),
            (_, APART) => self.price::<S, MAX_RUNS, APART>(token),
            (_, _) => self.price::<S, MAX_RUNS, DECLINING>(token),
        }
    }
}

/// Eight rows' answers but for the rate.
struct Eight<S: Simd> {
    payment: f64x8<S>,
    price: f64x8<S>,
    points: f64x8<S>,
    fees: f64x8<S>,
    premium: f64x8<S>,
    doubt: mask64x8<S>,
    premium_doubt: mask64x8<S>,
}

impl PriceScenes<'_> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn price<S: Simd, const L: usize, const P: u8>(mut self, token: S) {
        let rows = self.scenes.loan.len();
        let mut at = 0;
        while at + LANES <= rows {
            let low = self.charge::<S, L, P>(token, at);
            let high = self.charge::<S, L, P>(token, at + LANES / 2);
            let answers = &mut self.answers;
            store(token, low.payment, high.payment, answers.payment, at);
            store(token, low.price, high.price, answers.price, at);
            store(token, low.points, high.points, answers.points, at);
            store(token, low.fees, high.fees, answers.fees, at);
            store(token, low.premium, high.premium, answers.premium, at);
            put(answers.doubts, at, low.doubt, high.doubt);
            if P == DECLINING {
                put(
                    answers.premium_doubts,
                    at,
                    low.premium_doubt,
                    high.premium_doubt,
                );
            }
            at += LANES;
        }
        at = 0;
        while at + LANES <= rows {
            let (low, low_doubt) = self.apr::<S, L, P>(token, at);
            let (high, high_doubt) = self.apr::<S, L, P>(token, at + LANES / 2);
            let answers = &mut self.answers;
            store(token, low, high, answers.apr, at);
            put(answers.doubts, at, low_doubt, high_doubt);
            at += LANES;
        }
    }

    /// Everything but the rate.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn charge<S: Simd, const L: usize, const P: u8>(&mut self, token: S, at: usize) -> Eight<S> {
        let (rate, scenes) = (self.rate, &self.scenes);
        let double = |value| f64x8::splat(token, value);
        let load = |column: &[f64]| f64x8::from_slice(token, &column[at..at + 8]);
        let zero = double(0.0);
        let (loan, principal) = (load(scenes.loan), load(scenes.principal));

        let raised = (load(scenes.adjustment) + double(rate.base)).min(double(rate.highest));
        let price = ((raised + double(500_000.25)) * double(1e-6)).floor();
        let [least, most] = rate.offered;
        let offered = price.simd_ge(double(least)) & price.simd_le(double(most));

        let product = loan * (double(PAR_E3) - price);
        let points = ((product.abs() + double(50_000.5)) * double(1e-5)).floor();
        let points = points.copysign(product);
        let mut fees = load(scenes.fees) + points.max(zero) * double(rate.counts_points);
        if rate.days > 0.0 {
            let daily = principal * double(rate.rate_e3) + double(18_000_000.25);
            fees += (daily * double(1.0 / 36_000_000.0)).floor() * double(rate.days);
        }
        let (payment, mut doubt) = self.payments::<S, L>(token, principal);
        let mut premium = zero;
        let mut premium_doubt = doubt & !doubt;
        if P == TOGETHER {
            premium = load(scenes.premium);
        }
        if P == APART {
            let has = load(scenes.months).simd_gt(zero);
            premium = has.select(load(scenes.premium), zero);
        }
        if let (DECLINING, Some(declining)) = (P, &rate.declining) {
            let base = if rate.premium_of_principal {
                principal
            } else {
                loan
            };
            let near = base * double(declining.first) + double(0.5);
            premium = near.floor();
            let off = (near - premium - double(0.5)).abs();
            premium_doubt = off.simd_gt(double(0.5 - declining.drift) - near * double(1e-15));
        }
        // Far from par points may not fit their column, and prices below zero are rounded the other way.
        let usual = price.simd_ge(double(30_000.0)) & price.simd_le(double(150_000.0));
        doubt = doubt | !usual | fees.simd_lt(zero);
        let financed = offered.select(principal - fees, double(NOTHING));
        let between = &mut *self.between;
        financed.store_slice(&mut between.financed[at..at + 8]);
        for (values, column) in payment.iter().zip(&mut between.payment) {
            values.store_slice(&mut column[at..at + 8]);
        }
        Eight {
            payment: offered.select(payment[0], zero),
            price: offered.select(price, zero),
            points: offered.select(points, zero),
            fees: offered.select(fees, zero),
            premium: offered.select(premium, zero),
            doubt: doubt & offered,
            premium_doubt: premium_doubt & offered,
        }
    }

    /// The payment of each run, and where one may be a cent off.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn payments<S: Simd, const L: usize>(
        &self,
        token: S,
        principal: f64x8<S>,
    ) -> ([f64x8<S>; L], mask64x8<S>) {
        let double = |value| f64x8::splat(token, value);
        let mut payments = [principal; L];
        let (mut balance, mut payment) = (principal, double(0.0));
        let mut doubt = principal.simd_lt(double(0.0));
        for (place, run) in payments.iter_mut().zip(&self.rate.runs) {
            match run.kind {
                RunKind::Interest => {
                    let product = principal * double(self.rate.rate_e3) + double(600_000.25);
                    payment = (product * double(1.0 / 1_200_000.0)).floor();
                }
                RunKind::Level => {
                    let near = principal * double(run.factor) + double(0.5);
                    payment = near.floor();
                    let off = (near - payment - double(0.5)).abs();
                    doubt = doubt | off.simd_gt(double(0.499_999_999) - near * double(1e-15));
                }
                RunKind::Again => {
                    balance = balance * double(run.growth) - payment * double(run.paid);
                    payment = (balance * double(run.factor) + double(0.5)).floor();
                }
                RunKind::Balloon => {
                    balance = balance * double(run.growth) - payment * double(run.paid);
                    payment += balance;
                }
                RunKind::None => {}
            }
            *place = payment;
        }
        (payments, doubt)
    }

    /// The rate as a column holds it, and in which lanes it is not proved.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apr<S: Simd, const L: usize, const P: u8>(
        &self,
        token: S,
        at: usize,
    ) -> (f64x8<S>, mask64x8<S>) {
        let (rate, scenes) = (self.rate, &self.scenes);
        let double = |value| f64x8::splat(token, value);
        let load = |column: &[f64]| f64x8::from_slice(token, &column[at..at + 8]);
        let financed = load(&self.between.financed);
        let mut payments = [financed; L];
        for (place, column) in payments.iter_mut().zip(&self.between.payment) {
            *place = load(column);
        }
        let inverse = load(scenes.inverse);
        let (mut premium, mut months) = (double(0.0), double(0.0));
        let mut share = financed * inverse;
        match (P, &rate.level) {
            (TOGETHER, Level::Together(guess)) => {
                premium = load(scenes.premium);
                months = double(f64::from(guess.months));
                let slope = double(guess.lambda) * (share - double(SHARE));
                share -= premium * inverse * (double(guess.kappa) + slope);
            }
            (APART, _) => {
                months = load(scenes.months);
                premium = months
                    .simd_gt(double(0.0))
                    .select(load(scenes.premium), premium);
                let slope = load(scenes.lambda) * (share - double(SHARE));
                share -= premium * inverse * (load(scenes.kappa) + slope);
            }
            _ => {}
        }
        let v = evaluate(token, &rate.guess, share);
        let u = double(1.0) - v;
        let (powers, mi_power) = self.powers::<S, L, P>(token, v, months);
        let mut n = payments[0];
        let (mut first, mut second) = (double(0.0), double(0.0));
        for (level, (power, run)) in powers.iter().zip(&rate.runs).enumerate() {
            let next = payments.get(level + 1).copied();
            let drop = next.map_or(payments[level], |next| payments[level] - next);
            let e = double(f64::from(run.end));
            let term = drop * *power;
            let et = e * term;
            n -= term;
            first += et;
            second += e * et;
        }
        if P == TOGETHER || P == APART {
            let term = premium * mi_power;
            let et = months * term;
            n += premium - term;
            first += et;
            second += months * et;
        }
        second += first;
        let m = v * n;
        let plain = m + u * (n - first);
        let mut error = m - financed * u;
        let mut slope = plain;
        // M'' is −second/v, and 1/v is 1 + u but for u²: enough for a term of second order.
        let square = u * u;
        let mut bend = (plain + plain) - square * (second + u * second);
        if let (DECLINING, Some(declining)) = (P, &rate.declining) {
            let base = load(if rate.premium_of_principal {
                scenes.principal
            } else {
                scenes.loan
            });
            error += base * u * evaluate(token, &declining.present.value, v);
            slope += base * square * evaluate(token, &declining.present.first, v);
            bend += base * square * u * evaluate(token, &declining.present.second, v);
        }
        let down = u * error * slope;
        let den = slope * slope - double(0.5) * error * bend;
        let found = (u * den + down) / (v * den - down);
        let near = down.abs().simd_le(double(STEP) * den);
        let [least, most] = rate.shares;
        let within = share.simd_ge(double(least)) & share.simd_le(double(most));
        let offered = financed.simd_gt(double(NOTHING));
        let percent = (found * double(1.2e12) + double(0.5)).floor();
        let apr = ((percent + double(50.25)) * double(0.01)).floor();
        let apr = offered.select(apr, double(f64::from(NOT_OFFERED)));
        (apr, offered & !(near & within))
    }

    /// `v` to the power of each run's end, and of the premium's.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn powers<S: Simd, const L: usize, const P: u8>(
        &self,
        token: S,
        v: f64x8<S>,
        months: f64x8<S>,
    ) -> ([f64x8<S>; L], f64x8<S>) {
        let double = |value| f64x8::splat(token, value);
        let one = double(1.0);
        let mut powers = [one; L];
        let (mut premium, mut square) = (one, v);
        let together = match (P, &self.rate.level) {
            (TOGETHER, Level::Together(guess)) => guess.months,
            _ => 0,
        };
        let bits: u64x8<S> = (months + double(INTEGER)).bitcast();
        for bit in 0..BITS {
            for (power, run) in powers.iter_mut().zip(&self.rate.runs) {
                if run.end >> bit & 1 == 1 {
                    *power *= square;
                }
            }
            if P == TOGETHER && together >> bit & 1 == 1 {
                premium *= square;
            }
            if P == APART {
                let spread = (bits << (63 - bit)).bitcast::<i64x8<S>>() >> 63;
                premium *= mask64x8::from_vector(spread).select(square, one);
            }
            square *= square;
        }
        (powers, premium)
    }
}

/// Even and odd powers apart: half as long to wait for.
#[cfg_attr(not(debug_assertions), inline(always))]
fn evaluate<S: Simd, const N: usize>(
    token: S,
    polynomial: &Polynomial<N>,
    x: f64x8<S>,
) -> f64x8<S> {
    let double = |value| f64x8::splat(token, value);
    let x = (x - double(polynomial.center)) * double(polynomial.scale);
    let square = x * x;
    let mut sums = [double(0.0); 2];
    for (power, coefficient) in polynomial.coefficients.iter().enumerate().rev() {
        let sum = &mut sums[power & 1];
        *sum = if power + 2 < N {
            *sum * square + double(*coefficient)
        } else {
            double(*coefficient)
        };
    }
    sums[0] + x * sums[1]
}

/// Whole numbers of sixteen rows, the low 32 bits of each.
#[cfg_attr(not(debug_assertions), inline(always))]
fn store<S: Simd>(token: S, low: f64x8<S>, high: f64x8<S>, column: &mut [u32], at: usize) {
    let whole = f64x8::splat(token, WHOLE);
    let low: u64x8<S> = (low + whole).bitcast();
    let high: u64x8<S> = (high + whole).bitcast();
    let both: u32x16<S> = low.narrow(high);
    if let Some(places) = column.get_mut(at..at + LANES) {
        both.store_slice(places);
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn put<S: Simd>(masks: &mut [u16], at: usize, low: mask64x8<S>, high: mask64x8<S>) {
    let bits = low.to_bitmask() | high.to_bitmask() << (LANES / 2);
    if let (Some(place), Ok(bits)) = (masks.get_mut(at / LANES), u16::try_from(bits)) {
        *place |= bits;
    }
}
