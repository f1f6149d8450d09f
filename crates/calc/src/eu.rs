//! Kinds `eu_aprc`, `eu_aprc_dates` and `eu_interval`: the annual percentage rate of charge.

use lintel_engine::apr::Solution;
use lintel_engine::aprc::{Flow, Interval, PeriodUnit, Years, disclosed, interval, solve};
use lintel_engine::{Date, EngineError};
use serde_json::{Map, Value, json};

use crate::apr::{found, too_many};
use crate::failure::Failure;
use crate::fields::{Fields, amount_of};
use crate::json::Json;
use crate::numbers::{float, ratio};
use crate::{KindDoc, MAX_PAYMENTS};

/// The equation, as `--help` prints it.
pub(crate) const EQUATION: &str =
    "Σ C_k (1+X)^-t_k = Σ D_l (1+X)^-s_l, times in years from the first drawdown; X in percent";

pub(crate) const EU_APRC: KindDoc = KindDoc {
    name: "eu_aprc",
    summary: "Annual percentage rate of charge of flows at regular times.",
    inputs: &[
        (
            "flows.net_received_at_t0",
            "credit less costs at the first drawdown; 0 when left out",
        ),
        (
            "flows.offset_years",
            "added to every time of the runs, such as 3/365; 0 when left out",
        ),
        (
            "flows.period_years",
            "years from one payment to the next, such as 1/12; of this and offset_years a decimal of more than \
             nine places is the simplest fraction that rounds to it",
        ),
        ("flows.runs[]", "payments in a row:"),
        (
            "  from",
            "number k of the first, at offset + k periods; negative before the first drawdown",
        ),
        ("  count", "how many, with"),
        (
            "  amount",
            "each; negative when the consumer pays, positive when he receives; or",
        ),
        ("  amounts", "a list of amounts, one period apart"),
    ],
    results: &[
        ("aprc_percent", "9 decimals"),
        ("aprc_disclosed", "half up at one decimal, remark (d)"),
    ],
    formula: EQUATION,
    source: "Directive 2014/17/EU Annex I part I; 2008/48/EC Annex I part I",
    calculate: eu_aprc,
};

pub(crate) const EU_APRC_DATES: KindDoc = KindDoc {
    name: "eu_aprc_dates",
    summary: "Annual percentage rate of charge of dated drawdowns and payments.",
    inputs: &[
        (
            "drawdowns",
            "a list of [date, amount]; the earliest starts the time",
        ),
        (
            "payments",
            "a list of [date, amount]: instalments and charges, in any order",
        ),
        (
            "period_unit",
            "year, month, week, or a frequency such as quarter or 2 weeks; left out, the frequency of \
             the payments",
        ),
    ],
    results: &[
        ("aprc_percent", "9 decimals"),
        ("aprc_disclosed", "half up at one decimal, remark (d)"),
        ("period_unit", "given or found: year, month or week"),
    ],
    formula: "as eu_aprc, times as eu_interval; payments before the first drawdown have negative times",
    source: "Directive 2014/17/EU Annex I part I, remarks (b) to (d)",
    calculate: eu_aprc_dates,
};

pub(crate) const EU_INTERVAL: KindDoc = KindDoc {
    name: "eu_interval",
    summary: "Time from the drawdown to a payment in whole periods and days.",
    inputs: &[
        ("drawdown", "date of the first drawdown"),
        ("payment", "date of the payment"),
        (
            "period_unit",
            "year, month, week; half-year and quarter are counted in months, days in years and days; month \
             ends are whole: 31 March to 30 April is one month",
        ),
    ],
    results: &[
        (
            "periods",
            "whole periods; negative when the payment comes first",
        ),
        ("periods_per_year", "1, 12 or 52"),
        (
            "odd_days",
            "days left over; negative when the payment comes first",
        ),
        ("day_denominator", "365 or 366"),
        ("years", "the sum as a fraction"),
    ],
    formula: "whole periods back from the payment, then days to the drawdown over the days of the year \
              that ends with them",
    source: "Directive 2014/17/EU Annex I part I, remark (c)",
    calculate: eu_interval,
};

