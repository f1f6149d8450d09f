//! The server's one integration test binary.

#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod human;
#[cfg(test)]
mod human_aprc;
#[cfg(test)]
mod human_program;
#[cfg(test)]
mod human_pt;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod places;
#[cfg(test)]
mod server;
#[cfg(test)]
mod tidy;
