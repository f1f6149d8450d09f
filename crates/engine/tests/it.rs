//! Integration tests of the engine: properties over random loans, and agreement with a reference of
//! more than sixty digits.

#[cfg(test)]
#[path = "it/aprc.rs"]
mod aprc;
#[cfg(test)]
#[path = "it/aprc_reference.rs"]
mod aprc_reference;
#[cfg(test)]
#[path = "it/exact_schedules.rs"]
mod exact_schedules;
#[cfg(test)]
#[path = "it/high_precision.rs"]
mod high_precision;
#[cfg(test)]
#[path = "it/properties.rs"]
mod properties;
#[cfg(test)]
#[path = "it/pt.rs"]
mod pt;
#[cfg(test)]
#[path = "it/reference.rs"]
mod reference;
#[cfg(test)]
#[path = "it/robustness.rs"]
mod robustness;
#[cfg(test)]
#[path = "it/us.rs"]
mod us;