fn eu_aprc(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let outer = inputs.object("flows")?;
    let outer = outer.ok_or_else(|| inputs.fault("flows", "is required"))?;
    let mut flows = Vec::new();
    if outer.has("net_received_at_t0") {
        let net = signed_amount(&outer, "net_received_at_t0")?;
        flows.push(Flow::single(Years::ZERO, net));
    }
    let offset = if outer.has("offset_years") {
        years(&outer, "offset_years")?
    } else {
        Years::ZERO
    };
    let period = years(&outer, "period_years")?;
    if period.is_zero() || period.is_negative() {
        return Err(outer.fault("period_years", "must be more than 0"));
    }
    let mut left = MAX_PAYMENTS;
    for fields in outer.objects("runs")? {
        add_run(&mut flows, &fields, (offset, period), &mut left)?;
    }
    let answer = solve(&flows).map_err(named)?;
    Ok(Value::Object(rate_members(&answer)?))
}

/// The flows of one run.
fn add_run(
    flows: &mut Vec<Flow>,
    fields: &Fields<'_>,
    (offset, period): (Years, Years),
    left: &mut u32,
) -> Result<(), Failure> {
    let from = i64::from(fields.signed("from")?);
    let at = |number: i64| {
        let time = period
            .checked_mul(number)
            .and_then(|time| time.checked_add(offset));
        time.ok_or_else(|| fields.fault("from", "leads more than a thousand years away"))
    };
    if !fields.has("amounts") {
        let count = fields.whole_or("count", 1, (1, u32::MAX))?;
        *left = left.checked_sub(count).ok_or_else(|| too_many(fields))?;
        flows.push(Flow {
            first: at(from)?,
            every: period,
            count,
            amount: signed_amount(fields, "amount")?,
        });
        return Ok(());
    }
    if fields.has("amount") {
        return Err(fields.fault("amount", "cannot stand beside amounts"));
    }
    let amounts = fields.list("amounts")?;
    let count = u32::try_from(amounts.len()).map_err(|_| too_many(fields))?;
    if fields.has("count") && fields.whole("count", 1, u32::MAX)? != count {
        return Err(fields.fault("count", "is not the number of amounts"));
    }
    *left = left.checked_sub(count).ok_or_else(|| too_many(fields))?;
    for (number, amount) in (from..).zip(amounts) {
        let index = number.saturating_sub(from);
        let amount = signed_amount_of(amount)
            .map_err(|message| fields.fault(&format!("amounts[{index}]"), message))?;
        flows.push(Flow::single(at(number)?, amount));
    }
    Ok(())
}

fn eu_aprc_dates(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let drawdowns = dated(inputs, "drawdowns")?;
    let payments = dated(inputs, "payments")?;
    if drawdowns.len().saturating_add(payments.len()) > usize::try_from(MAX_PAYMENTS).unwrap_or(0) {
        let message = format!("a request may have {MAX_PAYMENTS} drawdowns and payments");
        return Err(Failure {
            code: "too_large",
            ..inputs.fault("payments", message)
        });
    }
    let start = drawdowns.first().map(|first| first.0);
    let start = start.ok_or_else(|| inputs.fault("drawdowns", "must not be empty"))?;
    let unit = if inputs.has("period_unit") {
        unit(inputs)?
    } else {
        let dates: Vec<Date> = payments.iter().map(|payment| payment.0).collect();
        PeriodUnit::of_payments(start, &dates).map_err(named)?
    };
    let mut flows = Vec::with_capacity(drawdowns.len().saturating_add(payments.len()));
    for (list, sign) in [(&drawdowns, 1.0), (&payments, -1.0)] {
        for (date, amount) in list {
            let time = interval(start, *date, unit).and_then(|found| found.years());
            flows.push(Flow::single(time.map_err(named)?, sign * amount));
        }
    }
    let mut members = rate_members(&solve(&flows).map_err(named)?)?;
    members.insert("period_unit".to_owned(), json!(unit.name()));
    Ok(Value::Object(members))
}

