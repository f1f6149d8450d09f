//! HTTP plumbing shared by every face.
//!
//! This crate knows nothing about any dialect: it reads bodies within bounds, gives every request
//! an id, an address, a span and a deadline, and turns whatever goes wrong before a handler can
//! answer (unknown path, panic, time-out, overload) into a [`guard::EdgeFault`], which the mounted
//! face renders in its own shape.

pub mod body;
pub mod client_addr;
pub mod deadline;
pub mod form;
pub mod guard;
pub mod limits;
pub mod one;
pub mod request_id;
pub mod stream;
#[cfg(feature = "test-client")]
pub mod test_client;
mod trace;

pub use body::{BodyError, BodyGate};
pub use client_addr::{ClientAddr, PeerAddr, TrustedProxies};
pub use deadline::Deadline;
pub use form::{FilePart, Form};
pub use guard::{EdgeFault, Shape, wrap};
pub use limits::Limits;
pub use request_id::RequestId;
pub use stream::{Base64, Begin, Sink, SoFar, Stopped, StreamBounds, Wanted};
