//! Simulations of home loans: stored, listed, changed, cancelled, with their papers and messages.
#![deny(missing_docs)]
