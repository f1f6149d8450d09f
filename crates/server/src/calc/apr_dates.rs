//! Kind `us_apr_dates`: the annual percentage rate from calendar dates.

use lintel_engine::apr::{Advance, Stream, solve};
use lintel_engine::unit_period::{
    Interval, Series, Spacing, UnitPeriod, find_unit_period, interval_with_anchor, spacing_between,
};
use lintel_engine::{Date, Ratio};
use serde_json::{Value, json};

use super::apr::{found, too_many, unit_period};
use super::failure::Failure;
use super::fields::{Fields, amount_of};
use super::{KindDoc, MAX_PAYMENTS};

pub(super) const US_APR_DATES: KindDoc = KindDoc {
    name: "us_apr_dates",
    summary: "Annual percentage rate of dated advances and payment streams.",
    inputs: &[
        ("advance_date", "date of the advance, YYYY-MM-DD, with"),
        ("amount_financed", "its amount; or instead of both"),
        (
            "advances",
            "a list of [date, amount], the earliest being the amount financed",
        ),
        (
            "unit_period",
            "such as \"1 month\"; found by the rule of Appendix J when left out",
        ),
        ("streams[]", "level payments:"),
        ("  first_date", "date of the first"),
        ("  count", "how many"),
        ("  amount", "each payment"),
        (
            "  interval",
            "time between them; left out, the unit_period; without that, what leads in count steps \
             to the next stream, or from the stream before to this one (half a year at most); or a \
             month",
        ),
        ("  month_end_series", "true when they fall on month ends"),
    ],
    results: &[
        ("apr_percent", "9 decimals"),
        ("unit_period", "given or found"),
        ("unit_periods_per_year", "as a fraction"),
        ("streams[]", "t and f of each stream's first payment"),
    ],
    formula: "as us_apr, with several advances on the left side",
    source: "12 CFR 1026 Appendix J (b)(4), (b)(5), (b)(8)",
    calculate: us_apr_dates,
};

/// A stream as read.
struct Payments {
    series: Series,
    amount: f64,
}

fn us_apr_dates(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let advances = advances(inputs)?;
    let start = advances
        .first()
        .map(|first| first.0)
        .ok_or_else(|| nothing(inputs))?;
    let given = inputs
        .has("unit_period")
        .then(|| unit_period(inputs))
        .transpose()?;
    let payments = payments(inputs, start, given)?;
    let unit = match given {
        Some(unit) => unit,
        None => find(&advances, &payments)?,
    };
    let mut left_side = Vec::with_capacity(advances.len());
    for (date, amount) in &advances {
        let at = interval_with_anchor(start, *date, unit, date.day())?;
        left_side.push(Advance {
            whole: at.whole,
            fraction: at.fraction,
            amount: *amount,
        });
    }
    let mut right_side = Vec::new();
    let mut places = Vec::new();
    for payment in &payments {
        let first = expand(start, payment, unit, &mut right_side)?;
        places.push(json!({ "t": first.whole, "f": first.fraction.to_string() }));
    }
    let solution = solve(&left_side, &right_side, unit.per_year())?;
    Ok(json!({
        "apr_percent": found(&solution)?,
        "unit_period": unit.to_string(),
        "unit_periods_per_year": unit.per_year().to_string(),
        "streams": places,
    }))
}

fn nothing(inputs: &Fields<'_>) -> Failure {
    inputs.fault("advances", "must not be empty")
}

/// Advances in time order.
fn advances(inputs: &Fields<'_>) -> Result<Vec<(Date, f64)>, Failure> {
    if !inputs.has("advances") {
        return Ok(vec![(
            inputs.date("advance_date")?,
            inputs.amount("amount_financed")?,
        )]);
    }
    let mut advances = Vec::new();
    for (index, pair) in inputs.list("advances")?.iter().enumerate() {
        let path = |part: &str| format!("advances[{index}]{part}");
        let pair = pair.as_array().map(Vec::as_slice);
        let Some([Value::String(date), amount]) = pair else {
            return Err(inputs.fault(&path(""), "must be [date, amount]"));
        };
        let date = Date::parse_iso(date)
            .map_err(|error| inputs.fault(&path("[0]"), error.problem.to_string()))?;
        let amount = amount_of(amount).map_err(|message| inputs.fault(&path("[1]"), message))?;
        advances.push((date, amount));
    }
    advances.sort_by_key(|advance| advance.0);
    Ok(advances)
}

fn payments(
    inputs: &Fields<'_>,
    start: Date,
    unit: Option<UnitPeriod>,
) -> Result<Vec<Payments>, Failure> {
    let objects = inputs.objects("streams")?;
    let firsts = objects
        .iter()
        .map(|fields| fields.date("first_date"))
        .collect::<Result<Vec<_>, _>>()?;
    let mut payments = Vec::with_capacity(objects.len());
    let mut left = MAX_PAYMENTS;
    for (index, (fields, first)) in objects.iter().zip(&firsts).enumerate() {
        if *first < start {
            return Err(fields.fault("first_date", "is earlier than the advance"));
        }
        let count = if fields.has("count") {
            fields.whole("count", 1, u32::MAX)?
        } else {
            1
        };
        left = left.checked_sub(count).ok_or_else(|| too_many(fields))?;
        let spacing = match (stated_interval(fields)?, unit) {
            (Some(spacing), _) => spacing,
            (None, Some(unit)) => Spacing::of(unit),
            (None, None) => {
                let next = firsts.get(index + 1).copied();
                let before = payments
                    .last()
                    .and_then(|last: &Payments| last.series.last().ok());
                implied(*first, next, count)
                    .or_else(|| implied(before?, Some(*first), 1).filter(is_rhythm))
                    .unwrap_or(Spacing::Months(1))
            }
        };
        let month_end = fields.flag("month_end_series")?;
        if month_end && !first.is_month_end() {
            return Err(fields.fault("first_date", "is not the last day of its month"));
        }
        let series = Series {
            first: *first,
            count,
            spacing,
            month_end,
        };
        series
            .last()
            .map_err(|_| fields.fault("count", "runs past the year 2200"))?;
        payments.push(Payments {
            series,
            amount: fields.amount("amount")?,
        });
    }
    Ok(payments)
}

