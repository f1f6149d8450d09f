//! A card ready to be priced: blocks, tables and note rates.

mod product;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use lintel_domain::loan::Purpose;
use lintel_engine::bulk::{Machine, in_parallel};

use super::columns::{CardRow, Columns};
use super::figures::Shelf;
use super::kernel::Work;
use super::rates::{Rate, RateColumn};
use super::space::{Scenes, Space};
use super::spec::{CardError, CardSpec, MAX_BLOCKS};
use super::split::Splits;
use super::table::{Maker, TableKey};
use crate::book::Book;
use crate::price::Rules;
use product::{CardProduct, Compact};

/// A product, purpose, amount and score of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Block {
    /// Place of the product in the catalogue's list.
    pub product: usize,
    /// Purpose.
    pub purpose: Purpose,
    /// Place in the card's list of amounts.
    pub amount: usize,
    /// Score; none when it is not known.
    pub score: Option<u32>,
}

/// Most situations of all tables together: some four hundred megabytes of look-ups.
const MAX_LOOK_UPS: usize = 100_000_000;

/// A card with its rules compiled to tables. Immutable; what a new sheet leaves alone is shared with
/// the card made from it.
#[derive(Debug, Clone)]
pub struct Compiled {
    spec: Arc<CardSpec>,
    frame: Arc<Frame>,
    products: Vec<Arc<CardProduct>>,
    blocks: Vec<(Block, usize)>,
    columns: Vec<Vec<RateColumn>>,
}

/// What only the rules and the spec decide.
#[derive(Debug)]
struct Frame {
    space: Space,
    splits: Splits,
    scenes: Vec<Scenes>,
    figures: Shelf,
}

/// How large a card is, and how much of it goes row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Rows.
    pub rows: u64,
    /// Blocks.
    pub blocks: usize,
    /// Places that some rule tells apart.
    pub place_classes: usize,
    /// Combinations of place, size and ratios that occur.
    pub situations: usize,
    /// Tables: one a product, purpose, score and lock.
    pub tables: usize,
    /// Cells of all tables.
    pub cells: usize,
    /// Most cells of one table.
    pub largest_table: usize,
    /// Note rates of a product, for one kind of charges, whose rows go the exact road one by one:
    /// hundreds of times slower, and right.
    pub slow_rates: usize,
}

impl Compiled {
    /// Compiles the book's rules for a card.
    ///
    /// # Errors
    /// What of the spec cannot be priced.
    pub fn compile(book: &Book, rules: &Rules<'_>, spec: Arc<CardSpec>) -> Result<Self, CardError> {
        spec.check()?;
        let indices = products(book, &spec)?;
        let blocks = indices
            .len()
            .saturating_mul(spec.purposes.len())
            .saturating_mul(spec.amounts.len())
            .saturating_mul(spec.scores.len());
        if blocks > MAX_BLOCKS {
            return Err(CardError::TooManyBlocks);
        }
        let splits = Splits::of(&book.catalogue);
        let space = Space::of(&book.catalogue, &splits, rules.tables, &spec.places);
        let scenes = spec.amounts.iter().enumerate().map(|(amount, one)| {
            let scenes = space.scenes(&spec, one);
            scenes.ok_or(CardError::Amount { amount, place: 0 })
        });
        let scenes = scenes.collect::<Result<Vec<_>, _>>()?;
        let situations: usize = scenes.iter().map(|scenes| scenes.situations.len()).sum();
        let tables = blocks / spec.amounts.len().max(1);
        if tables.saturating_mul(situations) > MAX_LOOK_UPS {
            return Err(CardError::TooLarge);
        }
        let frame = Frame {
            space,
            splits,
            scenes,
            figures: Shelf::default(),
        };
        let maker = frame.maker(book, rules, &spec);
        let products = indices.iter().filter_map(|index| {
            let known = HashMap::new();
            CardProduct::new(&maker, *index, &known).map(Arc::new)
        });
        let products = products.collect();
        Ok(Self::of(spec, Arc::new(frame), products))
    }

