//! Where a search is in a grid.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::catalogue::{Axis, AxisOf, Grid};
use crate::when::{Facts, amount, telling_percent};

impl Axis {
    /// The band a search lies in. A search without a score is in the lowest band.
    fn band_of(&self, facts: &Facts<'_>, term_months: u32) -> usize {
        self.band(match self.of {
            AxisOf::Score => facts.scenario.score.map_or(i64::MIN, i64::from),
            AxisOf::Ltv => facts.ltv.e9(),
            AxisOf::Cltv => facts.cltv.e9(),
            AxisOf::Hcltv => facts.hcltv.e9(),
            AxisOf::LoanAmount => facts.scenario.loan_amount.get(),
            AxisOf::LockDays => i64::from(facts.lock_days.unwrap_or_default()),
            AxisOf::TermMonths => i64::from(term_months),
        })
    }

    /// The value that is looked up, in words: with two digits only where those are in its band.
    fn words(&self, facts: &Facts<'_>, term_months: u32) -> String {
        let ratio = |value: Pct| {
            telling_percent(value, |shown| {
                self.band(shown.e9()) == self.band(value.e9())
            })
        };
        match self.of {
            AxisOf::Score => match facts.scenario.score {
                Some(score) => format!("score {score}"),
                None => "no score".to_owned(),
            },
            AxisOf::Ltv => format!("LTV {}", ratio(facts.ltv)),
            AxisOf::Cltv => format!("CLTV {}", ratio(facts.cltv)),
            AxisOf::Hcltv => format!("HCLTV {}", ratio(facts.hcltv)),
            AxisOf::LoanAmount => {
                let loan: Cents = facts.scenario.loan_amount;
                format!("loan amount {}", amount(loan))
            }
            AxisOf::LockDays => format!("lock {} days", facts.lock_days.unwrap_or_default()),
            AxisOf::TermMonths => format!("term {term_months} months"),
        }
    }
}

impl Grid {
    /// Row and column a search lies in, both from 0.
    #[must_use]
    pub fn cell_of(&self, facts: &Facts<'_>, term_months: u32) -> (usize, usize) {
        let row = self.rows.band_of(facts, term_months);
        let column = self.columns.as_ref();
        (
            row,
            column.map_or(0, |axis| axis.band_of(facts, term_months)),
        )
    }

    /// The points of a cell; none where the lender does not offer.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> Option<Pct> {
        let width = match &self.columns {
            Some(axis) => axis.edges.len().saturating_add(1),
            None => 1,
        };
        let start = row.checked_mul(width)?;
        let index = start.checked_add(column).filter(|_| column < width)?;
        self.cells.get(index).copied().flatten()
    }

    /// What a search looks up, in words: "score 750, LTV 80.00".
    pub(super) fn words(&self, facts: &Facts<'_>, term_months: u32) -> String {
        let row = self.rows.words(facts, term_months);
        match &self.columns {
            Some(axis) => format!("{row}, {}", axis.words(facts, term_months)),
            None => row,
        }
    }
}
