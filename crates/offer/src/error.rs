//! Mistakes in an offer's document.

use std::fmt;

/// Most mistakes that are told.
pub(crate) const MOST: usize = 100;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where: `scheme[2].variable.spreads[0].percent`.
    pub path: String,
    /// What is wrong there.
    pub what: String,
}

/// Everything that is wrong with a document; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferError {
    /// The mistakes, in the order they were met; at most a hundred.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for OfferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, mistake) in self.mistakes.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            if mistake.path.is_empty() {
                f.write_str(&mistake.what)?;
            } else {
                write!(f, "{}: {}", mistake.path, mistake.what)?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for OfferError {}
