//! A specification as somebody wrote it: fields may be missing, numbers may be texts.

use std::collections::BTreeMap;

use lintel_domain::loan::{Occupancy, Purpose};
use lintel_domain::scenario::{Flag, PropertyKind};
use serde::Deserialize;

use super::{Format, Spec, dollars, percent};

/// Most entries of a list.
const MAX_LIST: usize = 1000;
/// Longest text.
const MAX_TEXT: usize = 256;
/// Most text of a list of ZIP codes: the whole country, twice.
const MAX_ZIPS_TEXT: usize = 1 << 19;
const USUAL_PART_ROWS: u32 = 500_000;
const USUAL_LOCK_DAYS: u32 = 30;
const USUAL_SCORES: [u32; 5] = [620, 660, 700, 740, 780];

/// The fields of `card.toml`, and of the flags.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    pub(crate) format: Option<Format>,
    pub(crate) part_rows: Option<u32>,
    pub(crate) purposes: Option<Vec<String>>,
    pub(crate) zips: Option<String>,
    pub(crate) amounts: Option<Vec<Number>>,
    pub(crate) ltvs: Option<Vec<Number>>,
    pub(crate) values: Option<Vec<Number>>,
    pub(crate) scores: Option<Vec<u32>>,
    pub(crate) products: Option<Vec<String>>,
    pub(crate) lock_days: Option<u32>,
    pub(crate) points: Option<[Number; 2]>,
    pub(crate) occupancy: Option<String>,
    pub(crate) property: Option<String>,
    pub(crate) units: Option<u32>,
    pub(crate) flags: Option<Vec<String>>,
    pub(crate) channel: Option<String>,
    pub(crate) sub_channel: Option<String>,
    pub(crate) branch: Option<String>,
    pub(crate) criteria: Option<BTreeMap<String, String>>,
}

/// A decimal number as it was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Number(pub(crate) String);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(from)?;
        match value {
            toml::Value::String(text) => Ok(Self(text)),
            toml::Value::Integer(whole) => Ok(Self(whole.to_string())),
            // The shortest decimals that mean this number: what was written, for what people write.
            toml::Value::Float(number) => Ok(Self(number.to_string())),
            _ => Err(serde::de::Error::custom("a number is wanted")),
        }
    }
}

impl Given {
    /// Reads the text of a specification.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// These fields, and those of `other` where these are missing.
    pub(crate) fn or(self, other: Self) -> Self {
        // Both say what the home costs; one of them together with the other's would mean both.
        let (ltvs, values) = if self.ltvs.is_some() || self.values.is_some() {
            (self.ltvs, self.values)
        } else {
            (other.ltvs, other.values)
        };
        Self {
            format: self.format.or(other.format),
            part_rows: self.part_rows.or(other.part_rows),
            purposes: self.purposes.or(other.purposes),
            zips: self.zips.or(other.zips),
            amounts: self.amounts.or(other.amounts),
            ltvs,
            values,
            scores: self.scores.or(other.scores),
            products: self.products.or(other.products),
            lock_days: self.lock_days.or(other.lock_days),
            points: self.points.or(other.points),
            occupancy: self.occupancy.or(other.occupancy),
            property: self.property.or(other.property),
            units: self.units.or(other.units),
            flags: self.flags.or(other.flags),
            channel: self.channel.or(other.channel),
            sub_channel: self.sub_channel.or(other.sub_channel),
            branch: self.branch.or(other.branch),
            criteria: self.criteria.or(other.criteria),
        }
    }

