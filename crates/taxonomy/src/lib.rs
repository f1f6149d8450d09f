//! Lists of values of the Portuguese market, with stable ids and descriptions in Portuguese and English.
#![deny(missing_docs)]
