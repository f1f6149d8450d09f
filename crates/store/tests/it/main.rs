//! The store's one integration test binary: every statement on both databases.

#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod corrupt;
#[cfg(test)]
mod history;
#[cfg(test)]
mod inserts;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod leads;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod offers;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod ratecards;
#[cfg(test)]
mod searches;
#[cfg(test)]
mod seed;
#[cfg(test)]
mod slugs;
#[cfg(test)]
mod statements;
