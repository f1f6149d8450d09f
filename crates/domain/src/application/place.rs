//! Postal addresses.

use serde::{Deserialize, Serialize};

/// An address in the United States, or abroad with a country. Any part may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Street and number.
    pub line: Option<String>,
    /// Flat or suite.
    pub unit: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Two-letter state.
    pub state: Option<String>,
    /// Five or nine digits without a hyphen; foreign codes as written.
    pub postal_code: Option<String>,
    /// County.
    pub county: Option<String>,
    /// Country code, as written.
    pub country: Option<String>,
}

impl Address {
    /// Whether nothing at all is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The five-digit ZIP code; `None` for foreign codes.
    #[must_use]
    pub fn zip5(&self) -> Option<&str> {
        let code = self.postal_code.as_deref()?;
        let zip = code.get(..5)?;
        (matches!(code.len(), 5 | 9) && code.bytes().all(|b| b.is_ascii_digit())).then_some(zip)
    }
}
