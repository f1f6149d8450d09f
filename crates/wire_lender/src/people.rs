//! People: added, shown, pictured, switched on and off, signed in.

pub mod add;
pub mod draft;
pub mod headshot;
pub mod internal;
pub mod preferences;
pub mod sign_on;
pub mod status;
