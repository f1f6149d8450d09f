//! Typed reading of a request's inputs; every refusal names the path of the value.

use std::borrow::Cow;

use lintel_engine::{Cents, Date, Pct, Ratio};
use lintel_rule_book::RuleBook;

use crate::failure::Failure;
use crate::json::{Json, Members};
use crate::numbers;

/// The members of one JSON object, knowing where it lies in the request.
pub(crate) struct Fields<'a> {
    members: &'a Members<'a>,
    place: Place<'a>,
    rules: &'a RuleBook,
}

/// Where an object lies. Written out only for refusals, and for objects in objects in objects.
#[derive(Default)]
struct Place<'a> {
    /// Path of the object around this one, ending in a point unless it is the whole request.
    around: String,
    /// Name of this one there; empty for the request's inputs.
    name: &'a str,
    /// Number of this one when the name is of a list.
    index: Option<usize>,
}

impl Place<'_> {
    /// What stands before the name of a member.
    fn prefix(&self) -> String {
        match self.index {
            Some(index) => format!("{}{}[{index}].", self.around, self.name),
            None if self.name.is_empty() => String::new(),
            None => format!("{}{}.", self.around, self.name),
        }
    }
}

impl<'a> Fields<'a> {
    pub(crate) fn new(members: &'a Members<'a>, rules: &'a RuleBook) -> Self {
        Self {
            members,
            place: Place::default(),
            rules,
        }
    }

