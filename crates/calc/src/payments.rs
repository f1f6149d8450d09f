//! Kinds `payment`, `schedule` and `us_arm_composite_payments`.

use lintel_engine::day_count::YearFraction;
use lintel_engine::money::divide;
use lintel_engine::schedule::{
    MAX_TERM_MONTHS, Plan, RateStep, Row, dated_schedule, equal_periods_schedule,
    level_payment_of_e9,
};
use lintel_engine::unit_period::{Series, Spacing};
use lintel_engine::{Cents, Date, DayCount, Rounding};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::fields::Fields;
use crate::json::Json;
use crate::{KindDoc, MAX_PAYMENTS};

pub(crate) const PAYMENT: KindDoc = KindDoc {
    name: "payment",
    summary: "Level monthly payment, or the interest of one month.",
    inputs: &[
        ("principal", "loan amount; may have more than two decimals"),
        ("rate_percent", "yearly rate"),
        ("term_months", "number of payments"),
        (
            "interest_only",
            "true for a month's interest; false when left out",
        ),
    ],
    results: &[("payment", "half-up cents")],
    formula: "P i / (1 - (1 + i)^-n), i = rate / 1200; interest only: P i",
    source: "annuity formula; rounding as the official sample H-25(B), 12 CFR 1026 Appendix H",
    calculate: payment,
};

pub(crate) const SCHEDULE: KindDoc = KindDoc {
    name: "schedule",
    summary: "Equal instalments with their interest and principal.",
    inputs: &[
        ("principal", "loan amount"),
        ("rate_percent", "yearly rate"),
        ("first", "date the loan is paid out, YYYY-MM-DD; with"),
        ("due_dates", "the dates of the instalments; or"),
        (
            "months",
            "number of monthly instalments (first is then only needed for actual days)",
        ),
        (
            "day_count",
            "\"30/360\" (when left out), \"actual/365\", \"actual/360\", \"actual/actual\"",
        ),
    ],
    results: &[
        ("instalment", "list; the last one clears the balance"),
        ("interest", "list"),
        ("principal", "list"),
    ],
    formula: "instalment = P / sum_k 1 / prod_(j<=k) (1 + r_j), half-up cents; interest half-up cents",
    source: "equal-instalment rule; actual/actual splits by calendar year (ISDA 2006, 4.16(b)); 30/360 takes every \
             month as 30 days, and from a day to the same day or to the month end as whole months",
    calculate: schedule,
};

pub(crate) const US_ARM_COMPOSITE_PAYMENTS: KindDoc = KindDoc {
    name: "us_arm_composite_payments",
    summary: "The level payment of each step of a path of rates.",
    inputs: &[
        ("principal", "loan amount"),
        ("term_months", "months to maturity"),
        ("rate_path[]", "steps:"),
        ("  rate_percent", "yearly rate"),
        (
            "  months",
            "how long it lasts; all steps together last term_months",
        ),
    ],
    results: &[("payments", "list, one a step")],
    formula: "at each change the balance, kept in cents, is spread again over the months that remain",
    source: "commentary to 12 CFR 1026.17(c)(1)",
    calculate: us_arm_composite_payments,
};

fn payment(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let principal = inputs.amount_e9("principal")?;
    let rate = inputs.pct("rate_percent")?;
    let months = if inputs.flag("interest_only")? && !inputs.has("term_months") {
        1
    } else {
        inputs.whole("term_months", 1, MAX_PAYMENTS)?
    };
    // Checks all three, also for the interest-only answer.
    let level = level_payment_of_e9(principal, rate, months)?;
    if !inputs.flag("interest_only")? {
        return Ok(json!({ "payment": level.to_string() }));
    }
    // Billionths of a unit × billionths of a percent a year, to cents a month: 10^7 × 1.2 × 10^12.
    let cents = principal
        .checked_mul(i128::from(rate.e9()))
        .and_then(|product| divide(product, 12_000_000_000_000_000_000, Rounding::HalfUp))
        .and_then(|cents| i64::try_from(cents).ok())
        .map(Cents::new)
        .filter(|cents| *cents <= Cents::MAX)
        .ok_or_else(|| inputs.fault("principal", "is too large"))?;
    Ok(json!({ "payment": cents.to_string() }))
}

