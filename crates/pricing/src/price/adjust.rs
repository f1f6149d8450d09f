//! What moves a sheet's price, and the price that comes of it.

use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;

use crate::book::Book;
use crate::catalogue::{Adjustment, Cap, Effect, Margin, Product};
use crate::when::{Facts, in_force};

/// Prices and points are given in thousandths of a percent.
const STEP: Pct = Pct::new(1_000_000);

/// What is added to every sheet price of a product at one lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Net {
    /// Points; negative costs the borrower.
    Points(Pct),
    /// A grid has no figure for the search: the product is not offered.
    NotOffered(Blank),
    /// The sum cannot be held.
    Overflow,
}

/// A cell without a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blank {
    /// Place of the adjustment in the catalogue's list.
    pub adjustment: usize,
    /// Row, from 0.
    pub row: usize,
    /// Column, from 0.
    pub column: usize,
}

impl Blank {
    /// "not offered at score 610, LTV 97.00 (Purchase grid)".
    pub(super) fn reason(&self, book: &Book, facts: &Facts<'_>, term_months: u32) -> String {
        let adjustment = book.catalogue.adjustments.get(self.adjustment);
        match adjustment.map(|one| (&one.name, &one.effect)) {
            Some((name, Effect::Grid(grid))) => {
                format!("not offered at {} ({name})", grid.words(facts, term_months))
            }
            // Only a grid has cells.
            Some((_, Effect::Flat(_))) | None => "not offered".to_owned(),
        }
    }
}

/// Sums of points, by group and without one, in billionths of a percent. A group that no adjustment
/// is counted for has none.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    groups: Vec<Option<i128>>,
    free: i128,
}

/// By how much an adjustment moves a price: none when its conditions do not hold.
pub(super) fn change(
    (index, adjustment): (usize, &Adjustment),
    facts: &Facts<'_>,
    term_months: u32,
) -> Option<Result<Pct, Blank>> {
    let holds = in_force(&adjustment.days, facts.scenario.day) && adjustment.when.holds(facts);
    if !holds {
        return None;
    }
    Some(match &adjustment.effect {
        Effect::Flat(points) => Ok(*points),
        Effect::Grid(grid) => {
            let (row, column) = grid.cell_of(facts, term_months);
            let blank = Blank {
                adjustment: index,
                row,
                column,
            };
            grid.at(row, column).ok_or(blank)
        }
    })
}

impl Sums {
    /// Adds the adjustments that hold, of those that look at the lock or of those that do not, to
    /// what is there.
    fn add(
        mut self,
        book: &Book,
        product: usize,
        facts: &Facts<'_>,
        by_lock: bool,
    ) -> Result<Self, Blank> {
        for (index, change) in changes(book, product, facts, by_lock) {
            self.count(book, index, change?);
        }
        Ok(self)
    }

    /// The sum of a group; none when no adjustment was counted for it.
    pub(super) fn of_group(&self, group: usize) -> Option<i128> {
        self.groups.get(group).copied().flatten()
    }

    /// Counts points for an adjustment's group.
    pub(super) fn count(&mut self, book: &Book, adjustment: usize, points: Pct) {
        let group = book.groups().of_adjustment.get(adjustment).copied();
        let sum = match group.flatten().and_then(|at| self.groups.get_mut(at)) {
            Some(sum) => sum.get_or_insert_default(),
            None => &mut self.free,
        };
        // A catalogue would need 2^63 adjustments to leave this.
        *sum += i128::from(points.e9());
    }

    /// Nothing yet.
    pub(super) fn zero(book: &Book) -> Self {
        Self {
            groups: vec![None; book.groups().count],
            free: 0,
        }
    }

    /// The adjustments that do not look at the lock.
    pub(super) fn at_any_lock(
        book: &Book,
        product: usize,
        facts: &Facts<'_>,
    ) -> Result<Self, Blank> {
        Self::zero(book).add(book, product, facts, false)
    }

    /// With those that do, held within the caps, with the margins.
    pub(super) fn net(self, book: &Book, product: usize, facts: &Facts<'_>) -> Net {
        let sums = match self.add(book, product, facts, true) {
            Ok(sums) => sums,
            Err(blank) => return Net::NotOffered(blank),
        };
        let mut net = sums.free + sums.groups.iter().flatten().sum::<i128>();
        for (group, cap) in caps(book, product, facts) {
            if let Some(sum) = sums.of_group(group) {
                net += held(cap, sum) - sum;
            }
        }
        for margin in margins(book, product, facts) {
            net += i128::from(margin.price.e9());
        }
        let bounds = i128::from(Pct::MIN.e9())..=i128::from(Pct::MAX.e9());
        match i64::try_from(net) {
            Ok(points) if bounds.contains(&net) => Net::Points(Pct::new(points)),
            Ok(_) | Err(_) => Net::Overflow,
        }
    }
}