    /// Path of a member, such as `streams[0].count`.
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.place.prefix())
    }

    /// Refuses a member.
    pub(crate) fn fault(&self, name: &str, message: impl Into<String>) -> Failure {
        Failure::at(self.path(name), message)
    }

    /// True when the member is there and not null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names of all members.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.members.names()
    }

    fn get(&self, name: &str) -> Option<&'a Json<'a>> {
        let member = self.members.get(name);
        member.filter(|value| !matches!(value, Json::Null))
    }

    /// A member that must be there.
    pub(crate) fn need(&self, name: &str) -> Result<&'a Json<'a>, Failure> {
        self.get(name)
            .ok_or_else(|| self.fault(name, "is required"))
    }

    /// The figures that change by decree.
    pub(crate) const fn rules(&self) -> &'a RuleBook {
        self.rules
    }

    pub(crate) fn text(&self, name: &str) -> Result<&'a str, Failure> {
        self.need(name)?
            .as_str()
            .ok_or_else(|| self.fault(name, "must be text"))
    }

    /// The decimal text of a JSON number or string.
    fn number_text(&self, name: &str) -> Result<Cow<'a, str>, Failure> {
        let text = self.need(name)?.decimal_text();
        text.ok_or_else(|| self.fault(name, "must be a number"))
    }

    /// Money to the cent.
    pub(crate) fn money(&self, name: &str) -> Result<Cents, Failure> {
        let text = self.number_text(name)?;
        if text.contains('/') {
            // Billionths of a unit in a cent.
            let value = numbers::e9(&text).map_err(|message| self.fault(name, message))?;
            let (cents, rest) = (value / 10_000_000, value % 10_000_000);
            let cents = i64::try_from(cents).ok().map(Cents::new);
            let cents = cents.filter(|cents| rest == 0 && *cents <= Cents::MAX);
            return cents.ok_or_else(|| self.fault(name, "must be whole cents"));
        }
        // JSON numbers print as 300000.0, and 0.10 as 0.1: a further zero is no further digit.
        let trimmed = match text.split_once('.') {
            Some((whole, part)) if part.len() > 2 => {
                let kept = part.trim_end_matches('0');
                Cow::Owned(format!("{whole}.{kept:0<2}"))
            }
            _ => text,
        };
        Cents::parse_decimal(&trimmed).map_err(|error| self.fault(name, error.to_string()))
    }

    pub(crate) fn positive_money(&self, name: &str) -> Result<Cents, Failure> {
        let amount = self.money(name)?;
        if amount.is_positive() {
            Ok(amount)
        } else {
            Err(self.fault(name, "must be more than 0"))
        }
    }

    pub(crate) fn money_or_zero(&self, name: &str) -> Result<Cents, Failure> {
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
    pub(crate) fn amount(&self, name: &str) -> Result<f64, Failure> {
        let value = self.need(name)?;
        amount_of(value).map_err(|message| self.fault(name, message))
    }

    /// An amount in billionths, for formulas that round only once.
    pub(crate) fn amount_e9(&self, name: &str) -> Result<i128, Failure> {
        self.amount(name)?;
        numbers::e9(&self.number_text(name)?).map_err(|message| self.fault(name, message))
    }

    pub(crate) fn pct(&self, name: &str) -> Result<Pct, Failure> {
        let text = self.number_text(name)?;
        if !text.contains('/') {
            return Pct::parse_decimal(&text).map_err(|error| self.fault(name, error.to_string()));
        }
        let value = numbers::e9(&text).map_err(|message| self.fault(name, message))?;
        let rate = i64::try_from(value).ok().map(Pct::new);
        rate.filter(|rate| (Pct::MIN..=Pct::MAX).contains(rate))
            .ok_or_else(|| self.fault(name, "is too large"))
    }

    pub(crate) fn optional_pct(&self, name: &str) -> Result<Option<Pct>, Failure> {
        self.has(name).then(|| self.pct(name)).transpose()
    }

    /// A whole number between bounds, as a JSON number or digits.
    pub(crate) fn whole(&self, name: &str, min: u32, max: u32) -> Result<u32, Failure> {
        let found = match self.need(name)? {
            Json::Unsigned(number) => u32::try_from(*number).ok(),
            Json::Text(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
            // 360.0 is whole as well.
            Json::Float(number) if number.fract() == 0.0 => format!("{number:.0}").parse().ok(),
            _ => None,
        };
        found
            .filter(|value| (min..=max).contains(value))
            .ok_or_else(|| {
                let message = match (min, max) {
                    (1, u32::MAX) if found == Some(0) => "must be 1 or more".to_owned(),
                    (1, u32::MAX) => {
                        format!("must be a whole number from 1 to {}", crate::MAX_PAYMENTS)
                    }
                    _ => format!("must be a whole number from {min} to {max}"),
                };
                self.fault(name, message)
            })
    }

    pub(crate) fn whole_or(
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

    pub(crate) fn signed(&self, name: &str) -> Result<i32, Failure> {
        let found = match self.need(name)? {
            Json::Unsigned(number) => i32::try_from(*number).ok(),
            Json::Signed(number) => i32::try_from(*number).ok(),
            Json::Text(text) => text.parse().ok(),
            _ => None,
        };
        found.ok_or_else(|| self.fault(name, "must be a whole number"))
    }

    /// A non-negative fraction: `19/30`, `0`, `0.5` or a JSON number; a decimal of more than nine
    /// places is the simplest fraction that rounds to it.
    pub(crate) fn ratio(&self, name: &str) -> Result<Ratio, Failure> {
        let parts = numbers::ratio(&self.number_text(name)?);
        let (num, den) = parts.map_err(|message| self.fault(name, message))?;
        Ratio::try_new(num, den).ok_or_else(|| self.fault(name, "must not divide by 0"))
    }

    pub(crate) fn date(&self, name: &str) -> Result<Date, Failure> {
        let text = self.text(name)?;
        Date::parse_iso(text).map_err(|error| self.fault(name, error.problem.to_string()))
    }

    pub(crate) fn flag(&self, name: &str) -> Result<bool, Failure> {
        match self.get(name) {
            None => Ok(false),
            Some(Json::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.fault(name, "must be true or false")),
        }
    }

    /// A list with one to 100,000 elements.
    pub(crate) fn list(&self, name: &str) -> Result<&'a [Json<'a>], Failure> {
        let Json::List(list) = self.need(name)? else {
            return Err(self.fault(name, "must be a list"));
        };
        if list.is_empty() {
            return Err(self.fault(name, "must not be empty"));
        }
        if u32::try_from(list.len()).map_or(true, |length| length > crate::MAX_PAYMENTS) {
            let message = format!("must have at most {} elements", crate::MAX_PAYMENTS);
            return Err(Failure {
                code: "too_large",
                ..self.fault(name, message)
            });
        }
        Ok(list)
    }

    /// A list of objects.
    pub(crate) fn objects(&self, name: &'a str) -> Result<Vec<Fields<'a>>, Failure> {
        let list = self.list(name)?.iter().enumerate();
        list.map(|(index, value)| match value {
            Json::Object(members) => Ok(self.inside(members, name, Some(index))),
            _ => Err(self.fault(&format!("{name}[{index}]"), "must be an object")),
        })
        .collect()
    }

    /// An object, when it is there.
    pub(crate) fn object(&self, name: &'a str) -> Result<Option<Fields<'a>>, Failure> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Object(members)) => Ok(Some(self.inside(members, name, None))),
            Some(_) => Err(self.fault(name, "must be an object")),
        }
    }

    fn inside(&self, members: &'a Members<'a>, name: &'a str, index: Option<usize>) -> Fields<'a> {
        let place = Place {
            around: self.place.prefix(),
            name,
            index,
        };
        Fields {
            members,
            place,
            rules: self.rules,
        }
    }
}

/// An amount for the solver: plain decimal text, more than zero, at most 10^15.
pub(crate) fn amount_of(value: &Json<'_>) -> Result<f64, String> {
    let text = value.decimal_text().ok_or("must be a number")?;
    let amount = numbers::float(&text)?;
    if amount <= 0.0 {
        return Err("must be more than 0".to_owned());
    }
    if amount > 1e15 {
        return Err("must be at most 1000000000000000".to_owned());
    }
    Ok(amount)
}
