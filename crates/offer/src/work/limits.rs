//! Loan to value, debt service and maturity.

use lintel_domain::finding::Finding;
use lintel_engine::pt::macroprudential::{
    Application, Borrower, LimitCheck as Checked3, LimitKind as Kind, LtvPurpose, Measure,
    StressedRate, assess_with_utilisation,
};
use lintel_engine::pt::simulation::Tans;
use lintel_engine::rate::Pct;

use super::{failed, refused};
use crate::Book;
use crate::calculation::{Guarantee, LimitCheck, LimitKind, LimitOutcome, LimitValue, Limits};
use crate::check::{Checked, Rate};

pub(super) fn limits(
    book: &Book<'_>,
    checked: &Checked<'_>,
    tans: &Tans,
    guarantee: Option<&Guarantee>,
) -> Result<Limits, Finding> {
    let table = &book
        .rules
        .pt
        .macroprudential
        .on(book.today)
        .map_err(|_| failed())?
        .rows;
    let rate = match (checked.rate, tans.variable) {
        (Rate::Fixed { .. }, _) => StressedRate::Fixed { tan: tans.first },
        (Rate::Variable { .. }, _) => StressedRate::Variable { tan: tans.first },
        (Rate::Mixed { fixed_months, .. }, Some(variable_tan)) => StressedRate::Mixed {
            fixed_tan: tans.first,
            fixed_months,
            variable_tan,
        },
        (Rate::Mixed { .. }, None) => return Err(failed()),
    };
    let purpose = if checked.scheme.held_by_bank {
        LtvPurpose::HeldByLender
    } else if checked.own_home {
        LtvPurpose::OwnPermanentHome
    } else {
        LtvPurpose::Other
    };
    let people = checked.people.iter().map(|person| Borrower {
        birth_date: person.birth_date,
        monthly_net_income: person.income,
        other_instalments: person.other_instalments,
        retired: person.asked.retired.unwrap_or(false),
    });
    let application = Application {
        date: book.today,
        purpose,
        loan: checked.amount,
        price: checked.place.price.unwrap_or(checked.place.value),
        valuation: checked.place.value,
        term_months: checked.term_months,
        rate,
        borrowers: people.collect(),
    };
    let found = assess_with_utilisation(table, &application, checked.utilisation_months);
    let found = found.map_err(refused)?;
    // The State's surety lifts loan to value up to the whole price, if nothing of it is only assumed.
    let guaranteed = guarantee.is_some_and(|of| of.applies && of.assumed.is_empty());
    Ok(Limits {
        checks: found.checks.map(|check| outcome(&check, guaranteed)),
        shock: found.shock,
        stressed_instalment: found.stressed_instalment,
        other_instalments: found.other_instalments,
        counted_income: found.counted_income,
        oldest_age: found.oldest_age,
    })
}

fn outcome(check: &Checked3, guaranteed: bool) -> LimitCheck {
    let value = |measure| match measure {
        Measure::Percent(percent) => LimitValue::Percent(percent),
        Measure::Months(months) => LimitValue::Months(months),
    };
    let (kind, lifted) = match check.kind {
        Kind::Ltv => {
            let whole = matches!(check.value, Measure::Percent(ltv) if ltv <= Pct::HUNDRED);
            (LimitKind::LoanToValue, guaranteed && whole)
        }
        Kind::Dsti => (LimitKind::DebtService, false),
        Kind::Maturity => (LimitKind::Maturity, false),
    };
    LimitCheck {
        kind,
        limit: value(check.limit),
        value: value(check.value),
        outcome: match (check.within, lifted) {
            (true, _) => LimitOutcome::Within,
            (false, true) => LimitOutcome::WithinGuarantee,
            (false, false) => LimitOutcome::Exceeded,
        },
    }
}
