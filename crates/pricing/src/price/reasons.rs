//! Reasons, gathered while a product is priced.

/// Most reasons told of one product.
const MOST: usize = 100;

/// Why a product cannot be had. Words are made only when somebody wants them.
pub(super) struct Reasons {
    is_told: bool,
    is_refused: bool,
    all: Vec<String>,
    /// Of some locks and rows only: they refuse the product when nothing is left.
    partial: Vec<String>,
}

impl Reasons {
    pub(super) const fn new(is_told: bool) -> Self {
        Self {
            is_told,
            is_refused: false,
            all: Vec::new(),
            partial: Vec::new(),
        }
    }

    /// Whether words are wanted.
    pub(super) const fn is_told(&self) -> bool {
        self.is_told
    }

    /// Whether a reason is against every row.
    pub(super) const fn is_refused(&self) -> bool {
        self.is_refused
    }

    /// A reason against every row.
    pub(super) fn refuse(&mut self, reason: impl FnOnce() -> String) {
        self.is_refused = true;
        if self.is_told {
            keep(&mut self.all, reason());
        }
    }

    /// A reason against a lock or a row.
    pub(super) fn leave_out(&mut self, reason: impl FnOnce() -> String) {
        if self.is_told {
            keep(&mut self.partial, reason());
        }
    }

    /// Forgets what is only against some: other locks and rows are left.
    pub(super) fn forget_partial(&mut self) {
        self.partial.clear();
    }

    /// Everything, what is against every row first.
    pub(super) fn into_words(self) -> Vec<String> {
        let mut all = self.all;
        self.partial
            .into_iter()
            .for_each(|reason| keep(&mut all, reason));
        all
    }
}

/// Each once, in the order they came up.
fn keep(reasons: &mut Vec<String>, reason: String) {
    if reasons.len() < MOST && !reasons.contains(&reason) {
        reasons.push(reason);
    }
}
