//! Rate cards: a country priced at once.
//!
//! A card is products, purposes, amounts and scores over places and note rates. [`Compiled`] cuts
//! every rule into what is the same for a whole block (a product, purpose, amount and score), which is
//! decided once, and what varies over places and amounts, which becomes a flat table of cells with one
//! look-up a row; a bulk kernel then prices the rows in vector lanes. Every row is what the scalar
//! functions answer for it ([`Compiled::row`]): price, points, charges, payment and premium to the
//! cent and the annual percentage rate to the billionth, whatever the machine, the number of threads
//! or the neighbours.
//!
//! A card's payments are equal within a run: the annual percentage rate disregards the cents by which
//! the last one differs (12 CFR 1026.17(c)(3)(i)), and premiums on the balance are not rounded in it.
//! So it may differ from a quote's in the fourth decimal of a percent; nothing else does.

mod boxes;
mod charges;
mod columns;
mod compiled;
mod figures;
mod guess;
mod kernel;
mod lanes;
mod payments;
mod rates;
mod scalar;
mod space;
mod spec;
mod split;
mod table;
mod terms;
mod tile;
mod variant;

#[cfg(test)]
mod tests;

pub use columns::{CardRow, Columns, NOT_OFFERED};
pub use compiled::{Block, Compiled, Report};
pub use rates::RateColumn;
pub use spec::{AmountOf, CardError, CardSpec, MAX_BLOCKS, MAX_LOAN, MAX_PLACES, MAX_PRICE};
