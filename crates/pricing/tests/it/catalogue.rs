//! Catalogues as text: what is refused, that writing and reading agree, and the manual's examples.

#[path = "catalogue/document.rs"]
mod document;
#[path = "catalogue/refused.rs"]
mod refused;
#[path = "catalogue/round_trip.rs"]
mod round_trip;
#[path = "catalogue/texts.rs"]
mod texts;

use lintel_pricing::catalogue::Catalogue;
use lintel_pricing::codec::{Finding, Part, Parts, parse};

fn only(part: Part, text: &str) -> Result<Catalogue, Vec<Finding>> {
    parse(&Parts::from([(part, text.to_owned())]))
}
