//! A whole credit: from its terms to instalments, total cost, annual percentage rate of charge,
//! illustrative rate and repayment table, as the information sheet of Directive 2014/17/EU Annex II
//! states them.

use super::assumptions::{BorrowingRate, Illustration, assumed_path, illustration};
use super::costs::{Cost, CostTiming};
use super::equation::{Flow, solve};
use super::repayment::{Drawdown, Method, RateConvention, Repayment};
use super::table::{Instalment, TableRow, repayment_table};
use super::years::Years;
use crate::apr::Solution;
use crate::error::{EngineError, Problem};
use crate::money::Cents;
use crate::rate::Pct;
use crate::schedule::{LastPayment, RateStep, Row};

/// Most parts of a multi-part credit.
pub const MAX_PARTS: u32 = 50;
/// Most costs of a credit.
pub const MAX_COSTS: u32 = 200;

/// One part of a credit: a credit of one kind has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What is drawn and when, the first in month 0; financed costs not included.
    pub drawdowns: Vec<Drawdown>,
    /// Months to the last instalment.
    pub term_months: u32,
    /// How the borrowing rate is set.
    pub rate: BorrowingRate,
    /// Highest index of the last twenty years, when it is known: for the illustrative rate.
    pub highest_index: Option<Pct>,
    /// How capital comes back.
    pub method: Method,
    /// First months that pay interest only.
    pub interest_only_months: u32,
}

/// The terms of a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditTerms {
    /// Its parts, one or more.
    pub parts: Vec<Part>,
    /// Months from one instalment to the next: 1, 2, 3, 4, 6 or 12.
    pub months_per_instalment: u32,
    /// Time to the first instalment when it is not one period.
    pub first_period: Option<Years>,
    /// How yearly rates become rates of a period.
    pub convention: RateConvention,
    /// What the last instalment does.
    pub last_payment: LastPayment,
    /// All costs; those that are no cost of the credit are left out and reported.
    pub costs: Vec<Cost>,
}

/// What the consumer pays under one assumption about the rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Burden {
    /// Annual percentage rate of charge; round it with [`super::disclosed`].
    pub aprc: Solution,
    /// Every instalment of all parts together. Its rate is that of the first part.
    pub instalments: Vec<Instalment>,
    /// Highest instalment with its costs, the last one aside unless it is the only one.
    pub highest_instalment: Cents,
    /// All interest.
    pub total_interest: Cents,
    /// Interest and all costs of the credit.
    pub total_cost: Cents,
    /// Total amount of credit and total cost of credit.
    pub total_payable: Cents,
}

/// A credit worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Credit {
    /// Total amount of credit: all drawdowns, without financed costs.
    pub total_amount: Cents,
    /// Costs given that are no cost of the credit, each payment once.
    pub left_out: Cents,
    /// At the rate of Article 17(4) and Annex I part II (e).
    pub expected: Burden,
    /// At the rate of Article 17(5) or (6); none when no part varies, or a highest index is missing.
    pub illustrative: Option<Burden>,
    instalments_per_year: u32,
}

impl Credit {
    /// The illustrative repayment table, Annex II part A section 7.
    ///
    /// # Errors
    /// As [`repayment_table`].
    pub fn table(&self) -> Result<Vec<TableRow>, EngineError> {
        repayment_table(&self.expected.instalments, self.instalments_per_year)
    }
}

const TOO_LARGE: EngineError = EngineError::too_large("amount");

/// Works a credit out.
///
/// # Errors
/// Field `parts` or `costs` when empty (parts) or too many, and those of [`Repayment::schedule`],
/// [`assumed_path`], [`illustration`], [`Cost::flow`] and [`solve`].
pub fn credit(terms: &CreditTerms) -> Result<Credit, EngineError> {
    check_lengths(terms)?;
    let total_amount = drawn(terms)?;
    let expected = assumed_rows(terms)?;
    let higher = illustrative_rows(terms)?;
    let left_out = terms
        .costs
        .iter()
        .filter(|cost| !cost.kind.is_cost_of_credit());
    let left_out = Cents::try_sum(left_out.map(|cost| cost.amount)).map_err(|_| TOO_LARGE)?;
    let illustrative = higher
        .map(|rows| burden(terms, total_amount, &rows))
        .transpose()?;
    Ok(Credit {
        total_amount,
        left_out,
        expected: burden(terms, total_amount, &expected)?,
        illustrative,
        instalments_per_year: 12_u32.checked_div(terms.months_per_instalment).unwrap_or(1),
    })
}

