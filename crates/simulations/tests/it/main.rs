//! Simulations from making to their end: one integration test binary, each test on both databases, with a
//! clock that stands still.

#[cfg(test)]
mod ends;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod mailed;
#[cfg(test)]
mod makes;
#[cfg(test)]
mod world;
