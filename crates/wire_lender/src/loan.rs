//! The loan pipeline: loans arriving, listed, opened, changed and given out.

mod application;
pub mod condition;
pub mod create;
mod desk;
pub mod export;
pub mod finding;
pub mod full;
pub mod id;
pub mod import;
pub mod line;
pub mod list;
mod paper;
pub mod status;
pub mod validate;
