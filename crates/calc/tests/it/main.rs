//! The one integration test binary of the calculations.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod eu;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod pt;
#[cfg(test)]
mod us;
#[cfg(test)]
mod us_disclosure;
