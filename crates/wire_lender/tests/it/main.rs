//! The Lender API's one integration test binary: everything over HTTP, on both databases.

#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod crm;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod documents_bad;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod invitations;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod listing_bad;
#[cfg(test)]
mod loans;
#[cfg(test)]
mod loans_full;
#[cfg(test)]
mod notifications;
#[cfg(test)]
mod notifications_bad;
#[cfg(test)]
mod order;
#[cfg(test)]
mod papers;
#[cfg(test)]
mod people;
#[cfg(test)]
mod people_bad;
#[cfg(test)]
mod people_tenancy;
#[cfg(test)]
mod ppe;
#[cfg(test)]
mod ppe_bad;
#[cfg(test)]
mod ppe_bulk;
#[cfg(test)]
mod pricing;
#[cfg(test)]
mod pricing_bad;
#[cfg(test)]
mod pricing_programs;
#[cfg(test)]
mod pricing_schedule;
#[cfg(test)]
mod quotes;
#[cfg(test)]
mod rates_points;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod signup;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod stock;
#[cfg(test)]
mod tenancy;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod transport;
#[cfg(test)]
mod vendors;
#[cfg(test)]
mod watches;
#[cfg(test)]
mod watches_bad;
#[cfg(test)]
mod world;
