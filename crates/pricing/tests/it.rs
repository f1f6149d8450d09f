//! Integration tests of the pricing engine: figures worked out by hand, refusals in words, properties
//! over random catalogues, hostile searches, the demo lender's answers recomputed from themselves.

#[cfg(test)]
#[path = "it/catalogue.rs"]
mod catalogue;
#[cfg(test)]
#[path = "it/costs.rs"]
mod costs;
#[cfg(test)]
#[path = "it/demo.rs"]
mod demo;
#[cfg(test)]
#[path = "it/hostile.rs"]
mod hostile;
#[cfg(test)]
#[path = "it/prices.rs"]
mod prices;
#[cfg(test)]
#[path = "it/properties.rs"]
mod properties;
#[cfg(test)]
#[path = "it/quotes.rs"]
mod quotes;
#[cfg(test)]
#[path = "it/refusals.rs"]
mod refusals;
#[cfg(test)]
#[path = "it/told.rs"]
mod told;
#[cfg(test)]
#[path = "it/world.rs"]
mod world;