fn schedule(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let principal = inputs.positive_money("principal")?;
    let rate = inputs.pct("rate_percent")?;
    let day_count = if inputs.has("day_count") {
        let name = inputs.text("day_count")?.to_lowercase();
        let name = name
            .split('/')
            .map(|part| if part == "act" { "actual" } else { part });
        DayCount::parse(&name.collect::<Vec<_>>().join("/")).map_err(|_| {
            let message = "must be 30/360, actual/365, actual/360 or actual/actual";
            inputs.fault("day_count", message)
        })?
    } else {
        DayCount::Thirty360
    };
    if inputs.has("due_dates") && inputs.has("months") {
        return Err(inputs.fault("months", "cannot stand beside due_dates"));
    }
    if !inputs.has("due_dates") && day_count == DayCount::Thirty360 {
        let months = inputs.whole("months", 1, MAX_PAYMENTS)?;
        return Ok(columns(&equal_periods_schedule(
            principal,
            rate,
            months,
            YearFraction::MONTH,
        )?));
    }
    let start = inputs.date("first")?;
    let due_dates = if inputs.has("due_dates") {
        listed(inputs)?
    } else {
        monthly(inputs, start)?
    };
    let mut before = start;
    for due in &due_dates {
        if *due <= before {
            let message = format!("{due} must be later than {before} before it");
            return Err(inputs.fault("due_dates", message));
        }
        before = *due;
    }
    let rows = dated_schedule(principal, rate, start, &due_dates, day_count)?;
    Ok(columns(
        &rows.iter().map(|dated| dated.row).collect::<Vec<_>>(),
    ))
}

fn listed(inputs: &Fields<'_>) -> Result<Vec<Date>, Failure> {
    let read = |(index, value): (usize, &Json<'_>)| {
        let refused = |message: String| inputs.fault(&format!("due_dates[{index}]"), message);
        let text = value
            .as_str()
            .ok_or_else(|| refused("must be text".to_owned()))?;
        Date::parse_iso(text).map_err(|error| refused(error.problem.to_string()))
    };
    inputs
        .list("due_dates")?
        .iter()
        .enumerate()
        .map(read)
        .collect()
}

fn monthly(inputs: &Fields<'_>, start: Date) -> Result<Vec<Date>, Failure> {
    let months = inputs.whole("months", 1, MAX_TERM_MONTHS)?;
    let spacing = Spacing::Months(1);
    let series = Series {
        first: start,
        count: months,
        spacing,
        month_end: false,
    };
    (1..=months)
        .map(|number| series.date_at(number))
        .collect::<Result<_, _>>()
        .map_err(|_| inputs.fault("months", "runs past the year 2200"))
}

fn columns(rows: &[Row]) -> Value {
    let column = |part: fn(&Row) -> Cents| {
        let amounts = rows.iter().map(|row| part(row).to_string());
        Value::Array(amounts.map(Value::String).collect())
    };
    // Not `json!`, which would copy 300,000 texts once more.
    let columns = [
        ("instalment", column(|row| row.payment)),
        ("interest", column(|row| row.interest)),
        ("principal", column(|row| row.principal)),
    ];
    Value::Object(
        columns
            .map(|(name, list)| (name.to_owned(), list))
            .into_iter()
            .collect(),
    )
}

fn us_arm_composite_payments(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let principal = inputs.positive_money("principal")?;
    let term_months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let mut path = Vec::new();
    let mut starts = Vec::new();
    let mut months: u32 = 0;
    for fields in inputs.objects("rate_path")? {
        let step = RateStep {
            rate: fields.pct("rate_percent")?,
            months: fields.whole("months", 1, MAX_TERM_MONTHS)?,
        };
        starts.push(usize::try_from(months).unwrap_or(usize::MAX));
        months = months.saturating_add(step.months);
        path.push(step);
    }
    if months != term_months {
        let message = format!("lasts {months} months, not the {term_months} of the term");
        return Err(inputs.fault("rate_path", message));
    }
    let rows = Plan::adjustable(principal, &path)?.schedule()?.rows;
    let payments: Vec<String> = starts
        .into_iter()
        .filter_map(|start| rows.get(start))
        .map(|row| row.payment.to_string())
        .collect();
    Ok(json!({ "payments": payments }))
}
