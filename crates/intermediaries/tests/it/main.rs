//! Who is let in over the API, who is not, and when a session ends: one integration test binary, each
//! test on both databases, with a clock that stands still.

#[cfg(test)]
mod access;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod house;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod throttle;