/// What the adjustments that hold do, of those that look at the lock or of those that do not.
fn changes<'a>(
    book: &'a Book,
    product: usize,
    facts: &'a Facts<'a>,
    by_lock: bool,
) -> impl Iterator<Item = (usize, Result<Pct, Blank>)> + 'a {
    let term_months = term_of(book, product);
    let list = book.selected(product).adjustments.iter();
    list.filter(move |index| book.adjusts_by_lock(*index) == by_lock)
        .filter_map(move |index| {
            let adjustment = book.catalogue.adjustments.get(index)?;
            Some((index, change((index, adjustment), facts, term_months)?))
        })
}

/// Every cell without a figure that a search lies in.
pub(super) fn blanks<'a>(
    book: &'a Book,
    product: usize,
    facts: &'a Facts<'a>,
    by_lock: bool,
) -> impl Iterator<Item = Blank> + 'a {
    changes(book, product, facts, by_lock).filter_map(|(_, change)| change.err())
}

/// The cap in force of each group: the first that matches, in the catalogue's order.
pub(super) fn caps<'a>(
    book: &'a Book,
    product: usize,
    facts: &'a Facts<'a>,
) -> impl Iterator<Item = (usize, &'a Cap)> {
    let groups = book.groups();
    let mut seen: Vec<usize> = Vec::new();
    book.selected(product).caps.iter().filter_map(move |index| {
        let cap = book.catalogue.caps.get(index)?;
        let group = groups.of_cap.get(index).copied()?;
        let holds = !seen.contains(&group)
            && in_force(&cap.days, facts.scenario.day)
            && cap.when.holds(facts);
        holds.then(|| {
            seen.push(group);
            (group, cap)
        })
    })
}

/// A sum within the bounds of a cap. A cap whose bounds cross holds at the most.
pub(crate) fn held(cap: &Cap, sum: i128) -> i128 {
    let least = cap.min.map_or(sum, |min| sum.max(i128::from(min.e9())));
    cap.max.map_or(least, |max| least.min(i128::from(max.e9())))
}

/// The margins that apply.
pub(super) fn margins<'a>(
    book: &'a Book,
    product: usize,
    facts: &'a Facts<'a>,
) -> impl Iterator<Item = &'a Margin> {
    let selected = book.selected(product).margins.iter();
    selected
        .filter_map(|index| book.catalogue.margins.get(index))
        .filter(|margin| in_force(&margin.days, facts.scenario.day) && margin.when.holds(facts))
}

pub(super) fn term_of(book: &Book, product: usize) -> u32 {
    let product = book.catalogue.products.get(product);
    product.map_or(0, |product| product.terms.term_months)
}

/// What is added to every sheet price of a product (its place in the catalogue's list) at the lock of
/// `facts`: adjustments within the caps of their groups, and margins.
#[must_use]
pub fn net_adjustment(book: &Book, product: usize, facts: &Facts<'_>) -> Net {
    match Sums::at_any_lock(book, product, facts) {
        Ok(sums) => sums.net(book, product, facts),
        Err(blank) => Net::NotOffered(blank),
    }
}

/// The price a borrower is offered: cut to the product's highest, rounded half-up to three decimals
/// as sheets give prices. None when it is below the product's lowest, or cannot be held.
#[must_use]
pub fn final_price(product: &Product, base: Pct, net: Pct) -> Option<Pct> {
    let price = base.checked_add(net)?;
    let price = product.max_price.map_or(price, |most| price.min(most));
    rounded(price).filter(|price| product.min_price.is_none_or(|least| *price >= least))
}

/// A price as it is shown: half-up at the third decimal.
pub(super) fn rounded(price: Pct) -> Option<Pct> {
    price.round_to(STEP, Rounding::HalfUp)
}

/// Points of a price: what par leaves over it. Positive costs the borrower.
#[must_use]
pub fn points_of(price: Pct) -> Option<Pct> {
    Pct::HUNDRED.checked_sub(price)
}

/// Points in money: of the base loan amount, half-up to the cent, as "% of loan amount" is shown.
#[must_use]
pub fn points_amount(loan: Cents, points: Pct) -> Option<Cents> {
    loan.percent(points, Rounding::HalfUp)
}
