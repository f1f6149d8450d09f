//! The nationwide card: compiled, priced, compared with the scalar engine row by row; and one sheet of it
//! changed.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use lintel_engine::bulk::Machine;
use lintel_engine::rate::Pct;
use lintel_pricing::card::{CardRow, Columns, Compiled, NOT_OFFERED};
use lintel_pricing::catalogue::{Sheet, SheetRow};

use super::super::cpu::Clock;
use super::super::random::Seeded;
use super::super::{figure, grouped, median, progress, table};
use super::world::World;
use super::{Goal, Report, Size};

/// Measurements of one row; the middle one is shown.
const ROUNDS: usize = 3;
/// Differences that are shown.
const SHOWN: usize = 10;

/// Measures the card; how many sampled rows were not what the scalar engine answers.
pub(super) fn measure(
    report: &mut Report,
    clock: &Clock,
    world: &World<'_>,
    size: &Size,
) -> Result<u64, String> {
    let specs = world.specs(size.rows)?;
    let compile = || {
        specs
            .iter()
            .map(|spec| world.compile(spec))
            .collect::<Result<Vec<_>, _>>()
    };
    let bar = progress(3 * u64::try_from(ROUNDS).unwrap_or(0), "rate card");
    let mut columns = Columns::default();
    let (mut compiling, mut pricing, mut walls) = (Vec::new(), Vec::new(), Vec::new());
    let mut cards = compile()?;
    let machine = Machine::one_core();
    for _ in 0..ROUNDS {
        let start = clock.seconds();
        cards = compile()?;
        compiling.push(clock.seconds() - start);
        bar.inc(1);
        let start = clock.seconds();
        price(&cards, machine, &mut columns);
        pricing.push(clock.seconds() - start);
        bar.inc(1);
        let start = Instant::now();
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        for card in &cards {
            card.price_all(0..usize::MAX, Machine::with_threads(threads), |_, _| {});
        }
        walls.push(start.elapsed().as_secs_f64());
        bar.inc(1);
    }
    bar.finish_and_clear();
    let offered = offered(&cards, machine);
    let rows: u64 = cards.iter().map(Compiled::total_rows).sum();
    let (compiling, pricing, wall) = (median(compiling), median(pricing), median(walls));
    let per_row = |seconds: f64| seconds * 1e9 / as_f64(rows);
    let mut lines = table(&["", "CPU ns a row", "rows/s", "seconds"], 1);
    let mut line = |name: &str, seconds: f64| {
        lines.add_row([
            name.to_owned(),
            figure(per_row(seconds)),
            figure(as_f64(rows) / seconds),
            figure(seconds),
        ]);
    };
    line("rules compiled to tables", compiling);
    line("rows priced", pricing);
    line("both, one core", compiling + pricing);
    line("rows priced, all cores, wall", wall);
    let title = format!(
        "Rate card: {} rows, {} of them offered; {}",
        grouped(&rows.to_string()),
        grouped(&offered.to_string()),
        describe(&cards)
    );
    report.section(&title, &lines.to_string());
    let ns = per_row(compiling + pricing);
    report.card_ns = Some(ns);
    report.goals.push(Goal::at_most(
        "rate card, CPU ns a row",
        20.0,
        Some(8.0),
        ns,
    ));
    compare(report, world, &cards, size.samples)
}

fn price(cards: &[Compiled], machine: Machine, columns: &mut Columns) {
    for card in cards {
        for block in 0..card.blocks().len() {
            card.price_block(block, 0..usize::MAX, machine, columns);
        }
    }
}

/// Rows with an offer.
fn offered(cards: &[Compiled], machine: Machine) -> u64 {
    let count = AtomicU64::new(0);
    for card in cards {
        card.price_all(0..usize::MAX, machine, |_, columns| {
            let rates = 0..columns.rates();
            let some = rates.map(|rate| {
                let rows = columns.apr_e9(rate).iter();
                rows.filter(|apr| **apr != NOT_OFFERED).count()
            });
            let some = u64::try_from(some.sum::<usize>()).unwrap_or(0);
            count.fetch_add(some, Ordering::Relaxed);
        });
    }
    count.into_inner()
}

fn describe(cards: &[Compiled]) -> String {
    let reports: Vec<_> = cards.iter().map(Compiled::report).collect();
    let sum = |part: fn(&lintel_pricing::card::Report) -> usize| {
        let all: usize = reports.iter().map(part).sum();
        grouped(&all.to_string())
    };
    format!(
        "{} blocks, {} situations, {} tables of {} cells, {} note rates row by row",
        sum(|one| one.blocks),
        sum(|one| one.situations),
        sum(|one| one.tables),
        sum(|one| one.cells),
        sum(|one| one.slow_rates)
    )
}

