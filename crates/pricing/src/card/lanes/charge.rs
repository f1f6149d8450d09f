//! The first pass: price, points, charges and payments.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x8, mask64x8};

use super::{APART, DECLINING, LANES, NOTHING, PriceScenes, RunKind, TOGETHER, bits, load, store};

/// Points are discounts from this price, in thousandths of a percent.
const PAR_E3: f64 = 100_000.0;
/// Farther from par than this points may not fit their column, and prices below zero are rounded the
/// other way: the exact road knows how.
const USUAL: [f64; 2] = [30_000.0, 150_000.0];

/// Eight rows' answers.
struct Eight<S: Simd> {
    payment: f64x8<S>,
    price: f64x8<S>,
    points: f64x8<S>,
    fees: f64x8<S>,
    premium: f64x8<S>,
    premium_doubt: mask64x8<S>,
}

impl PriceScenes<'_> {
    /// Everything but the rate, of sixteen rows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn charge<S: Simd, const L: usize, const P: u8>(&mut self, token: S, at: usize) {
        let low = self.charge_eight::<S, L, P>(token, at);
        let high = self.charge_eight::<S, L, P>(token, at + LANES / 2);
        let answers = &mut self.answers;
        store(token, [low.payment, high.payment], answers.payment, at);
        store(token, [low.price, high.price], answers.price, at);
        store(token, [low.points, high.points], answers.points, at);
        store(token, [low.fees, high.fees], answers.fees, at);
        store(token, [low.premium, high.premium], answers.premium, at);
        if P == DECLINING {
            answers.doubts.premiums[at / LANES] = bits([low.premium_doubt, high.premium_doubt]);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn charge_eight<S: Simd, const L: usize, const P: u8>(
        &mut self,
        token: S,
        at: usize,
    ) -> Eight<S> {
        let (rate, scenes) = (self.rate, &self.scenes);
        let double = |value| f64x8::splat(token, value);
        let load = |column| load(token, column, at);
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
        let [low, high] = USUAL;
        let usual = price.simd_ge(double(low)) & price.simd_le(double(high));
        doubt = doubt | !usual | fees.simd_lt(zero);
        let financed = doubt.select(double(f64::NAN), principal - fees);
        let financed = offered.select(financed, double(NOTHING));
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
        for (place, run) in payments.iter_mut().zip(self.rate.runs) {
            match run.kind {
                RunKind::Interest => {
                    let product = principal * double(self.rate.rate_e3) + double(600_000.25);
                    payment = (product * double(1.0 / 1_200_000.0)).floor();
                }
                RunKind::Level => {
                    let near = principal * double(run.factor) + double(0.5);
                    payment = near.floor();
                    let off = (near - payment - double(0.5)).abs();
                    doubt |= off.simd_gt(double(0.499_999_999) - near * double(1e-15));
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
}
