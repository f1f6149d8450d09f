//! Conditions of a loan: what has to be there before it may go on.

mod draft;

pub use draft::{ConditionDraft, ConditionEdit, ConditionFacts, EditedFacts};

use crate::status::folded;
use crate::words::words;

words! {
    /// By when a condition has to be met.
    ConditionPhase {
        /// Before the loan is approved.
        PriorToApproval = "prior to approval",
        /// Before closing documents are drawn up.
        PriorToDocs = "prior to docs",
        /// Before the loan is paid out.
        PriorToFunding = "prior to funding",
        /// Before the last of the money is paid out.
        PriorToFinalFunding = "prior to final funding",
        /// After closing; nothing waits for it.
        PostClosing = "post closing",
    }
}

words! {
    /// How far a condition is.
    ConditionStatus {
        /// Nothing came yet.
        Open = "open",
        /// A paper came; somebody has to look at it.
        Received = "received",
        /// Met.
        Satisfied = "satisfied",
        /// Not asked for any more.
        Waived = "waived",
    }
}

words! {
    /// Who has to bring what is asked for.
    Responsible {
        /// The borrower.
        Borrower = "borrower",
        /// Whoever originated the loan.
        Originator = "originator",
        /// The lender.
        Lender = "lender",
        /// Somebody else: a title company, an insurer, an appraiser.
        ThirdParty = "third party",
    }
}

/// Most conditions of one loan.
pub const CONDITIONS_MAX: u32 = 500;
/// Longest title, in characters.
pub const TITLE_MAX_CHARS: usize = 200;
/// Longest description, in characters.
pub const DESCRIPTION_MAX_CHARS: usize = 4000;
/// Longest name a caller has for a condition, in characters.
pub const CALLER_KEY_MAX_CHARS: usize = 100;

/// Reads a word of a list as somebody wrote it: case is ignored, and so is what stands between words.
fn read<T: Copy>(text: &str, all: &[T], spelling: fn(T) -> &'static str) -> Option<T> {
    let plain = folded(&text.replace(['_', '-'], " "));
    all.iter().copied().find(|word| spelling(*word) == plain)
}

impl ConditionPhase {
    /// Reads a phase as somebody wrote it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        read(text, Self::ALL, Self::as_str)
    }
}

impl ConditionStatus {
    /// Reads a status as somebody wrote it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        read(text, Self::ALL, Self::as_str)
    }

    /// Whether nothing is left to do about it.
    #[must_use]
    pub const fn is_met(self) -> bool {
        match self {
            Self::Satisfied | Self::Waived => true,
            Self::Open | Self::Received => false,
        }
    }
}

impl Responsible {
    /// Reads who is responsible as somebody wrote it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        read(text, Self::ALL, Self::as_str)
    }
}

/// Why a condition may not take a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// Only whoever may decide for the lender does that.
    LendersAlone,
    /// Nothing was received.
    NoPaper,
}

/// What a change of status depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether whoever asks may decide for the lender.
    pub may_clear: bool,
    /// Whether a current document lies with the condition.
    pub has_paper: bool,
}

impl ConditionStatus {
    /// Whether the status may become another. Whoever decides for the lender may do everything;
    /// everybody else takes papers in and sends them back. Nothing is received without a paper. The
    /// same again is always allowed, and changes nothing.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn check_change(self, to: Self, standing: Standing) -> Result<(), Bar> {
        if self == to {
            return Ok(());
        }
        if (self.is_met() || to.is_met()) && !standing.may_clear {
            return Err(Bar::LendersAlone);
        }
        if to == Self::Received && !standing.has_paper {
            return Err(Bar::NoPaper);
        }
        Ok(())
    }

    /// What becomes of the status when a paper arrives. `auto_satisfy` when the paper, or the
    /// condition itself, says that it is enough; that counts from whoever may decide for the lender.
    #[must_use]
    pub const fn with_paper(self, auto_satisfy: bool, may_clear: bool) -> Self {
        match self {
            Self::Open | Self::Received if auto_satisfy && may_clear => Self::Satisfied,
            Self::Open | Self::Received => Self::Received,
            Self::Satisfied | Self::Waived => self,
        }
    }

    /// What becomes of the status when the last paper is removed.
    #[must_use]
    pub const fn without_paper(self) -> Self {
        match self {
            Self::Open | Self::Received => Self::Open,
            // Decided: that the paper is gone does not undo it.
            Self::Satisfied | Self::Waived => self,
        }
    }
}

#[cfg(test)]
mod tests;
