//! The leaf's one integration test binary.

#[cfg(test)]
mod bucket;
#[cfg(test)]
mod upload;
