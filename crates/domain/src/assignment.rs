//! Who is given a new borrower.

use crate::id::{Instant, RowId};

/// A loan officer who might be given a borrower, as far as the choice depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Row id.
    pub id: RowId,
    /// Whether the company's rule includes the officer.
    pub is_assignable: bool,
    /// Whether the branch's rule includes the officer; `None` when no branch was asked for.
    pub is_branch_assignable: Option<bool>,
    /// Whether the officer is licensed in the property's state; true when no state is known.
    pub is_licensed: bool,
    /// When the officer was last given somebody.
    pub assigned_at: Option<Instant>,
}

impl Candidate {
    fn is_eligible(&self) -> bool {
        self.is_assignable && self.is_branch_assignable.unwrap_or(true) && self.is_licensed
    }
}

/// Whose turn it is: of the officers both rules include and the state has licensed, the one who was
/// given somebody longest ago, or never; the lower id when that is the same for two.
#[must_use]
pub fn choose(candidates: &[Candidate]) -> Option<&Candidate> {
    let eligible = candidates
        .iter()
        .filter(|candidate| candidate.is_eligible());
    eligible.min_by(|a, b| (a.assigned_at, &a.id).cmp(&(b.assigned_at, &b.id)))
}

/// What to note as the time of an assignment: now, but always after the assignments before it, so
/// that turns are taken even when the clock stands still or goes back.
#[must_use]
pub fn stamp(candidates: &[Candidate], now: Instant) -> Instant {
    let latest = candidates
        .iter()
        .filter_map(|candidate| candidate.assigned_at);
    let after = latest
        .max()
        .map(|at| Instant::from_micros(at.micros().saturating_add(1)));
    after.map_or(now, |after| after.max(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn officer(id: &str, assigned_at: Option<i64>) -> Candidate {
        Candidate {
            id: RowId::new(id.to_owned()),
            is_assignable: true,
            is_branch_assignable: None,
            is_licensed: true,
            assigned_at: assigned_at.map(Instant::from_seconds),
        }
    }

    fn chosen(candidates: &[Candidate]) -> Option<&str> {
        choose(candidates).map(|candidate| candidate.id.as_str())
    }

    #[test]
    fn the_one_who_waited_longest_is_next() {
        assert_eq!(chosen(&[]), None);
        let list = [
            officer("c", Some(5)),
            officer("b", None),
            officer("a", Some(3)),
        ];
        assert_eq!(chosen(&list), Some("b"), "never given anybody");
        assert_eq!(chosen(&[list[0].clone(), list[2].clone()]), Some("a"));
        assert_eq!(
            chosen(&[officer("y", Some(3)), officer("x", Some(3))]),
            Some("x")
        );
    }

    #[test]
    fn every_rule_can_leave_somebody_out() {
        let mut list = [officer("a", None), officer("b", Some(9))];
        list[0].is_assignable = false;
        assert_eq!(chosen(&list), Some("b"));
        list[1].is_licensed = false;
        assert_eq!(chosen(&list), None);
        list[1].is_licensed = true;
        list[1].is_branch_assignable = Some(false);
        assert_eq!(chosen(&list), None);
        list[1].is_branch_assignable = Some(true);
        assert_eq!(chosen(&list), Some("b"));
    }

    #[test]
    fn turns_are_taken_while_the_clock_stands_still() {
        let now = Instant::from_seconds(9);
        assert_eq!(stamp(&[], now), now);
        assert_eq!(stamp(&[officer("a", Some(5))], now), now);
        let after = stamp(&[officer("a", Some(9)), officer("b", None)], now);
        assert_eq!(after.micros(), now.micros() + 1);
    }
}
