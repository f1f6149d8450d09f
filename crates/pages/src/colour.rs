//! A lender's colours made readable.

pub(crate) use lintel_domain::colour::{Colour, NIGHT, PAPER};
