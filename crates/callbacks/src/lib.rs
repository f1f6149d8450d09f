//! Signed callbacks to partners: registration, order, delivery, replay.
#![deny(missing_docs)]
