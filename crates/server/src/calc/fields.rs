//! Typed reading of a request's inputs; every refusal names the path of the value.

use lintel_engine::{Cents, Date, Pct, Ratio, parse_scaled};
use serde_json::{Map, Value};

use super::failure::Failure;

/// The members of one JSON object, knowing where it lies in the request.
pub(super) struct Fields<'a> {
    members: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    pub(super) const fn new(members: &'a Map<String, Value>) -> Self {
        Self {
            members,
            path: String::new(),
        }
    }

    /// Path of a member, such as `streams[0].count`.
    pub(super) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }

    /// Refuses a member.
    pub(super) fn fault(&self, name: &str, message: impl Into<String>) -> Failure {
        Failure::at(self.path(name), message)
    }

    /// True when the member is there and not null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    fn need(&self, name: &str) -> Result<&'a Value, Failure> {
        self.get(name)
            .ok_or_else(|| self.fault(name, "is required"))
    }

    pub(super) fn text(&self, name: &str) -> Result<&'a str, Failure> {
        self.need(name)?
            .as_str()
            .ok_or_else(|| self.fault(name, "must be text"))
    }

    /// The decimal text of a JSON number or string.
    fn number_text(&self, name: &str) -> Result<String, Failure> {
        decimal_text(self.need(name)?).ok_or_else(|| self.fault(name, "must be a number"))
    }

    /// Money to the cent.
    pub(super) fn money(&self, name: &str) -> Result<Cents, Failure> {
        let text = self.number_text(name)?;
        // JSON numbers print as 300000.0, and 0.10 as 0.1: a further zero is no further digit.
        let trimmed = match text.split_once('.') {
            Some((whole, part)) if part.len() > 2 => {
                let kept = part.trim_end_matches('0');
                format!("{whole}.{kept:0<2}")
            }
            _ => text,
        };
        Cents::parse_decimal(&trimmed).map_err(|error| self.fault(name, error.to_string()))
    }

    pub(super) fn positive_money(&self, name: &str) -> Result<Cents, Failure> {
        let amount = self.money(name)?;
        if amount.is_positive() {
            Ok(amount)
        } else {
            Err(self.fault(name, "must be more than 0"))
        }
    }

    pub(super) fn money_or_zero(&self, name: &str) -> Result<Cents, Failure> {
        if !self.has(name) {
            return Ok(Cents::ZERO);
        }
        let amount = self.money(name)?;
        if amount.is_negative() {
            return Err(self.fault(name, "must be 0 or more"));
        }
        Ok(amount)
    }

    /// An amount of any precision, more than zero, at most 10^15.
    pub(super) fn amount(&self, name: &str) -> Result<f64, Failure> {
        let value = self.need(name)?;
        amount_of(value).map_err(|message| self.fault(name, message))
    }

    /// An amount in billionths, for formulas that round only once.
    pub(super) fn amount_e9(&self, name: &str) -> Result<i128, Failure> {
        self.amount(name)?;
        parse_scaled(&self.number_text(name)?, 9)
            .map_err(|error| self.fault(name, error.to_string()))
    }

    pub(super) fn pct(&self, name: &str) -> Result<Pct, Failure> {
        Pct::parse_decimal(&self.number_text(name)?)
            .map_err(|error| self.fault(name, error.to_string()))
    }

    pub(super) fn optional_pct(&self, name: &str) -> Result<Option<Pct>, Failure> {
        self.has(name).then(|| self.pct(name)).transpose()
    }

    /// A whole number between bounds, as a JSON number or digits.
    pub(super) fn whole(&self, name: &str, min: u32, max: u32) -> Result<u32, Failure> {
        let found = match self.need(name)? {
            Value::Number(number) => whole_number(number),
            Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
            _ => None,
        };
        found
            .filter(|value| (min..=max).contains(value))
            .ok_or_else(|| {
                let message = match (min, max) {
                    (1, u32::MAX) => "must be 1 or more".to_owned(),
                    _ => format!("must be a whole number from {min} to {max}"),
                };
                self.fault(name, message)
            })
    }

    pub(super) fn whole_or(
        &self,
        name: &str,
        default: u32,
        (min, max): (u32, u32),
    ) -> Result<u32, Failure> {
        if self.has(name) {
            self.whole(name, min, max)
        } else {
            Ok(default)
        }
    }

    pub(super) fn signed(&self, name: &str) -> Result<i32, Failure> {
        let found = match self.need(name)? {
            Value::Number(number) => number.as_i64().and_then(|value| i32::try_from(value).ok()),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        found.ok_or_else(|| self.fault(name, "must be a whole number"))
    }

    /// A non-negative fraction: `19/30`, `0`, `0.5` or a JSON number.
    pub(super) fn ratio(&self, name: &str) -> Result<Ratio, Failure> {
        let message = "must be a fraction like 19/30 or a number of at most 9 digits";
        let refused = || self.fault(name, message);
        let text = self.number_text(name)?;
        let part = |digits: &str| {
            (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| digits.parse::<u32>().ok())
                .flatten()
        };
        let ratio = if let Some((num, den)) = text.split_once('/') {
            part(num.trim()).zip(part(den.trim()))
        } else if let Some((whole, decimals)) = text.split_once('.') {
            let decimals = decimals.trim_end_matches('0');
            let places = u32::try_from(decimals.len()).map_err(|_| refused())?;
            part(&format!("{whole}{decimals}")).zip(10_u32.checked_pow(places))
        } else {
            part(&text).map(|whole| (whole, 1))
        };
        ratio
            .and_then(|(num, den)| Ratio::try_new(num, den))
            .ok_or_else(refused)
    }

    pub(super) fn date(&self, name: &str) -> Result<Date, Failure> {
        let text = self.text(name)?;
        Date::parse_iso(text).map_err(|error| self.fault(name, error.problem.to_string()))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Failure> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.fault(name, "must be true or false")),
        }
    }

    /// A list with one to 100,000 elements.
    pub(super) fn list(&self, name: &str) -> Result<&'a [Value], Failure> {
        let list = self
            .need(name)?
            .as_array()
            .ok_or_else(|| self.fault(name, "must be a list"))?;
        if list.is_empty() {
            return Err(self.fault(name, "must not be empty"));
        }
        if u32::try_from(list.len()).map_or(true, |length| length > super::MAX_PAYMENTS) {
            let message = format!("must have at most {} elements", super::MAX_PAYMENTS);
            return Err(Failure {
                code: "too_large",
                ..self.fault(name, message)
            });
        }
        Ok(list)
    }

    /// A list of objects.
    pub(super) fn objects(&self, name: &str) -> Result<Vec<Fields<'a>>, Failure> {
        let element = |(index, value): (usize, &'a Value)| {
            let members = value
                .as_object()
                .ok_or_else(|| self.fault(&format!("{name}[{index}]"), "must be an object"))?;
            Ok(Fields {
                members,
                path: format!("{}{name}[{index}].", self.path),
            })
        };
        self.list(name)?.iter().enumerate().map(element).collect()
    }

    /// An object, when it is there.
    pub(super) fn object(&self, name: &str) -> Result<Option<Fields<'a>>, Failure> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let members = value
            .as_object()
            .ok_or_else(|| self.fault(name, "must be an object"))?;
        Ok(Some(Fields {
            members,
            path: format!("{}{name}.", self.path),
        }))
    }
}

/// Whole numbers also when JSON writes them as 360.0.
fn whole_number(number: &serde_json::Number) -> Option<u32> {
    let text = decimal_text(&Value::Number(number.clone()))?;
    text.strip_suffix(".0").unwrap_or(&text).parse().ok()
}

/// Plain decimal text of a JSON number or string; floats never in exponent form.
pub(super) fn decimal_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64()?;
            Some(if float.fract() == 0.0 {
                format!("{float:.1}")
            } else {
                format!("{float}")
            })
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// An amount for the solver: plain decimal text, more than zero, at most 10^15.
pub(super) fn amount_of(value: &Value) -> Result<f64, String> {
    let text = decimal_text(value).ok_or("must be a number")?;
    let scaled = parse_scaled(&text, 9).map_err(|error| error.to_string())?;
    let amount: f64 = text.parse().map_err(|_| "must be a number")?;
    if scaled < 0 || amount <= 0.0 {
        return Err("must be more than 0".to_owned());
    }
    if amount > 1e15 {
        return Err("must be at most 1000000000000000".to_owned());
    }
    Ok(amount)
}
