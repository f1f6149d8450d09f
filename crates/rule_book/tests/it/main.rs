//! The one integration test binary of the rule book.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod import;
#[cfg(test)]
mod load;
