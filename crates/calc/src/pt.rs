//! Kinds of Portugal: home loans, their taxes, and the limits of Banco de Portugal.

mod euribor;
mod limits;
mod payment;
mod reliefs;
mod simulation;
mod taxes;

pub(crate) use euribor::PT_EURIBOR_AVERAGE;
pub(crate) use limits::{PT_ASSESSMENT, PT_DSTI_RATE_SHOCK, PT_MAX_MATURITY};
pub(crate) use payment::{PT_PAYMENT, PT_TAEG_MTIC};
pub(crate) use reliefs::{PT_EARLY_REPAYMENT, PT_GUARANTEE};
pub(crate) use simulation::PT_SIMULATION;
pub(crate) use taxes::{PT_IMT, PT_IMT_JOVEM, PT_STAMP_DUTY_CREDIT, PT_STAMP_DUTY_FEE};

use lintel_engine::{Cents, Date, EngineError, Pct};
use lintel_rule_book::Dated;

use crate::failure::Failure;
use crate::fields::Fields;

/// The figures in force on the day `date` of the request.
fn on_date<'a, T>(inputs: &Fields<'a>, table: &'a Dated<T>) -> Result<&'a T, Failure> {
    let day = inputs.date("date")?;
    let edition = table.on(day);
    edition
        .map(|edition| &edition.rows)
        .map_err(|missing| inputs.fault("date", missing.to_string()))
}

/// The figures in force on `date`, or the newest when the request has no date.
fn on_date_or_newest<'a, T>(inputs: &Fields<'a>, table: &'a Dated<T>) -> Result<&'a T, Failure> {
    if inputs.has("date") {
        return on_date(inputs, table);
    }
    let newest = table.on_or_newest(None);
    newest
        .map(|edition| &edition.rows)
        .map_err(|missing| inputs.fault("date", missing.to_string()))
}

/// A refusal of the engine under the names of the request: pairs of engine name and request name.
fn refused(inputs: &Fields<'_>, error: EngineError, names: &[(&str, &str)]) -> Failure {
    let known = names.iter().find(|(engine, _)| *engine == error.field);
    match known {
        Some((_, name)) => Failure {
            field: Some(inputs.path(name)),
            ..Failure::from(error)
        },
        None => Failure::from(error),
    }
}

/// A cost in billionths of the currency unit, zero when left out.
fn cost_e9(inputs: &Fields<'_>, name: &str) -> Result<i128, Failure> {
    if !inputs.has(name) {
        return Ok(0);
    }
    let text = inputs.need(name)?.decimal_text();
    let text = text.ok_or_else(|| inputs.fault(name, "must be a number"))?;
    let cost = crate::numbers::e9(&text).map_err(|message| inputs.fault(name, message))?;
    if cost < 0 {
        return Err(inputs.fault(name, "must be 0 or more"));
    }
    Ok(cost)
}

/// Whether a condition holds that is taken as held when the request is silent.
fn flag_or_true(inputs: &Fields<'_>, name: &str) -> Result<bool, Failure> {
    if inputs.has(name) {
        inputs.flag(name)
    } else {
        Ok(true)
    }
}

/// Points with at least one decimal: `0.5`, `1.0`.
fn points(value: Pct) -> String {
    let text = value.to_string();
    if text.contains('.') {
        text
    } else {
        format!("{text}.0")
    }
}

/// A word by an engine function that reads it.
fn word<T>(
    inputs: &Fields<'_>,
    name: &str,
    read: impl Fn(&str) -> Result<T, EngineError>,
) -> Result<T, Failure> {
    read(inputs.text(name)?).map_err(|error| inputs.fault(name, error.problem.to_string()))
}

/// As [`word`], with what stands when the request is silent.
fn word_or<T>(
    inputs: &Fields<'_>,
    name: &str,
    default: T,
    read: impl Fn(&str) -> Result<T, EngineError>,
) -> Result<T, Failure> {
    if inputs.has(name) {
        word(inputs, name, read)
    } else {
        Ok(default)
    }
}

/// Elements `[date, percent]` of a list.
fn dated_rates(inputs: &Fields<'_>, name: &str) -> Result<Vec<(Date, Pct)>, Failure> {
    use crate::json::Json;
    let read = |(index, pair): (usize, &Json<'_>)| {
        let fault = |message: String| inputs.fault(&format!("{name}[{index}]"), message);
        let shape = || fault("must be [date, percent]".to_owned());
        let Json::List(pair) = pair else {
            return Err(shape());
        };
        let [Json::Text(date), rate] = pair.as_slice() else {
            return Err(shape());
        };
        let date = Date::parse_iso(date).map_err(|error| fault(error.problem.to_string()))?;
        let text = rate.decimal_text().ok_or_else(shape)?;
        let rate = Pct::parse_decimal(&text).map_err(|error| fault(error.to_string()))?;
        Ok((date, rate))
    };
    inputs.list(name)?.iter().enumerate().map(read).collect()
}

/// Money as answers print it, none as null.
fn money(amount: Option<Cents>) -> Option<String> {
    amount.map(|amount| amount.to_string())
}
