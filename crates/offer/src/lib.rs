//! What a Portuguese bank offers, and simulations worked out from it.
#![deny(missing_docs)]
