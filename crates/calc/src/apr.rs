//! Kinds `us_apr` and `us_unit_period_interval`.

use lintel_engine::Ratio;
use lintel_engine::apr::{Advance, Solution, Stream, solve};
use lintel_engine::unit_period::{OddYear, Reading, SingleTerm, UnitPeriod, interval_read};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::fields::Fields;
use crate::{KindDoc, MAX_PAYMENTS};

pub(crate) const US_APR: KindDoc = KindDoc {
    name: "us_apr",
    summary: "Annual percentage rate of one advance and payment streams counted in unit-periods.",
    inputs: &[
        ("amount_financed", "advance at time zero, currency units"),
        (
            "unit_period",
            "such as \"1 month\"; may be left out when unit_periods_per_year is given",
        ),
        (
            "unit_periods_per_year",
            "such as 12, \"365/255\" or 1.4313725490196; left out, that of unit_period",
        ),
        (
            "streams[]",
            "level payments, each one unit-period after the other:",
        ),
        (
            "  t",
            "whole unit-periods from the advance to the first payment",
        ),
        (
            "  f",
            "left-over fraction of a unit-period, such as \"19/30\"; 0 when left out. A decimal of more than \
             nine places is the simplest fraction that rounds to it; so too unit_periods_per_year",
        ),
        ("  count", "number of payments"),
        ("  amount", "each payment, currency units"),
    ],
    results: &[(
        "apr_percent",
        "9 decimals; negative when less is paid than was advanced",
    )],
    formula: "A = sum P / ((1 + f i)(1 + i)^t); apr = 100 w i",
    source: "12 CFR 1026 Appendix J (b)(8)",
    calculate: us_apr,
};

pub(crate) const US_UNIT_PERIOD_INTERVAL: KindDoc = KindDoc {
    name: "us_unit_period_interval",
    summary: "Whole unit-periods and the left-over fraction between two dates.",
    inputs: &[
        ("start", "earlier date, YYYY-MM-DD"),
        ("end", "later date"),
        (
            "unit_period",
            "\"1 month\", \"2 weeks\", \"semimonth\", \"1 day\", \"1 year\" and so on",
        ),
        (
            "month_end_series",
            "true when payments fall on month ends; false when left out",
        ),
        (
            "year_odd_days_over",
            "365 (when left out) or 360: odd days beside whole years",
        ),
    ],
    results: &[
        ("t", "whole unit-periods"),
        ("f", "the rest as a fraction, such as \"19/30\""),
    ],
    formula: "months are counted back from the later date; odd days are over 30 times the months",
    source: "12 CFR 1026 Appendix J (b)(5)",
    calculate: us_unit_period_interval,
};

fn us_apr(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let amount = inputs.amount("amount_financed")?;
    let per_year = per_year(inputs)?;
    let mut streams = Vec::new();
    let mut left = MAX_PAYMENTS;
    for fields in inputs.objects("streams")? {
        let count = fields.whole("count", 1, u32::MAX)?;
        left = left.checked_sub(count).ok_or_else(|| too_many(&fields))?;
        let fraction = if fields.has("f") {
            fields.ratio("f")?
        } else {
            Ratio::ZERO
        };
        if fraction.exceeds_one() {
            return Err(fields.fault("f", "must be at most 1"));
        }
        streams.push(Stream {
            whole: fields.whole("t", 0, 500_000)?,
            fraction,
            count,
            every: 1,
            amount: fields.amount("amount")?,
        });
    }
    let advance = Advance {
        whole: 0,
        fraction: Ratio::ZERO,
        amount,
    };
    Ok(json!({ "apr_percent": found(&solve(&[advance], &streams, per_year)?)? }))
}

/// Payments beyond the limit of a request.
pub(crate) fn too_many(fields: &Fields<'_>) -> Failure {
    let message = format!("a request may have {MAX_PAYMENTS} payments");
    Failure {
        code: "too_large",
        ..fields.fault("count", message)
    }
}

/// The annual percentage rate as text, or why there is none.
pub(crate) fn found(solution: &Solution) -> Result<String, Failure> {
    match solution.apr() {
        Some(apr) => Ok(apr.to_fixed(9)),
        None => Err(Failure::of_solution(solution)),
    }
}

/// Unit-periods a year: as given, or those of the unit-period. When both are given they must agree.
fn per_year(inputs: &Fields<'_>) -> Result<Ratio, Failure> {
    let unit = inputs
        .has("unit_period")
        .then(|| unit_period(inputs))
        .transpose()?;
    if !inputs.has("unit_periods_per_year") {
        let unit = unit.ok_or_else(|| inputs.fault("unit_period", "is required"))?;
        return Ok(unit.per_year());
    }
    let ratio = inputs.ratio("unit_periods_per_year")?;
    let value = ratio.to_f64();
    // Nothing is shorter than a day or longer than a year; 366 for those who count a leap year.
    if !(0.9..=366.0).contains(&value) {
        return Err(inputs.fault("unit_periods_per_year", "must be from 1 to 366"));
    }
    if unit.is_some_and(|unit| (unit.per_year().to_f64() / value - 1.0).abs() > 0.02) {
        return Err(inputs.fault(
            "unit_periods_per_year",
            "does not belong to this unit_period",
        ));
    }
    Ok(ratio)
}

/// What a unit-period may be called.
pub(crate) const UNIT_PERIODS: &str = "must be a number of days, weeks or months or 1 year, such as 2 weeks, or \
     day, week, biweekly, semimonth, month, quarter, year";

pub(crate) fn unit_period(inputs: &Fields<'_>) -> Result<UnitPeriod, Failure> {
    UnitPeriod::parse(inputs.text("unit_period")?)
        .map_err(|_| inputs.fault("unit_period", UNIT_PERIODS))
}

/// The creditor's choice where Appendix J can be read in two ways.
pub(crate) fn reading(inputs: &Fields<'_>) -> Result<Reading, Failure> {
    let odd_year = match inputs.whole_or("year_odd_days_over", 365, (360, 365))? {
        360 => OddYear::Over360,
        365 => OddYear::Over365,
        _ => return Err(inputs.fault("year_odd_days_over", "must be 360 or 365")),
    };
    let single_term = match inputs.text("single_payment_by") {
        Ok("months") => SingleTerm::Months,
        Ok("days") => SingleTerm::Days,
        Ok(_) => return Err(inputs.fault("single_payment_by", "must be months or days")),
        Err(_) if !inputs.has("single_payment_by") => SingleTerm::Months,
        Err(failure) => return Err(failure),
    };
    Ok(Reading {
        odd_year,
        single_term,
    })
}

fn us_unit_period_interval(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let unit = unit_period(inputs)?;
    let month_end = inputs.flag("month_end_series")?;
    let end = inputs.date("end")?;
    let anchor = if month_end && end.is_month_end() {
        31
    } else {
        end.day()
    };
    let found = interval_read(inputs.date("start")?, end, unit, anchor, reading(inputs)?)?;
    Ok(json!({ "t": found.whole, "f": found.fraction.to_string() }))
}
