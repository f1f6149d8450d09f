//! `us/finance_charge.toml`: which closing charges are finance charges.

use std::collections::{BTreeMap, BTreeSet};

use lintel_domain::fee::{LeSection, engine_section};
use lintel_engine::us::finance_charge::{Condition, Row, Rule, Section, Table, WayOut};
use lintel_engine::us::points_and_fees::PointsKind;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    rule: Vec<RuleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    name: String,
    paragraph: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    out_when: Vec<Vec<String>>,
    #[serde(default)]
    excluded_reason: String,
    points_and_fees: String,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    types_in: BTreeMap<String, Vec<String>>,
}

pub(super) fn read(rows: Rows) -> Result<Table, String> {
    let mut table = Table::default();
    let mut seen = BTreeSet::new();
    for (index, entry) in rows.rule.into_iter().enumerate() {
        let name = entry.name.clone();
        read_rule(&mut table, &mut seen, index, entry)
            .map_err(|what| format!("rule {name}: {what}"))?;
    }
    Ok(table)
}

/// Types already given to a rule.
type Seen = BTreeSet<(String, Option<Section>)>;

fn read_rule(
    table: &mut Table,
    seen: &mut Seen,
    index: usize,
    entry: RuleEntry,
) -> Result<(), String> {
    let ways_out = entry.out_when.iter().map(|way| way_out(way));
    let ways_out = ways_out.collect::<Result<Vec<_>, String>>()?;
    let never_counts = ways_out.iter().any(|way| way.conditions.is_empty());
    if entry.reason.is_empty() && !never_counts {
        return Err("says no reason".to_owned());
    }
    if ways_out.is_empty() != entry.excluded_reason.is_empty() {
        return Err("out_when and excluded_reason go together".to_owned());
    }
    let points_and_fees = PointsKind::parse(&entry.points_and_fees)
        .map_err(|_| format!("unknown points_and_fees {}", entry.points_and_fees))?;
    let mut types: Vec<(String, Option<Section>)> =
        entry.types.into_iter().map(|t| (t, None)).collect();
    for (section, names) in entry.types_in {
        let known = LeSection::parse(&section).ok_or(format!("unknown section {section}"))?;
        let section = Some(engine_section(known));
        types.extend(names.into_iter().map(|t| (t, section)));
    }
    for (fee_type, section) in types {
        if !seen.insert((fee_type.clone(), section)) {
            return Err(format!("{fee_type} already follows a rule there"));
        }
        table.rows.push(Row {
            fee_type,
            section,
            rule: index,
            points_and_fees,
        });
    }
    table.rules.push(Rule {
        name: entry.name,
        ways_out,
        reason: entry.reason,
        excluded_reason: entry.excluded_reason,
        paragraph: entry.paragraph,
    });
    Ok(())
}

fn way_out(conditions: &[String]) -> Result<WayOut, String> {
    let conditions = conditions
        .iter()
        .map(|text| Condition::parse(text).map_err(|_| format!("unknown fact {text}")));
    Ok(WayOut {
        conditions: conditions.collect::<Result<_, String>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(text: &str) -> String {
        let rows: Rows = toml::from_str(text).unwrap();
        read(rows).unwrap_err()
    }

    #[test]
    fn slips_are_named() {
        let rule = |rest: &str| {
            format!(
                "[[rule]]\nname = \"r\"\nparagraph = \"p\"\nreason = \"w\"\n\
                 points_and_fees = \"never\"\n{rest}\n"
            )
        };
        let twice = rule("types = [\"A\", \"A\"]");
        assert!(slip(&twice).contains("A already follows"));
        let unknown = rule("out_when = [[\"blue\"]]\nexcluded_reason = \"x\"");
        assert!(slip(&unknown).contains("blue"));
        assert!(slip(&rule("types_in = { Z = [\"A\"] }")).contains("section Z"));
        assert!(slip(&rule("out_when = [[]]")).contains("excluded_reason"));
    }
}
