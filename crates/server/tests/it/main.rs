//! The server's one integration test binary.

mod tidy;
