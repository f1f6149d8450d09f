//! A step in everybody's words.

use std::collections::HashMap;

use super::{Stage, Step, folded};
use crate::loan::Status;

/// What a lender and its borrowers read for one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The step.
    pub step: Step,
    /// What the lender's staff read.
    pub lender: Status,
    /// What the borrowers read.
    pub borrower: Status,
}

/// A step in everybody's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worded {
    /// The step.
    pub step: Step,
    /// What the lender's staff read.
    pub lender: Status,
    /// What the borrowers read.
    pub borrower: Status,
}

impl Worded {
    /// A step, shown to the lender and the borrower in a sender's words.
    #[must_use]
    pub fn as_sent(sent: &Status, step: Step) -> Self {
        let shown = Status {
            main: sent.main.trim().to_owned(),
            sub: sent.sub.trim().to_owned(),
        };
        Self {
            step,
            lender: shown.clone(),
            borrower: shown,
        }
    }
}

/// A lender's words for the steps it has words for.
#[derive(Debug, Clone, Default)]
pub struct Wordings {
    of_step: HashMap<Step, Wording>,
}

impl Wordings {
    /// Of the rows a lender has.
    #[must_use]
    pub fn new(rows: Vec<Wording>) -> Self {
        Self {
            of_step: rows.into_iter().map(|row| (row.step, row)).collect(),
        }
    }

    /// A step in everybody's words: the system's own where the lender has none.
    #[must_use]
    pub fn of(&self, step: Step) -> Worded {
        let words = self.of_step.get(&step);
        Worded {
            step,
            lender: words.map_or_else(|| step.status(), |w| w.lender.clone()),
            borrower: words.map_or_else(|| step.status(), |w| w.borrower.clone()),
        }
    }

    /// Where a loan that is at a step stands when a sender says that it stands at `sent`. What names a
    /// step of the system, or one by the lender's words, is that step. Any other text is shown to the
    /// lender and the borrower as it was sent, at the first step of the stage it names. Words that name
    /// no stage, or the one the loan is in, leave it at its step.
    #[must_use]
    pub fn place(&self, sent: &Status, at: Step) -> Worded {
        let first = |stage: Stage| {
            if stage == at.stage() {
                at
            } else {
                stage.first_step()
            }
        };
        let stage = Stage::read(&sent.main);
        let has_sub = !sent.sub.trim().is_empty();
        let step = match stage {
            Some(stage) if has_sub => Step::read(&sent.sub).filter(|step| step.stage() == stage),
            Some(stage) => Some(first(stage)),
            None => None,
        };
        if let Some(step) = step.or_else(|| self.named(sent)) {
            return self.of(step);
        }
        Worded::as_sent(sent, stage.map_or(at, first))
    }

    /// The first step the lender has these words for.
    fn named(&self, sent: &Status) -> Option<Step> {
        let wanted = (folded(&sent.main), folded(&sent.sub));
        let is_named = |step: &&Step| {
            let words = self.of_step.get(*step);
            words.is_some_and(|w| (folded(&w.lender.main), folded(&w.lender.sub)) == wanted)
        };
        Step::ALL.iter().find(is_named).copied()
    }
}
