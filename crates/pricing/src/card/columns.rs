//! The rows of a block in columns.

use std::ops::Range;

use super::lanes::TILE;

/// Stands in the column of annual percentage rates where there is no offer.
pub const NOT_OFFERED: u32 = u32::MAX;

/// Rows of one block and a range of places, note rate by note rate. The memory is kept from call to
/// call: a thread needs one for all its blocks.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    places: Range<usize>,
    rates: usize,
    /// Places of one note rate, filled up to whole tiles.
    stride: usize,
    apr: Vec<u32>,
    payment: Vec<u32>,
    price: Vec<u32>,
    points: Vec<u32>,
    fees: Vec<u32>,
    premium: Vec<u32>,
}

/// One row of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CardRow {
    /// Final price in thousandths of a percent of par.
    pub price_e3: i32,
    /// Points in cents; negative for a lender credit.
    pub points_cents: i32,
    /// Finance charges at closing in cents, positive points among them.
    pub fees_cents: u32,
    /// First payment of principal and interest, in cents.
    pub payment_cents: u32,
    /// Insurance of the first month, in cents.
    pub mortgage_insurance_cents: u32,
    /// Annual percentage rate in billionths of one.
    pub apr_e9: u32,
}

impl Columns {
    /// Makes room; what was there is not kept.
    pub(super) fn reset(&mut self, places: Range<usize>, rates: usize) {
        self.stride = places.len().next_multiple_of(TILE);
        self.places = places;
        self.rates = rates;
        let size = self.stride * rates;
        for column in self.all() {
            column.resize(size, 0);
        }
    }

    fn all(&mut self) -> [&mut Vec<u32>; 6] {
        [
            &mut self.apr,
            &mut self.payment,
            &mut self.price,
            &mut self.points,
            &mut self.fees,
            &mut self.premium,
        ]
    }

    /// A tile of every column, in the order of [`Columns::put`]; none beyond the last.
    pub(super) fn tile(&mut self, at: usize) -> Option<[&mut [u32; TILE]; 6]> {
        fn part(column: &mut [u32], at: usize) -> Option<&mut [u32; TILE]> {
            column.get_mut(at..)?.first_chunk_mut()
        }
        Some([
            part(&mut self.apr, at)?,
            part(&mut self.payment, at)?,
            part(&mut self.price, at)?,
            part(&mut self.points, at)?,
            part(&mut self.fees, at)?,
            part(&mut self.premium, at)?,
        ])
    }

    pub(super) const fn stride(&self) -> usize {
        self.stride
    }

    /// The places that were priced, by their place in the card's list.
    #[must_use]
    pub fn places(&self) -> Range<usize> {
        self.places.clone()
    }

    /// How many note rates.
    #[must_use]
    pub const fn rates(&self) -> usize {
        self.rates
    }

    /// Annual percentage rates in billionths of one, [`NOT_OFFERED`] where there is no offer: the other
    /// columns are zero there. One for each place; none for a rate beyond the last.
    #[must_use]
    pub fn apr_e9(&self, rate: usize) -> &[u32] {
        self.column(&self.apr, rate)
    }

    /// First payments of principal and interest in cents.
    #[must_use]
    pub fn payment(&self, rate: usize) -> &[u32] {
        self.column(&self.payment, rate)
    }

    /// Prices in thousandths of a percent of par; points are what they leave to 100,000.
    pub fn price_e3(&self, rate: usize) -> impl ExactSizeIterator<Item = i32> + '_ {
        self.column(&self.price, rate)
            .iter()
            .map(|e3| e3.cast_signed())
    }

    /// Points in cents; negative for a lender credit.
    pub fn points(&self, rate: usize) -> impl ExactSizeIterator<Item = i32> + '_ {
        self.column(&self.points, rate)
            .iter()
            .map(|e3| e3.cast_signed())
    }

    /// Finance charges at closing in cents, positive points among them.
    #[must_use]
    pub fn fees(&self, rate: usize) -> &[u32] {
        self.column(&self.fees, rate)
    }

    /// Insurance of the first month in cents.
    #[must_use]
    pub fn mortgage_insurance(&self, rate: usize) -> &[u32] {
        self.column(&self.premium, rate)
    }

    /// The row of a note rate and a place of the card's list; none where there is no offer.
    #[must_use]
    pub fn row(&self, rate: usize, place: usize) -> Option<CardRow> {
        let at = place.checked_sub(self.places.start)?;
        let apr_e9 = *self.apr_e9(rate).get(at)?;
        if apr_e9 == NOT_OFFERED {
            return None;
        }
        let of = |column| self.column(column, rate).get(at).copied();
        Some(CardRow {
            price_e3: of(&self.price)?.cast_signed(),
            points_cents: of(&self.points)?.cast_signed(),
            fees_cents: of(&self.fees)?,
            payment_cents: of(&self.payment)?,
            mortgage_insurance_cents: of(&self.premium)?,
            apr_e9,
        })
    }

    /// Puts the first month's premium where it belongs: `at` counts all rates.
    pub(super) fn put_premium(&mut self, at: usize, cents: u32) {
        if let Some(place) = self.premium.get_mut(at) {
            *place = cents;
        }
    }

    /// Puts a row, or none, where it belongs: `at` counts all rates.
    pub(super) fn put(&mut self, at: usize, row: Option<CardRow>) {
        let values = row.map_or([NOT_OFFERED, 0, 0, 0, 0, 0], |row| {
            [
                row.apr_e9,
                row.payment_cents,
                row.price_e3.cast_unsigned(),
                row.points_cents.cast_unsigned(),
                row.fees_cents,
                row.mortgage_insurance_cents,
            ]
        });
        for (column, value) in self.all().into_iter().zip(values) {
            if let Some(place) = column.get_mut(at) {
                *place = value;
            }
        }
    }

    /// The rows of other columns, one of theirs for each place of these.
    pub(super) fn fan_out(&mut self, from: &Self, of_place: &[u32]) {
        let (stride, rates) = (self.stride, self.rates);
        let sources = [
            &from.apr,
            &from.payment,
            &from.price,
            &from.points,
            &from.fees,
            &from.premium,
        ];
        for (column, source) in self.all().into_iter().zip(sources) {
            for rate in 0..rates {
                let source = source.get(rate * from.stride..).unwrap_or_default();
                let places = column.get_mut(rate * stride..).unwrap_or_default();
                for (place, scene) in places.iter_mut().zip(of_place) {
                    let scene = usize::try_from(*scene).unwrap_or(usize::MAX);
                    *place = source.get(scene).copied().unwrap_or_default();
                }
            }
        }
    }

    fn column<'a>(&self, column: &'a [u32], rate: usize) -> &'a [u32] {
        if rate >= self.rates {
            return &[];
        }
        let start = rate * self.stride;
        column
            .get(start..start + self.places.len())
            .unwrap_or_default()
    }
}
