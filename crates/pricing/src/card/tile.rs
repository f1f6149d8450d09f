//! The scenes of a tile as the lanes read them: what does not depend on the note rate.

use std::ops::Range;

use lintel_engine::money::Cents;
use lintel_engine::us::mi::MiTerms;

use super::charges::Charges;
use super::figures::{Figures, is_laned};
use super::kernel::Work;
use super::lanes::{Column, LANES, Scenes, TILE};
use super::payments::cents;
use super::rates::mark_of;
use super::table::{NOT_OFFERED, Table, index};

/// The inputs of a tile.
pub(super) struct Tile {
    pub(super) length: usize,
    pub(super) loan: Column,
    pub(super) principal: Column,
    pub(super) inverse: Column,
    pub(super) fees: Column,
    pub(super) adjustment: Column,
    pub(super) premium: Column,
    /// Cents of the balance at which a level premium ends.
    pub(super) mark: Column,
    pub(super) months: Column,
    pub(super) kappa: Column,
    pub(super) lambda: Column,
    /// Charges and variant of each scene.
    pub(super) charges: [u32; TILE],
    pub(super) variant: [u16; TILE],
    /// Variants there are, rising.
    pub(super) variants: Vec<u16>,
    pub(super) has_level: bool,
    /// The level premium of the scenes that have one, and whether there are different ones.
    pub(super) level: Option<MiTerms>,
    pub(super) levels_differ: bool,
    /// Least and greatest mark as a share of the principal, and least principal, of scenes with a
    /// level premium.
    pub(super) shares: [f64; 2],
    pub(super) least: f64,
}

impl Tile {
    pub(super) fn new() -> Self {
        let column = || [0.0; TILE];
        Self {
            length: 0,
            loan: column(),
            principal: column(),
            inverse: column(),
            fees: column(),
            adjustment: column(),
            premium: column(),
            mark: column(),
            months: column(),
            kappa: column(),
            lambda: column(),
            charges: [0; TILE],
            variant: [0; TILE],
            variants: Vec::new(),
            has_level: false,
            level: None,
            levels_differ: false,
            shares: [f64::INFINITY, 0.0],
            least: f64::INFINITY,
        }
    }

    pub(super) const fn padded(&self) -> usize {
        self.length.next_multiple_of(LANES)
    }

    /// As [`Tile::fill`], from figures that were worked out before: little is left but to look the
    /// adjustments up.
    pub(super) fn take(
        &mut self,
        work: &Work<'_>,
        (table, rate): (&Table, usize),
        figures: &Figures,
        scenes: Range<usize>,
    ) {
        let cell_of = table.cell_of.get(work.amount);
        let cell_of = cell_of.map_or(&[][..], Vec::as_slice);
        self.length = scenes.len();
        self.variants.clear();
        let variants = work.variants.get(rate).copied().unwrap_or_default();
        self.variants
            .push(variants.first().copied().unwrap_or_default());
        self.variant.fill(self.variants[0]);
        (self.level, self.levels_differ) = (figures.level, false);
        let principals = part(&figures.principal, &scenes);
        let loans = part(&work.scenes.loan, &scenes);
        for (place, loan) in self.loan.iter_mut().zip(loans) {
            *place = cents(*loan);
        }
        let places = self.principal.iter_mut().zip(&mut self.inverse);
        for ((principal, inverse), value) in places.zip(principals) {
            *principal = *value;
            *inverse = 1.0 / *value;
        }
        for (place, fees) in self.fees.iter_mut().zip(part(&figures.fees, &scenes)) {
            *place = *fees;
        }
        let situations = part(&work.scenes.situation, &scenes);
        let places = self.adjustment.iter_mut().zip(&mut self.charges);
        for ((adjustment, charges), situation) in places.zip(situations) {
            let cell = cell_of
                .get(index(*situation))
                .copied()
                .map_or(usize::MAX, index);
            *adjustment = table.adjustments.get(cell).copied().unwrap_or(NOT_OFFERED);
            *charges = table.kinds.get(cell).copied().unwrap_or_default();
        }
        self.take_premiums((work, table), figures, scenes);
        self.pad();
    }

