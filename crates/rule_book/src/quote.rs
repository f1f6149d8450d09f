//! The tables a quote needs, gathered for every stretch of days on which none of them changes.

use lintel_domain::quote::QuoteTables;
use lintel_engine::date::Date;

use crate::dated::{Dated, NotInForce};
use crate::load::RuleError;
use crate::us::UsRules;

/// Most stretches of days: each holds a copy of its tables.
const MAX_STRETCHES: usize = 500;

/// Quote tables by the first day of each stretch, oldest first.
#[derive(Debug, Clone)]
pub(crate) struct QuoteTablesByDay {
    stretches: Vec<(Date, Result<QuoteTables, NotInForce>)>,
    before: NotInForce,
}

impl QuoteTablesByDay {
    /// Refused when the tables change too often to be gathered.
    pub(crate) fn try_of(us: &UsRules) -> Result<Self, RuleError> {
        let mut days: Vec<Date> = Vec::new();
        boundaries(&us.finance_charge, &mut days);
        boundaries(&us.fha, &mut days);
        boundaries(&us.va, &mut days);
        boundaries(&us.usda, &mut days);
        boundaries(&us.mi_card, &mut days);
        days.sort_unstable();
        days.dedup();
        if days.len() > MAX_STRETCHES {
            return Err(RuleError {
                file: us.finance_charge.file().to_owned(),
                what: format!(
                    "the tables of quotes change on more than {MAX_STRETCHES} days, this one included"
                ),
            });
        }
        let before = NotInForce {
            file: us.finance_charge.file(),
            day: Date::FIRST,
            first: days.first().copied(),
            last: None,
        };
        let stretches = days.into_iter().map(|day| (day, tables_on(us, day)));
        Ok(Self {
            stretches: stretches.collect(),
            before,
        })
    }

    pub(crate) fn on(&self, day: Date) -> Result<&QuoteTables, NotInForce> {
        let after = self.stretches.partition_point(|(from, _)| *from <= day);
        let found = after.checked_sub(1).and_then(|at| self.stretches.get(at));
        match found {
            Some((_, Ok(tables))) => Ok(tables),
            Some((_, Err(missing))) => Err(NotInForce {
                day,
                ..missing.clone()
            }),
            None => Err(NotInForce {
                day,
                ..self.before.clone()
            }),
        }
    }
}

/// The days on which a table changes: an edition begins, or one has ended the day before.
fn boundaries<T>(table: &Dated<T>, days: &mut Vec<Date>) {
    for edition in table.editions() {
        days.push(edition.effective.from);
        days.extend(edition.effective.to.and_then(|to| to.add_days(1).ok()));
    }
}

fn tables_on(us: &UsRules, day: Date) -> Result<QuoteTables, NotInForce> {
    let fha = &us.fha.on(day)?.rows;
    let usda = &us.usda.on(day)?.rows;
    let mi = &us.mi_card.on(day)?.rows;
    Ok(QuoteTables {
        finance_charge: us.finance_charge.on(day)?.rows.clone(),
        fha_upfront: fha.upfront,
        fha_annual: fha.annual.clone(),
        va_funding_fee: us.va.on(day)?.rows.rows.clone(),
        usda_upfront: usda.upfront,
        usda_annual: usda.annual,
        mi_card: mi.rows.clone(),
        mi_assumed_score: mi.assumed_score,
    })
}
