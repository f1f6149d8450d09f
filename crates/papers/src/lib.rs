//! Typed contexts to PDF bytes: the information sheet (FINE) and the proposal letter.
#![deny(missing_docs)]
