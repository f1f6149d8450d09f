//! Pricing a search: who may have which product, at which rate, price and cost.
//!
//! The scalar engine: the reference of the bulk kernel, and what explains a price. The order in which
//! a price comes about is fixed here, whoever asks:
//!
//! 1. every adjustment whose conditions hold is added up, by group;
//! 2. the sum of each group that something was added up for is held within the first cap of the
//!    group whose conditions hold;
//! 3. the margins of channel and branch are added, and all of it to the sheet's price;
//! 4. the product's highest price cuts it, it is rounded half-up to three decimals of a percent, and
//!    a price below the product's lowest is not offered.

mod adjust;
mod candidates;
mod eligible;
mod explain;
mod grid;
mod hpml;
mod product;
mod reasons;
mod request;
mod row;
mod search;

pub(crate) use adjust::held;
pub use adjust::{Blank, Net, final_price, net_adjustment, points_amount, points_of};
pub use eligible::{is_eligible, refusals};
pub use request::{AporTables, PriceRequest, ProductFilter, Rules};
