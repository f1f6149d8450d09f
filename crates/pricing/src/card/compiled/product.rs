//! One product of a card: its note rates, its tables, and what the lanes need of them.

use std::collections::HashMap;
use std::sync::Arc;

use lintel_domain::product::RateKind;
use lintel_engine::us::arm::ArmTerms;

use crate::card::figures::Figures;
use crate::card::kernel::Rates;
use crate::card::rates::{Rate, RateColumn};
use crate::card::table::{Maker, Table, TableKey};
use crate::card::variant::Variant;
use crate::catalogue::{Product, Sheet};
use crate::quote::{ArmValues, Loan, QuoteProblem};

/// One product's rates and tables.
#[derive(Debug)]
pub(super) struct CardProduct {
    /// Place in the catalogue's list.
    pub(super) index: usize,
    pub(super) rates: Rates,
    pub(super) tables: HashMap<TableKey, Compact>,
}

/// A table, and which variant each of its charges is.
#[derive(Debug, Clone)]
pub(super) struct Compact {
    pub(super) table: Arc<Table>,
    pub(super) variants: Vec<u16>,
    /// By amount.
    pub(super) figures: Vec<Option<Arc<Figures>>>,
}

impl CardProduct {
    /// None for a product without a sheet.
    pub(super) fn new(
        maker: &Maker<'_>,
        index: usize,
        known: &HashMap<TableKey, Compact>,
    ) -> Option<Self> {
        let product = maker.book.catalogue.products.get(index)?;
        let sheet = maker.book.sheets.get(index)?.as_ref()?;
        let columns = rate_columns(product, sheet, maker.spec.lock_days);
        let mut locks: Vec<u32> = columns.iter().map(|column| column.lock_days).collect();
        locks.sort_unstable();
        locks.dedup();
        let mut tables = HashMap::new();
        for purpose in &maker.spec.purposes {
            for score in &maker.spec.scores {
                for lock_days in &locks {
                    let key = TableKey {
                        product: index,
                        purpose: *purpose,
                        score: *score,
                        lock_days: *lock_days,
                    };
                    let table = match known.get(&key) {
                        Some(compact) => Arc::clone(&compact.table),
                        None => Arc::new(maker.make(key)),
                    };
                    tables.insert(key, table);
                }
            }
        }
        let arm = arm_of(maker, product, sheet);
        Some(Self::fitted(
            maker,
            (index, product),
            rates_of(product, arm, columns),
            tables,
        ))
    }

    fn fitted(
        maker: &Maker<'_>,
        (index, product): (usize, &Product),
        rates: Vec<Rate>,
        tables: HashMap<TableKey, Arc<Table>>,
    ) -> Self {
        let mut variants: Vec<Variant> = Vec::new();
        let mut number = |variant: Variant| {
            let at = variants.iter().position(|known| *known == variant);
            let at = at.unwrap_or_else(|| {
                variants.push(variant);
                variants.len() - 1
            });
            u16::try_from(at).unwrap_or(u16::MAX)
        };
        let mut compact = HashMap::new();
        // In a fixed order, so that numbers and sums do not depend on the map's.
        for (key, table) in in_order(tables) {
            let of_charges = table.charges.iter();
            let of_charges = of_charges.map(|charges| number(Variant::of(charges, &product.terms)));
            let one = Compact {
                variants: of_charges.collect(),
                figures: maker.figures.figures(&table, &product.terms, maker.scenes),
                table,
            };
            compact.insert(key, one);
        }
        let fit = |variant: Variant| {
            let fitted = rates.iter().map(|rate| rate.fit(&variant)).collect();
            (variant, fitted)
        };
        Self {
            index,
            rates: Rates {
                variants: variants.into_iter().map(fit).collect(),
                product: product.clone(),
                rates,
            },
            tables: compact,
        }
    }

    /// Rates that some kind of charges sends the exact road.
    pub(super) fn slow_rates(&self) -> usize {
        let fitted = self.rates.variants.iter().flat_map(|(_, rates)| rates);
        fitted.filter(|fitted| fitted.is_none()).count()
    }
}

fn in_order(tables: HashMap<TableKey, Arc<Table>>) -> Vec<(TableKey, Arc<Table>)> {
    let mut tables: Vec<_> = tables.into_iter().collect();
    tables.sort_by_key(|(key, _)| (key.purpose.as_str(), key.score, key.lock_days));
    tables
}

/// For each note rate the shortest lock that is long enough, rates rising.
fn rate_columns(product: &Product, sheet: &Sheet, least_days: u32) -> Vec<RateColumn> {
    let offered = |days: u32| product.lock_days.is_empty() || product.lock_days.contains(&days);
    let rows = sheet.rows.iter();
    let mut columns: Vec<RateColumn> = rows
        .filter(|row| row.lock_days >= least_days && offered(row.lock_days))
        .map(|row| RateColumn {
            note_rate: row.note_rate,
            lock_days: row.lock_days,
            price: row.price,
        })
        .collect();
    columns.sort_by_key(|column| (column.note_rate, column.lock_days));
    columns.dedup_by_key(|column| column.note_rate);
    columns
}

/// Its adjustment terms: an error for a product whose index nobody knows, which is not offered.
fn arm_of(
    maker: &Maker<'_>,
    product: &Product,
    sheet: &Sheet,
) -> Result<Option<ArmTerms>, QuoteProblem> {
    let index = match &product.terms.rate_kind {
        RateKind::Fixed => None,
        RateKind::Adjustable(arm) => sheet
            .index
            .or_else(|| maker.rules.indices.get(&arm.index).copied()),
    };
    let values = ArmValues {
        index,
        margin: sheet.margin,
    };
    Loan::arm_terms(&product.terms, values)
}

fn rates_of(
    product: &Product,
    arm: Result<Option<ArmTerms>, QuoteProblem>,
    columns: Vec<RateColumn>,
) -> Vec<Rate> {
    let rate = |column| match &arm {
        Ok(arm) => Rate::new(&product.terms, arm.as_ref(), column),
        Err(_) => Rate::refused(column),
    };
    columns.into_iter().map(rate).collect()
}
