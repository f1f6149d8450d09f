//! The Partners Portal API's one integration test binary: everything over HTTP, on both databases.

#[cfg(test)]
mod authentication;
#[cfg(test)]
mod bodies;
#[cfg(test)]
mod callbacks;
#[cfg(test)]
mod edges;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod house;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod process_edges;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod proposals;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod simulations;
#[cfg(test)]
mod taxonomies;
