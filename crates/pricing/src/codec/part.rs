//! The parts of a catalogue: their names and files, and how long their texts may be.

use std::fmt;

use super::{MAX_PART_BYTES, estimates, fees, mi_cards, products, rules};

/// Most mortgage insurance cards.
pub(super) const MAX_CARDS: usize = 2_000;
/// Longest text of the cards, in bytes: a cell is two letters there and fifty times as much in memory.
const MAX_CARDS_BYTES: usize = 2 * 1024 * 1024;

/// A part of a catalogue, stored and edited as one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Products.
    Products,
    /// Who may have which.
    Eligibility,
    /// What moves prices.
    Adjustments,
    /// How far groups of adjustments may.
    Caps,
    /// What channels and branches add.
    Margins,
    /// Closing costs.
    Fees,
    /// Property tax and insurance estimates.
    Estimates,
    /// Mortgage insurance cards.
    MiCards,
}

impl Part {
    /// Every part, in the order in which they are read and shown.
    pub const ALL: [Self; 8] = [
        Self::Products,
        Self::Eligibility,
        Self::Adjustments,
        Self::Caps,
        Self::Margins,
        Self::Fees,
        Self::Estimates,
        Self::MiCards,
    ];

    /// The stored name. It is for ever: rows hold it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Eligibility => "eligibility",
            Self::Adjustments => "adjustments",
            Self::Caps => "caps",
            Self::Margins => "margins",
            Self::Fees => "fees",
            Self::Estimates => "estimates",
            Self::MiCards => "mi_cards",
        }
    }

    /// Reads the stored name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == text)
    }

    /// The name of its file: `products.toml`.
    #[must_use]
    pub fn file_name(self) -> String {
        format!("{}.toml", self.as_str())
    }

    /// Longest text, in bytes.
    pub(super) const fn max_bytes(self) -> usize {
        match self {
            Self::MiCards => MAX_CARDS_BYTES,
            Self::Products
            | Self::Eligibility
            | Self::Adjustments
            | Self::Caps
            | Self::Margins
            | Self::Fees
            | Self::Estimates => MAX_PART_BYTES,
        }
    }

    /// The name of its list, the key that names a row, and the comment at the head of its file.
    pub(super) const fn layout(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Products => (products::LIST, "code", products::HEAD),
            Self::Eligibility => (rules::ELIGIBILITY, "name", rules::ELIGIBILITY_HEAD),
            Self::Adjustments => (rules::ADJUSTMENTS, "name", rules::ADJUSTMENTS_HEAD),
            Self::Caps => (rules::CAPS, "group", rules::CAPS_HEAD),
            Self::Margins => (rules::MARGINS, "name", rules::MARGINS_HEAD),
            Self::Fees => (fees::LIST, "name", fees::HEAD),
            Self::Estimates => (estimates::LIST, "state", estimates::HEAD),
            Self::MiCards => (mi_cards::LIST, "name", mi_cards::HEAD),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
