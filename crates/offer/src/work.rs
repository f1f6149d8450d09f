//! A request that was found right, worked out.

mod costs;
mod limits;
mod taxes;
mod variant;

use std::borrow::Cow;

use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::simulation::RateKind;
use lintel_engine::error::EngineError;
use lintel_engine::pt::costs::CostTable;
use lintel_engine::pt::early_repayment::EarlyRepaymentRules;
use lintel_engine::pt::simulation::{self, OfferedRate, SimulationTerms, simulate_with};
use lintel_engine::pt::spread::{BundledProduct as Held, SpreadTerms};
use lintel_engine::pt::stamp_duty::StampDutyRates;
use lintel_engine::rate::Pct;
use lintel_taxonomy::Entry;

use crate::Book;
use crate::bank::RepaymentTerms;
use crate::calculation::{BundledProduct, Calculation, Choice, Index, Loan};
use crate::check::{Checked, Cover, Rate};

/// What of the law the calculation looks up on its day.
struct Law<'a> {
    costs: &'a CostTable,
    duties: &'a StampDutyRates,
    early: &'a EarlyRepaymentRules,
}

/// The rules or the arithmetic cannot answer: the bank's figures do not fit together, or no edition of a
/// rule is in force.
fn failed() -> Finding {
    Finding::new(CreditField::Offer, CreditRule::Failed)
}

/// An error of the engine about figures that were checked before.
fn refused(_: EngineError) -> Finding {
    failed()
}

/// Works the loan out.
///
/// # Errors
/// A finding about the offer when the bank's figures lead nowhere: no rate solves the loan, or an amount
/// leaves its bounds.
pub(crate) fn work(book: &Book<'_>, checked: &Checked<'_>) -> Result<Calculation, Finding> {
    let (rules, day) = (&book.rules.pt, book.today);
    let duties = duties(book, checked)?;
    let law = Law {
        costs: &rules.costs.on(day).map_err(|_| failed())?.rows,
        duties: &duties,
        early: &rules.early_repayment.on(day).map_err(|_| failed())?.rows,
    };
    let products = products(book, checked);
    let sources = costs::Sources::of(book, checked, &products)?;
    let terms = terms(book, checked, &products, &sources)?;
    let done = simulate_with(&terms, &sources.premiums, law.costs, law.duties).map_err(refused)?;
    let cut = variant::Cut {
        checked,
        sources: &sources,
        law: &law,
    };
    let without_cross_selling = cut.variant(&done.without_products, false)?;
    let with_products = done.with_products.as_ref();
    let with_cross_selling = with_products
        .map(|with| cut.variant(with, true))
        .transpose()?;
    let asked = match with_products {
        Some(with) if checked.cross_selling => (with, true),
        Some(_) | None => (&done.without_products, false),
    };
    let guarantee = taxes::guarantee(book, checked)?;
    let limits = limits::limits(book, checked, &asked.0.tans, guarantee.as_ref())?;
    Ok(Calculation {
        day,
        edition: book.offer.edition().to_owned(),
        bank: book.offer.bank().clone(),
        loan: loan(checked),
        index: checked.index.map(|index| Index {
            tenor: index.tenor.to_owned(),
            reset_months: index.months,
            month: index.month,
            average: index.average,
            highest: index.highest,
        }),
        insurances: cut.insurances(&done),
        bank_charges: cut.bank_charges(asked.1)?,
        taxes: taxes::taxes(book, checked, &asked.0.totals, guarantee)?,
        limits,
        repayment: repayment(book, checked, law.early),
        without_cross_selling,
        with_cross_selling,
        products,
    })
}

/// Code of the loan purpose that takes over another bank's loan and adds nothing to it.
const TRANSFER: &str = "transfer";

/// Stamp duty of the day. How much of a loan with a reinforcement is owed elsewhere nobody states: its
/// whole amount is taxed, so that no cost is told too low.
fn duties<'a>(book: &Book<'a>, checked: &Checked<'_>) -> Result<Cow<'a, StampDutyRates>, Finding> {
    let edition = book.rules.pt.stamp_duty.on(book.today);
    let rates = &edition.map_err(|_| failed())?.rows;
    Ok(if checked.loan_purpose.code == TRANSFER {
        Cow::Owned(rates.for_transfer())
    } else {
        Cow::Borrowed(rates)
    })
}

