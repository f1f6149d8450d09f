//! The Partners Portal API: REST JSON, header credentials, session token, callbacks.
#![deny(missing_docs)]
