//! Rate watches end to end: each test on both databases, with a clock that stands still.

#[cfg(test)]
mod calendar;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod model;
#[cfg(test)]
mod play;
#[cfg(test)]
mod world;
#[cfg(test)]
mod year;
