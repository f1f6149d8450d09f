//! Conditions: which products and which searches a row is for, and on which days.

use lintel_domain::scenario::Flag;
use lintel_engine::bands::Effective;
use lintel_engine::date::Date;
use lintel_places::{CountyFips, Zip};

use crate::scenario::StateCode;
use crate::when::{Days, Selector, When};

use super::finding::echo;
use super::number::Unit;
use super::out::Out;
use super::range::{write_band, write_count_band, write_open_step, write_step};
use super::row::Row;
use super::word::Word;

/// Highest ratio of a loan to a value, in percent, and highest debt to income.
const MAX_RATIO: i64 = 1_000;
/// Highest credit score a text may name.
pub(super) const MAX_SCORE: u32 = 999;
/// Longest term in months.
pub(super) const MAX_TERM_MONTHS: u32 = 600;
/// Longest term in years.
pub(super) const MAX_TERM_YEARS: u32 = 50;
/// Most criteria a condition has.
const MAX_CRITERIA: usize = 50;
/// Longest lock in days.
const MAX_LOCK: u32 = crate::catalogue::sheet::MAX_LOCK_DAYS;

/// Reads `products`: which products a row is for.
pub(super) fn read_selector(row: &Row<'_>, key: &'static str) -> Selector {
    let Some(table) = row.table(key) else {
        return Selector::default();
    };
    let months = Unit::Count(0, MAX_TERM_MONTHS);
    let years = Unit::Years(MAX_TERM_YEARS);
    let in_months = table.count_band("term_months", months);
    let in_years = table.count_band("term_years", years);
    if table.has("term_months") && table.has("term_years") {
        table.fault("term_years", "either term_months or term_years, not both");
    }
    let selector = Selector {
        codes: table.texts("codes"),
        programs: table.words("programs"),
        families: table.texts("families"),
        adjustable: table.truth("adjustable"),
        interest_only: table.truth("interest_only"),
        lender_paid_mi: table.truth("lender_paid_mi"),
        term_months: in_months.or(in_years),
    };
    table.finish();
    selector
}

/// Reads a table of conditions, such as `when` and `require`.
pub(super) fn read_when(row: &Row<'_>, key: &'static str) -> When {
    let Some(table) = row.table(key) else {
        return When::default();
    };
    let ratio = Unit::percent(MAX_RATIO);
    let when = When {
        purposes: table.words("purposes"),
        occupancies: table.words("occupancies"),
        property_kinds: table.words("property_kinds"),
        states: read_states(&table, "states"),
        not_states: read_states(&table, "not_states"),
        counties: read_counties(&table),
        zips: read_zips(&table),
        loan_amount: table.money_band("loan_amount"),
        limits: table.words("limits"),
        within_fha_limit: table.truth("within_fha_limit"),
        ltv: table.pct_band("ltv", ratio),
        cltv: table.pct_band("cltv", ratio),
        hcltv: table.pct_band("hcltv", ratio),
        score: table.open_step("score", MAX_SCORE),
        dti: table.pct_band("dti", ratio),
        units: table.step("units", 4),
        lock_days: table.count_band("lock_days", Unit::Count(0, MAX_LOCK)),
        homes_owned: table.step("homes_owned", 1_000),
        flags: read_flags(&table),
        employments: table.words("employments"),
        documentations: table.texts("documentations"),
        channels: table.texts("channels"),
        sub_channels: table.texts("sub_channels"),
        branches: table.texts("branches"),
        criteria: read_criteria(&table),
    };
    table.finish();
    when
}

/// Reads `from` and `to`.
pub(super) fn read_days(row: &Row<'_>) -> Days {
    let (from, to) = (row.day("from"), row.day("to"));
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        row.fault("to", format!("{to} is before {from}"));
    }
    // The first day there is says nothing.
    let from = from.filter(|from| *from != Date::FIRST);
    (from.is_some() || to.is_some()).then(|| Effective {
        from: from.unwrap_or(Date::FIRST),
        to,
    })
}

/// A state, district or territory there is.
pub(super) fn read_state(text: &str) -> Option<StateCode> {
    let state = StateCode::parse(text)?;
    lintel_places::state_index(state.as_str()).map(|_| state)
}

fn read_states(table: &Row<'_>, key: &'static str) -> Vec<StateCode> {
    let texts = table.texts(key);
    let states = texts.iter().filter_map(|text| {
        let state = read_state(text);
        if state.is_none() {
            table.fault(key, format!("{} is not a state", echo(text)));
        }
        state
    });
    states.collect()
}

fn read_counties(table: &Row<'_>) -> Vec<CountyFips> {
    let texts = table.texts("counties");
    let counties = texts.iter().filter_map(|text| {
        let county = CountyFips::parse(text);
        if county.is_none() {
            let what = "is not a county's FIPS code like 06059";
            table.fault("counties", format!("{} {what}", echo(text)));
        }
        county
    });
    counties.collect()
}

