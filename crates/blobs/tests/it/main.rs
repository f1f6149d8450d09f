//! The stores' one integration test binary.

#[cfg(test)]
mod clamd;
#[cfg(test)]
mod folder;
#[cfg(test)]
mod suite;
