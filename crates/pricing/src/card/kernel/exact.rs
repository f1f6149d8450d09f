//! Rows the lanes cannot prove, one by one.

use super::{At, Scratch};
use crate::card::charges::Charged;
use crate::card::columns::{CardRow, Columns};
use crate::card::lanes::{Doubts, LANES};
use crate::card::payments::{price_row, to_i64};
use crate::card::table::NOT_OFFERED;
use crate::card::tile::Tile;
use crate::price::{final_price, points_of};
use lintel_engine::rate::Pct;

impl At<'_> {
    /// Rows the lanes could not prove go the exact road.
    pub(super) fn settle(
        &self,
        tile: &Tile,
        only: Option<u16>,
        scratch: &Scratch,
        out: &mut Columns,
    ) {
        let wanted = |at: usize| {
            at < tile.length && only.is_none_or(|only| tile.variant.get(at) == Some(&only))
        };
        let Doubts { rows, premiums } = &scratch.doubts;
        for (block, (doubts, premiums)) in rows.iter().zip(premiums).enumerate() {
            let mut left = doubts | premiums;
            while left != 0 {
                let bit = usize::try_from(left.trailing_zeros()).unwrap_or_default();
                left &= left.wrapping_sub(1);
                let at = block * LANES + bit;
                if wanted(at) && doubts >> bit & 1 == 1 {
                    self.settle_row(tile, at, out);
                } else if wanted(at) {
                    self.settle_premium(tile, at, out);
                }
            }
        }
    }

    pub(super) fn exact(&self, tile: &Tile, variant: u16, out: &mut Columns) {
        for at in 0..tile.length {
            if tile.variant.get(at) == Some(&variant) {
                self.settle_row(tile, at, out);
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn settle_row(&self, tile: &Tile, at: usize, out: &mut Columns) {
        let row = self.row(tile, at);
        out.put(self.column + at, row);
    }

    /// Only the first month's premium is in doubt.
    #[cold]
    #[inline(never)]
    fn settle_premium(&self, tile: &Tile, at: usize, out: &mut Columns) {
        let exact = || {
            let charges = self.charges(tile, at)?;
            let (loan, home) = self.amounts(at);
            let charged = charges.on(loan, home)?;
            let mi = charges.mi_of(&charged, loan, home)?;
            self.rate()?.first_premium(&mi)
        };
        match exact() {
            Some(premium) => out.put_premium(self.column + at, premium),
            None => self.settle_row(tile, at, out),
        }
    }

    fn row(&self, tile: &Tile, at: usize) -> Option<CardRow> {
        let adjustment = *tile.adjustment.get(at)?;
        if adjustment <= NOT_OFFERED {
            return None;
        }
        let rate = self.rate()?;
        let net = Pct::new(to_i64(adjustment)?);
        let rates = self.work.rates;
        let price = final_price(&rates.product, rate.column.price, net)?;
        let points = points_of(price)?;
        if self
            .work
            .points
            .is_some_and(|wanted| !wanted.contains(points))
        {
            return None;
        }
        let charges = self.charges(tile, at)?;
        let (loan, home) = self.amounts(at);
        let charged: Charged = charges.on(loan, home)?;
        let price_e3 = price.e9() / 1_000_000;
        let counts = self.table.counts_points;
        let facts = charges.facts(&charged, (loan, home), price_e3, counts);
        price_row(rate.terms.as_ref()?, &facts)
    }
}