fn check_lengths(terms: &CreditTerms) -> Result<(), EngineError> {
    if terms.parts.is_empty() {
        return Err(EngineError::new("parts", Problem::Empty));
    }
    let over = |length: usize, limit: u32| u32::try_from(length).map_or(true, |n| n > limit);
    for (field, length, limit) in [
        ("parts", terms.parts.len(), MAX_PARTS),
        ("costs", terms.costs.len(), MAX_COSTS),
    ] {
        if over(length, limit) {
            return Err(EngineError::new(field, Problem::TooMany { limit }));
        }
    }
    Ok(())
}

fn drawn(terms: &CreditTerms) -> Result<Cents, EngineError> {
    let all = terms.parts.iter().flat_map(|part| &part.drawdowns);
    Cents::try_sum(all.map(|drawdown| drawdown.amount)).map_err(|_| TOO_LARGE)
}

/// Costs that belong to the credit.
fn counted(terms: &CreditTerms) -> impl Iterator<Item = &Cost> {
    terms
        .costs
        .iter()
        .filter(|cost| cost.kind.is_cost_of_credit())
}

/// Rows of every part at the assumed rates.
fn assumed_rows(terms: &CreditTerms) -> Result<Vec<Vec<Row>>, EngineError> {
    let numbered = (0_usize..).zip(&terms.parts);
    numbered
        .map(|(index, part)| {
            let path = assumed_path(&part.rate, part.term_months)?;
            rows(terms, index == 0, part, path)
        })
        .collect()
}

/// Rows of every part at the illustrative rates; none when nothing varies or an index is missing.
fn illustrative_rows(terms: &CreditTerms) -> Result<Option<Vec<Vec<Row>>>, EngineError> {
    let mut varies = false;
    let mut all = Vec::with_capacity(terms.parts.len());
    for (index, part) in (0_usize..).zip(&terms.parts) {
        let unknown = part.highest_index.is_none();
        let assumed = illustration(
            &part.rate,
            part.highest_index.unwrap_or_default(),
            part.term_months,
        )?;
        let first = index == 0;
        all.push(match assumed {
            Illustration::NotVariable => rows(
                terms,
                first,
                part,
                assumed_path(&part.rate, part.term_months)?,
            )?,
            Illustration::HigherRate(_) if unknown => return Ok(None),
            Illustration::HigherRate(path) => {
                varies = true;
                rows(terms, first, part, path)?
            }
            Illustration::RepaidAfter { months, .. } => {
                varies = true;
                let path = assumed_path(&part.rate, part.term_months)?;
                repaid_after(rows(terms, first, part, path)?, months, terms)?
            }
        });
    }
    Ok(varies.then_some(all))
}

/// Rows of one part; the first part carries the financed costs.
fn rows(
    terms: &CreditTerms,
    first: bool,
    part: &Part,
    rates: Vec<RateStep>,
) -> Result<Vec<Row>, EngineError> {
    let mut drawdowns = part.drawdowns.clone();
    if first && let Some(drawdown) = drawdowns.first_mut() {
        for cost in counted(terms).filter(|cost| cost.timing == CostTiming::Financed) {
            drawdown.amount = drawdown.amount.checked_add(cost.amount).ok_or(TOO_LARGE)?;
        }
    }
    let repayment = Repayment {
        drawdowns,
        rates,
        convention: terms.convention,
        method: part.method,
        interest_only_months: part.interest_only_months,
        months_per_instalment: terms.months_per_instalment,
        first_period: terms.first_period,
        last_payment: terms.last_payment,
    };
    Ok(repayment.schedule()?.rows)
}

/// Cuts the rows off after `months`, when what is left is repaid with the last instalment.
fn repaid_after(
    mut rows: Vec<Row>,
    months: u32,
    terms: &CreditTerms,
) -> Result<Vec<Row>, EngineError> {
    let kept = months.checked_div(terms.months_per_instalment);
    rows.truncate(usize::try_from(kept.unwrap_or_default()).unwrap_or_default());
    if let Some(last) = rows.last_mut() {
        last.payment = last.payment.checked_add(last.balance).ok_or(TOO_LARGE)?;
        last.principal = last.principal.checked_add(last.balance).ok_or(TOO_LARGE)?;
        last.balance = Cents::ZERO;
    }
    Ok(rows)
}

