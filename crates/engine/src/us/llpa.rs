//! Loan-level price adjustments: the base grid of a purpose and the grids of loan attributes, as
//! the agencies publish them. All adjustments add up, in percent of the loan.

use crate::bands::Step;
use crate::error::{EngineError, Problem};
use crate::names::names;
use crate::rate::Pct;

/// What the loan is for, as the grids distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LlpaPurpose {
    /// Purchase.
    Purchase,
    /// Refinance without cash out.
    LimitedCashOut,
    /// Refinance with cash out.
    CashOut,
}

names!(LlpaPurpose, "purpose" {
    Purchase = "purchase",
    LimitedCashOut = "limited_cash_out",
    CashOut = "cash_out",
});

/// A grid by loan to value, and by credit score when it has score rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Purpose it is for; none for all.
    pub purpose: Option<LlpaPurpose>,
    /// Attribute it is for, such as `second_home`; none for the base grid.
    pub attribute: Option<String>,
    /// Longest term in months at which the grid adds nothing; none when it holds for every term.
    pub free_up_to_months: Option<u32>,
    /// Upper edges of the loan-to-value columns, inclusive and rising; the last column has none.
    pub ltv_up_to: Vec<Pct>,
    /// The rows: one for each score band, or a single one.
    pub rows: Vec<GridRow>,
}

/// A row of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    /// Scores it is for.
    pub score: Step<u32>,
    /// Adjustment of each column; one more than there are edges. None where the agency gives none.
    pub cells: Vec<Option<Pct>>,
}

/// What an adjustment is looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LlpaKey<'a> {
    /// Purpose of the loan.
    pub purpose: LlpaPurpose,
    /// Attribute; none for the base grid.
    pub attribute: Option<&'a str>,
    /// Representative credit score; none is the lowest band.
    pub score: Option<u32>,
    /// Gross loan to value.
    pub ltv: Pct,
    /// Months to maturity; none for a loan longer than any grid's free terms.
    pub term_months: Option<u32>,
}

/// The adjustment of a loan, in percent; none when no grid has such a cell.
///
/// # Errors
/// Field `ltv` when it is not above zero.
pub fn adjustment(grids: &[Grid], key: &LlpaKey<'_>) -> Result<Option<Pct>, EngineError> {
    if key.ltv <= Pct::ZERO {
        return Err(EngineError::new("ltv", Problem::MustBePositive));
    }
    let score = key.score.unwrap_or(0);
    let grid = grids.iter().find(|grid| {
        grid.purpose.is_none_or(|purpose| purpose == key.purpose)
            && grid.attribute.as_deref() == key.attribute
    });
    Ok(grid.and_then(|grid| {
        let free = grid.free_up_to_months.zip(key.term_months);
        if free.is_some_and(|(longest, term)| term <= longest) {
            return Some(Pct::ZERO);
        }
        let column = grid
            .ltv_up_to
            .iter()
            .position(|edge| key.ltv <= *edge)
            .unwrap_or(grid.ltv_up_to.len());
        let row = grid.rows.iter().find(|row| row.score.contains(score))?;
        row.cells.get(column).copied().flatten()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pct(text: &str) -> Pct {
        Pct::parse_decimal(text).unwrap()
    }

    #[test]
    fn columns_include_their_upper_edge_and_no_score_is_the_lowest_band() {
        let row = |at_least, below, cells: [&str; 3]| GridRow {
            score: Step { at_least, below },
            cells: cells.iter().map(|cell| Some(pct(cell))).collect(),
        };
        let grid = Grid {
            purpose: Some(LlpaPurpose::Purchase),
            attribute: None,
            free_up_to_months: Some(180),
            ltv_up_to: vec![pct("75"), pct("80")],
            rows: vec![
                row(Some(780), None, ["0", "0.375", "0.375"]),
                row(None, Some(640), ["2.125", "2.75", "2.875"]),
            ],
        };
        let key = |score, ltv| LlpaKey {
            purpose: LlpaPurpose::Purchase,
            attribute: None,
            score,
            ltv: pct(ltv),
            term_months: None,
        };
        let find = |key: LlpaKey<'_>| adjustment(std::slice::from_ref(&grid), &key).unwrap();
        assert_eq!(find(key(Some(780), "75")), Some(Pct::ZERO));
        assert_eq!(find(key(Some(780), "75.01")), Some(pct("0.375")));
        assert_eq!(find(key(None, "97")), Some(pct("2.875")));
        assert_eq!(find(key(Some(700), "80")), None);
        let of_months = |months| LlpaKey {
            term_months: Some(months),
            ..key(Some(780), "80")
        };
        assert_eq!(find(of_months(180)), Some(Pct::ZERO));
        assert_eq!(find(of_months(181)), Some(pct("0.375")));
        let cash_out = LlpaKey {
            purpose: LlpaPurpose::CashOut,
            ..key(Some(780), "80")
        };
        assert_eq!(find(cash_out), None);
        let condo = LlpaKey {
            attribute: Some("condo"),
            ..key(Some(780), "80")
        };
        assert_eq!(find(condo), None);
        assert!(adjustment(&[], &key(None, "0")).is_err());
    }
}