/// The bundled products of the scheme. A product that is an insurance taken elsewhere is not held.
fn products(book: &Book<'_>, checked: &Checked<'_>) -> Vec<BundledProduct> {
    let elsewhere = |place: usize| {
        let external = |cover: Cover, product: Option<usize>| match cover {
            Cover::External(_) => product == Some(place),
            Cover::Tariff => false,
        };
        external(checked.life, book.offer.life.product)
            || external(checked.multi_risk, book.offer.multi_risk.product)
    };
    let discounts = checked.scheme.discounts.iter();
    discounts
        .filter_map(|(place, discount)| {
            let product = book.offer.products.get(*place)?;
            Some(BundledProduct {
                code: product.code.clone(),
                pt: product.pt.clone(),
                en: product.en.clone(),
                discount: *discount,
                held: !elsewhere(*place),
            })
        })
        .collect()
}

fn terms(
    book: &Book<'_>,
    checked: &Checked<'_>,
    products: &[BundledProduct],
    sources: &costs::Sources<'_>,
) -> Result<SimulationTerms, Finding> {
    let lowered = |base: Pct| SpreadTerms {
        base,
        products: products
            .iter()
            .map(|product| Held {
                discount: product.discount,
                held: product.held,
            })
            .collect(),
        max_discount: checked.scheme.max_discount,
    };
    let rate = match (checked.rate, checked.index) {
        (Rate::Fixed { percent }, _) => OfferedRate::Fixed {
            tan: lowered(percent),
        },
        (Rate::Variable { spread }, Some(index)) => OfferedRate::Variable {
            index: index.average,
            reset_months: index.months,
            spread: lowered(spread),
            cap: None,
        },
        (
            Rate::Mixed {
                percent,
                fixed_months,
                spread,
            },
            Some(index),
        ) => OfferedRate::Mixed {
            fixed: lowered(percent),
            fixed_months,
            index: index.average,
            spread: lowered(spread),
            cap: None,
        },
        (Rate::Variable { .. } | Rate::Mixed { .. }, None) => return Err(failed()),
    };
    Ok(SimulationTerms {
        amount: checked.amount,
        term_months: checked.term_months,
        utilisation_months: checked.utilisation_months,
        drawings: Vec::new(),
        residual: lintel_engine::money::Cents::ZERO,
        rate,
        negative_interest: book.offer.terms.negative_interest,
        own_home: checked.own_home,
        charges: sources
            .charges
            .iter()
            .map(|source| source.charge.clone())
            .collect(),
        highest_index: checked.index.map(|index| index.highest),
    })
}

fn choice(entry: &Entry) -> Choice {
    Choice {
        id: entry.id,
        code: entry.code.to_owned(),
        pt: entry.pt.to_owned(),
        en: entry.en.to_owned(),
    }
}

fn loan(checked: &Checked<'_>) -> Loan {
    Loan {
        product_purpose: choice(checked.product_purpose),
        loan_purpose: choice(checked.loan_purpose),
        scheme: checked.scheme.choice.clone(),
        branch: checked.branch.map(|branch| Choice {
            id: branch.id,
            code: branch.code.clone(),
            pt: branch.name.clone(),
            en: branch.name.clone(),
        }),
        own_home: checked.own_home,
        amount: checked.amount,
        term_months: checked.term_months,
        utilisation_months: checked.utilisation_months,
        rate_kind: checked.kind,
        index_type: choice(checked.index_type),
        fixed_months: match checked.rate {
            Rate::Fixed { .. } => Some(checked.term_months),
            Rate::Variable { .. } => None,
            Rate::Mixed { fixed_months, .. } => Some(fixed_months),
        },
        cross_selling: checked.cross_selling,
        price: checked.place.price,
        property_value: checked.place.value,
    }
}

/// The bank's fees, not above those of the law; nothing in a variable phase while the law waives them.
fn repayment(book: &Book<'_>, checked: &Checked<'_>, law: &EarlyRepaymentRules) -> RepaymentTerms {
    let mut waivers = law.own_home_variable_waivers.iter();
    let waived = checked.own_home && waivers.any(|waiver| waiver.contains(book.today));
    let variable = if waived {
        Pct::ZERO
    } else {
        book.offer.terms.early_variable.min(law.variable_cap)
    };
    let fixed = book.offer.terms.early_fixed.min(law.fixed_cap);
    let (has_variable, has_fixed) = match checked.kind {
        RateKind::Fixed => (false, true),
        RateKind::Variable => (true, false),
        RateKind::Mixed => (true, true),
    };
    RepaymentTerms {
        variable_fee: has_variable.then_some(variable),
        fixed_fee: has_fixed.then_some(fixed),
        partial_notice_days: law.partial_notice_working_days,
        full_notice_days: law.total_notice_working_days,
    }
}

/// The engine's variant, under a name that cannot be mistaken for ours.
type Worked = simulation::Variant;

#[cfg(test)]
pub(crate) mod tests;
