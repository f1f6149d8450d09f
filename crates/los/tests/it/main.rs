//! Both kinds of systems as a caller of the port meets them.

#[cfg(test)]
mod breaker;
#[cfg(test)]
mod folder;
#[cfg(test)]
mod http;
#[cfg(test)]
mod server;
#[cfg(test)]
mod world;