    /// Checks everything that needs neither prices nor the list of places.
    pub(crate) fn check(self) -> Result<Spec, String> {
        let (ltvs, values) = match (self.ltvs, self.values) {
            (Some(_), Some(_)) => {
                return Err("ltvs and values both say what a home costs: give one".to_owned());
            }
            (ltvs, Some(values)) => (ltvs.unwrap_or_default(), values),
            (ltvs, None) => (ltvs.unwrap_or_else(|| usual(&["80"])), Vec::new()),
        };
        let purposes = self.purposes.unwrap_or_else(|| {
            let all = Purpose::ALL.iter();
            all.map(|purpose| purpose.as_str().to_owned()).collect()
        });
        let spec = Spec {
            format: self.format.unwrap_or(Format::Csv),
            part_rows: within("part_rows", self.part_rows, USUAL_PART_ROWS, 1..=5_000_000)?,
            purposes: words("purposes", &purposes, Purpose::parse, Purpose::ALL)?,
            zips: zips(self.zips)?,
            amounts: numbers(
                "amounts",
                self.amounts.unwrap_or_else(|| usual(&["400000"])),
                dollars_text,
            )?,
            ltvs: numbers("ltvs", ltvs, percent_text)?,
            values: numbers("values", values, dollars_text)?,
            scores: scores(self.scores.unwrap_or_else(|| USUAL_SCORES.to_vec()))?,
            products: texts("products", self.products.unwrap_or_default())?,
            lock_days: within("lock_days", self.lock_days, USUAL_LOCK_DAYS, 1..=730)?,
            points: self.points.map(points).transpose()?,
            occupancy: match self.occupancy {
                Some(text) => word("occupancy", &text, Occupancy::parse, Occupancy::ALL)?,
                None => Occupancy::PrimaryResidence,
            },
            property: match self.property {
                Some(text) => word("property", &text, PropertyKind::parse, PropertyKind::ALL)?,
                None => PropertyKind::SingleFamily,
            },
            units: within("units", self.units, 1, 1..=4)?,
            flags: words(
                "flags",
                &self.flags.unwrap_or_default(),
                Flag::parse,
                Flag::ALL,
            )?,
            channel: text("channel", self.channel)?,
            sub_channel: text("sub_channel", self.sub_channel)?,
            branch: text("branch", self.branch)?,
            criteria: self.criteria.unwrap_or_default().into_iter().collect(),
        };
        if spec.purposes.is_empty() || spec.amounts.is_empty() || spec.scores.is_empty() {
            return Err("purposes, amounts and scores need an entry each".to_owned());
        }
        if spec.ltvs.is_empty() && spec.values.is_empty() {
            return Err("ltvs or values need an entry".to_owned());
        }
        if spec.criteria.len() > MAX_LIST {
            return Err(format!("criteria: at most {MAX_LIST}"));
        }
        Ok(spec)
    }
}

fn usual(texts: &[&str]) -> Vec<Number> {
    texts
        .iter()
        .map(|text| Number((*text).to_owned()))
        .collect()
}

fn within(
    field: &str,
    given: Option<u32>,
    usual: u32,
    range: std::ops::RangeInclusive<u32>,
) -> Result<u32, String> {
    let number = given.unwrap_or(usual);
    if range.contains(&number) {
        return Ok(number);
    }
    let (least, most) = range.into_inner();
    Err(format!("{field}: from {least} to {most}"))
}

fn word<T: Copy + std::fmt::Display>(
    field: &str,
    text: &str,
    parse: impl Fn(&str) -> Option<T>,
    all: &[T],
) -> Result<T, String> {
    parse(text).ok_or_else(|| {
        let known: Vec<String> = all.iter().map(ToString::to_string).collect();
        let shown: String = text.chars().take(40).collect();
        format!("{field}: {shown} is none of {}", known.join(", "))
    })
}

fn words<T: Copy + PartialEq + std::fmt::Display>(
    field: &str,
    texts: &[String],
    parse: impl Fn(&str) -> Option<T>,
    all: &[T],
) -> Result<Vec<T>, String> {
    let mut found = Vec::new();
    for text in texts {
        let value = word(field, text, &parse, all)?;
        if found.contains(&value) {
            return Err(format!("{field}: {text} is there twice"));
        }
        found.push(value);
    }
    Ok(found)
}

/// Numbers in their shortest form, each once.
fn numbers(
    field: &str,
    given: Vec<Number>,
    read: impl Fn(&str, &str) -> Result<String, String>,
) -> Result<Vec<String>, String> {
    let mut found: Vec<String> = Vec::new();
    if given.len() > MAX_LIST {
        return Err(format!("{field}: at most {MAX_LIST}"));
    }
    for Number(text) in given {
        let shortest = read(field, &text)?;
        if found.contains(&shortest) {
            return Err(format!("{field}: {shortest} is there twice"));
        }
        found.push(shortest);
    }
    Ok(found)
}

fn dollars_text(field: &str, text: &str) -> Result<String, String> {
    let amount = dollars(field, text)?;
    if !amount.is_positive() {
        return Err(format!("{field}: amounts are positive"));
    }
    Ok(shortest(&amount.to_string()))
}

fn percent_text(field: &str, text: &str) -> Result<String, String> {
    let ratio = percent(field, text)?;
    if ratio.is_negative() || ratio.is_zero() {
        return Err(format!("{field}: ratios are positive"));
    }
    Ok(shortest(&ratio.to_string()))
}

/// Without the zeros at the end of decimals.
fn shortest(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}

fn points([low, high]: [Number; 2]) -> Result<[String; 2], String> {
    let (low, high) = (percent("points", &low.0)?, percent("points", &high.0)?);
    if low > high {
        return Err("points: the least comes first".to_owned());
    }
    Ok([low, high].map(|points| shortest(&points.to_string())))
}

fn scores(given: Vec<u32>) -> Result<Vec<u32>, String> {
    if given.len() > MAX_LIST || given.iter().any(|score| !(300..=850).contains(score)) {
        return Err(format!("scores: from 300 to 850, at most {MAX_LIST}"));
    }
    let mut rising = given.clone();
    rising.sort_unstable();
    rising.dedup();
    if rising.len() != given.len() {
        return Err("scores: one is there twice".to_owned());
    }
    Ok(given)
}

