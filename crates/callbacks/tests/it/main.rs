//! Callbacks end to end: each test on both databases, with a clock that stands still and a port that
//! leads nowhere.

#[cfg(test)]
mod crowd;
#[cfg(test)]
mod delivering;
#[cfg(test)]
mod locks;
#[cfg(test)]
mod registering;
#[cfg(test)]
mod replaying;
#[cfg(test)]
mod switching_off;
#[cfg(test)]
mod world;