/// Draws rows of every block and asks the scalar engine for each.
fn compare(
    report: &mut Report,
    world: &World<'_>,
    cards: &[Compiled],
    samples: u64,
) -> Result<u64, String> {
    let blocks: usize = cards.iter().map(|card| card.blocks().len()).sum();
    let each = samples.div_ceil(u64::try_from(blocks).unwrap_or(1).max(1));
    let bar = progress(
        u64::try_from(blocks).unwrap_or(0),
        "compared with the scalar engine",
    );
    let mut numbers = Seeded::new(7);
    let mut columns = Columns::default();
    let mut found = Found::default();
    for card in cards {
        for block in 0..card.blocks().len() {
            card.price_block(block, 0..usize::MAX, Machine::one_core(), &mut columns);
            for _ in 0..each {
                let pick = |numbers: &mut Seeded, bound: usize| {
                    let drawn = numbers.below(u64::try_from(bound).unwrap_or(1));
                    usize::try_from(drawn).unwrap_or(0)
                };
                let place = pick(&mut numbers, columns.places().len());
                let rate = pick(&mut numbers, columns.rates());
                let slow = card.row(&world.book, &world.rules, (block, place, rate));
                found.look(columns.row(rate, place), slow, || {
                    let product = card.block(block).map_or(0, |block| block.product);
                    format!("product {product}, place {place}, rate {rate}")
                });
            }
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    let body = format!(
        "{} rows, {} offered: {} not equal to the cent, largest difference of a rate {} billionths\n{}",
        grouped(&found.rows.to_string()),
        grouped(&found.offered.to_string()),
        found.wrong,
        found.worst,
        found.shown.join("\n"),
    );
    report.section("Sampled rows beside the scalar engine", body.trim_end());
    report.goals.push(Goal::at_most(
        "sampled rows that differ",
        0.0,
        None,
        as_f64(found.wrong),
    ));
    Ok(found.wrong)
}

#[derive(Default)]
struct Found {
    rows: u64,
    offered: u64,
    wrong: u64,
    worst: u32,
    shown: Vec<String>,
}

impl Found {
    fn look(&mut self, fast: Option<CardRow>, slow: Option<CardRow>, at: impl Fn() -> String) {
        self.rows += 1;
        self.offered += u64::from(slow.is_some());
        let same = match (fast, slow) {
            (None, None) => true,
            (Some(fast), Some(slow)) => {
                let off = fast.apr_e9.abs_diff(slow.apr_e9);
                self.worst = self.worst.max(off);
                let apr_e9 = slow.apr_e9;
                off <= 1 && CardRow { apr_e9, ..fast } == slow
            }
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !same {
            self.wrong += 1;
            if self.shown.len() < SHOWN {
                self.shown
                    .push(format!("{}: {fast:?}, scalar {slow:?}", at()));
            }
        }
    }
}

/// What readers see: a card of one product and its rows. A change makes another and swaps it in.
struct Published {
    card: Compiled,
    blocks: Vec<Columns>,
}

/// One sheet changes: its product's rows are priced again and put in place of the old ones.
pub(super) fn changed_sheet(
    report: &mut Report,
    clock: &Clock,
    world: &World<'_>,
) -> Result<(), String> {
    let product = 0;
    let code = world
        .book
        .catalogue
        .products
        .get(product)
        .ok_or("no products")?
        .code
        .clone();
    let spec = world.spec(vec![code.clone()], 80)?;
    let card = world.compile(&spec)?;
    let rows = card.total_rows();
    let shelf = Mutex::new(Arc::new(publish(card, Vec::new())));
    let now = || Arc::clone(&shelf.lock().unwrap_or_else(PoisonError::into_inner));
    let (mut spans, mut spare) = (Vec::new(), Vec::new());
    let mut prices = Vec::new();
    for round in 0_i64..7 {
        let mut sheets = world.sheets.clone();
        let old = sheets.get(&code).ok_or("no sheet")?;
        sheets.insert(code.clone(), Arc::new(raised(old, round)));
        let start = clock.seconds();
        let book = world.book.with_sheets(&sheets);
        let card = now().card.with_sheet(&book, &world.rules, product);
        let made = Arc::new(publish(card.map_err(|e| e.to_string())?, spare));
        let old = {
            let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *shelf, made)
        };
        // Memory that nobody reads any more is used for the next change.
        spare = Arc::into_inner(old)
            .map(|old| old.blocks)
            .unwrap_or_default();
        spans.push(clock.seconds() - start);
        let shown = now();
        let row = shown.blocks.first().and_then(|columns| columns.row(0, 0));
        prices.push(row.map(|row| row.price_e3));
    }
    prices.dedup();
    if prices.len() < 7 {
        return Err("a changed sheet did not change the card".to_owned());
    }
    // The first two rounds make the memory that later ones find.
    let ms = median(spans.split_off(2)) * 1e3;
    let body = format!(
        "{} rows priced anew and swapped in: {} ms CPU, {} ns a row",
        grouped(&rows.to_string()),
        figure(ms),
        figure(ms * 1e6 / as_f64(rows))
    );
    report.section("One sheet changes", &body);
    let what = "changed sheet repriced and swapped, ms CPU";
    report.goals.push(Goal::at_most(what, 25.0, Some(10.0), ms));
    Ok(())
}

fn publish(card: Compiled, mut spare: Vec<Columns>) -> Published {
    let blocks = (0..card.blocks().len()).map(|block| {
        let mut columns = spare.pop().unwrap_or_default();
        card.price_block(block, 0..usize::MAX, Machine::one_core(), &mut columns);
        columns
    });
    Published {
        blocks: blocks.collect(),
        card,
    }
}

/// Another price for every row.
fn raised(sheet: &Sheet, round: i64) -> Sheet {
    let step = Pct::new((round + 1) * 125_000_000);
    let rows = sheet.rows.iter().map(|row| SheetRow {
        price: row.price.checked_add(step).unwrap_or(row.price),
        ..*row
    });
    Sheet {
        rows: rows.collect(),
        ..sheet.clone()
    }
}

fn as_f64(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