fn stated_interval(fields: &Fields<'_>) -> Result<Option<Spacing>, Failure> {
    if !fields.has("interval") {
        return Ok(None);
    }
    let unit = UnitPeriod::parse(fields.text("interval")?)
        .map_err(|error| fields.fault("interval", error.problem.to_string()))?;
    Ok(Some(Spacing::of(unit)))
}

/// A gap of half a year or less may be the rhythm of what follows; a longer one is a pause.
fn is_rhythm(gap: &Spacing) -> bool {
    match gap {
        Spacing::Days(days) => *days <= 183,
        Spacing::Months(months) => *months <= 6,
        Spacing::Semimonth => true,
    }
}

/// The standard interval that leads from `first` in `count` steps to the next stream.
fn implied(first: Date, next: Option<Date>, count: u32) -> Option<Spacing> {
    let next = next?;
    if let Some(Spacing::Months(months)) = spacing_between(first, next) {
        if months.checked_rem(count) == Some(0) {
            return Some(Spacing::Months(months / count));
        }
        if months.checked_mul(2) == Some(count) {
            return Some(Spacing::Semimonth);
        }
    }
    let days = u32::try_from(first.days_until(next))
        .ok()
        .filter(|days| *days > 0)?;
    let step = days
        .checked_div(count)
        .filter(|_| days.checked_rem(count) == Some(0))?;
    (step == 1 || step % 7 == 0).then_some(Spacing::Days(step))
}

/// The unit-period by Appendix J (b)(4). Streams that overlap are taken apart into their dates.
fn find(advances: &[(Date, f64)], payments: &[Payments]) -> Result<UnitPeriod, Failure> {
    let advances: Vec<Date> = advances.iter().map(|advance| advance.0).collect();
    let mut series: Vec<Series> = payments.iter().map(|payment| payment.series).collect();
    series.sort_by_key(|series| series.first);
    let mut overlapping = false;
    for (one, next) in series.iter().zip(series.iter().skip(1)) {
        overlapping |= one.last()? >= next.first;
    }
    if overlapping {
        let mut dates = Vec::new();
        for one in &series {
            for index in 0..one.count {
                dates.push(one.date_at(index)?);
            }
        }
        dates.sort();
        dates.dedup();
        series = dates.into_iter().map(Series::single).collect();
    }
    Ok(find_unit_period(&advances, &series)?)
}

/// A term of whole months is one unit-period, (b)(5)(vi), also where counting back from the later
/// date would leave odd days: 29 February to 28 February is twelve months.
fn is_whole_term(start: Date, first: Date, unit: UnitPeriod) -> bool {
    match unit {
        UnitPeriod::TermMonths(_) => spacing_between(start, first) == Some(Spacing::of(unit)),
        UnitPeriod::TermDays(_)
        | UnitPeriod::Days(_)
        | UnitPeriod::Weeks(_)
        | UnitPeriod::Semimonth
        | UnitPeriod::Months(_)
        | UnitPeriod::Year => false,
    }
}

/// Adds a stream to the equation and says where its first payment lies: one level run when the
/// spacing is a whole number of unit-periods, otherwise every payment by its own date.
fn expand(
    start: Date,
    payment: &Payments,
    unit: UnitPeriod,
    streams: &mut Vec<Stream>,
) -> Result<Interval, Failure> {
    let Payments { series, amount } = payment;
    let stream = |at: Interval, count: u32, every: u32| Stream {
        whole: at.whole,
        fraction: if at.fraction.num == 0 {
            Ratio::ZERO
        } else {
            at.fraction
        },
        count,
        every,
        amount: *amount,
    };
    if series.count == 1 && is_whole_term(start, series.first, unit) {
        let whole = Interval {
            whole: 1,
            fraction: Ratio::ZERO,
        };
        streams.push(stream(whole, 1, 1));
        return Ok(whole);
    }
    let first = interval_with_anchor(start, series.first, unit, series.anchor_day())?;
    if let Some(every) = series.spacing.in_units(unit).filter(|every| *every > 0) {
        streams.push(stream(first, series.count, every));
        return Ok(first);
    }
    for index in 0..series.count {
        let date = series.date_at(index)?;
        let anchor = match series.spacing {
            Spacing::Months(_) => series.anchor_day(),
            Spacing::Days(_) | Spacing::Semimonth => date.day(),
        };
        streams.push(stream(
            interval_with_anchor(start, date, unit, anchor)?,
            1,
            1,
        ));
    }
    Ok(first)
}
