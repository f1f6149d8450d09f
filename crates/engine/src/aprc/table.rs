//! The illustrative repayment table of the information sheet: Directive 2014/17/EU Annex II, part A
//! section 7. Every instalment of the first year, then yearly totals, then the grand total.

use crate::error::{EngineError, Problem};
use crate::money::Cents;
use crate::schedule::{MAX_PAYMENTS, Row};

/// An instalment and what is paid with it besides capital and interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment {
    /// Interest and capital.
    pub row: Row,
    /// Other costs paid with the instalment.
    pub other_costs: Cents,
}

impl Instalment {
    /// Interest, capital and other costs together; none beyond the bound of [`Cents`].
    #[must_use]
    pub fn payment(&self) -> Option<Cents> {
        self.row.payment.checked_add(self.other_costs)
    }
}

/// What a line of the table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TablePeriod {
    /// One instalment of the first year, numbered from 1.
    Instalment(u32),
    /// A later year, from 2.
    Year(u32),
    /// The whole credit.
    Total,
}

/// A line of the repayment table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableRow {
    /// Which instalment or year.
    pub period: TablePeriod,
    /// Paid in all: interest, capital and other costs.
    pub payment: Cents,
    /// Interest paid.
    pub interest: Cents,
    /// Capital repaid.
    pub capital: Cents,
    /// Other costs included in the instalments.
    pub other_costs: Cents,
    /// Capital outstanding afterwards.
    pub remaining: Cents,
}

/// The table of `instalments`, of which `per_year` fall in a year.
///
/// # Errors
/// Field `instalments` when empty or too many, `per_year` of zero, `amount` when a total leaves the
/// bound of [`Cents`].
pub fn repayment_table(
    instalments: &[Instalment],
    per_year: u32,
) -> Result<Vec<TableRow>, EngineError> {
    if instalments.is_empty() {
        return Err(EngineError::new("instalments", Problem::Empty));
    }
    let limit = MAX_PAYMENTS;
    if u32::try_from(instalments.len()).map_or(true, |count| count > limit) {
        return Err(EngineError::new("instalments", Problem::TooMany { limit }));
    }
    let year = usize::try_from(per_year).unwrap_or_default();
    if year == 0 {
        return Err(EngineError::new("per_year", Problem::MustBePositive));
    }
    let (first, later) = instalments.split_at(year.min(instalments.len()));
    let mut table = Vec::new();
    for (number, instalment) in (1..).zip(first) {
        table.push(line(
            TablePeriod::Instalment(number),
            std::slice::from_ref(instalment),
        )?);
    }
    for (number, part) in (2..).zip(later.chunks(year)) {
        table.push(line(TablePeriod::Year(number), part)?);
    }
    table.push(line(TablePeriod::Total, instalments)?);
    Ok(table)
}

fn line(period: TablePeriod, part: &[Instalment]) -> Result<TableRow, EngineError> {
    let sum = |amount: fn(&Instalment) -> Cents| {
        Cents::try_sum(part.iter().map(amount)).map_err(|_| EngineError::too_large("amount"))
    };
    let (paid, other_costs) = (sum(|one| one.row.payment)?, sum(|one| one.other_costs)?);
    let payment = paid.checked_add(other_costs);
    Ok(TableRow {
        period,
        payment: payment.ok_or(EngineError::too_large("amount"))?,
        interest: sum(|one| one.row.interest)?,
        capital: sum(|one| one.row.principal)?,
        other_costs,
        remaining: part.last().map_or(Cents::ZERO, |one| one.row.balance),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::Pct;
    use crate::schedule::Plan;

    fn instalments(months: u32) -> Vec<Instalment> {
        let plan = Plan::fixed(Cents::new(20_000_000), Pct::new(6_000_000_000), months).unwrap();
        let with_costs = |row| Instalment {
            row,
            other_costs: Cents::new(1_667),
        };
        let rows = plan.schedule().unwrap().rows;
        rows.into_iter().map(with_costs).collect()
    }

    #[test]
    fn first_year_then_years_then_total() {
        let table = repayment_table(&instalments(30), 12).unwrap();
        let periods: Vec<_> = table.iter().map(|line| line.period).collect();
        let mut expected: Vec<_> = (1..=12).map(TablePeriod::Instalment).collect();
        expected.extend([
            TablePeriod::Year(2),
            TablePeriod::Year(3),
            TablePeriod::Total,
        ]);
        assert_eq!(periods, expected);
        let total = table.last().unwrap();
        assert_eq!(total.capital, Cents::new(20_000_000));
        assert_eq!(total.other_costs, Cents::new(30 * 1_667));
        assert_eq!(total.remaining, Cents::ZERO);
        let parts = &table[..table.len() - 1];
        let sum = Cents::try_sum(parts.iter().map(|line| line.payment)).unwrap();
        assert_eq!(sum, total.payment);
    }

    #[test]
    fn yearly_and_short_credits() {
        let table = repayment_table(&instalments(3), 1).unwrap();
        assert_eq!(table.len(), 4);
        assert_eq!(table[1].period, TablePeriod::Year(2));
        assert_eq!(repayment_table(&instalments(3), 12).unwrap().len(), 4);
        assert_eq!(repayment_table(&[], 12).unwrap_err().field, "instalments");
        assert_eq!(
            repayment_table(&instalments(1), 0).unwrap_err().field,
            "per_year"
        );
    }
}
