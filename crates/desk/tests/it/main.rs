//! The desk's one integration test binary: use cases on both databases.

#[cfg(test)]
mod alerts;
#[cfg(test)]
mod office;
#[cfg(test)]
mod tasks;
