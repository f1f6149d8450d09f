//! Which charges are finance charges.

use lintel_domain::fee::{FinanceChargeRule, LeSection, is_finance_charge};
use lintel_engine::us::finance_charge::Table;

use super::UpfrontCost;
use super::fees::POINTS_TYPE;
use crate::catalogue::{Catalogue, Fee};

/// Which charges count, decided once for all products of a search.
pub(crate) struct Counting<'a> {
    table: &'a Table,
    fees: Vec<Option<bool>>,
    pub(super) points: bool,
}

impl<'a> Counting<'a> {
    pub(crate) fn of(catalogue: &Catalogue, table: &'a Table) -> Self {
        let rule = FinanceChargeRule::ByType;
        Self {
            table,
            fees: vec![None; catalogue.fees.len()],
            points: is_finance_charge(table, rule, POINTS_TYPE, LeSection::A),
        }
    }

    pub(super) fn fee(&mut self, index: usize, fee: &Fee) -> bool {
        let decide = || {
            let Fee {
                finance_charge,
                mismo_type,
                section,
                ..
            } = fee;
            is_finance_charge(self.table, *finance_charge, mismo_type, *section)
        };
        match self.fees.get_mut(index) {
            Some(known) => *known.get_or_insert_with(decide),
            None => decide(),
        }
    }

    pub(super) fn upfront(&self, cost: &UpfrontCost) -> bool {
        let (rule, section) = (FinanceChargeRule::ByType, LeSection::B);
        is_finance_charge(self.table, rule, cost.mismo_type, section)
    }
}
