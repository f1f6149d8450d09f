//! Networks of credit intermediaries, the intermediaries, their users, and sessions over the API.
#![deny(missing_docs)]
