//! One block: scenes in tiles that stay in the cache, each tile at every note rate.

mod exact;

use lintel_engine::bulk::Machine;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::mi::{MiPremium, MiTerms};

use super::charges::Charges;
use super::columns::Columns;
use super::figures::Figures;
use super::guess::{LEAST, MOST};
use super::lanes::{Answers, Between, Doubts, Level, MiGuess, PriceScenes, RateFacts, TILE};
use super::rates::{Fitted, Rate, cap_of};
use super::space::Scenes;
use super::table::{Table, index};
use super::tile::Tile;
use super::variant::Variant;
use crate::book::PointsWanted;
use crate::catalogue::Product;

/// A product's rates with what the lanes need of them.
#[derive(Debug)]
pub(super) struct Rates {
    pub(super) rates: Vec<Rate>,
    /// Variants of the product's charges, and for each the rates fitted to it.
    pub(super) variants: Vec<(Variant, Vec<Option<Fitted>>)>,
    pub(super) product: Product,
}

/// A block ready to be priced.
pub(super) struct Work<'a> {
    pub(super) scenes: &'a Scenes,
    pub(super) rates: &'a Rates,
    /// For each note rate its table.
    pub(super) tables: Vec<&'a Table>,
    /// For each note rate, by the charges of its table, which of the variants.
    pub(super) variants: Vec<&'a [u16]>,
    /// For each note rate the figures its table's scenes share; none where they are not kept.
    pub(super) figures: Vec<Option<&'a Figures>>,
    /// Place in the card's list of amounts.
    pub(super) amount: usize,
    pub(super) points: Option<PointsWanted>,
}

/// What the lanes write to beside the columns.
struct Scratch {
    between: Between,
    doubts: Doubts,
    /// Answers of a tile that are sorted into the columns afterwards.
    columns: [[u32; TILE]; 6],
}

impl Rates {
    /// Prices in thousandths of a percent that are offered, both included.
    fn offered(&self, points: Option<PointsWanted>) -> [f64; 2] {
        let up = |e9: i64| -(-e9).div_euclid(1_000_000);
        let whole = Pct::HUNDRED.e9();
        let (mut least, mut most) = (-1_000_000_001_i64, 1_000_000_000_i64);
        if let Some(min) = self.product.min_price {
            least = least.max(up(min.e9()));
        }
        if let Some(points) = points {
            least = least.max(up(whole.saturating_sub(points.high.e9())));
            most = most.min(whole.saturating_sub(points.low.e9()).div_euclid(1_000_000));
        }
        [least as f64, most as f64]
    }
}

impl Work<'_> {
    /// Prices the scenes from `start`, as many as the columns have places, into the columns.
    pub(super) fn price(&self, start: usize, machine: Machine, out: &mut Columns) {
        let count = out.places().len();
        let mut tile = Tile::new();
        let mut scratch = Scratch {
            between: Between::new(),
            doubts: Doubts::default(),
            columns: [[0; TILE]; 6],
        };
        let mut guesses = Guesses::default();
        let mut done = 0;
        while done < count {
            let length = TILE.min(count - done);
            let mut filled: Option<*const Table> = None;
            for rate in 0..self.rates.rates.len() {
                let Some(table) = self.tables.get(rate).copied() else {
                    continue;
                };
                if filled != Some(std::ptr::from_ref(table)) {
                    let scenes = start + done..start + done + length;
                    match self.figures.get(rate).copied().flatten() {
                        Some(figures) => tile.take(self, (table, rate), figures, scenes),
                        None => tile.fill(self, (table, rate), scenes),
                    }
                    filled = Some(std::ptr::from_ref(table));
                }
                let mut at = At {
                    work: self,
                    table,
                    rate,
                    scene: start + done,
                    column: rate * out.stride() + done,
                    machine,
                };
                at.price(&mut tile, &mut scratch, &mut guesses, out);
            }
            done += length;
        }
    }
}

/// The guesses of level premiums by rate, yearly percentage and months, worked out when wanted. They
/// depend on nothing else, so that a row's answer does not depend on its neighbours.
#[derive(Default)]
struct Guesses(Vec<Vec<(Pct, Vec<Option<MiGuess>>)>>);

