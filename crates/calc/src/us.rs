//! Kinds that look figures of the United States up in the rule book, and what they share.

mod charges;
mod disclosure;
mod limits;
mod llpa;
mod premiums;
mod prices;
mod programs;
mod short_reset;
mod tolerance;

use lintel_engine::Date;
use lintel_engine::us::price_tests::Lien;
use lintel_rule_book::{Dated, Edition, NotInForce};

use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) use charges::{US_FINANCE_CHARGE_CLASS, US_POINTS_AND_FEES};
pub(crate) use disclosure::{US_HPA, US_PROJECTED_PAYMENTS, US_TRID_TOTALS};
pub(crate) use limits::{US_CONFORMING_LIMIT, US_FHA_LIMIT};
pub(crate) use llpa::US_LLPA_BASE;
pub(crate) use premiums::US_ANNUAL_PREMIUMS;
pub(crate) use prices::{
    US_HOEPA_POINTS_FEES_TRIGGER, US_HPML, US_PRICE_TESTS, US_QM_POINTS_FEES_CAP,
    US_QM_PRICE_THRESHOLD,
};
pub(crate) use programs::{
    US_FHA_ANNUAL_MIP, US_FHA_UFMIP, US_MI_PREMIUM, US_USDA_UPFRONT, US_VA_FUNDING_FEE,
};
pub(crate) use short_reset::US_SHORT_RESET_APR;
pub(crate) use tolerance::US_TOLERANCES;

/// The day figures are looked up for, when the request names one: `date`, or the first of `year`.
fn day(inputs: &Fields<'_>) -> Result<Option<Date>, Failure> {
    if inputs.has("date") {
        return inputs.date("date").map(Some);
    }
    if !inputs.has("year") {
        return Ok(None);
    }
    let year = inputs.whole("year", 1900, 2200)?;
    let first = i16::try_from(year)
        .ok()
        .and_then(|y| Date::new(y, 1, 1).ok());
    first
        .map(Some)
        .ok_or_else(|| inputs.fault("year", "must be from 1900 to 2200"))
}

/// As [`day`], required.
fn needed_day(inputs: &Fields<'_>) -> Result<Date, Failure> {
    day(inputs)?.ok_or_else(|| inputs.fault("year", "is required"))
}

/// The edition of the request's day; without one the newest.
fn edition<'a, T>(inputs: &Fields<'_>, table: &'a Dated<T>) -> Result<&'a Edition<T>, Failure> {
    in_force(inputs, table.on_or_newest(day(inputs)?))
}

/// Names the day at fault when nothing is in force on it.
fn in_force<T>(inputs: &Fields<'_>, found: Result<T, NotInForce>) -> Result<T, Failure> {
    found.map_err(|missing| {
        let field = if inputs.has("date") { "date" } else { "year" };
        inputs.fault(field, missing.to_string())
    })
}

/// `1` or `first`, and `2`, `second` or `subordinate`.
fn lien(inputs: &Fields<'_>) -> Result<Lien, Failure> {
    let refused = || inputs.fault("lien", "must be 1 (first) or 2 (subordinate)");
    match inputs.text("lien") {
        Ok("first") => Ok(Lien::First),
        Ok("second" | "subordinate" | "junior") => Ok(Lien::Subordinate),
        Ok(_) | Err(_) => {
            let number = inputs.whole("lien", 1, 2).map_err(|_| refused())?;
            Lien::of_number(number).ok_or_else(refused)
        }
    }
}

/// True when the member is there with something in it: an empty text stands for "does not apply".
fn given(inputs: &Fields<'_>, name: &str) -> bool {
    inputs.has(name) && !inputs.text(name).is_ok_and(str::is_empty)
}
