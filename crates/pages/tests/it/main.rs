//! The pages' one integration test binary: each test on both databases, with a clock that stands
//! still and random numbers that repeat.

#[cfg(test)]
mod bank;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod duties;
#[cfg(test)]
mod loan_pages;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod office;
#[cfg(test)]
mod papers;
#[cfg(test)]
mod pipeline;
#[cfg(test)]
mod settings_pages;
#[cfg(test)]
mod signup_pages;
#[cfg(test)]
mod tab;
#[cfg(test)]
mod wizard;
