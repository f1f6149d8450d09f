//! The server's one integration test binary.

mod calc;
mod human;
mod tidy;