impl Guesses {
    fn get(
        &mut self,
        at: usize,
        (rate, fitted): (&Rate, &Fitted),
        mi: &MiTerms,
        months: u32,
    ) -> MiGuess {
        let MiPremium::AnnualOfLoan(annual) = mi.premium else {
            return MiGuess::default();
        };
        let make = || rate.mi_guess(&fitted.guess, months, annual.e9() as f64 / 1.2e12);
        if self.0.len() <= at {
            self.0.resize(at + 1, Vec::new());
        }
        let Some(of_rate) = self.0.get_mut(at) else {
            return make();
        };
        let known = of_rate.iter().position(|(known, _)| *known == annual);
        let known = known.unwrap_or_else(|| {
            of_rate.push((annual, Vec::new()));
            of_rate.len() - 1
        });
        let Some((_, of_months)) = of_rate.get_mut(known) else {
            return make();
        };
        let month = index(months);
        if of_months.len() <= month {
            of_months.resize(month + 1, None);
        }
        match of_months.get_mut(month) {
            Some(place) => *place.get_or_insert_with(make),
            None => make(),
        }
    }
}

/// A tile at a note rate.
struct At<'a> {
    work: &'a Work<'a>,
    table: &'a Table,
    rate: usize,
    /// First scene of the tile.
    scene: usize,
    /// Where the tile's answers begin in a column.
    column: usize,
    machine: Machine,
}

