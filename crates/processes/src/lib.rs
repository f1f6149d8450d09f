//! Processes and proposals: gathered by intermediaries, decided by the bank.
#![deny(missing_docs)]
