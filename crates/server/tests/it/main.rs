//! The server's one integration test binary.

#[cfg(test)]
mod calc;
#[cfg(test)]
mod human;
#[cfg(test)]
mod server;
#[cfg(test)]
mod tidy;
