//! What goes wrong when something is turned into a tree: nothing that the application has.

use std::fmt;

/// Something that no application holds, such as a map with numbers for names.
#[derive(Debug)]
pub struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this cannot be written as a tree")
    }
}

impl std::error::Error for Unwritable {}

impl serde::ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        // The text may hold a value.
        Self
    }
}