impl At<'_> {
    fn price(
        &mut self,
        tile: &mut Tile,
        scratch: &mut Scratch,
        guesses: &mut Guesses,
        out: &mut Columns,
    ) {
        let variants = std::mem::take(&mut tile.variants);
        let single = variants.len() == 1;
        for variant in &variants {
            let rates = &self.work.rates;
            let fitted = rates.variants.get(usize::from(*variant));
            let lanes = fitted.and_then(|(own, rates)| Some((own, (*rates.get(self.rate)?)?)));
            let Some((own, fitted)) = lanes else {
                self.exact(tile, *variant, out);
                continue;
            };
            let facts = self.facts(own, fitted, tile, guesses);
            if single {
                self.run(&facts, tile, out, scratch);
                self.settle(tile, None, scratch, out);
            } else {
                self.run_aside(&facts, tile, scratch);
                self.sort_in(tile, *variant, scratch, out);
                self.settle(tile, Some(*variant), scratch, out);
            }
        }
        tile.variants = variants;
    }

    fn rate(&self) -> Option<&Rate> {
        self.work.rates.rates.get(self.rate)
    }

    fn facts(
        &self,
        variant: &Variant,
        fitted: Fitted,
        tile: &mut Tile,
        guesses: &mut Guesses,
    ) -> RateFacts<'_> {
        let rates = self.work.rates;
        let (mut base, mut rate_e3, mut runs) = (0.0, 0.0, &[][..]);
        let mut level = Level::None;
        if let Some(rate) = self.rate() {
            base = rate.column.price.e9() as f64;
            rate_e3 = (rate.column.note_rate.e9() / 1_000_000) as f64;
            runs = rate.runs.as_deref().unwrap_or_default();
            if fitted.declining.is_none() && tile.has_level {
                level = self.level(rate, &fitted, tile, guesses);
            }
        }
        RateFacts {
            base,
            highest: rates
                .product
                .max_price
                .map_or(1e15, |most| most.e9() as f64),
            offered: rates.offered(self.work.points),
            rate_e3,
            days: f64::from(variant.days),
            counts_points: f64::from(u8::from(self.table.counts_points)),
            runs,
            guess: fitted.guess,
            shares: [LEAST, MOST],
            level,
            declining: fitted.declining,
            premium_of_principal: variant.of_principal,
        }
    }

    /// When the level premiums of the tile end.
    fn level(&self, rate: &Rate, fitted: &Fitted, tile: &mut Tile, guesses: &mut Guesses) -> Level {
        let mut guess =
            |mi: &MiTerms, months: u32| guesses.get(self.rate, (rate, fitted), mi, months);
        if let Some((mi, months)) = self.together(rate, tile) {
            return Level::Together(guess(&mi, months));
        }
        for at in 0..tile.length {
            if tile.premium[at] <= 0.0 {
                tile.months[at] = 0.0;
                continue;
            }
            let level = self.charges(tile, at).and_then(Charges::level);
            let months = self.months(rate, tile, at);
            let found = level.map_or_else(MiGuess::default, |mi| guess(&mi, months));
            tile.months[at] = f64::from(months);
            tile.kappa[at] = found.kappa;
            tile.lambda[at] = found.lambda;
        }
        tile.pad();
        Level::Apart
    }

    /// The one number of months all premiums of the tile are paid, when they end alike and it is the
    /// same for the smallest and the largest share, and sure for both.
    fn together(&self, rate: &Rate, tile: &Tile) -> Option<(MiTerms, u32)> {
        let mi = tile.level.filter(|_| !tile.levels_differ)?;
        let cap = cap_of(rate.terms.as_ref()?, &mi.stop);
        if mi.stop.threshold.is_none() {
            return (cap > 0).then_some((mi, cap));
        }
        let (least, cap) = (tile.least, usize::try_from(cap).ok()?);
        let [low, high] = tile.shares;
        let first = rate.months(low * least, least, cap)?;
        let last = rate.months(high * least, least, cap)?;
        let months = u32::try_from(first).ok().filter(|months| *months > 0)?;
        (first == last).then_some((mi, months))
    }

    fn months(&self, rate: &Rate, tile: &Tile, at: usize) -> u32 {
        let charges = self.charges(tile, at);
        let stop = charges.and_then(|charges| charges.mi).map(|mi| mi.stop);
        let (Some(stop), Some(terms)) = (stop, &rate.terms) else {
            return 0;
        };
        let cap = cap_of(terms, &stop);
        if stop.threshold.is_none() {
            return cap;
        }
        let cap = usize::try_from(cap).unwrap_or_default();
        let quick = rate.months(tile.mark[at], tile.principal[at], cap);
        match quick.map(u32::try_from) {
            Some(Ok(months)) => months,
            Some(Err(_)) | None => {
                let (loan, price) = self.amounts(at);
                let charged = charges.and_then(|charges| {
                    let charged = charges.on(loan, price)?;
                    let mi = charges.mi_of(&charged, loan, price)?;
                    Some((charged, mi.stop))
                });
                charged.map_or(0, |(charged, stop)| {
                    rate.exact_months(charged.principal, &stop)
                })
            }
        }
    }

    fn charges(&self, tile: &Tile, at: usize) -> Option<&Charges> {
        let charges = tile.charges.get(at).copied()?;
        self.table.charges.get(usize::try_from(charges).ok()?)
    }

    fn amounts(&self, at: usize) -> (Cents, Cents) {
        let scenes = self.work.scenes;
        let of = |column: &[Cents]| column.get(self.scene + at).copied().unwrap_or(Cents::ZERO);
        (of(&scenes.loan), of(&scenes.price))
    }

    /// Straight into the columns, which have room for a whole tile.
    fn run(&self, facts: &RateFacts<'_>, tile: &Tile, out: &mut Columns, scratch: &mut Scratch) {
        let Some([apr, payment, price, points, fees, premium]) = out.tile(self.column) else {
            return;
        };
        let answers = Answers {
            apr,
            payment,
            price,
            points,
            fees,
            premium,
            doubts: &mut scratch.doubts,
        };
        self.lanes(facts, tile, &mut scratch.between, answers);
    }

    fn run_aside(&self, facts: &RateFacts<'_>, tile: &Tile, scratch: &mut Scratch) {
        let [apr, payment, price, points, fees, premium] = &mut scratch.columns;
        let answers = Answers {
            apr,
            payment,
            price,
            points,
            fees,
            premium,
            doubts: &mut scratch.doubts,
        };
        self.lanes(facts, tile, &mut scratch.between, answers);
    }

    fn lanes(
        &self,
        facts: &RateFacts<'_>,
        tile: &Tile,
        between: &mut Between,
        answers: Answers<'_>,
    ) {
        *answers.doubts = Doubts::default();
        let work = PriceScenes {
            rate: facts,
            scenes: tile.scenes(),
            between,
            answers,
        };
        // Where no lanes are known, every row is doubtful.
        if let Err(work) = self.machine.run(work) {
            work.answers.doubts.rows.fill(u16::MAX);
        }
    }

    fn sort_in(&self, tile: &Tile, variant: u16, scratch: &Scratch, out: &mut Columns) {
        let Some(targets) = out.tile(self.column) else {
            return;
        };
        for (target, source) in targets.into_iter().zip(&scratch.columns) {
            let rows = tile
                .variant
                .iter()
                .take(tile.length)
                .zip(target)
                .zip(source);
            for ((own, place), value) in rows {
                if *own == variant {
                    *place = *value;
                }
            }
        }
    }
}