fn read_zips(table: &Row<'_>) -> Vec<(Zip, Zip)> {
    let texts = table.texts("zips");
    let zips = texts.iter().filter_map(|text| {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let five = |text: &str| Some(text).filter(|t| t.len() == 5).map(Zip::parse)?.ok();
        match (five(first), five(last)) {
            (Some(first), Some(last)) if first <= last => Some((first, last)),
            (Some(_), Some(_)) => {
                table.fault("zips", format!("{} is an empty range", echo(text)));
                None
            }
            _ => {
                let what = "is not a ZIP code like 92649 or a range like 90001..90099";
                table.fault("zips", format!("{} {what}", echo(text)));
                None
            }
        }
    });
    zips.collect()
}

fn read_flags(table: &Row<'_>) -> Vec<(Flag, bool)> {
    let Some(flags) = table.table("flags") else {
        return Vec::new();
    };
    let mut flags: Vec<(Flag, bool)> = flags.truths();
    flags.sort_unstable();
    if let Some(pair) = flags.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        table.fault("flags", format!("{} is there twice", pair[0].0));
    }
    flags
}

fn read_criteria(table: &Row<'_>) -> Vec<(String, Vec<String>)> {
    let Some(criteria) = table.table("criteria") else {
        return Vec::new();
    };
    let mut criteria = criteria.free_lists();
    if criteria.len() > MAX_CRITERIA {
        let what = format!("must be at most {MAX_CRITERIA}");
        table.fault("criteria", what);
    }
    criteria.sort_unstable();
    criteria
}

/// Writes a selector's fields under `key`.
pub(super) fn write_selector(out: &mut Out, key: &str, selector: &Selector) {
    out.texts(&format!("{key}.codes"), &selector.codes);
    out.words(&format!("{key}.programs"), &selector.programs);
    out.texts(&format!("{key}.families"), &selector.families);
    out.maybe(&format!("{key}.adjustable"), selector.adjustable);
    out.maybe(&format!("{key}.interest_only"), selector.interest_only);
    out.maybe(&format!("{key}.lender_paid_mi"), selector.lender_paid_mi);
    let term = selector.term_months.as_ref().and_then(write_count_band);
    out.maybe(&format!("{key}.term_months"), term);
}

/// Writes the conditions that are given under `key`.
pub(super) fn write_when(out: &mut Out, key: &str, when: &When) {
    let at = |name: &str| format!("{key}.{name}");
    out.words(&at("purposes"), &when.purposes);
    out.words(&at("occupancies"), &when.occupancies);
    out.words(&at("property_kinds"), &when.property_kinds);
    out.texts(&at("states"), &when.states);
    out.texts(&at("not_states"), &when.not_states);
    out.texts(&at("counties"), &when.counties);
    let zips = when.zips.iter().map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}..{last}")
        }
    });
    out.texts(&at("zips"), &zips.collect::<Vec<_>>());
    let amount = when.loan_amount.as_ref().and_then(write_band);
    out.maybe(&at("loan_amount"), amount);
    out.words(&at("limits"), &when.limits);
    out.maybe(&at("within_fha_limit"), when.within_fha_limit);
    out.maybe(&at("ltv"), when.ltv.as_ref().and_then(write_band));
    out.maybe(&at("cltv"), when.cltv.as_ref().and_then(write_band));
    out.maybe(&at("hcltv"), when.hcltv.as_ref().and_then(write_band));
    out.maybe(&at("score"), when.score.as_ref().and_then(write_open_step));
    out.maybe(&at("dti"), when.dti.as_ref().and_then(write_band));
    out.maybe(&at("units"), when.units.as_ref().and_then(write_step));
    let lock = when.lock_days.as_ref().and_then(write_count_band);
    out.maybe(&at("lock_days"), lock);
    let homes = when.homes_owned.as_ref().and_then(write_step);
    out.maybe(&at("homes_owned"), homes);
    for (flag, truth) in &when.flags {
        out.maybe(&at(&format!("flags.{}", flag.spelling())), Some(truth));
    }
    out.words(&at("employments"), &when.employments);
    out.texts(&at("documentations"), &when.documentations);
    out.texts(&at("channels"), &when.channels);
    out.texts(&at("sub_channels"), &when.sub_channels);
    out.texts(&at("branches"), &when.branches);
    for (name, values) in &when.criteria {
        out.texts(&at(&format!("criteria.{}", Out::key(name))), values);
    }
}

/// Writes `from` and `to`.
pub(super) fn write_days(out: &mut Out, days: &Days) {
    let from = days
        .map(|days| days.from)
        .filter(|from| *from != Date::FIRST);
    out.maybe("from", from.map(|day| Out::quoted(&day.to_string())));
    let to = days.and_then(|days| days.to);
    out.maybe("to", to.map(|day| Out::quoted(&day.to_string())));
}

/// A term in months or years, one of both keys, when given.
pub(super) fn read_term(
    row: &Row<'_>,
    (months, years): (&'static str, &'static str),
    least: u32,
) -> Option<u32> {
    let in_months = row.count(months, least, MAX_TERM_MONTHS);
    let in_years = row.number(years, Unit::Years(MAX_TERM_YEARS));
    if row.has(months) && row.has(years) {
        row.fault(years, format!("either {months} or {years}, not both"));
    }
    let in_years = in_years.and_then(|value| u32::try_from(value).ok());
    if in_years.is_some_and(|value| value < least) {
        row.fault(years, format!("must be at least {least} months"));
    }
    in_months.or(in_years)
}
