//! One block: scenes in tiles that stay in the cache, each tile at every note rate.

use lintel_engine::bulk::Machine;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::mi::MiStop;

use super::charges::{Charged, Charges};
use super::columns::Columns;
use super::guess::{LEAST, MOST};
use super::lanes::{
    Answers, Between, LANES, Level, MiGuess, PriceScenes, RateFacts, Scenes as LaneScenes,
};
use super::payments::{cents, price_row};
use super::rates::{Fitted, MOST_PREMIUM, Rate, Variant, cap_of, mark_of};
use super::space::Scenes;
use super::table::Table;
use crate::book::PointsWanted;
use crate::catalogue::Product;
use crate::price::{final_price, points_of};

/// Scenes of a tile: their inputs fill the first-level cache and leave room for the answers.
const TILE: usize = 256;
/// An adjustment that no price survives.
const NOT_OFFERED: f64 = -1e18;

/// A product's rates with what the lanes need of them.
#[derive(Debug)]
pub(super) struct Rates {
    pub(super) rates: Vec<Rate>,
    /// Variants of the product's charges, and for each the rates fitted to it.
    pub(super) variants: Vec<(Variant, Vec<Option<Fitted>>)>,
    /// A usual level premium as a share of the loan a month: what guesses are made with.
    pub(super) level_share: f64,
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
    /// Place in the card's list of amounts.
    pub(super) amount: usize,
    pub(super) points: Option<PointsWanted>,
}

/// The inputs of a tile.
struct Tile {
    length: usize,
    loan: Vec<f64>,
    principal: Vec<f64>,
    inverse: Vec<f64>,
    fees: Vec<f64>,
    adjustment: Vec<f64>,
    premium: Vec<f64>,
    /// Cents of the balance at which a level premium ends.
    mark: Vec<f64>,
    months: Vec<f64>,
    kappa: Vec<f64>,
    lambda: Vec<f64>,
    /// Charges and variant of each scene.
    charges: Vec<u32>,
    variant: Vec<u16>,
    /// Variants there are, rising.
    variants: Vec<u16>,
    has_level: bool,
    /// When the level premiums end, and whether they do so in different ways.
    stop: Option<MiStop>,
    stops_differ: bool,
    /// Least and greatest mark as a share of the principal, and least principal, of scenes with a
    /// level premium.
    shares: [f64; 2],
    least: f64,
}

