//! Kind `us_apr_dates`: the annual percentage rate from calendar dates.

use lintel_engine::apr::{Advance, Stream, solve};
use lintel_engine::unit_period::{
    Interval, Reading, Series, Spacing, UnitPeriod, find_unit_period_read, interval, interval_read,
    spacing_between,
};
use lintel_engine::us::loan_apr::may_be_ignored;
use lintel_engine::{Date, Ratio};
use serde_json::{Value, json};

use crate::apr::{UNIT_PERIODS, found, reading, too_many, unit_period};
use crate::eu::dated;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::{KindDoc, MAX_PAYMENTS};

pub(crate) const US_APR_DATES: KindDoc = KindDoc {
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
        (
            "year_odd_days_over",
            "365 (when left out) or 360: odd days beside whole years",
        ),
        (
            "single_payment_by",
            "\"months\" (when left out) or \"days\": unit-periods a year of one payment after whole months",
        ),
        (
            "ignore_minor_irregularities",
            "true to treat a slightly odd first period as regular, 12 CFR 1026.17(c)(4)",
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
        (
            "irregularity_ignored",
            "true when the first period was treated as regular: store it with the disclosure",
        ),
        (
            "interval_assumed",
            "true when a stream of several payments was taken as monthly because nothing says its interval; \
             absent otherwise",
        ),
    ],
    formula: "as us_apr, with several advances on the left side",
    source: "12 CFR 1026 Appendix J (b)(4), (b)(5), (b)(8)",
    calculate: us_apr_dates,
};

/// A stream as read.
struct Payments {
    series: Series,
    amount: f64,
    /// True when several payments are taken as monthly because nothing says otherwise.
    is_assumed: bool,
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
    let reading = reading(inputs)?;
    let unit = match given {
        Some(unit) => unit,
        None => find(&advances, &payments, reading)?,
    };
    let (start, ignored) = match regular_start(inputs, &advances, &payments, unit)? {
        Some(regular) => (regular, true),
        None => (start, false),
    };
    let mut left_side = Vec::with_capacity(advances.len());
    for (date, amount) in &advances {
        let date = if ignored { &start } else { date };
        let at = interval_read(start, *date, unit, date.day(), reading)?;
        left_side.push(Advance {
            whole: at.whole,
            fraction: at.fraction,
            amount: *amount,
        });
    }
    let mut right_side = Vec::new();
    let mut places = Vec::new();
    for payment in &payments {
        let first = expand((start, unit, reading), payment, &mut right_side)?;
        places.push(json!({ "t": first.whole, "f": first.fraction.to_string() }));
    }
    let solution = solve(&left_side, &right_side, unit.per_year())?;
    let mut answer = json!({
        "apr_percent": found(&solution)?,
        "unit_period": unit.to_string(),
        "unit_periods_per_year": unit.per_year().to_string(),
        "streams": places,
        "irregularity_ignored": ignored,
    });
    if payments.iter().any(|payment| payment.is_assumed) {
        answer["interval_assumed"] = json!(true);
    }
    Ok(answer)
}

/// Where the first period would begin if it were regular, when the request wants a minor
/// irregularity ignored and it is one: a single advance, a first stream at the unit-period's
/// spacing, and days within 12 CFR 1026.17(c)(4).
fn regular_start(
    inputs: &Fields<'_>,
    advances: &[(Date, f64)],
    payments: &[Payments],
    unit: UnitPeriod,
) -> Result<Option<Date>, Failure> {
    let first = payments.iter().map(|payment| &payment.series);
    let first = first.min_by_key(|series| series.first);
    let ([(advance, _)], Some(first)) = (advances, first) else {
        return Ok(None);
    };
    let is_single = payments.len() == 1 && first.count == 1;
    if !inputs.flag("ignore_minor_irregularities")? || is_single {
        return Ok(None);
    }
    let regular = Series {
        spacing: Spacing::of(unit),
        ..*first
    };
    let regular = regular.regular_start()?;
    let mut last = *advance;
    for payment in payments {
        last = last.max(payment.series.last()?);
    }
    let term = interval(*advance, last, UnitPeriod::Months(1), false)?;
    let extra = advance.days_until(regular);
    let is_minor = extra != 0 && may_be_ignored(extra, term.whole);
    Ok(is_minor.then_some(regular))
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
    for other in ["amount_financed", "advance_date"] {
        if inputs.has(other) {
            return Err(inputs.fault(other, "cannot stand beside advances"));
        }
    }
    dated(inputs, "advances")
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
            let message = format!("{first} is earlier than the advance of {start}");
            return Err(fields.fault("first_date", message));
        }
        let count = if fields.has("count") {
            fields.whole("count", 1, u32::MAX)?
        } else {
            1
        };
        left = left.checked_sub(count).ok_or_else(|| too_many(fields))?;
        let known = match (stated_interval(fields)?, unit) {
            (Some(spacing), _) => Some(spacing),
            (None, Some(unit)) => Some(Spacing::of(unit)),
            (None, None) => {
                let next = firsts.get(index + 1).copied();
                let before = payments
                    .last()
                    .and_then(|last: &Payments| last.series.last().ok());
                implied(*first, next, count)
                    .or_else(|| implied(before?, Some(*first), 1).filter(is_rhythm))
            }
        };
        let month_end = fields.flag("month_end_series")?;
        if month_end && !first.is_month_end() {
            return Err(fields.fault("first_date", "is not the last day of its month"));
        }
        let series = Series {
            first: *first,
            count,
            spacing: known.unwrap_or(Spacing::Months(1)),
            month_end,
        };
        series
            .last()
            .map_err(|_| fields.fault("count", "runs past the year 2200"))?;
        payments.push(Payments {
            series,
            amount: fields.amount("amount")?,
            is_assumed: known.is_none() && count > 1,
        });
    }
    Ok(payments)
}

fn stated_interval(fields: &Fields<'_>) -> Result<Option<Spacing>, Failure> {
    if !fields.has("interval") {
        return Ok(None);
    }
    let unit = UnitPeriod::parse(fields.text("interval")?)
        .map_err(|_| fields.fault("interval", UNIT_PERIODS))?;
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
fn find(
    advances: &[(Date, f64)],
    payments: &[Payments],
    reading: Reading,
) -> Result<UnitPeriod, Failure> {
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
    Ok(find_unit_period_read(&advances, &series, reading)?)
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
    (start, unit, reading): (Date, UnitPeriod, Reading),
    payment: &Payments,
    streams: &mut Vec<Stream>,
) -> Result<Interval, Failure> {
    let Payments { series, amount, .. } = payment;
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
    let first = interval_read(start, series.first, unit, series.anchor_day(), reading)?;
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
            interval_read(start, date, unit, anchor, reading)?,
            1,
            1,
        ));
    }
    Ok(first)
}
