//! Pricing: what a loan costs.

pub mod apr_closing_costs;
mod product;
mod search;
