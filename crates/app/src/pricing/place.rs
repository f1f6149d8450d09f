//! What the law says about a place on a day, and the tables of that day.

use lintel_engine::date::Date;
use lintel_places::{CountyFips, Place, Zip};
use lintel_pricing::price::{AporTables, Rules};
use lintel_pricing::scenario::{PlaceFacts, StateCode};
use lintel_rule_book::{NotInForce, RuleBook};
use lintel_store::fault::Fault;

use crate::quote::not_in_force;

/// The facts of a place that prices depend on. Without a place only the national limits are known.
///
/// # Errors
/// When the table of limits has no edition in force on the day.
pub fn place_facts(
    rules: &RuleBook,
    day: Date,
    place: Option<&Place>,
) -> Result<PlaceFacts, Fault> {
    let (zip, state) = (place.map(|p| p.zip), place.map(|p| p.state));
    facts_of(rules, day, (zip, state, place.and_then(|p| p.county_fips)))
}

/// As [`place_facts`], from what is known one by one.
pub(crate) fn facts_of(
    rules: &RuleBook,
    day: Date,
    (zip, state, county): (Option<Zip>, Option<&str>, Option<CountyFips>),
) -> Result<PlaceFacts, Fault> {
    let fips = county.map(CountyFips::get);
    let limits = rules.conforming_limits(fips, state, day);
    let limits = limits.map_err(|e| not_in_force(&e))?;
    let fha = rules.fha_limits(fips, state, day);
    let fha = fha.map_err(|e| not_in_force(&e))?;
    Ok(PlaceFacts {
        zip,
        state: state.and_then(StateCode::parse),
        county,
        baseline_limits: limits.baseline,
        county_limits: limits.limit,
        has_county_list: limits.has_list,
        fha_limits: fha.limit,
    })
}

/// The tables prices of a day are made with. A table of average prime offer rates that is not
/// loaded, or has no week for the day, leaves "higher-priced" unsaid; any other missing table is a
/// fault.
///
/// # Errors
/// When one of the tables has no edition in force on the day.
pub fn price_rules(rules: &RuleBook, day: Date) -> Result<Rules<'_>, Fault> {
    let fault = |e: NotInForce| not_in_force(&e);
    let us = &rules.us;
    let fixed = us.apor_fixed.as_ref().and_then(|t| t.on(day).ok());
    let adjustable = us.apor_adjustable.as_ref().and_then(|t| t.on(day).ok());
    let apor = fixed.zip(adjustable).map(|(fixed, adjustable)| AporTables {
        fixed: &fixed.rows,
        adjustable: &adjustable.rows,
    });
    Ok(Rules {
        tables: rules.quote_tables(day).map_err(fault)?,
        indices: &us.arm_indices.on(day).map_err(fault)?.rows,
        apor,
        hpml: &us.price_spreads.on(day).map_err(fault)?.rows.hpml,
    })
}
