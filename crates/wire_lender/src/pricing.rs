//! Pricing: what a loan costs.

mod amounts;
pub mod application_mail;
pub mod apr_closing_costs;
pub mod catalogue;
pub mod ppe;
mod product;
pub mod rates_points;
pub mod replay;
mod search;
pub mod signup;
pub mod watch;
