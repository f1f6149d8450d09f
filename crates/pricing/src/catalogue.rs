//! A lender's catalogue: what it offers, to whom, at which adjustments and charges. One version of
//! it is one value; rate sheets change more often and live beside it.

mod charge;
pub mod diff;
pub mod fee_type;
mod product;
mod rule;
pub(crate) mod selection;
pub mod sheet;
pub mod validate;

pub use charge::{Estimate, EstimateOf, Fee, FeeAmount, FeeTier, MiCard, PerOf};
pub use product::Product;
pub use rule::{Adjustment, Axis, AxisOf, Cap, Effect, Eligibility, Grid, Margin};
pub use sheet::{Sheet, SheetRow};

/// One version of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    /// Products, codes distinct.
    pub products: Vec<Product>,
    /// Who may have which product.
    pub eligibility: Vec<Eligibility>,
    /// What moves a price.
    pub adjustments: Vec<Adjustment>,
    /// How far groups of adjustments may move it.
    pub caps: Vec<Cap>,
    /// What channels and branches add.
    pub margins: Vec<Margin>,
    /// Closing costs.
    pub fees: Vec<Fee>,
    /// Property tax and insurance estimates.
    pub estimates: Vec<Estimate>,
    /// Mortgage insurance cards; without one for a product the rule book's card is used.
    pub mi_cards: Vec<MiCard>,
}
