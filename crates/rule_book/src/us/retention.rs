//! `us/retention.toml`: how long papers are kept.

use std::collections::BTreeMap;

use lintel_domain::document::RetentionClass;
use lintel_engine::date::Date;
use serde::Deserialize;

/// Longest time a paper can be kept, in months: a century.
const MAX_MONTHS: u32 = 1200;

/// How long papers of each class are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    months: BTreeMap<RetentionClass, u32>,
}

impl Retention {
    /// Months a class is kept, 1 to 1200.
    #[must_use]
    pub fn months(&self, class: RetentionClass) -> u32 {
        // Reading made sure of every class.
        self.months.get(&class).copied().unwrap_or(MAX_MONTHS)
    }

    /// The last day a paper of a class has to be kept, counted from `day`; `None` when it lies
    /// beyond the last day there is.
    #[must_use]
    pub fn until(&self, class: RetentionClass, day: Date) -> Option<Date> {
        let months = i32::try_from(self.months(class)).ok()?;
        day.add_months(months).ok()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    class: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    months: u32,
    source: String,
}

pub(super) fn read(rows: Rows) -> Result<Retention, String> {
    let mut months = BTreeMap::new();
    for row in rows.class {
        let name = &row.name;
        let class = RetentionClass::parse(name).ok_or(format!("there is no class {name}"))?;
        if !(1..=MAX_MONTHS).contains(&row.months) {
            return Err(format!("{name}: months must be 1 to {MAX_MONTHS}"));
        }
        if row.source.trim().is_empty() {
            return Err(format!("{name}: source must not be empty"));
        }
        if months.insert(class, row.months).is_some() {
            return Err(format!("{name} is there twice"));
        }
    }
    let mut classes = RetentionClass::ALL.iter();
    match classes.find(|class| !months.contains_key(class)) {
        Some(missing) => Err(format!("class {missing} is missing")),
        None => Ok(Retention { months }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(classes: &[(&str, u32)]) -> Rows {
        let row = |(name, months): &(&str, u32)| Row {
            name: (*name).to_owned(),
            months: *months,
            source: "test".to_owned(),
        };
        Rows {
            class: classes.iter().map(row).collect(),
        }
    }

    const ALL: [(&str, u32); 5] = [
        ("closing", 60),
        ("disclosure", 36),
        ("evidence", 36),
        ("application", 25),
        ("other", 1200),
    ];

    #[test]
    fn each_class_is_there_once() {
        let day = |text| Date::parse_iso(text).expect("a date");
        let table = read(rows(&ALL)).expect("whole");
        let until = |class, from| table.until(class, day(from));
        assert_eq!(
            until(RetentionClass::Application, "2026-11-21"),
            Some(day("2028-12-21"))
        );
        assert_eq!(
            until(RetentionClass::Closing, "2028-02-29"),
            Some(day("2033-02-28"))
        );
        assert_eq!(until(RetentionClass::Other, "2150-01-01"), None);
        let mut wrong = vec![ALL[..4].to_vec(), [&ALL[..], &ALL[..1]].concat()];
        for (name, months) in [("closing", 0), ("closing", 1201), ("closings", 60)] {
            let mut all = ALL;
            all[0] = (name, months);
            wrong.push(all.to_vec());
        }
        for classes in wrong {
            assert!(read(rows(&classes)).is_err(), "{classes:?}");
        }
    }

    #[test]
    fn the_regulations_least_times_are_kept() {
        let book = crate::RuleBook::embedded().expect("every file reads");
        let day = Date::parse_iso("2026-11-21").expect("a date");
        let table = &book.us.retention.on(day).expect("in force").rows;
        for (class, least) in [
            (RetentionClass::Closing, 60),
            (RetentionClass::Disclosure, 36),
            (RetentionClass::Evidence, 36),
            (RetentionClass::Application, 25),
            (RetentionClass::Other, 60),
        ] {
            assert!(table.months(class) >= least, "{class}");
        }
    }
}