    fn of(spec: Arc<CardSpec>, frame: Arc<Frame>, products: Vec<Arc<CardProduct>>) -> Self {
        let mut blocks = Vec::new();
        for (at, product) in products.iter().enumerate() {
            for purpose in &spec.purposes {
                for amount in 0..spec.amounts.len() {
                    for score in &spec.scores {
                        let block = Block {
                            product: product.index,
                            purpose: *purpose,
                            amount,
                            score: *score,
                        };
                        blocks.push((block, at));
                    }
                }
            }
        }
        let columns = products.iter().map(|product| {
            let rates = product.rates.rates.iter();
            rates.map(|rate| rate.column).collect()
        });
        Self {
            columns: columns.collect(),
            spec,
            frame,
            products,
            blocks,
        }
    }

    /// The same card with the sheet that a product (its place in the catalogue's list) has in `book`
    /// now. Nothing but the product's note rates is worked out again, unless the sheet brings a lock
    /// there was none of.
    ///
    /// # Errors
    /// [`CardError::UnknownProduct`] when the card does not have the product or it has lost its sheet:
    /// such a card has other blocks and is compiled anew.
    pub fn with_sheet(
        &self,
        book: &Book,
        rules: &Rules<'_>,
        product: usize,
    ) -> Result<Self, CardError> {
        let unknown = || {
            let product = book.catalogue.products.get(product);
            CardError::UnknownProduct(product.map_or_else(String::new, |one| one.code.clone()))
        };
        let maker = self.frame.maker(book, rules, &self.spec);
        let at = self.products.iter().position(|one| one.index == product);
        let at = at.ok_or_else(unknown)?;
        let known = self.products.get(at).map(|one| &one.tables);
        let made = CardProduct::new(&maker, product, known.unwrap_or(&HashMap::new()));
        let made = Arc::new(made.ok_or_else(unknown)?);
        let mut products = self.products.clone();
        if let Some(place) = products.get_mut(at) {
            *place = made;
        }
        Ok(Self::of(
            Arc::clone(&self.spec),
            Arc::clone(&self.frame),
            products,
        ))
    }

    /// What the card prices.
    #[must_use]
    pub fn spec(&self) -> &CardSpec {
        &self.spec
    }

    /// The blocks: by product as the spec lists them, purpose, amount and score.
    pub fn blocks(&self) -> impl ExactSizeIterator<Item = &Block> {
        self.blocks.iter().map(|(block, _)| block)
    }

    /// A block; none beyond the last.
    #[must_use]
    pub fn block(&self, block: usize) -> Option<&Block> {
        self.blocks.get(block).map(|(block, _)| block)
    }

    /// The note rates of a block, rising; none beyond the last block.
    #[must_use]
    pub fn rates(&self, block: usize) -> &[RateColumn] {
        let product = self.blocks.get(block).map(|(_, product)| *product);
        let columns = product.and_then(|product| self.columns.get(product));
        columns.map_or(&[], Vec::as_slice)
    }

    /// Rows of a block: its note rates at every place.
    #[must_use]
    pub fn rows(&self, block: usize) -> usize {
        self.rates(block)
            .len()
            .saturating_mul(self.spec.places.len())
    }

    /// Rows of the card.
    #[must_use]
    pub fn total_rows(&self) -> u64 {
        let rows = (0..self.blocks.len()).map(|block| self.rows(block));
        rows.fold(0, |sum, rows| {
            sum.saturating_add(u64::try_from(rows).unwrap_or(u64::MAX))
        })
    }

    /// Prices the rows of a block at some places into columns, on the calling thread. Places beyond the
    /// last are left out; a block beyond the last has no rows.
    pub fn price_block(
        &self,
        block: usize,
        places: Range<usize>,
        machine: Machine,
        out: &mut Columns,
    ) {
        let end = places.end.min(self.spec.places.len());
        let places = places.start.min(end)..end;
        out.reset(places.clone(), self.rates(block).len());
        let Some(work) = self.work(block) else {
            return;
        };
        match &work.scenes.of_place {
            None => work.price(places.start, machine, out),
            Some(of_place) => {
                let mut scenes = Columns::default();
                scenes.reset(0..work.scenes.loan.len(), out.rates());
                work.price(0, machine, &mut scenes);
                out.fan_out(&scenes, of_place.get(places).unwrap_or_default());
            }
        }
    }