/// Answers of a tile that are sorted into the columns afterwards.
#[derive(Default)]
struct Scratch {
    columns: [Vec<u32>; 6],
    doubts: Vec<u16>,
    premium_doubts: Vec<u16>,
    between: Between,
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
        let mut scratch = Scratch::default();
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
                    let variants = self.variants.get(rate).copied().unwrap_or_default();
                    tile.fill(self, table, variants, start + done..start + done + length);
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

/// The guesses of level premiums by rate and months, worked out when wanted.
#[derive(Default)]
struct Guesses(Vec<Vec<Option<MiGuess>>>);

impl Guesses {
    fn get(&mut self, rate: usize, months: u32, make: impl FnOnce() -> MiGuess) -> MiGuess {
        if self.0.len() <= rate {
            self.0.resize(rate + 1, Vec::new());
        }
        let at = usize::try_from(months).unwrap_or_default();
        let Some(of_rate) = self.0.get_mut(rate) else {
            return make();
        };
        if of_rate.len() <= at {
            of_rate.resize(at + 1, None);
        }
        match of_rate.get_mut(at) {
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
    ) -> RateFacts {
        let rates = self.work.rates;
        let (mut base, mut rate_e3, mut runs) = (0.0, 0.0, Vec::new());
        let mut level = Level::None;
        if let Some(rate) = self.rate() {
            base = rate.column.price.e9() as f64;
            rate_e3 = (rate.column.note_rate.e9() / 1_000_000) as f64;
            runs = rate.runs.clone().unwrap_or_default();
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
        let share = self.work.rates.level_share;
        let mut guess = |months: u32| {
            let make = || rate.mi_guess(&fitted.guess, months, share);
            guesses.get(self.rate, months, make)
        };
        if let Some(months) = self.together(rate, tile) {
            return Level::Together(guess(months));
        }
        for at in 0..tile.length {
            if tile.premium[at] <= 0.0 {
                tile.months[at] = 0.0;
                continue;
            }
            let months = self.months(rate, tile, at);
            let found = guess(months);
            tile.months[at] = f64::from(months);
            tile.kappa[at] = found.kappa;
            tile.lambda[at] = found.lambda;
        }
        tile.pad();
        Level::Apart
    }

    /// The one number of months all premiums of the tile are paid, when they end alike and it is the
    /// same for the smallest and the largest share, and sure for both.
    fn together(&self, rate: &Rate, tile: &Tile) -> Option<u32> {
        let stop = tile.stop.filter(|_| !tile.stops_differ)?;
        let cap = cap_of(rate.terms.as_ref()?, &stop);
        if stop.threshold.is_none() {
            return (cap > 0).then_some(cap);
        }
        let (least, cap) = (tile.least, usize::try_from(cap).ok()?);
        let [low, high] = tile.shares;
        let first = rate.months(low * least, least, cap)?;
        let last = rate.months(high * least, least, cap)?;
        let months = u32::try_from(first).ok().filter(|months| *months > 0)?;
        (first == last).then_some(months)
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

    fn run(&self, facts: &RateFacts, tile: &Tile, out: &mut Columns, scratch: &mut Scratch) {
        let padded = tile.padded();
        let range = self.column..self.column + padded;
        scratch.reset_doubts();
        fn part(column: &mut [u32], range: std::ops::Range<usize>) -> &mut [u32] {
            column.get_mut(range).unwrap_or_default()
        }
        let answers = Answers {
            apr: part(&mut out.apr, range.clone()),
            payment: part(&mut out.payment, range.clone()),
            price: part(&mut out.price, range.clone()),
            points: part(&mut out.points, range.clone()),
            fees: part(&mut out.fees, range.clone()),
            premium: part(&mut out.premium, range),
            doubts: &mut scratch.doubts,
            premium_doubts: &mut scratch.premium_doubts,
        };
        self.lanes(facts, tile, &mut scratch.between, answers);
    }

    fn run_aside(&self, facts: &RateFacts, tile: &Tile, scratch: &mut Scratch) {
        scratch.reset_doubts();
        for column in &mut scratch.columns {
            column.resize(TILE, 0);
        }
        let [apr, payment, price, points, fees, premium] = &mut scratch.columns;
        let answers = Answers {
            apr,
            payment,
            price,
            points,
            fees,
            premium,
            doubts: &mut scratch.doubts,
            premium_doubts: &mut scratch.premium_doubts,
        };
        self.lanes(facts, tile, &mut scratch.between, answers);
    }

    fn lanes(&self, facts: &RateFacts, tile: &Tile, between: &mut Between, answers: Answers<'_>) {
        let work = PriceScenes {
            rate: facts,
            scenes: tile.scenes(),
            between,
            answers,
        };
        // Where no lanes are known, every row is doubtful.
        if let Err(work) = self.machine.run(work) {
            work.answers.doubts.fill(u16::MAX);
        }
    }

    fn sort_in(&self, tile: &Tile, variant: u16, scratch: &Scratch, out: &mut Columns) {
        let targets = [
            &mut out.apr,
            &mut out.payment,
            &mut out.price,
            &mut out.points,
            &mut out.fees,
            &mut out.premium,
        ];
        for (target, source) in targets.into_iter().zip(&scratch.columns) {
            let target = target.get_mut(self.column..).unwrap_or_default();
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

    /// Rows the lanes could not prove go the exact road.
    fn settle(&self, tile: &Tile, only: Option<u16>, scratch: &Scratch, out: &mut Columns) {
        let wanted = |at: usize| {
            at < tile.length && only.is_none_or(|only| tile.variant.get(at) == Some(&only))
        };
        for (block, doubts) in scratch.doubts.iter().enumerate() {
            let premiums = scratch
                .premium_doubts
                .get(block)
                .copied()
                .unwrap_or_default();
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

    fn exact(&self, tile: &Tile, variant: u16, out: &mut Columns) {
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
            Some(premium) => {
                if let Some(place) = out.premium.get_mut(self.column + at) {
                    *place = premium;
                }
            }
            None => self.settle_row(tile, at, out),
        }
    }

    fn row(&self, tile: &Tile, at: usize) -> Option<super::CardRow> {
        let adjustment = *tile.adjustment.get(at)?;
        if adjustment <= NOT_OFFERED {
            return None;
        }
        let rate = self.rate()?;
        let net = Pct::new(super::payments::to_i64(adjustment)?);
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

impl Tile {
    fn new() -> Self {
        let column = || vec![0.0; TILE];
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
            charges: vec![0; TILE],
            variant: vec![0; TILE],
            variants: Vec::new(),
            has_level: false,
            stop: None,
            stops_differ: false,
            shares: [f64::INFINITY, 0.0],
            least: f64::INFINITY,
        }
    }

    const fn padded(&self) -> usize {
        self.length.next_multiple_of(LANES)
    }

    /// Looks every scene's cell up and works out what does not depend on the rate.
    fn fill(
        &mut self,
        work: &Work<'_>,
        table: &Table,
        variants: &[u16],
        scenes: std::ops::Range<usize>,
    ) {
        let cell_of = table
            .cell_of
            .get(work.amount)
            .map_or(&[][..], Vec::as_slice);
        self.length = scenes.len();
        self.variants.clear();
        self.has_level = false;
        (self.stop, self.stops_differ) = (None, false);
        (self.shares, self.least) = ([f64::INFINITY, 0.0], f64::INFINITY);
        let mut last: Option<(u32, &Charges, u16)> = None;
        for (at, scene) in scenes.enumerate() {
            let known = |column: &[u32]| {
                column
                    .get(scene)
                    .map_or(usize::MAX, |at| usize::try_from(*at).unwrap_or(usize::MAX))
            };
            let cell = cell_of.get(known(&work.scenes.situation));
            let cell = cell.and_then(|at| table.cells.get(usize::try_from(*at).ok()?));
            let Some(cell) = cell.filter(|cell| cell.adjustment.is_some()) else {
                self.not_offered(at);
                continue;
            };
            let (charges, variant) = match last {
                Some((known, charges, variant)) if known == cell.charges => (charges, variant),
                _ => {
                    let index = usize::try_from(cell.charges).unwrap_or(usize::MAX);
                    let (Some(charges), Some(variant)) =
                        (table.charges.get(index), variants.get(index).copied())
                    else {
                        self.not_offered(at);
                        continue;
                    };
                    last = Some((cell.charges, charges, variant));
                    if !self.variants.contains(&variant) {
                        self.variants.push(variant);
                    }
                    (charges, variant)
                }
            };
            self.charges[at] = cell.charges;
            self.variant[at] = variant;
            let loan = work.scenes.loan.get(scene).copied().unwrap_or(Cents::ZERO);
            let price = work.scenes.price.get(scene).copied().unwrap_or(Cents::ZERO);
            self.scene(
                at,
                cell.adjustment.unwrap_or_default(),
                charges,
                loan,
                price,
            );
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

    fn scene(&mut self, at: usize, adjustment: i64, charges: &Charges, loan: Cents, price: Cents) {
        let charged = charges.on(loan, price);
        let premium = charged.and_then(|charged| charges.level_premium(charged.principal));
        let (Some(charged), Some(premium)) = (charged, premium) else {
            self.not_offered(at);
            return;
        };
        let principal = cents(charged.principal);
        self.adjustment[at] = adjustment as f64;
        self.loan[at] = cents(loan);
        self.principal[at] = principal;
        // What does not fit a column, or the proof, is told by the exact road: without a share nothing
        // is proved.
        let fits = principal < 4.2e9 && cents(premium) <= principal * MOST_PREMIUM;
        self.inverse[at] = if fits { 1.0 / principal } else { f64::NAN };
        self.fees[at] = cents(charged.fees);
        self.premium[at] = cents(premium);
        if let Some(mi) = charges.mi.filter(|_| premium.is_positive()) {
            let mark = mark_of(&mi.stop, price).unwrap_or_default();
            self.mark[at] = mark;
            self.has_level = true;
            self.stops_differ |= self.stop.is_some_and(|stop| stop != mi.stop);
            self.stop = Some(mi.stop);
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
    fn pad(&mut self) {
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

    fn scenes(&self) -> LaneScenes<'_> {
        let padded = self.padded();
        LaneScenes {
            loan: &self.loan[..padded],
            principal: &self.principal[..padded],
            inverse: &self.inverse[..padded],
            fees: &self.fees[..padded],
            adjustment: &self.adjustment[..padded],
            premium: &self.premium[..padded],
            months: &self.months[..padded],
            kappa: &self.kappa[..padded],
            lambda: &self.lambda[..padded],
        }
    }
}

impl Scratch {
    fn reset_doubts(&mut self) {
        for doubts in [&mut self.doubts, &mut self.premium_doubts] {
            doubts.clear();
            doubts.resize(TILE / LANES, 0);
        }
        self.between.resize(TILE);
    }
}
