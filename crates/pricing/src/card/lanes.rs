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

mod apr;
mod charge;

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x8, mask64x8, u32x16, u64x8};
use lintel_engine::bulk::LaneWork;

use super::guess::{GUESS, Polynomial, Present};

/// Rows side by side.
pub(super) const LANES: usize = 16;
/// Most scenes of one call: with what lies between the passes they fill the first-level cache.
pub(super) const TILE: usize = 256;
/// Longest term, in bits of its months.
const BITS: u32 = 9;
pub(super) const MAX_MONTHS: u32 = (1 << BITS) - 1;
/// Most runs of equal payments.
pub(super) const MAX_RUNS: usize = 4;
/// 1.5 × 2^52: a whole number added to it stands in its low bits.
const WHOLE: f64 = 6_755_399_441_055_744.0;
/// Stands for what is financed of a scene without an offer.
const NOTHING: f64 = -1e300;

/// A column of a tile.
pub(super) type Column = [f64; TILE];

/// The columns the lanes read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scenes<'a> {
    /// How many rows are read: a multiple of [`LANES`], at most [`TILE`].
    pub(super) rows: usize,
    /// Base loan in cents.
    pub(super) loan: &'a Column,
    /// The note in cents.
    pub(super) principal: &'a Column,
    /// One over the note.
    pub(super) inverse: &'a Column,
    /// Finance charges in cents, without points and interest.
    pub(super) fees: &'a Column,
    /// What is added to the sheet's price, billionths of a percent; far below zero: not offered.
    pub(super) adjustment: &'a Column,
    /// Level premium in cents.
    pub(super) premium: &'a Column,
    /// Payments that carry it; read only where they differ from row to row.
    pub(super) months: &'a Column,
    /// `κ` and `λ` of the guess with these months; see [`MiGuess`].
    pub(super) kappa: &'a Column,
    /// As `kappa`.
    pub(super) lambda: &'a Column,
}

/// What the first pass leaves for the second.
#[derive(Debug, Clone)]
pub(super) struct Between {
    /// [`NOTHING`] without an offer, no number where the exact road has to tell.
    financed: Column,
    payment: [Column; MAX_RUNS],
}

impl Between {
    pub(super) const fn new() -> Self {
        Self {
            financed: [0.0; TILE],
            payment: [[0.0; TILE]; MAX_RUNS],
        }
    }
}

/// Where the answers go; those of each column are whole numbers.
#[derive(Debug)]
pub(super) struct Answers<'a> {
    pub(super) apr: &'a mut [u32; TILE],
    pub(super) payment: &'a mut [u32; TILE],
    pub(super) price: &'a mut [u32; TILE],
    pub(super) points: &'a mut [u32; TILE],
    pub(super) fees: &'a mut [u32; TILE],
    pub(super) premium: &'a mut [u32; TILE],
    pub(super) doubts: &'a mut Doubts,
}

/// Rows that have to go the exact road: bit k of word n is row `16 n + k`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Doubts {
    pub(super) rows: [u16; TILE / LANES],
    /// Only the first month's premium is in doubt.
    pub(super) premiums: [u16; TILE / LANES],
}

/// What all rows of a note rate have in common.
#[derive(Debug, Clone)]
pub(super) struct RateFacts<'a> {
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
    pub(super) runs: &'a [Run],
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
    pub(super) rate: &'a RateFacts<'a>,
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

impl PriceScenes<'_> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn price<S: Simd, const L: usize, const P: u8>(mut self, token: S) {
        let rows = self.scenes.rows.min(TILE);
        let mut at = 0;
        while at + LANES <= rows {
            self.charge::<S, L, P>(token, at);
            at += LANES;
        }
        at = 0;
        while at + LANES <= rows {
            self.apr::<S, L, P>(token, at);
            at += LANES;
        }
    }
}

/// Eight rows of a column.
#[cfg_attr(not(debug_assertions), inline(always))]
fn load<S: Simd>(token: S, column: &Column, at: usize) -> f64x8<S> {
    f64x8::from_slice(token, &column[at..at + 8])
}

/// Whole numbers of sixteen rows, the low 32 bits of each.
#[cfg_attr(not(debug_assertions), inline(always))]
fn store<S: Simd>(token: S, [low, high]: [f64x8<S>; 2], column: &mut [u32; TILE], at: usize) {
    let whole = f64x8::splat(token, WHOLE);
    let low: u64x8<S> = (low + whole).bitcast();
    let high: u64x8<S> = (high + whole).bitcast();
    let both: u32x16<S> = low.narrow(high);
    both.store_slice(&mut column[at..at + LANES]);
}

/// The bits of sixteen rows.
#[cfg_attr(not(debug_assertions), inline(always))]
fn bits<S: Simd>([low, high]: [mask64x8<S>; 2]) -> u16 {
    let both = low.to_bitmask() | high.to_bitmask() << (LANES / 2);
    u16::try_from(both).unwrap_or(u16::MAX)
}
