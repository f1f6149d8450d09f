//! Where columns begin, and what they show.

use super::{Column, InterestOnly, Payment, Range};
use crate::error::EngineError;
use crate::money::Cents;
use crate::us::loan_apr::LoanTerms;

/// Most columns of the table, 12 CFR 1026.37(c)(1)(ii).
pub const MAX_COLUMNS: usize = 4;

/// Payments of a year.
const YEAR: u32 = 12;

pub(super) fn columns(
    loan: &LoanTerms,
    payments: &[Payment],
    escrow: Cents,
) -> Result<Vec<Column>, EngineError> {
    let regular = if ends_in_balloon(payments) {
        payments.split_last().map_or(payments, |(_, rest)| rest)
    } else {
        payments
    };
    let years = year_of(count(regular).max(1));
    let most = MAX_COLUMNS.saturating_sub(usize::from(regular.len() < payments.len()));
    let mut columns = Vec::with_capacity(MAX_COLUMNS);
    let starts = starts(loan, regular, years, most);
    for (index, first_year) in starts.iter().enumerate() {
        let next = starts.get(index.saturating_add(1));
        let last_year = next.map_or(years, |next| next.saturating_sub(1));
        columns.push(column(loan, regular, (*first_year, last_year), escrow)?);
    }
    if let Some(last) = payments.last().filter(|_| regular.len() < payments.len()) {
        let year = year_of(count(payments));
        let mut balloon = shown(std::slice::from_ref(last), (year, year), escrow)?;
        balloon.is_final_balloon = true;
        balloon.interest_only = InterestOnly::None;
        columns.push(balloon);
    }
    Ok(columns)
}

/// A last payment of more than twice the one before it, 1026.37(b)(5); there must be one before.
fn ends_in_balloon(payments: &[Payment]) -> bool {
    let [.., before, last] = payments else {
        return false;
    };
    let twice = before.most.payment.get().saturating_mul(2);
    last.most.payment.get() > twice
}

/// Years in which a column begins, no more than `most`.
fn starts(loan: &LoanTerms, payments: &[Payment], years: u32, most: usize) -> Vec<u32> {
    let mut starts = vec![1];
    for number in change_numbers(loan, count(payments)) {
        let year = year_of(number);
        starts.push(year);
        if number % YEAR != 1 {
            // The payments of that year differ among themselves: the next anniversary begins anew.
            starts.push(year.saturating_add(1));
        }
    }
    let kept = |starts: &mut Vec<u32>| {
        starts.sort_unstable();
        starts.dedup();
        starts.retain(|year| *year <= years);
    };
    kept(&mut starts);
    // Insurance that ends gets a column only where the others leave room for one, (c)(1)(ii)(B).
    if let Some(year) = insurance_ends(payments).filter(|_| starts.len() < most) {
        starts.push(year.saturating_add(1));
        kept(&mut starts);
    }
    starts.truncate(most);
    starts
}

/// Numbers of the payments that may be the first of a new amount: after the interest-only time,
/// and after each change of an adjustable rate.
fn change_numbers(loan: &LoanTerms, count: u32) -> Vec<u32> {
    let mut numbers = Vec::new();
    if loan.interest_only_months > 0 {
        numbers.push(loan.interest_only_months.saturating_add(1));
    }
    if let Some(arm) = &loan.arm {
        let mut number = arm.first_adjustment_months.saturating_add(1);
        while number <= count {
            numbers.push(number);
            number = number.saturating_add(arm.adjustment_months.max(1));
        }
    }
    numbers.retain(|number| *number <= count);
    numbers
}

/// The year of the last payment with insurance, when payments without follow.
fn insurance_ends(payments: &[Payment]) -> Option<u32> {
    let with = payments
        .iter()
        .take_while(|payment| payment.insurance.is_positive())
        .count();
    let with = u32::try_from(with).ok()?;
    (with > 0 && with < count(payments)).then(|| year_of(with))
}

fn column(
    loan: &LoanTerms,
    payments: &[Payment],
    (first_year, last_year): (u32, u32),
    escrow: Cents,
) -> Result<Column, EngineError> {
    let index = |year: u32| usize::try_from(year.saturating_mul(YEAR)).unwrap_or(usize::MAX);
    let from = index(first_year.saturating_sub(1)).min(payments.len());
    let to = index(last_year).min(payments.len());
    let mut covered = payments.get(from..to).unwrap_or_default();
    // The last payment clears the cents; it is no change of the amount.
    if to == payments.len()
        && let Some((_, rest)) = covered.split_last()
        && !rest.is_empty()
    {
        covered = rest;
    }
    let mut column = shown(covered, (first_year, last_year), escrow)?;
    let interest_only = usize::try_from(loan.interest_only_months).unwrap_or(usize::MAX);
    column.interest_only = if interest_only <= from {
        InterestOnly::None
    } else if interest_only >= to {
        InterestOnly::All
    } else {
        InterestOnly::Some
    };
    Ok(column)
}

fn shown(
    covered: &[Payment],
    (first_year, last_year): (u32, u32),
    escrow: Cents,
) -> Result<Column, EngineError> {
    let least = covered.iter().map(|payment| payment.least.payment).min();
    let most = covered.iter().map(|payment| payment.most.payment).max();
    let principal_and_interest = Range {
        min: least.unwrap_or_default(),
        max: most.unwrap_or_default(),
    };
    let insurance = covered.iter().map(|payment| payment.insurance);
    let mortgage_insurance = insurance.max().unwrap_or_default();
    let add = |payment: Cents| {
        payment
            .checked_add(mortgage_insurance)
            .and_then(|sum| sum.checked_add(escrow))
            .ok_or(EngineError::too_large("principal"))
    };
    Ok(Column {
        first_year,
        last_year,
        is_final_balloon: false,
        principal_and_interest,
        interest_only: InterestOnly::None,
        mortgage_insurance,
        escrow,
        total: Range {
            min: add(principal_and_interest.min)?,
            max: add(principal_and_interest.max)?,
        },
    })
}

fn count(payments: &[Payment]) -> u32 {
    u32::try_from(payments.len()).unwrap_or(u32::MAX)
}

/// The year of payments a payment belongs to.
fn year_of(number: u32) -> u32 {
    number.div_ceil(YEAR)
}
