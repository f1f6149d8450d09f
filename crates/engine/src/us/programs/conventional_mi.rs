//! Conventional mortgage insurance from an insurer's rate card.

use crate::bands::{Band, Step};
use crate::rate::Pct;

/// A cell of a rate card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CardRow {
    /// Loan to value.
    pub ltv: Band<Pct>,
    /// Representative credit score.
    pub score: Step<u32>,
    /// Term of the loan in months.
    pub term_months: Band<u32>,
    /// Part of the loan the insurer covers, in percent.
    pub coverage: Pct,
    /// Premium in percent a year of the loan.
    pub annual: Pct,
}

/// What a premium is looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CardKey {
    /// Loan to value.
    pub ltv: Pct,
    /// Representative credit score.
    pub score: u32,
    /// Term of the loan in months.
    pub term_months: u32,
    /// Coverage the investor requires; none takes the first row that fits, so a card
    /// lists the usual coverage of each band first.
    pub coverage: Option<Pct>,
}

/// The yearly premium of the first cell that fits; none when the card has no such cell.
#[must_use]
pub fn annual_premium(card: &[CardRow], key: &CardKey) -> Option<Pct> {
    card.iter()
        .find(|row| {
            row.ltv.contains(key.ltv)
                && row.score.contains(key.score)
                && row.term_months.contains(key.term_months)
                && key.coverage.is_none_or(|coverage| coverage == row.coverage)
        })
        .map(|row| row.annual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_read_by_ltv_score_and_coverage() {
        let pct = |text: &str| Pct::parse_decimal(text).unwrap();
        let row = |coverage, annual| CardRow {
            ltv: Band {
                over: Some(pct("90")),
                up_to: Some(pct("95")),
            },
            score: Step {
                at_least: Some(740),
                below: Some(760),
            },
            term_months: Band {
                over: Some(240),
                up_to: None,
            },
            coverage: pct(coverage),
            annual: pct(annual),
        };
        let card = [row("30", "0.53"), row("25", "0.48")];
        let key = |score, coverage: Option<&str>| CardKey {
            ltv: pct("95"),
            score,
            term_months: 360,
            coverage: coverage.map(pct),
        };
        assert_eq!(
            annual_premium(&card, &key(740, Some("25"))),
            Some(pct("0.48"))
        );
        assert_eq!(annual_premium(&card, &key(759, None)), Some(pct("0.53")));
        assert_eq!(annual_premium(&card, &key(760, None)), None);
    }
}
