//! Which products a search asks for, and which of their rows.

use lintel_domain::loan::Program;
use lintel_pricing::book::PointsWanted;
use lintel_pricing::catalogue::sheet::MAX_LOCK_DAYS;
use lintel_pricing::price::{PriceRequest, ProductFilter};

use crate::error::LenderError;
use crate::form::Reader;

/// Days of the lock when none are asked for.
const LOCK_DAYS: i64 = 30;
/// The family of products `filterHomeReady` asks for.
const HOME_READY: &str = "HomeReady";

const PROGRAM_FILTERS: [(&str, Program); 4] = [
    ("filterConventional", Program::Conventional),
    ("filterFHA", Program::Fha),
    ("filterVA", Program::Va),
    ("filterUSDA", Program::Usda),
];

/// Years to maturity of fixed products.
const TERM_FILTERS: [(&str, u32); 6] = [
    ("filter40Year", 40),
    ("filter30Year", 30),
    ("filter25Year", 25),
    ("filter20Year", 20),
    ("filter15Year", 15),
    ("filter10Year", 10),
];

/// Years of the fixed period of adjustable products; 0 is less than one.
const ARM_FILTERS: [(&str, u32); 7] = [
    ("filter10YearARM", 10),
    ("filter7YearARM", 7),
    ("filter5YearARM", 5),
    ("filter3YearARM", 3),
    ("filter2YearARM", 2),
    ("filter1YearARM", 1),
    ("filterLess1YearARM", 0),
];

/// Reads the filters, all of which the text requires, and what is wanted of the rows.
pub fn read(data: &Reader<'_>) -> Result<PriceRequest, LenderError> {
    let lock_days = data
        .opt_int("lockPeriod", 1..=i64::from(MAX_LOCK_DAYS))?
        .unwrap_or(LOCK_DAYS);
    let lock_days =
        u32::try_from(lock_days).map_err(|_| LenderError::invalid(&data.path("lockPeriod")))?;
    let filter = ProductFilter {
        adjustable: data.req_bit("filterARMs")?,
        programs: Some(asked_for(data, &PROGRAM_FILTERS)?),
        families: vec![(HOME_READY.to_owned(), data.req_bit("filterHomeReady")?)],
        term_years: Some(asked_for(data, &TERM_FILTERS)?),
        arm_years: Some(asked_for(data, &ARM_FILTERS)?),
    };
    let options = data.opt_obj("options")?;
    let explain = match options {
        Some(options) => options.opt_bit("explain")?.unwrap_or(false),
        None => false,
    };
    Ok(PriceRequest {
        filter,
        lock_days,
        points: points(data)?,
        best_match: data.opt_bit("bestMatch")?.unwrap_or(false),
        explain,
    })
}

fn asked_for<T: Copy>(data: &Reader<'_>, filters: &[(&str, T)]) -> Result<Vec<T>, LenderError> {
    let mut wanted = Vec::with_capacity(filters.len());
    for (name, value) in filters {
        if data.req_bit(name)? {
            wanted.push(*value);
        }
    }
    Ok(wanted)
}

fn points(data: &Reader<'_>) -> Result<Option<PointsWanted>, LenderError> {
    let Some(range) = data.opt_obj("filterPoints")? else {
        return Ok(None);
    };
    let (low, high) = (range.req_points("low")?, range.req_points("high")?);
    if low > high {
        return Err(LenderError::invalid(&data.path("filterPoints")));
    }
    Ok(Some(PointsWanted { low, high }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lintel_engine::rate::Pct;
    use serde_json::{Value, json};

    /// The filters of the text's sample payload.
    pub fn sample() -> Value {
        json!({
            "filterARMs": "1", "filterConventional": "1", "filterFHA": "1", "filterVA": "0",
            "filterHomeReady": "0", "filterUSDA": "0", "filter40Year": "0", "filter30Year": "1",
            "filter25Year": "0", "filter20Year": "1", "filter15Year": "1", "filter10Year": "1",
            "filter10YearARM": "1", "filter7YearARM": "1", "filter5YearARM": "1",
            "filter3YearARM": "0", "filter2YearARM": "0", "filter1YearARM": "0",
            "filterLess1YearARM": "0",
        })
    }

    #[test]
    fn the_sample_is_read() {
        let read = read(&Reader::new(&sample())).unwrap();
        assert_eq!(read.lock_days, 30);
        assert_eq!(
            read.filter.programs,
            Some(vec![Program::Conventional, Program::Fha])
        );
        assert_eq!(read.filter.term_years, Some(vec![30, 20, 15, 10]));
        assert_eq!(read.filter.arm_years, Some(vec![10, 7, 5]));
        assert_eq!(read.filter.families, [("HomeReady".to_owned(), false)]);
        assert!(read.filter.adjustable && !read.best_match && !read.explain);
        assert!(read.points.is_none());
    }

    #[test]
    fn each_filter_is_required_and_a_bit() {
        let names: Vec<String> = sample().as_object().unwrap().keys().cloned().collect();
        assert_eq!(names.len(), 19);
        for name in names {
            for bad in [Value::Null, json!(""), json!("2"), json!("yes"), json!([])] {
                let mut data = sample();
                data[&name] = bad;
                let error = read(&Reader::new(&data)).unwrap_err();
                assert_eq!(
                    error.message,
                    format!("Parameter {name} missing or invalid format.")
                );
            }
        }
    }

    #[test]
    fn points_are_a_range() {
        let with = |range: Value| {
            let mut data = sample();
            data["filterPoints"] = range;
            read(&Reader::new(&data)).map_err(|e| e.field.unwrap_or_default())
        };
        let read = with(json!({"low": "-1", "high": 1.5})).unwrap().points;
        let expected = PointsWanted {
            low: Pct::new(-Pct::SCALE),
            high: Pct::new(1_500_000_000),
        };
        assert_eq!(read, Some(expected));
        for (bad, field) in [
            (json!({"low": 1, "high": 0}), "filterPoints"),
            (json!({"low": 1}), "filterPoints.high"),
            (json!({"high": 1}), "filterPoints.low"),
            (json!([]), "filterPoints.low"),
            (json!([-1, 1]), "filterPoints"),
            (json!("-1"), "filterPoints"),
            (json!({"low": "NaN", "high": 1}), "filterPoints.low"),
            (json!({"low": -1e308, "high": 1}), "filterPoints.low"),
        ] {
            assert_eq!(with(bad.clone()).unwrap_err(), field, "{bad}");
        }
    }
}