fn eu_interval(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let (drawdown, payment) = (inputs.date("drawdown")?, inputs.date("payment")?);
    let found = interval(drawdown, payment, unit(inputs)?).map_err(named)?;
    let signed = |count: u32| {
        let count = i64::from(count);
        if found.before { -count } else { count }
    };
    let Interval {
        before: _,
        periods,
        periods_per_year,
        odd_days,
        day_denominator,
    } = found;
    Ok(json!({
        "periods": signed(periods),
        "periods_per_year": periods_per_year,
        "odd_days": signed(odd_days),
        "day_denominator": day_denominator,
        "years": found.years().map_err(named)?.to_string(),
    }))
}

/// The rate as every kind of this market gives it.
pub(crate) fn rate_members(solution: &Solution) -> Result<Map<String, Value>, Failure> {
    let mut members = Map::new();
    members.insert("aprc_percent".to_owned(), json!(found(solution)?));
    if let Some(aprc) = solution.apr() {
        let one_decimal = disclosed(aprc, 1).to_fixed(1);
        members.insert("aprc_disclosed".to_owned(), json!(one_decimal));
    }
    Ok(members)
}

fn unit(inputs: &Fields<'_>) -> Result<PeriodUnit, Failure> {
    PeriodUnit::parse(inputs.text("period_unit")?)
        .map_err(|error| inputs.fault("period_unit", error.problem.to_string()))
}

/// Dates with positive amounts, in time order.
pub(crate) fn dated(inputs: &Fields<'_>, name: &str) -> Result<Vec<(Date, f64)>, Failure> {
    let mut list = Vec::new();
    for (index, pair) in inputs.list(name)?.iter().enumerate() {
        let path = |part: &str| format!("{name}[{index}]{part}");
        let Json::List(pair) = pair else {
            return Err(inputs.fault(&path(""), "must be [date, amount]"));
        };
        let [Json::Text(date), amount] = pair.as_slice() else {
            return Err(inputs.fault(&path(""), "must be [date, amount]"));
        };
        let date = Date::parse_iso(date)
            .map_err(|error| inputs.fault(&path("[0]"), error.problem.to_string()))?;
        let amount = amount_of(amount).map_err(|message| inputs.fault(&path("[1]"), message))?;
        list.push((date, amount));
    }
    list.sort_by_key(|pair| pair.0);
    Ok(list)
}

/// A time as a fraction, which may be negative.
pub(crate) fn years(fields: &Fields<'_>, name: &str) -> Result<Years, Failure> {
    let text = fields.need(name)?.decimal_text();
    let text = text.ok_or_else(|| fields.fault(name, "must be a number"))?;
    let Some(text) = text.strip_prefix('-') else {
        return Ok(Years::from(fields.ratio(name)?));
    };
    let (num, den) = ratio(text).map_err(|message| fields.fault(name, message))?;
    let time = Years::try_new(i64::from(num), i64::from(den));
    time.map(Years::negated)
        .map_err(|_| fields.fault(name, "is beyond a thousand years"))
}

fn signed_amount(fields: &Fields<'_>, name: &str) -> Result<f64, Failure> {
    let value = fields.need(name)?;
    signed_amount_of(value).map_err(|message| fields.fault(name, message))
}

/// An amount of any sign: plain decimal text, at most 10^15 either way.
fn signed_amount_of(value: &Json<'_>) -> Result<f64, String> {
    let text = value.decimal_text().ok_or("must be a number")?;
    let amount = float(&text)?;
    if amount.abs() > 1e15 {
        return Err("must be at most 1000000000000000".to_owned());
    }
    Ok(amount)
}

/// The engine names its own parameters; requests of this market name them so.
pub(crate) fn named(error: EngineError) -> Failure {
    let field = match error.field {
        "flows" => "flows",
        "years" => "flows.runs",
        "rate" => "rate_percent",
        "index" => "index_percent",
        "cap" => "cap_percent",
        "first_period" => "first_period_years",
        "part" => "part_of_balance_percent",
        "instalment" => "agreed_instalment",
        other => other,
    };
    Failure {
        code: Failure::from(error).code,
        ..Failure::at(field, error.problem.to_string())
    }
}
