//! What the bank asked for, and what answers it.

use crate::id::RowId;
use crate::words::words;

words! {
    /// How a request for information stands.
    RequestState {
        /// Nothing came yet.
        Open = "open",
        /// What was asked for is there.
        Answered = "answered",
        /// The bank does not ask any more.
        Withdrawn = "withdrawn",
    }
}

/// Whether a paper of a type, about a borrower or nobody in particular, is what was asked for. A
/// request about nobody in particular takes anybody's paper of its type; a request in words takes
/// none: it is answered when its receiver says so.
#[must_use]
pub fn papers_meet(
    asked: (Option<u32>, Option<&RowId>),
    paper_type: u32,
    paper_borrower: Option<&RowId>,
) -> bool {
    let (asked_type, asked_borrower) = asked;
    asked_type == Some(paper_type)
        && asked_borrower.is_none_or(|borrower| paper_borrower == Some(borrower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_answers_what_asks_for_its_type() {
        let (ana, rui) = (RowId::new("a".to_owned()), RowId::new("r".to_owned()));
        assert!(papers_meet((Some(4), None), 4, None));
        assert!(papers_meet((Some(4), None), 4, Some(&ana)));
        assert!(papers_meet((Some(4), Some(&ana)), 4, Some(&ana)));
        assert!(!papers_meet((Some(4), Some(&ana)), 4, Some(&rui)));
        assert!(!papers_meet((Some(4), Some(&ana)), 4, None));
        assert!(!papers_meet((Some(4), None), 5, None));
        assert!(!papers_meet((None, None), 4, None));
    }
}