    fn take_premiums(
        &mut self,
        (work, table): (&Work<'_>, &Table),
        figures: &Figures,
        scenes: Range<usize>,
    ) {
        self.has_level = false;
        (self.shares, self.least) = ([f64::INFINITY, 0.0], f64::INFINITY);
        let Some(stop) = figures.stop else {
            self.premium.fill(0.0);
            return;
        };
        let premiums = part(&figures.premium, &scenes);
        let prices = part(&work.scenes.price, &scenes);
        for (at, (premium, price)) in premiums.iter().zip(prices).enumerate() {
            let mark = mark_of(&stop, *price).unwrap_or_default();
            self.premium[at] = f64::from(*premium);
            self.mark[at] = mark;
            if *premium > 0 && self.adjustment[at] > NOT_OFFERED {
                self.has_level = true;
                let share = mark * self.inverse[at];
                self.shares = [self.shares[0].min(share), self.shares[1].max(share)];
                self.least = self.least.min(self.principal[at]);
                if figures.level.is_none() {
                    let charges = table.charges.get(index(self.charges[at]));
                    self.see(charges.and_then(Charges::level));
                }
            }
        }
    }

    /// Takes note of a scene's level premium.
    fn see(&mut self, level: Option<MiTerms>) {
        self.levels_differ |= self.level.is_some() && self.level != level;
        self.level = level;
    }

    /// Looks every scene's cell up and works out what does not depend on the rate.
    pub(super) fn fill(
        &mut self,
        work: &Work<'_>,
        (table, rate): (&Table, usize),
        scenes: Range<usize>,
    ) {
        let variants = work.variants.get(rate).copied().unwrap_or_default();
        let cell_of = table
            .cell_of
            .get(work.amount)
            .map_or(&[][..], Vec::as_slice);
        self.length = scenes.len();
        self.variants.clear();
        self.has_level = false;
        (self.level, self.levels_differ) = (None, false);
        (self.shares, self.least) = ([f64::INFINITY, 0.0], f64::INFINITY);
        let mut last: Option<(u32, &Charges, u16)> = None;
        for (at, scene) in scenes.enumerate() {
            let known = |column: &[u32]| {
                column
                    .get(scene)
                    .map_or(usize::MAX, |at| usize::try_from(*at).unwrap_or(usize::MAX))
            };
            let cell = cell_of.get(known(&work.scenes.situation)).copied();
            let cell = cell.and_then(|at| usize::try_from(at).ok());
            let cell =
                cell.and_then(|at| Some((*table.adjustments.get(at)?, *table.kinds.get(at)?)));
            let Some((adjustment, kind)) = cell.filter(|(e9, _)| *e9 > NOT_OFFERED) else {
                self.not_offered(at);
                continue;
            };
            let (charges, variant) = match last {
                Some((known, charges, variant)) if known == kind => (charges, variant),
                _ => {
                    let index = usize::try_from(kind).unwrap_or(usize::MAX);
                    let (Some(charges), Some(variant)) =
                        (table.charges.get(index), variants.get(index).copied())
                    else {
                        self.not_offered(at);
                        continue;
                    };
                    last = Some((kind, charges, variant));
                    if !self.variants.contains(&variant) {
                        self.variants.push(variant);
                    }
                    (charges, variant)
                }
            };
            self.charges[at] = kind;
            self.variant[at] = variant;
            let loan = work.scenes.loan.get(scene).copied().unwrap_or(Cents::ZERO);
            let price = work.scenes.price.get(scene).copied().unwrap_or(Cents::ZERO);
            self.scene(at, adjustment, charges, loan, price);
        }
        if let Some(variant) = self.variants.first().copied() {
            // Scenes without an offer go along with the others.
            for at in 0..self.length {
                if self.adjustment[at] <= NOT_OFFERED {
                    self.variant[at] = variant;
                }
            }
        } else {
            self.variants.push(0);
            self.variant[..self.length].fill(0);
        }
        self.pad();
    }

    fn scene(&mut self, at: usize, adjustment: f64, charges: &Charges, loan: Cents, price: Cents) {
        let charged = charges.on(loan, price);
        let premium = charged.and_then(|charged| charges.level_premium(charged.principal));
        let (Some(charged), Some(premium)) = (charged, premium) else {
            self.not_offered(at);
            return;
        };
        let principal = cents(charged.principal);
        self.adjustment[at] = adjustment;
        self.loan[at] = cents(loan);
        self.principal[at] = principal;
        // What does not fit a column, or the proof, is told by the exact road: without a share nothing
        // is proved.
        self.inverse[at] = if is_laned(principal, premium) {
            1.0 / principal
        } else {
            f64::NAN
        };
        self.fees[at] = cents(charged.fees);
        self.premium[at] = cents(premium);
        if let Some(mi) = charges.mi.filter(|_| premium.is_positive()) {
            let mark = mark_of(&mi.stop, price).unwrap_or_default();
            self.mark[at] = mark;
            self.has_level = true;
            self.see(Some(mi));
            let share = mark * self.inverse[at];
            self.shares = [self.shares[0].min(share), self.shares[1].max(share)];
            self.least = self.least.min(principal);
        }
    }

    /// A scene that goes through the lanes for nothing.
    fn not_offered(&mut self, at: usize) {
        self.adjustment[at] = NOT_OFFERED;
        self.loan[at] = 1e7;
        self.principal[at] = 1e7;
        self.inverse[at] = 1e-7;
        self.fees[at] = 0.0;
        self.premium[at] = 0.0;
        self.mark[at] = 0.0;
        self.charges[at] = 0;
    }

    /// Fills the last vector up with its last scene.
    pub(super) fn pad(&mut self) {
        let Some(last) = self.length.checked_sub(1) else {
            return;
        };
        let padded = self.padded();
        for column in [
            &mut self.loan,
            &mut self.principal,
            &mut self.inverse,
            &mut self.fees,
            &mut self.adjustment,
            &mut self.premium,
            &mut self.months,
            &mut self.kappa,
            &mut self.lambda,
        ] {
            let value = column[last];
            column[self.length..padded].fill(value);
        }
    }

    pub(super) const fn scenes(&self) -> Scenes<'_> {
        Scenes {
            rows: self.padded(),
            loan: &self.loan,
            principal: &self.principal,
            inverse: &self.inverse,
            fees: &self.fees,
            adjustment: &self.adjustment,
            premium: &self.premium,
            months: &self.months,
            kappa: &self.kappa,
            lambda: &self.lambda,
        }
    }
}

fn part<'a, T>(column: &'a [T], range: &Range<usize>) -> &'a [T] {
    column.get(range.clone()).unwrap_or_default()
}
