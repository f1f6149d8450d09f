//! A wrapper for values that must never reach a log, an error text or a golden file.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value that prints as `[redacted]`: tax identifiers, birth dates, account numbers.
///
/// Stored JSON holds the bare value; the store encrypts that JSON. Reading it in code needs
/// [`Sensitive::expose`], so every use can be found by name. Not transparent to serde, so that a writer
/// other than the store's can tell such a value from an ordinary one and shorten it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Do not format it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<T> fmt::Display for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_formatting_shows_the_value_but_storage_does() {
        let secret = Sensitive::new("900123456".to_owned());
        assert_eq!(
            format!("{secret} {secret:?} {secret:#?}"),
            "[redacted] [redacted] [redacted]"
        );
        assert_eq!(
            serde_json::to_string(&secret).expect("serialises"),
            "\"900123456\""
        );
        assert_eq!(secret.expose(), "900123456");
    }
}
