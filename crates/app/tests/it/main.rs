//! The use cases' one integration test binary: each test on both databases, with a clock that
//! stands still and random numbers that repeat.

#[cfg(test)]
mod access;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod change;
#[cfg(test)]
mod create;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod lead;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod prices;
#[cfg(test)]
mod quote;
#[cfg(test)]
mod race;
#[cfg(test)]
mod rates;
#[cfg(test)]
mod search;
#[cfg(test)]
mod secrecy;
#[cfg(test)]
mod token;
#[cfg(test)]
mod visibility;
#[cfg(test)]
mod world;