fn text(field: &str, given: Option<String>) -> Result<Option<String>, String> {
    let given = given.map(|text| text.trim().to_owned());
    let given = given.filter(|text| !text.is_empty());
    if given.as_ref().is_some_and(|text| text.len() > MAX_TEXT) {
        return Err(format!("{field}: at most {MAX_TEXT} characters"));
    }
    Ok(given)
}

fn texts(field: &str, given: Vec<String>) -> Result<Vec<String>, String> {
    let mut found: Vec<String> = Vec::new();
    if given.len() > MAX_LIST {
        return Err(format!("{field}: at most {MAX_LIST}"));
    }
    for one in given {
        let Some(one) = text(field, Some(one))? else {
            return Err(format!("{field}: one of them is empty"));
        };
        if found.contains(&one) {
            return Err(format!("{field}: {one} is there twice"));
        }
        found.push(one);
    }
    Ok(found)
}

/// `all`, `state:…` in capitals, or ZIP codes rising and each once.
fn zips(given: Option<String>) -> Result<String, String> {
    let given = given.unwrap_or_else(|| "all".to_owned());
    let given = given.trim();
    if given.len() > MAX_ZIPS_TEXT {
        return Err("zips: too long a list".to_owned());
    }
    if given == "all" {
        return Ok("all".to_owned());
    }
    let codes = |text: &str| -> Vec<String> {
        let divided = text.split([',', ' ', '\n', '\r', '\t', ';']);
        let codes = divided.filter(|code| !code.is_empty());
        let mut codes: Vec<String> = codes.map(str::to_ascii_uppercase).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    };
    if let Some(states) = given.strip_prefix("state:") {
        return Ok(format!("state:{}", codes(states).join(",")));
    }
    Ok(codes(given).join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(text: &str) -> Result<Spec, String> {
        Given::parse(text)?.check()
    }

    #[test]
    fn nothing_given_is_the_usual_card() {
        let spec = spec("").unwrap();
        assert_eq!(spec.purposes, Purpose::ALL);
        assert_eq!(
            (spec.zips.as_str(), spec.amounts[0].as_str()),
            ("all", "400000")
        );
        assert_eq!(spec.ltvs, ["80"]);
        assert_eq!(spec.scores, USUAL_SCORES);
    }

    #[test]
    fn the_same_card_has_one_form() {
        let first = spec(
            "amounts = [400000, 250000.5]\nltvs = [80, \"95.00\"]\nzips = \"state: ca,NV\"\npoints = [-1, 1.5]",
        );
        let second = spec(
            "amounts = [\"400000.00\", \"250000.50\"]\nltvs = [\"80\", 95]\nzips = \"state:NV CA\"\npoints = [\"-1.0\", \"1.50\"]",
        );
        assert_eq!(first.unwrap(), second.unwrap());
        let list = spec("zips = \"92649\\n10001 92649,00501\"").unwrap();
        assert_eq!(list.zips, "00501 10001 92649");
        let json = serde_json::to_string(&list).unwrap();
        assert_eq!(serde_json::from_str::<Spec>(&json).unwrap(), list);
    }

    #[test]
    fn what_cannot_be_priced_is_refused() {
        for bad in [
            "amounts = []",
            "amounts = [0]",
            "amounts = [-1]",
            "amounts = [1.234]",
            "amounts = [\"NaN\"]",
            "amounts = [nan]",
            "amounts = [1e308]",
            "amounts = [1, 1.00]",
            "amounts = [true]",
            "ltvs = [0]",
            "ltvs = [80]\nvalues = [500000]",
            "ltvs = []",
            "scores = []",
            "scores = [299]",
            "scores = [700, 700]",
            "purposes = []",
            "purposes = [\"gift\"]",
            "purposes = [\"purchase\", \"purchase\"]",
            "units = 5",
            "lock_days = 0",
            "part_rows = 0",
            "points = [1, 0]",
            "points = [1]",
            "products = [\"\"]",
            "occupancy = \"castle\"",
            "unknown = 1",
            "scores = [7",
        ] {
            assert!(spec(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn flags_win_field_by_field() {
        let file = Given::parse("amounts = [1]\nvalues = [2]\nscores = [700]").unwrap();
        let flags = Given::parse("ltvs = [90]\nscores = [640]").unwrap();
        let spec = flags.or(file).check().unwrap();
        assert_eq!((spec.ltvs, spec.values), (vec!["90".to_owned()], vec![]));
        assert_eq!(
            (spec.amounts, spec.scores),
            (vec!["1".to_owned()], vec![640])
        );
    }
}
