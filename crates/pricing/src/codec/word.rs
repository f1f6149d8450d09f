//! Closed lists of words as a text may hold them, and the nearest of them to a slip.

use lintel_domain::fee::{FinanceChargeRule, LeSection};
use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::product::ArmIndex;
use lintel_domain::scenario::{Employment, Flag, LimitClass, PropertyKind};

use crate::catalogue::{AxisOf, EstimateOf, PerOf};

/// Longest word that is compared with others; a longer one resembles none.
const MAX_COMPARED: usize = 60;

/// A closed list of words.
pub(super) trait Word: Copy + Sized + 'static {
    /// All of them.
    const WORDS: &'static [Self];
    /// The spelling.
    fn spelling(self) -> &'static str;
    /// Reads the spelling, ASCII case ignored.
    fn read(text: &str) -> Option<Self> {
        let mut all = Self::WORDS.iter().copied();
        all.find(|word| word.spelling().eq_ignore_ascii_case(text))
    }
}

macro_rules! domain_words {
    ($($name:ty),+) => {
        $(impl Word for $name {
            const WORDS: &'static [Self] = <$name>::ALL;
            fn spelling(self) -> &'static str {
                self.as_str()
            }
        })+
    };
}

domain_words!(
    Program,
    Purpose,
    Occupancy,
    PropertyKind,
    LimitClass,
    Employment,
    Flag,
    LeSection,
    FinanceChargeRule,
    ArmIndex
);

impl Word for PerOf {
    const WORDS: &'static [Self] = &[Self::Loan, Self::Price];
    fn spelling(self) -> &'static str {
        match self {
            Self::Loan => "loan",
            Self::Price => "price",
        }
    }
}

impl Word for EstimateOf {
    const WORDS: &'static [Self] = &[Self::PropertyTax, Self::Insurance];
    fn spelling(self) -> &'static str {
        match self {
            Self::PropertyTax => "property_tax",
            Self::Insurance => "insurance",
        }
    }
}

impl Word for AxisOf {
    const WORDS: &'static [Self] = &[
        Self::Score,
        Self::Ltv,
        Self::Cltv,
        Self::Hcltv,
        Self::LoanAmount,
        Self::LockDays,
        Self::TermMonths,
    ];
    fn spelling(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Ltv => "ltv",
            Self::Cltv => "cltv",
            Self::Hcltv => "hcltv",
            Self::LoanAmount => "loan_amount",
            Self::LockDays => "lock_days",
            Self::TermMonths => "term_months",
        }
    }
}

/// Whether figures of a text are added to the price or published as costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PointUnit {
    /// Added to the price: negative costs the borrower.
    Price,
    /// Costs, as the agencies publish them: positive costs the borrower.
    Fee,
}

impl Word for PointUnit {
    const WORDS: &'static [Self] = &[Self::Price, Self::Fee];
    fn spelling(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Fee => "fee",
        }
    }
}

/// The one of `known` that `text` most likely means: at most a third of its letters differ.
pub(super) fn nearest<'k>(text: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let far = distance_limit(text)?;
    let measured = known.into_iter().map(|word| (distance(text, word), word));
    let best = measured.min_by_key(|(distance, _)| *distance)?;
    (best.0 <= far).then_some(best.1)
}

fn distance_limit(text: &str) -> Option<usize> {
    let letters = text.chars().count();
    (letters <= MAX_COMPARED).then(|| (letters / 3).max(1))
}

/// Letters to insert, delete or replace to get from one to the other, case ignored.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to
        .chars()
        .take(MAX_COMPARED)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.chars().enumerate() {
        let letter = letter.to_ascii_lowercase();
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// "; did you mean ltv?" when something is near.
pub(super) fn hint<'k>(text: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(text, known).map_or_else(String::new, |word| format!("; did you mean {word}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_their_word_and_strangers_none() {
        let known = ["loan_amount", "ltv", "score", "states"];
        assert_eq!(nearest("loan_amout", known), Some("loan_amount"));
        assert_eq!(nearest("State", known), Some("states"));
        assert_eq!(nearest("ltvs", known), Some("ltv"));
        assert_eq!(nearest("elephant", known), None);
        assert_eq!(nearest(&"x".repeat(10_000), known), None);
        assert_eq!((distance("kitten", "sitting"), distance("", "ab")), (3, 2));
    }
}
