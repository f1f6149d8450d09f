//! Access tokens: given out, destroyed.

pub mod destroy;
pub mod issue;