fn burden(
    terms: &CreditTerms,
    total_amount: Cents,
    parts: &[Vec<Row>],
) -> Result<Burden, EngineError> {
    let instalments = joined(terms, parts)?;
    let months = u32::try_from(instalments.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(terms.months_per_instalment);
    let total_interest = Cents::try_sum(instalments.iter().map(|one| one.row.interest));
    let total_interest = total_interest.map_err(|_| TOO_LARGE)?;
    let mut total_payable = instalments
        .iter()
        .try_fold(Cents::ZERO, |sum, one| sum.checked_add(one.payment()?))
        .ok_or(TOO_LARGE)?;
    let mut flows = instalment_flows(terms, &instalments)?;
    flows.extend(drawdown_flows(terms)?);
    for cost in counted(terms) {
        let Some(flow) = cost.flow(months)? else {
            continue;
        };
        // A financed cost is drawn and paid at once, and repaid with the instalments.
        if cost.timing == CostTiming::Financed {
            continue;
        }
        let paid = cost.amount.checked_mul(i64::from(flow.count));
        total_payable = paid
            .and_then(|paid| total_payable.checked_add(paid))
            .ok_or(TOO_LARGE)?;
        flows.push(flow);
    }
    let regular = match instalments.as_slice() {
        [only] => std::slice::from_ref(only),
        [regular @ .., _] => regular,
        [] => &[],
    };
    let highest = regular.iter().filter_map(Instalment::payment).max();
    Ok(Burden {
        aprc: solve(&flows)?,
        highest_instalment: highest.unwrap_or_default(),
        total_interest,
        // Payable less credit rather than interest and costs: a repeated last instalment leaves some
        // cents of capital unpaid.
        total_cost: total_payable.checked_sub(total_amount).ok_or(TOO_LARGE)?,
        total_payable,
        instalments,
    })
}

/// The rows of all parts as one, with the costs paid with each instalment.
fn joined(terms: &CreditTerms, parts: &[Vec<Row>]) -> Result<Vec<Instalment>, EngineError> {
    let each = counted(terms).filter(|cost| cost.timing == CostTiming::EachInstalment);
    let mut other_costs = Cents::ZERO;
    for cost in each {
        if cost.amount.is_negative() {
            return Err(EngineError::new("costs", Problem::MustNotBeNegative));
        }
        other_costs = other_costs.checked_add(cost.amount).ok_or(TOO_LARGE)?;
    }
    let mut all: Vec<Instalment> = Vec::new();
    for rows in parts {
        for (index, row) in rows.iter().enumerate() {
            match all.get_mut(index) {
                Some(instalment) => {
                    add(&mut instalment.row, row).ok_or(TOO_LARGE)?;
                }
                None => all.push(Instalment {
                    row: *row,
                    other_costs,
                }),
            }
        }
    }
    // A credit repaid early has no instalments, and no costs with them, after its last payment.
    while all.len() > 1 && all.last().is_some_and(|last| last.row.payment.is_zero()) {
        all.pop();
    }
    Ok(all)
}

fn add(sum: &mut Row, row: &Row) -> Option<()> {
    sum.payment = sum.payment.checked_add(row.payment)?;
    sum.interest = sum.interest.checked_add(row.interest)?;
    sum.principal = sum.principal.checked_add(row.principal)?;
    sum.balance = sum.balance.checked_add(row.balance)?;
    Some(())
}

/// When the instalment that ends a period `months` after the first drawdown falls due.
fn due(terms: &CreditTerms, months: u32) -> Result<Years, EngineError> {
    let Some(first) = terms.first_period else {
        return Years::months(i64::from(months));
    };
    let later = months.saturating_sub(terms.months_per_instalment);
    let time = first.checked_add(Years::months(i64::from(later))?);
    time.ok_or(EngineError::too_large("first_period"))
}

/// Equal neighbouring instalments as one flow.
fn instalment_flows(
    terms: &CreditTerms,
    instalments: &[Instalment],
) -> Result<Vec<Flow>, EngineError> {
    let every = Years::months(i64::from(terms.months_per_instalment))?;
    let mut flows: Vec<Flow> = Vec::new();
    let mut before = None;
    for instalment in instalments {
        let amount = instalment.payment().ok_or(TOO_LARGE)?;
        match flows.last_mut().filter(|_| before == Some(amount)) {
            Some(flow) => flow.count = flow.count.saturating_add(1),
            None => {
                let months = instalment
                    .row
                    .number
                    .saturating_mul(terms.months_per_instalment);
                flows.push(Flow::paid_every(due(terms, months)?, every, 1, amount));
            }
        }
        before = Some(amount);
    }
    Ok(flows)
}

fn drawdown_flows(terms: &CreditTerms) -> Result<Vec<Flow>, EngineError> {
    let all = terms.parts.iter().flat_map(|part| &part.drawdowns);
    all.map(|drawdown| {
        let time = match drawdown.month {
            0 => Years::ZERO,
            // Drawn when the period before ends.
            months => due(terms, months)?,
        };
        Ok(Flow::received(time, drawdown.amount))
    })
    .collect()
}

#[cfg(test)]
mod tests;