    /// Prices blocks with the machine's threads and hands each to `each` as it is done, in no fixed
    /// order; columns are used again afterwards.
    pub fn price_all(
        &self,
        blocks: Range<usize>,
        machine: Machine,
        each: impl Fn(usize, &Columns) + Sync,
    ) {
        let spare: Mutex<Vec<Columns>> = Mutex::new(Vec::new());
        let spare = || spare.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = (blocks.start..blocks.end.min(self.blocks.len())).collect();
        in_parallel(machine.threads(), jobs, |block| {
            let mut columns = spare().pop().unwrap_or_default();
            self.price_block(block, 0..self.spec.places.len(), machine, &mut columns);
            each(block, &columns);
            spare().push(columns);
        });
    }

    /// One row by the scalar functions of [`crate::price`] and [`crate::quote`], without any table:
    /// what every row of a card must be equal to. None where nothing is offered.
    #[must_use]
    pub fn row(
        &self,
        book: &Book,
        rules: &Rules<'_>,
        (block, place, rate): (usize, usize, usize),
    ) -> Option<CardRow> {
        let block = self.block(block).copied().zip(self.rates(block).get(rate));
        let (block, column) = block?;
        super::scalar::row(book, rules, &self.spec, (&block, place, column))
    }

    /// Sizes, and what is slow.
    #[must_use]
    pub fn report(&self) -> Report {
        let tables = || {
            self.products
                .iter()
                .flat_map(|product| product.tables.values())
        };
        let cells = || tables().map(|one| one.table.kinds.len());
        let slow = self.products.iter().map(|product| product.slow_rates());
        let situations = self
            .frame
            .scenes
            .iter()
            .map(|scenes| scenes.situations.len());
        Report {
            rows: self.total_rows(),
            blocks: self.blocks.len(),
            place_classes: self.frame.space.places.len(),
            situations: situations.sum(),
            tables: tables().count(),
            cells: cells().sum(),
            largest_table: cells().max().unwrap_or_default(),
            slow_rates: slow.sum(),
        }
    }

    fn work(&self, block: usize) -> Option<Work<'_>> {
        let (block, product) = self.blocks.get(block)?;
        let product = self.products.get(*product)?;
        let of_rate = |rate: &Rate| {
            product.tables.get(&TableKey {
                product: block.product,
                purpose: block.purpose,
                score: block.score,
                lock_days: rate.column.lock_days,
            })
        };
        let compact: Option<Vec<&Compact>> = product.rates.rates.iter().map(of_rate).collect();
        let compact = compact?;
        Some(Work {
            scenes: self.frame.scenes.get(block.amount)?,
            rates: &product.rates,
            tables: compact.iter().map(|one| &*one.table).collect(),
            variants: compact.iter().map(|one| one.variants.as_slice()).collect(),
            figures: compact
                .iter()
                .map(|one| one.figures.get(block.amount).and_then(Option::as_deref))
                .collect(),
            amount: block.amount,
            points: self.spec.points,
        })
    }
}

/// The products of a card that have a sheet, by their places in the catalogue's list.
fn products(book: &Book, spec: &CardSpec) -> Result<Vec<usize>, CardError> {
    let known = &book.catalogue.products;
    if spec.products.is_empty() {
        return Ok((0..known.len()).collect());
    }
    let find = |code: &String| {
        let at = known.iter().position(|product| product.code == *code);
        at.ok_or_else(|| CardError::UnknownProduct(code.clone()))
    };
    let mut found = Vec::new();
    for code in &spec.products {
        let product = find(code)?;
        if !found.contains(&product) {
            found.push(product);
        }
    }
    Ok(found)
}

impl Frame {
    fn maker<'a>(&'a self, book: &'a Book, rules: &'a Rules<'a>, spec: &'a CardSpec) -> Maker<'a> {
        Maker {
            book,
            rules,
            spec,
            space: &self.space,
            splits: &self.splits,
            scenes: &self.scenes,
            figures: &self.figures,
        }
    }
}
